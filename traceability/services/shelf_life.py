"""How long lots may be used: opened, retested, and no longer than what went into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.organization.services import require
from core.signing.services import sign
from traceability.models import Lot, LotRetest, Material
from traceability.queries import day_at
from traceability.services.movements import lock, refuse

RETEST_MEANING = "approved"


def limits_of_new(material: Material, today: dt.date, expires_on: dt.date | None) -> dict[str, dt.date | None]:
    """The last day of use and the day of the retest of a lot that is made or received today."""
    if expires_on is None and material.shelf_life_days is not None and material.shelf_life_rule != "label":
        expires_on = today + dt.timedelta(days=material.shelf_life_days)
    retest = None if material.retest_days is None else today + dt.timedelta(days=material.retest_days)
    return {"expires_on": expires_on, "retest_on": retest}


@service
def open_lot(*, lot: Lot, actor: Any, reason: str = "") -> Lot:
    """Record that a lot was opened: from now on it keeps as many days as its material does once opened.

    Raises `Blocked` when that makes no difference for the material, and when it was opened before.
    """
    require(actor, "traceability.issue_stock", lot)
    lot = lock([lot])[lot.pk]
    if lot.material.open_life_days is None:
        raise refuse(
            "open_life",
            _("%(material)s keeps as long opened as unopened.") % {"material": lot.material},
            _("Nothing needs to be recorded. If that is wrong, have the material corrected."),
            lot.material,
        )
    if lot.opened_at is not None:
        day = date_format(day_at(lot.site, lot.opened_at), "SHORT_DATE_FORMAT")
        said = _("Lot %(lot)s was opened on %(day)s.") % {"lot": lot, "day": day}
        raise refuse("opened", said, _("Nothing needs to be recorded."), lot)
    open_now([lot])
    return lot


def open_now(lots: Iterable[Lot]) -> None:
    """Lots that are taken from for the first time are open from now on; they come from `lock`."""
    for lot in lots:
        days = lot.material.open_life_days
        if days is None or lot.opened_at is not None:
            continue
        lot.opened_at = now()
        lot.open_until = day_at(lot.site, lot.opened_at) + dt.timedelta(days=days)
        lot.save()


@service
def retest_lot(*, lot: Lot, retest_on: dt.date, result: str, actor: Any, signature: Any, reason: str = "") -> LotRetest:
    """Record, signed, that a lot was tested again and may be used until the next retest (21 CFR 211.87).

    A lot that failed is rejected instead. Raises `Blocked` for a material without retests, without a result, for a day
    that is not after today, later than the material allows or than the lot's expiry, and without a fitting signature.
    """
    require(actor, "traceability.release_lot", lot)
    lot = lock([lot])[lot.pk]
    _require_retest(lot, retest_on, result)
    before, lot.retest_on = lot.retest_on, retest_on
    lot.save()
    retest = LotRetest.objects.create(lot=lot, before=before, retest_on=retest_on, result=result.strip())
    sign(record=retest, meaning=RETEST_MEANING, signature=signature, actor=actor, reason=reason)
    return retest


def _require_retest(lot: Lot, retest_on: dt.date, result: str) -> None:
    days, today = lot.material.retest_days, day_at(lot.site)
    if days is None:
        raise refuse(
            "no_retest",
            _("%(material)s is not retested.") % {"material": lot.material},
            _("Have it written at the material after how many days it is retested."),
            lot.material,
        )
    if lot.lifecycle.state(lot.status).final:
        raise refuse(
            "lot_status",
            _("Lot %(lot)s is “%(state)s”.") % {"lot": lot, "state": lot.get_status_display()},
            _("Only a lot that may still be used is retested."),
            lot,
        )
    if not result.strip():
        raise refuse("result", _("The result is missing."), _("Write what was tested and found."), lot)
    latest = min(filter(None, (today + dt.timedelta(days=days), lot.expires_on)))
    if not today < retest_on <= latest:
        raise refuse(
            "retest_on",
            _("The next retest has to be after today and not after %(day)s.")
            % {"day": date_format(latest, "SHORT_DATE_FORMAT")},
            _("Correct the date. A lot that failed is rejected or held instead."),
            lot,
        )


def limit_by_components(children: Mapping[int, dt.date]) -> None:
    """Shorten the life of lots (by id) to the earliest day of what went into them; it never becomes longer."""
    for lot in lock(Lot(pk=pk) for pk in children).values():
        until = children[lot.pk]
        if lot.expires_on is None or until < lot.expires_on:
            lot.expires_on = until
            lot.save()
