"""Lists of materials, lots, units, places and holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.links import reachable
from core.web.markup import badge, quantity
from core.web.tables import STRONG, LinkColumn, QuantityColumn, StateColumn, Table, TimeColumn, YesNoColumn
from traceability.models import Hold, RecallDecision, RecallLine, Receipt
from traceability.queries import TraceRow, in_containers


class DayColumn(tables.Column):  # type: ignore[misc]
    """A calendar day in the site's format."""

    def render(self, value: dt.date) -> str:
        return date_format(value, "SHORT_DATE_FORMAT")

    def value(self, value: dt.date) -> dt.date:
        return value


class MaterialTable(Table):
    """Materials with their kind and effective revision."""

    number = LinkColumn(verbose_name=gettext_lazy("Number"))
    name = tables.Column(verbose_name=gettext_lazy("Name"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    tracking = tables.Column(verbose_name=gettext_lazy("Tracking"))
    uom = tables.Column(accessor="uom__symbol", order_by="uom__code", verbose_name=gettext_lazy("Unit"))
    effective_revision = tables.Column(verbose_name=gettext_lazy("Effective revision"), orderable=False, default="–")
    is_active = YesNoColumn(verbose_name=gettext_lazy("In use"))


class LotTable(Table):
    """Lots with their stock."""

    number = LinkColumn(verbose_name=gettext_lazy("Lot"))
    material = tables.Column(accessor="material__number", verbose_name=gettext_lazy("Material"))
    name = tables.Column(accessor="material__name", verbose_name=gettext_lazy("Name"))
    status = StateColumn()
    is_held = tables.Column(verbose_name=gettext_lazy("Hold"), orderable=False)
    stock = QuantityColumn(unit_path="material__uom__symbol", verbose_name=gettext_lazy("On hand"), orderable=False)
    expires_on = DayColumn(verbose_name=gettext_lazy("Usable until"), default="–")
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))

    def render_is_held(self, value: bool) -> SafeString | str:
        """A mark on lots that a hold covers, wholly or in part."""
        return badge(_("On hold"), "bad", "hand") if value else ""

    def value_is_held(self, value: bool) -> str:
        """Yes or nothing, for exports."""
        return _("yes") if value else ""


class SerializedUnitTable(Table):
    """Serialized units."""

    serial = LinkColumn(verbose_name=gettext_lazy("Serial number"))
    material = tables.Column(accessor="material__number", verbose_name=gettext_lazy("Material"))
    name = tables.Column(accessor="material__name", verbose_name=gettext_lazy("Name"))
    lot = tables.Column(accessor="lot__number", verbose_name=gettext_lazy("Lot"), default="–")
    status = StateColumn()
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))


class UnitOfMeasureTable(Table):
    """Units of measure."""

    code = LinkColumn(verbose_name=gettext_lazy("Code"))
    name = tables.Column(verbose_name=gettext_lazy("Name"))
    symbol = tables.Column(verbose_name=gettext_lazy("Written as"), orderable=False)
    whole_only = YesNoColumn(verbose_name=gettext_lazy("Whole pieces"))


class StorageLocationTable(Table):
    """Storage locations."""

    code = LinkColumn(verbose_name=gettext_lazy("Code"))
    name = tables.Column(verbose_name=gettext_lazy("Name"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))
    is_active = YesNoColumn(verbose_name=gettext_lazy("In use"))


class HoldTable(Table):
    """Holds, with what they cover."""

    number = LinkColumn(accessor="pk", verbose_name=gettext_lazy("Hold"))
    held = tables.Column(accessor="held", verbose_name=gettext_lazy("On"), orderable=False)
    material = tables.Column(accessor="material__number", verbose_name=gettext_lazy("Material"), orderable=False)
    covers = tables.Column(accessor="covers", verbose_name=gettext_lazy("Covers"), orderable=False)
    reason = tables.Column(verbose_name=gettext_lazy("Reason"), orderable=False)
    status = StateColumn()
    placed_by = tables.Column(accessor="placed_by__full_name", verbose_name=gettext_lazy("Placed by"))
    placed_at = TimeColumn(verbose_name=gettext_lazy("Placed at"))
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))

    def render_held(self, value: Any, record: Hold) -> SafeString:
        """The lot or unit, leading to its page."""
        return format_html('<a href="{}">{}</a>', value.get_absolute_url(), value)

    def value_held(self, value: Any) -> str:
        """The lot's number or the unit's serial number, for exports."""
        return str(value)


