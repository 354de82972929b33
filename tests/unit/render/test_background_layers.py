"""Layers behind the text: where pictures lie, how they repeat, mirror, scroll, and let through."""

from __future__ import annotations

import os

import numpy as np
import pytest
from PIL import Image

from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.config.options import Config
from perilune.render import background
from perilune.render.fonts.catalog import FontCatalog
from perilune.render.fonts.font_set import FontSet
from perilune.render.frame import Frame, FramePane
from perilune.render.geometry import lay_out
from perilune.render.scene_builder import SceneBuilder, SceneLive
from perilune.render.software import draw_scene

COLS, ROWS = 10, 4
PADDING = {"left": 10, "top": 6, "right": 2, "bottom": 4}
CATALOG = FontCatalog((), "ConfigDirsOnly")


def config_of(**table):
    config, problems = Config.from_mapping({"window_padding": PADDING, **table})
    assert problems == []
    return config


FONTS = FontSet(config_of(), CATALOG, 96)
WIDTH = 12 + COLS * FONTS.metrics.width
HEIGHT = 10 + ROWS * FONTS.metrics.height


class Window:
    def __init__(self, config):
        self.buffer = CellBuffer(COLS, ROWS, CellTables())
        self.builder = SceneBuilder(config, config.palette, FONTS)
        self.geometry = lay_out(WIDTH, HEIGHT, FONTS.metrics, config, dpi=96)

    def scene(self, top=0):
        pane = FramePane(0, Rect(0, 0, COLS, ROWS), True, top=top, end=top + ROWS)
        return self.builder.update(Frame(1, self.buffer, None, "", panes=(pane,)), SceneLive(self.geometry))


def picture_of(*layers, top=0, **options):
    return draw_scene(Window(config_of(background=list(layers), **options)).scene(top))


@pytest.fixture
def quarters(tmp_path):
    """8 x 6 pixels: red, green above blue, white."""
    pixels = np.zeros((6, 8, 3), np.uint8)
    pixels[:3, :4], pixels[:3, 4:], pixels[3:, :4], pixels[3:, 4:] = (
        (255, 0, 0),
        (0, 255, 0),
        (0, 0, 255),
        255,
    )
    path = tmp_path / "quarters.png"
    Image.fromarray(pixels).save(path)
    return {"source": {"File": str(path)}, "width": 8, "height": 6}


def quarter_tile(quarters):
    with Image.open(quarters["source"]["File"]) as image:
        return np.asarray(image.convert("RGBA"))


