"""Folded stacks: one event, a line for each stack, with its weight."""

from __future__ import annotations

from perilune.profiler.model import Frame, Profile

__all__ = ["to_folded"]


def to_folded(profile: Profile, event: int | None) -> str:
    """The lines, in the order of the stacks. Samples without a stack are of "(no stack)"."""
    chosen = profile.main_event() if event is None else event
    weights: dict[int, float] = {}
    if chosen is not None:
        for row in profile.rows(chosen):
            weights[row.stack] = weights.get(row.stack, 0.0) + row.weight
    names = [_name(frame) for frame in profile.frames]
    lines: dict[str, float] = {}
    for stack, weight in sorted(weights.items()):
        text = ";".join(names[frame] for frame in profile.tree.path(stack)) or "(no stack)"
        lines[text] = lines.get(text, 0.0) + weight
    return "".join(f"{text} {_number(weight)}\n" for text, weight in lines.items())


def _name(frame: Frame) -> str:
    """A frame without what the format uses for itself."""
    symbol = " ".join(frame.symbol.replace(";", ":").split()) or "[unknown]"
    if frame.file and "(" not in frame.file and ")" not in frame.file:
        file = " ".join(frame.file.replace(";", ":").split())
        symbol = f"{symbol} ({file}:{frame.line})"
    return f"{symbol}_[k]" if frame.kernel else f"{symbol}_[i]" if frame.inlined else symbol


def _number(weight: float) -> str:
    return str(int(weight)) if weight.is_integer() else repr(weight)