class PurchaseOrderTable(Table):
    """Purchase orders with their supplier."""

    number = LinkColumn(verbose_name=gettext_lazy("Number"))
    supplier = tables.Column(accessor="supplier__name", verbose_name=gettext_lazy("Supplier"))
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))
    ordered_on = DayColumn(verbose_name=gettext_lazy("Ordered on"))
    is_closed = YesNoColumn(verbose_name=gettext_lazy("Closed"))


class ExpectedReceiptTable(Table):
    """What is expected from suppliers, by the day it is due."""

    due_on = DayColumn(verbose_name=gettext_lazy("Due on"))
    order = LinkColumn(accessor="order__number", verbose_name=gettext_lazy("Purchase order"))
    supplier = tables.Column(accessor="order__supplier__name", verbose_name=gettext_lazy("Supplier"))
    material = tables.Column(verbose_name=gettext_lazy("Material"), orderable=False)
    quantity = QuantityColumn(verbose_name=gettext_lazy("Ordered"), unit_path="material__uom__symbol")
    received = QuantityColumn(verbose_name=gettext_lazy("Received"), unit_path="material__uom__symbol")


class ContainerTable(Table):
    """Containers and where they stand."""

    number = LinkColumn(verbose_name=gettext_lazy("Number"))
    sscc = tables.Column(verbose_name=gettext_lazy("SSCC"), attrs={"td": {"class": "tl-mono"}}, default="–")
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    status = StateColumn()
    place = tables.Column(accessor="place", verbose_name=gettext_lazy("Where"), orderable=False)
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))


def address_of(row: TraceRow, request: Any = None) -> str:
    """The address of the lot or unit of a step of a trace, or empty where it would refuse the visitor."""
    if row.lot_id is not None:
        return reachable(request, reverse("traceability:lot_detail", args=[row.lot_id]))
    return reachable(request, reverse("traceability:serializedunit_detail", args=[row.unit_id]))


def name_of(row: TraceRow, request: Any = None) -> SafeString:
    """The number of a step of a trace, leading to its lot or unit, with what must be known about it."""
    url = address_of(row, request)
    name = format_html('<a href="{}">{}</a>', url, row.number) if url else format_html("{}", row.number)
    held = badge(_("On hold"), "bad", "hand") if row.holds else ""
    notes = [_("shown further at another row")] if row.repeated else []
    if row.skips:
        notes.append(_("something before it is not shown"))
    said = format_html('<span class="tl-soft tl-small">{}</span>', " · ".join(notes)) if notes else ""
    return format_html("{} {} {}", name, held, said)


def amount_of(row: TraceRow) -> SafeString:
    """How much was used; or that it is a unit of the lot above, or the lot that contains the unit above."""
    if row.relation == "used":
        return quantity(row.quantity, row.uom)
    words = _("unit of this lot") if row.relation == "unit" else _("is in this lot")
    return format_html('<span class="tl-soft">{}</span>', words)


def line_of(row: TraceRow, request: Any = None) -> SafeString:
    """A step of a trace in one line."""
    about = format_html('{} · <span class="tl-soft">{}</span>', row.material, row.state_label)
    return format_html('<span class="tl-strong">{}</span> {} · {}', name_of(row, request), about, amount_of(row))


class TraceTable(Table):
    """The steps of a trace, in the order of the tree."""

    direction = tables.Column(verbose_name=gettext_lazy("Direction"))
    level = tables.Column(verbose_name=gettext_lazy("Level"), attrs={"td": {"class": "tl-mono"}})
    number = tables.Column(verbose_name=gettext_lazy("Lot or unit"), attrs=STRONG)
    material = tables.Column(verbose_name=gettext_lazy("Material"))
    quantity = QuantityColumn(unit_path="uom", verbose_name=gettext_lazy("Quantity"), empty_values=())
    state_label = tables.Column(verbose_name=gettext_lazy("State"))
    site_id = tables.Column(verbose_name=gettext_lazy("Site"))
    source_label = tables.Column(verbose_name=gettext_lazy("Recorded at"))
    at = TimeColumn(verbose_name=gettext_lazy("When"))

    containers = tables.Column(empty_values=(), verbose_name=gettext_lazy("Containers"), orderable=False)
    customers = tables.Column(empty_values=(), verbose_name=gettext_lazy("With customers"), orderable=False)

    sites: Mapping[int, str] = MappingProxyType({})
    ends: Mapping[Any, Any] = MappingProxyType({})

    def render_containers(self, record: TraceRow) -> str:
        """In which containers it lies here."""
        return ", ".join(self.ends[record.node].containers) if record.node in self.ends else "–"

    def render_customers(self, record: TraceRow) -> str:
        """To whom it went, and by which shipment."""
        return ", ".join(self.ends[record.node].customers) if record.node in self.ends else "–"

    def render_direction(self, value: str) -> str:
        """Which way, in words."""
        return _("Where it went") if value == "forward" else _("What went into it")

    def render_level(self, value: int, record: TraceRow) -> str:
        """The level behind as many dots."""
        return f"{record.dots}{value}"

    def render_number(self, record: TraceRow) -> SafeString:
        """The number, leading to its page."""
        return name_of(record, self.request)

    def render_quantity(self, value: Any, record: TraceRow) -> SafeString:
        """How much was used; or that it is a unit of the lot above, or the lot that contains the unit above."""
        return amount_of(record)

    def render_site_id(self, value: int) -> str:
        """The site's sign."""
        return self.sites.get(value, "")


