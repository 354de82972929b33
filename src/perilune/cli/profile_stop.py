"""End the recording of a running instance, whoever began it."""

from __future__ import annotations

import argparse
import os
import sys

from perilune.cli.profile_input import add_pid

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "end the recording of a running instance"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_pid(parser)


def run(arguments: argparse.Namespace) -> int:
    """End it.

    Returns:
        The exit status: 0; 1 if there is none, or it could not be written.
    """
    from perilune.cli.instances import InstanceError, choose  # noqa: PLC0415 - not for --help
    from perilune.cli.profile_record import tell_of  # noqa: PLC0415

    try:
        instance = choose(os.environ, arguments.pid)
        try:
            last = instance.ask("stop")
        finally:
            instance.close()
    except InstanceError as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 1
    return tell_of(last)
