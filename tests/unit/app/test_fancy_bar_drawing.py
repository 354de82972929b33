"""The fancy bar as it is drawn: once for one content, inside its room, and what the pointer is told of it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from perilune.app.bar_options import bar_options, colors_of_bar
from perilune.app.fancy_bar import FancyBar
from perilune.cells.sgr_text import SgrText
from perilune.config.options import Config
from perilune.render.fonts.catalog import FontCatalog
from perilune.render.fonts.font_set import FontSet
from perilune.render.geometry import lay_out
from perilune.render.scene import Scene
from perilune.render.software import draw_scene
from perilune.tabbar import BarInputs, BuiltinTitles, fancy_content


def tab(index, title, *, active):
    pane = SimpleNamespace(title=title, progress="None", is_zoomed=False, has_unseen_output=False)
    return SimpleNamespace(tab_index=index, is_active=active, tab_title="", active_pane=pane, panes=[pane])


class Bar:
    def __init__(self, width=600, scale=1.0, **written):
        self.config, problems = Config.from_mapping(written)
        assert not problems
        self.fonts = FontSet(self.config, FontCatalog([], "ConfigDirsOnly"), 96 * scale)
        self.bar = FancyBar(self.config, self.config.palette, self.fonts)
        self.geometry = self.sized(width)

    def sized(self, width, height=200):
        return lay_out(
            width, height, self.fonts.metrics, self.config, dpi=self.fonts.metrics.dpi,
            fancy_bar_height=self.bar.height, bar_at_bottom=self.config.tab_bar_at_bottom,
        )  # fmt: skip

    def content(self, *titles, active=0, **more):
        tabs = [tab(index, title, active=index == active) for index, title in enumerate(titles)]
        return fancy_content(
            BarInputs(
                0, tabs, BuiltinTitles(), bar_options(self.config, has_window=True, fancy=True),
                colors_of_bar(self.config, fancy=True), **more,
            )
        )  # fmt: skip

    def picture(self, content):
        scene = Scene(self.fonts.atlas, self.geometry.width, self.geometry.height)
        scene.bar = self.bar.draw(content, self.geometry)
        return draw_scene(scene)[..., :3]


def test_the_same_content_is_drawn_once():
    bar = Bar()
    first = bar.bar.draw(bar.content("zsh", "vim"), bar.geometry)
    assert bar.bar.draw(bar.content("zsh", "vim"), bar.geometry) is first
    assert bar.bar.draw(bar.content("zsh", "vim"), bar.sized(600)) is first
    assert bar.bar.layouts == 1
    bar.bar.draw(bar.content("zsh", "vim", hovered=("tab", 1)), bar.geometry)
    bar.bar.draw(bar.content("zsh", "vim", hovered=("tab", 1)), bar.sized(601))
    assert bar.bar.layouts == 3


def test_a_full_atlas_has_it_drawn_again():
    bar = Bar()
    content = bar.content("zsh")
    before = bar.picture(content)
    bar.fonts.atlas.clear()
    assert bar.bar.is_stale
    assert (bar.picture(content) == before).all()
    assert not bar.bar.is_stale


@pytest.mark.parametrize("at_bottom", [False, True])
@pytest.mark.parametrize("width", [1, 7, 40, 300])
def test_nothing_is_drawn_outside_of_its_room(width, at_bottom):
    bar = Bar(
        width, tab_bar_at_bottom=at_bottom, window_decorations="INTEGRATED_BUTTONS|RESIZE",
        window_frame={"font_size": 14.0},
    )  # fmt: skip
    picture = bar.picture(bar.content("Ågjy|", "another", right_status=SgrText("\x1b[41mjj|gg")))
    rect = bar.geometry.fancy_bar
    outside = np.ones(picture.shape[:2], bool)
    outside[rect.y : rect.y + rect.height, rect.x : rect.x + rect.width] = False
    assert not picture[outside].any()
    assert picture[~outside].any()


def test_borders_have_their_colours_and_the_bar_lies_within():
    bar = Bar(
        window_frame={
            "border_left_width": 3, "border_left_color": "#ff0000",
            "border_top_height": 2, "border_top_color": "#00ff00",
            "border_bottom_height": 4, "border_bottom_color": "#0000ff",
        }
    )  # fmt: skip
    picture = bar.picture(bar.content("zsh"))
    assert (picture[:2] == (0, 255, 0)).all()
    assert (picture[-4:] == (0, 0, 255)).all()
    assert (picture[2:-4, :3] == (255, 0, 0)).all()
    assert bar.geometry.fancy_bar[:2] == (3, 2)


def test_a_tab_has_the_background_that_its_title_begins_with():
    class Green:
        def title(self, _tab, _hover, _max_width):
            return SgrText("\x1b[48;2;0;200;0mgreen\x1b[0m plain")

    bar = Bar()
    plain = bar.content("zsh")
    inputs = BarInputs(0, [tab(0, "x", active=True)], Green(), plain.options, plain.colors)
    picture = bar.picture(fancy_content(inputs))
    part = bar.bar.layout.parts[0]
    assert tuple(picture[bar.bar.height - 1, part.x + 2]) == (0, 200, 0)
    assert tuple(picture[bar.bar.height - 1, part.right - 4]) == (0, 200, 0)


def test_window_buttons_are_to_be_seen_on_light_and_dark_bars():
    for background, ink in (("#ffffff", (0, 0, 0)), ("#101010", (255, 255, 255))):
        bar = Bar(
            window_decorations="INTEGRATED_BUTTONS|RESIZE", window_frame={"active_titlebar_bg": background}
        )
        picture = bar.picture(bar.content("zsh"))
        part = next(part for part in bar.bar.layout.parts if part.kind == "window_maximize")
        box = picture[: bar.bar.height, part.x : part.right].reshape(-1, 3)
        assert (box == ink).all(axis=1).any()
    own = Bar(
        window_decorations="INTEGRATED_BUTTONS|RESIZE",
        window_frame={"button_bg": "#123456", "button_hover_bg": "#654321"},
    )
    picture = own.picture(own.content("zsh", hovered=("window_close", None)))
    assert tuple(picture[1, 599]) == (0x65, 0x43, 0x21)
    maximize = next(part for part in own.bar.layout.parts if part.kind == "window_maximize")
    assert tuple(picture[1, maximize.x + 1]) == (0x12, 0x34, 0x56)


def test_a_maximised_window_has_another_button():
    bar = Bar(window_decorations="INTEGRATED_BUTTONS|RESIZE")
    content = bar.content("zsh")
    plain = bar.bar.draw(content, bar.geometry)
    other = bar.bar.draw(content, bar.geometry, is_maximized=True)
    assert plain.tobytes() != other.tobytes()


def test_it_grows_with_the_screens_density():
    assert Bar(scale=2.0).bar.height == pytest.approx(2 * Bar().bar.height, abs=2)
    assert Bar(window_frame={"font_size": 24.0}).bar.height == pytest.approx(2 * Bar().bar.height, abs=2)


def test_the_pointer_is_told_parts_links_and_where_a_dragged_tab_belongs():
    bar = Bar(900)
    link = SgrText("\x1b]8;;perilune:go\x1b\\press\x1b]8;;\x1b\\")
    bar.bar.draw(bar.content("one", "two", "three", right_status=link), bar.geometry)
    parts = {(part.kind, part.tab_index): part for part in bar.bar.layout.parts}
    last = parts["tab", 2]
    target = bar.bar.target(last.close_x - 1, bar.geometry)
    assert (target.part, target.place, target.is_cut) == (("tab", 2), 2, False)
    assert bar.bar.target(last.close_x, bar.geometry).part == ("close_tab", 2)
    status = parts["right_status", None]
    assert bar.bar.target(status.links[0].x, bar.geometry).uri == "perilune:go"
    assert bar.bar.target(status.x, bar.geometry).uri == ""
    # A tab that is pressed is dragged although another is active as long as this layout is shown.
    second = parts["tab", 1]
    bar.bar.target(second.x + 1, bar.geometry, is_press=True)
    assert bar.bar.target(second.x + 2, bar.geometry).place == 1
    bar.bar.draw(bar.content("one", "two", "three", active=2), bar.geometry)
    second = next(part for part in bar.bar.layout.parts if part.tab_index == 1)
    assert bar.bar.target(second.x + 1, bar.geometry).place == 1


def test_without_a_bar_there_is_nothing_to_hit():
    bar = Bar()
    bar.bar.draw(bar.content("zsh"), bar.geometry)
    bar.bar.draw(None, replace(bar.geometry, fancy_bar=None))
    assert bar.bar.layout is None
    assert bar.bar.target(5, bar.geometry).part is None
