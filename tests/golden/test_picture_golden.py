"""Pictures as they were reviewed: each folder of `pictures/` holds `case.toml` and `expected.png`.

A case feeds bytes to a terminal and draws its screen with the numpy back end, in the embedded face and the one of
`pictures/_fonts`, never in the machine's. `--update-golden` writes the pictures; look at them. A rasteriser of
another version may round otherwise: what is compared is brightness over little squares, see `difference`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from perilune.app.bar_options import bar_options, colors_of_bar
from perilune.app.fancy_bar import FancyBar
from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer
from perilune.cells.packing import REVERSE
from perilune.cells.sgr_text import SgrText
from perilune.cells.tables import CellTables
from perilune.config.options import Config
from perilune.render.fonts.catalog import FontCatalog
from perilune.render.fonts.font_set import FontSet
from perilune.render.frame import Frame, FrameCursor, FramePane
from perilune.render.geometry import lay_out, window_pixels
from perilune.render.scene import Scene
from perilune.render.scene_builder import SceneBuilder, SceneLive
from perilune.render.software import draw_scene
from perilune.tabbar import BarInputs, BuiltinTitles, FancyContent, fancy_content
from perilune.vt import Terminal
from perilune.vt.settings import TerminalSettings

FOLDER = Path(__file__).parent / "pictures"
CASES = sorted(path for path in FOLDER.iterdir() if path.is_dir() and path.name[0] != "_")
CATALOG = FontCatalog([str(FOLDER / "_fonts")], "ConfigDirsOnly")
SQUARE = 3


def drawn(case: dict) -> np.ndarray:
    return draw_scene(scene_of(case))


def scene_of(case: dict) -> Scene:
    scale = case.get("scale", 1.0)
    config, problems = Config.from_mapping(
        {"font": {"font": [{"family": "JetBrains Mono"}, {"family": "Perilune Test"}]}}
        | case.get("config", {})
    )
    assert problems == []
    fonts = FontSet(config, CATALOG, 96 * scale)
    metrics = fonts.metrics
    cols, rows = case["cols"], case["rows"]
    settings = TerminalSettings(cell_width_px=metrics.width, cell_height_px=metrics.height)
    terminal = Terminal(cols, rows, settings=settings)
    terminal.feed(case["feed"].replace("\n", "\r\n").encode())
    buffer = CellBuffer(cols, rows, CellTables())
    terminal.render_rows(buffer, 0, 0, rows, cols, top=None, since=-1)
    for row, start, width in case.get("selected", ()):
        buffer.restyle(row, start, width, flip_attr=REVERSE)
    top = terminal.stable_top
    panes = [
        FramePane(number, Rect(*one["rect"]), one.get("active", False), top=top, end=top + rows)
        for number, one in enumerate(case.get("panes", ()))
    ]
    if not panes:
        first = terminal.stable_top - case.get("scrollback", 0)
        images = tuple(terminal.images())
        panes = [FramePane(0, Rect(0, 0, cols, rows), True, top, first, top + rows, False, images)]
    cursor = None
    if case.get("cursor"):
        cursor = FrameCursor(*case["cursor"]["at"], case["cursor"].get("shape", "block"))
    bar_row = case.get("bar_row", -1)
    bar_rows = int(bar_row >= 0)
    fancy = FancyBar(config, config.palette, fonts)
    content = bar_content(case["fancy"], config) if "fancy" in case else None
    bar_height = 0 if content is None else fancy.height
    width, height = window_pixels(cols, rows, metrics, config, dpi=96 * scale, fancy_bar_height=bar_height)
    geometry = lay_out(
        width, height, metrics, config, dpi=96 * scale,
        bar_rows=bar_rows, bar_at_bottom=bar_row > 0 or config.tab_bar_at_bottom, fancy_bar_height=bar_height,
    )  # fmt: skip
    frame = Frame(1, buffer, cursor, "", bar_row, panes=tuple(panes), fancy=content)
    builder = SceneBuilder(config, config.palette, fonts)
    live = SceneLive(geometry, bar=fancy.draw(content, geometry), **case.get("live", {}))
    return builder.update(frame, live)


def bar_content(case: dict, config: Config) -> FancyContent:
    active, hovered = case.get("active", 0), case.get("hovered")
    tabs = []
    for index, title in enumerate(case["titles"]):
        pane = SimpleNamespace(title=title, progress=("None", 0), is_zoomed=False, has_unseen_output=False)
        tabs.append(
            SimpleNamespace(
                tab_index=index, is_active=index == active, tab_title="", active_pane=pane, panes=[pane]
            )
        )
    return fancy_content(
        BarInputs(
            0, tabs, BuiltinTitles(), bar_options(config, has_window=True, fancy=True),
            colors_of_bar(config, fancy=True), SgrText(case.get("left", "")), SgrText(case.get("right", "")),
            hovered=None if hovered is None else (hovered[0], hovered[1] if len(hovered) > 1 else None),
        )
    )  # fmt: skip


def squares(picture: np.ndarray) -> np.ndarray:
    """Means over squares of `SQUARE` pixels."""
    height, width = (extent - extent % SQUARE for extent in picture.shape[:2])
    parts = picture[:height, :width].astype(float)
    return parts.reshape(height // SQUARE, SQUARE, width // SQUARE, SQUARE, -1).mean(axis=(1, 3))


def difference(one: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """The largest and the mean difference of little squares, of 255."""
    apart = np.abs(squares(one) - squares(other))
    return float(apart.max()), float(apart.mean())


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_picture_is_as_reviewed(folder, update_golden):
    found = drawn(tomllib.loads((folder / "case.toml").read_text(encoding="utf-8")))
    path = folder / "expected.png"
    if update_golden:
        Image.fromarray(found).save(path, optimize=True)
    with Image.open(path) as image:
        expected = np.asarray(image.convert("RGBA"))
    assert found.shape == expected.shape
    largest, mean = difference(found, expected)
    assert largest <= 40, f"a place differs by {largest:.0f} of 255"
    assert mean <= 0.5


@pytest.fixture(scope="module")
def headless():
    gl_headless = pytest.importorskip(
        "perilune.gui.gl_headless", reason="moderngl is missing", exc_type=ImportError
    )
    try:
        gl = gl_headless.HeadlessGl()
    except gl_headless.NoGlError as error:
        pytest.skip(f"no OpenGL without a display: {error}")
    with gl:
        yield gl


@pytest.mark.parametrize("folder", CASES, ids=lambda path: path.name)
def test_opengl_draws_the_same_picture(folder, headless):
    scene = scene_of(tomllib.loads((folder / "case.toml").read_text(encoding="utf-8")))
    apart = np.abs(headless.draw(scene).astype(int) - draw_scene(scene))
    # Rounding alone on whole pixels; stretched pictures are filtered with fewer bits.
    assert apart.max() <= (8 if scene.layers or scene.images else 2)


def test_the_comparison_sees_a_letter_and_a_line():
    blank = np.zeros((30, 30, 4), np.uint8)
    line, dot = blank.copy(), blank.copy()
    line[4, :] = 255
    dot[9:12, 9:12] = 255
    assert difference(blank, line)[0] > 40
    assert difference(blank, dot)[0] > 40


def test_every_folder_is_a_case():
    assert [path.name for path in CASES if not (path / "case.toml").exists()] == []
    assert len(CASES) > 10
