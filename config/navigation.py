"""The navigation as plain data; the web kit shows an entry to whoever holds its permission somewhere."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """One link: its label, the url name it leads to, the permission it needs (empty: signed in), its icon."""

    label: str | Promise
    url_name: str
    permission: str
    icon: str


@dataclass(frozen=True)
class Section:
    """A titled group of entries."""

    label: str | Promise
    icon: str
    entries: tuple[Entry, ...]


SECTIONS: tuple[Section, ...] = (
    Section(
        "",
        "inbox",
        (
            Entry(_("My work"), "core_worklist:assignment_inbox", "", "inbox"),
            Entry(_("Background work"), "core_jobs:backgroundjob_list", "", "clock"),
            Entry(_("API tokens"), "core_organization:apitoken_list", "core_organization.create_apitoken", "lock"),
        ),
    ),
    Section(
        _("Production"),
        "building-factory",
        (
            Entry(
                _("Production orders"),
                "mes_execution:productionorder_list",
                "mes_execution.view_productionorder",
                "list",
            ),
            Entry(
                _("Production records"),
                "mes_production_record:productionrecord_list",
                "mes_production_record.view_productionrecord",
                "file-check",
            ),
            Entry(_("Calls for help"), "mes_execution:andon_list", "mes_execution.view_andon", "bell"),
            Entry(_("Routings"), "mes_routing:routing_list", "mes_routing.view_routing", "route"),
            Entry(_("Scrap reasons"), "mes_routing:scrapreason_list", "mes_routing.change_scrapreason", "recycle"),
        ),
    ),
    Section(
        _("Materials"),
        "packages",
        (
            Entry(_("Materials"), "traceability:material_list", "traceability.view_material", "packages"),
            Entry(_("Lots"), "traceability:lot_list", "traceability.view_lot", "package"),
            Entry(
                _("Serialized units"), "traceability:serializedunit_list", "traceability.view_serializedunit", "barcode"
            ),
            Entry(
                _("Storage locations"),
                "traceability:storagelocation_list",
                "traceability.view_storagelocation",
                "map-pin",
            ),
            Entry(_("Units of measure"), "traceability:unitofmeasure_list", "traceability.view_material", "ruler"),
            Entry(_("Holds"), "traceability:hold_list", "traceability.view_hold", "hand"),
            Entry(
                _("Purchase orders"),
                "traceability:purchaseorder_list",
                "traceability.view_purchaseorder",
                "list",
            ),
            Entry(_("Partners"), "core_organization:partner_list", "core_organization.view_partner", "users"),
        ),
    ),
    Section(
        _("Quality"),
        "shield-check",
        (
            Entry(_("Documents"), "qms_documents:document_list", "qms_documents.view_document", "book"),
            Entry(
                _("Who may do what"), "qms_training:qualification_matrix", "qms_training.view_qualification", "school"
            ),
            Entry(
                _("Qualifications"), "qms_training:qualification_list", "qms_training.view_qualification", "certificate"
            ),
            Entry(_("Curricula"), "qms_training:curriculum_list", "qms_training.view_qualification", "list-check"),
            Entry(
                _("Nonconformances"),
                "qms_nonconformance:nonconformance_list",
                "qms_nonconformance.view_nonconformance",
                "alert",
            ),
            Entry(
                _("Defect codes"),
                "qms_nonconformance:defectcode_list",
                "qms_nonconformance.change_defectcode",
                "tag",
            ),
            Entry(
                _("Sealed records"),
                "core_printing:printedrecord_list",
                "core_printing.view_printedrecord",
                "lock",
            ),
            Entry(_("Trail"), "core_oversight:trail", "core_trail.view_trailevent", "list"),
            Entry(_("Access reviews"), "core_oversight:accessreview_list", "core_oversight.view_accessreview", "users"),
            Entry(_("Seals of the trail"), "core_trail:seal_list", "core_trail.view_seal", "shield-check"),
            Entry(_("Disposals"), "core_retention:disposal_list", "core_retention.view_disposal", "clock"),
        ),
    ),
    Section(
        _("Plant"),
        "settings",
        (
            Entry(_("Sites"), "core_organization:site_list", "core_organization.change_site", "building-factory"),
            Entry(_("Work centers"), "core_organization:workcenter_list", "core_organization.view_site", "map-pin"),
            Entry(
                _("Terminals"), "core_organization:terminal_list", "core_organization.view_terminal", "device-desktop"
            ),
            Entry(_("People"), "core_organization:user_list", "core_organization.view_user", "users"),
            Entry(_("Imports"), "integrations:importbatch_list", "integrations.view_importbatch", "database"),
            Entry(_("Roles"), "core_organization:role_list", "core_organization.view_user", "shield-check"),
            Entry(
                _("Escalation rules"),
                "core_worklist:escalationrule_list",
                "core_worklist.view_escalationrule",
                "alarm",
            ),
            Entry(_("Test mail"), "core_oversight:mail_test", "core_organization.change_site", "mail"),
        ),
    ),
)
