"""Write docs/compat.md and docs/options.md: what becomes of each name of WezTerm's surface, and every option.

    .venv/bin/python tools/generate_compat.py          # write both
    .venv/bin/python tools/generate_compat.py --check  # only say whether they are as they should be

Which names there are is in tools/surface.toml; what becomes of them is found out from the running program:
options and assignments from their declarations, functions, methods and fields from a Lua state, events from
who emits them. Nothing here says of a name that it works.
"""

from __future__ import annotations

import argparse
import ast
import queue
import sys
import tomllib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from perilune.app.actions import HANDLERS
from perilune.app.overlays import copy_mode
from perilune.base.clock import ManualClock
from perilune.cli.main import COMMANDS
from perilune.config.assignment import ASSIGNMENTS, COPY_MODE_ASSIGNMENTS, to_value
from perilune.config.keys import parse_key, parse_mods
from perilune.config.options import Config
from perilune.config.problems import ConfigError
from perilune.config.record import Option, Record
from perilune.config.schemes import scheme_names
from perilune.lua.host import LuaHost
from perilune.lua.values import TitleBatch, TitleRequest
from perilune.testing.bar_program import BarWindow
from perilune.testing.callback_trials import CheckProgram, synthetic_tabs
from perilune.testing.config_check import EVENTS, NOT_YET, WINDOW_ONLY

ROOT = Path(__file__).parents[1]
SURFACE = ROOT / "tools" / "surface.toml"
COMPAT = ROOT / "docs" / "compat.md"
OPTIONS = ROOT / "docs" / "options.md"
_PATIENCE = 60.0
_OBJECTS = {
    "window": "window", "pane": "pane", "tab": "MuxTab", "mux_window": "mux window", "domain": "MuxDomain",
    "color": "Color", "time": "Time",
}  # fmt: skip

_WALK = """(function()
  local wezterm, found = require 'wezterm', {}
  local function walk(object, prefix, depth)
    for key, value in next, object do
      if type(key) == 'string' then
        local name = prefix .. '.' .. key
        if type(value) == 'table' and getmetatable(value) == nil and depth < 2 then
          walk(value, name, depth + 1)
        else
          found[#found + 1] = name
        end
      end
    end
  end
  walk(wezterm, 'wezterm', 0)
  return found
end)()"""
Row = tuple[str, "int | None", str]


class Lua:
    """A Lua state with the API, to be asked."""

    def __init__(self) -> None:
        self._posted: queue.Queue[Callable[[], None]] = queue.Queue()
        self.program = CheckProgram()
        self.host = LuaHost(self.program, self._posted.put, ManualClock(), screen=self.program.screen)
        self.host.start()
        loaded: list[Any] = []
        self.host.load_string("fields = {}\n" + _TITLE, loaded.append)
        self._wait(loaded)
        config = loaded[0].config
        if config is None:
            raise RuntimeError(loaded[0].error)
        window = BarWindow(1, synthetic_tabs(1, 2), config, 80)
        self.program.begin(window)

    def close(self) -> None:
        """End its thread."""
        self.host.close()

    def _wait(self, answers: list[Any]) -> Any:
        while not answers:
            self._posted.get(timeout=_PATIENCE)()
        return answers[0]

    def value(self, expression: str) -> Any:
        """The value of an expression; None if it raises."""
        answers: list[Any] = []
        self.host.evaluate(expression, lambda value, error: answers.append((value, error)))
        return self._wait(answers)[0]

    def functions(self) -> tuple[list[str], set[str]]:
        """The functions registered in Python, and those of a native window only."""
        state = self.host._state  # noqa: SLF001 - there is no other way to ask
        if state is None:
            raise RuntimeError("nothing is loaded")
        return state.function_names, state.functions.window_only

    def title_fields(self) -> tuple[set[str], set[str]]:
        """The fields of a tab and of a pane as title callbacks see them."""
        tabs = synthetic_tabs(1, 2).snapshot()
        answers: list[Any] = []
        self.host.format_titles(
            TitleBatch(1, tabs, tabs[1].panes, (TitleRequest(1, False, 20),)), answers.append
        )
        title = self._wait(answers)[0]
        tab, _, pane = (title.text or "").partition("|")
        return set(tab.split()), set(pane.split())


_TITLE = """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab)
  local names = { {}, {} }
  for i, object in ipairs { tab, tab.active_pane } do
    for key in pairs(object) do table.insert(names[i], key) end
  end
  return table.concat(names[1], ' ') .. '|' .. table.concat(names[2], ' ')
end)
return {}
"""


def emitted_events() -> set[str]:
    """Names of events that stand as texts in the parts of the program that emit."""
    found: set[str] = set()
    for package in ("app", "gui", "lua", "mux"):
        for path in (ROOT / "src/perilune" / package).rglob("*.py"):
            if path.name == "library.py":
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in EVENTS:
                    found.add(node.value)
    return found


