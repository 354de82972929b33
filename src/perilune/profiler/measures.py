"""What can be compared between captures, as numbers with errors: shares, calls, times of frames.

Everything is normalised: per sample (a share, in percent), per frame, per second or per byte. Totals alone
are never compared, because two captures are never equally long.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from perilune.profiler.errors import CaptureError
from perilune.profiler.model import CallbackRun, Meta, Profile
from perilune.profiler.noise import Measured, share_error
from perilune.profiler.rules import RuleSet
from perilune.profiler.shares import Amount, Share, Shares

__all__ = ["FRAME_MEASURES", "PER", "Capture", "Item", "best_per", "measured", "unit_of"]

PER = ("frame", "byte", "second", "sample")
FRAME_MEASURES = ("p50_us", "p95_us", "p99_us", "over_budget")
_MICROSECONDS = {"ns": 1e-3, "us": 1.0, "ms": 1e3, "s": 1e6}


class Item(NamedTuple):
    """What is compared.

    Attributes:
        kind: "total", "group", "component", "symbol", "callback", "frames".
        name: which.
        measure: "self" or "inclusive" for the first four; what is counted for the others.
    """

    kind: str
    name: str
    measure: str


@dataclass(slots=True)
class Capture:
    """A profile, the event that is looked at, and its shares; the numbers that it was given by hand."""

    profile: Profile
    shares: Shares
    name: str = ""
    given: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: Profile, event: int | None, rules: RuleSet, name: str = "") -> Capture:
        """A capture under a rule set; a profile without samples has shares of nothing."""
        return cls(
            profile, Shares(profile, -1 if event is None else event, rules), name or profile.meta.source
        )

    def size(self, per: str) -> float:
        """What `per` divides by: 0 if it is not known."""
        meta: Meta = self.profile.meta
        return {
            "frame": float(meta.frames), "byte": float(meta.bytes), "second": meta.duration,
            "sample": self.shares.all.weight,
        }[per]  # fmt: skip


def best_per(captures: Sequence[Capture]) -> str:
    """The first of frame, second and sample that all captures know.

    Seconds are only meaningful for what is measured in time.
    """
    for per in ("frame", "second"):
        timed = per == "frame" or all(_unit(c) in _MICROSECONDS for c in captures if c.shares.all.samples)
        if timed and all(capture.size(per) > 0 for capture in captures):
            return per
    return "sample"


def _unit(capture: Capture) -> str:
    events = capture.profile.events
    return events[capture.shares.event].unit if 0 <= capture.shares.event < len(events) else "samples"


def unit_of(item: Item, capture: Capture, per: str) -> str:
    """The unit of an item's value, for people: "%", "us/frame", "calls/frame"."""
    if item.kind == "callback":
        return {"calls_per_frame": "calls/frame", "calls_per_second": "calls/s", "us_per_call": "us/call",
                "hit_rate": "%", "unchanged": "%"}[item.measure]  # fmt: skip
    if item.kind == "frames":
        return "%" if item.measure == "over_budget" else "us"
    if per == "sample":
        return "%"
    unit = _unit(capture)
    if unit in _MICROSECONDS:
        return "% of a CPU" if per == "second" else f"us/{per}"
    return f"{unit}/{'s' if per == 'second' else per}"


def measured(captures: Sequence[Capture], per: str) -> list[dict[Item, Measured]]:
    """The items of each capture; one that some capture lacks is nothing there.

    Raises:
        CaptureError: a capture does not know how many frames, bytes or seconds it is of.
    """
    found = [_items(capture, per) for capture in captures]
    union = {item for items in found for item in items}
    for capture, items in zip(captures, found, strict=True):
        for item in union - items.keys():
            items[item] = Measured(0.0, 0.0, 0.0, _exposure(capture, per), per == "sample")
    return found


def _exposure(capture: Capture, per: str) -> float:
    if per == "sample":
        every = capture.shares.all
        return every.weight**2 / every.squares if every.squares else 0.0
    return capture.size(per)


