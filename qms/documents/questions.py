"""What documents need to be told by upper apps."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.wiring import Question
from qms.documents.models import DocumentRevision


@dataclass(frozen=True)
class Use:
    """Something that names a document: in words, and where to look at it."""

    label: str
    url: str = ""


@dataclass(frozen=True)
class WhereUsed(Question[Use]):
    """What still relies on the document of this revision? While there is anything, it does not become obsolete."""

    document_revision: DocumentRevision


@dataclass(frozen=True)
class ContentPart:
    """Further content of a revision that lives in an upper app: what it is, in words, its page, how much it holds.

    `url` may lead to where it is written; `read_url` is for whoever may only read it.
    """

    label: str
    summary: str
    url: str
    read_url: str = ""
    is_empty: bool = False


@dataclass(frozen=True)
class RevisionContent(Question[ContentPart]):
    """What content does this revision have besides its text?

    What of it a signature covers is the answer to core.signing's ClosureExtension.
    """

    document_revision: DocumentRevision
