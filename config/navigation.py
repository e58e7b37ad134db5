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
            Entry(_("Delegations"), "core_worklist:delegation_list", "", "transfer"),
            Entry(
                _("My training"),
                "qms_training:trainingassignment_mine",
                "qms_training.take_trainingassignment",
                "school",
            ),
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
            Entry(_("Units of measure"), "traceability:unitofmeasure_list", "traceability.view_material", "ruler"),
            Entry(_("Label templates"), "traceability:labeltemplate_list", "traceability.view_labeltemplate", "tag"),
            Entry(_("Partners"), "core_organization:partner_list", "core_organization.view_partner", "users"),
        ),
    ),
    Section(
        _("Stock"),
        "package",
        (
            Entry(_("Lots"), "traceability:lot_list", "traceability.view_lot", "package"),
            Entry(
                _("Serialized units"), "traceability:serializedunit_list", "traceability.view_serializedunit", "barcode"
            ),
            Entry(_("Containers"), "traceability:container_list", "traceability.view_container", "box"),
            Entry(
                _("Storage locations"),
                "traceability:storagelocation_list",
                "traceability.view_storagelocation",
                "map-pin",
            ),
            Entry(_("Stock counts"), "traceability:stockcount_list", "traceability.view_stockcount", "scale"),
            Entry(_("Printed labels"), "traceability:label_list", "traceability.view_label", "printer"),
        ),
    ),
    Section(
        _("Goods in and out"),
        "truck",
        (
            Entry(
                _("Purchase orders"),
                "traceability:purchaseorder_list",
                "traceability.view_purchaseorder",
                "list",
            ),
            Entry(_("Receipts"), "traceability:receipt_list", "traceability.view_lot", "package"),
            Entry(_("Shipments"), "traceability:shipment_list", "traceability.view_shipment", "truck"),
        ),
    ),
    Section(
        _("Quality"),
        "shield-check",
        (
            Entry(_("Holds"), "traceability:hold_list", "traceability.view_hold", "hand"),
            Entry(_("Containments"), "traceability:containment_list", "traceability.view_containment", "hand"),
            Entry(_("Recalls"), "traceability:recall_list", "traceability.view_recall", "route"),
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
                _("Concessions"),
                "qms_nonconformance:concession_list",
                "qms_nonconformance.view_concession",
                "list-check",
            ),
            Entry(
                _("Planned deviations"),
                "qms_nonconformance:planneddeviation_list",
                "qms_nonconformance.view_planneddeviation",
                "route",
            ),
            Entry(
                _("Other lots possibly affected"),
                "qms_nonconformance:otherlot_list",
                "qms_nonconformance.triage_nonconformance",
                "search",
            ),
            Entry(
                _("Rules of the review board"),
                "qms_nonconformance:boardrule_list",
                "qms_nonconformance.view_boardrule",
                "signature",
            ),
            Entry(
                _("Authorities on the review board"),
                "qms_nonconformance:boardauthority_list",
                "qms_nonconformance.view_boardauthority",
                "users",
            ),
        ),
    ),
    Section(
        _("Trends and reports"),
        "chart",
        (
            Entry(_("Key figures"), "qms_reporting:figures", "qms_reporting.view_reportrun", "chart"),
            Entry(
                _("Nonconformances counted"),
                "qms_reporting:analysis",
                "qms_nonconformance.view_nonconformance",
                "list",
            ),
            Entry(_("Trends watched"), "qms_reporting:trendrule_list", "qms_reporting.view_trendrule", "eye"),
            Entry(_("Trend alarms"), "qms_reporting:trendalarm_list", "qms_reporting.view_trendalarm", "alert"),
            Entry(_("Reports"), "qms_reporting:reportrun_list", "qms_reporting.view_reportrun", "file-check"),
            Entry(
                _("Schedules of reports"),
                "qms_reporting:reportschedule_list",
                "qms_reporting.view_reportschedule",
                "clock",
            ),
        ),
    ),
    Section(
        _("Complaints"),
        "message",
        (
            Entry(_("Complaints"), "qms_complaints:complaint_list", "qms_complaints.view_complaint", "message"),
            Entry(_("Complaint trend"), "qms_complaints:complaint_trend", "qms_complaints.view_complaint", "chart"),
            Entry(
                _("Reports to authorities"),
                "qms_complaints:regulatoryreport_list",
                "qms_complaints.view_regulatoryreport",
                "send",
            ),
            Entry(
                _("Decision trees"),
                "qms_complaints:decisiontree_list",
                "qms_complaints.view_decisiontreeversion",
                "git-branch",
            ),
            Entry(
                _("Complaint codes"),
                "qms_complaints:complaintcode_list",
                "qms_complaints.change_complaintcode",
                "tag",
            ),
        ),
    ),
    Section(
        _("Documents"),
        "book",
        (
            Entry(_("Documents"), "qms_documents:document_list", "qms_documents.view_document", "book"),
            Entry(
                _("Search in documents"),
                "qms_documents:document_search",
                "qms_documents.view_documentrevision",
                "search",
            ),
            Entry(_("Coming due"), "qms_documents:due_calendar", "qms_documents.view_periodicreview", "calendar"),
            Entry(
                _("Periodic reviews"),
                "qms_documents:periodicreview_list",
                "qms_documents.view_periodicreview",
                "clock",
            ),
            Entry(_("Filled forms"), "qms_documents:filledform_list", "qms_documents.view_filledform", "file-check"),
            Entry(
                _("Controlled copies"),
                "qms_documents:controlledcopy_list",
                "qms_documents.view_controlledcopy",
                "printer",
            ),
            Entry(
                _("External documents"),
                "qms_documents:externaldocument_list",
                "qms_documents.view_externaldocument",
                "link",
            ),
            Entry(_("Document types"), "qms_documents:documenttype_list", "qms_documents.view_documenttype", "tag"),
            Entry(
                _("Retention classes"),
                "qms_documents:retentionclass_list",
                "qms_documents.view_documenttype",
                "archive",
            ),
            Entry(_("Legal holds"), "qms_documents:legalhold_list", "qms_documents.view_legalhold", "lock"),
        ),
    ),
    Section(
        _("Changes"),
        "git-branch",
        (
            Entry(_("Changes"), "qms_changes:changeorder_list", "qms_changes.view_changeorder", "git-branch"),
            Entry(_("Changes by state"), "qms_changes:board", "qms_changes.view_changeorder", "columns"),
            Entry(_("Calendar of changes"), "qms_changes:calendar", "qms_changes.view_changeorder", "calendar"),
            Entry(_("Changes in figures"), "qms_changes:dashboard", "qms_changes.view_changeorder", "chart"),
            Entry(_("Types of changes"), "qms_changes:changetype_list", "qms_changes.change_changetype", "settings"),
            Entry(_("What needs a change"), "qms_changes:changepolicy_list", "qms_changes.change_changetype", "lock"),
        ),
    ),
    Section(
        _("CAPA"),
        "shield",
        (
            Entry(_("CAPAs"), "qms_capa:capa_list", "qms_capa.view_capa", "shield"),
            Entry(_("Actions of CAPAs"), "qms_capa:capaaction_list", "qms_capa.view_capa", "list-check"),
        ),
    ),
    Section(
        _("Training"),
        "school",
        (
            Entry(
                _("Who may do what"), "qms_training:qualification_matrix", "qms_training.view_qualification", "school"
            ),
            Entry(
                _("Qualifications"), "qms_training:qualification_list", "qms_training.view_qualification", "certificate"
            ),
            Entry(_("Curricula"), "qms_training:curriculum_list", "qms_training.view_qualification", "list-check"),
            Entry(
                _("Training"), "qms_training:trainingassignment_list", "qms_training.assign_trainingassignment", "book"
            ),
            Entry(
                _("Training compliance"),
                "qms_training:compliance",
                "qms_training.assign_trainingassignment",
                "chart",
            ),
            Entry(
                _("Training records"),
                "qms_training:trainingrecord_list",
                "qms_training.assign_trainingassignment",
                "file-check",
            ),
            Entry(_("Quizzes"), "qms_training:quiz_list", "qms_training.view_quiz", "list"),
            Entry(_("Shifts"), "qms_training:shiftassignment_list", "qms_training.change_shiftassignment", "calendar"),
            Entry(
                _("Training before signing"),
                "qms_training:signingpolicy_list",
                "qms_training.view_signingpolicy",
                "signature",
            ),
        ),
    ),
    Section(
        _("Risk and calibration"),
        "gauge",
        (
            Entry(_("Risk assessments"), "qms_risk:riskassessment_list", "qms_risk.view_riskassessment", "flag"),
            Entry(_("Risk matrices"), "qms_risk:riskmatrix_list", "qms_risk.view_riskmatrix", "layout"),
            Entry(_("Calibration"), "qms_calibration:overview", "qms_calibration.view_calibrationplan", "gauge"),
            Entry(_("Gauges"), "qms_calibration:calibrationplan_list", "qms_calibration.view_calibrationplan", "ruler"),
            Entry(
                _("Calibrations"),
                "qms_calibration:calibrationrecord_list",
                "qms_calibration.view_calibrationplan",
                "list-check",
            ),
        ),
    ),
    Section(
        _("Records"),
        "lock",
        (
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
                _("Equipment classes"),
                "core_organization:equipmentclass_list",
                "core_organization.change_equipment",
                "tag",
            ),
            Entry(
                _("Terminals"), "core_organization:terminal_list", "core_organization.view_terminal", "device-desktop"
            ),
            Entry(_("Printers"), "core_printing:printer_list", "core_printing.view_printer", "printer"),
            Entry(_("Print queue"), "core_printing:printjob_list", "core_printing.view_printjob", "printer"),
            Entry(_("People"), "core_organization:user_list", "core_organization.view_user", "users"),
            Entry(_("Imports"), "integrations:importbatch_list", "integrations.view_importbatch", "database"),
            Entry(_("EPCIS events"), "integrations:epcisevent_list", "integrations.view_epcisevent", "sitemap"),
            Entry(_("Roles"), "core_organization:role_list", "core_organization.view_user", "shield-check"),
            Entry(
                _("Escalation ladders"),
                "core_worklist:escalationrule_list",
                "core_worklist.view_escalationrule",
                "alarm",
            ),
            Entry(_("Test mail"), "core_oversight:mail_test", "core_organization.change_site", "mail"),
        ),
    ),
)
