"""What counts as known, as SQL: for asking everybody at once, and for one person before a qualification is granted.

Both look at rows `n` with `user_id`, `requirement_id`, `revision_id` (None where no document is learned), `base` and
`document_id`.
"""

from __future__ import annotations

from qms.documents.models import DocumentRevision
from qms.training.models import TrainingAssignment, TrainingRecord

RECORDS, REVISIONS = TrainingRecord._meta.db_table, DocumentRevision._meta.db_table

COUNTING = (
    f"SELECT e.id, e.document_id, coalesce((SELECT max(b.id) FROM {REVISIONS} b WHERE b.document_id = e.document_id"
    " AND b.id <= e.id AND b.training_impact IN ('read', 'quiz', 'ojt') AND (b.id = e.id OR b.effective_from IS NOT"
    f" NULL)), e.id) AS base FROM {REVISIONS} e WHERE e.status = 'effective'"
)
"""Effective revisions, each with the last one up to it that took training: records from there on count for it."""

KNOWN = (
    f"EXISTS (SELECT FROM {RECORDS} r LEFT JOIN {REVISIONS} v ON v.id = r.document_revision_id"
    " WHERE r.user_id = n.user_id AND (r.valid_until IS NULL OR r.valid_until > %(at)s) AND CASE"
    " WHEN n.revision_id IS NULL THEN r.requirement_id = n.requirement_id"
    " ELSE v.document_id = n.document_id AND v.id BETWEEN n.base AND n.revision_id END)"
)

SPARED = (
    f"EXISTS (SELECT FROM {TrainingAssignment._meta.db_table} w WHERE w.user_id = n.user_id AND w.status = 'waived'"
    " AND w.requirement_id = n.requirement_id)"
)
