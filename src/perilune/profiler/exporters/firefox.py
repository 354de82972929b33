"""The Firefox Profiler's processed format, in a version that its viewer upgrades from."""

from __future__ import annotations

import json
from typing import Any

from perilune import __version__
from perilune.profiler.model import ROOT, Profile

__all__ = ["to_firefox"]

_MILLISECONDS = {"ns": 1e-6, "us": 1e-3, "ms": 1.0, "s": 1e3}
_FORMAT = 48
_CATEGORIES = (
    ("User", "yellow"), ("Kernel", "orange"), ("Lua", "purple"), ("Python", "blue"), ("Other", "grey"),
)  # fmt: skip


class _Strings:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self._ids: dict[str, int] = {}

    def id(self, text: str) -> int:
        found = self._ids.get(text)
        if found is None:
            found = self._ids[text] = len(self.texts)
            self.texts.append(text)
        return found


def to_firefox(profile: Profile, event: int | None) -> str:
    """The document: a thread for each event and thread; callback runs and frames as markers."""
    rows: dict[tuple[int, int], list[tuple[float, int, float]]] = {}
    for row in profile.rows(event):
        rows.setdefault((row.event, row.thread), []).append((row.time, row.stack, row.weight))
    threads = [_samples(profile, kind, thread, some) for (kind, thread), some in rows.items()]
    if profile.runs or profile.frame_records:
        threads.append(_markers(profile))
    document = {
        "meta": {
            "version": 29, "preprocessedProfileVersion": _FORMAT, "interval": _interval(profile),
            "startTime": 0,
            "processType": 0, "product": profile.meta.command or "perilune", "stackwalk": 1, "debug": False,
            "importedFrom": f"perilune {__version__}", "symbolicated": True, "usesOnlyOneStackType": True,
            "doesNotUseFrameImplementation": True, "sourceCodeIsNotOnSearchfox": True,
            "categories": [{"name": n, "color": c, "subcategories": ["Other"]} for n, c in _CATEGORIES],
            "markerSchema": [
                {"name": "callback", "display": ["marker-chart", "marker-table"], "data": [
                    {"key": "cause", "label": "Cause", "format": "string"},
                    {"key": "subject", "label": "Subject", "format": "string"}]},
                {"name": "frame", "display": ["marker-chart", "marker-table"], "data": [
                    {"key": "causes", "label": "Causes", "format": "string"}]},
            ],
        },
        "libs": [], "pages": [], "counters": [], "threads": threads,
    }  # fmt: skip
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def _interval(profile: Profile) -> float:
    index = profile.main_event()
    if index is not None and profile.samples(index) and profile.meta.duration:
        return 1000 * profile.meta.duration / profile.samples(index)
    return 1.0


def _thread(name: str, pid: int, tid: int, strings: _Strings) -> dict[str, Any]:
    return {
        "name": name, "isMainThread": True, "processType": "default", "processName": name,
        "processStartupTime": 0, "processShutdownTime": None, "registerTime": 0, "unregisterTime": None,
        "pausedRanges": [], "pid": str(max(pid, 0)), "tid": max(tid, 0),
        "samples": {"weightType": "samples", "length": 0, "stack": [], "time": [], "weight": []},
        "markers": {"data": [], "name": [], "startTime": [], "endTime": [], "phase": [], "category": [],
                    "length": 0},
        "stackTable": {"frame": [], "prefix": [], "category": [], "subcategory": [], "length": 0},
        "frameTable": {
            "address": [], "inlineDepth": [], "category": [], "subcategory": [], "func": [],
            "nativeSymbol": [],
            "innerWindowID": [], "implementation": [], "line": [], "column": [], "length": 0,
        },
        "funcTable": {
            "name": [], "isJS": [], "relevantForJS": [], "resource": [], "fileName": [], "lineNumber": [],
            "columnNumber": [], "length": 0,
        },
        "resourceTable": {"lib": [], "name": [], "host": [], "type": [], "length": 0},
        "nativeSymbols": {"libIndex": [], "address": [], "name": [], "functionSize": [], "length": 0},
        "stringArray": strings.texts,
    }  # fmt: skip


