"""Exact tests of counts, without any library: did a rate fall?

Sums of exact probabilities by logarithms of factorials, no normal approximation. Pure functions; nothing here knows of
records.
"""

from __future__ import annotations

import math


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def _sum_below(logs: list[float]) -> float:
    """The sum of probabilities that are given as logarithms, the smallest first, never above 1."""
    return min(1.0, math.fsum(math.exp(one) for one in sorted(logs)))


def binomial_at_most(events: int, trials: int, probability: float) -> float:
    """P(X ≤ events) of so many trials with this probability."""
    if not 0 <= probability <= 1 or trials < 0:
        raise ValueError("a probability lies between 0 and 1, and trials are not negative")
    if events < 0:
        return 0.0
    if events >= trials or probability == 0:
        return 1.0
    if probability == 1:
        return 0.0
    yes, no = math.log(probability), math.log1p(-probability)
    return _sum_below([_log_choose(trials, k) + k * yes + (trials - k) * no for k in range(events + 1)])


def hypergeometric_at_most(events: int, drawn: int, marked: int, total: int) -> float:
    """P(X ≤ events) marked ones among `drawn` out of `total`, of which `marked` are marked."""
    if not (0 <= drawn <= total and 0 <= marked <= total):
        raise ValueError("nothing is drawn or marked that is not there")
    lowest, highest = max(0, drawn + marked - total), min(drawn, marked)
    if events < lowest:
        return 0.0
    if events >= highest:
        return 1.0
    whole = _log_choose(total, drawn)
    logs = [_log_choose(marked, k) + _log_choose(total - marked, drawn - k) - whole for k in range(lowest, events + 1)]
    return _sum_below(logs)


def poisson_fell(before: int, exposure_before: int, after: int, exposure_after: int) -> float:
    """One-sided p-value that a rate of events did not fall: exact, conditional on the number of all events.

    Without a difference, each event falls into the time after with the probability of that exposure's share.
    """
    if exposure_before <= 0 or exposure_after <= 0:
        raise ValueError("a rate needs an exposure")
    share = exposure_after / (exposure_before + exposure_after)
    return binomial_at_most(after, before + after, share)


def binomial_fell(before: int, trials_before: int, after: int, trials_after: int) -> float:
    """One-sided p-value that a share of defectives did not fall: Fisher's exact test."""
    if not (0 <= before <= trials_before and 0 <= after <= trials_after) or not trials_before or not trials_after:
        raise ValueError("there are not more defectives than pieces, and there are pieces")
    return hypergeometric_at_most(after, trials_after, before + after, trials_before + trials_after)
