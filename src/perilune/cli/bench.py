"""Measure parts of the program on this machine, and say whether they are as fast as they must be."""

from __future__ import annotations

import argparse

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "measure parts of the program"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands of `bench`."""
    from perilune.cli import bench_tabbar  # noqa: PLC0415 - one module a subject

    subjects = parser.add_subparsers(dest="subject", metavar="SUBJECT", required=True)
    tabbar = subjects.add_parser(
        "tabbar",
        help=bench_tabbar.SUMMARY,
        description=bench_tabbar.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    bench_tabbar.add_arguments(tabbar)


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark that was named.

    Returns:
        The exit status: 0; 1 when a requirement is not met.
    """
    from perilune.cli import bench_tabbar  # noqa: PLC0415 - one module a subject

    return bench_tabbar.run(arguments)
