"""Feeds the terminal core mutated recordings and made-up streams, with resizes, resets and looks in between.

    PERILUNE_BOUNDSCHECK=1 python setup.py build_ext --inplace --force
    python tools/fuzz_vt.py --megabytes 500 [--seed N]

Every run is a function of its seed, and a failure names the seed and the step. An index out of bounds in the
compiled core cannot raise through code without the GIL: Python reports it as unraisable, which counts as a
failure here. Some inputs are fed twice, in other pieces, and must give the same grid.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.vt import Terminal, TerminalSettings
from perilune.vt.settings import ColorTable

RECORDINGS = Path(__file__).parents[1] / "tests" / "golden" / "vt"
COLORS = ColorTable(((1, 2, 3),) * 256, (255, 255, 255), (0, 0, 0), (9, 9, 9))
SETTINGS = (
    TerminalSettings(colors=COLORS, cell_width_px=8, cell_height_px=16),
    TerminalSettings(unicode_version=9, ambiguous_is_wide=True, string_limit=300),
    TerminalSettings(allow_size_changes=True, enable_title_reporting=True, enq_answerback="me"),
)
PIECES = (
    *(
        "\x1b[",
        "\x1b]",
        "\x1bP",
        "\x1b_",
        "\x1b\\",
        "\x07",
        "\x18",
        "\x1b",
        ";",
        ":",
        "?",
        "65535",
        "$",
        "*",
        " ",
    ),
    *(
        "\x1b[?1049h",
        "\x1b[?1049l",
        "\x1b[?69h",
        "\x1b[3;7s",
        "\x1b[2;4r",
        "\x1b[?6h",
        "\x1b[4h",
        "\x1b[?45h",
    ),
    *(
        "\x1b[?7l",
        "\x1b[?2026h",
        "\x1b[99999b",
        '\x1b[1"q',
        "\x1bV",
        "\x1b[2J",
        "\x1b[3J",
        "\x1bc",
        "\x1b#8",
        "!p",
    ),
    *(
        "漢字",
        "e\u0301",
        "👩\u200d🚀",
        "🇩🇪",
        "☺\ufe0f",
        "\ufe0f",
        "\u200d",
        "\t",
        "\b",
        "\r\n",
        "\n" * 9,
        "x" * 90,
    ),
    *(
        "\x1b[1;1;9;9;1;3;3$v",
        "\x1b[42;2;2;8;8$x",
        "\x1b[1;1;3;9;1;7$r",
        "\x1b[9;9;1;1$z",
        "\x1b[1;1;1;99;99*y",
    ),
    *(
        "\x1b]8;;http://x\x1b\\",
        "\x1b]8;;\x07",
        "\x1b]133;A\x07",
        "\x1b]133;C\x07",
        "\x1b]4;1;?\x07",
        "\x1b[6n",
    ),
    *(
        "\x1b[?3h",
        "\x1b[8;7;9t",
        "\x1b G",
        "\u0085",
        "\x1b_Ga=T,f=24,s=1,v=1;AAAA\x1b\\",
        "\x1bPq#0~-~\x1b\\",
    ),
    *(
        "\x1b_Ga=T,i=7,p=2,c=3,r=2,f=24,s=1,v=1,U=1;AAAA\x1b\\",
        "\x1b_Ga=p,i=7,p=1,c=40,r=9,C=1\x1b\\",
        "\x1b_Ga=f,i=7,r=1,f=24,s=1,v=1;AAAA\x1b\\",
        "\x1b_Ga=t,i=7,m=1,f=32,s=2,v=2;AAAA\x1b\\",
        "\x1b_Gm=0;AAAAAAAAAAAAAAAA\x1b\\",
        "\x1b_Ga=d\x1b\\",
        "\x1b_Ga=d,d=I,i=7\x1b\\",
        "\x1b[38;5;7m\U0010eeee\u0305\u0305",
    ),
    *(
        '\x1bP0;1q"1;1;9;9#1;2;100;0;0#1!99999~$-?\x1b\\',
        "\x1b]1337;File=inline=1;width=9:R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=\x07",
        "\x1b[?2048h",
        "\x1b[?2031h",
        "\x1b[>31u",
        "\x1b[<9u",
        "\x1b[22t",
        "\x1b[23t",
        "\x1b]133;D;1\x07",
        "\x1b]1337;SetMark\x07",
    ),
    *(
        "\x1b[?2026l\x1b[?2026h",
        "\x1b_Ga=p,i=7,p=5,P=7,Q=1,H=-3,V=2\x1b\\",
        "\x1b_Ga=p,i=7,p=1,P=7,Q=5\x1b\\",
        "\x1b_Ga=q,i=1,t=f;L25vbmU=\x1b\\",
        "\x1b_Ga=q,i=1,t=s,S=9,O=9;bm9uZQ==\x1b\\",
        "\x1b(K[]",
        "\x1b-A\x0e",
        "\x1b(%6",
        "\x1bN",
        "\x1b[#P",
        "\x1b[9#P",
        "\x1b[#Q",
        "\x1b[#R",
        "\x1b]99;i=1:d=0;x\x07",
        "\x1b]2;x\u009c",
        "\x1b[?80h",
        "\x1b[?8452h",
        "\x1b[1$w",
        "\x1bP1$t1;1;1;@;@;@;0;2;B;BA%6B\x1b\\",
        "\x1b[9e\x1b[9a",
        "\x1b[?2l",
        "\x1bY",
        "\x1b<",
    ),
)


class FuzzError(Exception):
    """What went wrong, with what it takes to see it again."""


def recordings() -> list[bytes]:
    """The inputs of the golden recordings."""
    return [path.read_bytes() for path in sorted(RECORDINGS.glob("*/input"))]


def mutated(rng: random.Random, seeds: list[bytes]) -> bytes:
    """A piece of a recording with something broken in it, or a stream of control functions."""
    if not seeds or rng.random() < 0.4:
        return "".join(rng.choices(PIECES, k=rng.randrange(1, 60))).encode()
    source = rng.choice(seeds)
    start = rng.randrange(len(source))
    data = bytearray(source[start : start + rng.randrange(1, 4000)])
    for _ in range(rng.randrange(8)):
        at = rng.randrange(len(data) + 1)
        how = rng.randrange(5)
        if how == 0:
            data[at : at + 1] = bytes([rng.randrange(256)])
        elif how == 1:
            del data[at : at + rng.randrange(1, 20)]
        elif how == 2:
            data[at:at] = rng.choice(PIECES).encode()
        elif how == 3:
            data[at:at] = data[at : at + rng.randrange(1, 200)] * rng.randrange(1, 4)
        else:
            data[at:at] = b"%d" % rng.choice((0, 1, 2, 3, 79, 80, 255, 65535, 99999999999))
    return bytes(data)


def check(terminal: Terminal) -> str:
    """What holds after any input; returns what does not."""
    if terminal.failure is not None:
        return f"a control function failed: {terminal.failure!r}"
    cursor = terminal.cursor
    if not (0 <= cursor.row < terminal.rows and 0 <= cursor.col < terminal.cols):
        return f"the cursor is outside: {cursor}"
    if terminal.scrollback_rows != terminal.stable_top - terminal.first_stable:
        return "rows and their numbers disagree"
    bottom = terminal.stable_top + terminal.rows
    for stable in sorted({terminal.first_stable, *range(max(0, terminal.stable_top - 1), bottom)}):
        widths = [cell.width for cell in terminal.cells_of_row(stable)]
        if not widths and stable < terminal.first_stable:
            continue
        if len(widths) != terminal.cols:
            return f"row {stable} has {len(widths)} cells"
        for left, right in itertools.pairwise([1, *widths, 1]):
            if (left == 2) != (right == 0):
                return f"half a wide character in row {stable}: {widths}"
    return ""


def shown(terminal: Terminal) -> list[object]:
    """What two terminals that were fed the same must have in common."""
    rows = range(terminal.first_stable, terminal.stable_top + terminal.rows)
    return [
        terminal.cols,
        terminal.rows,
        [terminal.cells_of_row(row) for row in rows[-2 * terminal.rows :]],
        terminal.cursor,
        terminal.modes,
        terminal.first_stable,
        terminal.stable_top,
        terminal.take_output(),
    ]


class Unraisable:
    """Collects what Python could not raise."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        self._before = sys.unraisablehook
        sys.unraisablehook = lambda problem: self.seen.append(f"{problem.exc_value!r} in {problem.object!r}")
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _value: BaseException | None, _trace: TracebackType | None
    ) -> None:
        sys.unraisablehook = self._before


