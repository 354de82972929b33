from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perilune.app.implicit_links import implicit_link, link_in_text
from perilune.config.options.terminal import DEFAULT_HYPERLINK_RULES, HyperlinkRule
from perilune.vt import Terminal


def link(text, needle, rules=DEFAULT_HYPERLINK_RULES):
    return link_in_text(text, text.index(needle), rules)


@pytest.mark.parametrize(
    ("text", "needle", "uri"),
    [
        ("at https://a.org/x.", "a.org", "https://a.org/x"),
        ("at https://a.org/x.", "at", None),
        ("(https://a.org)", "https", "https://a.org"),
        ("(https://a.org)", "(", None),
        ("https://en.wiki/A_(b) x", "(b", "https://en.wiki/A_(b)"),
        ("write joe@mail.example.org now", "joe", "mailto:joe@mail.example.org"),
        ("a://b c://dd", "dd", "c://dd"),
        ("", "", None),
    ],
)
def test_default_rules(text, needle, uri):
    assert link(text, needle) == uri


def test_rules_of_the_user():
    rules = [
        HyperlinkRule(regex="[", format="bad"),
        HyperlinkRule(regex="x", format="no such group", highlight=3),
        HyperlinkRule(regex=r"\b[tT](\d+)(-(\d+))?\b", format="https://t/?t=$1&c=$3$7"),
    ]
    assert link("see T123 ", "T1", rules) == "https://t/?t=123&c="
    assert link("see T123-4 ", "T1", rules) == "https://t/?t=123&c=4"
    assert link("x", "x", rules) is None


def test_a_line_that_wraps_is_one_line_and_wide_characters_count():
    terminal = Terminal(10, 4, scrollback=100)
    terminal.feed("日本 http://example.org/path end".encode())
    uri = "http://example.org/path"
    found = {
        (row, col): implicit_link(terminal, row, col, DEFAULT_HYPERLINK_RULES)
        for row in range(4)
        for col in range(10)
    }
    assert [place for place, value in found.items() if value == uri] == [
        (row, col) for row, col in found if 5 <= row * 10 + col < 5 + len(uri)
    ]
    assert set(found.values()) == {None, uri}


def test_a_row_that_is_gone_or_a_column_outside_has_none():
    terminal = Terminal(10, 2, scrollback=0)
    terminal.feed(b"http://a.b\r\n" * 3)
    for place in ((-5, 0), (0, 0), (99, 0), (2, 99), (2, -1)):
        assert implicit_link(terminal, *place, DEFAULT_HYPERLINK_RULES) is None


@given(st.text(alphabet="ab:/.@()<> -_", max_size=60), st.data())
def test_a_link_is_made_of_what_was_clicked(text, data):
    at = data.draw(st.integers(0, max(len(text) - 1, 0)))
    found = link_in_text(text, at, DEFAULT_HYPERLINK_RULES)
    if found is not None:
        body = found.removeprefix("mailto:")
        starts = [n for n in range(len(text)) if text.startswith(body, n)]
        assert any(start <= at < start + len(body) for start in starts)
