"""Images: what each protocol says, where pictures stand, and how they go."""

from __future__ import annotations

import base64
import io
import zlib

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt.images import ImageStrip
from perilune.vt.sixel import decode_sixel

CELLS = TerminalSettings(cell_width_px=2, cell_height_px=6)
RED, GREEN, CLEAR = b"\xff\x00\x00\xff", b"\x00\xff\x00\xff", b"\0\0\0\0"


def terminal(cols: int = 10, rows: int = 4, scrollback: int = 50) -> Terminal:
    return Terminal(cols, rows, scrollback=scrollback, settings=CELLS)


def kitty(control: str, payload: bytes = b"") -> bytes:
    return f"\x1b_G{control};".encode() + base64.b64encode(payload) + b"\x1b\\"


def where(made: Terminal, first: int | None = None, end: int | None = None) -> list[tuple[int, int, float]]:
    return [(strip.row, strip.col, strip.height) for strip in made.images(first, end)]


SIXEL = b'\x1bPq"1;1;4;12#1;2;100;0;0#1!4~-!4~\x1b\\'  # 4 x 12 red pixels: 2 x 2 cells


def test_sixel_pixels() -> None:
    assert decode_sixel(b"#1;2;100;0;0#2;2;0;100;0#1A$#2@", 100) == (1, 2, GREEN + RED)
    assert decode_sixel(b"#1;2;100;0;0#1?@", 100) == (2, 1, CLEAR + RED)
    assert decode_sixel(b"#1;2;100;0;0!3@-@", 100) == (3, 7, RED * 3 + CLEAR * 15 + RED + CLEAR * 2)
    # HLS: 120 is red.
    assert decode_sixel(b"#1;1;120;50;100#1@", 100) == (1, 1, RED)
    # Raster attributes give the least size.
    assert decode_sixel(b'"1;1;2;2#1;2;100;0;0#1@', 100) == (2, 2, RED + CLEAR * 3)


@pytest.mark.parametrize(
    "data", [b"", b"?", b"#1", b"!99", b'"1;1;99999;99999', b"!99999~", b"-" * 500 + b"~"]
)
def test_sixels_without_a_picture_or_with_too_large_a_one(data: bytes) -> None:
    assert decode_sixel(data, 1000) is None


def test_painting_over_and_over_is_cut_short() -> None:
    assert decode_sixel(b"!100~$" * 100000, 1000) is not None


def test_a_sixel_picture_stands_at_the_cursor_and_scrolls() -> None:
    made = terminal()
    made.feed(b"\x1b[4;3H" + SIXEL)
    assert where(made, 0, 99) == [(3, 2, 1.0), (4, 2, 1.0)]
    assert (made.cursor.row, made.cursor.col) == (3, 2)
    made.feed(b"\r\n" * 3)
    assert where(made) == [(4, 2, 1.0)]
    assert where(made, 0, 99) == [(3, 2, 1.0), (4, 2, 1.0)]
    strip = made.images(0, 99)[1]
    assert (strip.source, strip.width, strip.image.width) == ((0, 6.0, 4, 6.0), 2.0, 4)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b[2J", []),
        (b"\x1b[1;1H\x1b[K", [(1, 0, 1.0)]),
        (b"\x1b[1;1H\x1b[1M", [(0, 0, 1.0)]),
        (b"\x1b[1;1H\x1b[1L", [(1, 0, 1.0), (2, 0, 1.0)]),
        (b"\x1b[2;4r\x1b[4;1H\n", [(0, 0, 1.0)]),
        (b"\x1b[?1049h", []),
        (b"\x1b[?1049h\x1b[?1049l", [(0, 0, 1.0), (1, 0, 1.0)]),
        (b"\x1bc", []),
        (b"\x1b[1;1Htext", [(0, 0, 1.0), (1, 0, 1.0)]),
    ],
)
def test_pictures_go_with_their_rows(data: bytes, expected: list[tuple[int, int, float]]) -> None:
    made = terminal()
    made.feed(SIXEL + data)
    assert where(made) == expected


