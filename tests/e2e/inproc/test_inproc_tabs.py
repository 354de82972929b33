from __future__ import annotations


def test_the_first_frame_shows_program_bar_and_cursor(start):
    session = start()
    session.until_text("$")
    assert session.bar.startswith(" 1: ")
    assert session.screen.rows[1] == "$"
    session.until(lambda: session.screen.cursor is not None and session.screen.cursor.col == 2)
    assert session.screen.cursor.row == 1


def test_typed_text_reaches_the_program(start):
    session = start()
    session.screen.type("echo Hi\n")
    session.received(b"echo Hi\r")


def test_new_tabs_are_numbered_switched_moved_and_closed(start):
    session = start()
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: "2: " in session.bar)
    assert session.view.window.active_index == 1
    session.screen.key("Tab", "CTRL")
    assert session.view.window.active_index == 0
    session.screen.key("Tab", "CTRL|SHIFT")
    assert session.view.window.active_index == 1
    first, second = session.view.window.tabs
    session.screen.key("PageUp", "CTRL|SHIFT")
    assert session.view.window.tabs == [second, first]
    session.screen.key("1", "SUPER")
    assert session.view.tab is second
    session.screen.key("9", "SUPER")
    assert session.view.tab is first
    session.screen.key("w", "SUPER")
    session.until(lambda: session.tab_count == 1)
    session.until(lambda: "2: " not in session.bar)


def test_the_program_ends_with_its_last_pane(start):
    session = start()
    stops = []
    session.loop.stop = lambda: stops.append(True)
    session.program.exit(0)
    session.until(lambda: stops)


def test_each_tab_shows_its_own_program(start):
    session = start()
    session.print("in the first")
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: "in the first" not in session.screen.text)
    session.print("in the second")
    assert "in the second" in session.screen.text
    session.screen.key("Tab", "CTRL")
    session.until_text("in the first")
    assert "in the second" not in session.screen.text


def test_the_bar_hides_with_one_tab_and_comes_back(start):
    session = start("return { hide_tab_bar_if_only_one_tab = true }")
    session.until_text("$")
    assert session.screen.rows[0] == "$"
    assert session.program.sizes[-1].rows == 12
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: "2: " in session.bar)
    assert session.pane.terminal.rows == 11
    session.screen.key("W", "CTRL|SHIFT")
    session.until(lambda: session.screen.rows[0] == "$")
    assert session.pane.terminal.rows == 12


def test_the_bar_at_the_bottom(start):
    session = start("return { tab_bar_at_bottom = true }")
    session.until_text("$")
    assert session.screen.rows[0] == "$"
    assert session.screen.rows[-1].startswith(" 1: ")


def test_a_window_is_spawned_shown_and_left_again(start):
    session = start()
    first = session.view
    session.print("window one")
    session.screen.key("n", "SUPER")
    session.until(lambda: session.view is not first)
    session.until(lambda: "window one" not in session.screen.text)
    session.program.exit(0)
    session.until(lambda: session.view is first)
    session.until_text("window one")


def test_output_of_a_hidden_tab_makes_no_frame(start):
    session = start()
    hidden = session.program
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 2)
    hidden.print("one")
    session.settle()
    frames = session.screen.frames
    terminal = session.view.window.tabs[0].active_pane.terminal
    before = terminal.seqno
    hidden.print("two")
    session.until(lambda: terminal.seqno != before)
    session.settle()
    assert session.screen.frames == frames
