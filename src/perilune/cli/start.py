"""Start the multiplexer, in a window or in this terminal (the default command).

A window opens where there is a display; --front-end tui draws in the terminal instead.

Configuration is looked for in this order: --config-file, $PERILUNE_CONFIG_FILE,
$XDG_CONFIG_HOME/perilune/perilune.lua, ~/.perilune.lua, $WEZTERM_CONFIG_FILE, ~/.wezterm.lua,
$XDG_CONFIG_HOME/wezterm/wezterm.lua.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.base import log

if TYPE_CHECKING:
    from perilune.app.application import Application
    from perilune.app.start_options import StartOptions

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "start the multiplexer (the default)"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `start`."""
    parser.add_argument("--cwd", type=Path, metavar="DIR", help="the first pane's working directory")
    parser.add_argument("--workspace", metavar="NAME", help="the name of the first workspace")
    parser.add_argument(
        "--front-end",
        choices=("auto", "window", "tui"),
        default="auto",
        help="where to draw: a window, or inside this terminal; auto: a window where one can be opened",
    )
    parser.add_argument(
        "--verify-callbacks",
        action="store_true",
        help="evaluate every title callback at every frame beside its memo, and log where they differ",
    )
    parser.add_argument(
        "program",
        nargs="*",
        metavar="-- PROGRAM ARGS",
        help="run this instead of the shell in the first pane",
    )


def _refuse(message: str) -> int:
    print(f"perilune: {message}", file=sys.stderr)
    return 2


def run(arguments: argparse.Namespace) -> int:
    """Run until the last pane is closed.

    Returns:
        The exit status: 0; 1 after an internal error or when the display is gone; 2 for bad arguments or
        nothing to draw on.
    """
    if arguments.cwd is not None and not arguments.cwd.is_dir():
        return _refuse(f"--cwd {arguments.cwd}: no such directory")
    is_terminal = os.isatty(0) and os.isatty(1)
    kind: str | None = None
    is_window = _wants_window(arguments.front_end, is_terminal=is_terminal)
    if is_window:
        from perilune.gui.availability import WindowProblemError, check_window  # noqa: PLC0415

        try:
            kind = check_window(os.environ)
        except WindowProblemError as problem:
            if not is_terminal:
                return _refuse(str(problem))
            print(f"perilune: {problem}; drawing in this terminal instead", file=sys.stderr)
            is_window = False
    if not is_window and not is_terminal:
        stream = "standard input" if not os.isatty(0) else "standard output"
        return _refuse(
            f"{stream} is not a terminal; run it inside a terminal, or with a display for a window"
        )
    try:
        log.configure(None, arguments.log_file)
    except ValueError as error:
        return _refuse(f"PERILUNE_LOG: {error}")
    except OSError as error:
        return _refuse(f"--log-file {arguments.log_file}: {error.strerror}")
    return _run_window(arguments, kind) if is_window else _run_tui(arguments)


def _wants_window(choice: str, *, is_terminal: bool) -> bool:
    """Whether to try a window."""
    if choice != "auto":
        return choice == "window"
    from perilune.gui.availability import has_display, is_forwarded_display  # noqa: PLC0415

    if not has_display(os.environ):
        return False
    # Pictures through a login from afar are slow; whoever wants them says so.
    return not (is_terminal and is_forwarded_display(os.environ))


def _options(arguments: argparse.Namespace) -> StartOptions:
    from perilune.app.control_folder import control_folders  # noqa: PLC0415 - after the cheap refusals
    from perilune.app.start_options import StartOptions  # noqa: PLC0415

    return StartOptions(
        command=tuple(arguments.program),
        cwd=arguments.cwd,
        config_file=arguments.config_file,
        skip_config=arguments.skip_config,
        overrides=overrides_of(arguments),
        env=dict(os.environ),
        workspace=arguments.workspace,
        verify_callbacks=arguments.verify_callbacks,
        record=getattr(arguments, "record", None),
        control_folders=tuple(control_folders(os.environ)),
    )


def _run_application(application: Application, arguments: argparse.Namespace) -> int:
    status = application.run()
    arguments.recorded = application.services.profiling.last  # for `profile record`
    return status


def _run_tui(arguments: argparse.Namespace) -> int:
    from perilune.app.assemble import build_application  # noqa: PLC0415 - after the cheap refusals
    from perilune.base.loop import EventLoop  # noqa: PLC0415
    from perilune.config.problems import ConfigError  # noqa: PLC0415
    from perilune.tui.front_end import NotATerminalError, TuiFrontEnd  # noqa: PLC0415

    loop = EventLoop()
    try:
        front_end = TuiFrontEnd(loop)
        front_end.check()
        return _run_application(build_application(front_end, loop, _options(arguments)), arguments)
    except (ConfigError, NotATerminalError) as error:
        return _refuse(str(error))
    finally:
        loop.close()


def _run_window(arguments: argparse.Namespace, kind: str | None) -> int:
    from perilune.app.assemble import build_application  # noqa: PLC0415 - after the cheap refusals
    from perilune.config.problems import ConfigError  # noqa: PLC0415
    from perilune.gui.availability import open_application  # noqa: PLC0415
    from perilune.gui.front_end import GuiFrontEnd  # noqa: PLC0415
    from perilune.gui.loop import QtEventLoop  # noqa: PLC0415

    options = _options(arguments)  # before Qt: the programs' environment is the user's
    qt = open_application(kind)
    loop = QtEventLoop()
    try:
        status = _run_application(build_application(GuiFrontEnd(qt, loop), loop, options), arguments)
    except ConfigError as error:
        return _refuse(str(error))
    finally:
        loop.close()
        qt.shutdown()
    if loop.was_cut_off:
        print("perilune: the display is gone", file=sys.stderr)
        return status or 1
    return status


def overrides_of(arguments: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    """The `--config NAME=VALUE` options, split."""
    pairs = (assignment.partition("=") for assignment in arguments.config)
    return tuple((name.strip(), value) for name, _, value in pairs)
