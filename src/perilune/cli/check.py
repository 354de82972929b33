"""Check a configuration without starting anything: does it load, what of it acts, what do its callbacks cost?

Prints errors and warnings with their places, options and key assignments that have no effect here, the events
that have handlers, and each callback tried on 1, 20 and 100 made-up tabs: what it reads, microseconds a call,
how that grows, whether it is pure, stateful or opaque and why, and what holds it up.

What the config would start or open is recorded, not done: neither what gui-startup and its like would spawn,
nor programs of handlers, nor background processes. Programs that the file runs while it loads are run, since
it is made of their answers, but for those that use the network. Without CONFIG: the one that `start` would
use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from perilune.base import log

__all__ = ["SUMMARY", "add_arguments", "run"]

_TWICE = "CONFIG and --config-file or --skip-config exclude each other"
SUMMARY = "check a configuration, and what its callbacks cost"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `check`."""
    parser.add_argument("config_path", metavar="CONFIG", nargs="?", type=Path, help="the configuration file")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    parser.add_argument(
        "--allow-network", action="store_true", help="plugins may be fetched, and programs run that use it"
    )
    parser.add_argument(
        "--timeout",
        type=_seconds,
        default=30.0,
        metavar="SECONDS",
        help="how long loading may take, and each callback (30)",
    )


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 < value <= 3600:
        raise argparse.ArgumentTypeError("expected a number of seconds up to 3600")
    return value


def run(arguments: argparse.Namespace) -> int:
    """Check and print.

    Returns:
        The exit status: 0; 1 if there are errors; 2 for bad arguments.
    """
    with _own_output() as write:
        status, is_stuck = _run(arguments, write)
    if is_stuck:  # Lua is in the middle of something that cannot be interrupted: do not wait for its thread
        _end_children()
        sys.stderr.flush()
        os._exit(status)
    return status


def _run(arguments: argparse.Namespace, write: Callable[[str], None]) -> tuple[int, bool]:
    from perilune.cli.start import overrides_of  # noqa: PLC0415 - not for --help
    from perilune.config.discovery import find_config  # noqa: PLC0415
    from perilune.config.problems import ConfigError  # noqa: PLC0415

    try:
        # What print and io.write say is for standard error here.
        log.configure(None if os.environ.get("PERILUNE_LOG") else "warn,lua=info", arguments.log_file)
        named = arguments.config_path
        is_named_twice = named is not None and (arguments.config_file is not None or arguments.skip_config)
        source = find_config(
            named if named is not None else arguments.config_file,
            skip=arguments.skip_config,
            env=os.environ,
            home=Path.home(),
        )
        if is_named_twice:
            raise ConfigError(_TWICE)  # noqa: TRY301 - told like the others
    except (ValueError, OSError, ConfigError) as error:
        message = str(error).replace(", named by --config-file,", "") if arguments.config_path else str(error)
        print(f"perilune: {message}", file=sys.stderr)
        if arguments.json:
            place = "" if arguments.config_path is None else str(arguments.config_path.absolute())
            finding = {"message": message, "file": place, "line": None}
            write(_json({"ok": False, "errors": [finding], "warnings": [], "callbacks": []}))
        return 2, False

    from perilune.testing.config_check import check_config  # noqa: PLC0415 - imports Lua

    with _progress(quiet=arguments.json) as tell:
        report = check_config(
            source,
            overrides_of(arguments),
            allow_network=arguments.allow_network,
            timeout=arguments.timeout,
            on_progress=tell,
        )
    if arguments.json:
        write(_json(report.as_dict()))
    else:
        from perilune.cli.check_text import format_report  # noqa: PLC0415 - for people only

        is_terminal = os.isatty(1) or _was_terminal()
        write(format_report(report, color=is_terminal and not os.environ.get("NO_COLOR")))
    return (0 if report.ok else 1), report.is_stuck


def _json(value: object) -> str:
    import json  # noqa: PLC0415 - only here

    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"


_saved: list[int] = []


def _was_terminal() -> bool:
    return bool(_saved) and os.isatty(_saved[-1])


@contextmanager
def _own_output() -> Iterator[Callable[[str], None]]:
    """Standard output for this report alone: whatever else is written there goes to standard error.

    By file descriptor, so that it holds for children as well; they do not inherit the one kept.
    """
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    _open_closed()
    kept = os.dup(1)
    _saved.append(kept)
    try:
        os.dup2(2, 1)

        def write(text: str) -> None:
            data = text.encode("utf-8", "replace")
            while data:
                data = data[os.write(kept, data) :]

        yield write
    finally:
        if sys.stdout is not None:
            sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(_saved.pop())


def _open_closed() -> None:
    """Give the standard descriptors that are closed something to stand for: files opened later would."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str, int, int], None]]:
    """A bar on standard error, where that is a terminal."""
    if quiet or not os.isatty(2):
        yield lambda _what, _done, _all: None
        return
    from tqdm import tqdm  # noqa: PLC0415 - only where somebody watches

    with tqdm(leave=False, unit="trial", delay=0.5, file=sys.stderr) as bar:

        def tell(what: str, done: int, total: int) -> None:
            bar.total = total
            bar.set_description(what, refresh=False)
            bar.update(done - bar.n)

        yield tell


def _end_children() -> None:
    """End the children of a config that is given up: it waits for one of them, most likely."""
    import signal  # noqa: PLC0415 - in bad cases only

    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = entry.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        fields = text[text.rfind(")") + 1 :].split()
        children.setdefault(int(fields[1]), []).append(int(entry.parent.name))
    waiting = list(children.get(os.getpid(), ()))
    for pid in waiting:
        waiting += children.get(pid, ())
        try:
            os.kill(pid, signal.SIGKILL)
        except OSError:
            continue
