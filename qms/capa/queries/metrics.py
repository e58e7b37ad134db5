"""What is counted before and after, and what that says about the effect."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.kernel.wiring import ask
from core.organization.models import Site
from qms.capa.models import EffectivenessCheck, EffectivenessResult
from qms.capa.models.effectiveness import Test
from qms.capa.queries import exact
from qms.capa.questions import EventKinds, ExposureKinds, MetricKind, Window

Result = EffectivenessResult.Result


def event_kinds() -> dict[str, MetricKind]:
    """Every undesired event that can be counted, by its code."""
    return {kind.code: kind for kind in ask(EventKinds())}


def exposure_kinds() -> dict[str, MetricKind]:
    """Everything that events can be set against, by its code."""
    return {kind.code: kind for kind in ask(ExposureKinds())}


def day_begins(day: dt.date, site: Site) -> dt.datetime:
    """The first moment of a day at a site."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(site.time_zone))


@dataclass(frozen=True)
class Counted:
    """Events in a window, and what they are set against."""

    events: int
    exposure: int

    @property
    def per_thousand(self) -> float | None:
        """Events for each thousand."""
        return self.events * 1000 / self.exposure if self.exposure else None


def counted(check: EffectivenessCheck, begins: dt.datetime, until: dt.datetime) -> Counted:
    """What the metric of a check counts in a window. `LookupError` for a metric that nobody answers for any more."""
    events, exposure = event_kinds()[check.events], exposure_kinds()[check.exposure]
    site = check.capa.site
    narrowed = Window(site, begins, until, check.material, check.sort)
    return Counted(events.count(narrowed), exposure.count(Window(site, begins, until, check.material)))


def baseline(check: EffectivenessCheck) -> Counted:
    """What is counted in the days before. Nothing counts before and after: it ends where the watch begins."""
    site = check.capa.site
    until = day_begins(check.baseline_ends + dt.timedelta(days=1), site)
    if check.watched_from is not None:
        until = min(until, check.watched_from)
    return counted(check, day_begins(check.baseline_begins, site), until)


def p_value(test: str, before: Counted, after: Counted) -> float:
    """The probability of so few events after, or fewer, if nothing had changed."""
    if test == Test.POISSON:
        return exact.poisson_fell(before.events, before.exposure, after.events, after.exposure)
    if after.events > after.exposure or before.events > before.exposure:
        return 1.0  # More events than pieces: a share cannot be judged, and it is no improvement.
    return exact.binomial_fell(before.events, before.exposure, after.events, after.exposure)


def best_p_value(check: EffectivenessCheck, before: Counted) -> float:
    """The p-value if nothing at all happened within the smallest exposure: what the check could show at best."""
    return p_value(check.test, before, Counted(0, check.minimum_exposure)) if before.exposure else 1.0


def judged(check: EffectivenessCheck, before: Counted, after: Counted) -> tuple[str, float | None]:
    """Result and p-value.

    Under-exposed is inconclusive. With enough exposure it is effective if the fall is significant, else ineffective:
    the plan said that so much exposure suffices.
    """
    if after.exposure < check.minimum_exposure or not before.exposure:
        return Result.INCONCLUSIVE, None
    found = p_value(check.test, before, after)
    return (Result.EFFECTIVE if found * 1000 <= check.alpha else Result.INEFFECTIVE), found
