"""What signing needs to be told by upper apps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.kernel.wiring import Question


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
