"""How much of an event's samples each component, group, symbol and callback has, alone and inclusive.

Self shares are by the innermost frame and sum to the whole; what no rule names is "(unmatched)", and so are
samples without any frame. Inclusive shares count a sample once for whatever stands in its stack, however
often it does.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from perilune.profiler.model import ROOT, Frame, Profile
from perilune.profiler.rules import COSTS, UNMATCHED, Component, RuleSet

__all__ = ["Amount", "CallbackShare", "Share", "Shares", "symbol_key"]

NO_STACK = "(no stack)"


@dataclass(slots=True)
class Amount:
    """Samples, their weight, and the sum of squares of their weights, which says how sure the weight is."""

    samples: int = 0
    weight: float = 0.0
    squares: float = 0.0

    def add(self, samples: int, weight: float) -> None:
        """More samples, of about equal weights."""
        self.samples += samples
        self.weight += weight
        if samples:
            self.squares += weight * weight / samples


@dataclass(slots=True)
class Share:
    """What one item has: a component, a group, a symbol."""

    name: str
    group: str = ""
    module: str = ""
    own: Amount = field(default_factory=Amount)
    total: Amount = field(default_factory=Amount)
    budget: float | None = None


@dataclass(slots=True)
class CallbackShare:
    """What was sampled under a callback, by the part of its cost; "other" is no part that the rules name."""

    name: str
    total: Amount = field(default_factory=Amount)
    costs: dict[str, float] = field(default_factory=dict)


def symbol_key(frame: Frame) -> tuple[str, str]:
    """What makes two frames the same symbol: the name, and the module without its folder."""
    return frame.symbol, frame.module.rpartition("/")[2]


class Shares:
    """The shares of one event under one rule set.

    Attributes:
        all: all samples of the event.
        components: by name, in the order of the rules; UNMATCHED last.
        groups: by name.
        symbols: by (symbol, module).
        callbacks: those of the rules that were seen.
        costs: the weight by part of a callback's cost, of the whole profile.
        unmatched_stacks: the weight of samples in whose stack no frame is matched.
    """

    def __init__(self, profile: Profile, event: int, rules: RuleSet) -> None:
        self.profile = profile
        self.event = event
        self.rules = rules
        self.all = Amount()
        self.components: dict[str, Share] = {}
        self.groups: dict[str, Share] = {}
        self.symbols: dict[tuple[str, str], Share] = {}
        self.callbacks: dict[str, CallbackShare] = {}
        self.costs: dict[str, float] = dict.fromkeys(COSTS, 0.0)
        self.unmatched_stacks = 0.0
        self._of_frame = rules.classify(profile.frames)
        self._count()

    def share(self, amount: Amount) -> float:
        """An amount as a fraction of the whole, 0 to 1."""
        return amount.weight / self.all.weight if self.all.weight else 0.0

    def unmatched_symbols(self) -> list[Share]:
        """The symbols that no rule names, the weightiest first."""
        bare = {
            symbol_key(frame)
            for frame, component in zip(self.profile.frames, self._of_frame, strict=True)
            if component is None
        }
        found = [share for key, share in self.symbols.items() if key in bare and share.own.weight]
        return sorted(found, key=lambda share: (-share.own.weight, share.name))

    def component_of(self, frame: int) -> str:
        """The name of a frame's component."""
        component = self._of_frame[frame]
        return UNMATCHED if component is None else component.name

    def _count(self) -> None:
        nodes = self._nodes()
        components, masks = nodes
        self._declare()
        rows: dict[int, tuple[int, float, float]] = {}
        for row in self.profile.rows(self.event):
            self.all.add(row.samples, row.weight)
            samples, weight, squares = rows.get(row.stack, (0, 0.0, 0.0))
            square = row.weight * row.weight / row.samples if row.samples else 0.0
            rows[row.stack] = (samples + row.samples, weight + row.weight, squares + square)
        names = list(self.components)
        groups = list(self.groups)
        for stack, (samples, weight, squares) in rows.items():
            component = components[stack] if stack != ROOT else None
            mask = masks[stack] if stack != ROOT else 0
            own = self.components[UNMATCHED if component is None else component.name]
            _enter(own.own, samples, weight, squares)
            if component is not None and component.group:
                _enter(self.groups[component.group].own, samples, weight, squares)
            if component is not None and component.cost:
                self.costs[component.cost] += weight
            if not mask & ((1 << len(names)) - 1):
                self.unmatched_stacks += weight
            if own.name == UNMATCHED:
                _enter(own.total, samples, weight, squares)
            for bit, name in enumerate(names[:-1]):
                if mask >> bit & 1:
                    _enter(self.components[name].total, samples, weight, squares)
            for bit, name in enumerate(groups, len(names)):
                if mask >> bit & 1:
                    _enter(self.groups[name].total, samples, weight, squares)
            for bit, rule in enumerate(self.rules.callbacks, len(names) + len(groups)):
                if mask >> bit & 1:
                    found = self.callbacks.setdefault(rule.name, CallbackShare(rule.name))
                    _enter(found.total, samples, weight, squares)
                    cost = component.cost if component is not None and component.cost else "other"
                    found.costs[cost] = found.costs.get(cost, 0.0) + weight
        self._count_symbols(rows)

    def _declare(self) -> None:
        for component in self.rules.components:
            share = self.components.setdefault(component.name, Share(component.name, component.group))
            share.budget = component.budget if share.budget is None else share.budget
            if component.group:
                self.groups.setdefault(
                    component.group, Share(component.group, budget=self.rules.budgets.get(component.group))
                )
        self.components[UNMATCHED] = Share(UNMATCHED)

    def _nodes(self) -> tuple[list[Component | None], list[int]]:
        """For each stack its component, and the bits of all that stand in it."""
        order = list(dict.fromkeys(component.name for component in self.rules.components))
        groups = list(dict.fromkeys(c.group for c in self.rules.components if c.group))
        bit = {name: 1 << at for at, name in enumerate(order)}
        group_bit = {name: 1 << at for at, name in enumerate(groups, len(order) + 1)}
        callback_at = len(order) + 1 + len(groups)
        called = [
            sum(
                1 << at
                for at, rule in enumerate(self.rules.callbacks, callback_at)
                if rule.matcher.fits(frame, decides=False)
            )
            for frame in self.profile.frames
        ]
        tree = self.profile.tree
        components: list[Component | None] = []
        masks: list[int] = []
        for parent, frame in zip(tree.parents, tree.frames, strict=True):
            component = self._of_frame[frame]
            if component is not None and component.charge_caller and parent != ROOT:
                caller = components[parent]
                component = component if caller is None else caller
            mask = called[frame] | (masks[parent] if parent != ROOT else 0)
            if component is not None:
                mask |= bit[component.name] | group_bit.get(component.group, 0)
            components.append(component)
            masks.append(mask)
        return components, masks

    def _count_symbols(self, rows: dict[int, tuple[int, float, float]]) -> None:
        profile = self.profile
        tree = profile.tree
        keys: list[Share] = []
        for frame in profile.frames:
            key = symbol_key(frame)
            share = self.symbols.get(key)
            if share is None:
                share = self.symbols[key] = Share(key[0], module=key[1])
            keys.append(share)
        totals = _totals(tree.parents, rows)
        for node, repeated in _repeats(tree.parents, [id(keys[frame]) for frame in tree.frames]):
            share = keys[tree.frames[node]]
            if node in rows:
                _enter(share.own, *rows[node])
            if not repeated:
                _enter(share.total, int(totals[0][node]), totals[1][node], totals[2][node])
        if ROOT in rows:
            share = self.symbols[NO_STACK, ""] = Share(NO_STACK)
            _enter(share.own, *rows[ROOT])
            _enter(share.total, *rows[ROOT])
        self.symbols = {key: share for key, share in self.symbols.items() if share.total.samples}


