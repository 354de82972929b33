"""Whether a difference is more than noise. The statistics that docs/profiling.md describes; pure functions.

Two sources of noise: samples are samples (Poisson, from their count), and two runs of the same thing differ
(seen only in repeats). With repeats on a side both are weighed: Welch's t with the larger variance. With one
capture a side only the first is known: a binomial test of the counts. Many lines are looked at together, so p
values are corrected by Benjamini and Hochberg: if nothing changed, one comparison in twenty says something.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist, fmean, variance

__all__ = ["LEVEL", "Measured", "Verdict", "adjust", "compare", "share_error", "t_quantile", "t_tail"]

LEVEL = 0.05
_NORMAL = NormalDist()
_FEW = 20


@dataclass(frozen=True, slots=True)
class Measured:
    """One item in one capture.

    Attributes:
        value: what is compared, normalised.
        error: the standard error that sampling alone gives it.
        samples: how many samples it rests on, scaled so that equal weights count one each.
        exposure: what the samples are out of: all samples, frames, seconds or bytes.
        bounded: whether the value is a share of the exposure, so that samples can be all of it.
    """

    value: float
    error: float
    samples: float
    exposure: float
    bounded: bool = True


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a comparison gave.

    Attributes:
        before: the mean.
        after: the mean.
        before_half: half of the 95 % interval of `before`.
        after_half: likewise.
        change: after less before.
        half: half of the 95 % interval of `change`.
        p: how probable a difference like this is if nothing changed.
    """

    before: float
    after: float
    before_half: float
    after_half: float
    change: float
    half: float
    p: float


def compare(before: Sequence[Measured], after: Sequence[Measured]) -> Verdict:
    """Compare the captures of one side with those of the other."""
    means = [fmean(m.value for m in side) for side in (before, after)]
    sampling = [sum(m.error**2 for m in side) / len(side) ** 2 for side in (before, after)]
    spreads = [variance([m.value for m in side]) if len(side) > 1 else None for side in (before, after)]
    if spreads[0] is None and spreads[1] is None:
        z = _NORMAL.inv_cdf(0.975)
        halves = [z * math.sqrt(v) for v in sampling]
        difference = _difference(means)
        return Verdict(means[0], means[1], halves[0], halves[1], difference, math.hypot(*halves),
                       _single(before[0], after[0]))  # fmt: skip
    known = [spread for spread in spreads if spread is not None]
    pooled = sum(
        s * (len(side) - 1) for s, side in zip(spreads, (before, after), strict=True) if s is not None
    ) / sum(len(side) - 1 for side in (before, after))
    # A side of one capture is taken to vary as the other does.
    between = [
        (known[0] if spread is None else spread) / len(side)
        for spread, side in zip(spreads, (before, after), strict=True)
    ]
    degrees = [max(len(side) - 1, 0) for side in (before, after)]
    variances = [max(b, s) for b, s in zip(between, sampling, strict=True)]
    free = _welch(variances, degrees, sum(degrees))
    standard = math.sqrt(sum(variances))
    quantile = t_quantile(0.975, round(free, 1))
    halves = []
    for at, variance_of in enumerate(variances):
        side_free = degrees[at] or sum(degrees)
        halves.append(t_quantile(0.975, side_free) * math.sqrt(variance_of))
    difference = _difference(means)
    if standard == 0:
        # Deterministic counts, such as calls per frame: any difference is one.
        p = 1.0 if difference == 0 and pooled == 0 else 0.0
    else:
        p = 2 * t_tail(abs(difference) / standard, free)
    return Verdict(means[0], means[1], halves[0], halves[1], difference, quantile * standard, min(1.0, p))


def _difference(means: Sequence[float]) -> float:
    """After less before; means of equal values may differ in their last digits, which is no difference."""
    difference = means[1] - means[0]
    return 0.0 if abs(difference) <= 1e-12 * max(abs(means[0]), abs(means[1])) else difference


