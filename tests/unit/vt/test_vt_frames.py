"""What a viewer asks for: changed rows, the copy into a frame, stable rows."""

from __future__ import annotations

from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import COLOR_RGB, REVERSE, unpack_color
from perilune.cells.tables import CellTables
from perilune.vt import Terminal


def screen(data: str, cols: int = 10, rows: int = 4) -> Terminal:
    terminal = Terminal(cols, rows, scrollback=50)
    terminal.feed(data.encode())
    return terminal


def buffer(cols: int = 10, rows: int = 4) -> CellBuffer:
    return CellBuffer(cols, rows, CellTables())


def words(frame: CellBuffer, row: int, col: int) -> tuple[int, ...]:
    at = (row * frame.cols + col) * 4
    return tuple(frame.words[at : at + 4])


def test_only_rows_written_since_are_reported() -> None:
    terminal = screen("a\r\nb\r\nc\r\nd")
    first = terminal.seqno
    assert terminal.changed_rows(-1) == [0, 1, 2, 3]
    assert terminal.changed_rows(first) == []
    terminal.feed(b"\x1b[2Hx")
    second = terminal.seqno
    assert second > first
    assert terminal.changed_rows(first) == [1]
    terminal.feed(b"\x1b[4Hy")
    assert terminal.changed_rows(first) == [1, 3]
    assert terminal.changed_rows(second) == [3]


def test_a_scroll_changes_its_region() -> None:
    terminal = screen("a\r\nb\r\nc\r\nd")
    before = terminal.seqno
    terminal.feed(b"\x1b[2;3r\x1b[3H\n")
    assert terminal.changed_rows(before) == [1, 2]


def test_what_changes_nothing_has_no_number() -> None:
    terminal = screen("a")
    before = terminal.seqno
    terminal.feed(b"\x1b[m\x1b]2;t\x07\x1b[c")
    assert terminal.seqno == before
    terminal.feed(b"\x1b[C")
    assert terminal.seqno > before
    assert terminal.changed_rows(before) == []
    assert terminal.cursor_seqno == terminal.seqno


def test_a_mode_that_shows_changes_everything() -> None:
    terminal = screen("a")
    for data in (b"\x1b[?5h", b"\x1b]4;1;#fff\x07", b"\x1b]11;#fff\x07", b"\x1b[?1049h", b"\x1bc"):
        before = terminal.seqno
        terminal.feed(data)
        assert terminal.changed_rows(before) == [0, 1, 2, 3], data


def test_a_copy_holds_text_colours_clusters_and_links() -> None:
    terminal = screen("\x1b[1;31;4:3;58;5;2mae\u0301\x1b]8;id=i;http://x\x1b\\漢\x1b]8;;\x1b\\")
    frame = buffer(14, 6)
    frame.tables.cluster_id("something else first")
    number = terminal.render_rows(frame, 1, 2, 4, 10)
    assert number == terminal.seqno
    assert frame.text()[1] == "  ae\u0301漢"
    assert [frame.cell_text(1, col) for col in range(2, 6)] == ["a", "e\u0301", "漢", ""]
    assert unpack_color(words(frame, 1, 2)[1]) == 1
    assert words(frame, 1, 2)[3] & 0xFFFF == 0x0001 | 3 << 3
    assert frame.cell_extra(1, 2).underline_color == 2
    assert frame.cell_extra(1, 4).hyperlink == "http://x"
    assert frame.cell_extra(1, 4).link_id == "i"


def test_a_copy_of_changes_touches_only_those() -> None:
    terminal = screen("a\r\nb\r\nc\r\nd")
    frame = buffer()
    seen = terminal.render_rows(frame, 0, 0, 4, 10)
    frame.touched[:] = bytes(4)
    assert terminal.render_rows(frame, 0, 0, 4, 10, since=seen) == seen
    assert bytes(frame.touched) == bytes(4)
    terminal.feed(b"\x1b[3Hx")
    assert terminal.render_rows(frame, 0, 0, 4, 10, since=seen) > seen
    assert bytes(frame.touched) == b"\0\0\1\0"
    assert frame.text() == terminal.text()


