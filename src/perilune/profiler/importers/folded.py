"""Reads folded stacks, a line each: `outer;inner 12`; also py-spy's, whose frames are `name (file.py:12)`.

The marks of flame graph tools are understood: `_[k]` for the kernel, `_[i]` for inlined, `_[j]` for compiled
at run time. Streamed; memory goes to distinct stacks.
"""

from __future__ import annotations

import math
import re
from typing import BinaryIO

from perilune.profiler.importers.reading import Reading
from perilune.profiler.model import ROOT, Frame, Profile, Thread

__all__ = ["parse_frame", "read"]

_PERIOD = 100_000
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
    event = profile.event("samples")
    nowhere = profile.thread(Thread())
    frames: dict[str, int] = {}
    threads: dict[str, int] = {}
    common = 0
    for number, line in enumerate(source, 1):
        reading.progress(len(line))
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if not text.strip() or text.startswith("#"):
            continue
        stack, _, count = text.rstrip().rpartition(" ")
        try:
            weight = float(count)
        except ValueError:
            weight = math.nan
        if not math.isfinite(weight) or weight < 0:
            last = "; the file may end here too early" if not line.endswith(b"\n") else ""
            reading.problem(f"line {number}", f"no count at its end, but {count[:40]!r}{last}")
            continue
        node, thread = ROOT, nowhere
        # A line may have a count only: py-spy writes it for a thread without Python frames.
        for at, part in enumerate(stack.split(";") if stack else ()):
            found = frames.get(part)
            if found is None:
                if at <= 1 and part.startswith(("thread ", "process ")):
                    entered = threads.get(part)
                    if entered is None and (entered := _thread(part, profile)) is not None:
                        threads[part] = entered
                    if entered is not None:
                        thread = entered
                        continue
                found = frames[part] = profile.frame(parse_frame(part))
            node = profile.tree.child(node, found)
        profile.add(event, thread, node, weight=weight, count=max(1, round(weight)) if weight else 0)
        common = math.gcd(common, round(weight)) if weight.is_integer() else 1
    if common >= _PERIOD:
        # Not samples but their periods were added up, and all have one: what is sure depends on the samples.
        profile.recount(common)
    elif weights := sorted(row.weight for row in profile.rows()):
        one = weights[len(weights) // 10]  # most rare stacks were hit once
        if one >= _PERIOD:
            profile.recount(round(one))
            profile.meta.notes.append("its numbers are periods, not samples; how many samples is a guess")


def _thread(part: str, profile: Profile) -> int | None:
    match = _THREAD.match(part)
    if match is not None:
        return profile.thread(Thread(match["name"] or match["plain"]))
    match = _PROCESS.match(part)
    if match is not None:
        return profile.thread(Thread(match["command"], int(match["pid"])))
    return None
