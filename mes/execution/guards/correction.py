"""Taking back what was recorded: by whom, until when, and only once."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.organization.queries import may
from mes.execution.guards.order import OPERATION
from mes.execution.lifecycle import CORRECT
from mes.execution.models import Consumption, DataRecord, OrderOperation, Output
from mes.execution.queries.bookings import UNDO_WINDOW
from mes.execution.queries.context import context_of
from traceability.models import SerializedUnit


@guard(OPERATION, "undo", title=gettext_lazy("Own entry, or right to correct"))
def entry_is_own(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """People correct their own entries; those of others need the lead's right (21 CFR 11.10(g))."""
    fact: Consumption | Output = deed.params["fact"]
    own = fact.actor_id == deed.actor.pk and context_of(operation, deed).may_execute
    if not own and not may(deed.actor, CORRECT, operation):
        yield Blocker(
            "permission",
            _("“%(entry)s” was entered by %(who)s.") % {"entry": fact, "who": fact.actor},
            record=fact,
            remedy=_("Ask them, or the lead, to correct it."),
        )


@guard(OPERATION, "undo", title=gettext_lazy("Within 10 seconds, or with a reason"))
def correction_has_a_reason(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A slip is undone at once; afterwards a correction says why (21 CFR 11.10(e); EU GMP Annex 11, 9).

    A result out of specification is no slip: whoever takes back its unit says why, also at once.
    """
    fact: Consumption | Output = deed.params["fact"]
    if deed.reason.strip():
        return
    if isinstance(fact, Output) and fact.data_records.filter(judgement=DataRecord.Verdict.OUT).exists():
        yield Blocker(
            "reason",
            _("“%(entry)s” has a value out of limits.") % {"entry": fact},
            record=fact,
            remedy=_("Write why it is taken back."),
        )
    elif deed.at - fact.stamped_at > UNDO_WINDOW:
        yield Blocker(
            "reason",
            _("“%(entry)s” is on record for more than 10 seconds.") % {"entry": fact},
            record=fact,
            remedy=_("Write why it is taken back."),
        )


@guard(OPERATION, "undo", title=gettext_lazy("Not taken back yet"))
def entry_still_counts(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """An entry is taken back once; a reversing entry is not reversed again, the work is entered anew."""
    fact: Consumption | Output = deed.params["fact"]
    if fact.reverses_id is not None or type(fact).objects.filter(reverses=fact).exists():
        yield Blocker(
            "reversed",
            _("“%(entry)s” was taken back already.") % {"entry": fact},
            record=fact,
            remedy=_("Enter what is true as a new entry."),
        )


@guard(OPERATION, "undo", title=gettext_lazy("Operation not completed"))
def operation_is_not_completed(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """What a completed operation says is changed only after it was reopened, with a reason (21 CFR 11.10(e))."""
    if operation.status == "completed":
        yield Blocker(
            "operation_completed",
            _("%(operation)s is completed.") % {"operation": operation},
            record=operation,
            remedy=_("The lead reopens the operation first."),
        )


@guard(OPERATION, "undo", title=gettext_lazy("Unit not used or released since"))
def unit_is_still_ours(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """A finished unit that was built in, released or scrapped since stays finished (ISO 13485 7.5.9)."""
    fact: Consumption | Output = deed.params["fact"]
    unit = fact.unit if isinstance(fact, Output) else None
    if unit is not None and unit.status != "completed":
        yield Blocker(
            "unit_status",
            _("Unit %(unit)s is “%(state)s”.") % {"unit": unit, "state": unit.get_status_display()},
            record=unit,
            remedy=_("Ask quality: the unit has moved on."),
        )
    elif unit is not None and _was_replaced_in(unit):
        yield Blocker(
            "component_replaced",
            _("A component of unit %(unit)s was replaced since.") % {"unit": unit},
            record=unit,
            remedy=_("What is in it now is on its page. Replace components there."),
            remedy_url=unit.get_absolute_url(),
        )


def _was_replaced_in(unit: SerializedUnit) -> bool:
    """Whether something was built into a unit after it was finished: it belongs to no report of it."""
    used = Consumption.objects.filter(into_unit=unit, output__isnull=True)
    return used.filter(reverses__isnull=True, reversed_by__isnull=True).exists()


@guard(OPERATION, "undo", title=gettext_lazy("Belongs to no finished unit"))
def consumption_stands_alone(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """What was built into a finished unit is taken out by taking back the unit, as a whole."""
    fact: Consumption | Output = deed.params["fact"]
    if isinstance(fact, Consumption) and fact.into_unit_id is not None and not deed.params.get("with_unit"):
        yield Blocker(
            "part_of_unit",
            _("“%(entry)s” is part of unit %(unit)s.") % {"entry": fact, "unit": fact.into_unit},
            record=fact,
            remedy=_("Take back the unit, then complete it again with the right parts."),
        )
