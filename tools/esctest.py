"""Runs esctest2, somebody else's conformance suite, inside a terminal of ours through a pty.

esctest2 is GPL: it is fetched, run and never copied into this repository.

    git clone https://github.com/ThomasDickey/esctest2 /tmp/esctest2
    python tools/esctest.py /tmp/esctest2 [--include REGEX] [--permit]

Without `--permit` the terminal is as a pane has it. With it, what only a configuration may allow is allowed:
programs change the size and read titles. docs/terminal.md names what fails, and why.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import struct
import sys
import tempfile
import termios
from pathlib import Path

from perilune.vt import Terminal, TerminalSettings
from perilune.vt.settings import ColorTable

COLS, ROWS = 80, 25
# Any colours will do: the suite sets them and reads them back.
PALETTE = tuple((index, index, index) for index in range(256))


def settings(*, permit: bool) -> TerminalSettings:
    """What the terminal under test is told."""
    values: dict[str, object] = {
        "colors": ColorTable(PALETTE, (0, 0, 0), (255, 255, 255), (0, 0, 0)),
        "cell_width_px": 8,
        "cell_height_px": 16,
    }
    if permit:
        values |= {"allow_size_changes": True, "enable_title_reporting": True}
    return TerminalSettings(**values)  # type: ignore[arg-type]


def run(suite: Path, include: str, *, permit: bool, timeout: float) -> str:
    """Run the suite to its end; returns its log."""
    log = tempfile.NamedTemporaryFile(prefix="esctest", suffix=".log")  # noqa: SIM115 - closed below
    terminal = Terminal(COLS, ROWS, settings=settings(permit=permit))
    # XTCHECKSUM: the suite reads characters out of checksums, so attributes must not count.
    terminal.feed(b"\x1b[2#y")
    pid, master = os.forkpty()
    if pid == 0:
        os.chdir(suite / "esctest")
        arguments = [
            "--expected-terminal=xterm",
            "--max-vt-level=5",
            f"--logfile={log.name}",
            "--no-print-logs",
        ]
        # The version of xterm whose checksums and reverse wrap are ours; see docs/terminal.md.
        arguments += ["--xterm-reverse-wrap=383", f"--include={include}", f"--timeout={timeout}"]
        arguments += ["--options", "allowC2Controls", *(["xtermWinopsEnabled"] if permit else [])]
        os.execv(sys.executable, [sys.executable, "esctest.py", *arguments])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLS, 0, 0))
    while True:
        try:
            data = os.read(master, 65536)
        except OSError:
            break
        if not data:
            break
        terminal.feed(data)
        terminal.take_events()
        reply = terminal.take_output()
        while reply:
            reply = reply[os.write(master, reply) :]
    os.waitpid(pid, 0)
    os.close(master)
    if terminal.failure is not None:
        print(f"the terminal failed: {terminal.failure!r}", file=sys.stderr)
    with log:
        return Path(log.name).read_text(errors="replace")


def main() -> None:
    """Run, and print what failed and how many passed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("suite", type=Path, help="a checkout of esctest2")
    parser.add_argument("--include", default=".*", help="a regular expression of test names")
    parser.add_argument("--permit", action="store_true", help="allow size changes and title reports")
    parser.add_argument("--timeout", type=float, default=0.3, help="seconds to wait for each reply")
    parser.add_argument("--log", type=Path, help="keep the suite's log here")
    options = parser.parse_args()
    text = run(options.suite, options.include, permit=options.permit, timeout=options.timeout)
    if options.log:
        options.log.write_text(text)
    blocks = re.split(r"^Run test: ", text, flags=re.MULTILINE)[1:]
    outcomes = {"passed": 0, "known": 0, "failed": 0}
    for block in blocks:
        name = block.split("\n", 1)[0]
        if "\nPassed." in block:
            outcomes["passed"] += 1
        elif " FAILED:" in block:
            outcomes["failed"] += 1
            reason = [
                line for line in block.strip().splitlines() if line and not line.startswith(("  ", "***"))
            ]
            shown = next(
                (
                    line
                    for line in reversed(reason)
                    if "Error" in line or "Exception" in line or "esctypes" in line
                ),
                "",
            )
            print(f"failed {name}: {shown[:150]}")
        else:
            outcomes["known"] += 1
    print(f"{len(blocks)} run: " + ", ".join(f"{count} {name}" for name, count in outcomes.items()))


if __name__ == "__main__":
    main()
