"""What a front end that draws cells only shows where a picture is."""

from __future__ import annotations

from perilune.app.image_placeholders import SHADE, draw_image_placeholders
from perilune.base.geometry import Rect
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.vt import Terminal, TerminalSettings

# 4 x 12 red pixels: 2 x 2 cells of 2 x 6 pixels.
SIXEL = b'\x1bPq"1;1;4;12#1;2;100;0;0#1!4~-!4~\x1b\\'
CELLS = TerminalSettings(cell_width_px=2, cell_height_px=6)


def drawn(data: bytes, rect: Rect) -> list[str]:
    terminal = Terminal(8, 4, settings=CELLS)
    terminal.feed(data)
    buffer = CellBuffer(10, 5, CellTables())
    terminal.render_rows(buffer, rect.top, rect.left, rect.height, rect.width)
    draw_image_placeholders(buffer, terminal.images(), rect, terminal.stable_top, 7)
    return buffer.text()


def test_blank_cells_show_a_shade_and_text_stays() -> None:
    assert drawn(b"\x1b[2;2H" + SIXEL + "\x1b[2;3H漢".encode(), Rect(1, 1, 8, 4)) == [
        "",
        "",
        f"  {SHADE}漢",
        f"  {SHADE * 2}",
        "",
    ]


def test_nothing_is_drawn_beyond_the_pane() -> None:
    assert drawn(b"\x1b[4;3H" + SIXEL, Rect(0, 0, 3, 3)) == ["", "", f"  {SHADE}", "", ""]


def test_placeholder_characters_give_way_to_the_shade() -> None:
    data = b"\x1b_Ga=T,U=1,i=5,c=2,r=1,f=24,s=1,v=1;AAAA\x1b\\"
    cells = "\x1b[38;5;5m\U0010eeee\u0305\u0305\U0010eeee\u0305\u030d".encode()
    assert drawn(data + cells + b"\x1b[m!", Rect(0, 0, 8, 4))[0] == f"{SHADE * 2}!"
