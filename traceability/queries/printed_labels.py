"""Which labels of a record were printed, and how many of them are accounted for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from core.printing.models import PrintJob
from traceability.models import Label, LabelReconciliation, LabelTemplate, Lot, SerializedUnit
from traceability.queries.label_texts import LOT, UNIT, Labelled
from traceability.queries.labels import own_label

NEVER_PRINTED = Q(print_job__status="cancelled", print_job__may_have_printed=False)
"""Taken back before anything of it was sent: it does not count as printed."""


def _of(records: Iterable[Any]) -> Q:
    """Rows about these records, which are of one model."""
    listed = list(records)
    kind = ContentType.objects.get_for_model(listed[0])
    return Q(subject_type=kind, subject_id__in=[record.pk for record in listed])


def labels_about(record: Labelled) -> QuerySet[Label]:
    """The labels of a record, the latest first."""
    return Label.objects.filter(_of([record])).select_related("actor", "site").order_by("-id")


def last_labels(records: Sequence[Labelled], code: str) -> dict[int, Label]:
    """The last print of a label for each record that has one, by its key."""
    rows = Label.objects.filter(_of(records), code=code).order_by("subject_id", "-id").distinct("subject_id")
    return {label.subject_id: label for label in rows}


def printed_before(records: Sequence[Labelled], code: str) -> set[int]:
    """Keys of the records of which this label was printed, or is on its way to be."""
    rows = Label.objects.filter(_of(records), code=code).exclude(NEVER_PRINTED)
    return set(rows.values_list("subject_id", flat=True))


def printed_count(record: Labelled) -> int:
    """How many labels of a record were printed, or are on their way to be."""
    found = Label.objects.filter(_of([record])).exclude(NEVER_PRINTED).aggregate(total=Sum("copies"))
    return int(found["total"] or 0)


def reconciliations_of(record: Labelled) -> QuerySet[LabelReconciliation]:
    """What was signed about the labels of a record, the latest first."""
    return LabelReconciliation.objects.filter(_of([record])).select_related("actor").order_by("-id")


def labels_of_job(job: PrintJob) -> QuerySet[Label]:
    """The labels that a print job carries."""
    return Label.objects.filter(print_job=job).order_by("id")


def versions_of(template: LabelTemplate) -> QuerySet[LabelTemplate]:
    """Every version of a template, the latest first."""
    same = LabelTemplate.objects.filter(site=template.site_id, code=template.code)
    return same.order_by("-version")


def sheet_label(record: Lot | SerializedUnit) -> dict[str, Any]:
    """What the sheet of labels says that is printed where no template is in force.

    With a GTIN a GS1 symbol and its elements in words, else the house's number; why a material with a GTIN gets no GS1
    symbol stands on the label.
    """
    own = own_label(record)
    label: dict[str, Any] = {"title": record.material.name, "number": own.number, "text": own.number}
    lines = [f"{record.material.number} · {record.site.name}"]
    if own.problem:
        lines.append(_("No GS1 label: %(why)s") % {"why": own.problem})
    if own.elements is not None:
        label["elements"] = own.elements.pairs
        lines += [f"({ai}) {value}" for ai, value in own.elements.pairs]
    elif isinstance(record, SerializedUnit) and record.lot is not None:
        lines.append(_("Lot %(lot)s") % {"lot": record.lot})
    return {**label, "lines": lines}


SHEETED = (LOT, UNIT)
"""Kinds of records that have the product's own sheet of labels."""