def _items(capture: Capture, per: str) -> dict[Item, Measured]:
    found: dict[Item, Measured] = {}
    shares = capture.shares
    if shares.all.samples:
        if capture.size(per) <= 0:
            what = {"frame": "frames", "byte": "bytes", "second": "seconds"}.get(per, "samples")
            raise CaptureError(capture.name, "", f"it is not known how many {what} it is of (give --{what})")
        if per != "sample":
            found[Item("total", "all samples", "self")] = amount(shares.all, capture, per)
        for kind, table in (("group", shares.groups), ("component", shares.components)):
            for name, share in table.items():
                _both(found, kind, name, share, capture, per)
        for (symbol, module), share in shares.symbols.items():
            _both(found, "symbol", f"{symbol} ({module})" if module else symbol, share, capture, per)
    _callbacks(found, capture.profile)
    _frames(found, capture.profile)
    return found


def _both(
    found: dict[Item, Measured], kind: str, name: str, share: Share, capture: Capture, per: str
) -> None:
    if share.total.samples or share.own.samples:
        found[Item(kind, name, "self")] = amount(share.own, capture, per)
        found[Item(kind, name, "inclusive")] = amount(share.total, capture, per)


def amount(one: Amount, capture: Capture, per: str) -> Measured:
    """A weight as a number that can be compared."""
    effective = one.weight**2 / one.squares if one.squares else 0.0
    every = capture.shares.all
    if per == "sample":
        error = share_error(one.weight, one.squares, every.weight, every.squares)
        return Measured(100 * capture.shares.share(one), 100 * error, effective, _exposure(capture, per))
    scale = _MICROSECONDS.get(_unit(capture), 1.0) / capture.size(per)
    if per == "second" and _unit(capture) in _MICROSECONDS:
        scale /= 1e4  # percent of a CPU: a second is a million microseconds
    error = math.sqrt(one.squares) * scale
    return Measured(one.weight * scale, error, effective, capture.size(per), bounded=False)


def _callbacks(found: dict[Item, Measured], profile: Profile) -> None:
    by_name: dict[str, list[CallbackRun]] = {name: [] for name in profile.callbacks}
    for run in profile.runs:
        by_name.setdefault(run.callback, []).append(run)
    for name, runs in by_name.items():
        totals = profile.callbacks.get(name)
        calls = max(len(runs), totals.runs if totals is not None else 0)
        for measure, size in (
            ("calls_per_frame", profile.meta.frames),
            ("calls_per_second", profile.meta.duration),
        ):
            if size > 0:
                found[Item("callback", name, measure)] = Measured(
                    calls / size, math.sqrt(calls) / size, calls, size, bounded=False
                )
        if runs:
            mean = math.fsum(run.us for run in runs) / len(runs)
            spread = math.fsum((run.us - mean) ** 2 for run in runs) / max(1, len(runs) - 1)
            found[Item("callback", name, "us_per_call")] = Measured(
                mean, math.sqrt(spread / len(runs)), max(20, len(runs)), len(runs), bounded=False
            )
            _rate(found, Item("callback", name, "unchanged"), sum(not run.changed for run in runs), len(runs))
        if totals is not None and totals.hits + totals.misses:
            _rate(found, Item("callback", name, "hit_rate"), totals.hits, totals.hits + totals.misses)


def _rate(found: dict[Item, Measured], item: Item, part: int, whole: int) -> None:
    share = part / whole
    found[item] = Measured(100 * share, 100 * math.sqrt(share * (1 - share) / whole), part, whole)


def _frames(found: dict[Item, Measured], profile: Profile) -> None:
    times = sorted(record.us for record in profile.frame_records)
    if not times:
        return
    for measure in FRAME_MEASURES[:3]:
        q = int(measure[1:3]) / 100
        spread = 1.96 * math.sqrt(len(times) * q * (1 - q))
        low, high = (
            times[min(len(times) - 1, max(0, round(q * (len(times) - 1) + sign * spread)))]
            for sign in (-1, 1)
        )
        value = times[round(q * (len(times) - 1))]
        found[Item("frames", "frame time", measure)] = Measured(
            value, (high - low) / 3.92, max(20, len(times)), len(times), bounded=False
        )
    over = sum(record.over_budget for record in profile.frame_records)
    _rate(found, Item("frames", "frame time", "over_budget"), over, len(times))
