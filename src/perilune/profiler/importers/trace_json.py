"""Reads JSON captures: speedscope (evented, sampled), Chrome traces (B/E, X, C, CPU profiles), .cpuprofile.

JSON is read whole, so these take memory of about ten times their size; only `perf` text is made in gigabytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

from perilune.profiler.importers.json_text import read_json
from perilune.profiler.importers.reading import Reading
from perilune.profiler.importers.timeline import Timeline
from perilune.profiler.model import ROOT, Frame, Profile, Thread

__all__ = ["read"]

_SECONDS = {"nanoseconds": 1e-9, "microseconds": 1e-6, "milliseconds": 1e-3, "seconds": 1.0}
_UNITS = {"nanoseconds": "ns", "microseconds": "us", "milliseconds": "ms", "seconds": "s", "bytes": "bytes"}
_PERIOD = 100_000
_KERNEL, _INLINED = "_[k]", "_[i]"


def read(source: BinaryIO, profile: Profile, reading: Reading) -> None:
    """Enter what a document holds.

    Raises:
        CaptureError: it cannot be understood, and `reading` does not say to keep going.
    """
    document = read_json(source, reading)
    if isinstance(document, dict) and "profiles" in document:
        profile.meta.kind = "speedscope"
        _Speedscope(profile, reading).read(document)
    elif isinstance(document, dict) and "nodes" in document:
        profile.meta.kind = "chrome"
        event, thread = profile.event("cpu", "us"), profile.thread(Thread())
        whole = _CpuProfile(profile, event, thread)
        _guarded(reading, "the CPU profile", lambda: whole.take(document))
        whole.finish()
    elif isinstance(document, list) or (isinstance(document, dict) and "traceEvents" in document):
        profile.meta.kind = "chrome"
        _Chrome(profile, reading).read(document)
    elif document is not None:
        reading.problem("line 1", "neither speedscope, nor a Chrome trace, nor a CPU profile")


def _guarded(reading: Reading, place: str, act: Callable[[], None]) -> None:
    try:
        act()
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError) as error:
        reading.problem(place, f"not as it must be ({type(error).__name__}: {error})")


def _index(value: object, size: int) -> int:
    if not isinstance(value, int) or not 0 <= value < size:
        raise ValueError(f"no frame {value!r}")
    return value


class _Speedscope:
    def __init__(self, profile: Profile, reading: Reading) -> None:
        self._profile = profile
        self._reading = reading
        self._frames: list[int] = []
        self._duration = 0.0

    def read(self, document: dict[str, Any]) -> None:
        meta = self._profile.meta
        meta.producer = str(document.get("exporter") or "")
        meta.command = str(document.get("name") or "")
        self._reading_frames((document.get("shared") or {}).get("frames") or [])
        for number, one in enumerate(document["profiles"]):
            _guarded(self._reading, f"profile {number}", lambda one=one: self._one(one))  # type: ignore[misc]
        meta.duration = self._duration

    def _reading_frames(self, frames: list[Any]) -> None:
        for number, frame in enumerate(frames):
            entered = Frame("[unknown]")
            try:
                name = str(frame["name"])
                kernel, inlined = name.endswith(_KERNEL), name.endswith(_INLINED)
                entered = Frame(
                    name[:-4] if kernel or inlined else name, str(frame.get("module") or ""),
                    str(frame.get("file") or ""), int(frame.get("line") or 0), inlined, kernel,
                )  # fmt: skip
            except (KeyError, TypeError, ValueError, AttributeError):
                self._reading.problem(f"frame {number}", "without a name, or with a line that is no number")
            self._frames.append(self._profile.frame(entered))

    def _one(self, one: dict[str, Any]) -> None:
        unit = str(one.get("unit") or "none")
        name, _, event_name = str(one.get("name") or "").partition(" \N{MIDDLE DOT} ")
        default = "wall" if unit in _SECONDS else "allocations" if unit == "bytes" else "samples"
        event = self._profile.event(event_name or default, _UNITS.get(unit, "samples"))
        thread = self._profile.thread(_thread_named(name))
        scale = _SECONDS.get(unit, 0.0)
        # Profiles of one event have the unit of the first of them.
        first = self._profile.events[event].unit
        other = next((_SECONDS[name] for name in _SECONDS if _UNITS[name] == first), 0.0)
        factor = scale / other if scale and other else 1.0
        if one["type"] == "evented":
            self._evented(one, Timeline(self._profile, event, thread, scale, factor))
        elif one["type"] == "sampled":
            self._sampled(one, (event, thread), scale, factor)
        else:
            raise ValueError(f"type {one['type']!r}")
        if scale:
            span = (float(one.get("endValue") or 0) - float(one.get("startValue") or 0)) * scale
            self._duration = max(self._duration, span)

    def _evented(self, one: dict[str, Any], line: Timeline) -> None:
        for event in one["events"]:
            frame, at = self._frames[_index(event["frame"], len(self._frames))], float(event["at"])
            if event["type"] == "O":
                line.begin(frame, at)
            elif event["type"] == "C":
                if line.innermost != frame:
                    raise ValueError(f"frame {event['frame']} is closed, but was not opened last")
                line.end(at)
            else:
                raise ValueError(f"event {event['type']!r}")
        if line.depth:
            line.close(float(one["endValue"]) if "endValue" in one else None)
            if self._reading.keep_going:
                self._reading.problem("the last event", f"{one.get('name')}: calls that do not end")

    def _sampled(self, one: dict[str, Any], place: tuple[int, int], scale: float, factor: float) -> None:
        samples, weights = one["samples"], one.get("weights")
        if weights is None:
            weights = [1] * len(samples)
        if len(samples) != len(weights) and not self._reading.keep_going:
            raise ValueError(f"{len(samples)} samples, {len(weights)} weights")
        at = float(one.get("startValue") or 0)
        frames, size = self._frames, len(self._frames)
        for stack, weight in zip(samples, weights, strict=False):
            node = self._profile.tree.stack([frames[_index(frame, size)] for frame in stack])
            # Large weights without a unit are periods: better too few samples than too many.
            counted = not scale and float(weight).is_integer() and 0 < weight < _PERIOD
            count = int(weight) if counted else 1
            self._profile.add(*place, node, weight=float(weight) * factor, count=count, time=at * scale)
            at += float(weight)


def _thread_named(name: str) -> Thread:
    """What the exporter's name of a profile says of its thread: "name [pid/tid]"."""
    head, _, ids = name.rpartition(" [")
    pid, _, tid = ids.removesuffix("]").partition("/")
    try:
        return Thread(head, int(pid), int(tid)) if ids.endswith("]") else Thread(name)
    except ValueError:
        return Thread(name)


