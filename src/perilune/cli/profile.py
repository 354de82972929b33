"""Say what is slow and what changed: record Perilune, and read what `perf` and others captured.

Each subcommand has its own --help; docs/profiling.md tells the whole story.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "record and read profiles: what is slow, why it ran, and what changed"
_INTERRUPTED = 130  # as shells call an end by SIGINT
_SUBCOMMANDS = {
    "record": "perilune.cli.profile_record",
    "stop": "perilune.cli.profile_stop",
    "top": "perilune.cli.profile_top",
    "import": "perilune.cli.profile_import",
    "report": "perilune.cli.profile_report",
    "diff": "perilune.cli.profile_diff",
    "assess": "perilune.cli.profile_assess",
    "export": "perilune.cli.profile_export",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands of `profile`."""
    commands = parser.add_subparsers(dest="profile_command", metavar="SUBCOMMAND", required=True)
    for name, path in _SUBCOMMANDS.items():
        module = import_module(path)
        sub = commands.add_parser(
            name, help=module.SUMMARY, description=module.__doc__, allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        module.add_arguments(sub)


def run(arguments: argparse.Namespace) -> int:
    """Run the subcommand that was named.

    Returns:
        The exit status: 0; 1 for a failure or a limit that is exceeded; 2 for bad usage; 130 if it was
        interrupted.
    """
    from perilune.profiler.errors import CaptureError, RulesError  # noqa: PLC0415 - only when one runs

    try:
        status: int = import_module(_SUBCOMMANDS[arguments.profile_command]).run(arguments)
    except RulesError as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 2
    except CaptureError as error:
        print(f"perilune: {error}", file=sys.stderr)
        return arguments.capture_status if hasattr(arguments, "capture_status") else 1
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        print("perilune: interrupted", file=sys.stderr)
        return _INTERRUPTED
    except OSError as error:
        name = f"{error.filename}: " if error.filename else ""
        print(f"perilune: {name}{error.strerror or error}", file=sys.stderr)
        return 2
    return status
