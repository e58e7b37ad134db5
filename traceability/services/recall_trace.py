"""Tracing a recall: everything it reaches, where that is, holds on what is still here, the orders that have it.

Set-based, in one transaction: lines and holds are written by PostgreSQL from its own temporary tables, orders some at a
time. Repeated, it adds what it did not know and marks what is no longer where it was; it never takes anything away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.records import subject_ref
from core.kernel.wiring import ask
from core.lifecycle.services import perform
from core.trail.services.sets import Stage, literal
from traceability.models import Hold, Lot, Recall, RecallLine, RecallOrder, SerializedUnit, ShipmentLine
from traceability.queries.recall_scope import FOUND, NODES, read_nodes, read_places
from traceability.questions import OpenOrder, OpenOrdersWith
from traceability.services.asking import follow_lines
from traceability.services.movements import refuse

READ_AT_ONCE = 500
STEPS = 5

Progress = Callable[[int, int, str], None]

_SAME = """
b.lot_id IS NOT DISTINCT FROM f.lot_id AND b.unit_id IS NOT DISTINCT FROM f.unit_id AND b."where" = f.found_at
AND b.location_id IS NOT DISTINCT FROM f.location_id AND b.shipment_line_id IS NOT DISTINCT FROM f.line_id
AND (b.trouble = f.trouble OR b.settled = 'moved')
"""

# Joined by lot and by unit, each with its index: IS NOT DISTINCT FROM alone would compare every line with every row.
_KNOWN = """
CREATE TEMPORARY TABLE recall_known ON COMMIT DROP AS
SELECT l.* FROM traceability_recallline l
WHERE l.recall_id = %(recall)s AND (SELECT x.id FROM traceability_recallline x WHERE x.supersedes_id = l.id) IS NULL
"""

_HERE = f"SELECT f.lot_id, f.unit_id FROM {FOUND} f WHERE f.found_at IN ('site', 'production')"

_LOTS_TO_HOLD = f"""
SELECT h.id FROM (
  SELECT DISTINCT coalesce(f.lot_id, u.lot_id) AS id
  FROM ({_HERE}) f LEFT JOIN traceability_serializedunit u ON u.id = f.unit_id
  WHERE f.lot_id IS NOT NULL OR EXISTS (SELECT FROM recall_node n WHERE n.kind = 1 AND n.id = u.lot_id)
) h
WHERE NOT EXISTS (
  SELECT FROM traceability_hold x WHERE x.lot_id = h.id AND x.source_type_id = %(kind)s AND x.source_id = %(recall)s)
"""
"""Lots of which something is here: themselves or their units. A hold on the lot covers its units."""

_UNITS_TO_HOLD = f"""
SELECT DISTINCT f.unit_id AS id FROM ({_HERE}) f JOIN traceability_serializedunit u ON u.id = f.unit_id
WHERE NOT EXISTS (SELECT FROM recall_node n WHERE n.kind = 1 AND n.id = u.lot_id)
  AND NOT EXISTS (SELECT FROM traceability_hold x WHERE x.unit_id = u.id AND x.source_type_id = %(kind)s
                  AND x.source_id = %(recall)s)
