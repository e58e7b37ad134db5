"""The proof that one row was sealed: its text, its way to the head. Checked without us (docs/verify-seals.md)."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from core.trail.merkle import inclusion_path
from core.trail.models import SealedTable
from core.trail.queries.sealed import (
    SealableTable,
    canonical_text,
    keys_of,
    leaves_of,
    quoted,
    seal_statement,
    sealable_tables,
    sealed_entries,
    table_leaf,
    table_statement,
    use_canonical_text,
)

FORMAT = "trueline-proof-1"


def sealable_table(name: str) -> SealableTable | None:
    """The table of history or facts of this name."""
    return next((table for table in sealable_tables() if table.name == name), None)


def _part_of(table: SealableTable, key: int) -> SealedTable | None:
    return next((chunk.part for chunk, _found in sealed_entries(table.name, [key])), None)


def _text_of(table: SealableTable, part: SealedTable, key: int) -> str | None:
    with transaction.atomic():
        use_canonical_text()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {canonical_text(part.columns)} FROM public.{quoted(table.name)} t"
                f" WHERE t.{quoted(table.key)} = %s",
                [key],
            )
            row = cursor.fetchone()
    return None if row is None else str(row[0])


def proof_of(table: SealableTable, key: int) -> dict[str, Any] | None:
    """The inclusion proof of a row with its present text; None when no seal holds the row yet."""
    part = _part_of(table, key)
    if part is None:
        return None
    keys: list[int] = []
    leaves: list[bytes] = []
    for entries in part.chunks.order_by("first_key", "id").values_list("entries", flat=True):
        keys += keys_of(bytes(entries))
        leaves += leaves_of(bytes(entries))
    index = keys.index(key)
    parts = list(part.seal.tables.order_by("table"))
    statements = [table_statement(one.table, one.columns, one.rows, one.root) for one in parts]
    position = next(number for number, one in enumerate(parts) if one.pk == part.pk)
    table_leaves = [table_leaf(statement) for statement in statements]
    return {
        "format": FORMAT,
        "table": table.name,
        "key": key,
        "text": _text_of(table, part, key),
        "leaf": leaves[index].hex(),
        "index": index,
        "path": [node.hex() for node in inclusion_path(index, leaves)],
        "statement": statements[position],
        "statement_index": position,
        "statement_count": len(parts),
        "statement_path": [node.hex() for node in inclusion_path(position, table_leaves)],
        "seal": seal_statement(part.seal),
        "head": part.seal.head,
    }
