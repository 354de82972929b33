"""Compare captures: what changed by more than noise, what is new, and whether that is what was promised.

`diff A B` compares two captures; `diff A1 A2 -- B1 B2`, or --before and --after, compares repeats, which is
the only way to know how much two runs of the same thing differ. Everything is normalised (--per); totals are
never compared alone. --expect reads what was promised (EXPECT.toml).

Exit status: 0; 1 if --fail-over was given and something grew by more than that, and by more than noise;
2 for bad usage, which includes captures that cannot be read.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.cli.profile_input import add_input, add_output, captures_of, write_report

if TYPE_CHECKING:
    from perilune.profiler.document import Document

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "say what changed between captures"


def _limit(text: str) -> float:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%?\s*", text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no percentage such as 5%")
    return float(match[1])


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="A B, or A1 A2 -- B1 B2 for repeats")
    parser.add_argument("--before", nargs="+", action="extend", default=[], metavar="FILE", help="captures")
    parser.add_argument("--after", nargs="+", action="extend", default=[], metavar="FILE", help="captures")
    parser.add_argument("--expect", type=Path, metavar="EXPECT.toml", help="what was promised")
    parser.add_argument(
        "--per", choices=("frame", "byte", "second", "sample"),
        help="what to normalise by; sample: shares (default: frames, or seconds for times, or sample)",
    )  # fmt: skip
    parser.add_argument("--fail-over", type=_limit, metavar="5%", help="exit with 1 if an item grew by more")
    parser.add_argument(
        "--least", type=_limit, default=0.5, metavar="0.5%",
        help="the share of the whole that an item must have to count for --fail-over (default 0.5%%)",
    )  # fmt: skip
    for side in ("before", "after"):
        for what in ("frames", "bytes", "seconds"):
            parser.add_argument(
                f"--{what}-{side}", type=float, metavar="N", help=f"{what} of each capture {side}"
            )
    add_input(parser)
    add_output(parser)
    # A capture that cannot be read is no verdict on the program: CI must not take it for one.
    parser.set_defaults(capture_status=2)
    parser.parse_known_args = _SecondSide(parser.parse_known_args)  # type: ignore[assignment]


def run(arguments: argparse.Namespace) -> int:
    """Compare.

    Returns:
        The exit status.
    """
    from perilune.profiler.comparison import compare_captures  # noqa: PLC0415 - not for --help
    from perilune.profiler.diff_report import DiffReport  # noqa: PLC0415
    from perilune.profiler.expectations import judge, load_expectations  # noqa: PLC0415

    sides = _sides(arguments)
    if sides is None:
        print(
            "perilune: give two captures (diff A B) or repeats (diff A1 A2 -- B1 B2, or --before, --after)",
            file=sys.stderr,
        )
        return 2
    expected = None if arguments.expect is None else load_expectations(arguments.expect)
    captures = captures_of([*sides[0], *sides[1]], arguments)
    split = len(sides[0])
    for side, some in (("before", captures[:split]), ("after", captures[split:])):
        for capture in some:
            meta = capture.profile.meta
            meta.frames = int(getattr(arguments, f"frames_{side}") or meta.frames)
            meta.bytes = int(getattr(arguments, f"bytes_{side}") or meta.bytes)
            meta.duration = getattr(arguments, f"seconds_{side}") or meta.duration
    per = arguments.per or (None if expected is None else expected.per)
    comparison = compare_captures(captures[:split], captures[split:], per)
    outcomes = None if expected is None else judge(comparison, expected)
    over = [] if arguments.fail_over is None else comparison.over(arguments.fail_over, arguments.least)
    report = DiffReport(
        comparison, outcomes, arguments.fail_over, over, "" if expected is None else expected.title
    )

    def page(document: Document) -> str:
        from perilune.profiler.writers.html import diff_page  # noqa: PLC0415 - the form asked for

        return diff_page(comparison, document)

    write_report(report.as_dict, report.document, page, arguments)
    return 1 if over else 0


def _sides(arguments: argparse.Namespace) -> tuple[list[Path], list[Path]] | None:
    before, after, words = list(arguments.before), list(arguments.after), list(arguments.files)
    if not before and not after:
        if len(words) != 2:
            return None
        before, after = words[:1], words[1:]
    elif not before:
        before = words
    elif not after:
        after = words
    elif words:
        return None
    if not before or not after:
        return None
    return [Path(name) for name in before], [Path(name) for name in after]


class _SecondSide:
    """Takes `--`, which argparse would drop, for the beginning of the second side."""

    def __init__(self, parse: Callable[..., tuple[argparse.Namespace, list[str]]]) -> None:
        self._parse = parse

    def __call__(
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        words = list(args or ())
        if "--" in words:
            words[words.index("--")] = "--after"
        return self._parse(words, namespace)
