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
from qms.calibration.services import imports as calibration
from qms.complaints.services import imports as complaints
from qms.documents.services import imports as documents
from qms.nonconformance.services import imports as defects
from qms.risk.services import imports as risks
from qms.training.services import imports as training
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


CHANNELS = ("phone", "email", "letter", "portal", "visit", "service", "return", "authority", "literature", "other")
SEVERITIES = ("minor", "major", "critical")
HARMS = ("unknown", "none", "minor", "serious", "death")


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
                    ImportField(
                        "shelf_life_rule",
                        _("how long it keeps"),
                        required=False,
                        choices=("fixed", "components", "label"),
                    ),
                    ImportField("retest_days", _("retest after, days"), "integer", required=False),
                    ImportField("open_life_days", _("usable once opened, days"), "integer", required=False),
                    ImportField("gtin", _("GTIN"), required=False, max_length=14),
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
                "documents",
                _("Documents, from a packed folder or a list"),
                (
                    ImportField("number", _("number"), max_length=40),
                    ImportField("title", _("title")),
                    ImportField("type", _("type"), max_length=24, help=_("The code of a document type in use.")),
                    ImportField("revision", _("revision"), required=False, max_length=12),
                    ImportField("department", _("department"), required=False, max_length=12),
                    ImportField("file", _("file"), required=False),
                    ImportField("content", _("content"), required=False, max_length=64, help=_("Of a packed folder.")),
                    _id(),
                ),
                "number",
                documents.check_documents,
                documents.write_documents,
            ),
            ImportKind(
                "complaints",
                _("Complaints: a log kept elsewhere"),
                (
                    ImportField("number", _("number"), max_length=40),
                    ImportField("state", _("state"), choices=("open", "closed")),
                    ImportField("title", _("title"), max_length=200),
                    ImportField("nature", _("what is complained of"), max_length=8000),
                    ImportField("received_on", _("received on"), "date"),
                    ImportField("event_on", _("happened on"), "date", required=False),
                    ImportField("aware_on", _("aware since"), "date", required=False),
                    ImportField("channel", _("channel"), required=False, choices=CHANNELS),
                    ImportField("harm", _("harm"), required=False, choices=HARMS),
                    ImportField("harm_note", _("who was harmed, and how"), required=False, max_length=2000),
                    ImportField("product", _("product"), required=False, help=_("Its number, or as it was reported.")),
                    ImportField("udi", _("UDI"), required=False),
                    ImportField("lot", _("lot"), required=False, max_length=80),
                    ImportField("serial", _("serial number"), required=False, max_length=80),
                    ImportField("not_identified", _("why not identified"), required=False, max_length=2000),
                    ImportField("complainant_name", _("complainant's name"), required=False, max_length=160),
                    ImportField("complainant_organization", _("organization"), required=False, max_length=160),
                    ImportField("complainant_address", _("address"), required=False, max_length=1000),
                    ImportField("complainant_phone", _("phone"), required=False, max_length=60),
                    ImportField("complainant_email", _("e-mail"), required=False, max_length=160),
                    ImportField("customer", _("customer's code"), required=False, max_length=40),
                    ImportField("code", _("event code"), required=False, max_length=24),
                    ImportField("cause", _("cause"), required=False, max_length=24),
                    ImportField("investigation", _("what was found"), required=False, max_length=8000),
                    ImportField("correction", _("correction"), required=False, max_length=8000),
                    ImportField("replied_on", _("replied on"), "date", required=False),
                    ImportField("reply_text", _("reply"), required=False, max_length=8000),
                    _id(),
                ),
                "number",
                complaints.check_complaints,
                complaints.write_complaints,
                needs_site=True,
            ),
            ImportKind(
                "defect_codes",
                _("Defect codes"),
                (
                    ImportField("code", _("code"), max_length=24),
                    ImportField("name", _("name"), max_length=120),
                    ImportField("parent", _("broader code"), required=False, max_length=24),
                    ImportField("severity", _("usual severity"), required=False, choices=SEVERITIES),
                    ImportField("is_active", _("active"), required=False, choices=("yes", "no")),
                    ImportField("concession_months", _("window of use-as-is, months"), "integer", required=False),
                    ImportField(
                        "concession_triage_at", _("CAPA decision at use-as-is number"), "integer", required=False
                    ),
                    ImportField("concession_stop_at", _("no use-as-is from number"), "integer", required=False),
                    ImportField("containment_hours", _("contained within, hours"), "integer", required=False),
                ),
                "code",
                defects.check_defect_codes,
                defects.write_defect_codes,
            ),
            ImportKind(
                "gauges",
                _("Gauges with their last calibration"),
                (
                    ImportField("code", _("code"), max_length=40),
                    ImportField("name", _("name"), max_length=120),
                    ImportField("equipment_class", _("equipment class"), max_length=24),
                    ImportField("work_center", _("work center"), max_length=24),
                    ImportField("interval_months", _("interval, months"), "integer"),
                    ImportField("is_standard", _("reference standard"), required=False, choices=("yes", "no")),
                    ImportField("calibrated_on", _("calibrated on"), "date", required=False),
                    ImportField("good_until", _("good until"), "date", required=False),
                    ImportField("laboratory", _("laboratory"), required=False, max_length=160),
                    ImportField("certificate_number", _("number of the certificate"), required=False, max_length=80),
                    _id(),
                ),
                "code",
                calibration.check_gauges,
                calibration.write_gauges,
                needs_site=True,
            ),
            ImportKind(
                "risks",
                _("Risks of a register, into drafts of assessments"),
                (
                    ImportField(
                        "assessment", _("risk assessment"), max_length=80, help=_("Its number; it is a draft.")
                    ),
                    ImportField("position", _("position"), "integer"),
                    ImportField("hazard", _("hazard or failure mode"), max_length=240),
                    ImportField("cause", _("cause, sequence of events")),
                    ImportField("situation", _("hazardous situation"), required=False),
                    ImportField("effect", _("effect, harm")),
                    ImportField("severity", _("severity"), "integer"),
                    ImportField("probability", _("probability"), "integer"),
                    ImportField("detection", _("detection"), "integer", required=False),
                    ImportField("control", _("control"), required=False),
                    ImportField(
                        "control_kind",
                        _("kind of the control"),
                        required=False,
                        choices=("inherent", "protective", "information"),
                    ),
                    ImportField("verification", _("verification"), required=False),
                    ImportField("residual_severity", _("severity afterwards"), "integer", required=False),
                    ImportField("residual_probability", _("probability afterwards"), "integer", required=False),
                    ImportField("residual_detection", _("detection afterwards"), "integer", required=False),
                    ImportField("rationale", _("benefit against risk"), required=False),
                    _id(),
                ),
                "position",
                risks.check_risks,
                risks.write_risks,
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
            ImportKind(
                "qualifications",
                _("Qualifications"),
                (
                    ImportField("person", _("person"), max_length=80, help=_("The user name.")),
                    ImportField("curriculum", _("curriculum"), max_length=24),
                    ImportField("level", _("level"), required=False, choices=("works", "trains")),
                    ImportField("valid_from", _("from"), "date"),
                    ImportField("valid_until", _("until"), "date", required=False),
                    ImportField("basis", _("basis")),
                ),
                "person",
                training.check_qualifications,
                training.write_qualifications,
            ),
            ImportKind(
                "training_records",
                _("Training records"),
                (
                    ImportField("person", _("person"), max_length=80, help=_("The user name.")),
                    ImportField("document", _("document"), max_length=40),
                    ImportField("revision", _("revision"), max_length=12),
                    ImportField("completed_on", _("completed on"), "date"),
                    ImportField("valid_until", _("valid until"), "date", required=False),
                    ImportField("note", _("note"), required=False),
                ),
                "person",
                training.check_training_records,
                training.write_training_records,
            ),
        )
    }
)


def kind_label(name: str) -> str:
    """A kind as people say it."""
    kind = KINDS.get(name)
    return str(kind.label) if kind is not None else name
