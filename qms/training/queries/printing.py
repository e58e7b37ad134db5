"""Everything about one person's training, for paper and programs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.organization.models import User
from qms.training.models import Qualification, TrainingAssignment, TrainingRecord
from qms.training.queries.learning import open_assignments, records_of
from qms.training.queries.qualifications import qualifications_of


@dataclass(frozen=True)
class PersonRecords:
    """What a person may do, has learned and still has to learn."""

    qualifications: Sequence[Qualification]
    records: Sequence[TrainingRecord]
    open: Sequence[TrainingAssignment]


def person_records(person: User) -> PersonRecords:
    """Everything about a person's training as it stands now."""
    return PersonRecords(list(qualifications_of(person)), list(records_of(person)), list(open_assignments(person)))


def as_data(person: User, content: PersonRecords) -> dict[str, Any]:
    """The same as plain data, for the file that is attached to the PDF."""
    return {
        "person": {"username": person.username, "full_name": person.full_name},
        "qualifications": [
            {
                "curriculum": one.curriculum.code,
                "level": one.level,
                "status": one.status,
                "valid_from": _at(one.valid_from),
                "valid_until": _at(one.valid_until),
                "granted_by": one.granted_by.username,
                "basis": one.basis,
            }
            for one in content.qualifications
        ],
        "records": [
            {
                "id": one.pk,
                "what": str(one.document_revision or one.requirement),
                "how": one.how,
                "digest": one.revision_digest,
                "completed_at": _at(one.completed_at),
                "valid_until": _at(one.valid_until),
                "score": one.score,
                "signed_by": one.signature.printed_name if one.signature else "",
                "attested_by": one.attestation.printed_name if one.attestation else "",
                "note": one.note,
            }
            for one in content.records
        ],
        "open": [{"what": one.what, "status": one.status, "due_at": _at(one.due_at)} for one in content.open],
    }


def _at(moment: dt.datetime | None) -> str:
    return "" if moment is None else moment.isoformat()
