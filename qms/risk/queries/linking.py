"""Which records a risk is about, and which risks a record has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import view_permission
from core.organization.queries import scoped
from qms.risk.lifecycle import VIEW
from qms.risk.models import RiskAssessment, RiskItem, RiskLink

Record = TypeVar("Record", bound=models.Model)


@dataclass(frozen=True)
class Linkable:
    """A kind of record that a risk may be about, and how one is found by what people call it."""

    label: Any
    model: str
    called: Callable[[str], Q]


def _operation(text: str) -> Q:
    code, _sep, sequence = text.rpartition("/")
    if not code or not sequence.strip().isdecimal() or len(sequence) > 6:
        return Q(pk__in=())
    return Q(
        routing_revision__routing__code__iexact=code.strip(),
        sequence=int(sequence),
        routing_revision__status="effective",
    )


LINKABLE = {
    kind: Linkable(label, model, called)
    for kind, label, model, called in (
        ("material", _("Material, by its number"), "traceability.Material", lambda text: Q(number__iexact=text)),
        ("document", _("Document, by its number"), "qms_documents.Document", lambda text: Q(number__iexact=text)),
        ("operation", _("Operation, as routing/position: R-1/20"), "mes_routing.Operation", _operation),
        ("change", _("Change, by its number"), "qms_changes.ChangeOrder", lambda text: Q(number__iexact=text)),
    )
}
"""Apps of the same floor and above are named by their label: risk knows that they may be there, not what they are."""


def linkable_kinds() -> list[tuple[str, Any]]:
    """The kinds that this plant has."""
    return [(kind, one.label) for kind, one in LINKABLE.items() if _model(one.model) is not None]


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def record_called(kind: str, text: str, user: Any) -> models.Model | None:
    """The record of a kind that people call so, among those that the user may see."""
    one = LINKABLE[kind]
    model = _model(one.model)
    if model is None or not text.strip():
        return None
    rows = scoped(model._default_manager.filter(one.called(text.strip())), user, view_permission(model))
    return rows.order_by("-pk").first()


def risks_of(records: Iterable[Record]) -> dict[Record, list[RiskItem]]:
    """The risks that are about each of these records, by their links or, for a material, by the whole assessment.

    For whoever changes a document, an operation or a material and has to know what stands against it. Obsolete
    assessments are left out. Three statements, however many records.
    """
    wanted = list(records)
    kinds = ContentType.objects.get_for_models(*{type(record) for record in wanted}) if wanted else {}
    named = Q(pk__in=())
    for model, kind in kinds.items():
        named |= Q(subject_type=kind, subject_id__in=[record.pk for record in wanted if type(record) is model])
    found: dict[tuple[int, int], dict[int, RiskItem]] = defaultdict(dict)
    links = RiskLink.objects.filter(named).exclude(item__assessment__status="obsolete")
    for link in links.select_related("item__assessment__matrix", "item__assessment__site"):
        found[link.subject_type_id, link.subject_id][link.item_id] = link.item
    materials = {record.pk for record in wanted if record._meta.label == "traceability.Material"}
    whole = RiskItem.objects.filter(assessment__material__in=materials).exclude(assessment__status="obsolete")
    for item in whole.select_related("assessment__matrix", "assessment__site") if materials else ():
        kind = next(one for model, one in kinds.items() if model._meta.label == "traceability.Material")
        found[kind.pk, item.assessment.material_id or 0][item.pk] = item
    return {
        record: sorted(found[kinds[type(record)].pk, record.pk].values(), key=lambda item: item.pk) for record in wanted
    }


def assessments_about(records: Iterable[Record], site: Any) -> list[tuple[RiskAssessment, Record]]:
    """The assessments of a site with a risk about one of these records, once each, with the first it is about."""
    found: dict[int, tuple[RiskAssessment, Record]] = {}
    for record, risks in risks_of(records).items():
        for item in risks:
            if item.assessment.site_id == site.pk:
                found.setdefault(item.assessment_id, (item.assessment, record))
    return [found[key] for key in sorted(found)]


def assessments_for(user: Any) -> models.QuerySet[RiskAssessment]:
    """The assessments that this user may see."""
    return scoped(RiskAssessment.objects.all(), user, VIEW)


def due_for_review(day: Any) -> models.QuerySet[RiskAssessment]:
    """Approved assessments whose day of review has come."""
    return RiskAssessment.objects.filter(status="approved", review_on__lte=day).order_by("review_on", "pk")