class _CpuProfile:
    """V8's: a tree of nodes, and the node that each sample hit; whole, or in chunks."""

    def __init__(self, profile: Profile, event: int, thread: int) -> None:
        self._profile = profile
        self._event = event
        self._thread = thread
        self._nodes: dict[int, int] = {}
        self._at = 0.0
        self._start: float | None = None
        self._end: float | None = None
        self._pending: int | None = None
        self._delta = 0.0

    def take(self, data: dict[str, Any], deltas: list[Any] | None = None) -> None:
        """Enter a profile, or a chunk of one."""
        nodes = data.get("nodes") or []
        callers = {child: node["id"] for node in nodes for child in node.get("children") or ()}
        frames: dict[int, int] = {}
        waiting: dict[int, int | None] = {}
        for node in nodes:
            call = node.get("callFrame") or node
            frames[node["id"]] = self._profile.frame(
                Frame(str(call.get("functionName") or "(anonymous)"), "", str(call.get("url") or ""),
                      max(0, int(call.get("lineNumber") or 0) + (1 if "callFrame" in node else 0)))
            )  # fmt: skip
            waiting[node["id"]] = node.get("parent", callers.get(node["id"]))
        for identity in waiting:
            self._enter(identity, waiting, frames)
        if self._start is None and "startTime" in data:
            self._start = self._at = float(data["startTime"])
        samples = data.get("samples") or []
        gaps = data.get("timeDeltas") or deltas or []
        # A delta is the time before its sample; a sample lasts until the next one, in a later chunk perhaps.
        for index, sample in enumerate(samples):
            delta = max(0.0, float(gaps[index])) if index < len(gaps) else self._delta
            if self._pending is not None:
                self._lasted(delta)
            self._at += delta
            self._pending, self._delta = self._nodes[sample], delta
        if data.get("endTime"):
            self._end = float(data["endTime"])

    def _lasted(self, weight: float) -> None:
        stack = ROOT if self._pending is None else self._pending
        self._profile.add(self._event, self._thread, stack, weight=weight, time=self._at / 1e6)

    def finish(self) -> None:
        """Enter the last sample: until the end, or as long as the one before. One of no stack is an end."""
        if self._pending is not None and self._end is not None:
            self._lasted(max(0.0, self._end - self._at))
            self._at = max(self._at, self._end)
        elif self._pending not in {None, ROOT}:
            self._lasted(self._delta or 1.0)
            self._at += self._delta
        if self._start is not None:
            self._profile.meta.duration = max(self._profile.meta.duration, (self._at - self._start) / 1e6)

    def _enter(self, identity: int, waiting: dict[int, int | None], frames: dict[int, int]) -> None:
        path = []
        at: int | None = identity
        while at is not None and at not in self._nodes:
            if at in path or at not in frames:
                raise ValueError(f"node {at} has no place in the tree")
            path.append(at)
            at = waiting[at]
        for node in reversed(path):
            caller = waiting[node]
            parent = ROOT if caller is None else self._nodes[caller]
            name = self._profile.frames[frames[node]].symbol
            root = parent == ROOT and name == "(root)"
            self._nodes[node] = ROOT if root else self._profile.tree.child(parent, frames[node])


