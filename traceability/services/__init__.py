"""Every write of materials, stock, holds and genealogy.

Lock order: lots by id, then units by id (after order, operation and run, which upper apps lock). Stock services take
their locks themselves; who locks more than one lot in a deed names them all to `lock` first.
"""

from traceability.services.catching import (
    catch,
)
from traceability.services.container_returns import (
    return_container,
)
from traceability.services.container_shipping import (
    add_container_lines,
    remove_container_lines,
)
from traceability.services.containers import (
    move_container,
    nest_container,
    pack,
    unnest_container,
    unpack,
)
from traceability.services.containment import (
    end_containment,
    place_containment,
)
from traceability.services.counting import (
    begin_count,
    count_lot,
    record_count,
    record_unit,
)
from traceability.services.enforcement import (
    consumption_sql,
    protect_holds,
)
from traceability.services.enforcement_containment import (
    protect_containments,
)
from traceability.services.enforcement_inheritance import (
    protect_inheritance,
)
from traceability.services.enforcement_packing import (
    protect_packing,
)
from traceability.services.genealogy import (
    LinkInput,
    link,
    link_many,
    unlink,
)
from traceability.services.holds import (
    place_hold,
    release_hold,
    release_holds,
)
from traceability.services.issues import (
    Demand,
    issue_many,
)
from traceability.services.label_templates import (
    add_label_element,
    change_label_element,
    change_label_template,
    create_label_template,
    remove_label_element,
    revise_label_template,
)
from traceability.services.labels import (
    print_labels,
    reconcile_labels,
)
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
from traceability.services.measures import (
    change_uom,
    create_uom,
)
from traceability.services.movements import (
    lock,
    move_stock,
    produce_stock,
    scrap_stock,
)
from traceability.services.new_containers import (
    create_container,
    set_company_prefix,
)
from traceability.services.recall_lines import (
    decide_line,
    decide_lines,
)
from traceability.services.recall_papers import (
    request_letters,
    request_report,
)
from traceability.services.recall_trace import (
    trace_recall,
)
from traceability.services.recalls import (
    close_recall,
    create_recall,
    retrace_recall,
    widen_recall,
)
from traceability.services.receiving import (
    Delivery,
    receive_ordered,
    receive_unordered,
    take_back_receipt,
)
from traceability.services.removals import (
    remove_held,
)
from traceability.services.replacing import (
    KEEP,
    SCRAP,
    build_in_component,
    replace_component,
)
from traceability.services.reversing import reverse_movement
from traceability.services.shelf_life import (
    RETEST_MEANING,
    open_lot,
    retest_lot,
)
from traceability.services.shipping import (
    add_shipment_line,
    create_shipment,
    remove_shipment_line,
    return_goods,
)
from traceability.services.transforming import (
    merge_lots,
    split_lot,
    undo_transformation,
)
from traceability.services.units import (
    complete_unit,
    create_unit,
    release_unit,
    scrap_unit,
)

__all__ = [
    "Delivery",
    "Demand",
    "KEEP",
    "LinkInput",
    "RETEST_MEANING",
    "SCRAP",
    "add_bom_line",
    "add_container_lines",
    "add_label_element",
    "add_revision",
    "add_shipment_line",
    "allow_use_up",
    "begin_count",
    "count_lot",
    "catch",
    "change_label_element",
    "change_label_template",
    "change_material",
    "change_uom",
    "close_recall",
    "complete_unit",
    "consumption_sql",
    "create_bill_of_material",
    "create_container",
    "create_label_template",
    "create_location",
    "create_lot",
    "create_material",
    "create_recall",
    "create_shipment",
    "create_unit",
    "create_uom",
    "decide_line",
    "decide_lines",
    "end_bom_line",
    "end_containment",
    "finish_lot",
    "issue_many",
    "link",
    "link_many",
    "lock",
    "make_revision_effective",
    "merge_lots",
    "move_container",
    "move_stock",
    "nest_container",
    "open_lot",
    "pack",
    "place_containment",
    "place_hold",
    "print_labels",
    "produce_stock",
    "protect_containments",
    "protect_holds",
    "protect_inheritance",
    "protect_packing",
    "receive_lot",
    "receive_ordered",
    "receive_unordered",
    "reconcile_labels",
    "record_count",
    "record_unit",
    "reject_lot",
    "release_hold",
    "release_holds",
    "release_lot",
    "release_unit",
    "remove_container_lines",
    "remove_held",
    "remove_label_element",
    "remove_shipment_line",
    "build_in_component",
    "replace_component",
    "request_letters",
    "request_report",
    "retest_lot",
    "retrace_recall",
    "return_container",
    "return_goods",
    "reverse_movement",
    "revise_label_template",
    "scrap_stock",
    "scrap_unit",
    "set_company_prefix",
    "split_lot",
    "take_back_receipt",
    "trace_recall",
    "undo_transformation",
    "unlink",
    "unnest_container",
    "unpack",
    "void_lot",
    "widen_recall",
    "withdraw_lot",
]
