"""What is known of callbacks and handlers before they run: verdicts of `analysis` over one Lua state.

`StateWorld` answers the analysis from the running state (`boot/world.lua`), each question once a verdict; a
verdict stands while all its answers stay the same, which is asked in one crossing, and only when Lua code has
run that may have written. Whatever cannot be analysed counts as doing everything. Lua thread only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from perilune.base.log import get_logger
from perilune.lua.analysis import (
    MODULE,
    PLUGIN,
    Analyzer,
    Assignments,
    BytecodeError,
    HostObject,
    Immutable,
    LuaFunction,
    LuaTable,
    Purity,
    Reference,
    Target,
    Unknown,
    assignments,
    classify,
    mentions,
    mentions_globals_as_value,
)
from perilune.lua.analysis.effects import Effects, Reason
from perilune.lua.state import LuaState
from perilune.lua.values import HandlerTraits, TitleKind, TitleTraits

__all__ = ["StateTraits"]

_log = get_logger("lua.analysis")
_GIVEN = {"format-tab-title": 6, "format-window-title": 5}
_HOVER, _MAX_WIDTH = 4, 5
_BUDGET = 20_000  # instructions followed for one verdict: a third of a second at worst, in which titles wait
# Through these, variables and globals are assigned without being named: code made of text, other tables of
# globals, locals of functions that go on later, the metatable of strings.
_UNTOLD = frozenset(
    {b"_G", b"_ENV", b"coroutine", b"debug", b"dofile", b"getmetatable", b"load", b"loadfile", b"loadstring"}
    | {b"package"}
)
_SETTERS = frozenset({b"rawset", b"setmetatable"})
_CAREFUL_TAB = TitleTraits(
    uses_hover=True, uses_max_width=True, kind="stateful", reasons=("it is not known",)
)


class StateWorld:
    """The running state, as the analysis asks it."""

    def __init__(self, state: LuaState) -> None:
        self._state = state
        self._codes: dict[int, bytes] = {}
        self._answers: dict[Reference, Target] = {}
        self._metamethods: tuple[LuaFunction, ...] | None = None
        self.chunks = 0
        self._is_loaded = False
        self._upvalues: set[str] = set()
        self._globals: set[str] = set()
        self._later_fields: set[str] = set()
        self._fields: set[str] = set()
        self._computed_later = False
        self._computed = False
        self._untold = False

    def ask(self, entry: str, *values: object) -> Any:
        """One question; its single answer."""
        answer, error = self._state.direct(entry, values, "the analysis of callbacks")
        if answer is None:
            raise BytecodeError(error or entry)
        return answer[0]

    def function(self, number: int, *, constant: bool = False) -> LuaFunction:
        """A function by its number."""
        code = self._codes.get(number)
        if code is None:
            text = self.ask("function_code", number)
            if text is False:
                raise BytecodeError("the function is gone")
            code = self._codes[number] = text.encode("utf-8", "surrogateescape")
        return LuaFunction(number, code, constant)

    def begin(self, analyzer: Analyzer) -> None:
        """Before a verdict: forget answers, read chunks that were loaded meanwhile."""
        self._answers.clear()
        self._metamethods = None
        for text in self.ask("chunk_codes", self.chunks) or ():
            self.chunks += 1
            prototype = analyzer.prototype(text.encode("utf-8", "surrogateescape"))
            whole = assignments(prototype)
            # What a chunk does that is loaded later is done while titles are kept.
            self._note(whole, whole if self._is_loaded else assignments(prototype, outermost=False))
            mentioned = mentions(prototype)
            if mentioned & _UNTOLD or mentions_globals_as_value(prototype):
                self._untold = True
            if mentioned & _SETTERS:
                self._computed_later = True
        self._is_loaded = True

    def _note(self, whole: Assignments, later: Assignments) -> None:
        self._upvalues |= whole.upvalues
        self._globals |= later.globals
        self._fields |= whole.fields
        self._later_fields |= later.fields
        self._computed |= whole.computed
        self._computed_later |= later.computed

    def give_up(self) -> None:
        """Call nothing constant: a chunk cannot be read."""
        self._untold = self._computed = True

    @staticmethod
    def question(reference: Reference) -> list[object]:
        """A reference as `boot/world.lua` takes it."""
        number = reference.function if isinstance(reference.function, int) else 0
        fields = [False if key is None else key for key in reference.fields]
        return [number, reference.upvalue, reference.name, fields]

    def digest(self, references: Sequence[Reference]) -> str:
        """What stands at these places, as one text."""
        flat: list[object] = []
        for reference in references:
            flat += self.question(reference)
        return str(self.ask("resolve", flat))

    def resolve(self, reference: Reference) -> Target:
        """See `World`."""
        found = self._answers.get(reference)
        if found is None:
            found = self._answers[reference] = self._target(reference, self.digest([reference]))
        return found

    def _target(self, reference: Reference, text: str) -> Target:
        constant = self._is_constant(reference)
        letter, _, rest = text.partition(":")
        match letter:
            case "h":
                return HostObject(rest, constant)
            case "f":
                return self.function(int(rest), constant=constant and not reference.is_global)
            case "i" | "s":
                if constant and reference.is_global:  # the config's globals are for everybody to assign
                    constant = bool(reference.fields) and isinstance(
                        self.resolve(reference.parent), HostObject
                    )
                return Immutable(letter == "s", constant)
            case "t" | "m":
                return LuaTable(int(rest), letter == "m", constant)
            case _:
                return Unknown(constant)

    def _is_constant(self, reference: Reference) -> bool:
        """Whether no code that is loaded could make the place hold another value.

        By the names that functions assign to, and only while nothing is loaded that gets at variables in ways
        that names do not tell.
        """
        fields = reference.fields
        if self._untold:
            return False
        if reference.upvalue in {MODULE, PLUGIN}:
            pass
        elif reference.is_global:
            if fields:
                name = fields[0]
                if name in self._globals or "" in self._globals or name in self._later_fields:
                    return False
                fields = fields[1:]
        elif not reference.name or reference.name in self._upvalues or "" in self._upvalues:
            return False
        if not fields:
            return True
        if self._computed_later:
            return False
        return all(isinstance(key, str) and key not in self._later_fields for key in fields)

    def metamethods(self) -> Iterable[LuaFunction]:
        """See `World`."""
        if self._metamethods is None:
            self._metamethods = tuple(self.function(number) for number in self.ask("metamethods") or ())
        return self._metamethods

    def defines_method(self, name: str) -> bool:
        """See `World`."""
        return self._computed or name in self._fields or "" in self._fields


@dataclass(slots=True)
class _Verdict:
    effects: Effects | None
    references: tuple[Reference, ...]
    digest: str
    epoch: int


class StateTraits:
    """Verdicts on the functions of one Lua state.

    Args:
        state: the state.
        epoch: the number that grows when Lua code may have written.
    """

    def __init__(self, state: LuaState, epoch: Callable[[], int]) -> None:
        self._state = state
        self._epoch = epoch
        self._analyzer = Analyzer(_BUDGET)
        self._world = StateWorld(state)
        try:
            self._world.begin(self._analyzer)
        except (BytecodeError, IndexError, RecursionError) as error:
            self._world.give_up()
            _log.warning("the configuration cannot be analysed: %s", error)
        self._verdicts: dict[int, _Verdict] = {}
        self._events: dict[str, tuple[int, list[int]]] = {}
        self._titles: dict[str, tuple[Effects | None, int, TitleTraits, bool]] = {}

    # Handlers.

    def may_write(self, event: str) -> bool:
        """Whether the handlers of an event may write Lua state that outlives them."""
        return self._may_write(self._functions("event_functions", event))

    def timer_may_write(self, number: int) -> bool:
        """Likewise for the function of `call_after`."""
        return self._may_write(self._functions("timer_function", number))

    def _may_write(self, numbers: Sequence[int]) -> bool:
        for number in numbers:
            effects = self._effects(number) if number else None
            if effects is None or effects.may_write_lua_state:
                return True
        return False

    def _functions(self, entry: str, what: object) -> list[int]:
        try:
            return [int(number) for number in self._world.ask(entry, what) or ()]
        except BytecodeError as error:
            _log.warning("the handlers of %s cannot be found: %s", what, error)
            return [0]

    def _effects(self, number: int) -> Effects | None:
        epoch = self._epoch()
        found = self._verdicts.get(number)
        try:
            if found is not None:
                if found.epoch == epoch:
                    return found.effects
                chunks = self._world.chunks
                self._world.begin(self._analyzer)
                if (
                    found.effects is not None
                    and chunks == self._world.chunks  # a new one may assign what was constant
                    and self._world.digest(found.references) == found.digest
                ):
                    found.epoch = epoch
                    return found.effects
            self._world.begin(self._analyzer)
            effects: Effects | None = self._analyzer.effects(self._world.function(number), self._world)
        except (BytecodeError, IndexError, RecursionError) as error:
            _log.warning("a callback cannot be analysed: %s", error)
            effects = None
        except Exception:  # noqa: BLE001 - the careful answer is always right
            _log.exception("a callback cannot be analysed")
            effects = None
        references = () if effects is None else tuple(reference for reference, _ in effects.resolved)
        digest = self._world.digest(references) if references else ""
        self._verdicts[number] = _Verdict(effects, references, digest, epoch)
        return effects

    # Titles.

    def title(self, event: str) -> tuple[TitleTraits, bool]:
        """What the first handler of a title event may do, and whether it sees mutable Lua state."""
        kept = self._titles.get(event)
        epoch = self._epoch()
        if kept is not None and kept[1] == epoch:
            return kept[2], kept[3]
        numbers = self._functions("event_functions", event)
        if not numbers or not numbers[0]:
            return _CAREFUL_TAB, True
        effects = self._effects(numbers[0])
        if kept is not None and kept[0] is effects and effects is not None:
            self._titles[event] = (effects, epoch, kept[2], kept[3])
            return kept[2], kept[3]
        traits, sees_state = self._title_traits(event, numbers[0], effects)
        self._titles[event] = (effects, epoch, traits, sees_state)
        return traits, sees_state

    def _title_traits(self, event: str, number: int, effects: Effects | None) -> tuple[TitleTraits, bool]:
        hover = width = event == "format-tab-title"
        if hover:
            try:
                read = self._analyzer.parameters_read(self._world.function(number).code, _GIVEN[event])
                hover, width = _HOVER in read, _MAX_WIDTH in read
            except BytecodeError:
                pass
        if effects is None:
            return TitleTraits(hover, width, "stateful", _CAREFUL_TAB.reasons), True
        purity, reasons = classify(effects)
        kind: TitleKind = "pure"
        if purity is Purity.STATEFUL:
            kind = "stateful"
        elif purity is Purity.OPAQUE:
            kind = "opaque"
        return TitleTraits(hover, width, kind, tuple(map(_shown, reasons))), effects.reads_mutable_state

    def handlers(self, event: str) -> tuple[HandlerTraits, ...]:
        """What each handler of an event may do."""
        found: list[HandlerTraits] = []
        for number in self._functions("event_functions", event):
            effects = self._effects(number) if number else None
            file, line = "", 0
            if number:
                with suppress(BytecodeError, IndexError):
                    prototype = self._analyzer.prototype(self._world.function(number).code)
                    line = prototype.line_defined
                    file = prototype.source.removeprefix("@") if prototype.source.startswith("@") else ""
            traits, _ = self._title_traits(event, number, effects)
            reads = () if effects is None else (*effects.host_reads, *effects.clock)
            shown = tuple(dict.fromkeys(map(_shown, reads)))
            found.append(HandlerTraits(file, line, traits.kind, traits.reasons, shown))
        return tuple(found)

    def stateful_reasons(self, event: str) -> tuple[str, ...]:
        """Why every run of the callback is stateful; nothing if only some are."""
        kept = self._titles.get(event)
        effects = kept[0] if kept is not None else None
        return () if effects is None else tuple(map(_shown, effects.state_writes))


def _shown(reason: Reason) -> str:
    return f"{reason.file}:{reason.line}: {reason.text}" if reason.line else reason.text
