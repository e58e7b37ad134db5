"""States, moves and permissions of shipments, containers and stock counts."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from core.kernel.lifecycle import Lifecycle, Move, State
from core.kernel.permissions import ROLE_TEMPLATES, Permission, declare
from traceability.lifecycle.roles import FLOOR, PACK, QUALITY

declare(
    Permission("traceability.view_shipment", _("See shipments and returns"), ("lead", "planner", *QUALITY, "auditor")),
    Permission("traceability.change_shipment", _("Prepare and cancel shipments"), ("lead", "planner")),
    Permission("traceability.ship_shipment", _("Ship to customers"), ("lead", "planner")),
    Permission("traceability.return_shipment", _("Take back what was shipped"), ("lead", *QUALITY)),
)

SHIPMENT = Lifecycle(
    "traceability.Shipment",
    states=(
        State("draft", _("Draft"), tone="info", icon="pencil"),
        State("shipped", _("Shipped"), tone="good", icon="truck", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="x", final=True),
    ),
    births=("draft",),
    moves=(
        Move(
            "ship",
            ("draft",),
            "shipped",
            _("Ship"),
            permission="traceability.ship_shipment",
            primary=True,
            explanation=_("Everything on the lines leaves the stock and goes to the customer."),
        ),
        Move(
            "cancel",
            ("draft",),
            "cancelled",
            _("Cancel the shipment"),
            permission="traceability.change_shipment",
            reason_required=True,
            destructive=True,
            explanation=_("Nothing leaves; the number is not used again."),
        ),
    ),
)

declare(
    Permission("traceability.split_lot", _("Split and merge lots"), (*FLOOR, "planner", *QUALITY)),
    Permission("traceability.replace_component", _("Replace components of finished units"), FLOOR),
    Permission("traceability.view_container", _("See containers and what is in them"), ROLE_TEMPLATES),
    Permission(PACK, _("Pack, unpack, move and close containers"), (*FLOOR, "planner", *QUALITY)),
    Permission("traceability.change_companyprefix", _("Enter the GS1 company prefix of a site"), ("planner",)),
)

CONTAINER = Lifecycle(
    "traceability.Container",
    states=(
        State("open", _("Open"), tone="info", icon="package"),
        State("closed", _("Closed"), tone="good", icon="lock"),
        State("shipped", _("Shipped"), tone="good", icon="truck"),
        State("emptied", _("Emptied"), tone="neutral", icon="x", final=True),
    ),
    births=("open",),
    moves=(
        Move("close", ("open",), "closed", _("Close"), permission=PACK, primary=True),
        Move("reopen", ("closed",), "open", _("Open again"), permission=PACK, reason_required=True),
        Move(
            "end",
            ("open",),
            "emptied",
            _("End its use"),
            permission=PACK,
            explanation=_("It is empty and no longer used; its number is not given again."),
        ),
        Move(
            "ship",
            ("open", "closed"),
            "shipped",
            _("Ship"),
            permission="traceability.ship_shipment",
            automatic=True,
        ),
        Move(
            "come_back",
            ("shipped",),
            "closed",
            _("Take back from the customer"),
            permission="traceability.return_shipment",
            reason_required=True,
            automatic=True,
        ),
    ),
)

declare(
    Permission(
        "traceability.view_stockcount", _("See stock counts"), ("operator", "lead", "planner", *QUALITY, "auditor")
    ),
    Permission("traceability.count_stockcount", _("Count stock"), (*FLOOR, "planner", *QUALITY)),
    Permission("traceability.approve_stockcount", _("Approve stock counts and book them"), ("planner", *QUALITY)),
)

STOCK_COUNT = Lifecycle(
    "traceability.StockCount",
    states=(
        State("counting", _("Counting"), tone="info", icon="pencil"),
        State("submitted", _("Waits for approval"), tone="warn", icon="clock"),
        State("booked", _("Booked"), tone="good", icon="circle-check", final=True),
        State("cancelled", _("Cancelled"), tone="neutral", icon="x", final=True),
    ),
    births=("counting",),
    moves=(
        Move(
            "submit",
            ("counting",),
            "submitted",
            _("All counted"),
            permission="traceability.count_stockcount",
            primary=True,
            explanation=_("Somebody who did not count looks at the differences, and books them."),
        ),
        Move(
            "book",
            ("submitted",),
            "booked",
            _("Approve and book"),
            permission="traceability.approve_stockcount",
            signature="approved",
            primary=True,
            explanation=_("The differences between what was counted and the ledger are booked."),
        ),
        Move(
            "count_again",
            ("submitted",),
            "counting",
            _("Have it counted again"),
            permission="traceability.approve_stockcount",
            reason_required=True,
        ),
        Move(
            "cancel",
            ("counting", "submitted"),
            "cancelled",
            _("Cancel the count"),
            permission="traceability.count_stockcount",
            reason_required=True,
            destructive=True,
            explanation=_("Nothing is booked; what was counted stays readable."),
        ),
    ),
)
