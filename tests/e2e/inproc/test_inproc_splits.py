from __future__ import annotations

from perilune.base.input import MouseButton, MouseKind
from perilune.cells.packing import ATTR, BG, DIM, FG, REVERSE, pack_color
from perilune.vt.selection import Point, SelectionMode


def two_columns(start, **options):
    session = start(**options)
    session.screen.key("%", "CTRL|SHIFT|ALT")
    session.until(lambda: "│" in session.screen.text)
    return session


def test_a_split_draws_a_line_and_focuses_the_new_pane(start):
    session = two_columns(start)
    assert len(session.view.tab.panes()) == 2
    assert session.pane is session.view.tab.panes()[1]
    assert session.screen.rows[1][30] == "│"
    assert session.program.sizes[-1].cols == 29


def test_lines_join_where_they_meet(start):
    session = two_columns(start)
    session.screen.key('"', "CTRL|SHIFT|ALT")
    session.until(lambda: "├" in session.screen.text)
    session.screen.key("LeftArrow", "CTRL|SHIFT")
    session.screen.key('"', "CTRL|SHIFT|ALT")
    session.until(lambda: "┼" in session.screen.text)


def test_focus_goes_by_direction_and_keys_follow(start):
    session = two_columns(start)
    right = session.pane
    session.screen.key("LeftArrow", "CTRL|SHIFT")
    left = session.pane
    assert left is not right
    session.screen.type("x")
    session.received(b"x")
    session.until(lambda: session.screen.cursor is not None and session.screen.cursor.col < 30)


def test_zoom_hides_the_others_and_comes_back(start):
    session = two_columns(start)
    session.screen.key("Z", "CTRL|SHIFT")
    session.until(lambda: "│" not in session.screen.text)
    assert session.pane.terminal.cols == 60
    assert session.screen.title.startswith("[Z] ")
    session.screen.key("Z", "CTRL|SHIFT")
    session.until(lambda: "│" in session.screen.text)
    assert session.pane.terminal.cols == 29


def test_sizes_are_adjusted_by_key_and_by_dragging_the_line(start):
    session = two_columns(start)
    session.screen.key("LeftArrow", "CTRL|SHIFT|ALT")
    session.until(lambda: session.screen.rows[1][29:30] == "│")
    session.screen.drag((3, 29), (3, 40))
    session.until(lambda: session.screen.rows[1][40:41] == "│")
    session.screen.mouse(3, 40, MouseButton.LEFT, MouseKind.PRESS)
    session.screen.mouse(3, 200, MouseButton.LEFT, MouseKind.MOVE)
    session.screen.mouse(3, 20, MouseButton.LEFT, MouseKind.MOVE)
    session.screen.mouse(3, 20, MouseButton.LEFT, MouseKind.RELEASE)
    session.until(lambda: session.screen.rows[1][20:21] == "│")


def test_only_rows_that_changed_are_touched(start):
    session = two_columns(start)
    session.settle()
    touched: set[int] = set()
    session.screen.on_frame = lambda _frame: touched.update(session.screen.touched_rows)
    session.program.print("abc")
    session.until(lambda: "abc" in session.screen.text)
    # The bar may follow: a title can change with the output.
    assert touched <= {0, 1}


def test_closing_the_split_gives_the_room_back(start):
    session = two_columns(start)
    session.program.exit(0)
    session.until(lambda: "│" not in session.screen.text)
    assert session.pane.terminal.cols == 60


def test_a_click_focuses_a_pane_and_is_passed_on(start):
    session = two_columns(start)
    right = session.pane
    session.screen.click(3, 4)
    assert session.pane is not right
    session.set_modes("\x1b[?1000h\x1b[?1006h")
    session.program.forget()
    session.screen.key("RightArrow", "CTRL|SHIFT")
    session.screen.click(3, 4)
    session.received(b"\x1b[<0;5;3M\x1b[<0;5;3m")


def test_mouse_reports_are_in_the_panes_own_cells(start):
    session = two_columns(start)
    session.set_modes("\x1b[?1002h\x1b[?1006h")
    session.program.forget()
    session.screen.drag((2, 31), (4, 35))
    session.received(b"\x1b[<0;1;2M\x1b[<32;5;4M\x1b[<0;5;4m")


