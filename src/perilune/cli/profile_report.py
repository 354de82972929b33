"""Say what a capture shows: components with share and verdict, callbacks and their costs, evidence, hints.

FILE is anything that `profile import` reads. `--html` makes one page with a flame graph, the timeline of
frames and the tables, which works without a network.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from perilune.cli.profile_input import add_input, add_output, captures_of, put, write_document

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
    if arguments.form == "json":
        import json  # noqa: PLC0415 - the form asked for

        put(json.dumps(report.as_dict(), indent=1, ensure_ascii=False) + "\n", arguments.output)
        return 0
    document = report.document()
    if arguments.check_rules:
        document.heading(f"Patterns of {capture.shares.rules.source} that decided nothing", 3)
        document.table(("Component", "Pattern", "Why"), report.dead_patterns, "dead")
        if not report.dead_patterns:
            document.text("None.")
    if arguments.form == "html":
        from perilune.profiler.writers.html import report_page  # noqa: PLC0415 - the form asked for

        put(report_page(capture, document), arguments.output)
        return 0
    write_document(document, arguments)
    return 0
