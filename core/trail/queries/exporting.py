"""The chain as it leaves the system: one JSON document per line, checked with SHA-256 alone (docs/verify-seals.md)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

from core.trail.models import Seal
from core.trail.queries.sealed import seal_statement, table_statement
from core.trail.queries.watching import seals_since

FORMAT = "trueline-seal-1"


def seal_document(seal: Seal) -> dict[str, Any]:
    """A seal with everything its head is made of."""
    parts = sorted(seal.tables.all(), key=lambda part: part.table)
    return {
        "format": FORMAT,
        "head": seal.head,
        "seal": seal_statement(seal),
        "tables": [table_statement(part.table, part.columns, part.rows, part.root) for part in parts],
        "time_stamps": [
            {"authority": stamp.authority, "token": base64.b64encode(bytes(stamp.token)).decode()}
            for stamp in seal.time_stamps.all()
        ],
    }


def exported_lines(after: int = 0) -> Iterator[str]:
    """The seals after this number, one line each, first ones first."""
    for seal in seals_since(after).iterator(chunk_size=200):
        yield json.dumps(seal_document(seal), sort_keys=True) + "\n"
