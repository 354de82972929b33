"""Write a capture for another tool: speedscope, flame graphs (folded), viewers of Chrome, Perfetto, Firefox.

folded holds one event (--event, or the one with most samples); the others hold all, or the one that is named.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from perilune.cli.profile_input import add_input, add_times, load, put

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "write a capture for another tool"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the capture; - is the standard input")
    parser.add_argument(
        "--to", required=True, choices=("speedscope", "folded", "chrome", "firefox"), help="the tool"
    )
    parser.add_argument(
        "-o", "--output", type=Path, metavar="OUT", help="write there (default: standard output)"
    )
    add_times(parser)
    add_input(parser, rules=False)


def run(arguments: argparse.Namespace) -> int:
    """Export.

    Returns:
        The exit status.
    """
    from perilune.profiler.errors import CaptureError  # noqa: PLC0415 - not for --help
    from perilune.profiler.exporters import EXPORTERS  # noqa: PLC0415

    profile = load(arguments.file, arguments)
    event = None
    if arguments.event is not None:
        event = profile.find_event(arguments.event)
        if event is None:
            names = ", ".join(found.name for found in profile.events) or "none"
            raise CaptureError(arguments.file.name, "", f"no event {arguments.event!r}; there are {names}")
    text = EXPORTERS[arguments.to](profile, event)
    put(text if text.endswith("\n") else f"{text}\n", arguments.output)
    return 0
