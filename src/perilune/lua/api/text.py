"""Text functions: cell widths, shell words, UTF-16, lines."""

from __future__ import annotations

import shlex

from perilune.cells.width import cluster_width, graphemes, text_width
from perilune.lua.functions import ApiError, lua_function

__all__ = ["TextApi"]


def _quoted(text: str) -> str:
    """In double quotes where that says it, as WezTerm's documentation shows it."""
    plain = shlex.quote(text)
    return plain if plain == text or not text or set(text) & set('$`"\\!') else f'"{text}"'


class TextApi:
    """`wezterm.truncate_right` and its like; they know nothing of escape sequences."""

    @lua_function("wezterm.column_width")
    def column_width(self, text: str) -> int:
        """Cells that the text takes."""
        return text_width(text)

    @lua_function("wezterm.truncate_right")
    def truncate_right(self, text: str, width: int) -> str:
        """The longest start of the text that fits into `width` cells."""
        if text.isascii() and text.isprintable():
            return text[: max(width, 0)]
        used = 0
        kept: list[str] = []
        for cluster in graphemes(text):
            used += cluster_width(cluster)
            if used > width:
                break
            kept.append(cluster)
        return "".join(kept)

    @lua_function("wezterm.truncate_left")
    def truncate_left(self, text: str, width: int) -> str:
        """The longest end of the text that fits into `width` cells."""
        used = 0
        kept: list[str] = []
        for cluster in reversed(graphemes(text)):
            used += cluster_width(cluster)
            if used > width:
                break
            kept.append(cluster)
        return "".join(reversed(kept))

    @lua_function("wezterm.pad_right")
    def pad_right(self, text: str, width: int) -> str:
        """The text with spaces after it to at least `width` cells."""
        return text + " " * min(max(width - text_width(text), 0), 1 << 20)

    @lua_function("wezterm.pad_left")
    def pad_left(self, text: str, width: int) -> str:
        """The text with spaces before it to at least `width` cells."""
        return " " * min(max(width - text_width(text), 0), 1 << 20) + text

    @lua_function("wezterm.split_by_newlines")
    def split_by_newlines(self, text: str) -> list[object]:
        """Lines, ended by LF or CRLF."""
        lines = text.replace("\r\n", "\n").split("\n")
        if lines[-1] == "":
            lines.pop()
        return list(lines)

    @lua_function("wezterm.shell_join_args")
    def shell_join_args(self, args: list[object]) -> str:
        """A command line for a POSIX shell."""
        return " ".join(_quoted(str(item)) for item in args)

    @lua_function("wezterm.shell_quote_arg")
    def shell_quote_arg(self, text: str) -> str:
        """One word of such a line."""
        return _quoted(text)

    @lua_function("wezterm.shell_split")
    def shell_split(self, line: str) -> list[object]:
        """The words of such a line."""
        try:
            return list(shlex.split(line))
        except ValueError as error:
            raise ApiError(f"wezterm.shell_split: {error}") from error

    @lua_function("wezterm.utf16_to_utf8")
    def utf16_to_utf8(self, text: str) -> str:
        """UTF-16 (little endian unless a mark says otherwise) as UTF-8."""
        data = text.encode("utf-8", "surrogateescape")
        codec = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-16-le"
        try:
            return data.decode(codec)
        except UnicodeDecodeError as error:
            raise ApiError(f"wezterm.utf16_to_utf8: {error}") from error
