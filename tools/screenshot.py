"""Renders the picture of the README with `perilune screenshot` and the config tools/screenshot.lua.

Needs git. Writes docs/perilune.png, in the embedded face only: the same on every machine.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLS, ROWS, SCALE = 96, 24, 1.5
DEMO = r"""
printf '\033]2;shell\007'
printf '\033[1;35mPerilune\033[m draws \033[3mitalic\033[m, \033[1mbold\033[m, \033[4:3;58:5:1mcurly\033[m,\n'
printf '\033[38;2;255;170;60m24-bit\033[m, \033[9mstruck\033[m, \033[7mreverse\033[m, -> => != >=\n'
printf '\360\237\232\200 \360\237\214\222 \033[32m\352\231\256\033[m \316\261\316\262\316\263 \320\226 '
printf '\033[30;44m main \033[34;42m\356\202\260\033[30m ok \033[32;49m\356\202\260\033[m\n\n'
i=0
while [ $i -lt 44 ]; do
 printf '\033[48;2;%d;%d;%dm \033[m' $((30+i*5)) $((60+i*2)) $((220-i*4))
 i=$((i+1))
done
printf '\n\n\033[32m~\033[m $ '
exec sleep 60
"""
LOG = r"""
printf '\033]2;log\007'
git -C '{root}' log --color --format='%C(yellow)%h%Creset %s' -8 | cut -c1-44
exec sleep 60
"""
BOXES = r"""
printf '\033]2;boxes\007'
printf '\033[36m┌───────┬───────┐  ╭───────╮  ╔═══╦═══╗\n'
printf '│ \033[33mcells\033[36m │ \033[33mrows\033[36m  │  │ \033[35mround\033[36m │  ║   ║   ║\n'
printf '├───────┼───────┤  ╰───────╯  ╠═══╬═══╣\n'
printf '│ 12000 │ 60    │  ┏━━━┳━━━┓  ║   ║   ║\n'
printf '└───────┴───────┘  ┗━━━┻━━━┛  ╚═══╩═══╝\033[m\n'
printf '\033[34m▁▂▃▄▅▆▇█\033[m ░▒▓ ▖▗▘▙▚▛▜▝ ⠁⠃⠇⡇⣇⣧⣷⣿ 🬀🬁🬂🬃🬄🬅'
exec sleep 60
"""


def main() -> int:
    """Take the picture; the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        scripts = {"DEMO": DEMO, "LOG": LOG.format(root=ROOT), "BOXES": BOXES}
        for name, text in scripts.items():
            (home / name).write_text(text, encoding="utf-8")
        env = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        env |= {f"PICTURE_{name}": str(home / name) for name in scripts}
        env |= {"HOME": folder, "SHELL": "/bin/sh", "LANG": "C.UTF-8", "GIT_PAGER": "cat"}
        command = [
            sys.executable, "-m", "perilune", "screenshot", "--renderer", "software",
            "--config-file", str(ROOT / "tools" / "screenshot.lua"),
            "--cols", str(COLS), "--rows", str(ROWS), "--scale", str(SCALE),
            "-o", str(ROOT / "docs" / "perilune.png"), "--", "sh", str(home / "DEMO"),
        ]  # fmt: skip
        return subprocess.run(command, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
