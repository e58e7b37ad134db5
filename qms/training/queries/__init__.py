"""Reads of training that pages and other apps need."""

from qms.training.queries.content import Change, changes_between, known_revision, sections_of, shown_numbers
from qms.training.queries.gate import (
    Standing,
    overridden_work,
    qualification_blockers,
    standing_of,
    training_blockers,
    training_of_revision,
)
from qms.training.queries.learning import open_assignments, open_requirements, records_of, still_learning, unpractised
from qms.training.queries.qualifications import (
    Matrix,
    matrix,
    open_qualification,
    qualifications_of,
    standing,
)
from qms.training.queries.quizzes import quiz_in_use, sheet_of, statistics_of
from qms.training.queries.staff import (
    Staffing,
    heads_for,
    staffing,
    staffing_blockers,
    staffing_for_document,
    waivers_of,
)

__all__ = [
    "Change",
    "Matrix",
    "Staffing",
    "Standing",
    "changes_between",
    "heads_for",
    "known_revision",
    "matrix",
    "open_assignments",
    "open_qualification",
    "open_requirements",
    "overridden_work",
    "qualification_blockers",
    "qualifications_of",
    "quiz_in_use",
    "records_of",
    "sections_of",
    "sheet_of",
    "shown_numbers",
    "staffing",
    "staffing_blockers",
    "staffing_for_document",
    "standing",
    "standing_of",
    "statistics_of",
    "still_learning",
    "training_blockers",
    "training_of_revision",
    "unpractised",
    "waivers_of",
]
