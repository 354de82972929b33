"""The front end of pictures: it keeps frames, and the last window's even when that is closed."""

from __future__ import annotations

from perilune.app.front_end import WindowRequest
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.cli.picture_front_end import PictureFrontEnd
from perilune.config.options import Config
from perilune.render.frame import Frame


def test_the_last_window_can_be_had_when_it_is_closed():
    config, problems = Config.from_mapping({"font_locator": "ConfigDirsOnly"})
    assert problems == []
    front_end = PictureFrontEnd(cols=7, rows=2)
    size = front_end.open_window(3, config, WindowRequest(80, 24))
    assert (size.cols, size.rows) == (7, 2)
    front_end.open_window(4, config, WindowRequest(80, 24))
    assert front_end.scene(3) is None
    front_end.present(Frame(1, CellBuffer(7, 2, CellTables()), None, "", window_id=3))
    shown = front_end.scene(3)
    assert shown is not None
    assert front_end.scene(None) is None
    front_end.close_window(3)
    front_end.close_window(4)  # of this one there is nothing to see
    assert front_end.window_ids == []
    last = front_end.scene(None)
    assert last is not None
    assert (last.width, last.height) == (shown.width, shown.height)
