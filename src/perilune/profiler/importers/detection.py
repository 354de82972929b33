"""Tells by its content what a capture is, and hands it to its reader. Names of files decide nothing."""

from __future__ import annotations

import gzip
import io
import re
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from perilune.profiler.errors import CaptureError
from perilune.profiler.file_format import MAGIC, read_profile
from perilune.profiler.importers import folded, perf, trace_json
from perilune.profiler.importers.reading import Reading
from perilune.profiler.model import Meta, Profile

__all__ = ["KINDS", "detect", "read_capture"]

KINDS = ("perf", "folded", "py-spy", "speedscope", "chrome", "perilune")
_HEAD = 1 << 16
_DEEP = 50
_BOM = b"\xef\xbb\xbf"
_FOLDED = re.compile(rb"^\s*(?:\S.*)?[^\s:]\s\d+(?:\.\d+)?(?:[eE][-+]?\d+)?\s*$")
_JSON = re.compile(rb"\{\s*[\"}]|\[\s*[{\]]")
_PY_SPY = re.compile(rb"(?:^|;)[^;]+ \([^;()]*:\d+\)(?:;| )")


class _Peekable(Protocol):
    def peek(self, size: int = 0, /) -> bytes: ...


def detect(head: bytes) -> str | None:
    """The kind of a capture that begins with `head`; None if it is none of them.

    >>> detect(b"main;work 12"), detect(b'[{"ph":"X"}]'), detect(b"hello")
    ('folded', 'chrome', None)
    """
    if head.startswith(MAGIC[:8]):
        return "perilune"
    text = head.removeprefix(_BOM).lstrip()
    if _JSON.match(text):
        if b"speedscope" in text or (b'"shared"' in text and b'"frames"' in text):
            return "speedscope"
        return "chrome"
    lines = [line for line in text.split(b"\n") if line.strip() and not line.startswith(b"#")]
    if len(head) == _HEAD and len(lines) > 1:
        lines.pop()  # it may be cut
    if perf.looks_like(lines[:50]):
        return "perf"
    if len(head) == _HEAD and len(lines) == 1 and lines[0].count(b";") > _DEEP:
        return "folded"  # its first line goes on
    some = lines[:50]
    if some and sum(_FOLDED.match(line) is not None for line in some) * 2 >= len(some):
        return (
            "py-spy" if sum(_PY_SPY.search(line) is not None for line in some) * 2 > len(some) else "folded"
        )
    return None


def read_capture(
    path: Path, reading: Reading, *, kind: str | None = None, file: BinaryIO | None = None
) -> Profile:
    """Read a capture of any kind, gzipped or not.

    Args:
        path: the file.
        reading: how.
        kind: what it is; None: found out.
        file: read this instead of opening `path`, such as the standard input.

    Raises:
        CaptureError: it is of no kind that is known, or cannot be understood.
        OSError: it cannot be opened.
    """
    reading.name = path.name
    opened = path.open("rb") if file is None else io.BufferedReader(cast("io.RawIOBase", file), _HEAD)
    with opened as outer:
        source: BinaryIO = cast("BinaryIO", outer)
        if _peek(source)[:2] == b"\x1f\x8b":
            source = cast(
                "BinaryIO", io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=source)), _HEAD)
            )
        try:
            return _read(path, source, reading, kind, plain=file is None and source is outer)
        except (EOFError, gzip.BadGzipFile) as error:
            raise CaptureError(reading.name, "", f"the compressed file is damaged ({error})") from None


def _peek(source: BinaryIO) -> bytes:
    return cast("_Peekable", source).peek(_HEAD)[:_HEAD]


def _read(path: Path, source: BinaryIO, reading: Reading, kind: str | None, *, plain: bool) -> Profile:
    head = _peek(source)
    if plain and len(head) < _HEAD:  # a file's buffer is smaller than what telling apart may need
        head = source.read(_HEAD)
        source.seek(0)
    if not head:
        raise CaptureError(reading.name, "", "the file is empty")
    if kind is None:
        kind = detect(head)
    if kind is None:
        if head.startswith(b"PERFILE"):
            raise CaptureError(
                reading.name, "", "this is perf's binary file; give what `perf script` prints of it"
            )
        raise CaptureError(
            reading.name, "line 1", "none of the known kinds: perf script text, folded stacks, speedscope,"
            " Chrome trace, py-spy raw, a profile of Perilune",
        )  # fmt: skip
    if kind == "perilune":
        return read_profile(path, keep_going=reading.keep_going)
    if head.startswith(_BOM):
        source.read(len(_BOM))
    profile = Profile(Meta(kind=kind, source=path.name), timed=reading.timed)
    if kind == "perf":
        perf.read(source, profile, reading)
    elif kind in {"folded", "py-spy"}:
        folded.read(source, profile, reading)
    else:
        trace_json.read(source, profile, reading)
    if not profile.row_count and not profile.frame_records and not profile.counters:
        raise CaptureError(reading.name, "", "there is no sample in it")
    profile.meta.notes += reading.notes()
    return profile
