"""The lines of a recall as data, and the digest over all of them that its report is signed with.

A line is a JSON array of texts, written the same by PostgreSQL and by Python's `json`. Every ten thousand lines have a
digest, and the digest of all is over those: PostgreSQL makes it from the rows, whoever has the data makes it again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from traceability.models import Recall

LINE_COLUMNS = (
    "line", "material", "lot", "serial", "where", "location", "shipment", "customer", "quantity", "uom", "trouble",
    "settled", "disposition", "note", "decided_by", "decided_at",
)  # fmt: skip
"""What is told of each line in the data of the report, in this order."""
BLOCK = 10_000
"""Lines that have a digest together."""
MANY = 20_000
"""From so many lines on, tables are joined as sets instead of looked into line by line."""
READ_AT_ONCE = 2000

# Whether something was superseded is asked by scalar subqueries, each a look into an index: decisions are written by
# the hundred thousand, before anybody counted them anew.
_LINES = """
SELECT l.id, json_build_array(
         l.id::text, m.number, coalesce(lot.number, ''), coalesce(u.serial, ''), l.where, coalesce(p.code, ''),
         coalesce(h.number, ''), coalesce(c.code, ''), trim_scale(l.quantity)::text, uom.code, l.trouble, l.settled,
         coalesce(d.disposition, ''), coalesce(d.note, ''), coalesce(who.full_name, ''),
         coalesce(to_char(d.stamped_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), ''))::text AS line
FROM traceability_recallline l
JOIN traceability_material m ON m.id = l.material_id
JOIN traceability_unitofmeasure uom ON uom.id = m.uom_id
LEFT JOIN traceability_lot lot ON lot.id = l.lot_id
LEFT JOIN traceability_serializedunit u ON u.id = l.unit_id
LEFT JOIN traceability_storagelocation p ON p.id = l.location_id
LEFT JOIN traceability_shipmentline s ON s.id = l.shipment_line_id
LEFT JOIN traceability_shipment h ON h.id = s.shipment_id
LEFT JOIN core_organization_partner c ON c.id = l.customer_id
LEFT JOIN traceability_recalldecision d ON d.line_id = l.id
  AND (SELECT x.id FROM traceability_recalldecision x WHERE x.supersedes_id = d.id) IS NULL
LEFT JOIN core_organization_user who ON who.id = d.actor_id
WHERE l.recall_id = %s AND l.settled <> 'moved'
  AND (SELECT x.id FROM traceability_recallline x WHERE x.supersedes_id = l.id) IS NULL
"""

_BLOCKS = f"""
SELECT encode(sha256(convert_to(string_agg(line || E'\\n', '' ORDER BY id), 'UTF8')), 'hex')
FROM (SELECT id, line, (row_number() OVER (ORDER BY id) - 1) / {BLOCK} AS block FROM ({_LINES}) told) numbered
GROUP BY block ORDER BY block
"""


def has_many_lines(recall: Recall) -> bool:
    """Whether a recall has so many lines that they are joined as sets."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM (SELECT FROM traceability_recallline WHERE recall_id = %s LIMIT {MANY}) l",
            [recall.pk],
        )
        return int(cursor.fetchone()[0]) >= MANY


_inside: ContextVar[bool] = ContextVar("joined_as_sets", default=False)


@contextmanager
def joined_as_sets(recall: Recall) -> Iterator[bool]:
    """Statements about all lines of a large recall join whole tables: what was just written has no statistics yet, and
    a look into an index for each of a million lines takes longer than reading the table. Tells whether it is large.
    """
    if _inside.get():
        yield True
        return
    if not has_many_lines(recall):
        yield False
        return
    mark = _inside.set(True)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '256MB'")
            yield True
            cursor.execute("SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT")
    finally:
        _inside.reset(mark)


def lines_as_data(recall: Recall, limit: int | None = None) -> Iterator[list[str]]:
    """The present lines with their decisions, as plain texts in the order of the lines; read in pieces."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"{_LINES} ORDER BY l.id {'' if limit is None else f'LIMIT {int(limit)}'}", [recall.pk])
        while rows := cursor.fetchmany(READ_AT_ONCE):
            for _key, line in rows:
                yield json.loads(line)


def digests_of_blocks(recall: Recall) -> list[str]:
    """SHA-256 of each ten thousand present lines, one JSON array a line. One statement; no line comes to Python."""
    with joined_as_sets(recall), connection.cursor() as cursor:
        cursor.execute(_BLOCKS, [recall.pk])
        return [str(digest) for (digest,) in cursor.fetchall()]


def digest_of_all(blocks: Sequence[str]) -> str:
    """SHA-256 over the digests of the blocks, one a line: what the signed report stands for."""
    return hashlib.sha256("".join(f"{digest}\n" for digest in blocks).encode()).hexdigest()


def lines_digest(recall: Recall) -> str:
    """The digest over all present lines and decisions."""
    return digest_of_all(digests_of_blocks(recall))
