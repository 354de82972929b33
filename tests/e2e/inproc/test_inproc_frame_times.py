"""ShowFrameTimes: what is shown beside the work must not make frames longer."""

from __future__ import annotations

LUA = """
local wezterm = require 'wezterm'
return { keys = { { key = 'F2', action = wezterm.action.ShowFrameTimes } } }
"""


def test_frames_below_the_times_are_composed_in_part(start):
    session = start(LUA, cols=80, rows=20)
    session.screen.key("F2")
    session.until_text("frame times are counted in a window only")
    composer = next(iter(session.app._frames._composers.values()))
    number = session.probe("frames")
    whole = []

    def printed() -> bool:
        session.print("x")
        if session.probe("frames") > number:
            whole.append(composer.is_full)  # those of refreshing the times are
        return False in whole

    session.until(printed, "a frame of the rows that changed alone")
    assert any("frame times are counted" in row for row in session.screen.rows)
