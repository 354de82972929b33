"""OpenGL draws what the numpy renderer draws, whole and by damage; what it does not need to draw it leaves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perilune.gui.damage import merge_strips

pytest.importorskip("moderngl", reason="moderngl cannot be loaded", exc_type=ImportError)

from perilune.gui.gl_headless import HeadlessGl, NoGlError
from perilune.render.atlas import Atlas
from perilune.render.scene import (
    BLINK_CURSOR,
    BLINK_SLOW,
    COLOR,
    INSTANCE,
    MASK,
    SOLID,
    PixelRect,
    Scene,
    SceneImage,
)
from perilune.render.software import SoftwareRenderer

WIDTH, HEIGHT, ROWS, CELL = 96, 80, 4, 16
TOLERANCE = 2  # of 255: rounding of each blending step


@pytest.fixture(scope="module")
def gl():
    try:
        made = HeadlessGl()
    except NoGlError as error:
        pytest.skip(str(error))
    yield made
    made.close()


def make_scene(seed: int) -> Scene:
    """A scene of every kind of thing, at random."""
    random = np.random.default_rng(seed)
    atlas = Atlas()
    mask = atlas.add(random.integers(0, 256, (12, 7), dtype=np.uint8))
    alpha = random.integers(0, 256, (10, 14, 1))
    color = np.concatenate([random.integers(0, 256, (10, 14, 3)) * alpha // 255, alpha], axis=2)
    slots = [mask, atlas.add(color.astype(np.uint8))]

    def some(count: int, kinds: list[int], top: int, bottom: int) -> np.ndarray:
        found = np.zeros(count, INSTANCE)
        for each in found:
            kind = kinds[int(random.integers(len(kinds)))]
            slot = slots[0] if kind == MASK else slots[1]
            each["w"], each["h"] = (slot.width, slot.height) if kind else random.integers(1, 40, 2)
            each["h"] = min(int(each["h"]), bottom - top)
            each["x"] = random.integers(-5, WIDTH)
            each["y"] = random.integers(top, bottom - int(each["h"]) + 1)
            each["u"], each["v"], each["page"] = slot.u, slot.v, slot.page
            each["rgba"] = random.integers(0, 256, 4)
            each["flags"] = kind | (BLINK_SLOW if random.random() < 0.2 else 0)
        return found

    scene = Scene(atlas, WIDTH, HEIGHT, clear=(0.1, 0.2, 0.3, 0.8), rows=ROWS, cell_height=CELL)
    scene.alpha_slow, scene.alpha_cursor = 0.5, 0.25
    # A window that has grown since the frame was made has room for more rows.
    scene.tops = [8 + row * CELL for row in range(ROWS + 1)]
    scene.backgrounds, scene.glyphs = np.zeros((ROWS, 6), INSTANCE), np.zeros((ROWS, 9), INSTANCE)
    scene.background_counts = np.full(ROWS, 5, np.uint32)
    scene.glyph_counts = np.full(ROWS, 8, np.uint32)
    for row, top in enumerate(scene.tops[:ROWS]):
        scene.backgrounds[row, :5] = some(5, [SOLID], top, top + CELL)
        scene.glyphs[row, :8] = some(8, [SOLID, MASK, COLOR], top, top + CELL)
    scene.under = some(2, [SOLID], 0, HEIGHT)
    scene.over = some(2, [SOLID, MASK], 0, HEIGHT)
    scene.bar = some(3, [SOLID, MASK, COLOR], 0, HEIGHT)
    scene.cursor = some(1, [SOLID], 8, 8 + CELL)
    scene.cursor["flags"] |= BLINK_CURSOR
    picture = random.integers(0, 256, (20, 30, 4), dtype=np.uint8)
    scene.images = (
        SceneImage(("a", seed), picture, (0, 0, 30, 20), (10, 10, 30, 20), z=-1, is_smooth=False),
        SceneImage(("a", seed), picture, (5, 5, 10, 10), (50, 40, 10, 10), PixelRect(52, 0, 40, 80), z=1,
                   alpha=0.5, is_smooth=False),
    )  # fmt: skip
    return scene


def difference(left: np.ndarray, right: np.ndarray) -> int:
    return int(np.abs(left.astype(int) - right.astype(int)).max())


@pytest.mark.parametrize("seed", range(6))
def test_it_draws_what_the_software_renderer_draws(gl, seed):
    scene = make_scene(seed)
    expected = SoftwareRenderer().draw(scene)
    gl.renderer.invalidate()
    assert difference(gl.draw(scene), expected) <= TOLERANCE


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 1000),
    rows=st.lists(st.integers(0, ROWS - 1), max_size=3, unique=True),
    rect=st.tuples(st.integers(0, HEIGHT - 1), st.integers(0, 30)),
)
def test_drawing_damage_gives_the_picture_of_drawing_everything(gl, seed, rows, rect):
    before, after = make_scene(seed), make_scene(seed)
    changed = make_scene(seed + 1)
    for row in rows:
        after.backgrounds[row] = changed.backgrounds[row]
        after.glyphs[row] = changed.glyphs[row]
        after.glyphs[row]["page"] = 0
    after.atlas = before.atlas
    gl.renderer.invalidate()
    gl.draw(before)
    after.is_all_changed = False
    after.changed_rows = sorted(rows)
    after.damage = [PixelRect(0, rect[0], 5, rect[1])]
    partly = gl.draw(after)
    gl.renderer.invalidate()
    assert difference(partly, gl.draw(after)) == 0


def test_one_row_rasterises_one_row_and_nothing_costs_nothing(gl):
    scene = make_scene(3)
    gl.renderer.invalidate()
    gl.renderer.draw(scene)
    assert gl.renderer.drawn_pixels == WIDTH * HEIGHT
    scene.is_all_changed = False
    scene.changed_rows, scene.damage = [2], []
    gl.renderer.draw(scene)
    assert gl.renderer.drawn_pixels == WIDTH * CELL
    scene.changed_rows = []
    assert not gl.renderer.draw(scene)
    assert gl.renderer.drawn_pixels == 0


def test_glyphs_that_come_later_are_sent_alone(gl):
    scene = make_scene(4)
    gl.renderer.invalidate()
    gl.renderer.draw(scene)
    scene.atlas.add(np.full((5, 5), 255, np.uint8))
    gl.renderer.upload(scene)
    assert gl.renderer.uploaded == 5 * 5 * 4
    scene.atlas.clear()
    slot = scene.atlas.add(np.full((CELL, 3), 200, np.uint8))
    for name, value in (("u", slot.u), ("v", slot.v), ("w", 3), ("h", CELL), ("flags", MASK)):
        scene.glyphs[:, :8][name] = value
    gl.renderer.invalidate()
    assert difference(gl.draw(scene), SoftwareRenderer().draw(scene)) <= TOLERANCE


def test_sizes_change_there_and_back(gl):
    scene = make_scene(5)
    gl.renderer.invalidate()
    before = gl.draw(scene).copy()
    scene.width, scene.height, scene.is_all_changed = 700, 500, True
    assert gl.draw(scene).shape == (500, 700, 4)
    scene.width, scene.height = WIDTH, HEIGHT
    assert difference(gl.draw(scene), before) == 0


def test_pages_are_added(gl):
    scene = make_scene(6)
    gl.renderer.invalidate()
    gl.renderer.draw(scene)
    random = np.random.default_rng(1)
    slot = None
    while slot is None or slot.page < 2:
        slot = scene.atlas.add(random.integers(0, 256, (1000, 1000), dtype=np.uint8))
    scene.over = np.zeros(1, INSTANCE)
    scene.over[0] = (0, 0, WIDTH, HEIGHT, slot.u, slot.v, slot.page, MASK, (255, 255, 255, 255), 0, 0)
    scene.is_all_changed = True
    assert difference(gl.draw(scene), SoftwareRenderer().draw(scene)) <= TOLERANCE


@given(st.lists(st.tuples(st.integers(-20, 120), st.integers(-20, 120)), max_size=12), st.integers(1, 5))
def test_strips_cover_the_damage_without_overlap(strips, at_most):
    merged = merge_strips(strips, 100, at_most)
    covered = {y for top, bottom in merged for y in range(top, bottom)}
    damaged = {y for top, bottom in strips for y in range(max(top, 0), min(bottom, 100))}
    assert damaged <= covered
    assert len(merged) <= at_most
    assert all(0 <= top < bottom <= 100 for top, bottom in merged)
    assert all(left[1] < right[0] for left, right in pairwise(merged))
    if len(strips) <= at_most:
        assert covered == damaged
