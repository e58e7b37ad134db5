"""Writes of those who watch over the system: exports of the trail, reviews of access, the test mail."""

from core.oversight.services.exports import (
    MEDIA_TYPES,
    csv_of,
    json_of,
    note_trail_export,
    request_export,
    told_entries,
)
from core.oversight.services.mail import MAIL_JOB, request_test_mail, send_test_mail
from core.oversight.services.reviews import (
    ask_for_due_reviews,
    decide_lines,
    open_review,
    open_reviews,
    take_in_new_grants,
)

__all__ = [
    "MAIL_JOB",
    "MEDIA_TYPES",
    "ask_for_due_reviews",
    "csv_of",
    "decide_lines",
    "json_of",
    "note_trail_export",
    "open_review",
    "open_reviews",
    "request_export",
    "request_test_mail",
    "send_test_mail",
    "take_in_new_grants",
    "told_entries",
]
