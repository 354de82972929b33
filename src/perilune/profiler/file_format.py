r"""Perilune's own profile files (docs/profile-format.md): small, appendable, readable up to where they end.

A file is a magic line and blocks. A block is a kind of four letters, the length and the CRC-32 of its payload
(both u32, little-endian), and the payload: JSON, compressed by zlib. Tables (frames, stacks, events, threads)
grow over the blocks, so a recorder can write as it goes. Blocks of unknown kinds, fields that are unknown and
columns past the known ones are skipped, which is how later versions add things. `DONE` is the last block: a
file without it was cut off, and what stands before the cut is still good.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from perilune.profiler.errors import CaptureError
from perilune.profiler.model import (
    ROOT,
    CallbackRun,
    CallbackTotals,
    Event,
    Frame,
    FrameRecord,
    Meta,
    Profile,
    Thread,
)

__all__ = ["MAGIC", "VERSION", "BlockWriter", "read_profile", "write_profile"]

_T = TypeVar("_T")
VERSION = 1
MAGIC = b"\x89perilune-profile\r\n\x1a\n"
_BLOCK = struct.Struct("<4sII")
_ROWS = 20_000
_LARGEST = 1 << 28
_SCALARS = ("kind", "source", "producer", "command", "duration", "frames", "bytes", "frame_budget_us", "lost")


class BlockWriter:
    """Writes blocks; each is complete in the file when the method returns, if the file is unbuffered.

    Args:
        file: where to.
        level: of the compression; 1 while recording, 6 to keep.
    """

    def __init__(self, file: BinaryIO, level: int = 6) -> None:
        self._file = file
        self._level = level
        file.write(MAGIC)

    def block(self, kind: bytes, payload: object) -> None:
        """Write one block."""
        text = json.dumps(payload, separators=(",", ":"), ensure_ascii=False, default=str).encode(
            "utf-8", "replace"
        )
        data = zlib.compress(text, self._level)
        self._file.write(_BLOCK.pack(kind, len(data), zlib.crc32(data)) + data)

    def meta(self, meta: Meta, *, timed: bool) -> None:
        """Write what is known of the whole; may come again, the last one holds."""
        self.block(b"META", {"version": VERSION, "timed": timed, **asdict(meta)})

    def frame_records(self, records: Iterable[FrameRecord]) -> None:
        """Write frames drawn."""
        for some in _batches(records):
            self.block(
                b"DRAW",
                [
                    [r.number, round(r.start, 7), round(r.us, 2),
                     [[name, round(at, 2), round(us, 2)] for name, at, us in r.stages],
                     int(r.over_budget), list(r.causes)]
                    for r in some
                ],
            )  # fmt: skip

    def runs(self, runs: Iterable[CallbackRun]) -> None:
        """Write callback runs."""
        names = [item.name for item in fields(CallbackRun)]
        for some in _batches(runs):
            self.block(b"RUNS", {"columns": names, "rows": [[getattr(r, n) for n in names] for r in some]})

    def done(self) -> None:
        """Write the end."""
        self.block(b"DONE", {})


def write_profile(profile: Profile, path: Path) -> None:
    """Keep a profile; the file appears when it is complete."""
    partial = path.with_name(f".{path.name}.part")
    try:
        with partial.open("wb") as file:
            _write(profile, BlockWriter(file))
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _write(profile: Profile, out: BlockWriter) -> None:
    out.meta(profile.meta, timed=profile.timed)
    for kind, rows in ((b"EVNT", profile.events), (b"THRD", profile.threads)):
        out.block(kind, [list(row) for row in rows])
    strings: dict[str, int] = {}
    for frames in _batches(profile.frames):
        table: list[str] = []
        rows_out = []
        for frame in frames:
            ids = []
            for text in (frame.symbol, frame.module, frame.file):
                index = strings.get(text)
                if index is None:
                    index = strings[text] = len(strings)
                    table.append(text)
                ids.append(index)
            rows_out.append([*ids, frame.line, int(frame.inlined) | int(frame.kernel) << 1])
        out.block(b"STRS", table)
        out.block(b"FRMS", rows_out)
    tree = profile.tree
    for start in range(0, len(tree), _ROWS * 5):
        end = start + _ROWS * 5
        out.block(b"STKS", {"parents": list(tree.parents[start:end]), "frames": list(tree.frames[start:end])})
    for some in _batches(profile.rows()):
        columns = {
            "event": [r.event for r in some],
            "thread": [r.thread for r in some],
            "stack": [r.stack for r in some],
            "count": [r.samples for r in some],
            "weight": [_whole(r.weight) for r in some],
        }
        if profile.timed:
            columns["time"] = [r.time for r in some]
        out.block(b"SMPL", columns)
    out.frame_records(profile.frame_records)
    out.runs(profile.runs)
    if profile.callbacks:
        out.block(b"CALL", [asdict(totals) for totals in profile.callbacks.values()])
    for counter in profile.counters.values():
        out.block(
            b"CNTR",
            {"name": counter.name, "unit": counter.unit, "cumulative": counter.cumulative,
             "times": [round(t, 6) for t in counter.times], "values": [_whole(v) for v in counter.values]},
        )  # fmt: skip
    out.done()


def _whole(value: float) -> float | int:
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _batches(items: Iterable[_T]) -> Iterator[list[_T]]:
    batch: list[_T] = []
    for item in items:
        batch.append(item)
        if len(batch) == _ROWS:
            yield batch
            batch = []
    if batch:
        yield batch


def read_profile(path: Path, *, keep_going: bool = False) -> Profile:
    """Read a profile.

    Args:
        path: the file.
        keep_going: whether a damaged file gives what stands before the damage, which `meta.notes` then says.

    Raises:
        CaptureError: it is no profile, or is cut off or damaged; `place` is the byte.
    """
    reader = _Reader()
    with path.open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise CaptureError(path.name, "byte 0", "not a profile of Perilune")
        try:
            _blocks(path.name, file, reader)
        except CaptureError as error:
            if not keep_going:
                raise
            reader.profile.meta.notes.append(
                f"{error.place}: {error.problem}; {reader.blocks} blocks before it were read"
            )
    return reader.profile


def _blocks(name: str, file: BinaryIO, reader: _Reader) -> None:
    position = len(MAGIC)
    while True:
        head = file.read(_BLOCK.size)
        if len(head) < _BLOCK.size:
            raise CaptureError(name, f"byte {position}", "the file ends here, without its last block")
        kind, size, crc = _BLOCK.unpack(head)
        if size > _LARGEST:
            raise CaptureError(name, f"byte {position}", f"a block of {size} bytes cannot be")
        data = file.read(size)
        if len(data) < size:
            raise CaptureError(
                name, f"byte {position}", f"the file ends within a block ({len(data)} of {size} bytes)"
            )
        if zlib.crc32(data) != crc:
            raise CaptureError(name, f"byte {position}", "the block is damaged (its checksum differs)")
        try:
            if kind == b"DONE":
                return
            reader.take(kind, data)
        except (ValueError, TypeError, KeyError, IndexError, OverflowError, zlib.error) as error:
            raise CaptureError(
                name, f"byte {position}", f"the block {kind.decode('latin-1')} cannot be understood ({error})"
            ) from None
        position += _BLOCK.size + size


class _Reader:
    """Builds a profile from blocks. Ids in blocks are those of the file; the profile's are looked up."""

    def __init__(self) -> None:
        self.profile = Profile()
        self.blocks = 0
        self._strings: list[str] = []
        self._frames: list[int] = []
        self._stacks = array("i")
        self._events: list[int] = []
        self._threads: list[int] = []

    def take(self, kind: bytes, data: bytes) -> None:
        """Enter one block."""
        handler = getattr(self, f"_{kind.decode('ascii').lower()}", None) if kind in _KNOWN else None
        if handler is not None:
            handler(json.loads(zlib.decompress(data)))
        self.blocks += 1

    def _meta(self, value: dict[str, Any]) -> None:
        if value["version"] > VERSION and value.get("needs", VERSION) > VERSION:
            raise ValueError(f"version {value['version']}, this program reads {VERSION}")
        meta = self.profile.meta
        for name in _SCALARS:
            if name in value:
                setattr(meta, name, type(getattr(meta, name))(value[name]))
        meta.host = {str(key): str(item) for key, item in value.get("host", {}).items()}
        meta.notes = [str(note) for note in value.get("notes", [])]
        self.profile.timed = bool(value.get("timed"))

    def _evnt(self, value: list[list[Any]]) -> None:
        self._events += [self.profile.event(*Event(*row[:2])) for row in value]

    def _thrd(self, value: list[list[Any]]) -> None:
        self._threads += [self.profile.thread(Thread(*row[:3])) for row in value]

    def _strs(self, value: list[str]) -> None:
        self._strings += value

    def _frms(self, value: list[list[int]]) -> None:
        text = self._strings
        for symbol, module, file, line, flags, *_later in value:
            self._frames.append(
                self.profile.frame(
                    Frame(text[symbol], text[module], text[file], line, bool(flags & 1), bool(flags & 2))
                )
            )

    def _stks(self, value: dict[str, list[int]]) -> None:
        child = self.profile.tree.child
        for parent, frame in zip(value["parents"], value["frames"], strict=True):
            if not ROOT <= parent < len(self._stacks):
                raise ValueError(f"a stack whose caller {parent} is not there yet")
            self._stacks.append(child(self._node(parent), self._frames[frame]))

    def _node(self, stack: int) -> int:
        if stack < ROOT:
            raise ValueError(f"stack {stack}")
        return ROOT if stack == ROOT else self._stacks[stack]

    def _smpl(self, value: dict[str, list[Any]]) -> None:
        add = self.profile.add
        counts = value["count"]
        times = value.get("time") or [0.0] * len(counts)
        for event, thread, stack, count, weight, time in zip(
            value["event"], value["thread"], value["stack"], counts, value["weight"], times, strict=True
        ):
            if event < 0 or thread < 0 or not math.isfinite(weight):
                raise ValueError("a sample of no event, no thread or no weight")
            add(self._events[event], self._threads[thread], self._node(stack),
                weight=weight, count=count, time=time)  # fmt: skip

    def _draw(self, value: list[list[Any]]) -> None:
        for number, start, us, stages, over, causes, *_later in value:
            self.profile.frame_records.append(
                FrameRecord(
                    number, start, us, tuple((s[0], s[1], s[2]) for s in stages), bool(over), tuple(causes)
                )
            )

    def _runs(self, value: dict[str, Any]) -> None:
        known = {item.name for item in fields(CallbackRun)}
        columns = [(at, name) for at, name in enumerate(value["columns"]) if name in known]
        self.profile.runs += [CallbackRun(**{name: row[at] for at, name in columns}) for row in value["rows"]]

    def _call(self, value: list[dict[str, Any]]) -> None:
        known = {item.name for item in fields(CallbackTotals)}
        for row in value:  # a later block replaces what a former one said: totals are levels
            totals = CallbackTotals(**{key: item for key, item in row.items() if key in known})
            self.profile.callbacks[totals.callback] = totals

    def _cntr(self, value: dict[str, Any]) -> None:
        counter = self.profile.counter(
            value["name"], value.get("unit", "count"), cumulative=bool(value.get("cumulative", True))
        )
        for time, number in zip(value["times"], value["values"], strict=True):
            counter.add(time, number)


_KNOWN = {
    b"META", b"EVNT", b"THRD", b"STRS", b"FRMS", b"STKS", b"SMPL", b"DRAW", b"RUNS", b"CALL", b"CNTR",
}  # fmt: skip
