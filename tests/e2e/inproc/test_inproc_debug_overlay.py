"""ShowDebugOverlay: why did it run."""

from __future__ import annotations

LUA = """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab) return ' <' .. tab.active_pane.title .. '> ' end)
return {}
"""


def test_the_overlay_says_why_a_title_ran_and_goes_with_escape(start):
    session = start(LUA)
    session.until_text("<")
    session.screen.key("L", "CTRL|SHIFT")
    session.until_text("Why callbacks ran")
    assert any("format-tab-title" in row for row in session.screen.rows)
    session.screen.key("Home")
    session.until_text("Log")
    session.screen.key("Escape")
    session.until(lambda: not any("Esc closes" in row for row in session.screen.rows))
