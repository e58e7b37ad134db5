"""Exports of the trail: asked for, made in the background, and kept in the trail themselves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import service
from core.organization.services import require
from core.trail.models import TrailEvent
from core.trail.queries.browsing import Search, all_keys
from core.trail.queries.sources import Reach
from core.trail.queries.telling import Told, tell
from core.trail.services import note
from core.web.export import csv_lines

EXPORT_JOB = "core_oversight.export_trail"
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@service
def request_export(*, search: Search, format: str, actor: Any) -> BackgroundJob:
    """Ask for a file of every entry of the trail that fits and that the person may see."""
    require(actor, EXPORT_JOB)
    if format not in MEDIA_TYPES:
        raise ValueError(f"unknown format {format!r}")
    title = _("Export of the trail (%(format)s)") % {"format": format.upper()}
    return enqueue(EXPORT_JOB, actor=actor, title=title, max_attempts=2, search=search.as_dict(), format=format)


@service
def note_trail_export(
    *, actor: Any, search: dict[str, Any], format: str, rows: int, sha256: str, job: int
) -> TrailEvent:
    """Keep who exported what of the trail: the filter, how many entries, and the digest of the file."""
    found = {"filter": search, "format": format, "rows": rows, "sha256": sha256, "job": job}
    return note(kind="trail_exported", actor=actor, text=_("Trail"), data=found)


def told_entries(actor: Any, search: Search, zone: ZoneInfo) -> Iterator[list[Told]]:
    """Every entry that fits, some at a time."""
    reach = Reach(actor)
    for keys in all_keys(reach, search):
        yield tell(reach, keys, zone)


def csv_of(entries: Iterable[Told]) -> Iterator[str]:
    """A line for each value that an entry tells of; an entry without any has one line. Formulas are neutralised."""
    header = (
        _("When"), _("Who"), _("User name"), _("Kind"), _("Record"), _("Deed"), _("Field"), _("Old"), _("New"),
        _("Why"), _("Detail"), _("Through"), _("Table"), _("Row"),
    )  # fmt: skip
    return csv_lines(header, (line for entry in entries for line in _lines(entry)))


def _lines(entry: Told) -> Iterator[tuple[Any, ...]]:
    head = (entry.at, entry.who, entry.username, entry.kind, entry.what, entry.deed)
    tail = (entry.reason, entry.detail, entry.through, entry.table, entry.key)
    for change in entry.changes:
        yield (*head, change.label, change.old, change.new, *tail)
    if not entry.changes:
        yield (*head, "", "", "", *tail)


def json_of(entries: Iterable[Told], *, actor: Any, search: dict[str, Any]) -> Iterator[str]:
    """One document: the filter, then an object for each entry."""
    head = json.dumps({"exported_at": now().isoformat(), "exported_by": actor.username, "filter": search})
    yield f'{head[:-1]}, "entries": [\n'
    separator = ""
    for entry in entries:
        found = {name: value for name, value in entry.__dict__.items() if name not in ("changes", "url", "tone")}
        found["at"] = entry.at.isoformat()
        found["changes"] = [change.__dict__ for change in entry.changes]
        yield separator + json.dumps(found, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"
