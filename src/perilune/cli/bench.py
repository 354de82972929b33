"""Measure parts of the program on this machine, and say whether they are as fast as they must be."""

from __future__ import annotations

import argparse
from typing import Any

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "measure parts of the program"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands of `bench`."""
    subjects = parser.add_subparsers(dest="subject", metavar="SUBJECT", required=True)
    for name, module in _subjects().items():
        subject = subjects.add_parser(
            name,
            help=module.SUMMARY,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        module.add_arguments(subject)


def run(arguments: argparse.Namespace) -> int:
    """Run the benchmark that was named.

    Returns:
        The exit status: 0; 1 when a requirement is not met.
    """
    status: int = _subjects()[arguments.subject].run(arguments)
    return status


def _subjects() -> dict[str, Any]:
    """The subjects' modules, which import what they measure when they run."""
    from perilune.cli import (  # noqa: PLC0415 - only when `bench` is asked for
        bench_config,
        bench_frame,
        bench_profile,
        bench_recording,
        bench_tabbar,
        bench_vt,
    )

    return {
        "config": bench_config,
        "frame": bench_frame,
        "profile": bench_profile,
        "recording": bench_recording,
        "tabbar": bench_tabbar,
        "vt": bench_vt,
    }