def session(seed: int, seeds: list[bytes], steps: int, looks: float = 1.0) -> int:
    """One terminal's life, looked at after some of the steps; returns the bytes fed. Raises `FuzzError`."""
    rng = random.Random(seed)
    settings = rng.choice(SETTINGS)
    sizes: list[Callable[[], int]] = [lambda: rng.randrange(1, 5), lambda: rng.randrange(1, 100)]
    cols, rows = rng.choice(sizes)(), rng.choice(sizes)() // 2 + 1
    scrollback = rng.choice((0, 1, 3, 20, 500))
    terminal = Terminal(cols, rows, scrollback=scrollback, settings=settings)
    twin = Terminal(cols, rows, scrollback=scrollback, settings=settings) if rng.random() < 0.2 else None
    fed = 0
    for step in range(steps):
        data = mutated(rng, seeds)
        fed += len(data)
        change: Callable[[Terminal], None] = Terminal.end_synchronized if rng.random() < 0.5 else _leave
        if rng.random() < 0.05:
            change = Terminal.reset
        elif rng.random() < 0.3:
            cols, rows = rng.choice(sizes)(), rng.choice(sizes)() // 2 + 1
            change = functools.partial(_resize, cols=cols, rows=rows)
        with Unraisable() as unraisable:
            problem = _step(rng, terminal, twin, data, change, look=rng.random() < looks)
        if problem or unraisable.seen:
            raise FuzzError(f"seed {seed}, step {step}: {problem or unraisable.seen[0]}")
    return fed


