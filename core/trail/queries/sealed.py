"""What is sealed and how a row becomes 32 bytes: tables, columns, text, leaf hashes (docs/verify-seals.md)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import connection, models

from core.kernel.records import RecordClass, models_of
from core.trail.merkle import HASH_BYTES, leaf_hash
from core.trail.models import Seal, SealedRows

KEY_BYTES = 8
ENTRY_BYTES = KEY_BYTES + HASH_BYTES
CHUNK_ROWS = 8192
MOST_ARGUMENTS = 90
"""PostgreSQL takes at most 100 arguments of a function: wider tables are hashed as several arrays in a row."""
GENESIS = "0" * 64
"""The head before the first seal."""

Columns = Sequence[Sequence[str]]
"""Name and type of each hashed column, in the order in which they are hashed."""

CANONICAL_SETTINGS = (
    "SET LOCAL TimeZone = 'UTC'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex';"
    " SET LOCAL IntervalStyle = 'postgres'; SET LOCAL search_path = pg_catalog, public, pg_temp"
)
"""How values become text; a function of the same name elsewhere cannot slip in before PostgreSQL's own."""


@dataclass(frozen=True)
class SealableTable:
    """A table of history or facts: its key, the transaction id and the time that PostgreSQL stamped."""

    name: str
    label: str
    key: str
    txid: str
    at: str
    model: type[models.Model]


def sealable_tables() -> list[SealableTable]:
    """Every table of history and of facts, from the registry."""
    found = []
    for kind, prefix in ((RecordClass.HISTORY, "history"), (RecordClass.FACT, "stamped")):
        for model in models_of(kind):
            txid, at = f"{prefix}_txid", f"{prefix}_stamped_at" if prefix == "history" else "stamped_at"
            key = str(model._meta.pk.column)
            found.append(SealableTable(model._meta.db_table, model._meta.label, key, txid, at, model))
    return sorted(found, key=lambda table: table.name)


def present_columns() -> dict[str, list[list[str]]]:
    """Name and type of the columns of every table, as PostgreSQL has them now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod))"
            " ORDER BY a.attnum) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0"
            " AND NOT a.attisdropped GROUP BY c.relname"
        )
        return {name: columns if isinstance(columns, list) else json.loads(columns) for name, columns in cursor}


def use_canonical_text() -> None:
    """Make this transaction turn values into text as seals do."""
    with connection.cursor() as cursor:
        cursor.execute(CANONICAL_SETTINGS)


def quoted(name: str) -> str:
    """An identifier for SQL."""
    return '"' + name.replace('"', '""') + '"'


def canonical_text(columns: Columns, alias: str = "t") -> str:
    """The SQL expression of a row's canonical text: JSON arrays of its values, in the order of the columns."""
    arrays = []
    for start in range(0, len(columns), MOST_ARGUMENTS):
        names = ", ".join(f"{alias}.{quoted(column[0])}" for column in columns[start : start + MOST_ARGUMENTS])
        arrays.append(f"pg_catalog.json_build_array({names})::text")
    return " || ".join(arrays)


def entry_sql(table: SealableTable, columns: Columns) -> str:
    """The SQL expression of a row's entry: its key in 8 bytes, then its leaf hash in 32."""
    text = canonical_text(columns)
    key = f"t.{quoted(table.key)}"
    return f"int8send({key}::bigint) || pg_catalog.sha256('\\x00'::bytea || convert_to({text}, 'UTF8'))"


def read_entries(
    table: SealableTable, columns: Columns, where: str, values: Sequence[Any], size: int = CHUNK_ROWS
) -> Iterator[bytes]:
    """The entries of the rows in question, by key, some thousand at a time. Needs an open transaction."""
    key = quoted(table.key)
    statement = (
        "SELECT string_agg(entry, ''::bytea ORDER BY key) FROM (SELECT key, entry,"
        f" (row_number() OVER (ORDER BY key) - 1) / {size} AS part FROM ("
        f"SELECT t.{key} AS key, {entry_sql(table, columns)} AS entry FROM public.{quoted(table.name)} t"
        f" WHERE {where}) rows) parts GROUP BY part ORDER BY part"
    ).replace("%", "%%")
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement.replace("%%s", "%s"), list(values))
        while found := cursor.fetchmany(8):
            for (entries,) in found:
                yield bytes(entries)


def split(entries: bytes) -> list[bytes]:
    """Entries one by one."""
    return [entries[at : at + ENTRY_BYTES] for at in range(0, len(entries), ENTRY_BYTES)]


def key_of(entry: bytes) -> int:
    """The key of an entry (the first one, of several)."""
    return int.from_bytes(entry[:KEY_BYTES], signed=True)


