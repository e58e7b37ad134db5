"""What the floor tells about documents, lots, measured values and scanned codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.kernel.wiring import answers
from core.organization.models import Equipment
from core.organization.queries import scoped
from core.organization.questions import ScanTarget, TerminalScan
from core.web.markup import state_of
from core.web.questions import FindRecords, Found, ResolveScan
from mes.execution.lifecycle import VIEW
from mes.execution.models import Consumption, DataRecord, OperationRun, OrderOperation, Output, ProductionOrder
from mes.execution.queries import names_in, open_operation
from qms.calibration.queries import equipment_called
from qms.calibration.questions import MeasuredValue, MeasuredWith
from qms.documents.models import DocumentRevision
from qms.documents.questions import Use, WhereUsed
from qms.nonconformance.questions import MeasuredPoint, MeasuredSeries, MeasuredValues
from traceability.models import Lot, SerializedUnit
from traceability.questions import (
    AboutLot,
    FindScope,
    LotLine,
    LotPart,
    Made,
    OpenOrder,
    OpenOrdersWith,
    ScopeMembers,
)


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
    lot or unit to booking it at the operation at hand, a gauge to measuring with it there. What is made elsewhere is
    told with its place.
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
    gauge = equipment_called(question.text, site)
    if run is not None and gauge is not None:
        address = reverse("terminal:operation", args=[question.terminal.code, run.order_operation_id])
        yield ScanTarget(f"{address}?{urlencode({'gauge': gauge.code})}", str(gauge))
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


@answers(AboutLot)
def orders_of_a_lot(question: AboutLot) -> Iterator[LotPart]:
    """The orders that make it or used it."""
    lot = question.lot
    used = Consumption.objects.filter(lot=lot, reverses__isnull=True, reversed_by__isnull=True)
    orders = ProductionOrder.objects.filter(Q(lot=lot) | Q(pk__in=used.values("order_operation__order")))
    found = scoped(orders.select_related("material"), question.user, VIEW).order_by("-pk")
    lines = [
        LotLine(
            f"{order.number} · {order.material}",
            order.get_absolute_url(),
            format_html("{} {}", _("makes it") if order.lot_id == lot.pk else _("used it"), state_of(order)),
        )
        for order in found[: question.limit + 1]
    ]
    more = reverse("mes_execution:productionorder_list")
    yield LotPart("orders", _("Orders"), 40, _("No order makes it or used it."), lines, more)


@answers(AboutLot)
def values_out_of_limits(question: AboutLot) -> Iterator[LotPart]:
    """What was recorded out of limits when it was made, also where it was corrected later."""
    values = DataRecord.objects.filter(
        order_operation__order__lot=question.lot, judgement=DataRecord.Verdict.OUT, is_sandbox=False
    ).select_related("order_operation__order", "unit", "superseded_by")
    lines = []
    for record in scoped(values, question.user, VIEW).order_by("-pk")[: question.limit + 1]:
        where = " · ".join(str(part) for part in (record.order_operation, record.unit) if part)
        corrected = getattr(record, "superseded_by", None) is not None
        note = f"{where} · {_('corrected later')}" if corrected else where
        url = record.order_operation.get_absolute_url()
        lines.append(LotLine(f"{record} · {record.judgement_text}", url, note, record.stamped_at))
    empty = _("No value out of limits was recorded when it was made.")
    yield LotPart("values", _("Values out of limits"), 50, empty, lines)


@answers(AboutLot)
def instructions_it_was_made_by(question: AboutLot) -> Iterator[LotPart]:
    """The operations that made it, with the instruction that each of them followed."""
    operations = OrderOperation.objects.filter(order__lot=question.lot, document_revision__isnull=False)
    operations = operations.select_related("order", "document_revision__document").order_by("sequence", "pk")
    lines = [
        LotLine(str(one), one.get_absolute_url(), str(one.document_revision))
        for one in scoped(operations, question.user, VIEW)[: question.limit + 1]
    ]
    empty = _("No order made it by an instruction.")
    yield LotPart("instructions", _("Instructions it was made by"), 80, empty, lines)


@answers(FindScope)
def scope_with_this_number(question: FindScope) -> Iterator[Model]:
    """The order, the equipment or the document revision (`SOP-7`, `SOP-7/B`) that a containment is placed on."""
    user, text = question.user, question.text.strip()
    if question.kind == "order":
        yield from scoped(ProductionOrder.objects.filter(number=text, site=question.site), user, VIEW)[:1]
    elif question.kind == "equipment":
        yield from Equipment.objects.filter(code=text, work_center__area__site=question.site)[:1]
    elif question.kind == "document":
        number, _separator, revision = text.rpartition("/")
        found = DocumentRevision.objects.filter(
            Q(document__number=number, revision=revision) | Q(document__number=text, status="effective")
        ).select_related("document")
        yield from scoped(found, user, "qms_documents.view_document").order_by("-pk")[:1]


@answers(ScopeMembers)
def what_was_made_with_it(question: ScopeMembers) -> Iterator[Made]:
    """The lot of an order; of equipment and of a document revision whatever its operations worked on in the time.

    Where single pieces are finished one by one the pieces count, elsewhere the whole lot: nobody recorded which part of
    it was at that operation. Equipment stands for its work center: runs name no more than that.
    """
    operations = _operations_with(question.record)
    if operations is None:
        return
    operations = operations.filter(order__is_sandbox=False, order__lot__isnull=False)
    if question.is_last:
        # Every deed at an operation locks it before it books anything.
        bool(operations.exclude(status="completed").order_by("pk").select_for_update(of=("self",), no_key=True))
    if isinstance(question.record, ProductionOrder):
        lots = operations.values_list("order__lot", flat=True)
    else:
        by_piece = Q(operation__yields_unit=True, order__material__tracking="serial")
        worked = _in_time(OperationRun.objects.all(), question, "started_at", "ended_at")
        worked_on = operations.exclude(by_piece).filter(pk__in=worked.values("order_operation"))
        lots = worked_on.values_list("order__lot", flat=True)
        done = Output.objects.filter(
            order_operation__in=operations.filter(by_piece),
            unit__isnull=False,
            reverses__isnull=True,
            reversed_by__isnull=True,
        )
        if question.among_units is not None:
            done = done.filter(unit__in=question.among_units)
        units = _in_time(done, question, "stamped_at", "stamped_at").order_by().values_list("unit", flat=True)
        yield from (Made(unit_id=pk) for pk in units.distinct())
    if question.among_lots is not None:
        lots = lots.filter(order__lot__in=question.among_lots)
    yield from (Made(lot_id=pk) for pk in lots.order_by().distinct())


def _operations_with(record: Model) -> QuerySet[OrderOperation] | None:
    """The operations that were worked on with a record, or None where that is not ours to know."""
    if isinstance(record, ProductionOrder):
        return OrderOperation.objects.filter(order=record)
    if isinstance(record, Equipment):
        return OrderOperation.objects.filter(work_center=record.work_center_id)
    if isinstance(record, DocumentRevision):
        return OrderOperation.objects.filter(document_revision=record)
    return None


def _in_time(rows: Any, question: ScopeMembers, began: str, ended: str) -> Any:
    """The rows that fall into the time that is asked about; what has not ended goes on."""
    if question.until is not None:
        rows = rows.filter(**{f"{began}__lte": question.until})
    if question.since is not None:
        rows = rows.filter(Q(**{f"{ended}__gte": question.since}) | Q(**{f"{ended}__isnull": True}))
    return rows


@answers(OpenOrdersWith)
def open_orders_with_lots(question: OpenOrdersWith) -> Iterator[OpenOrder]:
    """Open orders that make them, that used them, and that still want the material of what lies at their site."""
    orders = ProductionOrder.objects.filter(status__in=OPEN, is_sandbox=False)
    of_units = SerializedUnit.objects.filter(pk__in=question.units).values("lot")
    for order in orders.filter(Q(lot__in=question.lots) | Q(lot__in=of_units)):
        yield OpenOrder(order, "makes", int(order.lot_id or 0))
    used = Consumption.objects.filter(
        Q(lot__in=question.lots) | Q(unit__in=question.units),
        is_sandbox=False,
        reverses__isnull=True,
        reversed_by__isnull=True,
        order_operation__order__status__in=OPEN,
    )
    once = ("order_operation__order_id", "lot_id")
    each = used.order_by(*once, "pk").distinct(*once)
    for consumption in each.select_related("order_operation__order"):
        yield OpenOrder(consumption.order_operation.order, "used", consumption.lot_id)
    lots = Lot.objects.filter(pk__in=question.here).values_list("pk", "material_id", "site_id")
    by_material: dict[tuple[int, int], list[int]] = {}
    for lot, material, site in lots:
        by_material.setdefault((site, material), []).append(lot)
    wanting = OrderOperation.objects.exclude(status="completed").filter(
        order__status__in=OPEN,
        order__is_sandbox=False,
        operation__materials__material__in={material for _site, material in by_material},
    )
    found = set(wanting.values_list("order", "order__site", "operation__materials__material"))
    named = orders.in_bulk({order for order, _site, _material in found})
    for key, site, material in sorted(found):
        for lot in by_material.get((site, material), ()):
            yield OpenOrder(named[key], "wants", lot)


TONES = {DataRecord.Verdict.IN: "good", DataRecord.Verdict.WARNING: "warn", DataRecord.Verdict.OUT: "bad"}


@answers(MeasuredWith)
def values_measured_with_a_gauge(question: MeasuredWith) -> Iterator[MeasuredValue]:
    """Recorded values with the gauge, corrected ones too: what was measured was measured."""
    found: QuerySet[DataRecord] = DataRecord.objects.filter(gauge=question.equipment_id, is_sandbox=False)
    if question.since is not None:
        found = found.filter(stamped_at__gte=question.since)
    if question.until is not None:
        found = found.filter(stamped_at__lt=question.until)
    if question.user is not None:
        found = scoped(found, question.user, VIEW)
    rows = found.select_related(
        "order_operation__order__lot", "order_operation__operation", "unit", "output__unit", "actor", "calibration"
    )
    for row in rows.order_by("-pk"):
        order, unit = row.order_operation.order, row.unit or (row.output.unit if row.output is not None else None)
        yield MeasuredValue(
            key=f"data-record-{row.pk}",
            at=row.stamped_at,
            label=row.label,
            value=row.value,
            judgement=row.get_judgement_display(),
            tone=TONES[DataRecord.Verdict(row.judgement)],
            where=str(row.order_operation),
            url=row.order_operation.get_absolute_url(),
            lot=str(order.lot or ""),
            lot_url=order.lot.get_absolute_url() if order.lot is not None else "",
            unit=str(unit or ""),
            unit_url=unit.get_absolute_url() if unit is not None else "",
            who=str(row.actor),
            calibration=row.calibration.number if row.calibration is not None else "",
        )
