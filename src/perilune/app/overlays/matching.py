"""Fuzzy matching, the one place for it: which labels a typed pattern means, the likeliest first. Pure.

rapidfuzz decides in C what matches at all: a term matches where all its characters occur in their order. Its
ratios rank badly here (they punish long labels, and know no words), so that an alignment as fzf does it ranks
and says which characters to highlight: beginnings of words and runs count most, gaps cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["FuzzyIndex", "Match"]

_MATCH = 16
_GAP_START = -3
_GAP_MORE = -1
_BOUNDARY = 8
_CAMEL = 7
_RUN = 4
_MOST_ALIGNED = 400  # candidates that are ranked; more than anyone looks at
_LONGEST = 400  # characters of a label that are looked at
_NONE = -(1 << 30)


class Match(NamedTuple):
    """A label that matches: its number, how well, and which of its characters were meant."""

    number: int
    score: int
    positions: tuple[int, ...]


def _lower(text: str) -> str:
    """In lower case, character by character, so that positions stay."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(char.lower() if len(char.lower()) == 1 else char for char in text)


class FuzzyIndex:
    """Labels to be matched again and again.

    >>> [match.number for match in FuzzyIndex(["ActivateTab", "SpawnTab", "SplitVertical"]).rank("sp t")]
    [1, 2]
    """

    def __init__(self, labels: Sequence[str]) -> None:
        self._labels = labels
        self._lower = [_lower(label[:_LONGEST]) for label in labels]

    def rank(self, pattern: str) -> list[Match]:
        """All labels that match every blank-separated term, the best first; all of them for no pattern."""
        terms = _lower(pattern).split()
        if not terms:
            return [Match(number, 0, ()) for number in range(len(self._labels))]
        numbers = self._matching(terms)
        if len(numbers) > _MOST_ALIGNED:
            # Whole words before scattered letters, then the short ones.
            numbers.sort(
                key=lambda number: (
                    sum(term not in self._lower[number] for term in terms),
                    len(self._lower[number]),
                )
            )
            numbers = numbers[:_MOST_ALIGNED]
        found = [self._aligned(number, terms) for number in numbers]
        found.sort(key=lambda match: (-match.score, len(self._labels[match.number]), match.number))
        return found

    def _matching(self, terms: list[str]) -> list[int]:
        from rapidfuzz import process  # noqa: PLC0415 - loaded when someone filters
        from rapidfuzz.distance import LCSseq  # noqa: PLC0415

        numbers = list(range(len(self._lower)))
        for term in terms:
            # The longest common subsequence is the term itself exactly where the term is a subsequence.
            left = [self._lower[number] for number in numbers]
            hits = process.extract(
                term, left, scorer=LCSseq.similarity, processor=None, limit=None, score_cutoff=len(term)
            )
            numbers = sorted(numbers[hit[2]] for hit in hits)
        return numbers

    def _aligned(self, number: int, terms: list[str]) -> Match:
        score, positions = 0, set[int]()
        bonus = _bonuses(self._labels[number][:_LONGEST])
        for term in terms:
            gained, where = _align(term, self._lower[number], bonus)
            score += gained
            positions.update(where)
        return Match(number, score, tuple(sorted(positions)))


def _bonuses(label: str) -> list[int]:
    """What it is worth to match each character, by what stands before it."""
    found: list[int] = []
    before = " "
    for char in label:
        if not before.isalnum() and char.isalnum():
            found.append(_BOUNDARY)
        elif (before.islower() and char.isupper()) or (not before.isdigit() and char.isdigit()):
            found.append(_CAMEL)
        else:
            found.append(0 if char.isalnum() else _CAMEL)
        before = char
    return found


def _align(term: str, lower: str, bonus: list[int]) -> tuple[int, list[int]]:
    """The best way to find the term's characters in their order: its score and their places."""
    size = len(lower)
    scores: list[int] = [_NONE] * size  # of the term up to the previous character, ending at each place
    firsts: list[int] = [0] * size  # the bonus with which the run that ends there began
    came_from: list[list[int]] = []
    for depth, char in enumerate(term):
        new, new_firsts, origin = [_NONE] * size, [0] * size, [-1] * size
        best, best_at = _NONE, -1  # the previous character, with a gap behind it
        for at in range(depth, size):
            if at >= 2 and depth:
                candidate = scores[at - 2] + _GAP_START if scores[at - 2] > _NONE else _NONE
                best = best + _GAP_MORE if best > _NONE else _NONE
                if candidate >= best:
                    best, best_at = candidate, at - 2
            if lower[at] != char:
                continue
            if not depth:
                new[at], new_firsts[at] = _MATCH + 2 * bonus[at], bonus[at]
                continue
            if best > _NONE:
                new[at], new_firsts[at], origin[at] = best + _MATCH + bonus[at], bonus[at], best_at
            if scores[at - 1] > _NONE:
                run = max(bonus[at], firsts[at - 1], _RUN)
                total = scores[at - 1] + _MATCH + run
                if total >= new[at]:
                    new[at], new_firsts[at], origin[at] = total, max(firsts[at - 1], bonus[at]), at - 1
        scores, firsts = new, new_firsts
        came_from.append(origin)
    at = max(range(size), key=scores.__getitem__)
    score, places = scores[at], []
    for origin in reversed(came_from):
        places.append(at)
        at = origin[at]
    return score, places[::-1]
