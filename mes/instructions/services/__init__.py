"""Every write of work instructions; each is refused unless the document revision is a draft."""

from mes.instructions.services.data_points import (
    add_data_point,
    delete_data_point,
    edit_data_point,
    move_data_point,
)
from mes.instructions.services.steps import (
    add_picture,
    add_step,
    copy_instruction,
    create_instruction,
    delete_step,
    edit_step,
    move_step,
    remove_picture,
)

__all__ = [
    "add_data_point",
    "add_picture",
    "add_step",
    "copy_instruction",
    "create_instruction",
    "delete_data_point",
    "delete_step",
    "edit_data_point",
    "edit_step",
    "move_data_point",
    "move_step",
    "remove_picture",
]
