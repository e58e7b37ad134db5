"""By what nonconformances are counted: defect, cause, where they were found, and what they affect or came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import ask
from core.organization.models import Partner, Site, WorkCenter
from qms.nonconformance.models import AffectedItem, NonConformance
from qms.nonconformance.questions import SourcePlaces
from traceability.models import Material

Rows = QuerySet[NonConformance]


def counted_between(rows: Rows, first: dt.date | None, last: dt.date | None, zone: dt.tzinfo | Site) -> Rows:
    """Those reported on these days, both included, by the calendar of a zone or of a site."""
    tz: dt.tzinfo = ZoneInfo(zone.time_zone) if isinstance(zone, Site) else zone
    if first is not None:
        rows = rows.filter(reported_at__gte=dt.datetime.combine(first, dt.time.min, tzinfo=tz))
    if last is not None:
        rows = rows.filter(reported_at__lt=dt.datetime.combine(last + dt.timedelta(days=1), dt.time.min, tzinfo=tz))
    return rows


def of_material(rows: Rows, material: Material | int | QuerySet[Material]) -> Rows:
    """Those that affect a lot or unit of a material."""
    is_of_it = Q(lot__material=material) | Q(unit__material=material)
    return rows.filter(pk__in=AffectedItem.objects.filter(is_of_it).order_by().values("nonconformance"))


def of_supplier(rows: Rows, supplier: Partner | int | QuerySet[Partner]) -> Rows:
    """Those that affect a lot, or a unit of a lot, that this supplier delivered."""
    is_theirs = Q(lot__receipts__supplier=supplier) | Q(unit__lot__receipts__supplier=supplier)
    return rows.filter(pk__in=AffectedItem.objects.filter(is_theirs).order_by().values("nonconformance"))


def _places() -> list[tuple[int, Any]]:
    """Each kind of source that stands at a work center: its content type, and how to find the work center."""
    return [(ContentType.objects.get_for_model(one.model).pk, one) for one in ask(SourcePlaces())]


def at_work_center(rows: Rows, center: WorkCenter | int) -> Rows:
    """Those that were raised from work at a work center."""
    found = Q(pk__in=[])
    for kind, place in _places():
        there = place.model._default_manager.filter(**{place.path: center}).order_by().values("pk")
        found |= Q(source_type=kind, source_id__in=there)
    return rows.filter(found)


def _work_center() -> Any:
    """The work center of each row, as the apps above tell; null where it was not raised from work."""
    cases = [
        When(
            source_type=kind,
            then=Subquery(place.model._default_manager.filter(pk=OuterRef("source_id")).order_by().values(place.path)),
        )
        for kind, place in _places()
    ]
    return Case(*cases, default=Value(None), output_field=IntegerField())


@dataclass(frozen=True)
class Trait:
    """Something by which nonconformances are told apart: how each row has it, and the list's filter for one value.

    `is_many`: a nonconformance may have several (it affects several materials) and counts for each of them.
    """

    code: str
    label: str | Promise
    value: Callable[[], Any]
    filter_name: str
    is_many: bool = False


TRAITS: Mapping[str, Trait] = {
    one.code: one
    for one in (
        Trait("defect", _("Defect code"), lambda: F("defect_code"), "defect_code"),
        Trait("cause", _("Kind of cause"), lambda: F("cause_category"), "cause_category"),
        Trait("detection", _("Found at"), lambda: F("detection_point"), "detection_point"),
        Trait(
            "material",
            _("Material"),
            lambda: Coalesce("items__lot__material", "items__unit__material"),
            "material",
            is_many=True,
        ),
        Trait(
            "supplier",
            _("Supplier"),
            lambda: Coalesce("items__lot__receipts__supplier", "items__unit__lot__receipts__supplier"),
            "supplier",
            is_many=True,
        ),
        Trait("work_center", _("Work center"), _work_center, "work_center"),
    )
}


def without_trait(rows: Rows, code: str) -> Rows:
    """Those that have no value of a trait: not coded, nothing affected, not raised from work."""
    trait = TRAITS[code]
    found = NonConformance.objects.order_by().annotate(trait=trait.value())
    unset = found.filter(trait="") if code in ("cause", "detection") else found.filter(trait__isnull=True)
    return rows.filter(pk__in=unset.values("pk"))
