"""The kitty graphics protocol's files and shared memory, and placements relative to others."""

from __future__ import annotations

import base64
import os
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt.kitty_media import MediumError, read_medium

CELLS = TerminalSettings(cell_width_px=2, cell_height_px=6)
RED, GREEN = b"\xff\x00\x00\xff", b"\x00\xff\x00\xff"


def terminal() -> Terminal:
    return Terminal(10, 6, scrollback=20, settings=CELLS)


def kitty(control: str, payload: bytes | Path | str = b"") -> bytes:
    data = payload if isinstance(payload, bytes) else os.fsencode(payload)
    return f"\x1b_G{control};".encode() + base64.b64encode(data) + b"\x1b\\"


def pixels(made: Terminal, number: int) -> bytes:
    image = made.image_store.by_id(number)
    assert image is not None
    return image.data


def answer(made: Terminal, data: bytes) -> bytes:
    made.feed(data)
    return made.take_output().partition(b";")[2].removesuffix(b"\x1b\\").partition(b":")[0]


# -- files --


@pytest.mark.parametrize(
    ("place", "expected"),
    [("", RED + GREEN), ("S=8,O=4,", GREEN + RED), ("O=4,", GREEN + RED), ("S=8,", RED + GREEN)],
)
def test_a_file_is_read_from_an_offset_on(tmp_path: Path, place: str, expected: bytes) -> None:
    path = tmp_path / "pixels"
    path.write_bytes(RED + GREEN + RED)
    made = terminal()
    assert answer(made, kitty(f"a=t,i=1,t=f,f=32,s=2,v=1,{place}", path)) == b"OK"
    assert pixels(made, 1) == expected
    assert path.exists()


def test_a_file_that_is_too_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pixels"
    path.write_bytes(RED)
    assert answer(terminal(), kitty("a=t,i=1,t=f,f=32,s=2,v=1", path)) == b"ENODATA"
    assert answer(terminal(), kitty("a=t,i=1,t=f,f=32,s=1,v=1,O=4", path)) == b"ENODATA"


def test_what_is_no_regular_file_is_refused(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("/proc/self/environ")
    for path in (pipe, link, tmp_path):
        assert answer(terminal(), kitty("a=q,i=1,t=f,s=1,v=1", path)) in (b"EPERM", b"EBADF")


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sparse"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(MediumError, match="EFBIG"):
        read_medium("f", os.fsencode(path), 0, 0, 1 << 20)
    assert read_medium("f", os.fsencode(path), 1 << 39, 4, 1 << 20) == bytes(4)


def test_only_a_temporary_file_that_says_so_goes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary, elsewhere = tmp_path / "temporary", tmp_path / "elsewhere"
    for folder in (temporary, elsewhere):
        folder.mkdir()
    monkeypatch.setattr("perilune.vt.kitty_media._temporary_folders", lambda: [str(temporary)])
    paths = {
        temporary / "tty-graphics-protocol-1": False,
        temporary / "other": True,
        elsewhere / "tty-graphics-protocol-2": True,
    }
    for path, stays in paths.items():
        path.write_bytes(RED)
        assert answer(terminal(), kitty("a=q,i=1,t=t,s=1,v=1", path)) == b"OK"
        assert path.exists() is stays


def test_folders_of_temporary_files_are_known() -> None:
    with tempfile.NamedTemporaryFile(prefix="tty-graphics-protocol-", delete=False) as file:
        file.write(RED)
    assert read_medium("t", os.fsencode(file.name), 0, 0, 100) == RED
    assert not Path(file.name).exists()


# -- shared memory --


@pytest.fixture
def shared() -> Iterator[Path]:
    folder = Path("/dev/shm")
    if not folder.is_dir():
        pytest.skip("no /dev/shm")
    path = folder / f"perilune-test-{uuid.uuid4().hex}"
    path.write_bytes(RED + GREEN)
    yield path
    path.unlink(missing_ok=True)


@pytest.mark.parametrize("slash", ["", "/"])
def test_shared_memory_is_read_and_removed(shared: Path, slash: str) -> None:
    made = terminal()
    assert answer(made, kitty("a=t,i=1,t=s,f=32,s=1,v=1,S=4,O=4", f"{slash}{shared.name}")) == b"OK"
    assert pixels(made, 1) == GREEN
    assert not shared.exists()


def test_shared_memory_goes_also_when_it_is_no_picture(shared: Path) -> None:
    assert answer(terminal(), kitty("a=q,i=1,t=s,f=100", shared.name)) == b"EINVAL"
    assert not shared.exists()


# -- relative placements --


def where(made: Terminal, number: int) -> list[tuple[int, int]]:
    return sorted(
        (strip.row - made.stable_top, strip.col) for strip in made.images() if strip.image.image_id == number
    )


def with_parent() -> Terminal:
    """Image 1 stands at row 2, column 3 as placement 7; image 2 is there to be placed."""
    made = terminal()
    made.feed(kitty("a=t,q=2,i=1,f=32,s=2,v=6", RED * 12) + kitty("a=t,q=2,i=2,f=32,s=4,v=6", GREEN * 24))
    made.feed(b"\x1b[3;4H" + kitty("a=p,q=2,i=1,p=7") + b"\x1b[1;1H")
    return made


def test_a_relative_placement_stands_beside_its_parent_and_moves_no_cursor() -> None:
    made = with_parent()
    assert answer(made, kitty("a=p,i=2,p=1,P=1,Q=7,H=2,V=1")) == b"OK"
    assert (where(made, 1), where(made, 2)) == ([(2, 3)], [(3, 5)])
    assert (made.cursor.row, made.cursor.col) == (0, 0)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\x1b[S", [(2, 5)]),
        (b"\x1b[3;1H\x1b[L", [(4, 5)]),
        (b"\x1b[6;8H" + kitty("a=p,q=2,i=1,p=7,C=1"), [(6, 9)]),
        (b"\x1b[1;1H" + kitty("a=p,q=2,i=1,p=7,C=1"), [(1, 2)]),
        (kitty("a=d,d=i,i=1"), []),
        (kitty("a=d,d=i,i=2"), []),
        (kitty("a=d,d=i,i=2,p=9"), [(3, 5)]),
        (kitty("a=d,d=p,x=6,y=4"), []),
        (kitty("a=d,d=p,x=6,y=5"), [(3, 5)]),
        (b"\x1bc", []),
        (b"\x1b[2J", []),
        (kitty("a=p,q=2,i=2,p=1,P=1,Q=7,V=-2"), [(0, 3)]),
    ],
)
def test_a_relative_placement_goes_where_its_parent_goes(
    data: bytes, expected: list[tuple[int, int]]
) -> None:
    made = with_parent()
    made.feed(kitty("a=p,q=2,i=2,p=1,P=1,Q=7,H=2,V=1") + data)
    assert where(made, 2) == [place for place in expected if place[0] < made.rows]