def test_pictures_follow_a_resize_in_and_above_the_screen() -> None:
    made = terminal()
    made.feed(b"0123456789abcde\r\n" + SIXEL + b"\r\nafter\r\n")
    rows = [(row, col) for row, col, _ in where(made, 0, 99)]
    assert rows == [(2, 0), (3, 0)]
    for width in (5, 20, 10):
        made.resize(width, 4)
        [(top, _), (below, _)] = [(row, col) for row, col, _ in where(made, 0, 99)]
        text = [made.row_text(row) for row in range(made.stable_top + 4)]
        assert below == top + 1
        assert text[below + 1].startswith("after")
    made.feed(b"x\r\n" * 20)
    made.resize(7, 3)
    [(top, _), (below, _)] = [(row, col) for row, col, _ in where(made, 0, 99)]
    assert made.row_text(below + 1).startswith("after")
    made.feed(b"\x1b[3J")
    assert where(made, 0, 99) == []


def test_kitty_places_answers_and_deletes() -> None:
    made = terminal()
    made.feed(kitty("a=T,f=24,s=4,v=12,i=7,p=3", b"\xff\0\0" * 48))
    assert made.take_output() == b"\x1b_Gi=7,p=3;OK\x1b\\"
    assert where(made) == [(0, 0, 1.0), (1, 0, 1.0)]
    assert made.images()[0].image.data == RED * 48
    assert (made.cursor.row, made.cursor.col) == (1, 2)
    made.feed(b"\x1b[H" + kitty("a=p,i=7,p=3,C=1,c=3,r=1"))
    assert where(made) == [(0, 0, 1.0)]
    assert (made.images()[0].width, made.cursor.col) == (3.0, 0)
    made.feed(kitty("a=d,d=i,i=7") + kitty("a=p,i=7,q=1") + kitty("a=d,d=I,i=7") + kitty("a=p,i=7"))
    assert made.take_output().endswith(b"\x1b_Gi=7;ENOENT:no such image\x1b\\")
    assert where(made) == []


@pytest.mark.parametrize(
    ("control", "payload", "word"),
    [
        ("a=q,s=1,v=1,f=24", b"abc", b"OK"),
        ("a=q,s=1,v=1,f=24,o=z", zlib.compress(b"abc"), b"OK"),
        ("a=q,s=1,v=1,f=24,o=z", b"no", b"EINVAL"),
        ("a=q,s=1,v=1,f=32", b"abc", b"ENODATA"),
        ("a=q,s=99999,v=99999,f=32", b"abc", b"EINVAL"),
        ("a=q,s=1,v=1,f=5", b"abc", b"EINVAL"),
        ("a=q,t=f,s=1,v=1", b"/proc/self/environ", b"EPERM"),
        ("a=q,t=f,s=1,v=1", b"/dev/zero", b"EPERM"),
        ("a=q,t=f,s=1,v=1", b"/no/such/file", b"EBADF"),
        ("a=q,t=f,s=1,v=1", b"a/relative/path", b"EINVAL"),
        ("a=q,t=f,s=1,v=1", b"", b"EINVAL"),
        ("a=q,t=s,s=1,v=1", b"no-such-object", b"EBADF"),
        ("a=q,t=s,s=1,v=1", b"/../etc/passwd", b"EINVAL"),
        ("a=q,t=x,s=1,v=1", b"/etc/passwd", b"EINVAL"),
        ("a=q,f=100", b"no png", b"EINVAL"),
    ],
)
def test_kitty_queries(control: str, payload: bytes, word: bytes) -> None:
    made = terminal()
    made.feed(kitty(f"i=31,{control}", payload))
    assert made.take_output().startswith(b"\x1b_Gi=31;" + word)
    assert made.image_store.images == {}


