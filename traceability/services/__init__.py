"""Every write of materials, stock, holds and genealogy.

Lock order: lots by id, then units by id (after order, operation and run, which upper apps lock). Stock services take
their locks themselves; who locks more than one lot in a deed names them all to `lock` first.
"""

from traceability.services.enforcement import consumption_sql, protect_holds
from traceability.services.genealogy import LinkInput, link, link_many, unlink
from traceability.services.holds import place_hold, release_hold
from traceability.services.issues import Demand, issue_many
from traceability.services.lots import (
    create_lot,
    finish_lot,
    receive_lot,
    reject_lot,
    release_lot,
    void_lot,
    withdraw_lot,
)
from traceability.services.masters import (
    add_bom_line,
    add_revision,
    allow_use_up,
    change_material,
    create_bill_of_material,
    create_location,
    create_material,
    end_bom_line,
    make_revision_effective,
)
from traceability.services.measures import change_uom, create_uom
from traceability.services.movements import (
    adjust_stock,
    lock,
    move_stock,
    produce_stock,
    reverse_movement,
    scrap_stock,
)
from traceability.services.units import (
    complete_unit,
    create_unit,
    release_unit,
    scrap_unit,
)

__all__ = [
    "Demand",
    "LinkInput",
    "add_bom_line",
    "add_revision",
    "adjust_stock",
    "allow_use_up",
    "change_material",
    "change_uom",
    "complete_unit",
    "consumption_sql",
    "create_bill_of_material",
    "create_location",
    "create_lot",
    "create_material",
    "create_unit",
    "create_uom",
    "end_bom_line",
    "finish_lot",
    "issue_many",
    "link",
    "link_many",
    "lock",
    "make_revision_effective",
    "move_stock",
    "place_hold",
    "produce_stock",
    "protect_holds",
    "receive_lot",
    "reject_lot",
    "release_hold",
    "release_lot",
    "release_unit",
    "reverse_movement",
    "scrap_stock",
    "scrap_unit",
    "unlink",
    "void_lot",
    "withdraw_lot",
]
