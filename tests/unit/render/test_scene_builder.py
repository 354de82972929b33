"""Scenes: only what changed is rebuilt and told, compiled and uncompiled rows agree, damage is enough."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import perilune.render.rows as rows_module
from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import (
    BLINK_SLOW,
    BOLD,
    CLUSTER,
    DIM,
    EXTRA_SHIFT,
    INVISIBLE,
    ITALIC,
    REVERSE,
    UNDERLINE_SHIFT,
    Extra,
    pack_color,
)
from perilune.cells.tables import CellTables
from perilune.config.options import Config
from perilune.render.colors import ColorTables
from perilune.render.fonts.catalog import FontCatalog
from perilune.render.fonts.font_set import FontSet
from perilune.render.frame import Frame, FrameCursor, FramePane
from perilune.render.geometry import lay_out, window_pixels
from perilune.render.scene import INSTANCE, KIND_MASK, MASK, SOLID
from perilune.render.scene_builder import SceneBuilder, SceneLive, scroll_thumb
from perilune.render.software import SoftwareRenderer, draw_scene

CATALOG = FontCatalog((), "ConfigDirsOnly")
COLS, ROWS = 24, 5


def config_of(**table):
    config, problems = Config.from_mapping(table)
    assert problems == []
    return config


PLAIN = config_of()
FONTS = FontSet(PLAIN, CATALOG, 96)


class Screen:
    """A buffer and its scenes."""

    def __init__(self, config=PLAIN, fonts=FONTS, cols=COLS, rows=ROWS):
        self.buffer = CellBuffer(cols, rows, CellTables())
        self.builder = SceneBuilder(config, config.palette, fonts)
        width, height = window_pixels(cols, rows, fonts.metrics, config, dpi=96)
        self.geometry = lay_out(width, height, fonts.metrics, config, dpi=96)
        self.cursor = None
        self.panes = ()
        self.has_overlay = False

    def frame(self):
        return Frame(1, self.buffer, self.cursor, "", panes=self.panes, has_overlay=self.has_overlay)

    def update(self, **live):
        return self.builder.update(self.frame(), SceneLive(self.geometry, **live))


def glyphs(scene, row):
    return scene.glyphs[row, : int(scene.glyph_counts[row])]


def backgrounds(scene, row):
    return scene.backgrounds[row, : int(scene.background_counts[row])]


def test_only_touched_rows_are_rebuilt_and_the_marks_are_cleared():
    screen = Screen()
    first = screen.update()
    assert first.is_all_changed
    assert first.changed_rows == list(range(ROWS))
    assert not any(screen.buffer.touched)
    serial = first.layout_serial
    screen.buffer.put_text(3, 2, "abc")
    scene = screen.update()
    assert (scene.changed_rows, scene.is_all_changed, scene.damage) == ([3], False, [])
    assert scene.layout_serial == serial
    assert len(glyphs(scene, 3)) == 3
    scene = screen.update()
    assert (scene.changed_rows, scene.damage) == ([], [])


def test_another_buffer_geometry_palette_or_pane_layout_is_all_new():
    screen = Screen()
    screen.update()
    screen.buffer = CellBuffer(COLS, ROWS, screen.buffer.tables)
    assert screen.update().is_all_changed
    screen.geometry = lay_out(900, 700, FONTS.metrics, PLAIN, dpi=96)
    assert screen.update().is_all_changed
    assert not screen.update().is_all_changed
    screen.builder.configure(PLAIN, config_of(colors={"background": "#112233"}).palette, FONTS)
    scene = screen.update()
    assert scene.is_all_changed
    assert scene.clear[:3] == (0x11 / 255, 0x22 / 255, 0x33 / 255)
    rects = (Rect(0, 0, 10, ROWS), Rect(11, 0, 13, ROWS))
    screen.panes = (FramePane(0, rects[0], True), FramePane(1, rects[1], False))
    assert screen.update().is_all_changed
    screen.panes = (FramePane(0, rects[0], False), FramePane(1, rects[1], True))
    assert screen.update().is_all_changed
    assert not screen.update().is_all_changed


def test_equal_backgrounds_are_one_span_and_the_default_is_none():
    screen = Screen()
    screen.buffer.put_text(0, 2, "abcd", bg=pack_color((1, 2, 3)))
    screen.buffer.put_text(0, 6, "ef", bg=pack_color(1))
    scene = screen.update()
    found = backgrounds(scene, 0)
    width = FONTS.metrics.width
    left = screen.geometry.left
    assert [(int(one["x"]), int(one["w"])) for one in found] == [
        (left + 2 * width, 4 * width), (left + 6 * width, 2 * width),
    ]  # fmt: skip
    assert found["rgba"][0].tolist() == [1, 2, 3, 255]
    assert len(backgrounds(scene, 1)) == 0


def test_a_cursor_that_moves_rebuilds_both_rows_and_one_that_blinks_none():
    screen = Screen()
    screen.buffer.put_text(1, 0, "a => b")
    screen.cursor = FrameCursor(0, 0)
    screen.update()
    screen.cursor = FrameCursor(1, 3)
    scene = screen.update()
    assert scene.changed_rows == [0, 1]
    assert len(scene.damage) == 2
    scene = screen.builder.live_only(SceneLive(screen.geometry, alpha_cursor=0.5))
    assert scene.changed_rows == []
    assert scene.alpha_cursor == 0.5
    assert [(rect.x, rect.y) for rect in scene.damage] == [screen.geometry.cell_rect(1, 3)[:2]]


def test_a_ligature_breaks_under_the_cursor_and_joins_again():
    screen = Screen()
    screen.buffer.put_text(0, 0, "x => y")
    joined = glyphs(screen.update(), 0).copy()
    screen.cursor = FrameCursor(0, 3)
    broken = glyphs(screen.update(), 0).copy()
    assert len(joined) == 3  # x, the arrow, y
    assert len(broken) == 4
    screen.cursor = FrameCursor(4, 0)
    assert glyphs(screen.update(), 0).tobytes() == joined.tobytes()


def test_blinking_text_is_damage_when_its_phase_changes():
    screen = Screen()
    screen.buffer.put_text(2, 0, "blink", attr=BLINK_SLOW)
    assert screen.update().has_blinking_text
    scene = screen.builder.live_only(SceneLive(screen.geometry, alpha_slow=0.25))
    assert [rect.y for rect in scene.damage] == [screen.geometry.row_top(2)]
    screen.buffer.fill(2, 0, COLS, 1)
    assert not screen.update().has_blinking_text


def test_a_hovered_link_is_underlined_everywhere_it_stands():
    screen = Screen()
    number = screen.buffer.tables.extra_id(Extra("https://a.example", "1"))
    other = screen.buffer.tables.extra_id(Extra("https://b.example", "2"))
    screen.buffer.put_text(0, 0, "here", attr=number << EXTRA_SHIFT)
    screen.buffer.put_text(2, 0, "there", attr=number << EXTRA_SHIFT)
    screen.buffer.put_text(3, 0, "not", attr=other << EXTRA_SHIFT)

    def lines(scene, row):
        found = glyphs(scene, row)
        return int((found["flags"] & KIND_MASK == SOLID).sum())

    assert lines(screen.update(), 0) == 0
    scene = screen.update(hovered_link=("https://a.example", "1"))
    assert [lines(scene, row) for row in (0, 2, 3)] == [4, 5, 0]
    scene = screen.update()
    assert [lines(scene, row) for row in (0, 2, 3)] == [0, 0, 0]


def test_hidden_text_leaves_nothing_and_missing_glyphs_are_boxes():
    screen = Screen()
    screen.buffer.put_text(0, 0, "secret", attr=INVISIBLE | 1 << UNDERLINE_SHIFT)
    screen.buffer.put_text(1, 0, "\U0010fffd")
    scene = screen.update()
    assert len(glyphs(scene, 0)) == 0
    assert (glyphs(scene, 1)["flags"] & KIND_MASK).tolist() == [MASK]


def test_a_full_atlas_begins_anew_without_anybody_noticing():
    fonts = FontSet(PLAIN, CATALOG, 96)
    screen = Screen(fonts=fonts)
    screen.buffer.put_text(0, 0, "abc => def")
    expected = draw_scene(screen.update())
    fonts.atlas.clear()
    screen.buffer.put_text(1, 0, "\u0416")  # something new, so that the fonts notice
    screen.buffer.fill(1, 0, COLS, 1)
    screen.buffer.put_text(1, 0, "\u0416")
    scene = screen.update()
    assert scene.is_all_changed
    screen.buffer.fill(1, 0, COLS, 1)
    assert np.array_equal(draw_scene(screen.update()), expected)


def test_the_scroll_bars_thumb():
    pane = FramePane(0, Rect(0, 0, 80, 20), True, top=180, first=0, end=200)
    track = screen_track = (100, 0, 10, 400)
    del track
    from perilune.render.scene import PixelRect

    track = PixelRect(*screen_track)
    assert scroll_thumb(track, pane, 11) == (100, 360, 10, 40)
    assert scroll_thumb(track, FramePane(0, pane.rect, True, top=0, first=0, end=200), 11)[1] == 0
    assert scroll_thumb(track, FramePane(0, pane.rect, True, top=0, first=0, end=20), 11) is None
    assert scroll_thumb(track, FramePane(0, pane.rect, True, top=9e6, first=0, end=10**7), 11).height == 11


CHARS = st.sampled_from(
    ["a", "i", "-", ">", "=", " ", "─", "口", "e\u0301", "\U0001f680", "\ue0b0", "\u0e01", "www", "\uea60"]
)
COLORS = st.sampled_from([None, 1, 9, 200, (10, 200, 90)]).map(pack_color)
ATTRS = st.sampled_from(
    [0, BOLD, ITALIC, REVERSE, 1 << UNDERLINE_SHIFT, 3 << UNDERLINE_SHIFT, BLINK_SLOW, INVISIBLE]
)
EDITS = st.lists(
    st.tuples(st.integers(0, ROWS - 1), st.integers(0, COLS - 1), CHARS, COLORS, COLORS, ATTRS), max_size=12
)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(EDITS, min_size=1, max_size=4), st.lists(st.integers(0, ROWS * COLS - 1), min_size=4, max_size=4)
)
def test_drawing_the_damage_alone_gives_the_whole_picture(frames, cursors):
    screen = Screen()
    renderer = SoftwareRenderer()
    for edits, place in zip(frames, cursors, strict=False):
        for row, col, text, fg, bg, attr in edits:
            screen.buffer.put_text(row, col, text, fg, bg, attr)
        screen.cursor = FrameCursor(place // COLS, place % COLS)
        scene = screen.update()
        assert np.array_equal(renderer.draw(scene), draw_scene(scene))
    # What was built row by row is what building everything gives.
    kept = draw_scene(scene)
    fresh = SceneBuilder(PLAIN, PLAIN.palette, FONTS)
    assert np.array_equal(draw_scene(fresh.update(screen.frame(), SceneLive(screen.geometry))), kept)


@settings(max_examples=30, deadline=None)
@given(EDITS)
def test_no_instance_leaves_its_rows_band(edits):
    screen = Screen()
    for row, col, text, fg, bg, attr in edits:
        screen.buffer.put_text(row, col, text, fg, bg, attr)
    scene = screen.update()
    for row in range(ROWS):
        for found in (glyphs(scene, row), backgrounds(scene, row)):
            assert (found["y"] >= scene.row_top(row)).all()
            assert (found["y"].astype(int) + found["h"] <= scene.row_top(row) + scene.cell_height).all()


@pytest.fixture(scope="module")
def uncompiled():
    """`rows` as plain Python."""
    path = Path(rows_module.__file__).with_name("rows.py")
    spec = importlib.util.spec_from_file_location("uncompiled_rows", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["uncompiled_rows"] = module
    yield module, spec.loader.exec_module(module)
    del sys.modules["uncompiled_rows"]


@settings(max_examples=25, deadline=None)
@given(EDITS, st.integers(-1, COLS - 1), st.booleans())
def test_compiled_and_uncompiled_rows_are_the_same(uncompiled, edits, cursor, shifts):
    config = config_of(
        foreground_text_hsb={"hue": 1.1, "saturation": 0.8, "brightness": 1.2} if shifts else {},
        text_background_opacity=0.7,
    )
    colors = ColorTables(config, config.palette)
    buffer = CellBuffer(COLS, ROWS, CellTables())
    for row, col, text, fg, bg, attr in edits:
        buffer.put_text(row, col, text, fg, bg, attr)
    assert CLUSTER
    zones = bytearray(number % COLS > 15 for number in range(ROWS * COLS))
    results = []
    for module in (rows_module, uncompiled[0]):
        builder = module.RowBuilder(FONTS, colors)
        builder.read_tables(buffer.tables, None)
        spans, pictures = np.zeros((ROWS, COLS), INSTANCE), np.zeros((ROWS, 200), INSTANCE)
        counts = [np.zeros(ROWS, np.uint32), np.zeros(ROWS, np.uint32)]
        builder.build(
            buffer, range(ROWS), [row * 22 for row in range(ROWS)], 7, zones,
            spans.view(np.uint32).reshape(ROWS, -1), counts[0],
            pictures.view(np.uint32).reshape(ROWS, -1), counts[1], 2, cursor, 1, 300, bytearray(ROWS),
        )  # fmt: skip
        results.append((spans.tobytes(), pictures.tobytes(), counts[0].tolist(), counts[1].tolist()))
    assert results[0] == results[1]


def pixel(screen, scene, row, col):
    """The colour in a corner of a cell, where no letter reaches."""
    return tuple(
        draw_scene(scene)[screen.geometry.row_top(row) + 1, screen.geometry.left + col * FONTS.metrics.width]
    )


def test_a_background_that_a_program_chose_fills_the_padding_of_its_window():
    screen = Screen()
    own = pack_color((32, 48, 64))
    screen.buffer.fill(0, 0, COLS, ROWS, bg=own)
    screen.panes = (FramePane(0, Rect(0, 0, COLS, ROWS), True, background=(32, 48, 64)),)
    scene = screen.update()
    assert len(backgrounds(scene, 0)) == 0
    assert (draw_scene(scene) == (32, 48, 64, 255)).all()
    screen.panes = (FramePane(0, Rect(0, 0, COLS, ROWS), True),)
    scene = screen.update()
    assert scene.is_all_changed
    assert tuple(draw_scene(scene)[0, 0]) == (0, 0, 0, 255)
    assert pixel(screen, scene, 0, 0) == (32, 48, 64, 255)


def test_a_chosen_background_lets_through_like_the_window():
    config = config_of(window_background_opacity=0.5)
    screen = Screen(config)
    screen.buffer.fill(0, 0, COLS, ROWS, bg=pack_color((200, 100, 50)))
    screen.panes = (FramePane(0, Rect(0, 0, COLS, ROWS), True, background=(200, 100, 50)),)
    picture = draw_scene(screen.update())
    assert (abs(picture.astype(int) - (100, 50, 25, 128)) <= 1).all()


def test_each_pane_has_its_own_background_and_inactive_ones_are_dimmed():
    config = config_of(inactive_pane_hsb={"brightness": 0.5})
    screen = Screen(config)
    for left, width, color in ((0, 10, (200, 0, 0)), (11, 13, (0, 0, 200))):
        for row in range(ROWS):
            screen.buffer.put_text(row, left, " " * width, bg=pack_color(color))
    screen.panes = (
        FramePane(0, Rect(0, 0, 10, ROWS), True, background=(200, 0, 0)),
        FramePane(1, Rect(11, 0, 13, ROWS), False, background=(0, 0, 200)),
    )
    picture = draw_scene(screen.update())
    assert tuple(picture[0, 0]) == tuple(picture[-1, 0]) == (200, 0, 0, 255)
    assert tuple(picture[0, -1]) == tuple(picture[-1, -1]) == (0, 0, 100, 255)


def test_what_lies_over_panes_is_not_dimmed_in_part():
    config = config_of(inactive_pane_hsb={"brightness": 0.5}, colors={"background": "#808080"})
    screen = Screen(config)
    screen.buffer.put_text(1, 0, " " * COLS, bg=pack_color((0, 200, 0)))
    screen.panes = (FramePane(0, Rect(0, 0, 10, ROWS), True), FramePane(1, Rect(10, 0, 14, ROWS), False))
    assert len(np.unique(draw_scene(screen.update()).reshape(-1, 4), axis=0)) == 4
    screen.has_overlay = True
    picture = draw_scene(screen.update())
    assert len(np.unique(picture.reshape(-1, 4), axis=0)) == 2, "the backgrounds of the window and of the row"


def test_dim_text_is_mixed_with_the_background_that_the_program_chose():
    screen = Screen()
    screen.buffer.put_text(0, 0, "x", fg=pack_color((200, 200, 200)), bg=pack_color((0, 0, 100)), attr=DIM)
    screen.panes = (FramePane(0, Rect(0, 0, COLS, ROWS), True, background=(0, 0, 100)),)
    assert tuple(glyphs(screen.update(), 0)["rgba"][0]) == (120, 120, 160, 255)


def test_the_cursor_has_the_colour_that_the_program_of_its_pane_chose():
    screen = Screen()
    screen.cursor = FrameCursor(1, 2)
    rect = Rect(0, 0, COLS, ROWS)
    screen.panes = (FramePane(0, rect, True, cursor_color=(255, 0, 0)),)
    assert tuple(screen.update().cursor["rgba"][0]) == (255, 0, 0, 255)
    assert tuple(screen.update(is_focused=False).cursor["rgba"][0]) == (255, 0, 0, 255)
    screen.panes = (FramePane(0, rect, False, cursor_color=(255, 0, 0)),)
    assert tuple(screen.update().cursor["rgba"][0]) != (255, 0, 0, 255)


def test_bright_only_uses_the_bright_colour_and_plain_faces():
    both, only, plain = (
        Screen(config, FontSet(config, CATALOG, 96))
        for config in (
            config_of(),
            config_of(bold_brightens_ansi_colors="BrightOnly"),
            config_of(bold_brightens_ansi_colors="No"),
        )
    )
    for screen in (both, only):
        screen.buffer.put_text(0, 0, "M", fg=pack_color(1), attr=BOLD)
        screen.buffer.put_text(1, 0, "M", attr=BOLD)
    plain.buffer.put_text(0, 0, "M", fg=pack_color(9))
    pictures = [draw_scene(screen.update()) for screen in (both, only, plain)]
    band = slice(only.geometry.row_top(0), only.geometry.row_top(1))
    assert (pictures[1][band] == pictures[2][band]).all()
    assert (pictures[0][band] != pictures[2][band]).any()
    band = slice(only.geometry.row_top(1), only.geometry.row_top(2))
    assert (pictures[0][band] == pictures[1][band]).all()  # the default colour stays bold


def test_the_colour_of_a_rules_font_is_for_text_without_a_colour():
    font = {"font": [{"family": "JetBrains Mono"}], "foreground": "#ff8000"}
    config = config_of(font_rules=[{"italic": True, "font": font}])
    screen = Screen(config, FontSet(config, CATALOG, 96))
    screen.buffer.put_text(0, 0, "a")
    screen.buffer.put_text(1, 0, "a", attr=ITALIC)
    screen.buffer.put_text(2, 0, "a", fg=pack_color((1, 2, 3)), attr=ITALIC)
    scene = screen.update()
    inks = [tuple(glyphs(scene, row)["rgba"][0][:3]) for row in range(3)]
    assert inks == [(0xB2, 0xB2, 0xB2), (0xFF, 0x80, 0), (1, 2, 3)]


LOW = config_of(line_height=0.7)
LOW_FONTS = FontSet(LOW, CATALOG, 96)


def ink(picture):
    return int((picture[..., :3].max(axis=-1) > 0).sum())


def test_letters_reach_into_the_rows_beside_theirs():
    low, usual = Screen(LOW, LOW_FONTS), Screen()
    for screen in (low, usual):
        screen.buffer.put_text(1, 0, "\u00c5\u00c7j")
    assert ink(draw_scene(low.update())) == ink(draw_scene(usual.update()))
    low.buffer.put_text(1, 0, "   ")
    scene = low.update()
    assert scene.changed_rows == [0, 1, 2]
    assert ink(draw_scene(scene)) == 0


def test_what_reaches_over_does_not_end_the_one_that_it_reaches_over():
    screen = Screen(LOW, LOW_FONTS)
    screen.update()
    screen.buffer.put_text(1, 0, "ab")
    screen.update()
    before = glyphs(screen.update(), 1).tobytes()
    screen.buffer.put_text(2, 0, "\u00c5")
    scene = screen.update()
    assert scene.changed_rows == [1, 2]
    assert glyphs(scene, 1).tobytes().startswith(before)
    screen.buffer.put_text(2, 0, "\u00c5\u00c5")
    screen.update()
    screen.buffer.put_text(1, 0, "cd")
    scene = screen.update()
    assert len(glyphs(scene, 1)) == 4
    assert scene.changed_rows == [1]
    screen.buffer.put_text(2, 0, "  ")
    assert len(glyphs(screen.update(), 1)) == 2


@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(0, ROWS - 1), st.sampled_from(["\u00c5\u00c5", "gj", "x ", "  "])),
            max_size=4,
        ),
        max_size=5,
    )
)
@settings(max_examples=30, deadline=None)
def test_rows_that_reach_over_are_drawn_the_same_step_by_step_and_at_once(steps):
    screen, renderer = Screen(LOW, LOW_FONTS), SoftwareRenderer()
    renderer.draw(screen.update())
    for step in steps:
        for row, text in step:
            screen.buffer.put_text(row, 0, text, attr=BLINK_SLOW if text == "gj" else 0)
        found = renderer.draw(screen.update())
        fresh = Screen(LOW, LOW_FONTS)
        fresh.buffer = screen.buffer
        assert (found == draw_scene(fresh.update())).all()


@pytest.mark.parametrize("is_again", [True, False])
def test_new_characters_are_drawn_over_several_updates_when_time_is_short(is_again):
    fonts = FontSet(PLAIN, CATALOG, 96)
    screen, whole = Screen(fonts=fonts), Screen()
    screen.builder = SceneBuilder(PLAIN, PLAIN.palette, fonts, seconds=0.0)
    text = "a\u2500 => e\u0301\u0416"
    for one in (screen, whole):
        one.buffer.put_text(1, 0, text)
    screen.cursor = FrameCursor(0, 0)
    renderer, updates = SoftwareRenderer(), 1
    scene = screen.update()
    renderer.draw(scene)
    while scene.is_unfinished:
        assert updates < 20
        updates += 1
        live = SceneLive(screen.geometry)
        scene = screen.update() if is_again else screen.builder.live_only(live)
        renderer.draw(scene)
    assert updates > 3
    whole.cursor = screen.cursor
    assert (renderer.draw(scene) == draw_scene(whole.update())).all()
    assert screen.update().changed_rows == []
    # What was drawn once is never late again.
    screen.buffer.put_text(3, 0, text)
    assert not screen.update().is_unfinished


def test_a_word_whose_shaping_is_late_shows_its_letters_meanwhile():
    fonts = FontSet(PLAIN, CATALOG, 96)
    fonts.prefetch()
    screen = Screen(fonts=fonts)
    screen.builder = SceneBuilder(PLAIN, PLAIN.palette, fonts, seconds=0.0)
    screen.buffer.put_text(0, 0, "first a=>b")
    scene = screen.update()
    assert scene.is_unfinished
    assert glyphs(scene, 0)["col"].tolist() == [0, 1, 2, 3, 4, 6, 7, 8, 9]
    letters = glyphs(scene, 0).tobytes()
    while screen.update().is_unfinished:
        pass
    assert glyphs(scene, 0).tobytes() != letters  # the ligature


def test_missing_glyphs_are_told_of_once_and_not_without_end(caplog):
    fonts = FontSet(PLAIN, CATALOG, 96)
    for _ in range(2):
        for code in range(0xAC00, 0xAC00 + 80):
            fonts.resolve(fonts.style_of[0], code, is_wide=True)
            fonts.table.far.clear()
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == len(set(told)) == 51
    assert "U+AC00" in told[0]
    assert "no further" in told[-1]