def test_kitty_chunks_numbers_and_quiet() -> None:
    made = terminal()
    data = base64.b64encode(b"\xff\0\0" * 48)
    made.feed(b"\x1b_Ga=T,f=24,s=4,v=12,I=9,m=1;" + data[:40] + b"\x1b\\")
    assert where(made) == []
    made.feed(b"\x1b_Gm=0;" + data[40:] + b"\x1b\\")
    assert len(where(made)) == 2
    assert made.take_output().endswith(b",I=9;OK\x1b\\")
    made.feed(kitty("a=T,f=24,s=1,v=1,i=3,q=1", b"abc") + kitty("a=p,i=99,q=2"))
    assert made.take_output() == b""


def test_kitty_frames_are_stored() -> None:
    made = terminal()
    made.feed(kitty("a=t,f=32,s=2,v=1,i=5", RED * 2))
    made.feed(kitty("a=f,i=5,s=1,v=1,x=1,c=1,z=80", GREEN) + kitty("a=a,i=5,s=3,v=1"))
    [image] = made.image_store.images.values()
    assert (image.frames[0].data, image.frames[0].gap_ms) == (RED + GREEN, 80)
    assert image.is_running
    made.feed(kitty("a=f,i=5,s=9,v=1", GREEN * 9))
    assert made.take_output().endswith(b"EINVAL:frame\x1b\\")


def test_placeholders_show_a_virtual_placement() -> None:
    made = terminal()
    made.feed(kitty("a=T,U=1,i=42,f=32,s=4,v=12,c=2,r=2,q=2", RED * 48))
    assert where(made) == []
    made.feed("\x1b[38;5;42m\U0010eeee\u0305\u0305\U0010eeee\r\n\U0010eeee\u030d\u0305 x\x1b[m".encode())
    strips: list[ImageStrip] = made.images()
    assert [(one.row, one.col, one.width, one.source) for one in strips] == [
        (0, 0, 2.0, (0.0, 0.0, 4.0, 6.0)),
        (1, 0, 1.0, (0.0, 6.0, 2.0, 6.0)),
    ]
    made.feed(b"\x1b[2J")
    assert made.images() == []


def png(width: int, height: int) -> bytes:
    image = pytest.importorskip("PIL.Image")
    out = io.BytesIO()
    image.new("RGB", (width, height), (255, 0, 0)).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(
    ("options", "size"),
    [
        ("", (2.0, 2)),
        ("width=4", (4.0, 4)),
        ("height=1", (1.0, 1)),
        ("width=4;height=2", (2.0, 2)),
        ("width=4;height=2;preserveAspectRatio=0", (4.0, 2)),
        ("width=50%", (5.0, 5)),
        ("width=6px", (3.0, 3)),
    ],
)
def test_iterm_files(options: str, size: tuple[float, int]) -> None:
    made = terminal(rows=8)
    made.feed(f"\x1b]1337;File=inline=1;{options}:".encode() + base64.b64encode(png(4, 12)) + b"\x07")
    strips = made.images(0, 99)
    assert (strips[0].width, len(strips)) == size
    assert strips[0].image.data == RED * 48


def test_iterm_files_that_are_no_pictures() -> None:
    made = terminal()
    for data in (
        b"inline=0:" + base64.b64encode(png(1, 1)),
        b"inline=1:!!",
        b"inline=1:" + base64.b64encode(b"text"),
    ):
        made.feed(b"\x1b]1337;File=" + data + b"\x07")
    assert made.images(0, 99) == []
    assert made.failure is None


def test_memory_and_pixels_are_bounded() -> None:
    settings = TerminalSettings(cell_width_px=2, cell_height_px=6, image_memory=500, image_pixels=100)
    made = Terminal(10, 4, settings=settings)
    for number in range(1, 6):
        made.feed(kitty(f"a=T,f=32,s=4,v=12,i={number},C=1", RED * 48))
    assert [image.image_id for image in made.image_store.images.values()] == [4, 5]
    assert len(where(made)) == 4
    made.feed(kitty("a=t,f=32,s=101,v=1,i=9", RED * 101))
    assert made.take_output().endswith(b"i=9;EINVAL:size\x1b\\")
    none = Terminal(10, 4, settings=TerminalSettings(image_memory=0))
    none.feed(SIXEL + kitty("a=q,i=1,s=1,v=1,f=24", b"abc"))
    assert (none.images(), none.take_output()) == ([], b"")


