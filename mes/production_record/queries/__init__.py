"""What a production record holds: facts by operation, exceptions, the statement of completeness, signatures."""

from mes.production_record.queries.content import RecordContent, as_data, content_of
from mes.production_record.queries.exceptions import KINDS, Exceptional, exceptions_in

__all__ = ["KINDS", "Exceptional", "RecordContent", "as_data", "content_of", "exceptions_in"]
