"""Renders the picture of the README from a real session of `perilune start` with tools/screenshot.lua.

Needs git and the packages of ./run-tests. Writes docs/perilune.svg.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from e2e.session import PERILUNE, Session, plain_env  # noqa: E402 - the driver lives beside the tests
from perilune.base.input import Modifiers  # noqa: E402
from perilune.cells.buffer import CellBuffer  # noqa: E402
from perilune.cells.tables import CellTables  # noqa: E402
from perilune.render.frame import FrameCursor  # noqa: E402
from perilune.render.svg import svg_of  # noqa: E402

COLS, ROWS = 108, 28
DEMO = r"""
printf '\033[1;35mPerilune\033[0m draws \033[3mitalic\033[0m, \033[1mbold\033[0m, \033[4:3mcurly\033[0m,\n'
printf '\033[38;2;255;170;60m24-bit\033[0m, wide \033[36m月の裏側\033[0m and \033[7mreverse\033[0m.\n\n'
i=0
while [ $i -lt 44 ]; do
 printf '\033[48;2;%d;%d;%dm \033[0m' $((30+i*5)) $((60+i*2)) $((220-i*4))
 i=$((i+1))
done
printf '\n\n'
"""


def capture(session: Session) -> str:
    """The terminal's visible screen as SVG."""
    terminal = session.terminal
    buffer = CellBuffer(COLS, ROWS, CellTables())
    terminal.render_rows(buffer, 0, 0, ROWS, COLS)
    place = terminal.cursor
    cursor = FrameCursor(place.row, place.col, place.shape) if place.visible else None
    return svg_of(
        buffer,
        cursor,
        background=(0x1E, 0x1E, 0x2E),
        label="Perilune in a terminal: a tab bar drawn by Lua, three panes, a status",
    )


def main() -> None:
    """Drive the session and write the picture."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "demo.sh").write_text(DEMO)
        (home / ".profile").write_text("PS1='\\[\\e[32m\\]~\\[\\e[0m\\] $ '\n")
        env = plain_env(home, SHELL="/bin/bash", LESS="", PAGER="cat", GIT_PAGER="cat")
        config = str(ROOT / "tools" / "screenshot.lua")
        command = [*PERILUNE, "--config-file", config]
        with Session(command, cols=COLS, rows=ROWS, env=env, cwd=home) as session:
            session.wait_text("$")
            session.send("clear; . ~/demo.sh\r")
            session.wait_text("reverse")
            session.key("r", Modifiers.ALT)
            session.wait_text("│")
            session.wait_for(lambda: session.terminal.cursor.col > COLS // 2, "the right pane")
            session.send(
                f"clear; git -C {ROOT} log --color --format='%C(yellow)%h%Creset %s' -12 | cut -c1-60\r"
            )
            session.wait_for(lambda: session.terminal.cursor.row > 8, "the log")
            session.key("d", Modifiers.ALT)
            session.wait_text("─")
            session.send(
                "clear; perilune show-keys --key-table fallback_leader | head -8\r".replace(
                    "perilune", " ".join(PERILUNE)
                )
            )
            session.wait_for(lambda: session.terminal.cursor.row > ROWS - 6, "the key list")
            for title in ("logs", "notes"):
                session.key("t", Modifiers.CTRL | Modifiers.SHIFT)
                session.wait_text(f"{2 if title == 'logs' else 3} ")
                session.wait_for(lambda: session.terminal.cursor.col > 0, "a prompt")
            session.click(0, 3)
            session.wait_text("reverse")
            while select.select([session.master], [], [], 0.3)[0]:  # until the whole frame has arrived
                session.pump()
            picture = capture(session)
    (ROOT / "docs" / "perilune.svg").write_text(picture, encoding="utf-8")
    print(f"docs/perilune.svg: {len(picture)} bytes")


if __name__ == "__main__":
    os.environ.pop("TMUX", None)
    main()
    subprocess.run(["git", "-C", str(ROOT), "status", "--short", "docs"], check=True)
