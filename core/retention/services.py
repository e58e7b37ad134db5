"""Disposal after retention: proposed, signed by a second person, carried out as the owner of the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import begin, perform
from core.organization.services import require
from core.retention.models import Disposal
from core.retention.queries import chosen_rows, digest_of_rows, disposal_blockers, is_signed, referring, table_of
from core.trail.queries.sealed import quoted
from core.trail.services.enforcement import protect_also

MAY_DELETE = """
CREATE OR REPLACE FUNCTION trail_is_disposed(wanted text, wanted_key bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM core_retention_disposal d, jsonb_array_elements(d.ranges) r
    WHERE d.status = 'approved' AND d."table" = wanted
      AND wanted_key BETWEEN (r ->> 0)::bigint AND (r ->> 1)::bigint
  );
END $$;
"""
"""A permanent row may be deleted exactly while an approved disposal names it; the app's role has no right to anyway."""


@protect_also
def allow_signed_disposals(present: set[str]) -> str:
    """The SQL by which the trail's triggers know a signed disposal."""
    return MAY_DELETE if Disposal._meta.db_table in present else ""


@service
def propose_disposal(*, table: str, before: dt.datetime, basis: str, actor: Any) -> Disposal:
    """Name the rows of a table that were written before a time. Raises `Blocked` with every reason against it."""
    require(actor, "core_retention.add_disposal")
    found = table_of(table)
    if found is None:
        raise Blocked(
            Blocker("unknown_table", _("%(table)s is no table of history or facts.") % {"table": table},
                    remedy=_("Choose one of the list."))
        )  # fmt: skip
    if before > now():
        raise Blocked(
            Blocker("not_old", _("The time lies in the future."), remedy=_("Choose the end of the retention."))
        )
    chosen = chosen_rows(found, before)
    blockers = list(disposal_blockers(found, chosen))
    if blockers:
        raise Blocked(blockers)
    rows, digest = digest_of_rows(table, chosen.ranges)
    disposal = Disposal(
        table=table, before=before, ranges=chosen.ranges, rows=rows, digest=digest, basis=basis, proposed_by=actor,
    )  # fmt: skip
    return begin(disposal, actor=actor)


@service
def carry_out_disposal(*, disposal: Disposal, actor: Any) -> Disposal:
    """Delete exactly the rows that the signed disposal names, as the owner of the tables.

    Raises `Blocked`, with nothing deleted, when it is not signed, the rows are not those that were signed, or something
    refers to them by now.
    """
    present = Disposal.objects.select_for_update().get(pk=disposal.pk)
    table = table_of(present.table)
    if present.status != "approved" or not is_signed(present) or table is None:
        raise Blocked(
            Blocker("not_signed", _("This disposal is not approved by a signature that fits it."), record=present,
                    remedy=_("Have it approved, or propose it anew."))
        )  # fmt: skip
    used = [f"{model._meta.verbose_name_plural} ({count})" for model, count in referring(table.model, present.ranges)]
    deleted = 0
    if not used:
        with connection.cursor() as cursor:
            for first, last in present.ranges:
                cursor.execute(
                    f"DELETE FROM {quoted(table.name)} WHERE {quoted(table.key)} BETWEEN %s AND %s", [first, last]
                )
                deleted += cursor.rowcount
    if used or (deleted, present.digest) != (present.rows, digest_of_rows(present.table, present.ranges)[1]):
        raise Blocked(
            Blocker(
                "not_what_was_signed",
                _("Nothing was deleted: %(found)d rows were found, %(signed)d were signed. Still used by: %(used)s.")
                % {"found": deleted, "signed": present.rows, "used": ", ".join(used) or _("nothing")},
                record=present,
                remedy=_("Run manage.py verify_records, then withdraw this disposal and propose another."),
            )
        )
    return perform(present, "carry_out", actor=actor)
