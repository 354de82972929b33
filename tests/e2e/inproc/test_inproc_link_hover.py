"""Links under the pointer are underlined, those that programs mark and those that rules find."""

from __future__ import annotations

from perilune.base.input import Modifiers
from perilune.cells.packing import ATTR, UNDERLINE_MASK, UNDERLINE_SHIFT


def underlined(session, row):
    """The columns of a row that are underlined."""
    frame = session.screen.frame
    return [
        col
        for col in range(frame.buffer.cols)
        if (session.cell(row, col)[ATTR] & UNDERLINE_MASK) >> UNDERLINE_SHIFT == 1
    ]


def columns(session, row, text):
    at = session.screen.rows[row].index(text)
    return list(range(at, at + len(text)))


def point(session, row, col, mods=Modifiers.NONE):
    session.screen.mouse(row, col, mods=mods)
    session.settle()


def test_what_a_rule_finds_is_underlined_while_the_pointer_is_on_it(start):
    session = start()
    session.print("\r\nsee https://example.org/x, or not")
    point(session, 2, 0)
    assert underlined(session, 2) == []
    link = columns(session, 2, "https://example.org/x")
    point(session, 2, link[5])
    assert underlined(session, 2) == link
    point(session, 2, link[-1] + 3)
    assert underlined(session, 2) == []


def test_moving_within_a_link_draws_nothing(start):
    session = start()
    session.print("\r\nhttps://example.org/x")
    point(session, 2, 1)
    before = session.screen.frames
    point(session, 2, 2)
    point(session, 2, 3)
    assert session.screen.frames == before


def test_a_link_over_several_rows_is_underlined_in_all(start):
    session = start()
    session.print("\r\n" + "x" * 50 + " https://example.org/abcdefghijklm end")
    point(session, 3, 2)
    assert underlined(session, 2) == list(range(51, 60))
    assert underlined(session, 3) == list(range(33 - 9))
    point(session, 5, 2)
    assert underlined(session, 2) == underlined(session, 3) == []


def test_what_a_program_marks_is_underlined(start):
    session = start()
    session.print(
        "\r\n\x1b]8;;https://a.b/\x1b\\click\x1b]8;;\x1b\\ and \x1b]8;;https://c.d/\x1b\\there\x1b]8;;\x1b\\"
    )
    point(session, 2, 1)
    assert underlined(session, 2) == columns(session, 2, "click")
    point(session, 2, columns(session, 2, "there")[0])
    assert underlined(session, 2) == columns(session, 2, "there")


def test_what_is_written_over_it_is_not(start):
    session = start()
    session.print("\r\nhttps://example.org/x")
    point(session, 2, 1)
    session.print("\r\x1b[Kplain")
    assert underlined(session, 2) == []


def test_a_program_with_the_mouse_keeps_its_cells_but_past_it_they_are_links(start):
    session = start()
    session.print("\r\nhttps://example.org/x")
    session.set_modes("\x1b[?1003h\x1b[?1006h")
    point(session, 2, 1)
    assert underlined(session, 2) == []
    point(session, 2, 2, Modifiers.SHIFT)
    assert len(underlined(session, 2)) == 21


def test_wide_characters_are_underlined_whole(start):
    session = start(
        "return { hyperlink_rules = {{ regex = [[link:\\\\S+]], format = '$0' }} }".replace("\\\\", "\\")
    )
    session.print("\r\n- link:漢字x -")
    point(session, 2, 8)
    assert underlined(session, 2) == list(range(2, 12))


def test_it_goes_when_the_pointer_leaves(start):
    session = start()
    session.print("\r\nhttps://example.org/x")
    point(session, 2, 1)
    session.screen.focus(False)
    session.settle()
    assert underlined(session, 2) == []


def test_in_the_history_too(start):
    session = start()
    session.print("https://example.org/x\r\n" + "line\r\n" * 30)
    session.view.view_of(session.pane).scroll_to(0)
    session.app.services.request_frame()
    session.settle()
    row = next(row for row, text in enumerate(session.screen.rows) if "https" in text)
    link = columns(session, row, "https://example.org/x")
    point(session, row, link[0])
    assert underlined(session, row) == link