def test_a_split_without_room_is_refused_and_nothing_breaks(start):
    session = start(cols=2, rows=2)
    session.screen.key("%", "CTRL|SHIFT|ALT")
    session.settle()
    assert len(session.view.tab.panes()) == 1


class TestInactivePanes:
    CONFIG = """return {
      colors = { foreground = '#ffffff', background = '#000000' },
      inactive_pane_hsb = { hue = 1.0, saturation = 1.0, brightness = 0.5 } }"""

    def fg(self, session, row, col):
        return session.cell(row, col)[FG]

    def split(self, session):
        session.print("one")
        session.screen.key("%", "CTRL|SHIFT|ALT")
        session.until(lambda: len(session.view.tab.panes()) == 2)
        session.settle()
        session.print("two")
        return session.view.placed()[0][1].rect.left

    def test_they_are_darker_until_they_are_active(self, start):
        session = start(self.CONFIG)
        right = self.split(session)
        dark = pack_color((128, 128, 128))
        assert (self.fg(session, 1, 0), self.fg(session, 1, right)) == (dark, 0)
        session.screen.key("LeftArrow", "CTRL|SHIFT")
        session.settle()
        assert (self.fg(session, 1, 0), self.fg(session, 1, right)) == (0, dark)

    def test_what_they_print_is_dark_and_the_rows_of_the_others_stay(self, start):
        session = start(self.CONFIG)
        right = self.split(session)
        left_pane = session.view.placed()[0][0].pane
        program = session.domain.program(left_pane.id)
        drawn = []
        session.screen.on_frame = lambda _frame: drawn.append(list(session.screen.touched_rows))
        program.print("\x1b[3;1H\x1b[38;2;100;0;0mred")
        session.until(lambda: "red" in session.screen.text)
        assert self.fg(session, 3, 0) == pack_color((50, 0, 0))
        assert self.fg(session, 1, 0) == pack_color((128, 128, 128))
        assert self.fg(session, 1, right) == 0
        assert {row for rows in drawn for row in rows} == {3}

    def test_rows_that_another_pane_changed_are_drawn_too(self, start):
        session = start(self.CONFIG)
        self.split(session)
        left_pane = session.view.placed()[0][0].pane
        drawn = set()
        session.screen.on_frame = lambda _frame: drawn.update(session.screen.touched_rows)
        session.screen.is_ready = False
        session.domain.program(left_pane.id).print("\x1b[5;1Hleft")
        session.program.print("\x1b[7;1Hright")
        session.until(lambda: "right" in session.pane.terminal.text()[6])
        session.until(lambda: "left" in left_pane.terminal.text()[4])
        session.screen.is_ready = True
        session.until(lambda: "right" in session.screen.text and "left" in session.screen.text)
        assert {5, 7} <= drawn

    def test_the_colours_of_the_host_count_once_it_has_told(self, start):
        session = start("return {inactive_pane_hsb = { saturation = 1.0, brightness = 0.5 }}")
        self.split(session)
        assert self.fg(session, 1, 0) == 0
        assert session.cell(1, 0)[ATTR] & DIM
        session.screen.handler.on_host_colors((200, 200, 200), (0, 0, 0))
        session.settle()
        assert self.fg(session, 1, 0) == pack_color((100, 100, 100))

    def test_a_selection_in_one_stands_out(self, start):
        session = start(self.CONFIG)
        self.split(session)
        left = session.view.placed()[0][0].pane
        session.view.view_of(left).select_at(SelectionMode.WORD, Point(0, 0), " ")
        session.app.services.request_frame()
        session.settle()
        assert session.cell(1, 0)[ATTR] & REVERSE or session.cell(1, 0)[BG]

    def test_the_window_of_a_zoomed_pane_has_none(self, start):
        session = start(self.CONFIG)
        self.split(session)
        session.screen.key("Z", "CTRL|SHIFT")
        session.settle()
        assert self.fg(session, 1, 0) == 0
