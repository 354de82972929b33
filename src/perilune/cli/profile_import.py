"""Read captures and keep them in Perilune's own format, which is smaller and read again in no time.

Kinds are found out by their content: the text of `perf script` (as `perf record -g` or `--call-graph dwarf`
gives it), folded stacks, speedscope, Chrome traces and CPU profiles, py-spy's raw output; gzipped or not; `-`
is the standard input. With several files and -o a folder, each becomes a file in it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from perilune.cli.profile_input import add_input, add_times, load

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "read captures of perf and others into Perilune's format"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="captures; - is the standard input"
    )
    parser.add_argument(
        "-o", "--output", type=Path, required=True, metavar="OUT", help="the file, or a folder"
    )
    add_times(parser)
    add_input(parser, rules=False)


def run(arguments: argparse.Namespace) -> int:
    """Import.

    Returns:
        The exit status.
    """
    from perilune.profiler.file_format import write_profile  # noqa: PLC0415 - not for --help

    folder = arguments.output.is_dir()
    if len(arguments.files) > 1 and not folder:
        print("perilune: several files need a folder: -o FOLDER, which must exist", file=sys.stderr)
        return 2
    targets = [
        arguments.output / f"{'stdin' if str(path) == '-' else path.name}.pprofile"
        if folder
        else arguments.output
        for path in arguments.files
    ]
    if len(set(targets)) < len(targets):
        print("perilune: two of the files have one name; import them one by one", file=sys.stderr)
        return 2
    for path, target in zip(arguments.files, targets, strict=True):
        profile = load(path, arguments)
        write_profile(profile, target)
        events = ", ".join(
            f"{profile.samples(index)} samples of {event.name}" for index, event in enumerate(profile.events)
        )
        print(f"{target}: {profile.meta.kind}, {events or 'no samples'}, {len(profile.tree)} stacks")
        for note in profile.meta.notes:
            print(f"  {note}")
    return 0
