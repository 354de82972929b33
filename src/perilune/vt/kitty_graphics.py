"""The kitty graphics protocol: transmit, place, delete, query, frames, placeholders.

Frames are stored and their control with them; a front end plays them. Replies hold numbers and fixed words.
Where pixels may come from besides the sequence itself is `kitty_media`'s. Runs under the terminal's lock,
with the GIL.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from perilune.vt.image_files import decode_file
from perilune.vt.images import MAX_DEPTH, Image, ImageFrame, Placement
from perilune.vt.kitty_media import MediumError, read_medium

if TYPE_CHECKING:
    from perilune.vt.terminal import Terminal

__all__ = ["KittyGraphics"]

_FALLBACK_CELL = (8, 16)
_DEFAULT_GAP = 40
_MAX_FRAMES = 512


class _Refused(Exception):  # noqa: N818 - an answer, no error of ours
    """Answered to the program, as a code that the protocol knows."""


class KittyGraphics:
    """What is kept between the sequences of one transmission."""

    def __init__(self) -> None:
        self._control: dict[str, str] = {}
        self._payload = bytearray()

    def carry_out(self, terminal: Terminal, data: bytes) -> None:
        """Carry out one APC G string, without the G."""
        head, _, payload = data.partition(b";")
        control = dict(
            part.split("=", 1) for part in head.decode("ascii", "replace").split(",") if "=" in part
        )
        if self._payload or self._control:
            # A later chunk names nothing but m, perhaps q.
            more = control.get("m", "0")
            control = {**self._control, "m": more}
        self._payload += payload
        if len(self._payload) > 2 * terminal.settings.image_memory:
            self._reset()
            terminal.count_dropped()
            return
        if control.get("m") == "1":
            self._control = control
            return
        payload = bytes(self._payload)
        self._reset()
        try:
            image_id = self._act(terminal, control, payload)
            if control.get("a", "t") != "q":
                terminal.image_store.changed(terminal)
            self._answer(terminal, control, image_id, "OK")
        except _Refused as refused:
            self._answer(terminal, control, _int(control, "i"), str(refused))

    def _reset(self) -> None:
        self._control = {}
        self._payload = bytearray()

    @staticmethod
    def _answer(terminal: Terminal, control: dict[str, str], image_id: int, word: str) -> None:
        quiet = _int(control, "q")
        if not (_int(control, "i") or _int(control, "I")) or quiet >= 2 or (quiet == 1 and word == "OK"):
            return
        if control.get("a", "t") in ("d", "a") and word == "OK":
            return
        names = [f"i={image_id}"] if image_id else []
        names += [f"{key}={_int(control, key)}" for key in ("I", "p") if _int(control, key)]
        terminal.reply(f"\x1b_G{','.join(names)};{word}\x1b\\".encode())

    def _act(self, terminal: Terminal, control: dict[str, str], payload: bytes) -> int:
        """Returns the id of the image that the answer names."""
        action = control.get("a", "t")
        if action in ("t", "T", "q"):
            size, pixels = _pixels(terminal, control, payload)
            if action == "q":
                return _int(control, "i")
            store, number = terminal.image_store, _int(control, "I")
            image_id = _int(control, "i") or (store.free_id() if number else 0)
            image = store.add(size, pixels, terminal.settings.image_memory, image_id=image_id, number=number)
            if image is None:
                raise _Refused("ENOSPC:too large")
            if action == "T":
                _put(terminal, image, control)
            return image_id
        if action == "p":
            image = _named(terminal, control)
            _put(terminal, image, control)
            return image.image_id
        if action == "d":
            _delete(terminal, control)
            return 0
        image = _named(terminal, control)
        if action == "f":
            _add_frame(terminal, image, control, payload)
        elif action == "a":
            _animate(image, control)
        elif action == "c":
            _compose(image, control)
        else:
            raise _Refused("ENOTSUP:action")
        terminal.image_store.changed(terminal, image)
        return image.image_id


def _int(control: dict[str, str], key: str, default: int = 0) -> int:
    try:
        return max(-(1 << 31), min(int(control.get(key, default)), (1 << 32) - 1))
    except ValueError:
        return default


def _named(terminal: Terminal, control: dict[str, str]) -> Image:
    store = terminal.image_store
    image = store.by_id(_int(control, "i")) or store.by_number(_int(control, "I"))
    if image is None:
        raise _Refused("ENOENT:no such image")
    return image


def _pixels(
    terminal: Terminal, control: dict[str, str], payload: bytes, needs_size: bool = True
) -> tuple[tuple[int, int], bytes]:
    """The size and the RGBA bytes of a payload."""
    settings = terminal.settings
    medium = control.get("t", "d")
    try:
        data = base64.b64decode(payload + b"=" * (-len(payload) % 4), validate=True)
    except binascii.Error:
        raise _Refused("EINVAL:base64") from None
    if medium != "d":
        try:
            data = read_medium(medium, data, _int(control, "O"), _int(control, "S"), settings.image_memory)
        except MediumError as error:
            raise _Refused(str(error)) from None
    if control.get("o") == "z":
        decompress = zlib.decompressobj()
        try:
            data = decompress.decompress(data, settings.image_pixels * 4 + 1)
        except zlib.error:
            raise _Refused("EINVAL:compression") from None
    kind = _int(control, "f", 32)
    if kind == 100:
        decoded = decode_file(data, settings.image_pixels, ("PNG",))
        if decoded is None:
            raise _Refused("EINVAL:PNG")
        return decoded[:2], decoded[2]
    width, height = _int(control, "s"), _int(control, "v")
    if width <= 0 or height <= 0 or width * height > settings.image_pixels:
        raise _Refused("EINVAL:size" if needs_size else "EINVAL:frame")
    samples = {24: 3, 32: 4}.get(kind)
    if samples is None:
        raise _Refused("EINVAL:format")
    if len(data) < width * height * samples:
        raise _Refused("ENODATA:too little data")
    data = data[: width * height * samples]
    if samples == 3:
        filled = bytearray(b"\xff") * (width * height * 4)
        filled[0::4], filled[1::4], filled[2::4] = data[0::3], data[1::3], data[2::3]
        data = bytes(filled)
    return (width, height), data


def _put(terminal: Terminal, image: Image, control: dict[str, str]) -> None:
    """Place an image at the cursor, or for placeholders."""
    settings = terminal.settings
    cell_width = settings.cell_width_px or _FALLBACK_CELL[0]
    cell_height = settings.cell_height_px or _FALLBACK_CELL[1]
    x, y = (max(0, _int(control, key)) for key in ("x", "y"))
    width = min(_int(control, "w") or image.width, image.width - x)
    height = min(_int(control, "h") or image.height, image.height - y)
    if width <= 0 or height <= 0:
        raise _Refused("EINVAL:source")
    offset = (min(max(0, _int(control, "X")), cell_width), min(max(0, _int(control, "Y")), cell_height))
    cols, rows = (max(0, min(_int(control, key), 1000)) for key in ("c", "r"))
    shift = (offset[0] / cell_width, offset[1] / cell_height)
    # Columns and rows say where the picture ends, the offset where it starts.
    wide = max(cols - shift[0], 0.01) if cols else width / cell_width
    high = max(rows - shift[1], 0.01) if rows else height / cell_height
    if cols and not rows:
        high = wide * cell_width * height / width / cell_height
    elif rows and not cols:
        wide = high * cell_height * width / height / cell_width
    placement = Placement(
        image,
        _int(control, "p"),
        (x, y, width, height),
        min(wide, 10000.0),
        min(high, 10000.0),
        _int(control, "z"),
        offset,
        shift,
        is_virtual=control.get("U") == "1",
        parent=_parent(terminal, control),
        parent_offset=(_int(control, "H"), _int(control, "V")),
    )
    store = terminal.image_store
    if placement.is_virtual and placement.parent is not None:
        raise _Refused("EINVAL:a virtual placement is relative to nothing")
    before = [
        one
        for one in store.placements()
        if placement.placement_id and image.image_id and one.image is image
        and one.placement_id == placement.placement_id
    ]  # fmt: skip
    ancestor, depth = placement.parent, 1
    while ancestor is not None:
        if any(ancestor is one for one in before):
            raise _Refused("ECYCLE:relative to itself")
        if depth > MAX_DEPTH:
            raise _Refused("ETOODEEP:too many parents")
        ancestor, depth = ancestor.parent, depth + 1
    # What is relative to the placement that this one replaces follows it.
    children = [one for one in store.relative if any(one.parent is old for old in before)]
    for child in children:
        child.parent = placement
    if placement.placement_id and image.image_id:
        # The same placement again moves it.
        store.unplace(
            terminal,
            lambda one, _row, _col: one.image is image and one.placement_id == placement.placement_id,
            free=False,
        )
    if placement.is_virtual:
        store.virtual.append(placement)
        del store.virtual[:-_MAX_FRAMES]
    elif placement.parent is not None:
        # The cursor stays.
        store.relative.append(placement)
        del store.relative[:-_MAX_FRAMES]
        store.changed_everywhere(terminal)
    elif control.get("C") == "1":
        row, col = terminal.cursor_place()
        store.stand(terminal, placement, row, col)
    else:
        store.place(terminal, placement)
        terminal.step_right(placement.cols)


def _parent(terminal: Terminal, control: dict[str, str]) -> Placement | None:
    """The placement that P, and Q perhaps, name; None where neither is given."""
    number, placement_id = _int(control, "P"), _int(control, "Q")
    if not number:
        return None
    image = terminal.image_store.by_id(number)
    for one in terminal.image_store.placements():
        if image is not None and one.image is image and placement_id in (0, one.placement_id):
            return one
    raise _Refused("ENOPARENT:no such placement")


def _delete(terminal: Terminal, control: dict[str, str]) -> None:
    how = control.get("d", "a")
    store = terminal.image_store
    cursor_row, cursor_col = terminal.cursor_place()
    x, y, z = _int(control, "x") - 1, _int(control, "y") - 1, _int(control, "z")
    image_id, number, placement_id = (_int(control, key) for key in ("i", "I", "p"))

    def covers(one: Placement, row: int, col: int, at_row: int | None, at_col: int | None) -> bool:
        return (at_row is None or row == at_row) and (at_col is None or col <= at_col < col + one.cols)

    def named(one: Placement, image: Image | None) -> bool:
        return one.image is image and placement_id in (0, one.placement_id)

    tests: dict[str, Callable[[Placement, int, int], bool]] = {
        "a": lambda one, row, _col: not one.is_virtual and 0 <= row < terminal.rows,
        "i": lambda one, _row, _col: named(one, store.by_id(image_id)),
        "n": lambda one, _row, _col: named(one, store.by_number(number)),
        "c": lambda one, row, col: covers(one, row, col, cursor_row, cursor_col),
        "p": lambda one, row, col: covers(one, row, col, y, x),
        "q": lambda one, row, col: covers(one, row, col, y, x) and one.z == z,
        "x": lambda one, row, col: covers(one, row, col, None, x),
        "y": lambda one, row, col: covers(one, row, col, y, None),
        "z": lambda one, _row, _col: one.z == z,
        "r": lambda one, _row, _col: x + 1 <= one.image.image_id <= y + 1,
    }
    if how.lower() == "f":
        image = store.by_id(image_id) or store.by_number(number)
        if image is not None:
            image.frames.clear()
            image.current_frame = 1
            store.changed(terminal, image)
        return
    test = tests.get(how.lower())
    if test is None:
        raise _Refused("EINVAL:delete")
    store.unplace(terminal, test, free=how.isupper())
    if how.isupper() and how in "INR":
        chosen = [
            image
            for image in store.images.values()
            if (how == "I" and image is store.by_id(image_id))
            or (how == "N" and image is store.by_number(number))
            or (how == "R" and x + 1 <= image.image_id <= y + 1)
        ]
        if not placement_id:
            store.remove(chosen)


def _add_frame(terminal: Terminal, image: Image, control: dict[str, str], payload: bytes) -> None:
    """A frame, or a change of one: pixels over a background, which is another frame or a colour."""
    (width, height), pixels = _pixels(terminal, control, payload, needs_size=False)
    left, top = (max(0, _int(control, key)) for key in ("x", "y"))
    edited, base = _int(control, "r"), _int(control, "c")
    count = len(image.frames) + 1
    if edited > count or base > count or left + width > image.width or top + height > image.height:
        raise _Refused("EINVAL:frame")
    if edited:
        canvas = bytearray(_frame_data(image, edited))
    elif base:
        canvas = bytearray(_frame_data(image, base))
    else:
        color = _int(control, "Y") & 0xFFFFFFFF
        canvas = bytearray(color.to_bytes(4, "big") * (image.width * image.height))
    if control.get("X") == "1":
        _copy(canvas, pixels, image.width, left, top, width)
    else:
        _blend(canvas, pixels, image.width, left, top, width)
    gap = _int(control, "z")
    if edited:
        _replace_frame(image, edited, bytes(canvas), gap)
    else:
        if count >= _MAX_FRAMES or image.size + len(canvas) > terminal.settings.image_memory:
            raise _Refused("ENOSPC:frames")
        image.frames.append(ImageFrame(bytes(canvas), gap or _DEFAULT_GAP))
        terminal.image_store.shrink(terminal.settings.image_memory, keep=image)


def _replace_frame(image: Image, number: int, data: bytes, gap: int = 0) -> None:
    if number == 1:
        image.data = data
        image.first_gap_ms = gap or image.first_gap_ms
    else:
        image.frames[number - 2] = ImageFrame(data, gap or image.frames[number - 2].gap_ms)


def _compose(image: Image, control: dict[str, str]) -> None:
    """A rectangle of one frame over another."""
    source, target = _int(control, "r"), _int(control, "c")
    if not 1 <= source <= len(image.frames) + 1 or not 1 <= target <= len(image.frames) + 1:
        raise _Refused("ENOENT:no such frame")
    width, height = _int(control, "w") or image.width, _int(control, "h") or image.height
    left, top, from_left, from_top = (_int(control, key) for key in ("x", "y", "X", "Y"))
    if (
        min(width, height, left, top, from_left, from_top) < 0
        or max(left, from_left) + width > image.width
        or max(top, from_top) + height > image.height
    ):
        raise _Refused("EINVAL:rectangle")
    if source == target and abs(left - from_left) < width and abs(top - from_top) < height:
        raise _Refused("EINVAL:overlap")
    data = _frame_data(image, source)
    starts = (((from_top + row) * image.width + from_left) * 4 for row in range(height))
    pixels = b"".join(data[start : start + width * 4] for start in starts)
    canvas = bytearray(_frame_data(image, target))
    if control.get("C") == "1":
        _copy(canvas, pixels, image.width, left, top, width)
    else:
        _blend(canvas, pixels, image.width, left, top, width)
    _replace_frame(image, target, bytes(canvas))


def _frame_data(image: Image, number: int) -> bytes:
    return image.data if number == 1 else image.frames[number - 2].data


def _copy(canvas: bytearray, pixels: bytes, pitch: int, left: int, top: int, width: int) -> None:
    for row in range(len(pixels) // (width * 4)):
        at = ((top + row) * pitch + left) * 4
        canvas[at : at + width * 4] = pixels[row * width * 4 : (row + 1) * width * 4]


def _blend(canvas: bytearray, pixels: bytes, pitch: int, left: int, top: int, width: int) -> None:
    if pixels[3::4].count(b"\xff") == len(pixels) // 4:
        _copy(canvas, pixels, pitch, left, top, width)
        return
    from PIL import Image as Pillow  # noqa: PLC0415 - imported when it is needed

    size = (pitch, len(canvas) // 4 // pitch)
    under = Pillow.frombytes("RGBA", size, bytes(canvas))
    over = Pillow.frombytes("RGBA", (width, len(pixels) // 4 // width), pixels)
    under.alpha_composite(over, (left, top))
    canvas[:] = under.tobytes()


def _animate(image: Image, control: dict[str, str]) -> None:
    """Control of an animation: kept for whoever plays it."""
    state = _int(control, "s")
    if state:
        image.is_running = state in (2, 3)
    if _int(control, "v"):
        image.loops = _int(control, "v") - 1
    if 1 <= _int(control, "c") <= len(image.frames) + 1:
        image.current_frame = _int(control, "c")
    edited, gap = _int(control, "r"), _int(control, "z")
    if edited == 1 and gap:
        image.first_gap_ms = gap
    elif edited > 1 and gap and edited - 2 < len(image.frames):
        image.frames[edited - 2] = ImageFrame(image.frames[edited - 2].data, gap)
