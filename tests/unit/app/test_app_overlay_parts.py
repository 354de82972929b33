"""What overlays are made of: matching, the line editor, labels, remembered characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.app.overlays.char_select import CharSelectOverlay
from perilune.app.overlays.characters import GROUPS, all_characters, characters_of, describe
from perilune.app.overlays.labels import labels_for
from perilune.app.overlays.line_editor import LineEditor
from perilune.app.overlays.matching import FuzzyIndex
from perilune.app.overlays.prompt import PromptOverlay
from perilune.app.overlays.selector import Choice, SelectorLook, SelectorOverlay
from perilune.app.recent_characters import RecentCharacters
from perilune.base.clock import ManualClock
from perilune.base.geometry import Rect
from perilune.base.input import KeyEvent, Modifiers
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.cells.width import text_width
from perilune.config.assignment import ASSIGNMENTS

CTRL, ALT = Modifiers.CTRL, Modifiers.ALT


def ranked(labels, pattern):
    return [labels[match.number] for match in FuzzyIndex(labels).rank(pattern)]


@pytest.mark.parametrize(
    ("pattern", "first"),
    [
        ("spt", "SpawnTab"),
        ("qs", "QuickSelect"),
        ("copy mode", "CopyMode"),
        ("tpz", "TogglePaneZoomState"),
        ("reload", "ReloadConfiguration"),
    ],
)
def test_the_likeliest_comes_first(pattern, first):
    assert ranked(list(ASSIGNMENTS), pattern)[0] == first


def test_an_exact_run_beats_scattered_letters():
    assert ranked(["s-h-e-l-l x", "my shell", "shelf list"], "shell")[0] == "my shell"
    assert ranked(["foobar", "bar foo"], "bar") == ["bar foo", "foobar"]


@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=6))
def test_what_matches_is_what_has_the_letters_in_their_order(labels, pattern):
    found = FuzzyIndex(labels).rank(pattern)
    assert len({match.number for match in found}) == len(found)
    terms = pattern.lower().split()
    for number, label in enumerate(labels):
        low = "".join(char.lower() if len(char.lower()) == 1 else char for char in label)
        wanted = all(_is_subsequence(term, low) for term in terms if len(term) == len(term.lower()))
        if number in {match.number for match in found}:
            assert wanted or any(len(char.lower()) > 1 for char in pattern)
        elif not any(len(char.lower()) > 1 for char in pattern):
            assert not wanted
    for match in found:
        marked = {labels[match.number][at].lower() for at in match.positions}
        assert marked <= {char for term in terms for char in term} | {char.lower() for char in pattern}


def _is_subsequence(term, text):
    rest = iter(text)
    return all(char in rest for char in term)


@given(st.text("abcdefgh", min_size=1, max_size=8), st.integers(0, 70))
def test_labels_are_no_beginnings_of_each_other(alphabet, count):
    labels = labels_for(alphabet, count)
    given_out = [label for label in labels if label]
    assert len(labels) == count
    assert len(set(given_out)) == len(given_out)
    assert not any(a != b and b.startswith(a) for a in given_out for b in given_out)
    size = len(set(alphabet))
    assert len(given_out) == min(count, size * size)


def press(editor, *keys):
    for chord in keys:
        prefix, _, key = chord.rpartition("-") if len(chord) > 2 else ("", "", chord)
        mods = {"": Modifiers.NONE, "C": CTRL, "A": ALT}[prefix]
        editor.on_key(KeyEvent(key, mods, text=key if len(key) == 1 and not mods else ""))


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        (["C-a", "x", "C-e", "y"], "xone two-threey", 15),
        (["C-w"], "one ", 4),
        (["A-Backspace"], "one two-", 8),
        (["C-w", "C-w", "C-y"], "one two-three", 13),
        (["C-a", "A-d", "A-d", "C-e", "C-y"], "-threeone two", 13),
        (["C-a", "A-f", "C-k"], "one", 3),
        (["A-b", "C-u"], "three", 0),
        (["C-b", "C-b", "C-d", "C-h"], "one two-the", 10),
        (["C-b", "C-b", "C-t"], "one two-there", 12),
        (["Home", "Delete", "End", "Backspace"], "ne two-thre", 11),
    ],
)
def test_a_line_is_edited_as_in_readline(keys, text, cursor):
    editor = LineEditor("one two-three")
    press(editor, *keys)
    assert (editor.text, editor.cursor) == (text, cursor)


def test_wide_characters_and_clusters_are_one_step():
    editor = LineEditor("a漢👩\u200d🚀e\u0301")
    press(editor, "C-b", "C-h")
    assert editor.text == "a漢e\u0301"
    press(editor, "C-b", "C-d")
    assert editor.text == "ae\u0301"


def test_the_history_keeps_the_draft():
    history = ["first", "second"]
    editor = LineEditor("draft", history)
    press(editor, "UpArrow", "UpArrow", "UpArrow")
    assert editor.text == "first"
    press(editor, "DownArrow", "DownArrow", "DownArrow")
    assert editor.text == "draft"
    editor.remember()
    editor.set("draft")
    editor.remember()
    assert history == ["first", "second", "draft"]


@given(st.text("aé漢👩 ", max_size=30), st.integers(1, 12), st.integers(0, 30))
def test_the_shown_part_fits_and_holds_the_cursor(text, width, lefts):
    editor = LineEditor(text)
    press(editor, *["C-b"] * lefts)
    shown, col = editor.shown(width)
    assert text_width(shown) <= width
    assert 0 <= col <= width


def test_picks_are_ranked_by_how_often_and_how_lately(tmp_path):
    clock = ManualClock()
    recent = RecentCharacters(tmp_path / "state" / "recent.tsv", clock)
    assert recent.ranked() == []
    for text in ("☃", "é", "☃", "👩\u200d🚀"):
        recent.note(text)
        clock.advance(1)
    assert recent.ranked()[0] == "☃"
    clock.advance(30 * 86400)
    recent.note("é")
    again = RecentCharacters(tmp_path / "state" / "recent.tsv", clock)
    assert again.ranked()[0] == "é"
    assert set(again.ranked()) == {"☃", "é", "👩\u200d🚀"}


def test_a_broken_file_of_picks_is_no_obstacle(tmp_path):
    file = tmp_path / "recent.tsv"
    file.write_bytes(b"\xff\xfe\nx\ty\tz\n\xe2\x98\x83\t2\t10\nonly\n\t\t\n")
    recent = RecentCharacters(file, ManualClock())
    assert recent.ranked() == ["☃"]


def test_every_group_has_characters_with_names():
    for group in GROUPS:
        if group != "RecentlyUsed":
            found = characters_of(group)
            assert found, group
            assert all(character.text and character.name for character in found)
    names = {character.text: character.name for character in all_characters()}
    assert names["☃"] == "Snowman"
    assert "waving white flag" in describe("🏳️").name or "White Flag" in describe("🏳️").name
    assert describe("\U0001f468\u200d\U0001f680").name


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (4, 3), (11, 4), (80, 24)])
def test_pickers_draw_into_any_rectangle(size):
    cols, rows = size
    choices = [Choice(f"\x1b[1mnumber\x1b[0m {number} 漢字", lambda: None) for number in range(50)]
    overlays = [
        SelectorOverlay("Title", choices, lambda: None, look=SelectorLook(rows=3)),
        SelectorOverlay("Title", choices, lambda: None, fuzzy=True),
        SelectorOverlay("Title", [], lambda: None, look=SelectorLook(alphabet="")),
        PromptOverlay("two\nlines", "漢> ", "initial " * 20, [], lambda: None, lambda _line: None),
        CharSelectOverlay([], None, (0, 0), lambda: None, lambda _text: None),
    ]
    for overlay in overlays:
        buffer = CellBuffer(cols, rows, CellTables())
        for key in ("a", "1", "漢", "Backspace", "PageDown", "End"):
            overlay.on_key(KeyEvent(key, text=key if len(key) == 1 else ""))
            cursor = overlay.draw(buffer, Rect(0, 0, cols, rows))
            assert cursor is None or (0 <= cursor.row < rows and 0 <= cursor.col < cols)
