"""Who needs which curriculum, as SQL for set-based assignment and as rows for people to read."""

from __future__ import annotations

from typing import Any

from django.db import connection

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.organization.models import Area, Grant, Role, RolePermission, User, WorkCenter
from qms.training.models import Curriculum, CurriculumAudience
from qms.training.questions import WorkThatAsks


def _table(model: Any) -> str:
    return str(model._meta.db_table)


_RUNNING = f"""
running AS (SELECT g.user_id, g.role_id, g.site_id, g.area_id, g.work_center_id FROM {_table(Grant)} g
  JOIN {_table(User)} u ON u.id = g.user_id AND u.is_active AND NOT u.is_system
  JOIN {_table(Role)} r ON r.id = g.role_id AND r.is_active
  WHERE g.starts <= %(at)s AND (g.ends IS NULL OR g.ends > %(at)s))"""

_COVERS = "(g.work_center_id = w.id OR g.area_id = w.area_id OR g.site_id = wa.site_id)"

NEEDED = f"""
WITH {_RUNNING},
needed AS (
  SELECT g.user_id, a.curriculum_id FROM {_table(CurriculumAudience)} a
  JOIN running g ON g.role_id = a.role_id
  LEFT JOIN {_table(WorkCenter)} w ON w.id = a.work_center_id LEFT JOIN {_table(Area)} wa ON wa.id = w.area_id
  WHERE a.role_id IS NOT NULL AND (a.work_center_id IS NULL OR {_COVERS})
  UNION
  SELECT g.user_id, a.curriculum_id FROM {_table(CurriculumAudience)} a
  JOIN running g ON g.work_center_id = a.work_center_id WHERE a.role_id IS NULL
  UNION
  SELECT g.user_id, asked.curriculum_id FROM {_table(CurriculumAudience)} a
  JOIN unnest(%(asked_curricula)s::bigint[], %(asked_places)s::bigint[], %(asked_rights)s::text[])
    AS asked (curriculum_id, work_center_id, permission) ON asked.curriculum_id = a.curriculum_id
  JOIN {_table(WorkCenter)} w ON w.id = asked.work_center_id JOIN {_table(Area)} wa ON wa.id = w.area_id
  JOIN {_table(RolePermission)} p ON p.permission = asked.permission
  JOIN running g ON g.role_id = p.role_id AND {_COVERS} WHERE a.by_operation
)"""
"""A common table expression `needed` (user_id, curriculum_id); its parameters come from `asked()`."""


def asked() -> dict[str, Any]:
    """Where work asks for curricula and the present moment, as parameters of `NEEDED`."""
    found = ask(WorkThatAsks())
    return {
        "at": now(),
        "asked_curricula": [one.curriculum_id for one in found],
        "asked_places": [one.work_center_id for one in found],
        "asked_rights": [one.permission for one in found],
    }


def people_who_need(curriculum: Curriculum) -> list[int]:
    """Ids of the people who need a curriculum now, by what it says itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"{NEEDED} SELECT DISTINCT user_id FROM needed WHERE curriculum_id = %(curriculum)s",
            {**asked(), "curriculum": curriculum.pk},
        )
        return sorted(int(row[0]) for row in cursor.fetchall())
