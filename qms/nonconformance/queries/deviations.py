"""Whether a planned deviation may be used now, and which ones may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.kernel.records import subject_ref
from core.organization.models import Site
from qms.documents.models import Document
from qms.nonconformance.models import DeviationUse, PlannedDeviation, shown
from traceability.models import Lot, Material, SerializedUnit


def left_of(deviation: PlannedDeviation) -> Decimal:
    """How much of the quota is left."""
    return deviation.quota - deviation.used


def in_force(site: Site, material: Material, day: dt.date) -> QuerySet[PlannedDeviation]:
    """What may be used for a material at a site on a day: approved, within its days, with quota left."""
    return PlannedDeviation.objects.filter(
        site=site,
        material=material,
        status="approved",
        valid_from__lte=day,
        valid_until__gte=day,
        used__lt=F("quota"),
    ).order_by("pk")


def for_value(site: Site, material: Material, document_id: int, day: dt.date) -> QuerySet[PlannedDeviation]:
    """What lets a value of an instruction leave its limits on a day, in force and with quota left."""
    return in_force(site, material, day).filter(document=document_id).select_related("uom")


def allowed_of(deviation: PlannedDeviation) -> str:
    """The range that a value may be in, in words; empty where the deviation is about no value."""
    lower, upper = deviation.lower_allowed, deviation.upper_allowed
    if lower is not None and upper is not None:
        return _("%(lower)s to %(upper)s") % {"lower": shown(lower), "upper": shown(upper)}
    if lower is not None:
        return _("from %(limit)s") % {"limit": shown(lower)}
    return "" if upper is None else _("up to %(limit)s") % {"limit": shown(upper)}


def use_of_pieces(
    deviation: PlannedDeviation, source: models.Model, lot: Lot, unit: SerializedUnit | None
) -> DeviationUse | None:
    """What was taken from the quota already for these pieces at this place: they are not counted twice."""
    found = DeviationUse.objects.filter(deviation=deviation, lot=lot, unit=unit, **subject_ref(source, "source"))
    return found.order_by("pk").first()


def against_value(
    deviation: PlannedDeviation,
    *,
    document: Document | None,
    parameter: str,
    number: Decimal | None,
    lower: Decimal | None,
    upper: Decimal | None,
) -> Iterator[Blocker]:
    """Every reason why a planned deviation does not cover a value that is out of the instruction's limits.

    `lower` and `upper` are the instruction's own limits: they stay where the deviation names no other.
    """
    if document is None or deviation.document_id != document.pk or deviation.parameter != parameter or number is None:
        yield Blocker(
            "other_value",
            _("%(deviation)s is not about this value.") % {"deviation": deviation},
            record=deviation,
            remedy=_("Choose the one that names it, or record the value without one."),
        )
        return
    first = lower if deviation.lower_allowed is None else deviation.lower_allowed
    last = upper if deviation.upper_allowed is None else deviation.upper_allowed
    if (first is not None and number < first) or (last is not None and number > last):
        yield Blocker(
            "beyond_deviation",
            _("%(value)s is beyond what %(deviation)s allows: %(allowed)s.")
            % {"value": shown(number), "deviation": deviation, "allowed": allowed_of(deviation)},
            record=deviation,
            remedy=_("Record it without the deviation: a nonconformance is raised, and quality decides."),
        )


def against_using(deviation: PlannedDeviation, lot: Lot, quantity: Decimal | None, day: dt.date) -> Iterator[Blocker]:
    """Every reason why so much of a lot may not be made under a planned deviation on a day.

    Without a quantity nothing more is taken from the quota, because it was taken for these pieces before.
    """
    words = {"deviation": deviation, "status": deviation.get_status_display()}
    if deviation.status != "approved":
        yield Blocker(
            "not_approved",
            _("%(deviation)s is “%(status)s”; only an approved one is used.") % words,
            record=deviation,
            remedy=_("Have it approved first, or work as it is required."),
        )
    if not deviation.valid_from <= day <= deviation.valid_until:
        yield Blocker(
            "expired",
            _("%(deviation)s counts from %(first)s until %(last)s.")
            % {**words, "first": deviation.valid_from, "last": deviation.valid_until},
            record=deviation,
            remedy=_("Work as it is required, or have another planned deviation approved."),
        )
    if lot.material_id != deviation.material_id or lot.site_id != deviation.site_id:
        yield Blocker(
            "other_material",
            _("%(deviation)s is for %(material)s at %(site)s.")
            % {**words, "material": deviation.material, "site": deviation.site},
            record=lot,
            remedy=_("Choose a lot of this material."),
        )
    if quantity is None:
        return
    if quantity <= 0:
        yield Blocker("quantity", _("The quantity must be more than zero."), remedy=_("Correct the quantity."))
    elif quantity > left_of(deviation):
        yield Blocker(
            "quota",
            _("%(left)s of %(quota)s are left; %(quantity)s would be more.")
            % {
                "left": shown(left_of(deviation)),
                "quota": shown(deviation.quota),
                "quantity": shown(quantity),
            },
            record=deviation,
            remedy=_("Make at most what is left, then work as it is required, or have a further one approved."),
        )