class ReceiptTable(Table):
    """What arrived from suppliers, the latest first."""

    stamped_at = TimeColumn(verbose_name=gettext_lazy("Received at"))
    lot = LinkColumn(accessor="lot__number", verbose_name=gettext_lazy("Lot"))
    material = tables.Column(accessor="lot__material__number", verbose_name=gettext_lazy("Material"))
    quantity = QuantityColumn(
        accessor="movement__quantity", unit_path="movement__uom__symbol", verbose_name=gettext_lazy("Quantity")
    )
    supplier = tables.Column(accessor="supplier__name", verbose_name=gettext_lazy("Supplier"))
    supplier_lot = tables.Column(accessor="lot__supplier_lot", verbose_name=gettext_lazy("Supplier's lot number"))
    line = tables.Column(verbose_name=gettext_lazy("Purchase order"), orderable=False, default="–")
    status = StateColumn(accessor="lot__status")
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))
    is_taken_back = tables.Column(verbose_name=gettext_lazy("Entered wrongly"), orderable=False)

    def render_is_taken_back(self, value: bool, record: Receipt) -> SafeString | str:
        """That it was taken back; while its lot waits in quarantine the way to do so."""
        if value:
            return badge(_("Taken back"), "neutral", "x")
        if record.lot.status != "quarantine":
            return ""
        url = reachable(self.request, reverse("traceability:receipt_take_back", args=[record.pk]))
        words = _("Take back %(lot)s") % {"lot": record.lot}
        return format_html('<a href="{}" aria-label="{}">{}</a>', url, words, _("Take back")) if url else ""

    def value_is_taken_back(self, value: bool) -> str:
        """Yes or nothing, for exports."""
        return _("yes") if value else ""


class ShipmentTable(Table):
    """Shipments with their customer."""

    number = LinkColumn(verbose_name=gettext_lazy("Number"))
    customer = tables.Column(accessor="customer__name", verbose_name=gettext_lazy("Customer"))
    status = StateColumn()
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))


class ContainmentTable(Table):
    """Containments with what they are on, and how far they are released."""

    number = LinkColumn(verbose_name=gettext_lazy("Number"))
    kind = tables.Column(verbose_name=gettext_lazy("Scope"))
    scope_label = tables.Column(verbose_name=gettext_lazy("On"), orderable=False, empty_values=())
    reason = tables.Column(verbose_name=gettext_lazy("Reason"), orderable=False)
    status = StateColumn()
    still_open = tables.Column(
        verbose_name=gettext_lazy("Holds open"), orderable=False, attrs={"td": {"class": "tl-num"}}
    )
    held = tables.Column(verbose_name=gettext_lazy("Holds placed"), orderable=False, attrs={"td": {"class": "tl-num"}})
    placed_by = tables.Column(accessor="placed_by__full_name", verbose_name=gettext_lazy("Placed by"))
    placed_at = TimeColumn(verbose_name=gettext_lazy("Placed at"))
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))

    def render_scope_label(self, record: Any) -> str:
        """The material, the supplier's lot, or the record of an app above."""
        return str(record.material or record.supplier_lot or record.scope_label or "–")

    def value_scope_label(self, record: Any) -> str:
        """The same, for exports."""
        return self.render_scope_label(record)


class StockCountTable(Table):
    """Stock counts."""

    number = LinkColumn(verbose_name=gettext_lazy("Number"))
    location = tables.Column(verbose_name=gettext_lazy("Storage location"), orderable=False)
    status = StateColumn()
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))


