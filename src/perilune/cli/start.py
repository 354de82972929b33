"""Start the multiplexer in this terminal (the default command).

Configuration is looked for in this order: --config-file, $PERILUNE_CONFIG_FILE,
$XDG_CONFIG_HOME/perilune/perilune.lua, ~/.perilune.lua, $WEZTERM_CONFIG_FILE, ~/.wezterm.lua,
$XDG_CONFIG_HOME/wezterm/wezterm.lua.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from perilune.base import log

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
        The exit status: 0; 1 after an internal error; 2 for bad arguments or nothing to draw on.
    """
    if arguments.front_end == "window":
        return _refuse("this version cannot open a window yet; use --front-end tui inside a terminal")
    if not (os.isatty(0) and os.isatty(1)):
        stream = "standard input" if not os.isatty(0) else "standard output"
        return _refuse(
            f"{stream} is not a terminal, and this version cannot open a window yet; run it inside a terminal"
        )
    if arguments.cwd is not None and not arguments.cwd.is_dir():
        return _refuse(f"--cwd {arguments.cwd}: no such directory")
    try:
        log.configure(None, arguments.log_file)
    except ValueError as error:
        return _refuse(f"PERILUNE_LOG: {error}")
    except OSError as error:
        return _refuse(f"--log-file {arguments.log_file}: {error.strerror}")

    from perilune.app.assemble import build_application  # noqa: PLC0415 - after the cheap refusals
    from perilune.app.start_options import StartOptions  # noqa: PLC0415
    from perilune.base.loop import EventLoop  # noqa: PLC0415
    from perilune.config.problems import ConfigError  # noqa: PLC0415
    from perilune.tui.front_end import NotATerminalError, TuiFrontEnd  # noqa: PLC0415

    loop = EventLoop()
    try:
        front_end = TuiFrontEnd(loop)
        front_end.check()
        options = StartOptions(
            command=tuple(arguments.program),
            cwd=arguments.cwd,
            config_file=arguments.config_file,
            skip_config=arguments.skip_config,
            overrides=overrides_of(arguments),
            env=dict(os.environ),
            workspace=arguments.workspace,
            verify_callbacks=arguments.verify_callbacks,
        )
        application = build_application(front_end, loop, options)
        return application.run()
    except (ConfigError, NotATerminalError) as error:
        return _refuse(str(error))
    finally:
        loop.close()


def overrides_of(arguments: argparse.Namespace) -> tuple[tuple[str, str], ...]:
    """The `--config NAME=VALUE` options, split."""
    pairs = (assignment.partition("=") for assignment in arguments.config)
    return tuple((name.strip(), value) for name, _, value in pairs)
