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

    def frame(self):
        return Frame(1, self.buffer, self.cursor, "", panes=self.panes)

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