def option_state(declared: Option) -> str:
    """What becomes of an option."""
    if not declared.used:
        return "accepted"
    return {"tui": "tui only", "window": "window only", "both": "works"}[declared.applies]


def _rows(known: Mapping[str, int], registered: Iterable[str], state: Callable[[str], str]) -> list[Row]:
    """Each known name by how many use it, then those that are only here."""
    rows: list[Row] = [(name, count, state(name)) for name, count in known.items()]
    return rows + [(name, None, state(name)) for name in sorted(set(registered) - set(known))]


def sections() -> Iterator[tuple[str, list[Row]]]:
    """Every section: its title, and name, count and state of each row."""
    surface = tomllib.loads(SURFACE.read_text(encoding="utf-8"))
    lua = Lua()
    try:
        yield from _sections(surface, lua)
    finally:
        lua.close()


def _sections(surface: dict[str, Any], lua: Lua) -> Iterator[tuple[str, list[Row]]]:
    def option(name: str) -> str:
        declared = Config.accepted.get(name)
        return "missing" if declared is None else option_state(declared)

    yield "Options", _rows(surface["options"], Config.declared, option)

    def assignment(name: str) -> str:
        if name not in ASSIGNMENTS:
            return "missing"
        if name in WINDOW_ONLY:
            return "window only"
        shape = ASSIGNMENTS[name]
        carried_out = name in HANDLERS or shape.replaced_by is not None
        return "works" if carried_out and name not in NOT_YET else "accepted"

    yield "Key assignments", _rows(surface["assignments"], ASSIGNMENTS, assignment)

    handled = copy_mode_handlers()

    def copying(name: str) -> str:
        if name not in COPY_MODE_ASSIGNMENTS:
            return "missing"
        return "works" if name in handled else "accepted"

    aliases = {"MoveBackwardSemanticZoneOfType", "MoveForwardSemanticZoneOfType"}
    yield "Copy mode assignments", _rows(surface["copy_mode"], set(COPY_MODE_ASSIGNMENTS) - aliases, copying)

    names, window_only = lua.functions()
    there = set(lua.value(_WALK) or ())

    def function(name: str) -> str:
        if name in window_only:
            return "window only"
        exists = name in there or lua.value(f"require('wezterm'){name.removeprefix('wezterm')} ~= nil")
        return "works" if exists else "missing"

    yield "Functions and values of `wezterm`", _rows(surface["functions"], there, function)

    yield "Events", _rows(surface["events"], EVENTS, _among(emitted_events()))

    for kind, shown in _OBJECTS.items():
        methods = {name.removeprefix(f"{kind}."): name for name in names if name.startswith(f"{kind}.")}
        if kind == "color":
            methods.pop("to_string", None)  # what __tostring calls

        def method(name: str, methods: dict[str, str] = methods) -> str:
            if name not in methods:
                return "missing"
            return "window only" if methods[name] in window_only else "works"

        yield f"Methods of {shown}", _rows(surface["methods"].get(kind, {}), methods, method)

    tab, pane = lua.title_fields()
    for key, shown, found in (("tab", "TabInformation", tab), ("pane", "PaneInformation", pane)):
        yield f"Fields of {shown}", _rows(surface["fields"][key], found, _among(found))

    def holds(expression: Callable[[str], str]) -> Callable[[str], str]:
        return lambda name: _there(lua.value(expression(name)))

    url = "require('wezterm').url.parse('file://me@host/a%20b')"
    yield "Fields of Url", _rows(surface["fields"]["url"], (), holds(lambda name: f"{url}.{name} ~= nil"))
    yield "Format items", _rows(surface["format_items"], (), holds(_format_item))
    yield "Key names", _rows(surface["keys"], (), lambda name: _parses(parse_key, name))
    yield "Modifiers", _rows(surface["modifiers"], (), lambda name: _parses(parse_mods, name))
    yield "Colour schemes", _rows(surface["schemes"], (), _among(set(scheme_names())))
    yield "Lua's library", _rows(surface["lua"], (), holds(_library))

    def command(name: str) -> str:
        return "works" if name in COMMANDS else "missing"

    yield "Commands", _rows(surface["commands"], COMMANDS, command)


def copy_mode_handlers() -> set[str]:
    """What copy mode carries out: the keys of its table of assignments."""
    found: set[str] = set()
    for table in vars(copy_mode).values():
        if isinstance(table, Mapping) and table:
            found |= {name for name in table if isinstance(name, str)} & set(COPY_MODE_ASSIGNMENTS)
    return found


def _there(value: object) -> str:
    return "works" if value is True else "missing"


