"""What may be disposed of: old rows that are sealed, unchanged since, and that nothing refers to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.kernel.records import RecordClass, record_class
from core.signing.queries import manifest
from core.trail.queries.proving import sealable_table
from core.trail.queries.sealed import KEY_BYTES, SealableTable, quoted, sealable_tables, sealed_rows_between
from core.trail.queries.verifying import differing_rows

MOST_ROWS = 200_000
MOST_RANGES = 1_000
ROOTS_OF_TRUST = frozenset({"core_signing_signature", "core_lifecycle_transition", "core_retention_historicaldisposal"})
"""Tables that say for other rows who signed, moved or disposed of them: nothing is disposed of here."""


@dataclass
class Chosen:
    """The rows in question: their keys in order, and the runs of keys that hold no other row."""

    keys: list[int] = field(default_factory=list)
    ranges: list[list[int]] = field(default_factory=list)


def disposable_tables() -> list[SealableTable]:
    """The tables of history and facts that a disposal may name."""
    return [table for table in sealable_tables() if table.name not in ROOTS_OF_TRUST]


def chosen_rows(table: SealableTable, before: dt.datetime) -> Chosen:
    """Rows written before this time; of history, those of records that no longer exist."""
    gone = ""
    if record_class(table.model) is RecordClass.HISTORY:
        base = table.model.instance_type._meta.db_table  # type: ignore[attr-defined]
        gone = f" AND NOT EXISTS (SELECT FROM {quoted(base)} b WHERE b.id = t.id)"
    key = f"t.{quoted(table.key)}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {key}, t.{quoted(table.at)} < %s{gone} FROM {quoted(table.name)} t ORDER BY 1 LIMIT %s",
            [before, 10 * MOST_ROWS],
        )
        found = Chosen()
        is_running = False
        for pk, is_chosen in cursor.fetchall():
            if is_chosen:
                found.keys.append(pk)
                if is_running:
                    found.ranges[-1][1] = pk
                else:
                    found.ranges.append([pk, pk])
            is_running = is_chosen
        return found


def digest_of_rows(table: str, ranges: list[list[int]]) -> tuple[int, str]:
    """How many sealed rows lie in these runs of keys, and the digest over their keys and leaf hashes."""
    count, digest = 0, sha256()
    for first, last in ranges:
        for key, leaf in sorted(sealed_rows_between(table, first, last).items()):
            digest.update(key.to_bytes(KEY_BYTES, signed=True) + leaf)
            count += 1
    return count, digest.hexdigest()


def _about(ranges: list[list[int]], name: str) -> Q:
    found = Q()
    for first, last in ranges:
        found |= Q(**{f"{name}__gte": first, f"{name}__lte": last})
    return found


def referring(model: type[models.Model], ranges: list[list[int]]) -> Iterator[tuple[type[models.Model], int]]:
    """Tables whose rows refer to one of these, and how many of them."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        link: Any = relation
        if link.field.db_constraint:
            count = link.related_model._base_manager.filter(_about(ranges, link.field.attname)).count()
            if count:
                yield link.related_model, count


def _blocker(code: str, message: str, remedy: str) -> Blocker:
    return Blocker(code, message, remedy=remedy)


def disposal_blockers(table: SealableTable, chosen: Chosen) -> Iterator[Blocker]:
    """Why these rows may not be disposed of."""
    if table.name in ROOTS_OF_TRUST:
        yield _blocker(
            "root_of_trust", _("Signatures, transitions and disposals are kept as long as the system."),
            _("Choose another table."),
        )  # fmt: skip
        return
    if not chosen.keys:
        yield _blocker(
            "nothing_old",
            _("There are no such rows; the history of a record that still exists is kept with it."),
            _("Choose a later date or another table."),
        )
        return
    if len(chosen.keys) > MOST_ROWS or len(chosen.ranges) > MOST_RANGES:
        yield _blocker(
            "too_many", _("One disposal names at most %(rows)d rows in %(runs)d runs of keys.")
            % {"rows": MOST_ROWS, "runs": MOST_RANGES}, _("Choose an earlier date."),
        )  # fmt: skip
        return
    for model, count in referring(table.model, chosen.ranges):
        words = {"count": count, "records": model._meta.verbose_name_plural}
        yield _blocker(
            "still_used", _("Rows of %(records)s refer to them (%(count)d).") % words,
            _("Dispose of those first, or choose an earlier date."),
        )  # fmt: skip
    differing = differing_rows(table, chosen.keys, chosen.ranges)
    if differing:
        yield _blocker(
            "not_as_sealed",
            _("%(count)d of these rows are not sealed, or are not what was sealed, or are gone: %(keys)s.")
            % {"count": len(differing), "keys": ", ".join(map(str, differing[:10]))},
            _("Seal first; if it stays, run manage.py verify_records and find out why."),
        )


def rows_present(disposal: Any) -> int:
    """How many of the rows that a disposal names are still in their table."""
    table = sealable_table(disposal.table)
    if table is None:
        return 0
    return table.model._base_manager.filter(_about(disposal.ranges, table.key)).count() if disposal.ranges else 0


def is_signed(disposal: Any) -> bool:
    """Whether the approval's signature is there and still fits what the disposal says."""
    return any(state.intact and state.signature.meaning == "approved" for state in manifest(disposal))


def table_of(name: str) -> SealableTable | None:
    """The table of history or facts of this name."""
    return sealable_table(name)
