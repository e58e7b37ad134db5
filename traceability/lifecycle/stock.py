"""States and moves of material revisions, lots and units; the permissions of what physically exists."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare
from traceability.lifecycle.roles import FLOOR, QUALITY

declare(
    Permission(
        "traceability.view_material", _("See materials, bills of material and units of measure"), ROLE_TEMPLATES
    ),
    Permission("traceability.change_material", _("Create and change materials"), ("planner", "process_engineer")),
    Permission("traceability.change_billofmaterial", _("Create and change bills of material"), ("process_engineer",)),
    Permission(
        "traceability.release_materialrevision",
        _("Make a material revision effective or obsolete"),
        ("process_engineer", *QUALITY),
    ),
    Permission("traceability.view_storagelocation", _("See storage locations"), ROLE_TEMPLATES),
    Permission("traceability.change_storagelocation", _("Create and change storage locations"), ("planner",)),
    Permission(
        "traceability.view_purchaseorder",
        _("See purchase orders and expected receipts"),
        ("lead", "planner", *QUALITY, "auditor"),
    ),
    Permission("traceability.view_lot", _("See lots and their stock"), ROLE_TEMPLATES),
    Permission("traceability.create_lot", _("Create and receive lots"), ("lead", "planner", *QUALITY)),
    Permission("traceability.produce_lot", _("Book production into a lot and finish it"), (*FLOOR, "planner")),
    Permission("traceability.release_lot", _("Release lots"), QUALITY),
    Permission("traceability.reject_lot", _("Reject lots and withdraw their release"), QUALITY),
    Permission("traceability.view_serializedunit", _("See serialized units"), ROLE_TEMPLATES),
    Permission(
        "traceability.produce_serializedunit", _("Make, complete and consume serialized units"), (*FLOOR, "planner")
    ),
    Permission("traceability.release_serializedunit", _("Release serialized units"), QUALITY),
    Permission("traceability.scrap_serializedunit", _("Scrap serialized units"), (*FLOOR, *QUALITY)),
    Permission("traceability.view_stockmovement", _("See stock movements"), ROLE_TEMPLATES),
    Permission("traceability.issue_stock", _("Issue stock to production"), (*FLOOR, "planner")),
    Permission("traceability.move_stock", _("Move stock"), (*FLOOR, "planner", *QUALITY)),
    Permission("traceability.scrap_stock", _("Scrap stock"), (*FLOOR, *QUALITY)),
    Permission("traceability.adjust_stock", _("Correct stock after a count"), ("planner", *QUALITY)),
    Permission(
        "traceability.view_genealogylink",
        _("Trace lots and units"),
        ("lead", "planner", "process_engineer", *QUALITY, "auditor"),
    ),
    Permission("traceability.view_hold", _("See holds"), ROLE_TEMPLATES),
    Permission("traceability.place_hold", _("Place holds"), (*FLOOR, "process_engineer", *QUALITY)),
    Permission("traceability.release_hold", _("Release holds"), QUALITY),
)

MATERIAL_REVISION = Lifecycle(
    "traceability.MaterialRevision",
    states=(
        State("draft", _("Draft"), tone="neutral", icon="pencil"),
        State("effective", _("Effective"), tone="good", icon="circle-check"),
        State("superseded", _("Superseded"), tone="neutral", icon="history", final=True),
        State("obsolete", _("Obsolete"), tone="bad", icon="ban", final=True),
    ),
    births=("draft", "effective"),
    moves=(
        Move(
            "make_effective",
            ("draft",),
            "effective",
            _("Make effective"),
            permission="traceability.release_materialrevision",
            primary=True,
            explanation=_("From now on this revision is made and bought. The one before becomes superseded."),
        ),
        Move(
            "supersede",
            ("effective",),
            "superseded",
            _("Supersede"),
            permission="traceability.release_materialrevision",
            automatic=True,
        ),
        Move(
            "make_obsolete",
            ("draft", "effective"),
            "obsolete",
            _("Make obsolete"),
            permission="traceability.release_materialrevision",
            reason_required=True,
            destructive=True,
        ),
    ),
)

LOT = Lifecycle(
    "traceability.Lot",
    states=(
        State("in_production", _("In production"), tone="info", icon="play"),
        State("quarantine", _("Quarantine"), tone="warn", icon="clock-pause"),
        State("released", _("Released"), tone="good", icon="circle-check"),
        State("rejected", _("Rejected"), tone="bad", icon="ban", final=True),
        State("voided", _("Voided"), tone="neutral", icon="x", final=True),
    ),
    births=("quarantine", "released", "in_production"),
    moves=(
        Move(
            "finish",
            ("in_production",),
            "quarantine",
            _("Finish production"),
            permission="traceability.produce_lot",
            explanation=_("Production has ended; the lot waits for quality."),
            automatic=True,
        ),
        Move(
            "void",
            ("in_production",),
            "voided",
            _("Void"),
            permission="traceability.produce_lot",
            reason_required=True,
            explanation=_("Nothing was made into the lot and nothing will be; its number is not used again."),
            automatic=True,
        ),
        Move(
            "release",
            ("quarantine", "in_production"),
            "released",
            _("Release"),
            permission="traceability.release_lot",
            signature="released",
            primary=True,
            explanation=_("The lot may be used and shipped."),
        ),
        Move(
            "reject",
            ("quarantine", "in_production", "released"),
            "rejected",
            _("Reject"),
            permission="traceability.reject_lot",
            signature="rejected",
            reason_required=True,
            destructive=True,
            explanation=_("The lot may never be used. Rejection is final."),
        ),
        Move(
            "withdraw",
            ("released",),
            "quarantine",
            _("Withdraw the release"),
            permission="traceability.reject_lot",
            reason_required=True,
            destructive=True,
            explanation=_("The lot goes back to quarantine and may not be used until it is released again."),
        ),
    ),
)

SERIALIZED_UNIT = Lifecycle(
    "traceability.SerializedUnit",
    states=(
        State("in_process", _("In process"), tone="info", icon="play"),
        State("completed", _("Completed"), tone="warn", icon="clock-pause"),
        State("released", _("Released"), tone="good", icon="circle-check"),
        State("scrapped", _("Scrapped"), tone="bad", icon="trash", final=True),
        State("consumed", _("Built in"), tone="neutral", icon="package"),
    ),
    births=("in_process", "completed", "released"),
    moves=(
        Move(
            "complete",
            ("in_process",),
            "completed",
            _("Complete"),
            permission="traceability.produce_serializedunit",
            automatic=True,
        ),
        Move(
            "reopen",
            ("completed",),
            "in_process",
            _("Take the completion back"),
            permission="traceability.produce_serializedunit",
            reason_required=True,
            automatic=True,
        ),
        Move(
            "release",
            ("completed",),
            "released",
            _("Release"),
            permission="traceability.release_serializedunit",
            signature="released",
            primary=True,
        ),
        Move(
            "consume",
            ("completed", "released"),
            "consumed",
            _("Build in"),
            permission="traceability.produce_serializedunit",
            explanation=_("The unit becomes part of another one."),
            automatic=True,
        ),
        Move(
            "take_out",
            ("consumed",),
            "completed",
            _("Take out again"),
            permission="traceability.produce_serializedunit",
            reason_required=True,
            explanation=_("The unit is its own again. It is usable while its lot is released."),
            automatic=True,
        ),
        Move(
            "scrap",
            ("in_process", "completed", "released"),
            "scrapped",
            _("Scrap"),
            permission="traceability.scrap_serializedunit",
            reason_required=True,
            destructive=True,
        ),
    ),
)
