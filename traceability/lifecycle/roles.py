"""Who gets the permissions of this storey with the role templates."""

from __future__ import annotations

FLOOR = ("operator", "lead")
QUALITY = ("quality_engineer", "quality_head")
PACK = "traceability.change_container"
