"""Set-based imports of partners and purchase orders."""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.organization.models import Partner
from core.trail.services.sets import Stage
from traceability.models import Material, PurchaseOrder, PurchaseOrderLine
from traceability.services.imports import ORIGIN, find_existing, resolve, table_of, upsert

PARTNER_VALUES = {
    "name": "s.name",
    "is_supplier": "s.role IN ('supplier', 'both')",
    "is_customer": "s.role IN ('customer', 'both')",
    "is_active": "coalesce(s.in_use, 'yes') = 'yes'",
    **ORIGIN,
}


def check_partners(stage: Stage) -> None:
    """Codes are unique."""
    stage.duplicate(["code"], _("“{value}” stands on line {line} already"))
    find_existing(stage, Partner, "b.code = s.code", PARTNER_VALUES)


def write_partners(stage: Stage) -> None:
    """Suppliers and customers, new and changed."""
    upsert(stage, Partner, {"code": "s.code", **PARTNER_VALUES}, PARTNER_VALUES)


ORDER_VALUES = {
    "supplier_id": "s.supplier_id",
    "ordered_on": "s.ordered_on::date",
    "is_closed": "s.state = 'closed'",
    **ORIGIN,
}
SUPPLIER_SHOWN = ("supplier", f"SELECT p.code FROM {Partner._meta.db_table} p WHERE p.id = b.supplier_id", "s.supplier")


def check_orders(stage: Stage) -> None:
    """Numbers are unique at the site, suppliers exist and are suppliers."""
    unknown = _("there is no partner “{value}”; import partners first")
    resolve(stage, "supplier", Partner, "code", site=False, message=unknown)
    stage.error(
        "supplier",
        _("“{value}” is a customer, no supplier"),
        "NOT p.is_supplier",
        joins=f"JOIN {table_of(Partner)} p ON p.id = s.supplier_id",
    )
    stage.duplicate(["number"], _("“{value}” stands on line {line} already"))
    match = "b.number = s.number AND b.site_id = %(site)s"
    find_existing(stage, PurchaseOrder, match, ORDER_VALUES, shown={"supplier_id": SUPPLIER_SHOWN})


def write_orders(stage: Stage) -> None:
    """Purchase orders, new and changed."""
    upsert(stage, PurchaseOrder, {"site_id": "%(site)s", "number": "s.number", **ORDER_VALUES}, ORDER_VALUES)


LINE_VALUES = {
    "material_id": "s.material_id",
    "quantity": "s.quantity::numeric",
    "due_on": "s.due_on::date",
    "received": "coalesce(s.received::numeric, 0)",
    "rejected": "coalesce(s.rejected::numeric, 0)",
    **ORIGIN,
}
LINE_KEPT = {
    **LINE_VALUES,
    **{name: f"coalesce(s.{name}::numeric, b.{name}, 0)" for name in ("received", "rejected")},
}
"""What a line that is known takes: a count that the file leaves out stays as receipts made it."""
LINE_SHOWN = {
    "material_id": (
        "material",
        f"SELECT m.number FROM {Material._meta.db_table} m WHERE m.id = b.material_id",
        f"SELECT m.number FROM {Material._meta.db_table} m WHERE m.id = s.material_id",
    ),
    **{
        name: (name, f"trim_scale(b.{name})", f"trim_scale({LINE_KEPT[name]})")
        for name in ("quantity", "received", "rejected")
    },
}


def check_order_lines(stage: Stage) -> None:
    """Order and material exist, quantities fit, and no more was rejected than received."""
    unknown_order = _("there is no purchase order “{value}” at this site; import purchase orders first")
    resolve(stage, "purchase_order", PurchaseOrder, "number", site=True, message=unknown_order)
    unknown = _("there is no material “{value}”; import materials first")
    resolve(stage, "material", Material, "number", site=False, message=unknown)
    stage.error("quantity", _("“{value}” is not more than zero"), "s.quantity::numeric <= 0")
    for column in ("received", "rejected"):
        stage.error(column, _("“{value}” is less than zero"), f"s.{column}::numeric < 0")
    more = "coalesce(s.rejected::numeric, 0) > coalesce(s.received::numeric, 0)"
    stage.error("rejected", _("“{value}” is more than was received"), more)
    stage.duplicate(["purchase_order", "position"], _("“{value}” stands on line {line} already"))
    match = "b.order_id = s.purchase_order_id AND b.position = s.position"
    find_existing(stage, PurchaseOrderLine, match, LINE_KEPT, shown=LINE_SHOWN)


def write_order_lines(stage: Stage) -> None:
    """Lines of purchase orders, new and changed."""
    new = {"order_id": "s.purchase_order_id", "position": "s.position", **LINE_VALUES}
    upsert(stage, PurchaseOrderLine, new, LINE_KEPT)
