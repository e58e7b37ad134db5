"""What a production record holds: facts by operation, exceptions, decisions, holds, signatures, trail."""

from mes.production_record.queries.content import (
    Decided,
    HoldStory,
    RecordContent,
    broken_signatures,
    content_of,
    recorded_in,
    signatures_of_record,
    standing_of,
)
from mes.production_record.queries.data import as_data
from mes.production_record.queries.exceptions import KINDS, Exceptional, exceptions_in
from mes.production_record.queries.trail import trail_of

__all__ = [
    "KINDS",
    "Decided",
    "Exceptional",
    "HoldStory",
    "RecordContent",
    "as_data",
    "broken_signatures",
    "content_of",
    "exceptions_in",
    "recorded_in",
    "signatures_of_record",
    "standing_of",
    "trail_of",
]