def test_new_tables_are_drawn_from_scratch() -> None:
    terminal = screen("e\u0301")
    frame = buffer()
    seen = terminal.render_rows(frame, 0, 0, 4, 10)
    frame.tables.reset()
    frame.tables.cluster_id("x\u0301")
    terminal.render_rows(frame, 0, 0, 4, 10, since=seen)
    assert frame.text()[0] == "e\u0301"
    other = buffer()
    terminal.render_rows(other, 0, 0, 4, 10, since=seen)
    assert other.text() == terminal.text()


def test_a_wide_character_at_the_edge_is_blank() -> None:
    terminal = screen("abc漢")
    frame = buffer(4, 1)
    terminal.render_rows(frame, 0, 0, 1, 4)
    assert frame.text() == ["abc"]


def test_a_place_larger_than_the_terminal_is_blank_there() -> None:
    terminal = screen("ab\r\ncd", cols=2, rows=2)
    frame = buffer(5, 4)
    for row in range(4):
        frame.put_text(row, 0, "#####")
    terminal.render_rows(frame, 0, 1, 3, 3)
    assert frame.text() == ["#ab #", "#cd #", "#   #", "#####"]


def test_a_place_outside_the_frame_is_clipped() -> None:
    terminal = screen("abc")
    frame = buffer(4, 2)
    terminal.render_rows(frame, 0, 2, 9, 9)
    assert frame.text()[0] == "  ab"
    assert terminal.render_rows(frame, 5, 0, 3, 3) == -1


def test_overrides_and_reverse_video() -> None:
    terminal = screen("\x1b]4;1;#102030\x07\x1b]10;#010203\x07\x1b]11;#040506\x07\x1b[31;42ma\x1b[mb\x1b[?5h")
    frame = buffer()
    terminal.render_rows(frame, 0, 0, 4, 10)
    assert words(frame, 0, 0)[1] == COLOR_RGB | 0x102030
    assert unpack_color(words(frame, 0, 0)[2]) == 2
    assert words(frame, 0, 1)[1:3] == (COLOR_RGB | 0x010203, COLOR_RGB | 0x040506)
    assert words(frame, 0, 1)[3] & REVERSE
    assert words(frame, 3, 9)[2] == COLOR_RGB | 0x040506
    assert (terminal.foreground_override, terminal.background_override) == ((1, 2, 3), (4, 5, 6))


def test_neither_zone_nor_protection_reaches_a_frame() -> None:
    terminal = screen('\x1b]133;A\x07\x1b[1"qa')
    frame = buffer()
    terminal.render_rows(frame, 0, 0, 4, 10)
    assert words(frame, 0, 0)[3] == 0


def test_a_viewport_in_the_scrollback() -> None:
    terminal = screen("".join(f"{number}\r\n" for number in range(20)))
    frame = buffer()
    seen = terminal.render_rows(frame, 0, 0, 4, 10, top=5)
    assert frame.text() == ["5", "6", "7", "8"]
    frame.touched[:] = bytes(4)
    terminal.feed(b"more\r\n")
    terminal.render_rows(frame, 0, 0, 4, 10, top=5, since=seen)
    assert bytes(frame.touched) == bytes(4), "what is scrolled back does not change"
    terminal.render_rows(frame, 0, 0, 4, 10, top=terminal.stable_top - 2)
    assert frame.text() == [terminal.row_text(terminal.stable_top + row) for row in (-2, -1, 0, 1)]
    terminal.render_rows(frame, 0, 0, 4, 10, top=-2)
    assert frame.text() == ["", "", "0", "1"]


def test_rows_by_stable_number() -> None:
    terminal = screen("e\u0301漢\r\n" + "x" * 15)
    assert terminal.row_clusters(0)[:4] == ["e\u0301", "漢", "", " "]
    assert terminal.row_wrapped(1)
    assert not terminal.row_wrapped(0)
    assert len(terminal.cells_of_row(1)) == 10
    assert terminal.row_clusters(99) == []
    assert terminal.cells_of_row(-1) == []


def test_a_cell_outside_is_an_error() -> None:
    terminal = screen("")
    for row, col in ((-1, 0), (0, -1), (4, 0), (0, 10)):
        try:
            terminal.cell(row, col)
        except IndexError:
            continue
        raise AssertionError((row, col))
