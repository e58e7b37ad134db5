"""What the rows of orders, nonconformances and documents of a large plant say, as SQL over numbered lines."""

from __future__ import annotations

from integrations.services.scale_loading import Move
from integrations.services.scale_rows import LOT, RUNS, drawn, numbered
from mes.execution.models import OrderOperation, ProductionOrder
from mes.routing.models import Operation, Routing, RoutingRevision
from qms.documents.models import Document, DocumentRevision
from qms.nonconformance.models import NonConformance

ORDER, OPERATION = ProductionOrder._meta.db_table, OrderOperation._meta.db_table
_SITE = "site_id = %(site)s"

# Orders of the assemblies that have a routing, in turn; those on the floor have a lot and their operations. -----------
ORDERS = {
    "site_id": "%(site)s", "number": numbered("PO-"), "material_id": "v.material_id",
    "routing_revision_id": "v.revision_id", "quantity": f"10 + {drawn('i', '490')}",
    "due_on": f"current_date + {drawn('i + 7', '180')}::int", "priority": f"1 + {drawn('i + 3', '9')}",
    "status": "'draft'", "created_by_id": "%(_actor)s",
}  # fmt: skip
ORDERS_FROM = f"""{RUNS} JOIN (
    SELECT row_number() OVER (ORDER BY r.code) AS n, count(*) OVER () AS of, r.material_id, x.id AS revision_id
    FROM {Routing._meta.db_table} r JOIN {RoutingRevision._meta.db_table} x ON x.routing_id = r.id
    WHERE r.site_id = %(site)s) v ON v.n = 1 + (i - 1) %% v.of ORDER BY i"""
OF_ORDERS = f"{RUNS} JOIN {ORDER} o ON o.{_SITE} AND o.number = {numbered('PO-')}"
ORDER_LOTS = {
    "site_id": "%(site)s", "material_id": "o.material_id", "status": "'in_production'", "number": "'LO-' || o.number",
}  # fmt: skip
OPERATIONS = {
    "order_id": "o.id", "operation_id": "p.id", "sequence": "p.sequence", "name": "p.name",
    "work_center_id": "p.work_center_id", "status": "'waiting'",
}  # fmt: skip
OPERATIONS_FROM = f"""{OF_ORDERS}
  JOIN {Operation._meta.db_table} p ON p.routing_revision_id = o.routing_revision_id ORDER BY i, p.sequence"""

RELEASE: tuple[Move, ...] = (("release", "draft", "released"),)
RELEASED_LOT = {"lot_id": f"(SELECT l.id FROM {LOT} l WHERE l.{_SITE} AND l.number = 'LO-' || b.number)"}
BEGUN: tuple[Move, ...] = (("start", "released", "in_progress"),)
ENDED: tuple[Move, ...] = (("complete", "in_progress", "completed"),)
WORKED: tuple[Move, ...] = (("start", "waiting", "in_progress"),)
"""Of %(every)s orders on the floor one waits, one is half done, the others are completed."""


def orders(condition: str) -> str:
    """Orders of the lines for which a condition on `i` holds."""
    return f"{ORDER} r WHERE r.{_SITE} AND r.number = ANY (SELECT {numbered('PO-')} FROM {RUNS} WHERE {condition})"


def operations(condition: str) -> str:
    """Operations of the orders of the lines; the condition is about `i` and the sequence `n` among them, from 1."""
    return f"""(
      SELECT x.*, i, row_number() OVER (PARTITION BY x.order_id ORDER BY x.sequence) AS n, count(*) OVER (
        PARTITION BY x.order_id) AS of
      FROM {OF_ORDERS} JOIN {OPERATION} x ON x.order_id = o.id) r WHERE {condition}"""


STARTED, DONE = "i %% %(every)s <> 0", "i %% %(every)s > 1"
_HALF_DONE = "i %% %(every)s = 1"
STARTED_OPERATIONS = f"{DONE} OR ({_HALF_DONE} AND n <= of / 2 + 1)"
DONE_OPERATIONS = f"{DONE} OR ({_HALF_DONE} AND n <= of / 2)"

# Nonconformances: nine of ten are closed. -----------------------------------------------------------------------------
FOUND = {
    "site_id": "%(site)s",
    "number": numbered("NC-"),
    "title": f"(ARRAY['Scratches', 'Bore too wide', 'Wrong label', 'Leak', 'Dull edge'])[1 + {drawn('i', '5')}]",
    "severity": f"(ARRAY['minor', 'minor', 'major', 'critical'])[1 + {drawn('i + 1', '4')}]",
    "context": "'{}'::jsonb",
    "status": "'draft'",
    "reported_by_id": "%(_actor)s",
    "reported_at": f"now() - {drawn('i + 2', '1000')} * interval '1 day'",
    "due_at": f"now() + {drawn('i + 3', '30')} * interval '1 day'",
}
FOUND_FROM = f"{RUNS} ORDER BY i"
OPENED: tuple[Move, ...] = (("open", "draft", "open"),)
SETTLED: tuple[Move, ...] = (
    ("send_to_review", "open", "under_review"),
    ("disposition", "under_review", "dispositioned"),
    ("close", "dispositioned", "closed"),
)


def nonconformances(condition: str) -> str:
    """Those of the lines for which a condition on `i` holds."""
    table = NonConformance._meta.db_table
    return f"{table} r WHERE r.{_SITE} AND r.number = ANY (SELECT {numbered('NC-')} FROM {RUNS} WHERE {condition})"


# Documents: one effective revision each. ------------------------------------------------------------------------------
DOCUMENTS = {
    "site_id": "%(site)s", "number": numbered("SC-DOC-"), "title": "'Instruction ' || i",
    "kind": f"(ARRAY['work_instruction', 'procedure', 'form', 'specification'])[1 + {drawn('i', '4')}]",
    "owner_id": "%(_actor)s",
}  # fmt: skip
_DOCUMENT = f"JOIN {Document._meta.db_table} d ON d.number = {numbered('SC-DOC-')}"
WRITTEN = {
    "document_id": "d.id", "revision": "'A'", "title": "d.title", "status": "'draft'", "author_id": "%(_actor)s",
    "body": "'# ' || d.title || E'\\n\\nTake the part, check it, note what was found.'",
}  # fmt: skip
WRITTEN_FROM = f"{RUNS} {_DOCUMENT} ORDER BY i"
IN_FORCE: tuple[Move, ...] = (
    ("submit", "draft", "in_review"),
    ("approve", "in_review", "approved"),
    ("make_effective", "approved", "effective"),
)
TO_PUT_IN_FORCE = f"""{DocumentRevision._meta.db_table} r WHERE r.document_id = ANY (
  SELECT d.id FROM {RUNS} {_DOCUMENT})"""
EFFECTIVE = {"effective_from": "coalesce(b.effective_from, now())"}