def _among(names: Container[str]) -> Callable[[str], str]:
    return lambda name: _there(name in names)


def _parses(parse: Callable[[str], object], name: str) -> str:
    try:
        parse(name)
    except ConfigError:
        return "missing"
    return "works"


def _format_item(name: str) -> str:
    samples = {
        "Text": "{ Text = 'x' }",
        "Foreground.Color": "{ Foreground = { Color = '#ff0000' } }",
        "Background.Color": "{ Background = { Color = 'red' } }",
        "Attribute.Intensity": "{ Attribute = { Intensity = 'Bold' } }",
        "ResetAttributes": "'ResetAttributes'",
        "Attribute.Italic": "{ Attribute = { Italic = true } }",
        "Foreground.AnsiColor": "{ Foreground = { AnsiColor = 'Red' } }",
        "Attribute.Underline": "{ Attribute = { Underline = 'Curly' } }",
        "Attribute=<expr>": "(function() local a = { Italic = true } return { Attribute = a } end)()",
        "Foreground=<expr>": "(function() local c = { Color = 'red' } return { Foreground = c } end)()",
        "Attribute.Hyperlink": "{ Attribute = { Hyperlink = 'https://example.com' } }",
    }
    return f"#require('wezterm').format {{ {samples[name]}, {{ Text = 'y' }} }} > 0"


def _library(name: str) -> str:
    kind, colon, method = name.partition(":")
    if colon and kind == "str":
        return f"('').{method} ~= nil"
    if colon and kind == "file":
        return f"(function() local f = io.tmpfile() local m = f.{method} ~= nil f:close() return m end)()"
    if name.startswith("require "):
        return f"{name} ~= nil"
    return f"{name} ~= nil"


def compat_page() -> str:
    """The text of docs/compat.md."""
    lines = [
        "# What becomes of WezTerm's names",
        "",
        "Generated by `tools/generate_compat.py` from the program itself; do not edit. The second column",
        "says how many of 130 real configurations use a name; 0 is documented upstream and used by none of",
        "them, and a dash is ours, or known to other versions of WezTerm.",
        "",
        "- **works**: in a window and inside a terminal.",
        "- **tui only**, **window only**: it has a meaning in one of the two; in the other it does nothing.",
        "- **accepted**: a config that uses it loads, and nothing comes of it yet; `perilune check` says so.",
        "- **missing**: it is not there.",
    ]
    found = list(sections())
    lines += ["", "| | works | tui only | window only | accepted | missing |", "|---|---|---|---|---|---|"]
    states = ("works", "tui only", "window only", "accepted", "missing")
    for title, rows in found:
        counts = [sum(state == wanted for _, _, state in rows) for wanted in states]
        lines.append(f"| {title} | {' | '.join(str(count) for count in counts)} |")
    for title, rows in found:
        lines += ["", f"## {title}", "", "| name | used by | state |", "|---|---|---|"]
        lines += [
            f"| `{name}` | {'-' if count is None else count} | {state} |" for name, count, state in rows
        ]
    return "\n".join(lines) + "\n"


def options_page() -> str:
    """The text of docs/options.md."""
    lines = [
        "# Options",
        "",
        "Generated by `tools/generate_compat.py` from the declarations in `src/perilune/config/options/`;",
        "do not edit. An option that WezTerm has takes WezTerm's values and has its default. Options marked",
        "*own* are Perilune's.",
    ]
    for base in Config.__mro__:
        if not (isinstance(base, type) and issubclass(base, Record)) or base in {Config, Record}:
            continue
        declared = {name: item for name, item in vars(base).items() if isinstance(item, Option)}
        if not declared:
            continue
        lines += ["", f"## {(base.__doc__ or base.__name__).splitlines()[0].rstrip('.')}", ""]
        lines += ["| option | value | default | state | |", "|---|---|---|---|---|"]
        for name, item in declared.items():
            doc = item.doc + (" *own*" if item.own else "")
            cells = (f"`{name}`", item.form.expected, _default(item.default), option_state(item), doc)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    text = _lua(to_value(value))
    return f"`{text}`" if len(text) <= 60 else f"`{text[:56]} ...`"


def _lua(value: object) -> str:
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (list, tuple)):
        return "{" + ", ".join(_lua(item) for item in value) + "}"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}={_lua(item)}" for name, item in value.items()) + "}"
    return str(value)


def pages() -> dict[Path, str]:
    """What the files should hold."""
    return {COMPAT: compat_page(), OPTIONS: options_page()}


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file differs")
    arguments = parser.parse_args()
    status = 0
    for path, text in pages().items():
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if arguments.check:
            print(f"{path.relative_to(ROOT)} is out of date: run tools/generate_compat.py", file=sys.stderr)
            status = 1
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    return status


if __name__ == "__main__":
    sys.exit(main())
