"""Modes: screens, saved modes, what encoders read, kitty keyboard flags, reset."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt.settings import ColorTable


def screen(data: bytes, cols: int = 10, rows: int = 3) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=10)
    terminal.feed(data)
    return terminal


@pytest.mark.parametrize("mode", [47, 1047, 1049])
def test_the_alternate_screen_has_its_own_cells(mode: int) -> None:
    terminal = screen(b"main\x1b[?%dh" % mode)
    assert terminal.modes.alt_screen
    assert terminal.is_alternate
    assert terminal.text()[0] == ""
    terminal.feed(b"\x1b[Halt\r\n\n\n\n\n")
    assert terminal.scrollback_text() == []
    terminal.feed(b"\x1b[?%dl" % mode)
    assert terminal.text()[0] == "main"
    assert not terminal.modes.alt_screen


def test_1049_saves_the_cursor_and_clears() -> None:
    terminal = screen(b"\x1b[2;3H\x1b[1m\x1b[?1049h\x1b[H\x1b[mx\x1b[?1049ly")
    assert terminal.text()[1] == "  y"
    assert terminal.cell(1, 2).bold
    terminal.feed(b"\x1b[?1049h")
    assert terminal.text() == ["", "", ""]


def test_47_keeps_what_was_there() -> None:
    terminal = screen(b"\x1b[?47h\x1b[Halt\x1b[?47l\x1b[?47h")
    assert terminal.text()[0] == "alt"
    terminal = screen(b"\x1b[?1047h\x1b[Halt\x1b[?1047l\x1b[?1047h")
    assert terminal.text()[0] == ""


@pytest.mark.parametrize(
    ("mode", "name"),
    [
        (1, "application_cursor_keys"),
        (66, "application_keypad"),
        (6, "origin"),
        (1004, "focus_events"),
        (2004, "bracketed_paste"),
        (2026, "synchronized_output"),
        (5, "reverse_video"),
        (2031, "color_scheme_reports"),
        (2048, "in_band_resize"),
        (67, "backarrow_sends_backspace"),
    ],
)
def test_named_modes(mode: int, name: str) -> None:
    terminal = screen(b"")
    assert not getattr(terminal.modes, name)
    assert mode not in terminal.modes
    terminal.feed(b"\x1b[?%dh" % mode)
    assert getattr(terminal.modes, name)
    assert mode in terminal.modes
    terminal.feed(b"\x1b[?%dl" % mode)
    assert not getattr(terminal.modes, name)


def test_modes_that_start_on() -> None:
    modes = screen(b"").modes
    assert modes.autowrap
    assert modes.cursor_visible
    assert modes.alternate_scroll
    assert not screen(b"\x1b[?7;25;1007l").modes.autowrap
    assert not screen(b"\x1b[?25l").cursor.visible


def test_ansi_modes() -> None:
    modes = screen(b"\x1b[4;20h").modes
    assert modes.insert
    assert modes.newline
    assert modes.linefeed


def test_mouse_modes_replace_each_other() -> None:
    terminal = screen(b"\x1b[?1000h\x1b[?1003h\x1b[?1015h\x1b[?1006h")
    assert (terminal.modes.mouse_tracking, terminal.modes.mouse_encoding) == (1003, 1006)
    assert 1000 not in terminal.modes
    terminal.feed(b"\x1b[?1003l\x1b[?1006l")
    assert (terminal.modes.mouse_tracking, terminal.modes.mouse_encoding) == (0, 0)


def test_modes_are_saved_and_restored() -> None:
    terminal = screen(b"\x1b[?2004h\x1b[?2004;1s\x1b[?2004l\x1b[?1h\x1b[?2004;1r")
    assert terminal.modes.bracketed_paste
    assert not terminal.modes.application_cursor_keys


def test_cursor_styles() -> None:
    seen = []
    for style in range(7):
        cursor = screen(b"\x1b[%d q" % style).cursor
        seen.append((cursor.shape, cursor.blinking))
    assert seen == [
        ("block", False), ("block", True), ("block", False), ("underline", True), ("underline", False),
        ("bar", True), ("bar", False),
    ]  # fmt: skip
    assert screen(b"\x1b[5 q\x1b[9 q").cursor.shape == "bar"


def test_kitty_keyboard_flags() -> None:
    terminal = screen(b"\x1b[>1u\x1b[?u")
    assert terminal.take_output() == b"\x1b[?1u"
    terminal.feed(b"\x1b[>5u\x1b[=2;2u")
    assert terminal.modes.kitty_keyboard == 7
    terminal.feed(b"\x1b[=4;3u")
    assert terminal.modes.kitty_keyboard == 3
    terminal.feed(b"\x1b[?1049h")
    assert terminal.modes.kitty_keyboard == 0
    terminal.feed(b"\x1b[>8u\x1b[?1049l")
    assert terminal.modes.kitty_keyboard == 3
    terminal.feed(b"\x1b[<u")
    assert terminal.modes.kitty_keyboard == 1
    terminal.feed(b"\x1b[<9u")
    assert terminal.modes.kitty_keyboard == 0


def test_the_kitty_stack_is_bounded_and_loses_the_oldest() -> None:
    terminal = screen(b"".join(b"\x1b[>%du" % (number % 31 + 1) for number in range(100)))
    assert terminal.modes.kitty_keyboard == 99 % 31 + 1
    terminal.feed(b"\x1b[<u")
    assert terminal.modes.kitty_keyboard == 98 % 31 + 1
    terminal.feed(b"\x1b[<30u")
    assert terminal.modes.kitty_keyboard == 0


def test_modify_other_keys() -> None:
    terminal = screen(b"\x1b[>4;2m\x1b[?4m")
    assert terminal.modes.modify_other_keys == 2
    assert terminal.take_output() == b"\x1b[>4;2m"
    terminal.feed(b"\x1b[>4m")
    assert terminal.modes.modify_other_keys == 0


def test_soft_reset() -> None:
    terminal = screen(b"text\x1b[1m\x1b[2;3r\x1b[?6h\x1b[4h\x1b[?25l\x1b[?1h\x1b[!p")
    modes = terminal.modes
    assert not modes.origin
    assert not modes.insert
    assert not modes.application_cursor_keys
    assert modes.cursor_visible
    assert terminal.text()[0] == "text"
    terminal.feed(b"\x1b[9;1Hx")
    assert (terminal.cursor.row, terminal.cell(2, 0).bold) == (2, False)


def test_a_synchronised_update_can_be_ended_from_outside() -> None:
    terminal = screen(b"\x1b[?2026h")
    assert terminal.is_synchronized
    terminal.end_synchronized()
    assert not terminal.is_synchronized


def test_a_screen_reset_from_outside() -> None:
    terminal = screen(b"\x1b[?1049h\x1b[2;2Hx\x1b[3")
    terminal.reset()
    terminal.feed(b"Cx")
    assert terminal.text()[0] == "Cx"
    assert not terminal.is_alternate


DARK = ColorTable(((0, 0, 0),) * 256, (200, 200, 200), (0, 0, 0), (9, 8, 7))
LIGHT = ColorTable(((0, 0, 0),) * 256, (0, 0, 0), (250, 250, 250), (9, 8, 7))


def test_a_change_of_the_colour_scheme_is_reported_to_who_asked() -> None:
    terminal = Terminal(10, 2, settings=TerminalSettings(colors=DARK))
    terminal.settings = TerminalSettings(colors=LIGHT)
    assert terminal.take_output() == b""
    terminal.feed(b"\x1b[?2031h")
    terminal.settings = TerminalSettings(colors=LIGHT)
    assert terminal.take_output() == b""
    terminal.settings = TerminalSettings(colors=DARK)
    assert terminal.take_output() == b"\x1b[?997;1n"
    terminal.settings = TerminalSettings(colors=LIGHT)
    assert terminal.take_output() == b"\x1b[?997;2n"


def test_closing_a_synchronised_update_is_a_change() -> None:
    terminal = Terminal(10, 2)
    terminal.feed(b"\x1b[?2026htext")
    before = terminal.seqno
    terminal.feed(b"\x1b[?2026l")
    assert terminal.seqno > before
    before = terminal.seqno
    terminal.feed(b"\x1b[?2026l")
    assert terminal.seqno == before
    terminal.feed(b"\x1b[?2026h")
    before = terminal.seqno
    terminal.end_synchronized()
    assert terminal.seqno > before
    terminal.feed(b"\x1b[?2026h")
    before = terminal.seqno
    terminal.feed(b"\x1bc")
    assert terminal.seqno > before
