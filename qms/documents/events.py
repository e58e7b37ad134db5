"""What happened to documents that upper apps react to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DocumentRevisionDrafted:
    """A draft was begun; it starts as a copy of `based_on_id`, if there is an earlier revision."""

    revision_id: int
    based_on_id: int | None


@dataclass(frozen=True)
class DocumentRevisionApproved:
    """A second person approved the revision; people are trained on it before it becomes effective."""

    revision_id: int
    document_id: int


@dataclass(frozen=True)
class DocumentRevisionEffective:
    """People work to this revision from now on; the one before it is superseded already."""

    revision_id: int
    document_id: int