def test_relative_placements_are_cut_at_the_left_edge() -> None:
    made = with_parent()
    made.feed(kitty("a=p,q=2,i=2,p=1,P=1,H=-4"))
    strip = next(one for one in made.images() if one.image.image_id == 2)
    assert (strip.col, strip.width, strip.source) == (0, 1.0, (2.0, 0, 2.0, 6.0))


def test_parents_of_parents() -> None:
    made = with_parent()
    made.feed(kitty("a=p,q=2,i=2,p=1,P=1,Q=7,H=1") + kitty("a=p,q=2,i=2,p=2,P=2,Q=1,H=1"))
    assert where(made, 2) == [(2, 4), (2, 5)]
    assert answer(made, kitty("a=p,i=2,p=1,P=2,Q=2")) == b"ECYCLE"
    assert answer(made, kitty("a=p,i=2,p=1,P=2,Q=1")) == b"ECYCLE"
    for number in range(3, 9):
        assert answer(made, kitty(f"a=p,i=2,p={number},P=2,Q={number - 1}")) == b"OK"
    assert answer(made, kitty("a=p,i=2,p=9,P=2,Q=8")) == b"ETOODEEP"
    made.feed(kitty("a=d,q=2,d=i,i=2,p=1"))
    assert where(made, 2) == []
    assert made.image_store.relative == []


@pytest.mark.parametrize(
    ("control", "word"),
    [
        ("a=p,i=2,P=9", b"ENOPARENT"),
        ("a=p,i=2,P=1,Q=9", b"ENOPARENT"),
        ("a=p,i=2,P=2", b"ENOPARENT"),
        ("a=p,i=2,P=1,U=1", b"EINVAL"),
    ],
)
def test_wrong_parents(control: str, word: bytes) -> None:
    assert answer(with_parent(), kitty(control)) == word


def test_a_parent_of_placeholders() -> None:
    made = with_parent()
    made.feed(kitty("a=p,q=2,i=1,p=8,U=1,c=1,r=1") + kitty("a=p,q=2,i=2,p=1,P=1,Q=8,H=1,V=1"))
    assert where(made, 2) == []
    made.feed("\x1b[2;3H\x1b[38;5;1m\x1b[58;5;8m\U0010eeee\u0305\u0305".encode())
    assert where(made, 2) == [(2, 3)]


def test_a_frame_is_told_of_relative_placements() -> None:
    made = with_parent()
    before = made.seqno
    made.feed(kitty("a=p,q=2,i=2,p=1,P=1,Q=7"))
    assert made.changed_rows(before)
    before = made.seqno
    made.feed(kitty("a=d,q=2,d=i,i=1,p=7"))
    assert made.changed_rows(before)
