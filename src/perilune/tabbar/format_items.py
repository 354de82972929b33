"""FormatItem tables, as `wezterm.format` and title callbacks take them, rendered to a string with SGR.

Differs from WezTerm in one thing: an attribute set to its default is written too (`Italic = false` as SGR
23), so that a title can undo what the tab's style has. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from perilune.base.color import ANSI_COLOR_NAMES, Rgb, parse_color

__all__ = ["FormatItemError", "render_format_items"]

_INTENSITY = {"Normal": "22", "Bold": "1", "Half": "2"}
_UNDERLINE = {"None": "24", "Single": "4", "Double": "21", "Curly": "4:3", "Dotted": "4:4", "Dashed": "4:5"}
_BLINK = {"None": "25", "Slow": "5", "Rapid": "6"}
_FLAGS = {
    "Italic": ("23", "3"),
    "Reverse": ("27", "7"),
    "StrikeThrough": ("29", "9"),
    "Invisible": ("28", "8"),
}
_CHOICES = {"Intensity": _INTENSITY, "Underline": _UNDERLINE, "Blink": _BLINK}
_ITEMS = "Text, Foreground, Background, Attribute or 'ResetAttributes'"
_COLORS = "{ Color = '#rrggbb' }, { AnsiColor = 'Red' } or 'Default'"
_LINK_END = "\x1b]8;;\x1b\\"


class FormatItemError(ValueError):
    """An item is not what FormatItem allows; the message names it."""


def render_format_items(items: Iterable[object]) -> str:
    r"""The string, which returns to default attributes at its end if it left them.

    Raises:
        FormatItemError: an item of another shape.

    >>> render_format_items([{"Foreground": {"AnsiColor": "Red"}}, {"Text": "!"}])
    '\x1b[91m!\x1b[0m'
    """
    out: list[str] = []
    is_changed = is_linked = False
    for number, item in enumerate(items, 1):
        if item == "ResetAttributes":
            out.append("\x1b[0m" + (_LINK_END if is_linked else ""))
            is_changed = is_linked = False
            continue
        name, value = _single(item, number, _ITEMS)
        if name == "Text":
            out.append(_text(value, number))
            continue
        if name == "Attribute":
            name, value = _single(value, number, "an attribute like { Italic = true }")
            if name == "Hyperlink":
                out.append(f"\x1b]8;;{_uri(value, number)}\x1b\\")
                is_linked = True
                continue
            out.append(f"\x1b[{_attribute(name, value, number)}m")
        elif name in {"Foreground", "Background"}:
            out.append(f"\x1b[{_color(value, name == 'Background', number)}m")
        else:
            raise FormatItemError(f"item {number}: {name!r} is none of {_ITEMS}")
        is_changed = True
    if is_changed:
        out.append("\x1b[0m")
    if is_linked:
        out.append(_LINK_END)
    return "".join(out)


def _single(value: object, number: int, expected: str) -> tuple[str, object]:
    if isinstance(value, Mapping) and len(value) == 1:
        ((name, inner),) = value.items()
        if isinstance(name, str):
            return name, inner
    raise FormatItemError(f"item {number}: expected {expected}, not {value!r}")


def _text(value: object, number: int) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)  # as Lua coerces numbers
    raise FormatItemError(f"item {number}: Text is a string, not {value!r}")


def _uri(value: object, number: int) -> str:
    if isinstance(value, str):
        return "".join(char for char in value if char.isprintable())
    raise FormatItemError(f"item {number}: Hyperlink is a string, not {value!r}")


def _attribute(name: str, value: object, number: int) -> str:
    choices = _CHOICES.get(name)
    if choices is not None:
        if isinstance(value, str) and value in choices:
            return choices[value]
        raise FormatItemError(f"item {number}: {name} is one of {', '.join(choices)}, not {value!r}")
    flags = _FLAGS.get(name)
    if flags is None:
        known = ", ".join([*_CHOICES, *_FLAGS, "Hyperlink"])
        raise FormatItemError(f"item {number}: there is no attribute {name!r}; there are {known}")
    if isinstance(value, bool):
        return flags[value]
    raise FormatItemError(f"item {number}: {name} is true or false, not {value!r}")


def _color(value: object, is_background: bool, number: int) -> str:
    offset = 10 if is_background else 0
    if value == "Default":
        return str(39 + offset)
    name, inner = _single(
        value, number, "a colour: { Color = '#rrggbb' }, { AnsiColor = 'Red' } or 'Default'"
    )
    if name == "AnsiColor":
        if not isinstance(inner, str) or inner not in ANSI_COLOR_NAMES:
            raise FormatItemError(
                f"item {number}: AnsiColor is one of {', '.join(ANSI_COLOR_NAMES)}, not {inner!r}"
            )
        index = ANSI_COLOR_NAMES.index(inner)
        return str((30 if index < 8 else 82) + index + offset)
    if name == "Color":
        red, green, blue = _parsed(inner, parse_color)
        return f"{38 + offset}:2::{red}:{green}:{blue}"
    raise FormatItemError(f"item {number}: {name!r} is no kind of colour; there are {_COLORS}")


def _parsed(value: object, parse: Callable[[str], Rgb]) -> Rgb:
    """The colour; white where it cannot be read, as in WezTerm, so that the text still shows."""
    try:
        return parse(str(value))
    except ValueError:
        return (255, 255, 255)