def _samples(
    profile: Profile, kind: int, number: int, rows: list[tuple[float, int, float]]
) -> dict[str, Any]:
    strings = _Strings()
    thread, sampled = profile.threads[number], profile.events[kind]
    found = _thread(f"{thread.name or 'thread'} ({sampled.name})", thread.pid, thread.tid, strings)
    frames: dict[int, int] = {}
    stacks: dict[int, int] = {ROOT: -1}
    table = found["stackTable"]

    def stack_of(node: int) -> int | None:
        missing = []
        while node not in stacks:
            missing.append(node)
            node = profile.tree.parents[node]
        for one in reversed(missing):
            index = profile.tree.frames[one]
            if index not in frames:
                frames[index] = _frame(profile, index, found, strings)
            prefix = stacks[profile.tree.parents[one]]
            stacks[one] = table["length"]
            table["frame"].append(frames[index])
            table["prefix"].append(None if prefix < 0 else prefix)
            table["category"].append(found["frameTable"]["category"][frames[index]])
            table["subcategory"].append(0)
            table["length"] += 1
            node = one
        return None if stacks[node] < 0 else stacks[node]

    scale = _MILLISECONDS.get(sampled.unit)
    at = 0.0
    samples = found["samples"]
    samples["weightType"] = (
        "tracing-ms" if scale is not None else "bytes" if sampled.unit == "bytes" else "samples"
    )
    for time, stack, weight in sorted(rows) if profile.timed else rows:
        value = weight * (scale or 1.0)
        samples["stack"].append(stack_of(stack))
        samples["time"].append(round(time * 1000 if profile.timed else at, 6))
        samples["weight"].append(int(value) if value.is_integer() else value)
        samples["length"] += 1
        at += value if scale is not None else 1.0
    return found


def _frame(profile: Profile, index: int, thread: dict[str, Any], strings: _Strings) -> int:
    frame = profile.frames[index]
    resources, functions, table = thread["resourceTable"], thread["funcTable"], thread["frameTable"]
    resource = -1
    if frame.module:
        name = strings.id(frame.module.rpartition("/")[2] or frame.module)
        if name in resources["name"]:
            resource = resources["name"].index(name)
        else:
            resource = resources["length"]
            resources["lib"].append(None)
            resources["name"].append(name)
            resources["host"].append(None)
            resources["type"].append(1)
            resources["length"] += 1
    for key, value in (
        ("name", strings.id(frame.symbol)), ("isJS", False), ("relevantForJS", False), ("resource", resource),
        ("fileName", strings.id(frame.file) if frame.file else None), ("lineNumber", None),
        ("columnNumber", None),
    ):  # fmt: skip
        functions[key].append(value)
    functions["length"] += 1
    category = 1 if frame.kernel else {"lua": 2, "python": 3}.get(frame.module, 0)
    for key, value in (
        ("address", -1), ("inlineDepth", int(frame.inlined)), ("category", category), ("subcategory", 0),
        ("func", functions["length"] - 1), ("nativeSymbol", None), ("innerWindowID", 0),
        ("implementation", None),
        ("line", frame.line or None), ("column", None),
    ):  # fmt: skip
        table[key].append(value)
    table["length"] += 1
    return int(table["length"]) - 1


def _markers(profile: Profile) -> dict[str, Any]:
    strings = _Strings()
    found = _thread("frames and callbacks", 0, 0, strings)
    markers = found["markers"]

    def mark(name: str, start: float, us: float, data: dict[str, str], category: int) -> None:
        for key, value in (
            ("name", strings.id(name)), ("startTime", round(start * 1000, 6)),
            ("endTime", round(start * 1000 + us / 1000, 6)), ("phase", 1), ("category", category),
            ("data", data),
        ):  # fmt: skip
            markers[key].append(value)
        markers["length"] += 1

    for record in profile.frame_records:
        name = "frame over budget" if record.over_budget else "frame"
        mark(name, record.start, record.us, {"type": "frame", "causes": ", ".join(record.causes)}, 4)
    for run in profile.runs:
        mark(
            run.callback,
            run.time,
            run.us,
            {"type": "callback", "cause": run.cause, "subject": run.subject},
            2,
        )
    return found
