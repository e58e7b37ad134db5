"""The person and the place: may, can and does this person work here?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.permissions import catalogue
from core.kernel.wiring import guard
from core.organization.models import Terminal
from core.organization.queries import may
from mes.execution.guards.order import BEGINNING, OPERATION, WORKING
from mes.execution.lifecycle import EXECUTE, OVERRIDE, RAISE_ANDON, REPORT_DEFECT, SIGN
from mes.execution.models import OrderOperation
from mes.execution.queries.context import context_of
from mes.routing.models import OperationRequirement

# Actions that are no move of the lifecycle engine ask for their right here; for moves the engine asks itself.


def _no_right(operation: OrderOperation, deed: Deed, permission: str) -> Blocker:
    return Blocker(
        "permission",
        _("%(who)s has no right to do this at %(where)s: %(right)s.")
        % {"who": deed.actor, "where": operation.work_center, "right": catalogue()[permission].label},
        record=operation,
        remedy=_("Ask an administrator for a role with this right, or a colleague who has it."),
    )


@guard(OPERATION, "join", *WORKING, "leave", title=gettext_lazy("Right to work here"))
def person_may_execute(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Authority checks: only people with the right at this work center act on it (21 CFR 11.10(d), (g))."""
    if not context_of(operation, deed).may_execute:
        yield _no_right(operation, deed, EXECUTE)


@guard(OPERATION, "sign", title=gettext_lazy("Right to sign here"))
def person_may_sign(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Only people with the right to sign do so (21 CFR 11.10(g), 11.100)."""
    if not may(deed.actor, SIGN, operation):
        yield _no_right(operation, deed, SIGN)


@guard(OPERATION, "report_defect", title=gettext_lazy("Right to report defects here"))
def person_may_report_defects(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Everybody who works here may report a defect, whatever the state of the order (ISO 13485 8.3.1)."""
    if not may(deed.actor, REPORT_DEFECT, operation):
        yield _no_right(operation, deed, REPORT_DEFECT)


@guard(OPERATION, "call", title=gettext_lazy("Right to call for help here"))
def person_may_call(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Everybody who works here may call for help, whatever the state of the order."""
    if not may(deed.actor, RAISE_ANDON, operation):
        yield _no_right(operation, deed, RAISE_ANDON)


@guard(OPERATION, *WORKING, "complete", title=gettext_lazy("Clocked on at this work center"))
def person_is_clocked_on(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Whoever records work is at work on this operation, so that the record names the doer (21 CFR 211.188(b)(11))."""
    run = context_of(operation, deed).own_run
    if run is None or run.status != "running":
        yield Blocker(
            "clocked_on",
            _("%(who)s is not clocked on to %(operation)s at %(where)s.")
            % {"who": deed.actor, "operation": operation, "where": operation.work_center},
            record=operation,
            remedy=_("Start or resume the operation under your own name."),
        )


@guard(OPERATION, *BEGINNING, *WORKING, "complete", title=gettext_lazy("Terminal of this work center"))
def terminal_stands_here(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Device checks: an operation is worked on at a terminal of its own work center (21 CFR 11.10(h))."""
    terminal = deed.params.get("terminal")
    if isinstance(terminal, Terminal) and terminal.work_center_id != operation.work_center_id:
        yield Blocker(
            "work_center",
            _("Terminal %(terminal)s stands at %(here)s; this operation runs at %(there)s.")
            % {"terminal": terminal, "here": terminal.work_center, "there": operation.work_center},
            record=terminal,
            remedy=_("Go to a terminal of that work center, or ask the planner to move the operation."),
        )


@guard(OPERATION, *BEGINNING, *WORKING, "complete", title=gettext_lazy("Qualified"))
def person_is_qualified(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """People work only where they are qualified now (ISO 13485 6.2; 21 CFR 211.25(a); ISO 9001 7.2)."""
    yield from context_of(operation, deed).missing_qualifications


@guard(OPERATION, *BEGINNING, "complete", "sign", title=gettext_lazy("Trained on this instruction"))
def person_is_trained(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """At clock-on, start and signature: trained on exactly the revision that the order was released with.

    ISO 13485 6.2; 21 CFR 211.25(a), 11.10(i). A supervisor's signed override under a deviation stands for it.
    """
    terminal = deed.params.get("terminal")
    for blocker in context_of(operation, deed).missing_training:
        if isinstance(terminal, Terminal):
            yield replace(blocker, remedy_url=reverse("terminal:train", args=[terminal.code, operation.pk]))
        else:
            yield replace(blocker, remedy_url=reverse("mes_execution:orderoperation_train", args=[operation.pk]))


@guard(OPERATION, "override_training", title=gettext_lazy("Right to let untrained people work"))
def person_may_override(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """Only supervisors with the right decide that somebody works untrained (21 CFR 11.10(g))."""
    if not may(deed.actor, OVERRIDE, operation):
        yield _no_right(operation, deed, OVERRIDE)


@guard(OPERATION, "override_training", title=gettext_lazy("There is something to override"))
def something_is_missing(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    context = context_of(operation, deed)
    if not context.missing_training and not context.missing_qualifications:
        yield Blocker(
            "nothing_missing",
            _("%(who)s is trained and qualified for %(operation)s.") % {"who": context.actor, "operation": operation},
            record=operation,
        )


@guard(OPERATION, *BEGINNING, title=gettext_lazy("Equipment present"))
def equipment_is_present(operation: OrderOperation, deed: Deed) -> Iterator[Blocker]:
    """The work center has working equipment of each class that the routing asks for (ISO 13485 6.3, 7.5.1)."""
    context = context_of(operation, deed)
    for requirement in context.requirements:
        wanted = requirement.equipment_class
        if requirement.kind != OperationRequirement.Kind.EQUIPMENT_CLASS or wanted is None:
            continue
        if wanted.pk not in context.equipment_classes:
            yield Blocker(
                "equipment",
                _("%(where)s has no active equipment of class %(kind)s.")
                % {"where": operation.work_center, "kind": wanted},
                record=wanted,
                remedy=_("Ask the lead for the equipment, or to have the operation moved."),
            )
