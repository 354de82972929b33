"""What a call of a Lua function may do beyond returning a value, and what follows for keeping its result.

The verdicts; `interpreter` reaches them. Pure values, any thread.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from perilune.lua.analysis.references import HostObject, LuaTable, Reference, Target, Unknown, World

__all__ = ["Effects", "Purity", "Read", "Reason", "classify", "is_host"]


class Reason(NamedTuple):
    """Something that a function may do, for people.

    Attributes:
        text: such as "writes upvalue 'counter'".
        line: where; 0 if the function was stripped.
        file: the chunk that the line is in, such as "wezterm.lua".
    """

    text: str
    line: int
    file: str

    def __str__(self) -> str:
        return f"{self.text} at line {self.line} of {self.file}" if self.line else self.text


class Read(NamedTuple):
    """State outside the call that the function reads.

    Attributes:
        reference: the place; for `icons.bash` both `icons`, the variable, and `icons.bash`, the field, are
            read.
        target: what stood there.
    """

    reference: Reference
    target: Target
    line: int
    file: str

    @property
    def is_mutable(self) -> bool:
        """Whether another Lua function may change what is read here, or what it holds.

        A variable that always holds the same table says nothing of the table's content, and what of it an
        operation looks at (a length, a conversion to text, being returned) is not followed.
        """
        return isinstance(self.target, LuaTable | Unknown) or not self.target.constant


@dataclass(frozen=True, slots=True)
class Effects:
    """What a call may do, followed through what it calls.

    Attributes:
        state_writes: changes of Lua variables and tables that outlive the call, and calls of what is not
            known.
        host_writes: changes of what is not Lua's: window, mux, GLOBAL, files, processes, timers.
        opaque: answers without a version: files, processes, random numbers.
        clock: reads of the clock.
        host_reads: reads of the host's state that have versions.
        logs: output that nobody reads back.
        argument_writes: changes of tables that the host made for this call; nobody else sees them.
        reads: Lua state outside the call.
        resolved: every place that was asked about, with the answer that the verdict rests on.
    """

    state_writes: tuple[Reason, ...]
    host_writes: tuple[Reason, ...]
    opaque: tuple[Reason, ...]
    clock: tuple[Reason, ...]
    host_reads: tuple[Reason, ...]
    logs: tuple[Reason, ...]
    argument_writes: tuple[Reason, ...]
    reads: tuple[Read, ...]
    resolved: tuple[tuple[Reference, Target], ...]

    @property
    def may_write_lua_state(self) -> bool:
        """Whether memos that can see mutable Lua state must be asked again after the call (the epoch)."""
        return bool(self.state_writes)

    @property
    def reads_mutable_state(self) -> bool:
        """Whether the result may depend on what other Lua code changes; code that is not known may."""
        return bool(self.state_writes) or any(read.is_mutable for read in self.reads)

    @property
    def mutable_reads(self) -> tuple[Read, ...]:
        """The reads that other Lua code may change."""
        return tuple(read for read in self.reads if read.is_mutable)

    def holds(self, world: World) -> bool:
        """Whether the verdict still stands: every place resolves to what it was."""
        return all(world.resolve(reference) == target for reference, target in self.resolved)


class Purity(Enum):
    """How a callback's result may be kept."""

    PURE = "pure"
    """Until something that it read changes."""
    OPAQUE = "opaque"
    """Until the next status tick: it depends on answers that have no version."""
    STATEFUL = "stateful"
    """Until the next status tick: calling it changes something, so the number of calls matters."""


def classify(effects: Effects) -> tuple[Purity, tuple[Reason, ...]]:
    """The purity, and the reasons for it being no better."""
    writes = effects.state_writes + effects.host_writes
    if writes:
        return Purity.STATEFUL, writes + effects.opaque
    if effects.opaque:
        return Purity.OPAQUE, effects.opaque
    return Purity.PURE, ()


def is_host(target: Target, prefix: str) -> bool:
    """Whether a target is a host object of this name, or a part of it."""
    return isinstance(target, HostObject) and (
        target.name == prefix or target.name.startswith((prefix + ".", prefix + "["))
    )
