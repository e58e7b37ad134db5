"""What the floor tells the apps below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.organization.queries import scoped
from core.organization.questions import ScanTarget, TerminalScan
from core.web.questions import FindRecords, Found, ResolveScan
from mes.execution.lifecycle import VIEW
from mes.execution.models import DataRecord, OperationRun, OrderOperation, ProductionOrder
from mes.execution.queries import names_in, open_operation
from qms.documents.questions import Use, WhereUsed
from qms.nonconformance.questions import MeasuredPoint, MeasuredSeries, MeasuredValues
from traceability.models import Lot, SerializedUnit


@answers(WhereUsed)
def open_operations_that_follow_it(question: WhereUsed) -> Iterator[Use]:
    """The open operations that were released with a revision of the document."""
    operations = OrderOperation.objects.filter(
        document_revision__document=question.document_revision.document_id,
        order__status__in=("released", "in_progress"),
    ).exclude(status="completed")
    for operation in operations.select_related("order").order_by("order__number", "sequence"):
        yield Use(_("Open operation %(operation)s") % {"operation": operation}, operation.get_absolute_url())


@answers(MeasuredValues)
def values_before_it(question: MeasuredValues) -> Iterator[MeasuredSeries]:
    """The latest values of the characteristic that raised a nonconformance, over all orders."""
    record = (
        DataRecord.objects.filter(nonconformance=question.nonconformance_id, value_number__isnull=False)
        .order_by("id")
        .first()
    )
    if record is None:
        return
    latest = DataRecord.objects.filter(
        data_point=record.data_point_id, value_number__isnull=False, is_sandbox=False, pk__lte=record.pk
    ).select_related("order_operation__order", "unit")
    points = [
        MeasuredPoint(
            at=one.stamped_at,
            value=figure,
            label=str(one.unit or one.order_operation.order.number),
            is_within=one.judgement != DataRecord.Verdict.OUT,
            is_this=one.pk == record.pk,
        )
        for one in latest.order_by("-id")[: question.limit]
        if (figure := one.number) is not None
    ]
    yield MeasuredSeries(
        name=record.label,
        unit=record.uom,
        lower=record.lower_limit,
        upper=record.upper_limit,
        points=tuple(reversed(points)),
    )


OPEN = ("released", "in_progress")
"""The states of an order in which it is made."""
OPERATION_CODE = re.compile(r"\^OP\^([0-9]+)")


@answers(TerminalScan)
def what_a_code_means_at_the_terminal(question: TerminalScan) -> Iterator[ScanTarget]:
    """What the floor does with a code.

    An operation's code, an order number and the lot that an order makes lead to the operation at this station; another
    lot or unit to booking it at the operation at hand. What is made elsewhere is told with its place.
    """
    here = question.terminal.work_center
    serial, number = names_in(question.text)
    operations = scoped(OrderOperation.objects.select_related("order"), question.user, VIEW).filter(work_center=here)
    code = OPERATION_CODE.fullmatch(question.text)
    if code is not None:
        wanted = operations.filter(pk=int(code[1])).first()
    else:
        named = Q(order__number=question.text)
        if number:
            named |= Q(order__lot__number=number, order__status__in=OPEN)
        wanted = operations.filter(named).exclude(status="completed").order_by("sequence").first()
    if wanted is not None:
        yield ScanTarget(reverse("terminal:operation", args=[question.terminal.code, wanted.pk]), str(wanted))
        return
    run = (
        OperationRun.objects.filter(operator=question.user.pk, status="running", order_operation__work_center=here)
        .order_by("-started_at")
        .first()
    )
    site = here.area.site
    known = (
        Lot.objects.filter(site=site, number=number).exists()
        or SerializedUnit.objects.filter(site=site, serial=serial).exists()
    )
    if run is not None and known:
        address = reverse("terminal:dialog", args=[question.terminal.code, run.order_operation_id, "consume"])
        yield ScanTarget(f"{address}?{urlencode({'code': question.text})}", question.text)
        return
    orders = scoped(ProductionOrder.objects.select_related("material"), question.user, VIEW).filter(
        Q(number=question.text) | Q(lot__number=number) if number else Q(number=question.text), site=site
    )
    order = orders.filter(status__in=OPEN).first()
    if order is not None:
        yield ScanTarget("", f"{question.text} · {order.material}", _where(order))


def _where(order: ProductionOrder) -> str:
    """Where an order stands that has nothing to do at the station that asks."""
    following = open_operation(order)
    if following is None:
        return _("All operations of %(order)s are completed.") % {"order": order.number}
    return _("Nothing of %(order)s is open at this station. Next: %(operation)s at %(where)s.") % {
        "order": order.number,
        "operation": following.short_name,
        "where": following.work_center,
    }


@answers(FindRecords)
def orders_found(question: FindRecords) -> Iterator[Found]:
    """Orders by number, for the search of every page."""
    orders = scoped(ProductionOrder.objects.select_related("material"), question.user, VIEW)
    for order in orders.filter(number__icontains=question.words)[: question.limit]:
        rank = 0 if order.number == question.words else 1
        yield Found(_("Production order"), order.number, order.get_absolute_url(), str(order.material), rank=rank)


@answers(ResolveScan)
def order_scanned(question: ResolveScan) -> Iterator[Found]:
    """The order whose number is this code."""
    for order in scoped(ProductionOrder.objects.filter(number=question.scan.text), question.user, VIEW)[:2]:
        yield Found(
            _("Production order"),
            order.number,
            order.get_absolute_url(),
            str(order.material),
            rank=0,
            advice=_("Nothing of it is open at this station: it is “%(state)s”.")
            % {"state": order.get_status_display()},
        )
