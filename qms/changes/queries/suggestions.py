"""What the records say that a change may affect: what apps below keep, and what apps above answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.contrib.contenttypes.models import ContentType

from core.kernel.wiring import ask
from qms.changes.models import ChangeItem, ChangeOrder
from qms.changes.queries.controlled import items_of
from qms.changes.questions import Affected, AffectedBy
from qms.risk.models import RiskAssessment


def affected_by(change: ChangeOrder, items: Sequence[ChangeItem] | None = None) -> list[Affected]:
    """Every record that an item of the change may affect, once each, without the items themselves.

    `items` are those of the change with their revisions, where they were read already.
    """
    items = items_of(change) if items is None else items
    risks = ContentType.objects.get_for_model(RiskAssessment).pk
    named = {*_pairs(items), *((risks, key) for key in change.risks.values_list("assessment", flat=True))}
    found: dict[tuple[int, int], Affected] = {}
    revisions = tuple(revision for item in items if (revision := item.from_revision or item.to_revision) is not None)
    for one in ask(AffectedBy(revisions, change.site)) if revisions else ():
        key = (ContentType.objects.get_for_model(one.record).pk, one.record.pk)
        if key not in named:
            found.setdefault(key, one)
    return list(found.values())


def _pairs(items: Iterable[ChangeItem]) -> Iterator[tuple[int, int]]:
    """Kind and id of every revision that the change names already."""
    for one in items:
        yield from ((one.revision_type_id, key) for key in (one.from_id, one.to_id) if key is not None)