def _welch(variances: Sequence[float], degrees: Sequence[int], pooled: int) -> float:
    total = sum(variances)
    if total == 0:
        return float(max(1, pooled))
    weighted = sum(v**2 / (d or pooled) for v, d in zip(variances, degrees, strict=True) if v > 0)
    return max(1.0, min(total**2 / weighted, float(pooled)))


def _single(before: Measured, after: Measured) -> float:
    """The p value for two captures: are their counts what one rate would give?"""
    if before.samples == 0 and after.samples == 0:
        deterministic = before.error == 0 and after.error == 0 and before.value != after.value
        return 0.0 if deterministic else 1.0
    if min(before.samples, after.samples) < _FEW:
        exposure = before.exposure + after.exposure
        # Weighted samples make counts that are no whole numbers; rounding inwards errs towards noise.
        return (
            _binomial(round(before.samples), round(after.samples), after.exposure / exposure)
            if exposure
            else 1.0
        )
    error = math.hypot(before.error, after.error)
    if error == 0:
        return 0.0 if before.value != after.value else 1.0
    return 2 * (1 - _NORMAL.cdf(abs(after.value - before.value) / error))


def _binomial(before: int, after: int, share: float) -> float:
    """Twice the smaller tail of `after` out of both, where each is after with probability `share`."""
    total = before + after
    if total == 0 or not 0 < share < 1:
        return 1.0

    def tail(low: int, high: int) -> float:
        logs = math.lgamma(total + 1)
        return sum(
            math.exp(
                logs - math.lgamma(k + 1) - math.lgamma(total - k + 1)
                + k * math.log(share) + (total - k) * math.log1p(-share)
            )
            for k in range(low, high + 1)
        )  # fmt: skip

    # The shorter tail is summed; the other is the rest.
    if after > total * share:
        upper = tail(after, total) if total - after <= after else 1 - tail(0, after - 1)
        return min(1.0, 2 * max(0.0, upper))
    lower = tail(0, after) if after <= total - after else 1 - tail(after + 1, total)
    return min(1.0, 2 * max(0.0, lower))


def adjust(p_values: Sequence[float]) -> list[float]:
    """The p values as they are worth when this many are looked at (Benjamini and Hochberg).

    >>> adjust([0.01, 0.04, 0.5])
    [0.03, 0.06, 0.5]
    """
    size = len(p_values)
    order = sorted(range(size), key=lambda index: p_values[index], reverse=True)
    found = [1.0] * size
    least = 1.0
    for rank, index in zip(range(size, 0, -1), order, strict=True):
        least = min(least, p_values[index] * (size / rank))  # multiplied last: never below itself
        found[index] = least
    return found


def share_error(weight: float, squares: float, total: float, total_squares: float) -> float:
    """The standard error of `weight / total` when samples are as they are by chance."""
    if total <= 0:
        return 0.0
    share = weight / total
    spread = squares * (1 - share) ** 2 + max(0.0, total_squares - squares) * share**2
    return math.sqrt(spread) / total


def t_tail(t: float, degrees: float) -> float:
    """The probability that Student's t exceeds `t`, which is not negative."""
    return 0.5 * _incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t))


@lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees: float) -> float:
    """Where Student's t has this probability below it; for probabilities over one half."""
    low, high = 0.0, 1.0
    while t_tail(high, degrees) > 1 - probability:
        high *= 2
    for _ in range(48):
        middle = (low + high) / 2
        if t_tail(middle, degrees) > 1 - probability:
            low = middle
        else:
            high = middle
    return high


def _incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Lentz)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1 - _incomplete_beta(b, a, 1 - x)
    front = math.exp(
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    tiny = 1e-300
    c, d = 1.0, 1 - (a + b) * x / (a + 1)
    d = 1 / (d if abs(d) > tiny else tiny)
    result = d
    for m in range(1, 400):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + numerator / c
            c = c if abs(c) > tiny else tiny
            result *= d * c
        if abs(d * c - 1) < 1e-14:
            break
    return front * result / a
