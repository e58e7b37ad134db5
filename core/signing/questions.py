"""What signing needs to be told by upper apps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.kernel.wiring import Question


@dataclass(frozen=True)
class AttachmentDigests(Question[str]):
    """SHA-256 digests of the files attached to a record."""

    record_label: str
    record_id: int


@dataclass(frozen=True)
class ClosureExtension(Question[tuple[str, Any]]):
    """Content of upper apps that belongs to a record's closure, as (name, JSON-able content) pairs."""

    record_label: str
    record_id: int


ClosureContent = Mapping[str, Any]