def _leave(_terminal: Terminal) -> None:
    """Change nothing."""


def _resize(terminal: Terminal, cols: int, rows: int) -> None:
    terminal.resize(cols, rows)


def _step(
    rng: random.Random,
    terminal: Terminal,
    twin: Terminal | None,
    data: bytes,
    change: Callable[[Terminal], None],
    *,
    look: bool,
) -> str:
    """Feed and look; returns what is wrong."""
    terminal.feed(data)
    change(terminal)
    problem = check(terminal) if look else ""
    if twin is not None:
        cut = 0
        while cut < len(data):
            count = rng.randrange(1, 40)
            twin.feed(data[cut : cut + count])
            cut += count
        change(twin)
        if look and not problem and shown(terminal) != shown(twin):
            problem = "the same bytes in other pieces gave another grid"
        twin.take_output()
        twin.take_events()
    if rng.random() < 0.1:
        terminal.logical_lines()
        terminal.prompt_rows()
        terminal.images()
    if rng.random() < 0.2:
        # As a frame does; an update that stays open is made to keep its picture.
        if terminal.is_synchronized:
            terminal.finished_update()
            terminal.feed(b"\x1b[?2026l\x1b[?2026h")
            if twin is not None:
                twin.feed(b"\x1b[?2026l\x1b[?2026h")
        buffer = CellBuffer(terminal.cols + 1, terminal.rows, CellTables())
        terminal.render_rows(buffer, 0, 0, terminal.rows, terminal.cols)
        if not problem and terminal.frame_cursor.row >= terminal.rows:
            problem = "the cursor of a frame is outside"
    terminal.take_events()
    terminal.take_output()
    return problem


def main() -> None:
    """Run until enough was fed, or something fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--megabytes", type=float, default=5)
    parser.add_argument("--seed", type=int, default=0, help="of the first session")
    parser.add_argument("--steps", type=int, default=40, help="of each session")
    parser.add_argument(
        "--looks", type=float, default=0.05, help="share of the steps after which the grid is looked at"
    )
    options = parser.parse_args()
    seeds, fed, seed = recordings(), 0, options.seed
    while fed < options.megabytes * 1e6:
        fed += session(seed, seeds, options.steps, options.looks)
        seed += 1
    print(f"{seed - options.seed} sessions, {fed / 1e6:.1f} MB, nothing failed")


if __name__ == "__main__":
    main()
