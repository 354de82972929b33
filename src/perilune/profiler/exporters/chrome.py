"""Chrome's trace format: samples as V8 CPU profiles, frames drawn and callback runs as complete events."""

from __future__ import annotations

import json
from typing import Any

from perilune import __version__
from perilune.profiler.model import ROOT, Profile

__all__ = ["to_chrome"]

_MICROSECONDS = {"ns": 1e-3, "us": 1.0, "ms": 1e3, "s": 1e6}
_PAINT, _LUA = 1, 2


def to_chrome(profile: Profile, event: int | None) -> str:
    """The document. Samples are laid out one after the other; with times kept, where they were taken."""
    events: list[dict[str, Any]] = []
    if profile.frame_records or profile.runs:
        events += _recorded(profile)
    lines: dict[tuple[int, int], list[tuple[float, int, float]]] = {}
    for row in profile.rows(event):
        lines.setdefault((row.event, row.thread), []).append((row.time, row.stack, row.weight))
    for number, ((kind, thread), rows) in enumerate(lines.items()):
        events += _cpu_profile(profile, kind, thread, rows, number)
    for counter in profile.counters.values():
        events += [
            {
                "ph": "C",
                "name": counter.name,
                "pid": 0,
                "tid": 0,
                "ts": round(time * 1e6, 3),
                "args": {"value": value},
            }
            for time, value in zip(counter.times, counter.values, strict=True)
        ]
    document = {
        "traceEvents": events, "displayTimeUnit": "ms", "otherData": {"version": f"perilune {__version__}"},
    }  # fmt: skip
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)


def _name(pid: int, tid: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": "thread_name", "pid": pid, "tid": tid, "ts": 0, "args": {"name": name}}


def _recorded(profile: Profile) -> list[dict[str, Any]]:
    events = [_name(0, _PAINT, "frames"), _name(0, _LUA, "callbacks")]
    for record in profile.frame_records:
        start = record.start * 1e6
        args = {"number": record.number, "over_budget": record.over_budget, "causes": list(record.causes)}
        events.append(
            {"ph": "X", "name": "frame", "cat": "frame", "pid": 0, "tid": _PAINT, "ts": round(start, 3),
             "dur": round(record.us, 3), "args": args}
        )  # fmt: skip
        events += [
            {"ph": "X", "name": name, "cat": "stage", "pid": 0, "tid": _PAINT, "ts": round(start + offset, 3),
             "dur": round(us, 3), "args": {}}
            for name, offset, us in record.stages
        ]  # fmt: skip
    for run in profile.runs:
        args = {
            "subject": run.subject,
            "cause": run.cause,
            "old": run.old,
            "new": run.new,
            "changed": run.changed,
        }
        events.append(
            {"ph": "X", "name": run.callback, "cat": "callback", "pid": 0, "tid": _LUA,
             "ts": round(run.time * 1e6, 3), "dur": round(run.us, 3), "args": args}
        )  # fmt: skip
    return events


def _cpu_profile(
    profile: Profile, kind: int, thread: int, rows: list[tuple[float, int, float]], number: int
) -> list[dict[str, Any]]:
    found, sampled = profile.threads[thread], profile.events[kind]
    pid, tid = max(found.pid, 0), found.tid if found.tid >= 0 else 100 + thread
    used: set[int] = set()
    for _, stack, _ in rows:
        node = stack
        while node != ROOT and node not in used:
            used.add(node)
            node = profile.tree.parents[node]
    nodes: list[dict[str, Any]] = [
        {"id": 1, "callFrame": {"functionName": "(root)", "scriptId": 0, "codeType": "other"}}
    ]
    for node in sorted(used):
        frame = profile.frames[profile.tree.frames[node]]
        call: dict[str, Any] = {"functionName": frame.symbol, "scriptId": 0, "codeType": "other"}
        if frame.file or frame.module:
            call["url"] = frame.file or frame.module
        if frame.line:
            call["lineNumber"] = frame.line - 1
        nodes.append({"id": node + 2, "parent": profile.tree.parents[node] + 2, "callFrame": call})
    scale = _MICROSECONDS.get(sampled.unit, 1.0)
    start = rows[0][0] * 1e6 if profile.timed else 0.0
    # Samples last until the next: the first delta is the time before the first sample.
    weights = [weight * scale for _, _, weight in rows]
    samples = [stack + 2 for _, stack, _ in rows]
    deltas = [0.0, *weights]
    common = {
        "pid": pid,
        "tid": tid,
        "id": f"0x{number + 1:x}",
        "ph": "P",
        "cat": "disabled-by-default-v8.cpu_profiler",
    }
    unit = "us" if sampled.unit in _MICROSECONDS else sampled.unit
    return [
        _name(pid, tid, found.name or f"thread {thread}"),
        {**common, "name": "Profile", "ts": round(start, 3),
         "args": {"data": {"startTime": round(start, 3), "perilune": [sampled.name, unit]}}},
        {**common, "name": "ProfileChunk", "ts": round(start, 3),
         "args": {"data": {"cpuProfile": {"nodes": nodes, "samples": [*samples, 1]}, "timeDeltas": deltas}}},
    ]  # fmt: skip