"""

_LOCKS = (
    f"SELECT id FROM traceability_lot WHERE id IN (SELECT coalesce(f.lot_id, u.lot_id) FROM ({_HERE}) f"
    " LEFT JOIN traceability_serializedunit u ON u.id = f.unit_id) ORDER BY id FOR NO KEY UPDATE",
    f"SELECT id FROM traceability_serializedunit WHERE id IN (SELECT f.unit_id FROM ({_HERE}) f)"
    " ORDER BY id FOR NO KEY UPDATE",
)
"""Lots by id, then units by id, before any of them is read for a hold: the order of every other deed."""

_LOTS_FOUND = RawSQL(f"SELECT n.id FROM {NODES} n WHERE n.kind = 1", ())
_UNITS_FOUND = RawSQL(f"SELECT n.id FROM {NODES} n WHERE n.kind = 2", ())
_LOTS_HERE = RawSQL(f"SELECT f.lot_id FROM {FOUND} f WHERE f.found_at = 'site' AND f.lot_id IS NOT NULL", ())
"""As queries: PostgreSQL joins them, whatever their number."""


def _silent(done: int, total: int, text: str) -> None:
    """Nobody watches."""


@service
def trace_recall(*, recall: Recall, actor: Any, progress: Progress = _silent) -> Recall:
    """Search everything that a running recall reaches as of now, and write what is new of it.

    A recall also places a hold on each lot or unit of which something is still here; a drill does not. Raises `Blocked`
    for one that is not running.
    """
    locked = Recall.objects.select_for_update(of=("self",), no_key=True).select_related("site").get(pk=recall.pk)
    if locked.status not in ("tracing", "deciding"):
        raise refuse(
            "recall_status",
            _("%(recall)s is “%(state)s”; only a running one is traced.")
            % {"recall": locked, "state": locked.get_status_display()},
            _("Start it first, or prepare another one."),
            locked,
        )
    progress(0, STEPS, _("Following what they went into"))
    nodes = read_nodes(
        locked, lambda found: progress(0, STEPS, _("Followed to %(count)d lots and units") % {"count": found})
    )
    progress(1, STEPS, _("Finding where %(count)d lots and units are") % {"count": nodes})
    if not locked.is_drill:
        read_places()
        with connection.cursor() as cursor:
            for statement in _LOCKS:
                cursor.execute(statement)
            # Read again: what moved while the locks were waited for is told as it is now.
            cursor.execute(f"DROP TABLE {FOUND}")
    found = read_places()
    progress(2, STEPS, _("Writing %(count)d lines") % {"count": found})
    _write_lines(locked)
    if not locked.is_drill:
        progress(3, STEPS, _("Placing holds on what is still here"))
        _hold_what_is_here(recall=locked, actor=actor, progress=progress, reason=locked.reason)
    progress(4, STEPS, _("Asking which open orders have it"))
    _write_orders(locked)
    locked.traced_at = now()
    locked.save()
    if locked.status == "tracing":
        perform(locked, "traced", actor=actor)
    else:
        follow_lines(locked, actor)
    progress(STEPS, STEPS, _("Found: %(count)d lots and units") % {"count": nodes})
    return locked


def _write_lines(recall: Recall) -> None:
    """New lines for what was not known, newer lines where a quantity changed, and lines of zero for what is gone."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS recall_known")
        cursor.execute(_KNOWN, {"recall": recall.pk})
        cursor.execute("CREATE INDEX ON recall_known (lot_id)")
        cursor.execute("CREATE INDEX ON recall_known (unit_id)")
        cursor.execute("ANALYZE recall_known")
    stage = Stage(table=FOUND, errors="", params={"recall": recall.pk})
    values = {
        "recall_id": "%(recall)s",
        "lot_id": "f.lot_id",
        "unit_id": "f.unit_id",
        "material_id": "f.material_id",
        "where": "f.found_at",
        "location_id": "f.location_id",
        "shipment_line_id": "f.line_id",
        "customer_id": "f.customer_id",
        "quantity": "f.quantity",
        "trouble": "f.trouble",
        "settled": "f.settled",
        "supersedes_id": "b.id",
    }
    for side in ("lot_id", "unit_id"):
        stage.insert_from(
            RecallLine,
            values,
            source=f"{FOUND} f LEFT JOIN recall_known b ON b.{side} = f.{side} AND {_SAME}"
            f" WHERE f.{side} IS NOT NULL AND (b.id IS NULL OR b.quantity <> f.quantity OR b.settled <> f.settled)"
            f" ORDER BY f.{side}",
        )
    gone = {name: f"b.{name}" for name in values if name not in ("recall_id", "where", "supersedes_id")}
    gone |= {"recall_id": "%(recall)s", "where": 'b."where"', "quantity": "0", "settled": "'moved'"}
    for side in ("lot_id", "unit_id"):
        stage.insert_from(
            RecallLine,
            {**gone, "supersedes_id": "b.id"},
            source=f"recall_known b WHERE b.{side} IS NOT NULL AND b.settled <> 'moved'"
            f" AND NOT EXISTS (SELECT FROM {FOUND} f WHERE f.{side} = b.{side} AND {_SAME}) ORDER BY b.id",
        )


@service
def _hold_what_is_here(*, recall: Recall, actor: Any, progress: Progress, reason: str) -> None:
    """One hold for each lot, or for each unit whose lot is not affected itself; none where this recall placed one.

    One statement for lots and one for units write holds, their history and their Transitions; the triggers judge each
    row as always. Nobody listens to the birth of a hold: no event is published for each of a million.
    """
    stage = Stage(
        table="",
        errors="",
        params={
            "recall": recall.pk,
            "kind": ContentType.objects.get_for_model(Recall).pk,
            "label": str(recall),
            "why": _("%(recall)s: %(reason)s") % {"recall": recall, "reason": recall.reason},
            "placed_at": now(),
        },
    )
    values = {
        "site_id": "g.site_id",
        "reason": "%(why)s",
        "status": "'open'",
        "placed_by_id": "%(_actor)s",
        "placed_at": "%(placed_at)s",
        "source_type_id": "%(kind)s",
        "source_id": "%(recall)s",
        "source_label": "%(label)s",
    }
    # A hold is called as the model calls it, with the number that only the statement knows.
    before, after = (literal(part) for part in str(Hold(pk=0)).split("0"))
    name = f"{before} || made.id || {after}"
    placed = 0
    for side, model, statement in (("lot_id", Lot, _LOTS_TO_HOLD), ("unit_id", SerializedUnit, _UNITS_TO_HOLD)):
        placed += stage.insert_from(
            Hold,
            {**values, side: "g.id"},
            source=f"{model._meta.db_table} g WHERE g.id IN ({statement}) ORDER BY g.id",
            label=name,
        )
        progress(3, STEPS, _("%(count)d holds placed") % {"count": placed})


def _write_orders(recall: Recall) -> None:
    """The open orders that have affected lots, as those who know them tell, and drafts of shipments; each once."""
    known = set(recall.orders.values_list("source_type", "source_id", "how", "lot_id"))
    orders: list[RecallOrder] = []
    told = ask(OpenOrdersWith(lots=_LOTS_FOUND, here=_LOTS_HERE, units=_UNITS_FOUND))
    for one in [*told, *_shipments_to_be()]:
        kind = ContentType.objects.get_for_model(one.order)
        key = (kind.pk, one.order.pk, one.how, one.lot_id)
        if key not in known:
            known.add(key)
            orders.append(
                RecallOrder(recall=recall, how=one.how, lot_id=one.lot_id, **subject_ref(one.order, "source"))
            )
    RecallOrder.objects.bulk_create(orders, batch_size=1000)


def _shipments_to_be() -> Iterator[OpenOrder]:
    """The drafts of shipments with affected lots or units."""
    drafts = ShipmentLine.objects.filter(Q(lot__in=_LOTS_FOUND) | Q(unit__in=_UNITS_FOUND), shipment__status="draft")
    for line in drafts.select_related("shipment").order_by("pk").iterator(chunk_size=READ_AT_ONCE):
        yield OpenOrder(line.shipment, RecallOrder.How.SENDS, line.lot_id)
