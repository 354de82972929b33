"""speedscope's format: a sampled profile for each event and thread."""

from __future__ import annotations

import json
from typing import Any

from perilune import __version__
from perilune.profiler.model import Profile

__all__ = ["to_speedscope"]

_UNITS = {
    "ns": "nanoseconds", "us": "microseconds", "ms": "milliseconds", "s": "seconds", "bytes": "bytes",
}  # fmt: skip


def to_speedscope(profile: Profile, event: int | None) -> str:
    """The document."""
    frames: list[dict[str, Any]] = []
    for frame in profile.frames:
        mark = "_[k]" if frame.kernel else "_[i]" if frame.inlined else ""
        entry: dict[str, Any] = {"name": f"{frame.symbol}{mark}"}
        if frame.file or frame.module:
            entry["file"] = frame.file or frame.module
        if frame.line:
            entry["line"] = frame.line
        frames.append(entry)
    profiles: dict[tuple[int, int], dict[str, Any]] = {}
    for row in profile.rows(event):
        thread, sampled = profile.threads[row.thread], profile.events[row.event]
        found = profiles.get((row.event, row.thread))
        if found is None:
            ids = f" [{thread.pid}/{thread.tid}]" if thread.pid >= 0 or thread.tid >= 0 else ""
            found = profiles[row.event, row.thread] = {
                "type": "sampled", "name": f"{thread.name}{ids} \N{MIDDLE DOT} {sampled.name}",
                "unit": _UNITS.get(sampled.unit, "none"), "startValue": 0, "endValue": 0,
                "samples": [], "weights": [],
            }  # fmt: skip
        weight = int(row.weight) if row.weight.is_integer() else row.weight
        found["samples"].append(profile.tree.path(row.stack))
        found["weights"].append(weight)
        found["endValue"] += weight
    document = {
        "$schema": "https://www.speedscope.app/file-format-schema.json",
        "exporter": f"perilune@{__version__}",
        "name": profile.meta.command or profile.meta.source or "profile",
        "activeProfileIndex": 0,
        "shared": {"frames": frames},
        "profiles": list(profiles.values()),
    }
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False)
