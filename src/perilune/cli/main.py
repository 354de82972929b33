"""Entry point: reads the command line and hands over to the file of the subcommand.

A subcommand is a module of this package with `SUMMARY`, `add_arguments(parser)` and `run(arguments) -> int`.
Only the one that is asked for is imported, because the time to the first frame begins here.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType

from perilune import __version__

__all__ = ["COMMANDS", "DEFAULT_COMMAND", "main"]

COMMANDS = {
    "start": "perilune.cli.start",
    "show-keys": "perilune.cli.show_keys",
    "check": "perilune.cli.check",
    "ledger": "perilune.cli.ledger",
    "profile": "perilune.cli.profile",
    "screenshot": "perilune.cli.screenshot",
    "bench": "perilune.cli.bench",
    "shell-completion": "perilune.cli.shell_completion",
}
DEFAULT_COMMAND = "start"
_WITH_VALUE = ("--config-file", "--config", "--log-file")
_FLAGS = ("-n", "--skip-config")


def _add_global_options(parser: argparse.ArgumentParser) -> None:
    # SUPPRESS, so that a value given before the subcommand is not overwritten by a default after it.
    group = parser.add_argument_group("options of every command")
    group.add_argument(
        "-n", "--skip-config", action="store_true", default=argparse.SUPPRESS, help="load no config file"
    )
    group.add_argument(
        "--config-file", type=Path, metavar="FILE", default=argparse.SUPPRESS, help="load this config file"
    )
    group.add_argument(
        "--config",
        action=_AppendAcross,
        metavar="NAME=VALUE",
        default=argparse.SUPPRESS,
        help="set an option over the config file; VALUE is a Lua expression; may be given several times",
    )
    group.add_argument(
        "--log-file",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="write the log there; levels come from PERILUNE_LOG, as in PERILUNE_LOG=info,tabbar=debug",
    )


class _AppendAcross(argparse.Action):
    """`append` that keeps what was collected before the subcommand."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        del parser, option_string
        setattr(namespace, self.dest, [*getattr(namespace, self.dest, []), values])


class _KeepGiven(argparse._SubParsersAction):  # type: ignore[type-arg]  # noqa: SLF001 - the only hook there is
    """Subparsers that keep what was given before them; argparse itself starts from nothing."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        given = list(getattr(namespace, "config", []))
        super().__call__(parser, namespace, values, option_string)  # type: ignore[arg-type]
        if given:
            later = getattr(namespace, "config", [])
            namespace.config = given if later == given else [*given, *later]


def _command_of(arguments: Sequence[str]) -> tuple[int, str | None]:
    """Where the first word that is no global option stands, and that word (None at the end)."""
    position = 0
    while position < len(arguments):
        word = arguments[position]
        if word in _WITH_VALUE and position + 1 == len(arguments):
            break  # its value is missing: the command goes before it, which then says so
        if word in _FLAGS or word.partition("=")[0] in _WITH_VALUE:
            position += 2 if word in _WITH_VALUE else 1
            continue
        return position, word
    return position, arguments[position] if position < len(arguments) else None


def with_default_command(arguments: Sequence[str]) -> list[str]:
    """The arguments with `start` put in where no command stands.

    >>> with_default_command(["-n"]), with_default_command(["--cwd", "/tmp"]), with_default_command(["-h"])
    (['-n', 'start'], ['start', '--cwd', '/tmp'], ['-h'])
    """
    words = list(arguments)
    position, word = _command_of(words)
    if word in COMMANDS or word in {"-h", "--help", "-V", "--version"}:
        return words
    if word is not None and not word.startswith("-"):
        return words  # argparse names the known commands
    words.insert(position, DEFAULT_COMMAND)
    return words


def _build_parser(only: str | None) -> tuple[argparse.ArgumentParser, dict[str, ModuleType]]:
    parser = argparse.ArgumentParser(
        prog="perilune",
        description="A terminal multiplexer scripted in Lua. Without a command: start.",
        epilog="Config files of WezTerm are found and understood. `perilune COMMAND --help` tells more.",
        allow_abbrev=False,
    )
    parser.add_argument("-V", "--version", action="version", version=f"perilune {__version__}")
    _add_global_options(parser)
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", action=_KeepGiven, required=True)
    modules: dict[str, ModuleType] = {}
    for name, path in COMMANDS.items():
        if only is not None and name != only:
            commands.add_parser(name, add_help=False)
            continue
        module = modules[name] = import_module(path)
        sub = commands.add_parser(
            name, help=module.SUMMARY, description=module.__doc__, allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )  # fmt: skip
        _add_global_options(sub)
        module.add_arguments(sub)
    return parser, modules


def whole_parser() -> argparse.ArgumentParser:
    """The parser with every command's options: for what looks at all of them."""
    return _build_parser(None)[0]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: the words after the program's name; None: this process's.

    Returns:
        The exit status: 0, 1 for a failure, 2 for bad usage.
    """
    module, arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        status: int = module.run(arguments)
        if sys.stdout is not None:  # as with >&-
            sys.stdout.flush()
    except BrokenPipeError:  # as in `perilune show-keys | head`: whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def parse(words: Sequence[str]) -> tuple[ModuleType, argparse.Namespace]:
    """Read a command line: the module of its command, and the options.

    Raises:
        SystemExit: bad usage, which has been told.
    """
    words = with_default_command(words)
    _, command = _command_of(words)
    parser, modules = _build_parser(command if command in COMMANDS else None)
    arguments = parser.parse_args(words)
    for name, default in (("skip_config", False), ("config_file", None), ("config", []), ("log_file", None)):
        if not hasattr(arguments, name):
            setattr(arguments, name, default)
    if arguments.skip_config and arguments.config_file is not None:
        parser.error("--skip-config and --config-file exclude each other")
    for assignment in arguments.config:
        if "=" not in assignment:
            parser.error(f"--config {assignment}: expected NAME=VALUE")
    return modules[arguments.command], arguments
