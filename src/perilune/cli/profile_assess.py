"""Make a document of a folder of phases: what each promised and brought, what is left, where time is now.

Each sub-folder is a phase, in the order of their names: captures (several are repeats), EXPECT.toml (what the
phase promised), NOTES.md (what was done), PHASE.toml (title, frames, bytes, seconds of each capture). In DIR
itself RULES.toml names components, ASSESSMENT.toml the title.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.cli.profile_input import add_input, add_output, load, rules_of, write_report

if TYPE_CHECKING:
    from perilune.profiler.document import Document

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "make an assessment of a folder of phases"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("folder", type=Path, metavar="DIR", help="the folder of phases")
    parser.add_argument(
        "--per", choices=("frame", "byte", "second", "sample"), help="what to normalise comparisons by"
    )
    add_input(parser)
    add_output(parser)


def run(arguments: argparse.Namespace) -> int:
    """Assess.

    Returns:
        The exit status.
    """
    from perilune.profiler.assessment import assess  # noqa: PLC0415 - not for --help

    if not arguments.folder.is_dir():
        print(f"perilune: {arguments.folder}: no folder", file=sys.stderr)
        return 2
    assessment = assess(
        arguments.folder,
        lambda path: load(path, arguments),
        rules=rules_of(arguments),
        event=arguments.event,
        per=arguments.per,
    )

    def page(document: Document) -> str:
        from perilune.profiler.writers.html import assessment_page  # noqa: PLC0415 - the form asked for

        return assessment_page(assessment, document)

    write_report(assessment.as_dict, assessment.document, page, arguments)
    return 0