def test_pictures_larger_than_other_strings_may_be_are_taken() -> None:
    made = Terminal(10, 4, settings=TerminalSettings(string_limit=300))
    made.feed(b"\x1bPq" + b"~" * 1000 + b"\x1b\\" + b"\x1b]2;" + b"x" * 1000 + b"\x07")
    assert made.images(0, 99)[0].image.width == 1000
    assert (made.title, made.dropped) == ("", 1)


def test_whatever_changes_a_picture_changes_what_shows() -> None:
    made = terminal()
    made.feed(kitty("a=T,i=1,p=2,f=24,s=1,v=1,q=2", b"abc"))
    image = made.images()[0].image
    for sequence in (
        kitty("a=f,i=1,f=24,s=1,v=1,q=2", b"def"),
        kitty("a=f,i=1,r=1,f=24,s=1,v=1,q=2", b"ghi"),
        kitty("a=a,i=1,c=2,q=2"),
        kitty("a=d,d=f,i=1,q=2"),
    ):
        before, version = made.seqno, image.version
        made.feed(sequence)
        assert made.seqno > before
        assert image.version > version
    assert image.data == b"ghi\xff"
    before = made.seqno
    made.feed(kitty("a=d,d=p,x=1,y=1,q=2"))
    assert made.changed_rows(before) == [0]
    before = made.seqno
    made.feed(kitty("a=q,i=1,f=24,s=1,v=1,q=2", b"abc"))
    assert made.seqno == before


def test_an_offset_moves_a_picture_and_does_not_stretch_it() -> None:
    made = terminal()
    # Cells of 2 x 6 pixels, a picture of 2 x 6: one cell's size, half a cell down and to the right.
    made.feed(kitty("a=T,i=1,X=1,Y=3,f=24,s=2,v=6,q=2", b"abc" * 12))
    assert [(one.row, one.offset, one.source, one.width, one.height) for one in made.images()] == [
        (0, (1, 3), (0, 0.0, 2, 3.0), 1.0, 0.5),
        (1, (1, 0), (0, 3.0, 2, 3.0), 1.0, 0.5),
    ]
    assert (made.cursor.row, made.cursor.col) == (1, 2)
    # With columns and rows the picture ends at a cell's edge.
    made.feed(b"\x1b[H" + kitty("a=p,i=1,c=2,r=1,X=1,Y=3,C=1,q=2"))
    (strip,) = made.images()[2:]
    assert (strip.offset, strip.width, strip.height) == ((1, 3), 1.5, 0.5)


@pytest.mark.parametrize(
    ("control", "pixels", "answer"),
    [
        ("r=2,c=1", b"ghi\xffjkl\xff", b"OK"),
        ("r=2,c=1,w=1,x=1", b"abc\xffghi\xff", b"OK"),
        ("r=2,c=1,w=1,X=1,C=1", b"jkl\xffdef\xff", b"OK"),
        ("r=1,c=1,w=1,x=1", b"abc\xffabc\xff", b"OK"),
        ("r=1,c=1", b"abc\xffdef\xff", b"EINVAL:overlap"),
        ("r=3,c=1", b"abc\xffdef\xff", b"ENOENT:no such frame"),
        ("r=2,c=1,w=2,x=1", b"abc\xffdef\xff", b"EINVAL:rectangle"),
        ("r=2,c=1,x=-1", b"abc\xffdef\xff", b"EINVAL:rectangle"),
    ],
)
def test_frames_are_composed(control: str, pixels: bytes, answer: bytes) -> None:
    made = terminal()
    made.feed(kitty("a=T,i=1,f=24,s=2,v=1,q=1", b"abcdef") + kitty("a=f,i=1,f=24,s=2,v=1,q=1", b"ghijkl"))
    made.feed(kitty(f"a=c,i=1,{control}"))
    assert made.take_output() == b"\x1b_Gi=1;" + answer + b"\x1b\\"
    assert made.images()[0].image.data == pixels
