"""TabInformation and PaneInformation as title callbacks see them: how they cross, and what a path reads.

The store in `boot/titles.lua` takes them as lists, in the order of fields that is written there. `read_path`
answers from the snapshot what the mirror in Lua answers from that store. Pure, any thread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from perilune.lua.convert import encode
from perilune.lua.values import ReadPath, UrlText
from perilune.mux.snapshot import PaneInformation, TabInformation

__all__ = [
    "ALL",
    "LENGTH",
    "TitleScope",
    "pane_wire",
    "path_reader",
    "progress_value",
    "read_path",
    "tab_wire",
]

LENGTH = "#"
ALL = "*"
"""All keys and values of `user_vars` or `progress`; the names of the fields that a tab or pane has."""

_TABLES = ("Percentage", "Error")


def progress_value(progress: tuple[str, int] | str | Mapping[str, int]) -> object:
    """Progress as Lua sees it: "None", "Indeterminate", {Percentage=n} or {Error=n}."""
    if not isinstance(progress, tuple):
        return progress
    state, percent = progress
    return {state: percent} if state in _TABLES else state


def _text(value: str) -> bytes:
    data = value.encode("utf-8", "surrogateescape")
    return b"s%d:%s" % (len(data), data)


_BOOL = (b"f", b"t")


def pane_wire(pane: PaneInformation) -> bytes:
    """One pane in wire form."""
    live = pane.live
    if live is None:
        rest = b"s0:s0:zz"
    else:
        url = live.current_working_dir
        rest = encode(
            live.foreground_process_name,
            live.domain_name,
            live.tty_name,
            None if url is None else UrlText(url),
        )[2:]
    variables = encode(pane.user_vars)[2:] if pane.user_vars else b"m0;"
    progress = encode(progress_value(pane.progress))[2:]
    return b"l18;i%d;i%d;%b%b%bi%d;i%d;i%d;i%d;i%d;i%d;%b%b%b%b" % (
        pane.pane_id,
        pane.pane_index,
        _BOOL[pane.is_active],
        _BOOL[pane.is_zoomed],
        _BOOL[pane.has_unseen_output],
        pane.left,
        pane.top,
        pane.width,
        pane.height,
        pane.pixel_width,
        pane.pixel_height,
        _text(pane.title),
        variables,
        progress,
        rest,
    )


def tab_wire(tab: TabInformation) -> bytes:
    """One tab in wire form; the active pane is told by its place among the panes where it is one of them."""
    active = b"z"
    if tab.active_pane is not None:
        place = next((number for number, pane in enumerate(tab.panes, 1) if pane is tab.active_pane), 0)
        active = b"i%d;" % place if place else pane_wire(tab.active_pane)
    return b"l8;i%d;i%d;%bi%d;%b%b%bl%d;%b" % (
        tab.tab_id,
        tab.tab_index,
        _BOOL[tab.is_active],
        tab.window_id,
        _text(tab.window_title),
        _text(tab.tab_title),
        active,
        len(tab.panes),
        b"".join([pane_wire(pane) for pane in tab.panes]),
    )


class TitleScope(NamedTuple):
    """What a callback was given; `tab` is the tab of the call, or the active one for a window's title."""

    tab: TabInformation | None
    tabs: Sequence[TabInformation]
    panes: Sequence[PaneInformation]


_Step = Callable[[Any], Any]
Reader = Callable[[TitleScope], object]

_PLAIN_PANE = frozenset(
    {
        "pane_id", "pane_index", "is_active", "is_zoomed", "has_unseen_output", "left", "top", "width",
        "height", "pixel_width", "pixel_height", "title",
    }
)  # fmt: skip
_LIVE = {"foreground_process_name": "", "domain_name": "", "tty_name": None, "current_working_dir": None}
_PLAIN_TAB = frozenset({"tab_id", "tab_index", "is_active", "window_id", "window_title", "tab_title"})
_PANE_FIELDS = (*sorted(_PLAIN_PANE), *_LIVE, "progress", "user_vars")
_TAB_FIELDS = (*sorted(_PLAIN_TAB), "active_pane", "panes")


