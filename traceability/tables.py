"""Lists of materials, lots, units, places and holds."""

from __future__ import annotations

import datetime as dt
from typing import Any

import django_tables2 as tables
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.markup import badge
from core.web.tables import LinkColumn, QuantityColumn, StateColumn, Table, TimeColumn, YesNoColumn
from traceability.models import Hold


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
