from __future__ import annotations


def with_lines(start):
    session = start()
    session.print("\r\n".join(f"line {number} here" for number in range(60)))
    return session


def test_copy_mode_moves_selects_and_copies(start):
    session = with_lines(start)
    session.program.forget()
    session.screen.key("X", "CTRL|SHIFT")
    session.screen.type("k0v")
    session.screen.key("e")
    session.screen.type("y")
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "line"
    assert session.view.view_of(session.pane).overlay is None
    session.settle()
    assert session.program.read() == b""
    session.screen.type("x")
    session.received(b"x")


def test_copy_mode_swallows_what_its_table_has_not(start):
    session = with_lines(start)
    session.program.forget()
    session.screen.key("X", "CTRL|SHIFT")
    session.screen.type("zz")
    session.screen.key("q")
    session.screen.type("x")
    session.received(b"x")


def test_copy_mode_pages_to_the_top_and_leaves_to_the_bottom(start):
    session = with_lines(start)
    session.screen.key("X", "CTRL|SHIFT")
    session.screen.key("g")
    session.until_text("line 0 here")
    assert session.screen.cursor is not None
    session.screen.key("Escape")
    session.until_text("line 59 here")


def test_lines_are_selected_whole(start):
    session = with_lines(start)
    session.screen.key("X", "CTRL|SHIFT")
    session.screen.type("Vky")
    assert session.screen.clipboards["ClipboardAndPrimarySelection"] == "line 58 here\nline 59 here"


def test_jumping_to_a_character(start):
    session = with_lines(start)
    session.screen.key("X", "CTRL|SHIFT")
    session.screen.type("0fe;")
    overlay = session.view.view_of(session.pane).overlay
    assert overlay.col == "line 59 here".index("e", 4)
    session.screen.type(",")
    assert overlay.col == 3


def test_search_finds_upwards_and_shows_how_many(start):
    session = with_lines(start)
    session.program.forget()
    session.screen.key("F", "CTRL|SHIFT")
    session.screen.type("line 3 h")
    session.until_text("Search: line 3 h")
    session.until_text("1/1")
    assert "line 3 here" in session.screen.text
    session.screen.key("u", "CTRL")
    session.screen.type("line 5")
    session.until_text("11/11")
    session.screen.key("Enter")
    session.until_text("10/11")
    session.screen.key("r", "CTRL")
    session.screen.key("Escape")
    session.until(lambda: "Search" not in session.screen.text)
    assert session.program.read() == b""


def test_a_bad_regular_expression_matches_nothing(start):
    session = with_lines(start)
    session.screen.key("F", "CTRL|SHIFT")
    session.screen.type("[")
    session.screen.key("r", "CTRL")
    session.screen.key("r", "CTRL")
    session.until_text("no regex")


def test_scrolling_by_page_and_to_the_ends(start):
    session = with_lines(start)
    session.screen.key("PageUp", "SHIFT")
    session.until(lambda: "line 59" not in session.screen.text)
    session.screen.key("PageDown", "SHIFT")
    session.until_text("line 59")


def test_output_does_not_move_what_is_scrolled_back(start):
    session = with_lines(start)
    session.screen.key("PageUp", "SHIFT")
    session.settle()
    before = session.screen.rows[1:]
    session.program.print("\r\nmore\r\nmore\r\n")
    session.settle()
    assert session.screen.rows[1:] == before


def test_clearing_the_scrollback(start):
    session = with_lines(start)
    session.screen.key("PageUp", "SHIFT")
    session.screen.key("K", "CTRL|SHIFT")
    session.until_text("line 59")
    assert session.pane.terminal.scrollback_rows == 0


def test_copy_mode_says_that_it_is_on(start):
    session = with_lines(start)
    session.screen.key("X", "CTRL|SHIFT")
    session.until(lambda: session.screen.rows[-1].rstrip().endswith("Copy mode"), "the sign")
    assert session.screen.rows[-1].startswith("line 59 here")
    assert session.screen.cursor is not None
    session.screen.key("q")
    session.until(lambda: "Copy mode" not in session.screen.text)


def test_a_slash_in_copy_mode_searches(start):
    session = with_lines(start)
    session.program.forget()
    session.screen.key("X", "CTRL|SHIFT")
    session.screen.type("/line 3 h")
    session.until_text("Search: line 3 h")
    session.until_text("1/1")
    assert "Copy mode" not in session.screen.text
    session.screen.key("Escape")
    session.until(lambda: "Search" not in session.screen.text)
    assert session.program.read() == b""


def test_a_slash_may_be_jumped_to(start):
    session = start()
    session.print("a/b")
    session.screen.key("X", "CTRL|SHIFT")
    session.screen.type("0f/")
    overlay = session.view.view_of(session.pane).overlay
    assert not overlay.is_searching
    assert overlay.col == session.pane.terminal.row_text(overlay.row).index("/")
