"""What can be imported: the fields of each kind and who checks and writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.trail.services.sets import Stage
from integrations.services.mapping import ImportField
from mes.routing.services import imports as routing
from traceability.services import imports as masters
from traceability.services import opening_stock as stock
from traceability.services import purchasing


@dataclass(frozen=True)
class ImportKind:
    """One kind of rows. `check` reports errors and sets verdicts set-based, `write` writes what they say."""

    name: str
    label: Any
    fields: tuple[ImportField, ...]
    key: str
    check: Callable[[Stage], None]
    write: Callable[[Stage], None]
    needs_site: bool = False


def _id() -> ImportField:
    return ImportField("external_id", _("key in the other system"), required=False, max_length=80)


KINDS: Mapping[str, ImportKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            ImportKind(
                "units",
                _("Units of measure"),
                (
                    ImportField("code", _("code"), max_length=12),
                    ImportField("name", _("name"), max_length=80),
                    ImportField("pint_unit", _("physical unit"), required=False, max_length=60),
                    _id(),
                ),
                "code",
                masters.check_units,
                masters.write_units,
            ),
            ImportKind(
                "materials",
                _("Materials"),
                (
                    ImportField("number", _("number"), max_length=60),
                    ImportField("name", _("name")),
                    ImportField("kind", _("kind"), choices=("component", "assembly", "product")),
                    ImportField("uom", _("unit"), max_length=12),
                    ImportField("tracking", _("tracking"), choices=("lot", "serial", "none")),
                    ImportField("revision", _("revision"), max_length=24),
                    ImportField("shelf_life_days", _("shelf life, days"), "integer", required=False),
                    _id(),
                ),
                "number",
                masters.check_materials,
                masters.write_materials,
            ),
            ImportKind(
                "boms",
                _("Bills of material"),
                (
                    ImportField("assembly", _("assembly"), max_length=80),
                    ImportField("component", _("component"), max_length=80),
                    ImportField("quantity", _("quantity"), "decimal"),
                    ImportField("uom", _("unit"), max_length=12),
                    ImportField("valid_from", _("valid from"), "date"),
                    ImportField("valid_to", _("valid until"), "date", required=False),
                    ImportField("level", _("level"), "integer", required=False),
                    _id(),
                ),
                "external_id",
                masters.check_boms,
                masters.write_boms,
            ),
            ImportKind(
                "locations",
                _("Storage locations"),
                (
                    ImportField("code", _("code"), max_length=40),
                    ImportField("name", _("name"), max_length=120),
                    ImportField(
                        "kind",
                        _("kind"),
                        choices=("stock", "quarantine", "released", "production", "scrap", "shipped"),
                    ),
                    _id(),
                ),
                "code",
                masters.check_locations,
                masters.write_locations,
                needs_site=True,
            ),
            ImportKind(
                "work_centers",
                _("Work centers"),
                (
                    ImportField("area", _("area"), max_length=24),
                    ImportField("code", _("code"), max_length=24),
                    ImportField("name", _("name"), max_length=120),
                    _id(),
                ),
                "code",
                masters.check_work_centers,
                masters.write_work_centers,
                needs_site=True,
            ),
            ImportKind(
                "lots",
                _("Opening stock, one lot per row"),
                (
                    ImportField("number", _("lot number"), max_length=60),
                    ImportField("material", _("material"), max_length=80),
                    ImportField("location", _("storage location"), max_length=80),
                    ImportField("quantity", _("quantity"), "decimal"),
                    ImportField("expires_on", _("usable until"), "date", required=False),
                    ImportField("supplier_lot", _("supplier's lot"), required=False, max_length=80),
                    _id(),
                ),
                "number",
                stock.check_lots,
                stock.write_lots,
                needs_site=True,
            ),
            ImportKind(
                "partners",
                _("Partners: suppliers and customers"),
                (
                    ImportField("code", _("code"), max_length=40),
                    ImportField("name", _("name"), max_length=160),
                    ImportField("role", _("role"), choices=("supplier", "customer", "both")),
                    ImportField("in_use", _("in use"), required=False, choices=("yes", "no")),
                    _id(),
                ),
                "code",
                purchasing.check_partners,
                purchasing.write_partners,
            ),
            ImportKind(
                "purchase_orders",
                _("Purchase orders"),
                (
                    ImportField("number", _("number"), max_length=40),
                    ImportField(
                        "supplier", _("supplier"), max_length=80, help=_("Its code, or its key in the other system.")
                    ),
                    ImportField("ordered_on", _("ordered on"), "date"),
                    ImportField("state", _("state"), choices=("open", "closed")),
                    _id(),
                ),
                "number",
                purchasing.check_orders,
                purchasing.write_orders,
                needs_site=True,
            ),
            ImportKind(
                "purchase_order_lines",
                _("Lines of purchase orders"),
                (
                    ImportField(
                        "purchase_order",
                        _("purchase order"),
                        max_length=80,
                        help=_("Its number, or its key in the other system."),
                    ),
                    ImportField("position", _("position"), max_length=24),
                    ImportField(
                        "material", _("material"), max_length=80, help=_("Its number, or its key in the other system.")
                    ),
                    ImportField("quantity", _("ordered"), "decimal"),
                    ImportField("due_on", _("due on"), "date"),
                    ImportField("received", _("received"), "decimal", required=False),
                    ImportField("rejected", _("rejected"), "decimal", required=False),
                    _id(),
                ),
                "position",
                purchasing.check_order_lines,
                purchasing.write_order_lines,
                needs_site=True,
            ),
            ImportKind(
                "scrap_reasons",
                _("Scrap reasons"),
                (
                    ImportField("code", _("code"), max_length=24),
                    ImportField("name", _("name"), max_length=120),
                    _id(),
                ),
                "code",
                routing.check_scrap_reasons,
                routing.write_scrap_reasons,
            ),
        )
    }
)


def kind_label(name: str) -> str:
    """A kind as people say it."""
    kind = KINDS.get(name)
    return str(kind.label) if kind is not None else name
