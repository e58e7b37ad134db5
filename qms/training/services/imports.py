"""Set-based imports of training that was kept elsewhere before: qualifications, and records on document revisions.

The person who imports answers for it: qualifications are granted by them, and nobody imports their own.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from core.organization.models import User
from core.trail.services.sets import Stage, literal
from qms.documents.models import Document, DocumentRevision
from qms.training.models import Curriculum, Qualification, TrainingRecord

PEOPLE, CURRICULA, HELD = User._meta.db_table, Curriculum._meta.db_table, Qualification._meta.db_table
REVISIONS, DOCUMENTS, RECORDS = (
    DocumentRevision._meta.db_table,
    Document._meta.db_table,
    TrainingRecord._meta.db_table,
)
PERSON = f"LEFT JOIN {PEOPLE} u ON lower(u.username) = lower(s.person) AND NOT u.is_system"
CURRICULUM = f"LEFT JOIN {CURRICULA} c ON c.code = s.curriculum AND c.is_active"
REVISION = (
    f"LEFT JOIN {DOCUMENTS} d ON d.number = s.document"
    f" LEFT JOIN {REVISIONS} v ON v.document_id = d.id AND v.revision = s.revision"
    " AND v.status IN ('approved', 'effective', 'superseded')"
)


def _known_people(stage: Stage) -> None:
    stage.error("person", _("nobody has the user name “{value}”"), "u.id IS NULL", joins=PERSON)
    stage.error("person", _("nobody imports their own: {value}"), "u.id = %(_actor)s", joins=PERSON)


def check_qualifications(stage: Stage) -> None:
    """One line for each person and curriculum; what is held already is left as it is."""
    stage.duplicate(["person", "curriculum"], _("“{value}” stands on line {line} already"))
    _known_people(stage)
    stage.error("curriculum", _("there is no curriculum “{value}” in use"), "c.id IS NULL", joins=CURRICULUM)
    stage.error(
        "valid_until",
        _("it would end before it begins"),
        "s.valid_until IS NOT NULL AND s.valid_until::date <= s.valid_from::date",
    )
    _judge(
        stage,
        f"SELECT s.line, q.id FROM {stage.table} s {PERSON} {CURRICULUM} JOIN {HELD} q ON q.user_id = u.id"
        " AND q.curriculum_id = c.id AND q.status IN ('active', 'suspended')",
    )


def write_qualifications(stage: Stage) -> None:
    """Granted by whoever imports, on the basis that the line names."""
    stage.insert(
        Qualification,
        {
            "user_id": "u.id",
            "curriculum_id": "c.id",
            "level": "coalesce(s.level, 'works')",
            "valid_from": "s.valid_from::date::timestamptz",
            "valid_until": "s.valid_until::date::timestamptz",
            "granted_by_id": "%(_actor)s",
            "basis": "s.basis",
        },
        joins=f"{PERSON} {CURRICULUM}",
        where="s.verdict = 'created'",
    )


def check_training_records(stage: Stage) -> None:
    """One line for each person and document revision; a record that is there is left as it is."""
    stage.duplicate(["person", "document", "revision"], _("“{value}” stands on line {line} already"))
    _known_people(stage)
    stage.error("revision", _("the document has no approved revision “{value}”"), "v.id IS NULL", joins=REVISION)
    _judge(
        stage,
        f"SELECT s.line, min(r.id) FROM {stage.table} s {PERSON} {REVISION} JOIN {RECORDS} r ON r.user_id = u.id"
        " AND r.document_revision_id = v.id GROUP BY s.line",
    )


def write_training_records(stage: Stage) -> None:
    """Facts that say where they come from."""
    stage.insert(
        TrainingRecord,
        {
            "user_id": "u.id",
            "how": literal(TrainingRecord.How.IMPORTED.value),
            "document_revision_id": "v.id",
            "completed_at": "s.completed_on::date::timestamptz",
            "valid_until": "s.valid_until::date::timestamptz",
            "note": "coalesce(s.note, '')",
        },
        joins=f"{PERSON} {REVISION}",
        where="s.verdict = 'created'",
    )


def _judge(stage: Stage, known: str) -> None:
    stage.mark_wrong()
    stage.execute(
        f"UPDATE {stage.table} t SET key = f.id, verdict = 'unchanged' FROM ({known}) f (line, id)"
        " WHERE f.line = t.line AND t.verdict = ''"
    )
    stage.execute(f"UPDATE {stage.table} SET verdict = 'created' WHERE verdict = ''")
