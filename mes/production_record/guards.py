"""What keeps a produced lot from being released: one function per reason (21 CFR 211.22, 820.80(d))."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from mes.execution.models import OperationRun, OrderOperation
from mes.production_record.models import ProductionRecord
from mes.production_record.queries import broken_signatures, signatures_of_record
from qms.nonconformance.queries import nonconformances_within
from traceability.models import Lot
from traceability.queries import holds_within


def _record_of(lot: Lot, deed: Deed) -> ProductionRecord | None:
    """The record of the lot, and whether the person worked on it; read once for all guards of a deed."""
    worked = OperationRun.objects.filter(order_operation__order=OuterRef("order"), operator=deed.actor.pk)
    records = ProductionRecord.objects.filter(lot=lot).select_related("order__routing_revision", "lot")
    return deed.once(("production record", lot.pk), lambda: records.annotate(actor_worked_on_it=Exists(worked)).first())


def _operations(record: ProductionRecord, deed: Deed) -> list[OrderOperation]:
    """The operations of its order in sequence, read once for all guards of a deed."""
    found = record.order.operations.select_related("document_revision").order_by("sequence")
    return deed.once(("operations", record.order_id), lambda: list(found))


@guard("traceability.Lot", "release", title=gettext_lazy("Every operation is completed"))
def every_operation_is_completed(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """A lot made here is released only after all operations of its order are completed."""
    produced = _record_of(record, deed)
    if produced is None:
        return
    open_operations = [str(o) for o in _operations(produced, deed) if o.status != "completed"]
    if open_operations:
        yield Blocker(
            "operations_open",
            _("Not completed yet: %(operations)s.") % {"operations": ", ".join(open_operations)},
            record=produced.order,
            remedy=_("Complete these operations at their work centers."),
            remedy_url=produced.order.get_absolute_url(),
        )
    elif produced.status != "review":
        yield Blocker(
            "record_not_in_review",
            _("The production record %(record)s does not wait for review.") % {"record": produced},
            record=produced,
            remedy=_("Open it to see its state."),
            remedy_url=produced.get_absolute_url(),
        )


@guard("traceability.Lot", "release", title=gettext_lazy("Signatures verify"))
def every_signature_verifies(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """Each signature that the record prints still fits what was signed, or was given again since (21 CFR 11.70)."""
    produced = _record_of(record, deed)
    if produced is None:
        return
    nonconformances = nonconformances_within(record, deed)
    signed = signatures_of_record(
        produced, operations=_operations(produced, deed), about=nonconformances, holds=holds_within(record, deed)
    )
    for state in broken_signatures(signed):
        signature = state.signature
        yield Blocker(
            "signature_broken",
            _("%(record)s was changed after %(who)s signed it (%(meaning)s).")
            % {
                "record": signature.subject_label,
                "who": signature.printed_name,
                "meaning": signature.get_meaning_display(),
            },
            record=signature.subject,
            remedy=_("Find out what was changed in its timeline, and have it signed again."),
        )


@guard("traceability.Lot", "release", title=gettext_lazy("Reviewed by somebody else"))
def reviewer_did_not_make_it(record: Lot, deed: Deed) -> Iterator[Blocker]:
    """Whoever worked on the order does not release its lot (EU GMP Annex 11 draft 12.6: independent reviewer)."""
    produced = _record_of(record, deed)
    if produced is None:
        return
    if produced.actor_worked_on_it:  # type: ignore[attr-defined]  # annotated
        yield Blocker(
            "reviewer_worked_on_it",
            _("%(who)s worked on this order and cannot release its lot.") % {"who": deed.actor},
            record=produced,
            remedy=_("Ask a colleague of quality who did not work on it."),
        )
