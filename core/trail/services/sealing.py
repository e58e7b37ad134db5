"""Sealing: what was written since the last seal becomes one more link of the chain.

A window ends where every transaction has ended (`pg_snapshot_xmin`), so nothing can land behind a seal later. Runs as
the sealer's role, which can read the trail and append seals, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from django.db import connection, transaction
from django.db.models import Max

from core.kernel.clock import now
from core.trail.merkle import root_of
from core.trail.models import Seal, SealedRows, SealedTable
from core.trail.queries.sealed import (
    ENTRY_BYTES,
    GENESIS,
    Cluster,
    Columns,
    SealableTable,
    head_of,
    keys_of,
    leaves_of,
    newest_seal,
    present_cluster,
    present_columns,
    read_entries,
    seal_statement,
    sealable_tables,
    sealed_entries,
    split,
    table_leaf,
    table_statement,
    use_canonical_text,
)

LOCK = 7_386_521_904
"""PostgreSQL's advisory lock of the one who seals."""


@dataclass
class _Part:
    """The rows of one table in the window."""

    table: SealableTable
    columns: Columns
    chunks: list[bytes] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(map(len, self.chunks)) // ENTRY_BYTES

    @cached_property
    def root(self) -> str:
        return root_of(leaf for chunk in self.chunks for leaf in leaves_of(chunk)).hex()

    def statement(self) -> dict[str, object]:
        return table_statement(self.table.name, self.columns, self.rows, self.root)


def seal_trail() -> Seal | None:
    """Seal what was written since the last seal; None when there is nothing, or another process seals right now."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            (is_ours,) = cursor.fetchone()
        if not is_ours:
            return None
        use_canonical_text()
        return _seal_window(newest_seal())


def _seal_window(last: Seal | None) -> Seal | None:
    here = present_cluster()
    begins_anew = last is not None and (here.identifier != last.system_identifier or here.horizon < last.tx_to)
    opens = begins_anew or (last is not None and here.timeline != last.timeline)
    begin = 0 if last is None or begins_anew else last.tx_to
    if begin == here.horizon and not opens:
        return None
    epoch = 1 if last is None else last.epoch + opens
    # Restored rows carry transaction ids of another cluster, which say nothing here: keys tell what is sealed.
    floors = _sealed_keys_before(epoch) if epoch > 1 else {}
    columns = present_columns()
    parts = []
    for table in sealable_tables():
        part = _Part(table, columns[table.name])
        where, values = "true", []
        if not begins_anew:
            where, values = f"t.{table.txid} >= %s AND t.{table.txid} < %s", [begin, here.horizon]
        found = read_entries(table, part.columns, where, values)
        part.chunks = list(_not_yet_sealed(table, found, floors.get(table.name, 0)))
        if part.chunks:
            parts.append(part)
    if not parts and not opens:
        return None
    return _append(last, parts, epoch=epoch, opens=opens, here=here, begin=begin)


def _sealed_keys_before(epoch: int) -> dict[str, int]:
    """The largest key of each table that was sealed up to the beginning of this epoch."""
    before = SealedRows.objects.filter(part__seal__epoch__lt=epoch) | SealedRows.objects.filter(
        part__seal__epoch=epoch, part__seal__opens_epoch=True
    )
    return dict(before.order_by().values_list("table").annotate(Max("last_key")))


def _not_yet_sealed(table: SealableTable, chunks: Iterator[bytes], floor: int) -> Iterator[bytes]:
    for chunk in chunks:
        keys = keys_of(chunk)
        if keys[0] > floor:
            yield chunk
            continue
        sealed = {key for _, found in sealed_entries(table.name, keys) for key in found}
        kept = b"".join(entry for key, entry in zip(keys, split(chunk), strict=True) if key not in sealed)
        if kept:
            yield kept


def _append(last: Seal | None, parts: list[_Part], *, epoch: int, opens: bool, here: Cluster, begin: int) -> Seal:
    statements = [part.statement() for part in parts]
    seal = Seal(
        number=1 if last is None else last.number + 1,
        epoch=epoch,
        opens_epoch=opens,
        system_identifier=here.identifier,
        timeline=here.timeline,
        tx_from=begin,
        tx_to=here.horizon,
        rows=sum(part.rows for part in parts),
        root=root_of(table_leaf(statement) for statement in statements).hex(),
        previous=GENESIS if last is None else last.head,
        sealed_at=now(),
    )
    seal.head = head_of(seal_statement(seal))
    seal.save(force_insert=True)
    for part in parts:
        sealed = SealedTable.objects.create(
            seal=seal, table=part.table.name, columns=part.columns, rows=part.rows, root=part.root
        )
        for chunk in part.chunks:
            keys = keys_of(chunk)
            SealedRows.objects.create(
                part=sealed, table=part.table.name, first_key=keys[0], last_key=keys[-1], rows=len(keys), entries=chunk
            )
    return seal