def _enter(amount: Amount, samples: int, weight: float, squares: float) -> None:
    amount.samples += samples
    amount.weight += weight
    amount.squares += squares


def _totals(
    parents: array[int], rows: dict[int, tuple[int, float, float]]
) -> tuple[array[float], array[float], array[float]]:
    """Samples, weights and squares of each node and what is below it."""
    columns = (array("d", bytes(8 * len(parents))), array("d", bytes(8 * len(parents))),
               array("d", bytes(8 * len(parents))))  # fmt: skip
    for node, values in rows.items():
        if node != ROOT:
            for column, value in zip(columns, values, strict=True):
                column[node] = value
    for column in columns:
        for node in range(len(parents) - 1, -1, -1):
            if parents[node] != ROOT:
                column[parents[node]] += column[node]
    return columns


def _repeats(parents: array[int], keys: list[int]) -> Iterable[tuple[int, bool]]:
    """Each node, and whether its key stands further out in its stack too."""
    size = len(parents)
    first_child, sibling = array("i", [-1]) * size, array("i", [-1]) * size
    roots = -1
    for node in range(size - 1, -1, -1):
        parent = parents[node]
        if parent == ROOT:
            sibling[node], roots = roots, node
        else:
            sibling[node], first_child[parent] = first_child[parent], node
    open_keys: dict[int, int] = {}
    node = roots
    path: list[int] = []
    while node != -1 or path:
        if node == -1:
            node = path.pop()
            open_keys[keys[node]] -= 1
            node = sibling[node]
            continue
        depth = open_keys.get(keys[node], 0)
        yield node, depth > 0
        open_keys[keys[node]] = depth + 1
        path.append(node)
        node = first_child[node]
