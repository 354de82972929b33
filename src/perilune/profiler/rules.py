"""Rules that name components: ordered patterns over symbol, module and file, read from TOML.

The first component whose patterns fit a frame has it. A pattern is text with `*` and `?`, or `re:` and a
regular expression; within a list any may fit, and every list given must. Sets for WezTerm, Perilune, CPython
and everything else come along; the fitting one is found by what the samples hold.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from perilune.profiler.errors import RulesError
from perilune.profiler.model import Frame, Profile
from perilune.profiler.toml_places import entry_line, parse

__all__ = [
    "COSTS",
    "SETS",
    "UNMATCHED",
    "CallbackRule",
    "Component",
    "Matcher",
    "Pattern",
    "RuleSet",
    "choose",
    "load",
    "shipped",
]

UNMATCHED = "(unmatched)"
COSTS = ("execution", "conversion", "strings", "collection")
SETS = ("perilune", "wezterm", "cpython", "generic")  # the first that fits is taken
_FIELDS = ("symbol", "module", "file")
_FITS = 0.02


class Pattern:
    """One pattern; `used` and `matched` count the frames that it decided and that it fits.

    Args:
        text: as it stands in the file.
        field_name: "symbol", "module" or "file".
    """

    __slots__ = ("_fits", "field", "matched", "text", "used")

    def __init__(self, text: str, field_name: str) -> None:
        self.text = text
        self.field = field_name
        self.matched = 0
        self.used = 0
        source = text[3:] if text.startswith("re:") else _glob(text)
        try:
            compiled = re.compile(source, re.DOTALL)
        except re.error as error:
            raise RulesError(f"{field_name} = {text!r}: no regular expression ({error})") from None
        self._fits = compiled.search if text.startswith("re:") else compiled.fullmatch

    def fits_text(self, text: str) -> bool:
        """Whether it fits a name."""
        return self._fits(text) is not None

    def fits(self, frame: Frame) -> bool:
        """Whether it fits a frame. A module or file without a slash in the pattern is its last part."""
        value: str = getattr(frame, self.field)
        if not value:
            return False
        if self.field != "symbol" and "/" not in self.text and self._fits(value.rpartition("/")[2]):
            return True
        return self._fits(value) is not None


def _glob(text: str) -> str:
    return "".join(".*" if c == "*" else "." if c == "?" else re.escape(c) for c in text)


@dataclass(slots=True)
class Matcher:
    """Lists of patterns, each of which must have one that fits."""

    lists: list[list[Pattern]]

    def fits(self, frame: Frame, *, decides: bool) -> bool:
        """Whether a frame is meant. All patterns are tried, so that dead ones are known."""
        chosen = []
        for patterns in self.lists:
            fitting = [pattern for pattern in patterns if pattern.fits(frame)]
            if not fitting:
                return False
            chosen += fitting
        for pattern in chosen:
            pattern.matched += 1
            pattern.used += decides
        return True

    def patterns(self) -> list[Pattern]:
        """All of them."""
        return [pattern for patterns in self.lists for pattern in patterns]


@dataclass(slots=True)
class Component:
    """What a share is given for.

    Attributes:
        name: its name; entries of one name are one component.
        group: what it is a part of; "" if of nothing.
        cost: which part of a callback's cost it is, one of COSTS, or "".
        budget: the share that it may have, inclusive, in percent; None if nothing is said.
        charge_caller: whether its frames count for the component that called them, if there is one.
        matcher: which frames.
    """

    name: str
    group: str
    cost: str
    budget: float | None
    charge_caller: bool
    matcher: Matcher


@dataclass(slots=True)
class CallbackRule:
    """Where in the stacks a user's callback is called."""

    name: str
    matcher: Matcher


@dataclass(slots=True)
class RuleSet:
    """A file of rules.

    Attributes:
        name: of the set.
        source: the file's name.
        components: in order.
        callbacks: in order.
        detect: what says that a profile is meant.
        budgets: what a group may take, inclusive, in percent.
    """

    name: str
    source: str
    components: list[Component] = field(default_factory=list)
    callbacks: list[CallbackRule] = field(default_factory=list)
    detect: list[Pattern] = field(default_factory=list)
    budgets: dict[str, float] = field(default_factory=dict)

    def classify(self, frames: Sequence[Frame]) -> list[Component | None]:
        """The component of each frame; None where no rule fits."""
        for pattern in self.patterns():
            pattern.matched = pattern.used = 0
        found: list[Component | None] = []
        for frame in frames:
            first: Component | None = None
            for component in self.components:
                if component.matcher.fits(frame, decides=first is None) and first is None:
                    first = component
            found.append(first)
        return found

    def patterns(self) -> list[Pattern]:
        """Those of the components."""
        return [pattern for component in self.components for pattern in component.matcher.patterns()]

    def dead(self) -> list[tuple[str, str, str]]:
        """After `classify`: (component, pattern, why) of those that decided nothing."""
        return [
            (
                component.name,
                f"{pattern.field} = {pattern.text!r}",
                "what it fits is taken by components before it" if pattern.matched else "fits no frame",
            )
            for component in self.components
            for pattern in component.matcher.patterns()
            if not pattern.used
        ]


