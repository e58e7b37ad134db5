"""When something is wrong: report a defect, call for help, and answer the call."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from core.files.services import refuse_other_than_pictures
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.wiring import makes
from core.lifecycle.services import attempt, begin, perform
from core.organization.queries import holders_of
from core.worklist.models import Kind as Work
from core.worklist.services import assign, complete_for
from mes.execution.models import Andon, DefectReport, OrderOperation
from mes.execution.services.floor import at_operation, reporter
from mes.execution.services.recording import circumstances
from mes.execution.services.results import Outcome
from qms.nonconformance.models import DefectCode, FoundAt, NonConformance, Severity
from qms.nonconformance.services import ItemInput, raise_nonconformance
from traceability.models import Lot, SerializedUnit

LEAD = "lead"
ANSWER_WITHIN = dt.timedelta(minutes=5)
"""A call that nobody has answered by then is overdue work, and escalates as all overdue work does."""


@service
def report_defect(
    *,
    order_operation: OrderOperation,
    title: str,
    actor: Any,
    description: str = "",
    severity: str = Severity.MINOR,
    defect_code: DefectCode | None = None,
    lot: Lot | None = None,
    unit: SerializedUnit | None = None,
    quantity: Decimal | None = None,
    photos: Iterable[BinaryIO] = (),
    client_id: uuid.UUID | None = None,
) -> Outcome[NonConformance | None]:
    """Report a defect from the operation: a draft nonconformance with its circumstances filled in, and a hold.

    Held is the lot or unit given, otherwise the order's own lot; a quantity holds only so much of it. On a sandbox
    order nothing is raised. Raises `Blocked` without the right, without words, or for a photo that is no picture.
    """
    context = at_operation(order_operation, actor)
    operation = context.operation
    attempt(operation, "report_defect", actor=actor, context=context, title=title)
    pictures = list(photos)
    refuse_other_than_pictures(pictures)
    known = DefectReport.objects.filter(client_id=client_id).first() if client_id is not None else None
    if known is not None:
        return _reported(known.nonconformance, repeated=True)
    if context.order.is_sandbox:
        return Outcome(
            None,
            _("This is a try-out: nothing was raised."),
            _("On a real order quality is asked now, and the material is held."),
            tone="warn",
        )
    if lot is None and unit is None:
        lot = context.order.lot_at_hand
    found = raise_nonconformance(
        site=context.order.site,
        title=title.strip(),
        description=description,
        severity=severity,
        source=operation,
        items=[ItemInput(unit=unit) if unit is not None else ItemInput(lot=lot, quantity=quantity)],
        context=circumstances(context),
        defect_code=defect_code,
        detection_point=FoundAt.IN_PROCESS,
        photos=pictures,
        actor=reporter(context),
    )
    DefectReport.objects.create(order_operation=operation, nonconformance=found, client_id=client_id)
    return _reported(found)


def _reported(found: NonConformance, *, repeated: bool = False) -> Outcome[NonConformance | None]:
    return Outcome(
        found,
        _("%(number)s was raised.") % {"number": found.number},
        _("What it affects is on hold. Quality has been asked; take other work meanwhile."),
        tone="warn",
        repeated=repeated,
        nonconformance=found,
    )


@service
def raise_andon(
    *,
    order_operation: OrderOperation,
    category: str,
    actor: Any,
    text: str = "",
    client_id: uuid.UUID | None = None,
) -> Outcome[Andon]:
    """Call for help from an operation; the leads of the site get it as work at once.

    While such a call is open and nobody has come, a second one is the same call. Unanswered for five minutes it is
    overdue and goes on to the next person.
    """
    context = at_operation(order_operation, actor)
    known = Andon.objects.filter(client_id=client_id).first() if client_id is not None else None
    if known is not None:
        return _called(known, repeated=True)
    attempt(context.operation, "call", actor=actor, context=context)
    waiting = context.operation.andons.filter(category=category, status="open").order_by("id").first()
    if waiting is not None:
        return _called(waiting, repeated=True)
    andon = Andon(
        order_operation=context.operation,
        category=Andon.Category(category),
        text=text.strip(),
        raised_by=actor,
        raised_at=now(),
        client_id=client_id,
    )
    begin(andon, actor=actor)
    assign(
        subject=andon,
        kind=Work.ACTION,
        title=str(andon),
        to_role=LEAD,
        site=context.order.site,
        due_at=andon.raised_at + ANSWER_WITHIN,
        actor=actor,
    )
    return _called(andon)


def _called(andon: Andon, *, repeated: bool = False) -> Outcome[Andon]:
    leads = holders_of(LEAD, andon.order_operation.order.site).order_by("full_name")
    names = ", ".join(str(lead) for lead in leads[:3])
    return Outcome(
        andon,
        _("The lead was called: %(what)s.") % {"what": andon.get_category_display()},
        _("Told: %(names)s. The call stays open until somebody has come.") % {"names": names}
        if names
        else _("Nobody holds the role of lead here: tell somebody by voice."),
        tone="warn",
        repeated=repeated,
    )


@service
def call_lead(
    *, order_operation: OrderOperation, actor: Any, text: str = "", client_id: uuid.UUID | None = None
) -> Outcome[Andon]:
    """One tap: the lead is called to this operation."""
    return raise_andon(
        order_operation=order_operation, category=Andon.Category.LEAD, text=text, client_id=client_id, actor=actor
    )


@makes("mes_execution.Andon", "acknowledge")
@service
def acknowledge_andon(*, andon: Andon, actor: Any, reason: str = "") -> Andon:
    """Say that one is coming; the operator sees who. The call is then this person's work until it is closed."""
    perform(andon, "acknowledge", actor=actor, reason=reason)
    complete_for(subject=andon, kind=Work.ACTION, actor=actor)
    assign(
        subject=andon,
        kind=Work.ACTION,
        title=str(andon),
        to_user=actor,
        site=andon.order_operation.order.site,
        actor=actor,
    )
    return andon


@makes("mes_execution.Andon", "close")
@service
def close_andon(*, andon: Andon, actor: Any, reason: str = "") -> Andon:
    """The matter is settled; `reason` says how."""
    perform(andon, "close", actor=actor, reason=reason)
    complete_for(subject=andon, kind=Work.ACTION, actor=actor)
    return andon
