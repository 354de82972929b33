"""What the profile subcommands share: options, reading captures with a bar, writing what comes out."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from perilune.profiler.document import Document
    from perilune.profiler.measures import Capture
    from perilune.profiler.model import Profile
    from perilune.profiler.rules import RuleSet

__all__ = [
    "add_input",
    "add_output",
    "add_pid",
    "add_times",
    "captures_of",
    "load",
    "positive",
    "put",
    "write_report",
]

_BAR_FROM = 16 << 20
_KINDS = ("perf", "folded", "py-spy", "speedscope", "chrome", "perilune")


def positive(text: str) -> float:
    """A number over zero, as argparse wants it."""
    value = float(text)
    if not 0 < value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not over 0")
    return value


def add_pid(parser: argparse.ArgumentParser) -> None:
    """The option that names a running instance."""
    parser.add_argument(
        "--pid", type=int, metavar="PID", help="the running instance (default: the only one there is)"
    )


def add_times(parser: argparse.ArgumentParser) -> None:
    """The option that keeps the moments of samples."""
    parser.add_argument(
        "--times", action="store_true", help="keep the time of each sample (takes memory for each)"
    )


def add_input(parser: argparse.ArgumentParser, *, rules: bool = True) -> None:
    """Options of how captures are read."""
    group = parser.add_argument_group("reading")
    group.add_argument(
        "--keep-going", action="store_true", help="leave out what cannot be understood, and say so"
    )
    group.add_argument("--kind", choices=_KINDS, help="what the captures are (default: found out)")
    group.add_argument(
        "--event", metavar="NAME", help="the event to look at (default: the one with most samples)"
    )
    group.add_argument("--frames", type=positive, metavar="N", help="how many frames were drawn meanwhile")
    group.add_argument("--bytes", type=positive, metavar="N", help="how many bytes were processed meanwhile")
    group.add_argument("--seconds", type=positive, metavar="S", help="how long the capture lasted")
    if rules:
        group.add_argument(
            "--rules", metavar="FILE",
            help="a TOML file, or one of perilune, wezterm, cpython, generic (default: what fits)",
        )  # fmt: skip


def add_output(parser: argparse.ArgumentParser, *, html: bool = True) -> None:
    """Options of the form of what comes out."""
    group = parser.add_argument_group("output")
    forms = group.add_mutually_exclusive_group()
    forms.add_argument("--markdown", action="store_const", dest="form", const="markdown", help="Markdown")
    forms.add_argument("--json", action="store_const", dest="form", const="json", help="one JSON object")
    if html:
        forms.add_argument(
            "--html", action="store_const", dest="form", const="html",
            help="one page that needs nothing else; give -o to keep it",
        )  # fmt: skip
    group.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write there (default: standard output)"
    )
    parser.set_defaults(form="text")


@contextmanager
def _progress(path: Path, size: int | None) -> Iterator[Callable[[int], None]]:
    """A bar for a large file, where somebody looks."""
    if not sys.stderr.isatty() or (size is not None and size < _BAR_FROM):
        yield lambda _count: None
        return
    from tqdm import tqdm  # noqa: PLC0415 - only for large files

    with tqdm(total=size, unit="B", unit_scale=True, desc=path.name, leave=False, file=sys.stderr) as bar:
        # tqdm counts what it is given; a compressed file gives more than its size.
        def advance(count: int) -> None:
            bar.update(count)

        yield advance


def load(path: Path, arguments: argparse.Namespace) -> Profile:
    """Read one capture; `-` is the standard input.

    Raises:
        CaptureError: it cannot be understood.
        OSError: it cannot be read.
    """
    from perilune.profiler.importers import Reading, read_capture  # noqa: PLC0415 - not for --help

    piped = str(path) == "-"
    name = Path("stdin") if piped else path
    size = None if piped else path.stat().st_size
    if path.is_dir():
        raise IsADirectoryError(21, "is a folder; `profile assess` reads folders", str(path))
    with _progress(name, size) as progress:
        reading = Reading(
            keep_going=arguments.keep_going, timed=getattr(arguments, "times", False), progress=progress
        )
        profile = read_capture(name, reading, kind=arguments.kind, file=sys.stdin.buffer if piped else None)
    profile.meta.frames = int(arguments.frames or profile.meta.frames)
    profile.meta.bytes = int(arguments.bytes or profile.meta.bytes)
    profile.meta.duration = arguments.seconds or profile.meta.duration
    for note in reading.notes():
        print(f"perilune: {path}: {note}", file=sys.stderr)
    return profile


def captures_of(
    paths: list[Path], arguments: argparse.Namespace, rules: RuleSet | None = None
) -> list[Capture]:
    """Captures under one rule set and of one event.

    Raises:
        CaptureError: one cannot be understood, or lacks the event.
        RulesError: the rules do not say what they must.
        OSError: a file cannot be read.
    """
    from perilune.profiler.errors import CaptureError  # noqa: PLC0415 - not for --help
    from perilune.profiler.measures import Capture  # noqa: PLC0415
    from perilune.profiler.rules import choose  # noqa: PLC0415

    captures = []
    wanted = arguments.event
    for path in paths:
        profile = load(path, arguments)
        event = profile.main_event() if wanted is None else profile.find_event(wanted)
        if wanted is not None and event is None:
            names = ", ".join(found.name for found in profile.events) or "none"
            raise CaptureError(path.name, "", f"no event {wanted!r}; there are {names}")
        if rules is None:
            rules = rules_of(arguments) or choose(profile, -1 if event is None else event)
        if wanted is None and event is not None:
            wanted = profile.events[event].name  # what the first has, the others must have too
        captures.append(Capture.of(profile, event, rules, path.name))
    return captures


def rules_of(arguments: argparse.Namespace) -> RuleSet | None:
    """The rules that were asked for; None if none were."""
    from perilune.profiler.rules import SETS, shipped  # noqa: PLC0415 - not for --help
    from perilune.profiler.rules import load as load_rules  # noqa: PLC0415

    if arguments.rules is None:
        return None
    return shipped(arguments.rules) if arguments.rules in SETS else load_rules(Path(arguments.rules))


def put(text: str, output: Path | None) -> None:
    """Write text to a file or to the standard output."""
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8")


def write_report(
    figures: Callable[[], dict[str, Any]],
    document: Callable[[], Document],
    page: Callable[[Document], str],
    arguments: argparse.Namespace,
) -> None:
    """Write a report in the form asked for: its figures as JSON, the page, text or Markdown."""
    if arguments.form == "json":
        import json  # noqa: PLC0415 - the form asked for

        put(json.dumps(figures(), indent=1, ensure_ascii=False) + "\n", arguments.output)
    elif arguments.form == "html":
        put(page(document()), arguments.output)
    else:
        _write_document(document(), arguments)


def _write_document(document: Document, arguments: argparse.Namespace) -> None:
    if arguments.form == "markdown":
        from perilune.profiler.writers.markdown import to_markdown  # noqa: PLC0415 - the form asked for

        put(to_markdown(document), arguments.output)
        return
    from perilune.profiler.writers.text import to_text  # noqa: PLC0415 - the form asked for

    shown = arguments.output is None and sys.stdout.isatty()
    colour = shown and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    width = shutil.get_terminal_size((100, 24)).columns if shown or "COLUMNS" in os.environ else 100
    put(to_text(document, width=width, colour=colour), arguments.output)
