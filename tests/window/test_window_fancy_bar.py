"""The fancy tab bar of a real window: tabs are clicked, closed, dragged and opened by the mouse."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from perilune.app.bar_options import bar_options, colors_of_bar
from perilune.app.fancy_bar import FancyBar
from perilune.cells.line import Line
from perilune.config.options import Config
from perilune.render.fonts.catalog import FontCatalog
from perilune.render.fonts.font_set import FontSet
from perilune.render.geometry import lay_out
from perilune.render.scene import Scene
from perilune.render.software import draw_scene
from perilune.tabbar.fancy import FancyContent, FancyTab
from window.test_window_session import NOTING, ready, sizes, typed, wait_size
from window.x_display import Window, wait_for

pytestmark = pytest.mark.slow
TOLERANCE = 3  # of 255: rounding

LUA = """
local wezterm = require 'wezterm'
local act = wezterm.action
wezterm.on('format-tab-title', function(tab)
  return 'tab ' .. tab.active_pane.pane_id
end)
wezterm.on('mux-is-process-stateful', function() return false end)
return {
  default_prog = { os.getenv 'NOTING_PYTHON', 'noting.py' },
  keys = {
    { key = 'F5', action = act.ActivateTab(0) },
    { key = 'F6', action = act.ActivateTab(-1) },
  },
  drag_tabs = true,
  window_close_confirmation = 'NeverPrompt',
}
"""


class Bar:
    """Where the parts of the bar are, as the window lays them out."""

    def __init__(self, window: Window) -> None:
        self.window = window
        self.config = Config()
        self.fonts = FontSet(self.config, FontCatalog(), 96)
        self.bar = FancyBar(self.config, self.config.palette, self.fonts)

    def at(self, panes: list[int], active: int, kind: str, index: int | None = None) -> tuple[float, float]:
        """The middle of a part, once the window shows a bar with tabs of these panes."""
        _, _, width, height = self.window.geometry()
        colors = colors_of_bar(self.config, fancy=True)
        tabs = tuple(
            FancyTab(Line.from_text(f"tab {pane}", style), style, style is colors.active_tab)
            for place, pane in enumerate(panes)
            for style in [colors.active_tab if place == active else colors.inactive_tab]
        )
        content = FancyContent(
            tabs, Line(), Line(), bar_options(self.config, has_window=True, fancy=True), colors
        )
        geometry = lay_out(
            width, height, self.fonts.metrics, self.config, dpi=96, fancy_bar_height=self.bar.height
        )
        scene = Scene(self.fonts.atlas, width, height)
        scene.bar = self.bar.draw(content, geometry)
        expected = draw_scene(scene)[: self.bar.height, :, :3].astype(int)

        def is_shown(picture) -> bool:
            strip = np.asarray(picture)[: self.bar.height].astype(int)
            return strip.shape == expected.shape and np.abs(strip - expected).max() <= TOLERANCE

        # Without the pointer over it; a click before the bar is drawn would be one on the last bar.
        self.window.move_to(width / 2, height / 2)
        self.window.wait_picture(is_shown, f"a bar with tabs {panes}")
        layout = self.bar.layout
        assert layout is not None
        wanted = "tab" if kind == "close_tab" else kind
        part = next(part for part in layout.parts if (part.kind, part.tab_index) == (wanted, index))
        if kind == "close_tab":
            return part.close_x + part.close_width / 2, layout.height / 2
        end = part.close_x if part.close_width else part.right
        return (part.x + end) / 2, layout.height / 2


@pytest.fixture
def window(open_window) -> Window:
    found = open_window(lua=LUA, files={"noting.py": NOTING}, NOTING_PYTHON=sys.executable)
    ready(found, 0)
    return found


def say(window: Window, pane: int, text: str) -> None:
    """Type, and see that it came to this pane."""
    window.type(text)
    window.key("Return")
    typed(window, pane, text)


def test_tabs_are_opened_activated_dragged_and_closed_by_the_mouse(window):
    bar = Bar(window)
    window.click(*bar.at([0], 0, "new_tab"))
    ready(window, 1)
    say(window, 1, "one")
    window.click(*bar.at([0, 1], 1, "new_tab"))
    ready(window, 2)
    say(window, 2, "two")
    window.click(*bar.at([0, 1, 2], 2, "tab", 0))
    say(window, 0, "zero")
    # To the last place; F5 then goes to the one that was the second.
    window.drag(bar.at([0, 1, 2], 0, "tab", 0), bar.at([0, 1, 2], 0, "tab", 2))
    say(window, 0, "dragged")
    window.key("F5")
    say(window, 1, "first of all")
    window.key("F6")
    say(window, 0, "last of all")
    window.click(*bar.at([1, 2, 0], 2, "close_tab", 1))
    window.key("F5")
    say(window, 1, "still there")
    window.click(*bar.at([1, 0], 0, "close_tab", 0))
    say(window, 0, "the last one")
    window.click(*bar.at([0], 0, "close_tab", 0))
    wait_for(lambda: window.process.poll() is not None, "the end")
    assert window.process.returncode == 0, window.said()


def test_the_bar_comes_with_the_second_tab_and_takes_its_room_from_the_panes(open_window):
    lua = LUA.replace(
        "drag_tabs = true",
        "hide_tab_bar_if_only_one_tab = true, adjust_window_size_when_changing_font_size = false",
    ).replace("keys = {", "keys = { { key = 'F3', action = act.SpawnTab 'CurrentPaneDomain' },")
    window = open_window(lua=lua, files={"noting.py": NOTING}, NOTING_PYTHON=sys.executable)
    ready(window, 0)
    before, _ = sizes(window, 0)[-1]
    window.key("F3")
    ready(window, 1)
    height = Bar(window).bar.height
    cell = window.geometry()[3] // (before + 1)
    rows = before - -(-height // cell)
    wait_size(window, 1, lambda found, _cols: before > found >= rows, "the smaller size")
    wait_size(window, 0, lambda found, _cols: before > found >= rows, "the smaller size of the other tab")
    window.key("ctrl+d")
    wait_size(window, 0, lambda found, _cols: found == before, "the old size")


def test_the_tab_under_the_pointer_is_drawn_as_such(window):
    bar = Bar(window)
    window.click(*bar.at([0], 0, "new_tab"))
    ready(window, 1)
    x, y = bar.at([0, 1], 1, "tab", 0)
    hover = (0x1F, 0x1F, 0x1F)
    corner = (int(bar.at([0, 1], 1, "close_tab", 0)[0]), bar.bar.height - 2)
    window.wait_picture(lambda picture: picture.getpixel(corner) != hover, "a tab like any other")
    window.move_to(x, y)
    window.wait_picture(lambda picture: picture.getpixel(corner) == hover, "the tab pointed at")
    window.move_to(x, 300)
    window.wait_picture(lambda picture: picture.getpixel(corner) != hover, "the tab left again")
