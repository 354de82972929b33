"""The page that `profile top` shows, as lines of text. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from perilune.app.overlays.panel import clip_text

__all__ = ["SORTS", "page"]

SORTS = {"c": "calls", "u": "us", "m": "us_per_call", "h": "hit_rate", "n": "callback"}
"""Sort keys, and what of a callback they sort by."""

_BOLD, _RED, _DIM, _PLAIN = "\x1b[1m", "\x1b[31m", "\x1b[2m", "\x1b[0m"
_BAR = 20
_NARROW = 72


def page(
    figures: dict[str, Any], cols: int, rows: int, sort: str = "us", *, title: str = "", colour: bool = True
) -> list[str]:
    """The lines.

    Args:
        figures: what an instance answered.
        cols: no line is wider.
        rows: there are no more lines; callbacks are left out first.
        sort: of the values of SORTS.
        title: what is at the top.
        colour: whether there may be escape sequences.
    """
    lines = [(_BOLD, f"{title}  last {figures['seconds']:.1f} s")]
    lines += _frame_lines(figures["frames"], cols)
    stages = figures["stages"]
    if stages:
        lines.append(("", ""))
        lines.append((_BOLD, f"{'stage':<10} {'mean us':>9} {'max us':>9} {'share':>7}"))
        for stage in stages:
            bar = "#" * round(stage["share"] / 100 * _BAR)
            times = f"{stage['mean_us']:>9.1f} {stage['max_us']:>9.0f}"
            lines.append(("", f"{stage['name']:<10} {times} {stage['share']:>6.1f}% {bar}"))
    counters = _counter_line(figures["counters"])
    below = [("", ""), ("", counters)] if counters else []
    below.append((_DIM, _keys(sort)))
    room = max(rows - len(lines) - len(below), 0)
    lines += _callback_lines(_sorted(figures["callbacks"], sort), cols)[:room] if room > 1 else []
    lines += below
    shown = [(style, clip_text(text, cols)) for style, text in lines[:rows]]
    return [f"{style}{text}{_PLAIN}" if colour and style and text else text for style, text in shown]


def _frame_lines(frames: dict[str, Any], cols: int) -> list[tuple[str, str]]:
    if not frames["count"]:
        return [("", "no frames: nothing has changed on the screen")]
    over = frames["over_budget"]
    causes = "".join(f"; {cause} {count}" for cause, count in frames["causes"])
    told = f"over budget ({frames['budget_us']:.0f} us): {over} of {frames['count']}{causes}"
    times = [f"{name[:-3]} {frames[name]:.0f}" for name in ("p50_us", "p95_us", "p99_us", "max_us")]
    rate = f"frames {frames['per_second']:.1f}/s, us:"
    lines = [rate, "  ".join(times)] if cols < _NARROW else [f"{rate}  {'  '.join(times)}"]
    return [*(("", line) for line in lines), (_RED if over else "", told)]


def _sorted(callbacks: Sequence[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    if sort == "callback":
        return sorted(callbacks, key=lambda one: str(one["callback"]))
    # The worst first: a low rate of hits is worse than a high one.
    sign = 1 if sort == "hit_rate" else -1
    return sorted(
        callbacks,
        key=lambda one: (one[sort] is None, sign * (one[sort] or 0), str(one["callback"])),
    )


def _callback_lines(callbacks: Sequence[dict[str, Any]], cols: int) -> list[tuple[str, str]]:
    lines = [("", "")]
    if not callbacks:
        return [*lines, ("", "no callback has run")]
    narrow = cols < _NARROW
    width = min(max(len(str(one["callback"])) for one in callbacks), 16 if narrow else 32)
    head = f"{'callback':<{width}} {'calls':>6} {'us/call':>8}"
    lines.append(
        (_BOLD, f"{head} {'hits':>6}" if narrow else f"{head} {'us':>9} {'/s':>7} {'hits':>6}  cause")
    )
    for one in callbacks:
        per_call = "-" if one["us_per_call"] is None else f"{one['us_per_call']:.0f}"
        hits = "-" if one["hit_rate"] is None else f"{one['hit_rate']:.1f}%"
        name = str(one["callback"])
        text = f"{name[:width]:<{width}} {one['calls']:>6} {per_call:>8}"
        if narrow:
            text += f" {hits:>6}"
        else:
            text += f" {one['us']:>9.0f} {one['calls_per_second']:>7.1f} {hits:>6}  {_cause(one)}"
        lines.append((_RED if one["failed"] else "", text))
    return lines


def _cause(one: dict[str, Any]) -> str:
    told = str(one["cause"])
    if one["old"] or one["new"]:
        told += f": {one['old']} -> {one['new']}"
    return f"{one['subject']}: {told}" if one["subject"] else told


def _counter_line(counters: dict[str, Any]) -> str:
    parts = []
    for name, label in (
        ("pty.bytes", "pty {:.0f} B/s"),
        ("lua.allocations", "Lua allocates {:.0f} B/s"),
        ("lua.collections", "collections {:.2f}/s"),
    ):
        if name in counters:
            parts.append(label.format(counters[name]["per_second"]))
    if "lua.memory" in counters:
        parts.append(f"Lua holds {counters['lua.memory']['value'] / 1e6:.1f} MB")
    queue = counters.get("queue.unsent")
    if queue is not None and queue["most"]:
        parts.append(f"unsent {queue['value']:.0f} B")
    return "  ".join(parts)


def _keys(sort: str) -> str:
    told = "  ".join(
        f"{key}:{what.replace('_', ' ')}{'*' if what == sort else ''}" for key, what in SORTS.items()
    )
    return f"q:quit  sort {told}"
