"""Print a script that completes this program's commands, options and config option names in a shell.

bash: source <(perilune shell-completion --shell bash); zsh: the same, or a file _perilune in $fpath; fish:
perilune shell-completion --shell fish | source. After --config the names of all options are offered, and
behind the = the values of those that choose among names.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator

__all__ = ["SHELLS", "SUMMARY", "add_arguments", "run"]

SUMMARY = "print a shell's completion script"
SHELLS = ("bash", "fish", "zsh")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `shell-completion`."""
    parser.add_argument("--shell", choices=SHELLS, required=True, help="which shell")


def run(arguments: argparse.Namespace) -> int:
    """Print the script.

    Returns:
        The exit status: 0.
    """
    from perilune.cli.main import whole_parser  # noqa: PLC0415 - it imports every command

    commands = dict(_commands(whole_parser(), ""))
    values = _option_values()
    print({"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell](commands, values), end="")
    return 0


class _Command:
    """What may be written after a command."""

    def __init__(self, parser: argparse.ArgumentParser, summary: str) -> None:
        self.summary = summary
        self.words: list[str] = []
        self.flags: dict[str, tuple[str, tuple[str, ...], bool]] = {}
        self.takes_files = False
        for action in parser._actions:  # noqa: SLF001 - argparse has no public way to ask
            shown = (action.help or "").split("\n")[0]
            if action.help == argparse.SUPPRESS:
                shown = ""
            choices = tuple(map(str, action.choices)) if action.choices is not None else ()
            if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - likewise
                self.words = list(choices)
                continue
            if not action.option_strings:
                self.takes_files = True
            for flag in action.option_strings:
                self.flags[flag] = (shown, choices, action.nargs != 0)


def _commands(
    parser: argparse.ArgumentParser, path: str, summary: str = ""
) -> Iterator[tuple[str, _Command]]:
    """Every command by its path, "bench config"; the program itself is ""."""
    yield path, _Command(parser, summary)
    for action in parser._actions:  # noqa: SLF001 - see above
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            told = {item.dest: item.help or "" for item in action._choices_actions}  # noqa: SLF001
            for name, inner in action.choices.items():
                yield from _commands(inner, f"{path} {name}".strip(), told.get(name, ""))


def _option_values() -> dict[str, tuple[str, ...]]:
    """Every config option, with the Lua expressions that it may be set to, where those are few."""
    from perilune.config.forms import BOOLEAN  # noqa: PLC0415 - for this command only
    from perilune.config.options import Config  # noqa: PLC0415

    found: dict[str, tuple[str, ...]] = {}
    for name, declared in Config.declared.items():
        form = declared.form
        if form is BOOLEAN or form.expected == BOOLEAN.expected:
            found[name] = ("true", "false")
        else:
            found[name] = tuple(form.names)
    return found


def _bash(commands: dict[str, _Command], values: dict[str, tuple[str, ...]]) -> str:
    lines = [
        "_perilune() {",
        "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path='' word name",
        "    # bash splits at =, which stands in --config NAME=VALUE",
        '    if [[ $cur == "=" ]]; then cur=""; prev="="; fi',
        '    if [[ $prev == "=" ]]; then',
        "        name=${COMP_WORDS[COMP_CWORD-2]}",
        '        [[ ${COMP_WORDS[COMP_CWORD]} == "=" ]] && name=${COMP_WORDS[COMP_CWORD-1]}',
        "        case $name in",
    ]
    for name, choices in values.items():
        if choices:
            lines.append(f'            {name}) COMPREPLY=($(compgen -W "{" ".join(choices)}" -- "$cur")) ;;')
    lines += [
        "        esac",
        "        return",
        "    fi",
        '    if [[ $prev == "--config" ]]; then',
        "        compopt -o nospace 2>/dev/null",
        f'        COMPREPLY=($(compgen -S = -W "{" ".join(values)}" -- "$cur"))',
        "        return",
        "    fi",
        '    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
        '        case "$path $word" in',
    ]
    for path in commands:
        if path:
            parent, _, name = path.rpartition(" ")
            lines.append(f"            '{parent} {name}') path='{path}' ;;")
    lines += ["        esac", "    done", '    case "$path" in']
    for path, command in commands.items():
        lines.append(f"    '{path}')")
        lines.append('        case "$prev" in')
        for flag, (_, choices, takes_value) in command.flags.items():
            if choices:
                words = " ".join(choices)
                lines.append(f'            {flag}) COMPREPLY=($(compgen -W "{words}" -- "$cur")); return ;;')
            elif takes_value and flag.startswith("-"):
                lines.append(f'            {flag}) COMPREPLY=($(compgen -f -- "$cur")); return ;;')
        lines.append("        esac")
        words = " ".join([*command.words, *command.flags])
        lines.append(f'        COMPREPLY=($(compgen -W "{words}" -- "$cur"))')
        if command.takes_files:
            lines.append('        [[ $cur != -* ]] && COMPREPLY+=($(compgen -f -- "$cur"))')
        lines.append("        ;;")
    lines += ["    esac", "}", "complete -F _perilune perilune"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _described(name: str, text: str) -> str:
    shown = text.replace(":", "\\:").replace("%%", "%")
    return _quoted(f"{name.replace(':', chr(92) + ':')}:{shown}")


def _zsh(commands: dict[str, _Command], values: dict[str, tuple[str, ...]]) -> str:
    lines = [
        "#compdef perilune",
        "_perilune() {",
        "    local cur=${words[CURRENT]} prev=${words[CURRENT-1]} path_='' word name",
        "    local -a found",
        "    if [[ $prev == --config ]]; then",
        "        if [[ $cur == *=* ]]; then",
        "            name=${cur%%=*}",
        "            compset -P '*='",
        "            case $name in",
    ]
    lines += [
        f"                {name}) compadd -- {' '.join(map(_quoted, choices))} ;;"
        for name, choices in values.items()
        if choices
    ]
    lines += [
        "            esac",
        "        else",
        f"            compadd -S = -- {' '.join(values)}",
        "        fi",
        "        return",
        "    fi",
        "    for word in ${words[2,CURRENT-1]}; do",
        '        case "$path_ $word" in',
    ]
    for path in commands:
        if path:
            parent, _, name = path.rpartition(" ")
            lines.append(f"            '{parent} {name}') path_='{path}' ;;")
    lines += ["        esac", "    done", '    case "$path_" in']
    for path, command in commands.items():
        lines += [f"    '{path}')", '        case "$prev" in']
        for flag, (_, choices, takes_value) in command.flags.items():
            if choices:
                lines.append(f"            {flag}) compadd -- {' '.join(map(_quoted, choices))}; return ;;")
            elif takes_value:
                lines.append(f"            {flag}) _files; return ;;")
        lines.append("        esac")
        inner = (commands[f"{path} {word}".strip()] for word in command.words)
        told = [_described(word, item.summary) for word, item in zip(command.words, inner, strict=True)]
        told += [_described(flag, text) for flag, (text, _, _) in command.flags.items()]
        lines.append(f"        found=({' '.join(told)})")
        lines.append("        _describe perilune found")
        if command.takes_files:
            lines.append("        _files")
        lines.append("        ;;")
    lines += [
        "    esac",
        "}",
        'if [[ $funcstack[1] == _perilune ]]; then _perilune "$@"; else compdef _perilune perilune; fi',
    ]
    return "\n".join(lines) + "\n"


def _fish(commands: dict[str, _Command], values: dict[str, tuple[str, ...]]) -> str:
    lines = [
        "function __perilune_path",
        "    set -l path ''",
        "    for word in (commandline -opc)[2..]",
        '        switch "$path $word"',
    ]
    for path in commands:
        if path:
            parent, _, name = path.rpartition(" ")
            lines.append(f"            case '{parent} {name}'; set path '{path}'")
    lines += [
        "        end",
        "    end",
        "    echo $path",
        "end",
        "function __perilune_options",
    ]
    for name, choices in values.items():
        lines.append(f"    echo {name}=")
        lines += [f"    echo {_quoted(f'{name}={choice}')}" for choice in choices]
    lines += ["end", "complete -c perilune -e"]
    for path, command in commands.items():
        here = f'-n \'test "(__perilune_path)" = "{path}"\''
        if not command.takes_files:
            lines.append(f"complete -c perilune -f {here}")
        for word in command.words:
            summary = commands[f"{path} {word}".strip()].summary
            lines.append(f"complete -c perilune -f {here} -a {word} -d {_quoted(summary)}")
        for flag, (text, choices, takes_value) in command.flags.items():
            kind = f"-l {flag[2:]}" if flag.startswith("--") else f"-s {flag[1:]}"
            value = ""
            if flag == "--config":
                value = " -x -a '(__perilune_options)'"
            elif choices:
                value = f" -x -a {_quoted(' '.join(choices))}"
            elif takes_value:
                value = " -r"
            lines.append(f"complete -c perilune {here} {kind}{value} -d {_quoted(text.replace('%%', '%'))}")
    return "\n".join(lines) + "\n"
