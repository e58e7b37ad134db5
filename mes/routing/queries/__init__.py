"""Every read about routings that another app or a page needs."""

from mes.routing.queries.assignment import BomState, Content, LineState, bom_state, content_of
from mes.routing.queries.difference import Change, Difference, difference, requirement_text
from mes.routing.queries.instructions import InstructionView, instruction_of, instructions_of
from mes.routing.queries.revisions import (
    IN_WORK,
    content_hash,
    documents_at,
    effective_routing,
    effective_routings,
    latest_signature,
    next_revision_code,
    next_sequence,
    omitted_of,
    operations_of,
    revisions_of,
    revisions_using,
    routings_with_revisions,
    unfinished_revision,
    work_centers_at,
    writer_ids,
)

__all__ = [
    "IN_WORK",
    "BomState",
    "Change",
    "Content",
    "Difference",
    "InstructionView",
    "LineState",
    "bom_state",
    "content_hash",
    "content_of",
    "difference",
    "documents_at",
    "effective_routing",
    "effective_routings",
    "instruction_of",
    "instructions_of",
    "latest_signature",
    "next_revision_code",
    "next_sequence",
    "omitted_of",
    "operations_of",
    "requirement_text",
    "revisions_of",
    "revisions_using",
    "routings_with_revisions",
    "unfinished_revision",
    "work_centers_at",
    "writer_ids",
]
