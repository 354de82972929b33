from __future__ import annotations

import pytest


def test_the_program_is_told_its_new_size(start):
    session = start()
    session.screen.resize(33, 9)
    session.settle()
    assert (session.program.sizes[-1].cols, session.program.sizes[-1].rows) == (33, 8)
    assert session.screen.frame.buffer.cols == 33


@pytest.mark.parametrize(("cols", "rows"), [(1, 1), (2, 1), (1, 2), (3, 3), (5, 2)])
def test_no_size_is_too_small(start, cols, rows):
    session = start("require('wezterm').on('format-tab-title', function() return '漢字' end) return {}")
    session.screen.key("%", "CTRL|SHIFT|ALT")
    session.screen.key('"', "CTRL|SHIFT|ALT")
    session.screen.key("T", "CTRL|SHIFT")
    session.settle()
    for size in ((cols, rows), (60, 12), (cols, rows)):
        session.screen.resize(*size)
        session.settle()
        session.screen.mouse(0, 0)
        session.screen.click(rows - 1, cols - 1)
        session.print("漢字text\r\n")
    session.screen.key("X", "CTRL|SHIFT")
    session.settle()
    session.screen.key("F", "CTRL|SHIFT")
    session.settle()
    session.screen.key("P", "CTRL|SHIFT")
    session.settle()
    session.screen.resize(60, 12)
    session.screen.key("Escape")
    session.settle()
    assert session.screen.frame.buffer.rows == 12


def test_a_question_fits_into_any_size(start):
    session = start()
    session.program.is_busy = True
    session.screen.key("W", "CTRL|SHIFT")
    for size in ((30, 5), (10, 3), (4, 2), (1, 1), (60, 12)):
        session.screen.resize(*size)
        session.settle()
    assert "Really close" in session.screen.text


def test_idle_means_no_frame_and_no_timer(start):
    session = start()
    session.settle()
    session.clock.advance(5)
    session.settle()
    frames = session.screen.frames
    for _ in range(20):
        session.turn(1.0)
    assert session.screen.frames == frames
    # Without a title handler or a status handler nothing is armed: the loop would sleep for good.
    assert session.loop._sleep_time(None) is None


def test_many_changes_between_two_frames_are_one_frame(start):
    session = start()
    session.settle()
    frames = session.screen.frames
    for number in range(100):
        session.program.print(f"{number}\r\n")
        session.loop.run_once(0)
    assert session.screen.frames - frames <= 2


def test_a_front_end_that_is_not_ready_gets_the_newest_picture_later(start):
    session = start()
    session.settle()
    session.screen.is_ready = False
    frames = session.screen.frames
    session.program.print("one\r\n")
    session.program.print("two\r\n")
    session.settle()
    assert session.screen.frames == frames
    session.screen.is_ready = True
    session.screen.on_ready()
    session.until_text("two")


def test_a_synchronised_update_shows_its_old_picture_until_it_ends(start):
    session = start()
    session.print("old")
    session.set_modes("\x1b[?2026h")
    session.program.print("\x1b[2J\x1b[Hnew")
    terminal = session.pane.terminal
    session.until(lambda: terminal.text()[0] == "new" or session.clock.monotonic() > 1e9)
    assert "old" in session.screen.text
    session.program.print("\x1b[?2026l")
    session.until_text("new")


def test_a_program_that_opens_its_next_update_at_once_is_seen(start, monkeypatch):
    monkeypatch.setattr("perilune.app.frame_maker._SYNCHRONIZED_SECONDS", 1e9)
    session = start()
    session.print("old")
    session.set_modes("\x1b[?2026h")

    def repainted():
        session.program.print("\x1b[2J\x1b[Hnew\x1b[?2026l\x1b[?2026h")
        return "new" in session.screen.text

    session.until(repainted)
    assert session.pane.terminal.is_synchronized


def test_a_synchronised_update_that_stays_open_times_out(start):
    session = start()
    session.print("old")
    session.set_modes("\x1b[?2026h")
    session.program.print("\x1b[2J\x1b[Hnew")
    session.until_text("new")
    assert not session.pane.terminal.is_synchronized


def test_osc_52_reaches_the_front_end_and_reading_is_refused(start):
    session = start()
    session.settle()
    session.program.forget()
    session.program.print("\x1b]52;c;aGVsbG8=\x07")
    session.until(lambda: session.screen.clipboards.get("Clipboard") == "hello")
    session.program.print("\x1b]52;c;?\x07")
    session.program.print("\x1b]9;note\x07")
    session.until(lambda: session.screen.notifications)
    session.received(b"\x1b]52;c;\x07")
    assert session.screen.notifications[0][1] == "note"


def test_focus_is_told_to_the_program(start):
    session = start()
    session.set_modes("\x1b[?1004h")
    session.program.forget()
    session.screen.focus(False)
    session.screen.focus(True)
    session.received(b"\x1b[O\x1b[I")
