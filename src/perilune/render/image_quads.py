"""From the images of panes to pictures of a scene: strips of rows that belong together are one quad."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from perilune.render.scene import PixelRect, SceneImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from perilune.render.frame import Frame, FramePane
    from perilune.render.geometry import Geometry
    from perilune.vt.images import Image, ImageStrip

__all__ = ["scene_images"]


def scene_images(frame: Frame, geometry: Geometry, tops: list[int]) -> tuple[SceneImage, ...]:
    """The pictures of all panes, lowest first.

    Args:
        frame: whose panes.
        geometry: of the window.
        tops: of the bands of all rows, px.
    """
    found: list[SceneImage] = []
    for pane in frame.panes:
        if pane.images:
            found += _pane_images(pane, geometry, tops)
    return tuple(sorted(found, key=lambda image: image.z))


def _pane_images(pane: FramePane, geometry: Geometry, tops: list[int]) -> list[SceneImage]:
    rect = pane.rect
    clip = PixelRect(
        geometry.left + rect.left * geometry.cell_width,
        tops[rect.top],
        rect.width * geometry.cell_width,
        rect.height * geometry.cell_height,
    )
    found: list[SceneImage] = []
    open_runs: dict[tuple[object, ...], list[ImageStrip]] = {}

    def close(run: list[ImageStrip]) -> None:
        first, last = run[0], run[-1]
        row = rect.top + first.row - pane.top
        x = geometry.left + (rect.left + first.col) * geometry.cell_width + first.offset[0]
        y = tops[min(max(row, 0), len(tops) - 1)] + first.offset[1]
        sx, sy, sw, _ = first.source
        bottom = last.source[1] + last.source[3]
        height = (last.row - first.row + last.height) * geometry.cell_height
        frame_number, pixels = _pixels(first.image)
        found.append(
            SceneImage(
                key=(pane.pane_id, first.image.key, frame_number),
                pixels=pixels,
                source=(sx, sy, sw, bottom - sy),
                dest=(x, y, first.width * geometry.cell_width, height),
                clip=clip,
                z=first.z,
            )
        )

    for strip in pane.images:
        if not 0 <= strip.row - pane.top < rect.height:
            continue
        key = (
            strip.image.key,
            strip.col,
            strip.source[0],
            strip.source[2],
            strip.width,
            strip.z,
            strip.offset,
        )
        run = open_runs.get(key)
        joins = (
            run is not None
            and run[-1].row + 1 == strip.row
            and run[-1].height == 1.0
            and abs(run[-1].source[1] + run[-1].source[3] - strip.source[1]) < 0.01
        )
        if run is not None and joins:
            run.append(strip)
            continue
        if run is not None:
            close(run)
        open_runs[key] = [strip]
    for run in open_runs.values():
        close(run)
    return found


def _pixels(image: Image) -> tuple[int, NDArray[np.uint8]]:
    """The frame of an image that shows, and its number."""
    number = image.current_frame
    data = image.data
    if number > 1 and number - 2 < len(image.frames):
        data = image.frames[number - 2].data
    else:
        number = 1
    return number, np.frombuffer(data, np.uint8).reshape(image.height, image.width, 4)