def load(path: Path) -> RuleSet:
    """Read a file of rules.

    Raises:
        RulesError: it is not TOML, or says something that is no rule.
        OSError: it cannot be read.
    """
    return _parse(path.read_bytes(), path.name)


def shipped(name: str) -> RuleSet:
    """One of the sets that come along."""
    if name not in SETS:
        raise RulesError(f"no rule set {name!r}; there are {', '.join(SETS)}")
    data = resources.files("perilune.profiler").joinpath(f"rule_sets/{name}.toml").read_bytes()
    return _parse(data, f"{name}.toml")


def choose(profile: Profile, event: int) -> RuleSet:
    """The set that comes along and fits what was sampled; "generic" if no other does."""
    for name in SETS:
        rules = shipped(name)
        if not rules.detect:
            return rules
        hit = bytes(any(pattern.fits(frame) for pattern in rules.detect) for frame in profile.frames)
        tree = profile.tree
        under = bytearray(len(tree))
        for node, (parent, frame) in enumerate(zip(tree.parents, tree.frames, strict=True)):
            under[node] = hit[frame] or (parent >= 0 and under[parent])
        meant = total = 0.0
        for row in profile.rows(event):
            total += row.weight
            meant += row.weight if row.stack >= 0 and under[row.stack] else 0.0
        if total and meant >= _FITS * total:
            return rules
    raise AssertionError("the last set has no [detect]")


def _parse(data: bytes, source: str) -> RuleSet:
    try:
        document, text = parse(data, source)
    except ValueError as error:
        raise RulesError(str(error)) from None
    try:
        return _rule_set(document, source)
    except RulesError as error:
        found = re.match(r"(component|callback|group) (\d+)(?: \(.*\))?: (.*)", str(error), re.DOTALL)
        line = f":{entry_line(text, found[1], int(found[2]), found[3])}" if found is not None else ""
        raise RulesError(f"{source}{line}: {error}") from None


def _rule_set(document: Mapping[str, Any], source: str) -> RuleSet:
    _known(document, {"name", "detect", "component", "callback", "group"}, "the file")
    rules = RuleSet(str(document.get("name", source)), source)
    detect = document.get("detect", {})
    _known(detect, set(_FIELDS), "[detect]")
    rules.detect = [p for patterns in _matcher(detect, "[detect]").lists for p in patterns] if detect else []
    for number, entry in enumerate(_tables(document, "component"), 1):
        where = f"component {number} ({entry.get('name', 'no name')})"
        _known(entry, {"name", "group", "cost", "budget", "charge", *_FIELDS}, where)
        cost, charge = entry.get("cost", ""), entry.get("charge", "self")
        if cost and cost not in COSTS:
            raise RulesError(f"{where}: cost is one of {', '.join(COSTS)}, not {cost!r}")
        if charge not in {"self", "caller"}:
            raise RulesError(f'{where}: charge is "self" or "caller", not {charge!r}')
        rules.components.append(
            Component(_name(entry, where), str(entry.get("group", "")), cost, _percent(entry, where),
                      charge == "caller", _matcher(entry, where))
        )  # fmt: skip
    for number, entry in enumerate(_tables(document, "callback"), 1):
        where = f"callback {number}"
        _known(entry, {"name", *_FIELDS}, where)
        rules.callbacks.append(CallbackRule(_name(entry, where), _matcher(entry, where)))
    for number, entry in enumerate(_tables(document, "group"), 1):
        where = f"group {number}"
        _known(entry, {"name", "budget"}, where)
        budget = _percent(entry, where)
        if budget is not None:
            rules.budgets[_name(entry, where)] = budget
    if not rules.components:
        raise RulesError("no [[component]]")
    return rules


def _tables(document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    tables = document.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise RulesError(f"{key} is written [[{key}]]")
    return tables


def _known(table: object, names: set[str], where: str) -> None:
    if not isinstance(table, dict):
        raise RulesError(f"{where} is no table")
    for name in table:
        if name not in names:
            raise RulesError(f"{where}: {name!r} is not known; there are {', '.join(sorted(names))}")


def _name(entry: Mapping[str, Any], where: str) -> str:
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise RulesError(f"{where}: name is missing")
    return name


def _percent(entry: Mapping[str, Any], where: str) -> float | None:
    budget = entry.get("budget")
    if budget is None:
        return None
    if isinstance(budget, bool) or not isinstance(budget, (int, float)) or not 0 <= budget <= 100:
        raise RulesError(f"{where}: budget is a share in percent, not {budget!r}")
    return float(budget)


def _matcher(entry: Mapping[str, Any], where: str) -> Matcher:
    lists = []
    for name in _FIELDS:
        if name not in entry:
            continue
        texts = [entry[name]] if isinstance(entry[name], str) else entry[name]
        if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t for t in texts):
            raise RulesError(f"{where}: {name} is a list of patterns")
        try:
            lists.append([Pattern(text, name) for text in texts])
        except RulesError as error:
            raise RulesError(f"{where}: {error}") from None
    if not lists:
        raise RulesError(f"{where}: no pattern; give symbol, module or file")
    return Matcher(lists)
