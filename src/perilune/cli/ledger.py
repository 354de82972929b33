"""Show why a config's title callbacks run: play a little of a session to them, and print the ledger.

The tabs are made up; nothing is started. Each step of the session (a frame again, the pointer over the bar,
another width, a new title, another active tab, a second and a minute of time) is followed by the runs that it
caused. A step without runs cost no call of Lua.

What a callback is ("pure", "opaque", "stateful"), which arguments it uses, and why, stands at the top. In a
running program the ledger is in the debug overlay, and in Lua `wezterm.perilune.ledger()` returns it.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from perilune.base import log

if TYPE_CHECKING:
    from perilune.app.ledger import LedgerRow
    from perilune.testing.tab_bar_harness import TabBarHarness

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "show why title callbacks run"
_PROGRAMS = ("zsh", "vim", "make", "htop", "ssh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `ledger`."""
    parser.add_argument("--tabs", type=int, default=3, metavar="N", help="how many tabs (default 3)")
    parser.add_argument("--cols", type=int, default=80, metavar="N", help="the window's columns (default 80)")
    parser.add_argument(
        "--verify", action="store_true", help="compare every frame with one that calls every callback anew"
    )
    parser.add_argument("--json", action="store_true", help="print one object")


def run(arguments: argparse.Namespace) -> int:
    """Play and print.

    Returns:
        The exit status: 0; 1 when the config does not load, or differs under --verify; 2 for bad arguments.
    """
    from perilune.config.discovery import find_config  # noqa: PLC0415 - not for --help
    from perilune.config.problems import ConfigError  # noqa: PLC0415
    from perilune.testing.tab_bar_harness import (  # noqa: PLC0415 - imports Lua
        BarConfigError,
        CallbackDifferenceError,
        TabBarHarness,
    )

    if arguments.tabs < 1 or arguments.cols < 1:
        print("perilune: --tabs and --cols are at least 1", file=sys.stderr)
        return 2
    if arguments.config:
        print("perilune: --config does not go with ledger; put it into a file", file=sys.stderr)
        return 2
    try:
        log.configure(None, arguments.log_file)
        source = find_config(
            arguments.config_file, skip=arguments.skip_config, env=os.environ, home=Path.home()
        )
    except (ValueError, OSError, ConfigError) as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 2
    tabs = [_tab(number) for number in range(arguments.tabs)]
    try:
        with TabBarHarness(None if source is None else source.path, cols=arguments.cols, tabs=tabs) as bar:
            bar.verify = arguments.verify
            steps = [(name, _play(bar, act)) for name, act in _session(bar, arguments.cols)]
            callbacks = dict(_callbacks(bar))
            calls, verified = bar.stats.lua_calls, bar.stats.titles_verified
    except BarConfigError as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 1
    except CallbackDifferenceError as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        import json  # noqa: PLC0415 - only here

        document = {
            "callbacks": callbacks,
            "lua_calls": calls,
            **({"titles_verified": verified, "titles_differing": 0} if arguments.verify else {}),
            "steps": [{"step": name, "runs": [row.as_dict() for row in rows]} for name, rows in steps],
        }
        print(json.dumps(document, indent=1, ensure_ascii=False))
    else:
        _print(callbacks, steps, calls)
        if arguments.verify:
            print(
                f"verified: {verified} titles compared with ones made anew, none differed"
                if verified
                else "verified: nothing, for there is no title callback that is pure"
            )
    return 0


def _tab(number: int) -> dict[str, Any]:
    program = _PROGRAMS[number % len(_PROGRAMS)]
    return {
        "title": program,
        "active": number == 0,
        "foreground_process_name": f"/usr/bin/{program}",
        "current_working_dir": f"/home/user/project{number}",
        "tty_name": f"/dev/pts/{number}",
    }


def _session(bar: TabBarHarness, cols: int) -> Iterator[tuple[str, Callable[[], None]]]:
    def frame() -> None:
        bar.frame()

    def sweep() -> None:
        for col in range(cols):
            bar.frame(hover_col=col)

    def resize() -> None:
        for width in range(cols, max(cols // 2, 1), -1):
            bar.frame(cols=width)

    def retitle() -> None:
        bar.set(0, title="less README")
        bar.frame()

    def back() -> None:
        bar.set(0, title=_PROGRAMS[0])
        bar.frame()

    def activate() -> None:
        bar.activate(len(bar.tabs) - 1)
        bar.frame()

    def status() -> None:
        bar.emit("update-right-status")
        bar.emit("update-status")
        bar.frame()

    def wait(seconds: float) -> Callable[[], None]:
        def act() -> None:
            bar.tick(seconds)
            bar.frame()

        return act

    yield "the first frame", frame
    yield "the same again", frame
    yield "the pointer sweeps over the bar", sweep
    yield "the window is made narrower", resize
    yield "tab 1 gets another title", retitle
    yield "and the old one again", back
    yield "the last tab is activated", activate
    yield "status handlers run", status
    yield "a second passes", wait(1.0)
    yield "a minute passes", wait(60.0)


def _play(bar: TabBarHarness, act: Callable[[], None]) -> list[LedgerRow]:
    before = bar.stats.runs[-1].number if bar.stats.runs else 0
    act()
    return [row for row in bar.stats.runs if row.number > before]


def _callbacks(bar: TabBarHarness) -> Iterator[tuple[str, dict[str, object]]]:
    for event in ("format-tab-title", "format-window-title"):
        traits = bar.titles.traits(event)
        if traits is not None:
            yield (
                event,
                {
                    "kind": traits.kind,
                    "uses_hover": traits.uses_hover,
                    "uses_max_width": traits.uses_max_width,
                    "reasons": list(traits.reasons),
                },
            )


def _print(
    callbacks: dict[str, dict[str, object]], steps: list[tuple[str, list[LedgerRow]]], calls: int
) -> None:
    from perilune.app.ledger import format_ledger  # noqa: PLC0415 - imports much of the program

    if not callbacks:
        print("The config has no title callback: nothing ever runs.")
        return
    for event, traits in callbacks.items():
        used = [name for name in ("hover", "max_width") if traits[f"uses_{name}"]]
        print(f"{event}: {traits['kind']}; uses {' and '.join(used) or 'neither hover nor max_width'}")
        reasons = traits["reasons"]
        if isinstance(reasons, list):
            for reason in reasons:
                print(f"  {reason}")
    for name, rows in steps:
        print(f"\n{name}: {len(rows) or 'no'} run{'' if len(rows) == 1 else 's'}")
        if rows:
            print(format_ledger(rows))
    print(f"\n{calls} calls in all")
