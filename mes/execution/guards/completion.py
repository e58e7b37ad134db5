"""Before an operation is completed: everything recorded, judged, accounted for and signed."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.signing.lifecycle import MEANINGS
from mes.execution.guards.order import OPERATION
from mes.execution.models import DataRecord, OrderOperation
from mes.execution.queries.completion import components_missing, missing_data, signature_needs, unconfirmed_steps
from mes.execution.queries.context import context_of
from traceability.queries import plain

DECIDED = ("dispositioned", "closed", "cancelled")


@guard(OPERATION, "complete", title=gettext_lazy("Required data recorded"))
def required_data_is_recorded(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Every required value is there, for the operation or for each unit (21 CFR 211.188(b); ISO 13485 8.2.6)."""
    for point, what in missing_data(context_of(operation, deed)):
        yield Blocker(
            "data_missing",
            _("“%(label)s” is not recorded for %(what)s.") % {"label": point.label, "what": what}
            if what
            else _("“%(label)s” is not recorded.") % {"label": point.label},
            record=point,
            remedy=_("Record it in step %(step)s.") % {"step": point.step},
        )


@guard(OPERATION, "complete", title=gettext_lazy("Steps confirmed"))
def steps_are_confirmed(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Each step that its writer marked as significant was said to be done (21 CFR 211.188(b); ISO 13485 7.5.1).

    The others are read; what they ask for is proven by the values, components and signatures that the other checks ask.
    """
    for step in unconfirmed_steps(operation):
        yield Blocker(
            "step_open",
            _("Step %(step)s is not confirmed.") % {"step": step},
            record=step,
            remedy=_("Do it, then tap “Step done”."),
        )


@guard(OPERATION, "complete", title=gettext_lazy("Values in limits, or dispositioned"))
def values_are_in_limits_or_decided(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A value out of limits is decided by quality before work is completed (21 CFR 211.192; ISO 13485 8.3.2).

    A repeated measurement does not make the first one undone: its nonconformance is decided all the same. What a
    planned deviation covers was decided before it was measured.
    """
    for record in context_of(operation, deed).values:
        if record.judgement != DataRecord.Verdict.OUT or record.is_covered:
            continue
        found = record.nonconformance
        if found is None and not hasattr(record, "superseded_by"):
            yield Blocker(
                "out_of_limits",
                _("“%(value)s” is out of limits.") % {"value": record},
                record=record,
                remedy=_("Measure again, or report a defect."),
            )
        elif found is not None and found.status not in DECIDED:
            yield Blocker(
                "nonconformance_open",
                _("“%(value)s” is out of limits, and %(number)s is “%(state)s”.")
                % {"value": record, "number": found.number, "state": found.get_status_display()},
                record=found,
                remedy=_("Wait for quality's disposition of %(number)s.") % {"number": found.number},
            )


@guard(OPERATION, "complete", title=gettext_lazy("Quantity complete, or explained"))
def finished_quantity_is_explained(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Fewer pieces than ordered are possible, with the reason on record (21 CFR 211.103, 211.192)."""
    reported = context_of(operation, deed).counters
    if reported.remaining > 0 and not operation.explanation:
        yield Blocker(
            "quantity_open",
            _("%(done)s of %(planned)s are reported.")
            % {"done": plain(reported.good + reported.scrap), "planned": plain(reported.planned)},
            record=operation,
            remedy=_("Report the rest, or explain why the operation ends with fewer."),
        )


@guard(OPERATION, "complete", title=gettext_lazy("Material accounted for, or explained"))
def material_is_accounted_for(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """What should be in the pieces was consumed on record, or why not is said (21 CFR 211.184(c); ISO 13485 7.5.9).

    Why there are fewer pieces does not say why the pieces that were made lack components.
    """
    if operation.material_explanation:
        return
    for lacking in components_missing(context_of(operation, deed)):
        yield Blocker(
            "material_open",
            str(lacking),
            remedy=_("Scan what was built in, or explain why components are missing."),
        )


@guard(OPERATION, "complete", title=gettext_lazy("Required signatures"))
def signatures_are_given(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Each required signature is there and still fits the record (21 CFR 11.50, 11.70; 21 CFR 211.188(b)(11))."""
    for need in signature_needs(operation, context_of(operation, deed).requirements):
        if need.given is None:
            yield Blocker(
                "signature_broken" if need.outdated else "signature_missing",
                (
                    _("The signature “%(meaning)s” was given before the record changed.")
                    if need.outdated
                    else _("The signature “%(meaning)s” is missing.")
                )
                % {"meaning": MEANINGS[need.meaning]},
                record=operation,
                remedy=_("A second person signs.") if need.witness else _("Sign the operation."),
            )


@guard(OPERATION, "sign", title=gettext_lazy("Second person"))
def witness_is_another_person(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Who verifies or witnesses did not do the work (21 CFR 211.101(d), 211.188(b)(11): another person checks)."""
    meaning = deed.params.get("meaning")
    needs = [n for n in signature_needs(operation, context_of(operation, deed).requirements) if n.meaning == meaning]
    if not any(need.witness for need in needs) and meaning not in ("verified", "witnessed"):
        return
    if operation.runs.filter(operator=deed.actor.pk).exists():
        yield Blocker(
            "second_person",
            _("%(who)s worked on this operation; “%(meaning)s” needs another person.")
            % {"who": deed.actor, "meaning": MEANINGS[str(meaning)]},
            record=operation,
            remedy=_("Ask a colleague with the right to sign."),
        )
