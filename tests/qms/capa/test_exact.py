"""The exact tests of counts against scipy, and against sums of fractions that round nothing."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from fractions import Fraction

import pytest

from qms.capa.queries import exact

CASES = 1000
CLOSE = 1e-9


def _close(ours: float, theirs: float) -> bool:
    return math.isclose(ours, theirs, rel_tol=1e-7, abs_tol=CLOSE)


@pytest.mark.requirement("CAPA-12")
def test_the_tests_equal_scipy_on_a_thousand_random_cases() -> None:
    stats = pytest.importorskip("scipy.stats", reason="scipy is in the development group of uv.lock: run `uv sync`")
    chance = random.Random(20261130)
    for _case in range(CASES):
        before, after = chance.randint(0, 60), chance.randint(0, 60)
        exposure_before, exposure_after = chance.randint(60, 5000), chance.randint(60, 5000)
        share = exposure_after / (exposure_before + exposure_after)
        both = before + after
        conditional = stats.binomtest(after, both, share, alternative="less").pvalue if both else 1.0
        assert _close(exact.poisson_fell(before, exposure_before, after, exposure_after), conditional)
        table = [[after, exposure_after - after], [before, exposure_before - before]]
        fisher = stats.fisher_exact(table, alternative="less").pvalue
        assert _close(exact.binomial_fell(before, exposure_before, after, exposure_after), fisher)
        share = chance.random()
        assert _close(
            exact.binomial_at_most(after, exposure_after, share), float(stats.binom.cdf(after, exposure_after, share))
        )
        assert _close(
            exact.hypergeometric_at_most(after, exposure_after, both, exposure_before + exposure_after),
            float(stats.hypergeom.cdf(after, exposure_before + exposure_after, both, exposure_after)),
        )


def _fisher(before: int, trials_before: int, after: int, trials_after: int) -> Fraction:
    marked, total = before + after, trials_before + trials_after
    whole = math.comb(total, trials_after)
    lowest = max(0, trials_after + marked - total)
    return Fraction(
        sum(
            math.comb(marked, k) * math.comb(total - marked, trials_after - k)
            for k in range(lowest, min(after, marked, trials_after) + 1)
        ),
        whole,
    )


def _conditional(before: int, exposure_before: int, after: int, exposure_after: int) -> Fraction:
    share = Fraction(exposure_after, exposure_before + exposure_after)
    both = before + after
    return sum((math.comb(both, k) * share**k * (1 - share) ** (both - k) for k in range(after + 1)), Fraction(0))


@pytest.mark.requirement("CAPA-12")
def test_the_tests_equal_sums_of_fractions_on_a_thousand_random_cases() -> None:
    chance = random.Random(8)
    for _case in range(CASES):
        trials_before, trials_after = chance.randint(1, 200), chance.randint(1, 200)
        before, after = chance.randint(0, min(25, trials_before)), chance.randint(0, min(25, trials_after))
        found = exact.binomial_fell(before, trials_before, after, trials_after)
        assert _close(found, float(_fisher(before, trials_before, after, trials_after)))
        found = exact.poisson_fell(before, trials_before, after, trials_after)
        assert _close(found, float(_conditional(before, trials_before, after, trials_after)))


@pytest.mark.requirement("CAPA-12")
def test_the_ends_of_the_scale() -> None:
    assert exact.binomial_at_most(-1, 5, 0.5) == 0
    assert exact.binomial_at_most(5, 5, 0.5) == 1
    assert exact.binomial_at_most(4, 5, 1) == 0
    assert exact.poisson_fell(0, 10, 0, 10) == 1
    assert exact.binomial_fell(0, 10, 0, 10) == 1
    assert exact.binomial_at_most(0, 10, 0.5) == pytest.approx(2**-10)
    calls: tuple[Callable[[], float], ...] = (
        lambda: exact.poisson_fell(1, 0, 1, 5),
        lambda: exact.binomial_fell(6, 5, 0, 5),
        lambda: exact.binomial_at_most(1, 3, 1.5),
        lambda: exact.hypergeometric_at_most(1, 6, 2, 5),
    )
    for wrong in calls:
        with pytest.raises(ValueError, match=r"\w"):
            wrong()
