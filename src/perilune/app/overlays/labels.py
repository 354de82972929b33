"""Short labels to type: one letter where the alphabet suffices, else two. Pure."""

from __future__ import annotations

__all__ = ["labels_for"]


def labels_for(alphabet: str, count: int, *, lower_case: bool = True) -> list[str]:
    """Labels for `count` things, the first one the handiest, none the beginning of another; as WezTerm's.

    Letters from the alphabet's end become first letters of pairs, as few as suffice. What a square of the
    alphabet cannot name gets "".

    >>> labels_for("abc", 2), labels_for("abc", 5), labels_for("ab", 9)[-1]
    (['a', 'b'], ['a', 'b', 'ca', 'cb', 'cc'], '')
    """
    letters = list(dict.fromkeys(alphabet.lower() if lower_case else alphabet))
    size = len(letters)
    pairs = 0
    while pairs < size and (size - pairs) + pairs * size < count:
        pairs += 1
    found = letters[: size - pairs]
    wanted = count - len(found)
    if pairs:
        # The pair letter taken last is short of some, when not all are needed.
        first = letters[size - pairs]
        room = wanted - (pairs - 1) * size
        found += [first + letter for letter in letters[: max(room, 0)]]
        for prefix in letters[size - pairs + 1 :]:
            found += [prefix + letter for letter in letters]
    found = found[:count]
    return found + [""] * (count - len(found))
