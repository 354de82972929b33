# ruff: noqa: T201
"""Records what a real program writes: `record.py CASE COLS ROWS KEYS PROGRAM [ARGS...]`.

KEYS is a Python string literal; `|` in it waits until the program has been quiet for a while. Everything that the
program wrote before it ended goes to `CASE/input`. Queries are answered by our terminal while recording.
"""

from __future__ import annotations

import ast
import fcntl
import os
import pty
import select
import struct
import sys
import termios
from pathlib import Path

from perilune.vt import Terminal

QUIET_S = 0.6


def main() -> None:
    """Record one case."""
    case, cols, rows, keys, *command = sys.argv[1:]
    child, master = pty.fork()
    if child == 0:
        os.environ.clear()
        os.environ.update(
            {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"}
            | {"COLORTERM": "truecolor", "PS1": "$ "}
        )
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(cols), 0, 0))
        os.execvp(command[0], command)
    terminal = Terminal(int(cols), int(rows))
    recorded = b""
    for part in [*ast.literal_eval(keys).split("|"), None]:
        while select.select([master], [], [], QUIET_S)[0]:
            try:
                data = os.read(master, 65536)
            except OSError:
                data = b""
            if not data:
                break
            recorded += data
            terminal.feed(data)
            os.write(master, terminal.take_output())
        if part:
            os.write(master, part.encode())
    os.kill(child, 9)
    os.waitpid(child, 0)
    folder = Path(__file__).parent / case
    folder.mkdir(exist_ok=True)
    (folder / "input").write_bytes(recorded)
    (folder / "case.toml").write_text(f"cols = {cols}\nrows = {rows}\nscrollback = 100\n")
    print("\n".join(terminal.text()))


if __name__ == "__main__":
    main()