class RecallTable(Table):
    """Recalls and drills."""

    number = LinkColumn(verbose_name=gettext_lazy("Number"))
    kind = tables.Column(verbose_name=gettext_lazy("Kind"))
    title = tables.Column(verbose_name=gettext_lazy("Title"))
    status = StateColumn()
    started_at = TimeColumn(verbose_name=gettext_lazy("Started at"), default="–")
    closed_at = TimeColumn(verbose_name=gettext_lazy("Closed at"), default="–")
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"))


class RecallLineTable(Table):
    """The worklist of a recall."""

    goods = LinkColumn(accessor="goods", verbose_name=gettext_lazy("Lot or unit"), orderable=False)
    material = tables.Column(accessor="material__number", verbose_name=gettext_lazy("Material"))
    quantity = QuantityColumn(unit_path="material__uom__symbol", verbose_name=gettext_lazy("Quantity"))
    where = tables.Column(verbose_name=gettext_lazy("Where"), attrs={"td": {"data-label": gettext_lazy("Where")}})
    place = tables.Column(accessor="pk", verbose_name=gettext_lazy("Place or customer"), orderable=False)
    container = tables.Column(accessor="pk", verbose_name=gettext_lazy("Containers"), orderable=False)
    decision = tables.Column(
        accessor="pk",
        verbose_name=gettext_lazy("Decision"),
        orderable=False,
        attrs={"td": {"data-label": gettext_lazy("Decision")}},
    )

    def value_container(self, record: RecallLine) -> str:
        """In which containers it is or left."""
        return in_containers(record)

    def render_container(self, record: RecallLine) -> str:
        """The same."""
        return in_containers(record) or "–"

    def _present(self, line: RecallLine) -> RecallDecision | None:
        """The decision that was not corrected; all of them were read with the lines."""
        return next((one for one in line.decisions.all() if not hasattr(one, "superseded_by")), None)

    def value_place(self, record: RecallLine) -> str:
        """The storage location, the customer with the shipment, or what the records do not resolve."""
        shipment = record.shipment_line.shipment if record.shipment_line is not None else ""
        place = f"{record.customer} · {shipment}" if record.customer is not None else str(record.location or "")
        return " · ".join(filter(None, (place, record.get_trouble_display())))

    def render_place(self, record: RecallLine) -> SafeString | str:
        """The same, in red where something is wrong."""
        words = self.value_place(record) or "–"
        return format_html('<span class="tl-bad">{}</span>', words) if record.trouble else words

    def value_decision(self, record: RecallLine) -> str:
        """What was decided, by whom; why nobody has to; or that it waits."""
        if record.settled:
            return record.get_settled_display()
        decision = self._present(record)
        return f"{decision} · {decision.actor}" if decision is not None else _("Not decided")

    def render_decision(self, record: RecallLine) -> SafeString:
        """The same; what waits, and what is decided, as a mark."""
        if record.settled:
            return format_html('<span class="tl-soft">{}</span>', record.get_settled_display())
        decision = self._present(record)
        return badge(_("Not decided"), "warn", "clock") if decision is None else badge(str(decision), "good", "check")


class LabelTemplateTable(Table):
    """Label templates, every version."""

    code = LinkColumn(verbose_name=gettext_lazy("Code"))
    version = tables.Column(verbose_name=gettext_lazy("Version"), orderable=False)
    name = tables.Column(verbose_name=gettext_lazy("Name"))
    kind = tables.Column(verbose_name=gettext_lazy("For"))
    status = StateColumn()
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"), default=gettext_lazy("All sites"))


class LabelTable(Table):
    """Printed labels, the latest first."""

    subject_label = LinkColumn(verbose_name=gettext_lazy("Label of"))
    template = tables.Column(
        verbose_name=gettext_lazy("Label template"), orderable=False, default=gettext_lazy("Sheet of Trueline")
    )
    copies = tables.Column(verbose_name=gettext_lazy("Copies"), orderable=False)
    content = tables.Column(verbose_name=gettext_lazy("What the symbols say"), orderable=False)
    reason = tables.Column(verbose_name=gettext_lazy("Why again"), orderable=False, default="")
    actor = tables.Column(accessor="actor__full_name", verbose_name=gettext_lazy("Printed by"), orderable=False)
    stamped_at = TimeColumn(verbose_name=gettext_lazy("Printed"))
    site = tables.Column(accessor="site__code", verbose_name=gettext_lazy("Site"), orderable=False)
