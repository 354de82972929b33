"""Record Perilune: frames with their stages, callbacks with their causes, memos, bytes, Lua's memory, queues.

Without --pid or --instance it starts Perilune here, as `perilune start` does with the words after `--`, and
records until it ends. With them a running instance is recorded until `perilune profile stop`. --seconds ends
the recording by itself; what is recorded goes on. A key can do it, too: ToggleProfileRecording.

`perilune profile report FILE` reads it. What a killed instance has recorded, but for its last seconds, is
read with --keep-going.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from perilune.cli.profile_input import positive

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "record Perilune, started here or running already"
_POLL_SECONDS = 0.2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE",
        help="write there (default: perilune-DATE.pprofile in this folder)",
    )  # fmt: skip
    parser.add_argument(
        "--seconds", type=positive, metavar="N", help="end the recording after so long (default: at the end)"
    )
    parser.add_argument(
        "--sample", type=_samplers, default=(), metavar="WHAT",
        help="sample stacks of lua, python, or both (lua,python), which costs time",
    )  # fmt: skip
    parser.add_argument("--pid", type=int, metavar="PID", help="record the running instance of that process")
    parser.add_argument(
        "--instance", action="store_true", help="record the running instance, if there is one only"
    )
    parser.add_argument("start", nargs="*", metavar="-- START ARGS", help="options and program of `start`")


def _samplers(text: str) -> tuple[str, ...]:
    from perilune.app.profiling import SAMPLERS  # noqa: PLC0415 - only if it is given

    names = tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in SAMPLERS]
    if unknown or not names:
        raise argparse.ArgumentTypeError(f"{text!r} is not of {', '.join(SAMPLERS)}")
    return names


def run(arguments: argparse.Namespace) -> int:
    """Record.

    Returns:
        The exit status: that of the program; 1 if an instance does not do it; 2 for bad usage.
    """
    path = arguments.output or Path(time.strftime("perilune-%Y-%m-%d-%H%M%S.pprofile"))
    if arguments.pid is not None or arguments.instance:
        if arguments.start:
            print("perilune: a running instance takes no arguments of `start`", file=sys.stderr)
            return 2
        return _record_running(path, arguments)
    return _record_here(path, arguments)


def _record_here(path: Path, arguments: argparse.Namespace) -> int:
    from perilune.app.profiling import RecordRequest  # noqa: PLC0415 - not for --help
    from perilune.cli.main import parse  # noqa: PLC0415

    words = list(arguments.start)
    if words[:1] == ["start"]:
        del words[0]
    module, inner = parse(["start", *words])
    for name in ("config_file", "log_file", "skip_config"):
        setattr(inner, name, getattr(inner, name) or getattr(arguments, name))
    inner.config = [*arguments.config, *inner.config]
    # Here a file that cannot be written is found out before there is a screen.
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    inner.record = RecordRequest(path.absolute(), arguments.seconds, arguments.sample)
    inner.recorded = None
    status: int = module.run(inner)
    if inner.recorded is None:
        if path.stat().st_size == 0:
            path.unlink()
        return status or 1
    print(f"perilune: {inner.recorded}", file=sys.stderr)
    return status or int(bool(inner.recorded.problem))


def _record_running(path: Path, arguments: argparse.Namespace) -> int:
    from perilune.cli.instances import Instance, InstanceError, choose  # noqa: PLC0415 - not for --help

    def wait(instance: Instance) -> None:
        while instance.ask("status")["recording"] == str(path.absolute()):
            time.sleep(_POLL_SECONDS)

    try:
        instance = choose(os.environ, arguments.pid)
        try:
            instance.ask(
                "record",
                file=str(path.absolute()),
                sample=list(arguments.sample),
                **({} if arguments.seconds is None else {"seconds": arguments.seconds}),
            )
            if arguments.seconds is None:
                print(f"perilune: recording into {path}")
                print(f"end it with: perilune profile stop --pid {instance.pid}")
                return 0
            try:
                wait(instance)
            except KeyboardInterrupt:
                instance.ask("stop")
            last = instance.ask("status")["last"]
        finally:
            instance.close()
    except InstanceError as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 1
    return tell_of(last)


def tell_of(last: dict[str, object]) -> int:
    """Say what a recording came to; the exit status."""
    if last["problem"]:
        print(f"perilune: {last['file']}: {last['problem']}", file=sys.stderr)
        return 1
    counts = f"{last['frames']} frames, {last['runs']} callback runs in {last['seconds']} s"
    print(f"perilune: {last['file']}: {counts}")
    return 0
