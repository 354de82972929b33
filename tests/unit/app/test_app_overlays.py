from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.app.overlays.confirm import ConfirmOverlay
from perilune.app.overlays.error_panel import ErrorPanel
from perilune.app.overlays.panel import clip_text, panel_rect, wrap_text
from perilune.app.overlays.selector import Choice, SelectorOverlay
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, Modifiers, MouseButton, MouseEvent, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.cells.width import text_width


def screen(cols=40, rows=10):
    return CellBuffer(cols, rows, CellTables())


def key(name, mods=Modifiers.NONE):
    return KeyEvent(name, mods, text=name if len(name) == 1 and not mods else "")


@given(st.text(max_size=60), st.integers(0, 20))
def test_wrapped_and_clipped_text_fits(text, width):
    assert all(text_width(line) <= max(width, 2) for line in wrap_text(text, width))
    assert text_width(clip_text("".join(char for char in text if char.isprintable()), width)) <= width


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 99), st.integers(1, 99))
def test_a_panel_lies_inside(width, height, wanted_width, wanted_height):
    rect = panel_rect(Rect(3, 4, width, height), wanted_width, wanted_height)
    assert rect.left >= 3
    assert rect.top >= 4
    assert rect.right <= 3 + width
    assert rect.bottom <= 4 + height


@pytest.mark.parametrize(("name", "answer"), [("y", True), ("Enter", True), ("n", False), ("Escape", False)])
def test_a_question_is_answered_once(name, answer):
    answers = []
    overlay = ConfirmOverlay("Really?", answers.append)
    overlay.on_key(key(name))
    overlay.on_key(key("y"))
    overlay.on_removed()
    assert answers == [answer]


def test_removing_a_question_means_no():
    answers = []
    ConfirmOverlay("Really?", answers.append).on_removed()
    assert answers == [False]


@pytest.mark.parametrize("size", [(40, 10), (12, 3), (3, 2), (1, 1)])
def test_overlays_draw_into_any_rectangle(size):
    cols, rows = size
    choices = [Choice(f"number {number} 漢字", lambda: None) for number in range(20)]
    for overlay in (
        ConfirmOverlay("A program is running in this pane. Really close it?", lambda _: None),
        ErrorPanel("Title", "file.lua:3: a long message that does not fit\nmore\n" * 5, "hint", lambda: None),
        SelectorOverlay("Title", choices, lambda: None),
        SelectorOverlay("Title", [], lambda: None),
    ):
        buffer = screen(cols, rows)
        cursor = overlay.draw(buffer, Rect(0, 0, cols, rows))
        assert cursor is None or (0 <= cursor.row < rows and 0 <= cursor.col < cols)


def test_a_list_is_narrowed_moved_through_and_chosen_from():
    chosen, closed = [], []
    names = ["alpha", "beta", "gamma", "delta"]
    choices = [Choice(name, lambda name=name: chosen.append(name)) for name in names]
    selector = SelectorOverlay("List", choices, lambda: closed.append(True), fuzzy=True)
    selector.on_key(key("DownArrow"))
    for char in "ta":
        selector.on_key(key(char))
    assert selector.labels == ["beta", "delta"]
    selector.on_key(key("UpArrow"))  # wraps
    selector.on_key(key("Enter"))
    assert (chosen, closed) == (["delta"], [True])


def test_a_digit_chooses_at_once_and_a_click_too():
    chosen = []
    choices = [Choice(str(number), lambda number=number: chosen.append(number)) for number in range(5)]
    SelectorOverlay("List", choices, lambda: None).on_key(key("3"))
    selector = SelectorOverlay("List", choices, lambda: None)
    buffer = screen()
    selector.draw(buffer, Rect(0, 0, 40, 10))
    row = next(number for number, text in enumerate(buffer.text()) if "2. 1" in text)
    selector.on_mouse(MouseEvent(row, 20, MouseButton.LEFT, MouseKind.PRESS), Rect(0, 0, 40, 10))
    assert chosen == [2, 1]


def test_a_long_list_scrolls_with_the_selection():
    selector = SelectorOverlay(
        "List", [Choice(f"<{number}>", lambda: None) for number in range(50)], lambda: None
    )
    for _ in range(30):
        selector.on_key(key("DownArrow"))
    buffer = screen()
    selector.draw(buffer, Rect(0, 0, 40, 10))
    assert any("<30>" in row for row in buffer.text())
    assert not any("<0>" in row for row in buffer.text())


def test_a_long_error_is_scrolled_and_keys_of_the_shell_go_on():
    dismissed = []
    panel = ErrorPanel(
        "Error", "\n".join(f"line {n}" for n in range(30)), "hint", lambda: dismissed.append(1)
    )
    buffer = screen()
    panel.draw(buffer, Rect(0, 0, 40, 10))
    assert panel.on_key(key("DownArrow"))
    panel.draw(buffer, Rect(0, 0, 40, 10))
    assert not any("line 0" in row for row in buffer.text())
    assert not panel.on_key(key("l"))
    assert dismissed == [1]


def test_a_panel_about_options_goes_with_the_first_key_and_takes_none():
    dismissed = []
    panel = ErrorPanel("Problems", "x\n" * 50, "hint", lambda: dismissed.append(1), uses_keys=False)
    panel.draw(screen(), Rect(0, 0, 40, 10))
    assert not panel.on_key(key("Escape"))
    assert dismissed == [1]
