from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from perilune.tabbar.room import scroll_window, shares

WIDTHS = st.lists(st.integers(0, 20), min_size=1, max_size=40)


@given(WIDTHS, st.integers(0, 100), st.integers(-3, 50), st.none() | st.integers(0, 39))
def test_a_window_of_tabs_fits_and_holds_the_active_one(widths, room, first, active):
    active = None if active is None else active % len(widths)
    window = scroll_window(widths, room, first, active)
    assert 0 <= window.first <= window.end < len(widths)
    assert window.first <= window.stop <= len(widths)
    shown = widths[window.first : window.stop]
    if shown:
        assert sum(shown[:-1]) + window.last_width <= room
        assert 0 <= window.last_width <= shown[-1]
    if active is not None and room > 0:
        assert window.first <= active
        if 0 < widths[active] <= room:
            assert active < window.stop
            assert active < window.stop - 1 or window.last_width == widths[active], "it is not cut"
    # From the end on, everything fits; before it, something does not.
    assert sum(widths[window.end :]) <= room or window.end == len(widths) - 1
    assert window.end == 0 or sum(widths[window.end - 1 :]) > room


@given(WIDTHS, st.integers(1, 100), st.integers(0, 39))
def test_where_it_was_it_stays(widths, room, active):
    active %= len(widths)
    window = scroll_window(widths, room, 0, active)
    again = scroll_window(widths, room, window.first, active)
    assert again == window


def test_tabs_may_be_left_whole():
    assert scroll_window([5, 5, 5], 12, 0, None, cut_last=False).stop == 2
    assert scroll_window([5, 5, 5], 3, 1, None, cut_last=False).stop == 2, "one is shown whatever the room"


@given(st.integers(-5, 300), st.integers(0, 50))
def test_shares_are_even(room, count):
    found = shares(room, count)
    assert len(found) == count
    assert sum(found) == (max(room, 0) if count else 0)
    assert not found or max(found) - min(found) <= 1
