"""Reads folded stacks, a line each: `outer;inner 12`; also py-spy's, whose frames are `name (file.py:12)`.

The marks of flame graph tools are understood: `_[k]` for the kernel, `_[i]` for inlined, `_[j]` for compiled
at run time. Two counts at the end of every line are those of a comparison: before and after, read as two
events. Streamed; memory goes to distinct stacks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import BinaryIO

from perilune.profiler.importers.reading import Reading
from perilune.profiler.model import ROOT, Frame, Profile, Thread

__all__ = ["parse_frame", "read"]

_PERIOD = 100_000
_LOOKED_AT = 50  # lines that say whether there are two counts
_TWO = re.compile(rb"\S\s+\d+(?:\.\d+)?\s+\d+(?:\.\d+)?\s*$")
_PLACED = re.compile(r"^(?P<symbol>.*\S) \((?P<file>[^()]*?[^():]):(?P<line>\d+)\)$")
_UNPLACED = re.compile(r"^(?P<symbol>.*\S) \((?P<file>[^()]*\.py)\)$")
_THREAD = re.compile(r"^thread (?:\((?P<name>.*)\)|(?P<plain>.+))$")
_PROCESS = re.compile(r'^process (?P<pid>\d+):"?(?P<command>.*?)"?$')


def parse_frame(text: str) -> Frame:
    """One frame of a folded stack.

    >>> parse_frame("work (app/jobs.py:12)")
    Frame(symbol='work', module='python', file='app/jobs.py', line=12, inlined=False, kernel=False)
    """
    kernel = text.endswith("_[k]")
    inlined = text.endswith("_[i]")
    if kernel or inlined or text.endswith("_[j]"):
        text = text[:-4]
    match = _PLACED.match(text)
    if match is not None:
        file, line = match["file"], int(match["line"])
    else:
        match = _UNPLACED.match(text)
        if match is None:
            return Frame(text or "[unknown]", inlined=inlined, kernel=kernel)
        file, line = match["file"], 0
    module = {"py": "python", "lua": "lua"}.get(file.rpartition(".")[2], "")
    if file.startswith("<"):
        module = "python"
    return Frame(match["symbol"], module, file, line, inlined, kernel)


def read(source: BinaryIO, profile: Profile, reading: Reading) -> None:
    """Enter every line.

    Raises:
        CaptureError: a line cannot be understood, and `reading` does not say to keep going.
    """
    lines: Iterator[bytes] = iter(source)
    head = list(islice(lines, _LOOKED_AT))
    said = [line for line in head if line.strip() and not line.startswith(b"#")]
    names = ("before", "after") if said and all(map(_TWO.search, said)) else ("samples",)
    if len(names) > 1:
        profile.meta.notes.append("each line has two counts: they are the events before and after")
    whole = _Folded(profile, reading, [profile.event(name) for name in names])
    for number, line in enumerate(chain(head, lines), 1):
        whole.line(number, line)
    common = whole.common
    if common >= _PERIOD:
        # Not samples but their periods were added up, and all have one: what is sure depends on the samples.
        profile.recount(common)
    elif weights := sorted(row.weight for row in profile.rows()):
        one = weights[len(weights) // 10]  # most rare stacks were hit once
        if one >= _PERIOD:
            profile.recount(round(one))
            profile.meta.notes.append("its numbers are periods, not samples; how many samples is a guess")


class _Folded:
    """One text. `common` is the greatest common divisor of its numbers, 1 if one is no whole number."""

    def __init__(self, profile: Profile, reading: Reading, events: list[int]) -> None:
        self.common = 0
        self._profile = profile
        self._reading = reading
        self._events = events
        self._nowhere = profile.thread(Thread())
        self._frames: dict[str, int] = {}
        self._threads: dict[str, int] = {}

    def line(self, number: int, line: bytes) -> None:
        """Enter one line."""
        self._reading.progress(len(line))
        text = line.decode("utf-8", "replace").strip()
        if not text or text.startswith("#"):
            return
        words = text.rsplit(None, len(self._events))
        counts = words[-len(self._events) :]
        weights = [_count(word) for word in counts]
        if not all(map(math.isfinite, weights)) or len(counts) < len(self._events):
            last = "; the file may end here too early" if not line.endswith(b"\n") else ""
            bad = [word for word, weight in zip(counts, weights, strict=True) if not math.isfinite(weight)]
            wrong = bad[0] if bad else text
            self._reading.problem(f"line {number}", f"no count at its end, but {wrong[:40]!r}{last}")
            return
        # A line may have a count only: py-spy writes it for a thread without Python frames.
        thread, node = self._stack(words[0] if len(words) > len(counts) else "")
        for event, weight in zip(self._events, weights, strict=True):
            if weight or len(weights) == 1:
                count = max(1, round(weight)) if weight else 0
                self._profile.add(event, thread, node, weight=weight, count=count)
            self.common = math.gcd(self.common, round(weight)) if weight.is_integer() else 1

    def _stack(self, stack: str) -> tuple[int, int]:
        profile = self._profile
        node, thread = ROOT, self._nowhere
        for at, part in enumerate(stack.split(";") if stack else ()):
            found = self._frames.get(part)
            if found is None:
                if at <= 1 and part.startswith(("thread ", "process ")):
                    entered = self._threads.get(part)
                    if entered is None and (entered := _thread(part, profile)) is not None:
                        self._threads[part] = entered
                    if entered is not None:
                        thread = entered
                        continue
                found = self._frames[part] = profile.frame(parse_frame(part))
            node = profile.tree.child(node, found)
        return thread, node


def _count(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        return math.nan
    return value if value >= 0 else math.nan


def _thread(part: str, profile: Profile) -> int | None:
    match = _THREAD.match(part)
    if match is not None:
        return profile.thread(Thread(match["name"] or match["plain"]))
    match = _PROCESS.match(part)
    if match is not None:
        return profile.thread(Thread(match["command"], int(match["pid"])))
    return None