def last_key_of(entries: bytes) -> int:
    """The key of the last of several entries."""
    return key_of(entries[-ENTRY_BYTES:])


def keys_of(entries: bytes) -> list[int]:
    """The keys of entries."""
    return [key_of(entry) for entry in split(entries)]


def leaves_of(entries: bytes) -> list[bytes]:
    """The leaf hashes of entries."""
    return [entries[at + KEY_BYTES : at + ENTRY_BYTES] for at in range(0, len(entries), ENTRY_BYTES)]


def canonical_json(content: Any) -> bytes:
    """The one spelling of a JSON document that hashes are taken of."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def utc_text(moment: dt.datetime) -> str:
    """A time as it stands in a head."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def table_statement(table: str, columns: Columns, rows: int, root: str) -> dict[str, Any]:
    """What a seal says of one table; its hash is a leaf of the seal's own tree."""
    return {"table": table, "columns": [list(column) for column in columns], "rows": rows, "root": root}


def table_leaf(statement: dict[str, Any]) -> bytes:
    """The leaf hash of what a seal says of one table."""
    return leaf_hash(canonical_json(statement))


def seal_statement(seal: Seal) -> dict[str, Any]:
    """What a head is the hash of."""
    return {
        "number": seal.number,
        "epoch": seal.epoch,
        "opens_epoch": seal.opens_epoch,
        "system_identifier": seal.system_identifier,
        "timeline": seal.timeline,
        "tx_from": seal.tx_from,
        "tx_to": seal.tx_to,
        "rows": seal.rows,
        "root": seal.root,
        "previous": seal.previous,
        "sealed_at": utc_text(seal.sealed_at),
    }


def head_of(statement: dict[str, Any]) -> str:
    """The head over what a seal says: its own content and the head before it."""
    return sha256(b"\x02" + canonical_json(statement)).hexdigest()


@dataclass(frozen=True)
class Cluster:
    """Where PostgreSQL stands: the identifier of the cluster, its timeline, and how far every transaction has ended."""

    identifier: str
    timeline: int
    horizon: int


def present_cluster() -> Cluster:
    """This cluster, now. A standby that is not promoted still is in the timeline of its last checkpoint."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT system_identifier::text, CASE WHEN pg_is_in_recovery()"
            " THEN (SELECT timeline_id FROM pg_catalog.pg_control_checkpoint())"
            " ELSE ('x' || left(pg_walfile_name(pg_current_wal_insert_lsn()), 8))::bit(32)::integer END,"
            " pg_snapshot_xmin(pg_current_snapshot())::text::bigint FROM pg_catalog.pg_control_system()"
        )
        return Cluster(*cursor.fetchone())


def newest_seal() -> Seal | None:
    """The last seal of the chain, or None before the first."""
    return Seal.objects.order_by("-number").first()


def sealed_until() -> dt.datetime | None:
    """When the newest seal was made: what is younger has no proof yet. None before the first seal."""
    seal = newest_seal()
    return None if seal is None else seal.sealed_at


def newest_head() -> dict[str, Any] | None:
    """Number, head and time of the newest seal, for what leaves the system; None before the first seal."""
    seal = newest_seal()
    return None if seal is None else {"number": seal.number, "head": seal.head, "sealed_at": utc_text(seal.sealed_at)}


def sealed_entries(table: str, keys: Sequence[int]) -> Iterator[tuple[SealedRows, dict[int, bytes]]]:
    """For each stored chunk that may hold some of these sorted keys: the chunk and its leaf hashes of them."""
    wanted = set(keys)
    chunks = SealedRows.objects.filter(table=table, first_key__lte=keys[-1], last_key__gte=keys[0])
    for chunk in chunks.select_related("part__seal").order_by("id").iterator(chunk_size=8):
        entries = bytes(chunk.entries)
        found = {
            key: entries[at * ENTRY_BYTES + KEY_BYTES : (at + 1) * ENTRY_BYTES]
            for at, key in enumerate(keys_of(entries))
            if key in wanted
        }
        if found:
            yield chunk, found


def sealed_rows_between(table: str, first: int, last: int) -> dict[int, bytes]:
    """The leaf hashes of every sealed row with a key from `first` to `last`."""
    chunks = SealedRows.objects.filter(table=table, first_key__lte=last, last_key__gte=first)
    found: dict[int, bytes] = {}
    for entries in chunks.order_by("id").values_list("entries", flat=True).iterator(chunk_size=8):
        for entry in split(bytes(entries)):
            if first <= key_of(entry) <= last:
                found[key_of(entry)] = entry[KEY_BYTES:]
    return found
