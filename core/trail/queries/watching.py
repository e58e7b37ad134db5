"""Is the trail being sealed? The age of what waits, the running alarm, and the chain as others read it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.trail.models import Seal, TrailEvent
from core.trail.queries.sealed import newest_seal, present_cluster, quoted, sealable_tables

ALARM_KEY = "trueline-trail-alarm"
VERIFIED = "records_verified"


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be, and what to do."""

    code: str
    text: str
    remedy: str


@dataclass(frozen=True)
class Waiting:
    """What waits to be sealed: since when, and whether an open transaction is in the way."""

    since: dt.datetime
    held_by_transaction: bool


def oldest_unsealed() -> Waiting | None:
    """The oldest row that no seal holds yet; None when every row is sealed."""
    last = newest_seal()
    here = present_cluster()
    is_elsewhere = last is not None and here.identifier != last.system_identifier
    begin = 0 if last is None or is_elsewhere else last.tx_to
    parts = [
        f"(SELECT {table.at} AS at, {table.txid} AS txid FROM {quoted(table.name)} WHERE {table.txid} >= {begin}"
        f" ORDER BY {table.txid} LIMIT 1)"
        for table in sealable_tables()
    ]
    if is_elsewhere and last is not None:
        return Waiting(last.sealed_at, held_by_transaction=False)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT at, txid FROM ({' UNION ALL '.join(parts)}) waiting ORDER BY at LIMIT 1")
        row = cursor.fetchone()
    return None if row is None else Waiting(row[0], held_by_transaction=row[1] >= here.horizon)


def stall_findings() -> list[Finding]:
    """Rows that have waited for a seal too long, and why."""
    waiting = oldest_unsealed()
    limit: dt.timedelta = settings.TRUELINE_SEAL_LIMIT
    if waiting is None or now() - waiting.since <= limit:
        return []
    minutes = {"minutes": int((now() - waiting.since).total_seconds() // 60)}
    if waiting.held_by_transaction:
        return [
            Finding(
                "stalled",
                _("Nothing was sealed for %(minutes)d minutes: a transaction was left open in the database.") % minutes,
                _("Find it in pg_stat_activity (smallest backend_xid) and end it."),
            )
        ]
    return [
        Finding(
            "not_sealing",
            _("Rows have waited %(minutes)d minutes for a seal: the sealing worker does not work.") % minutes,
            _("Start it, or look into its log; manage.py doctor says more."),
        )
    ]


def alarm_texts() -> list[str]:
    """The running alarm as the last watch found it, for the banner of every page; reads the cache only."""
    texts: list[str] = cache.get(ALARM_KEY) or []
    return texts


def seals_since(number: int) -> QuerySet[Seal]:
    """Seals after this number, first ones first, with their tables."""
    return Seal.objects.filter(number__gt=number).order_by("number").prefetch_related("tables", "time_stamps")


def last_verification() -> TrailEvent | None:
    """The outcome of the last verification that somebody asked for."""
    return TrailEvent.objects.filter(kind=VERIFIED).select_related("actor").order_by("-id").first()
