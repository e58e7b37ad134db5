"""What signing needs to be told by upper apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.kernel.errors import Blocker
from core.kernel.wiring import Question
from core.organization.models import User


@dataclass(frozen=True)
class AttachmentDigests(Question[tuple[int, str]]):
    """SHA-256 digests of the files attached to records of one model, as (id of the record, digest) pairs."""

    record_label: str
    record_ids: tuple[int, ...]


@dataclass(frozen=True)
class ClosureExtension(Question[tuple[int, str, Any]]):
    """Content of upper apps that belongs to the closure of records, as (id of the record, name, content) triples."""

    record_label: str
    record_ids: tuple[int, ...]


@dataclass(frozen=True)
class AgainstSigner(Question[Blocker]):
    """What stands against this person's signing at all, whatever the record?"""

    user: User
    meaning: str