def tiled(tile, x=0, y=0):
    """The window covered with a tile that begins at a place."""
    rows, cols = tile.shape[:2]
    found = np.tile(tile, (HEIGHT // rows + 2, WIDTH // cols + 2, 1))
    return np.roll(found, (y % rows, x % cols), (0, 1))[:HEIGHT, :WIDTH]


def test_a_picture_covers_the_window_by_repeating_from_its_place_in_all_directions(quarters):
    found = picture_of({**quarters, "horizontal_offset": 3, "vertical_offset": 5})
    assert (found == tiled(quarter_tile(quarters), 3, 5)).all()


def test_joined_pictures_are_the_same_as_single_ones(quarters, monkeypatch):
    layer = {**quarters, "attachment": {"Parallax": 0.3}, "horizontal_offset": -3}
    few = Window(config_of(background=[layer])).scene(7)
    joined = draw_scene(few)
    monkeypatch.setattr(background, "_MAX_JOINED_PIXELS", 0)
    many = Window(config_of(background=[layer])).scene(7)
    assert len(few.layers) < 10 < len(many.layers)
    assert (draw_scene(many) == joined).all()


def test_mirrored_repeats_turn_every_second_picture(quarters):
    found = picture_of({**quarters, "repeat_x": "Mirror", "repeat_y": "Mirror"})
    tile = quarter_tile(quarters)
    wide = np.concatenate([tile, tile[:, ::-1]], axis=1)
    assert (found == tiled(np.concatenate([wide, wide[::-1]], axis=0))).all()


def test_distances_of_repeats(quarters):
    found = picture_of({**quarters, "repeat_x_size": 11, "repeat_y_size": 9})
    tile = np.zeros((9, 11, 4), np.uint8)
    tile[:6, :8] = quarter_tile(quarters)
    assert (found == tiled(tile)).all()


def test_no_repeat_shows_one_where_it_is_aligned(quarters):
    once = {"repeat_x": "NoRepeat", "repeat_y": "NoRepeat"}
    found = picture_of({**quarters, **once, "horizontal_align": "Right", "vertical_align": "Bottom"})
    assert (found[-6:, -8:] == quarter_tile(quarters)).all()
    assert not found[:-6].any()
    assert not found[:, :-8].any()


def test_the_padding_box_begins_where_cells_begin(quarters):
    once = {"repeat_x": "NoRepeat", "repeat_y": "NoRepeat", "origin": "PaddingBox"}
    found = picture_of({**quarters, **once})
    assert (found[6:12, 10:18] == quarter_tile(quarters)).all()
    whole = picture_of({"source": {"Color": "#102030"}, "width": "100%", "height": "100%", **once})
    assert tuple(whole[6, 10]) == tuple(whole[-5, -3]) == (0x10, 0x20, 0x30, 255)
    assert not whole[:6].any()
    assert not whole[:, :10].any()
    assert not whole[-4:].any()
    assert not whole[:, -2:].any()


def test_a_colour_repeats_like_a_picture():
    half = {"source": {"Color": "#102030"}, "width": "50%", "height": "50%"}
    assert (picture_of(half) == (0x10, 0x20, 0x30, 255)).all()
    once = picture_of({**half, "repeat_x": "NoRepeat"})
    assert (once[:, : WIDTH // 2] == (0x10, 0x20, 0x30, 255)).all()
    assert not once[:, WIDTH // 2 + 1 :].any()


@pytest.mark.parametrize(("attachment", "factor"), [("Scroll", 1.0), ({"Parallax": 0.25}, 0.25)])
def test_layers_scroll_with_the_pane(quarters, attachment, factor):
    window = Window(config_of(background=[{**quarters, "attachment": attachment}]))
    window.scene(0)
    scene = window.scene(3)
    assert (scene.is_all_changed, scene.changed_rows) == (True, [])
    moved = int(3 * FONTS.metrics.height * factor)
    assert (draw_scene(scene) == tiled(quarter_tile(quarters), 0, -moved)).all()
    assert not window.scene(3).is_all_changed


def test_fixed_layers_do_not_scroll(quarters):
    window = Window(config_of(background=[quarters]))
    window.scene(0)
    scene = window.scene(3)
    assert not scene.is_all_changed


def test_layers_stand_in_for_the_background_and_let_through():
    color = {"source": {"Color": "#c86432"}, "width": "100%", "height": "100%", "opacity": 0.5}
    assert (abs(picture_of(color).astype(int) - (100, 50, 25, 128)) <= 1).all()


def test_a_layer_that_cannot_be_read_leaves_the_background(tmp_path):
    found = picture_of({"source": {"File": str(tmp_path / "none.png")}}, colors={"background": "#010203"})
    assert (found == (1, 2, 3, 255)).all()


def gradient(orientation, **more):
    config = config_of(
        window_background_gradient={
            "colors": ["#000000", "#ffffff"], "noise": 0, "orientation": orientation, **more
        }
    )  # fmt: skip
    return draw_scene(Window(config).scene())[..., 0].astype(int)


def test_gradients_run_as_they_are_told():
    across, down = gradient("Horizontal"), gradient("Vertical")
    assert across[0, 0] < 5
    assert across[0, -1] > 250
    assert (abs(across - across[0]) <= 1).all()
    assert down[0, 0] < 5
    assert down[-1, 0] > 250
    assert (abs(gradient({"Linear": {"angle": 0}}) - across) <= 1).all()
    up = gradient({"Linear": {"angle": 90}})
    assert up[0, 0] > up[HEIGHT // 2, 0] > up[-1, 0]
    assert abs(up[HEIGHT // 2, 0] - 127) <= 3
    assert abs(up[0, 0] - (127 + 127 * HEIGHT / WIDTH)) <= 8  # as long as the window is wide
    middle = gradient({"Radial": {}})
    assert middle[HEIGHT // 2, WIDTH // 2] < 6
    assert middle[0, 0] == middle[-1, -1] == 255
    corner = gradient({"Radial": {"cx": 0, "cy": 0, "radius": 1.5}})
    assert corner[0, 0] < 5
    assert abs(corner[0, -1] - 170) <= 3


def test_a_gradient_layer_has_the_size_that_it_is_given():
    layer = {
        "source": {"Gradient": {"colors": ["#000000", "#ffffff"], "noise": 0}},
        "width": "50%", "height": "100%",
    }  # fmt: skip
    found = picture_of(layer)[..., 0].astype(int)
    assert found[0, WIDTH // 2 - 2] > 240
    assert found[0, WIDTH // 2 + 2] < 15


def test_a_file_that_changed_is_another_picture(quarters):
    window = Window(config_of(background=[quarters]))
    before = window.scene().layers[0].key
    path = quarters["source"]["File"]
    Image.fromarray(np.full((6, 8, 3), 9, np.uint8)).save(path)
    os.utime(path, ns=(1, 1))
    other = Window(config_of(background=[quarters])).scene()
    assert other.layers[0].key != before
    assert (draw_scene(other) == (9, 9, 9, 255)).all()
