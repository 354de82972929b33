"""Samples of Python and of Lua, and how they become one.

A Python sampler sees that the Lua thread is inside Lua, not where; Lua's own sampler sees where, not what
called it. So each Python sample that ends where Lua begins is spread over the Lua stacks of the same while,
by their weights. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import NamedTuple

from perilune.profiler.model import Event, Frame, Thread

__all__ = ["LUA", "WALL", "Sampled", "lua_samples", "merge", "parse_lua_stacks"]

WALL = Event("wall", "us")
LUA = Event("lua", "us")

Stack = tuple[Frame, ...]


class Sampled(NamedTuple):
    """Samples with one stack, outermost frame first."""

    event: Event
    thread: Thread
    stack: Stack
    samples: int
    weight: float


def parse_lua_stacks(text: str) -> dict[Stack, float]:
    """Read what `boot/meter.lua` tells: a line for each stack, its weight in us last; innermost frame first.

    A line that cannot be one is left out.

    >>> [(stack[0].symbol, stack[0].line, us) for stack, us in parse_lua_stacks("f|a.lua|3;12.5").items()]
    [('f', 3, 12.5)]
    """
    found: dict[Stack, float] = {}
    for line in text.split("\n"):
        *frames, told = line.split(";")
        try:
            weight = float(told)
        except ValueError:
            continue
        stack = []
        for frame in reversed(frames):
            symbol, _, rest = frame.partition("|")
            file, _, number = rest.rpartition("|")
            place = "/".join(file.replace("\\", "/").split("/")[-2:])  # not whose home it is in
            stack.append(Frame(symbol, "lua", place, int(number) if number.isdecimal() else 0))
        key = tuple(stack)
        found[key] = found.get(key, 0.0) + weight
    return found


def lua_samples(stacks: Mapping[Stack, float]) -> list[Sampled]:
    """Samples of Lua alone: their weights are its processor time."""
    thread = Thread("lua")
    return [Sampled(LUA, thread, stack, 1, weight) for stack, weight in stacks.items()]


def merge(
    python: Mapping[tuple[str, Stack], int],
    lua: Mapping[Stack, float],
    period_us: float,
    enters_lua: Callable[[Frame], bool],
) -> list[Sampled]:
    """One profile of both; the time of all samples together stays what Python's sampler saw.

    Args:
        python: samples by thread and stack.
        lua: the weights of Lua's stacks in the same while.
        period_us: what one sample of Python stands for.
        enters_lua: whether Lua ran where a stack ends in that frame.
    """
    found: list[Sampled] = []
    whole = math.fsum(lua.values())
    for (name, stack), count in python.items():
        thread, weight = Thread(name), count * period_us
        if not stack or not enters_lua(stack[-1]):
            found.append(Sampled(WALL, thread, stack, count, weight))
        elif whole <= 0:  # too short for Lua's sampler to see any of it
            found.append(Sampled(WALL, thread, (*stack, Frame("[lua]", "lua")), count, weight))
        else:
            found += [
                Sampled(WALL, thread, stack + inner, share, weight * part / whole)
                for (inner, part), share in zip(lua.items(), _shares(count, lua, whole), strict=True)
            ]
    return found


def _shares(count: int, lua: Mapping[Stack, float], whole: float) -> list[int]:
    """`count` as whole numbers in proportion to the weights."""
    shares = []
    given = 0
    so_far = 0.0
    for part in lua.values():
        so_far += part
        due = min(round(count * so_far / whole), count)
        shares.append(due - given)
        given = due
    if shares:
        shares[-1] += count - given
    return shares