def _attribute(name: str) -> _Step:
    def step(owner: Any) -> Any:
        return getattr(owner, name)

    return step


def _live(name: str) -> _Step:
    default = _LIVE[name]

    def step(pane: PaneInformation) -> Any:
        return default if pane.live is None else getattr(pane.live, name)

    return step


def _element(number: int) -> _Step:
    def step(items: Sequence[Any]) -> Any:
        return items[number - 1] if 0 < number <= len(items) else None

    return step


def _progress(pane: PaneInformation) -> object:
    return progress_value(pane.progress)


def _item(key: object) -> _Step:
    return lambda table: table.get(key)


def _items(table: Mapping[str, object]) -> object:
    return tuple(sorted(table.items()))


def _nothing(_owner: object) -> None:
    return None


def _present(fields: tuple[str, ...], kind: str) -> _Step:
    steps = [(name, _step(kind, name)[0]) for name in fields]
    return lambda owner: tuple(name for name, step in steps if step(owner) is not None)


def _step(kind: str, key: object) -> tuple[_Step, str]:
    """How to go on from an object of a kind, and what kind of object that gives ("" for a plain value)."""
    match kind:
        case "tabs" | "panes":
            if key == LENGTH:
                return len, ""
            return (_element(key), kind[:-1]) if isinstance(key, int) else (_nothing, "")
        case "tab":
            if key in _PLAIN_TAB:
                return _attribute(str(key)), ""
            if key == "active_pane":
                return _attribute("active_pane"), "pane"
            if key == "panes":
                return _attribute("panes"), "panes"
            return (_present(_TAB_FIELDS, "tab"), "") if key == ALL else (_nothing, "")
        case "pane":
            if key in _PLAIN_PANE:
                return _attribute(str(key)), ""
            if key in _LIVE:
                return _live(str(key)), ""
            if key == "user_vars":
                return _attribute("user_vars"), "map"
            if key == "progress":
                return _progress, "map"
            return (_present(_PANE_FIELDS, "pane"), "") if key == ALL else (_nothing, "")
        case "map":
            return (_items, "") if key == ALL else (_item(key), "")
        case _:
            return _nothing, ""


_ATTRIBUTES = {
    ("tab", "active_pane"),
    *(("tab", name) for name in _PLAIN_TAB),
    *(("pane", name) for name in _PLAIN_PANE),
}
_ROOTS: dict[object, tuple[_Step, str]] = {
    "tab": (lambda scope: scope.tab, "tab"),
    "tabs": (lambda scope: scope.tabs, "tabs"),
    "panes": (lambda scope: scope.panes, "panes"),
    "pane": (lambda scope: None if scope.tab is None else scope.tab.active_pane, "pane"),
}


@lru_cache(maxsize=8192)
def path_reader(path: ReadPath) -> Reader | None:
    """How a path is read; None if it does not begin with an argument (`config`, `host`, `clock`, `epoch`)."""
    if path[0] not in _ROOTS:
        return None
    first, kind = _ROOTS[path[0]]
    steps = [first]
    names = [str(path[0])]
    for key in path[1:]:
        is_plain_attribute = (kind, key) in _ATTRIBUTES
        step, kind = _step(kind, key)
        steps.append(step)
        names.append(str(key) if is_plain_attribute else "")
    if kind == "" and path[0] == "tab" and all(names):
        get = attrgetter(".".join(names))

        def read_attributes(scope: TitleScope) -> object:
            try:
                return get(scope)
            except AttributeError:  # there is no active pane
                return None

        return read_attributes

    def read(scope: TitleScope) -> object:
        value: Any = scope
        for step in steps:
            value = step(value)
            if value is None:
                return None
            if type(value) is str and step is not steps[-1]:
                return None  # progress, when it is no table
        return value if is_plain or type(value) is str else True

    is_plain = kind == ""
    return read


def read_path(path: ReadPath, scope: TitleScope) -> object:
    """What a path that begins with an argument's name reads now: a plain value, or True for an object.

    >>> read_path(("tabs", "#"), TitleScope(None, (), ()))
    0
    """
    read = path_reader(path)
    if read is None:
        raise KeyError(path)
    return read(scope)