class _Chrome:
    """The Trace Event Format. Asynchronous, flow and instant events are no stacks and are passed over."""

    def __init__(self, profile: Profile, reading: Reading) -> None:
        self._profile = profile
        self._reading = reading
        self._names: dict[tuple[object, object], str] = {}
        self._processes: dict[object, str] = {}
        self._calls: dict[tuple[object, object], list[tuple[float, int, float, dict[str, Any]]]] = {}
        self._cpu: dict[tuple[object, object], _CpuProfile] = {}
        self._first, self._last = float("inf"), float("-inf")

    def read(self, document: dict[str, Any] | list[Any]) -> None:
        events: Iterable[Any] = document
        if isinstance(document, dict):
            events = document["traceEvents"]
            other = document.get("otherData") or document.get("metadata") or {}
            if isinstance(other, dict):
                self._profile.meta.producer = str(other.get("version") or other.get("product-version") or "")
        if not isinstance(events, list):
            self._reading.problem("traceEvents", "no list")
            return
        for number, event in enumerate(events):
            _guarded(self._reading, f"event {number}", lambda event=event: self._event(event))  # type: ignore[misc]
        for reader in self._cpu.values():
            reader.finish()
        for key, calls in self._calls.items():
            self._thread(key, calls)
        if self._first < self._last:
            self._profile.meta.duration = max(self._profile.meta.duration, (self._last - self._first) / 1e6)

    def _event(self, event: dict[str, Any]) -> None:
        phase = event["ph"]
        key = (event.get("pid", 0), event.get("tid", 0))
        if phase in {"B", "E", "X"}:
            at = float(event["ts"])
            end = at + max(0.0, float(event.get("dur") or 0)) if phase == "X" else at
            self._first, self._last = min(self._first, at), max(self._last, end)
            self._calls.setdefault(key, []).append((at, "EBX".index(phase), end, event))
        elif phase == "M":
            names = event.get("args") or {}
            if event.get("name") == "thread_name":
                self._names[key] = str(names.get("name", ""))
            elif event.get("name") == "process_name":
                self._processes[key[0]] = str(names.get("name", ""))
        elif phase == "C":
            for name, value in (event.get("args") or {}).items():
                full = str(event.get("name", "")) if name == "value" else f"{event.get('name', '')}.{name}"
                self._profile.counter(full, cumulative=False).add(float(event["ts"]) / 1e6, float(value))
        elif phase == "P" or event.get("name") in {"Profile", "ProfileChunk", "CpuProfile"}:
            self._cpu_event(event, (key[0], event.get("id", key[1])), key)

    def _cpu_event(
        self, event: dict[str, Any], identity: tuple[object, object], key: tuple[object, object]
    ) -> None:
        data = (event.get("args") or {}).get("data") or {}
        reader = self._cpu.get(identity)
        if reader is None:
            thread = self._profile.thread(self._thread_of(key))
            # The unit rides along in our own exports; V8's profiles are of time.
            kind, unit = data.get("perilune") or ("cpu", "us")
            reader = self._cpu[identity] = _CpuProfile(self._profile, self._profile.event(kind, unit), thread)
        if "startTime" in data:
            reader.take({"startTime": data["startTime"]})
        chunk = data.get("cpuProfile")
        if chunk:
            reader.take(chunk, data.get("timeDeltas"))

    def _thread_of(self, key: tuple[object, object]) -> Thread:
        name = self._names.get(key) or self._processes.get(key[0]) or ""
        pid, tid = (value if isinstance(value, int) else -1 for value in key)
        return Thread(name or ("" if pid >= 0 else f"{key[0]}/{key[1]}"), pid, tid)

    def _thread(
        self, key: tuple[object, object], calls: list[tuple[float, int, float, dict[str, Any]]]
    ) -> None:
        profile = self._profile
        event = profile.event("wall", "us")
        line = Timeline(profile, event, profile.thread(self._thread_of(key)), 1e-6)
        # Those that begin at one moment begin with the longest; ends come before beginnings.
        order = sorted(
            range(len(calls)), key=lambda i: (calls[i][0], calls[i][1] > 0, calls[i][0] - calls[i][2])
        )
        ends: list[float] = []  # of the open calls; inf for those begun by B
        unbegun = 0
        for index in order:
            at, phase, end, described = calls[index]
            while ends and ends[-1] <= at:
                line.end(ends.pop())
            if phase == 0:
                if float("inf") not in ends:
                    unbegun += 1
                    continue
                while ends.pop() != float("inf"):
                    line.end(at)
                line.end(at)
                continue
            args = described.get("args")
            place = args if isinstance(args, dict) else {}
            line_number = place.get("line")
            name = str(described.get("name") or "[unknown]")
            frame = profile.frame(
                Frame(name, str(described.get("cat") or ""), str(place.get("file") or ""),
                      line_number if isinstance(line_number, int) else 0)
            )  # fmt: skip
            line.begin(frame, at)
            ends.append(end if phase == 2 else float("inf"))
        while ends and ends[-1] != float("inf"):
            line.end(ends.pop())
        open_calls = line.depth
        line.close(self._last)
        if unbegun or open_calls:
            text = f"{key[0]}/{key[1]}: {unbegun} calls end that were not begun, {open_calls} do not end"
            profile.meta.notes.append(text)
