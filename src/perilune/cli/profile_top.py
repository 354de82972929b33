"""Watch a running instance: how long frames take and on what, which callbacks run, how often, and why.

Keys: q ends it; c, u, m, h, n sort by calls, time, time per call, hit rate and name; blank refreshes. The
figures are those of the last ten seconds, and begin when the watching does.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from typing import TYPE_CHECKING

from perilune.cli.profile_input import add_pid, positive

if TYPE_CHECKING:
    from perilune.cli.instances import Instance
    from perilune.tui.plain_screen import PlainScreen

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "watch a running instance's frames and callbacks"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_pid(parser)
    parser.add_argument(
        "--interval", type=positive, default=1.0, metavar="S", help="seconds between two looks (default 1)"
    )
    parser.add_argument(
        "--sort", choices=("calls", "us", "us_per_call", "hit_rate", "callback"), default="us",
        help="what callbacks are sorted by (default: us)",
    )  # fmt: skip
    parser.add_argument("--once", action="store_true", help="look once, after one interval, and end")
    parser.add_argument("--json", action="store_true", help="print each look as an object on a line")


def run(arguments: argparse.Namespace) -> int:
    """Watch.

    Returns:
        The exit status: 0; 1 if there is no instance, or it has ended; 2 without a terminal to draw in.
    """
    from perilune.cli.instances import InstanceError, choose  # noqa: PLC0415 - not for --help

    try:
        instance = choose(os.environ, arguments.pid)
        try:
            return _watch(instance, arguments)
        finally:
            instance.close()
    except InstanceError as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 0


def _watch(instance: Instance, arguments: argparse.Namespace) -> int:
    if arguments.json or arguments.once:
        return _print(instance, arguments)
    from perilune.tui.plain_screen import PlainScreen, is_usable  # noqa: PLC0415 - only on a terminal

    if not is_usable():
        print("perilune: this is no terminal to draw in; there are --once and --json", file=sys.stderr)
        return 2
    with PlainScreen() as screen:
        _show(instance, arguments, screen)
    return 0


def _show(instance: Instance, arguments: argparse.Namespace, screen: PlainScreen) -> None:
    from perilune.cli.profile_top_view import SORTS, page  # noqa: PLC0415 - as above

    sort = arguments.sort
    colour = not os.environ.get("NO_COLOR")
    title = f"perilune {instance.pid}"
    figures = instance.ask("figures")
    due = time.monotonic() + arguments.interval
    while True:
        cols, rows = screen.size
        screen.show(page(figures, cols, rows, sort, title=title, colour=colour))
        keys = screen.key(due - time.monotonic())
        for key in keys:
            if key in "qQ\x03\x04":
                return
            sort = SORTS.get(key, sort)
        if " " in keys or time.monotonic() >= due:
            figures = instance.ask("figures")
            due = time.monotonic() + arguments.interval


def _print(instance: Instance, arguments: argparse.Namespace) -> int:
    import json  # noqa: PLC0415 - only here
    import shutil  # noqa: PLC0415

    from perilune.cli.profile_top_view import page  # noqa: PLC0415 - as above

    instance.ask("figures")  # watching begins
    while True:
        time.sleep(arguments.interval)
        figures = instance.ask("figures")
        if arguments.json:
            figures = {"pid": instance.pid, "time": round(time.time(), 3), **figures}
            del figures["perilune"], figures["ok"]
            print(json.dumps(figures, ensure_ascii=False), flush=True)
        else:
            cols, _ = shutil.get_terminal_size((100, 24))
            title = f"perilune {instance.pid}"
            lines = page(figures, cols, 10_000, arguments.sort, title=title, colour=False)
            print("\n".join(lines[:-1]), flush=True)
        if arguments.once:
            return 0
