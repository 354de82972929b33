"""Say what a capture shows: components with share and verdict, callbacks and their costs, evidence, hints.

FILE is anything that `profile import` reads. `--html` makes one page with a flame graph, the timeline of
frames and the tables, which works without a network.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.cli.profile_input import add_input, add_output, captures_of, write_report

if TYPE_CHECKING:
    from perilune.profiler.document import Document

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "say what a capture shows"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the capture; - is the standard input")
    parser.add_argument(
        "--top", type=int, default=15, metavar="N", help="how many symbols to name (default 15)"
    )
    parser.add_argument(
        "--check-rules", action="store_true", help="list the patterns of the rules that decided nothing"
    )
    add_input(parser)
    add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Report.

    Returns:
        The exit status.
    """
    from perilune.profiler.report import make_report  # noqa: PLC0415 - not for --help

    (capture,) = captures_of([arguments.file], arguments)
    report = make_report(capture, top=max(1, arguments.top))

    def document() -> Document:
        made = report.document()
        if arguments.check_rules:
            made.heading(f"Patterns of {capture.shares.rules.source} that decided nothing", 3)
            made.table(("Component", "Pattern", "Why"), report.dead_patterns, "dead")
            if not report.dead_patterns:
                made.text("None.")
        return made

    def page(document: Document) -> str:
        from perilune.profiler.writers.html import report_page  # noqa: PLC0415 - the form asked for

        return report_page(capture, document)

    write_report(report.as_dict, document, page, arguments)
    return 0
