"""Every write about routings. Editing needs a draft and the right to edit it; moves go through core.lifecycle."""

from mes.routing.services.instructions import record_at_operation
from mes.routing.services.materials import (
    assign_line,
    assign_material,
    assign_open_lines,
    change_quantity,
    omit_line,
    remove_material,
    use_line_again,
)
from mes.routing.services.operations import (
    add_operation,
    add_requirement,
    change_operation,
    move_operation,
    remove_operation,
    remove_requirement,
)
from mes.routing.services.revisions import (
    change_routing,
    change_summary,
    copy_operations,
    create_routing,
    new_revision,
    pin_content,
    replace_effective,
)
from mes.routing.services.scrap_reasons import change_scrap_reason, create_scrap_reason

__all__ = [
    "add_operation",
    "add_requirement",
    "assign_line",
    "assign_material",
    "assign_open_lines",
    "change_operation",
    "change_quantity",
    "change_routing",
    "change_scrap_reason",
    "change_summary",
    "copy_operations",
    "create_routing",
    "create_scrap_reason",
    "move_operation",
    "new_revision",
    "omit_line",
    "pin_content",
    "record_at_operation",
    "remove_material",
    "remove_operation",
    "remove_requirement",
    "replace_effective",
    "use_line_again",
]
