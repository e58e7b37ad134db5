"""Imports: read, stage by COPY, validate set-based, write in one transaction, or change nothing at all."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.files import blobs
from core.files.media import clean_name
from core.files.services import record_attachment
from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from core.organization.services import require
from core.trail.services.sets import Stage
from integrations.models import ImportApproval, ImportBatch
from integrations.services import folders, workbooks
from integrations.services.kinds import KINDS, ImportKind
from integrations.services.mapping import ColumnMapping, parse_mapping
from integrations.services.reading import MAX_BYTES, Issue, Row, read_rows
from integrations.services.report import VERDICTS, ImportReport, Verdict, applied

__all__ = ["ImportReport", "Verdict", "applied", "import_records", "is_large", "request_import"]

APPLY = "integrations.apply_importbatch"
IMPORT_JOB = "integrations.import"
ROWS_AT_ONCE = 2_000
"""Rows that a request still waits for: 0.2 s on an idle machine, 2 s on a busy one. More go to a worker."""
ROW_OF_A_SHEET = 200
"""Bytes that a row of a workbook takes, unpacked: at least that much in what real systems write."""
STAGING = "import_staging"
ERRORS = "import_errors"


def kind_named(name: str) -> ImportKind:
    """The kind of this name; `Blocked` in words when there is none."""
    if name not in KINDS:
        raise Blocked(
            Blocker(
                "unknown_kind",
                _("There is nothing to import by the name “%(name)s”.") % {"name": name},
                remedy=_("Choose one of %(known)s.") % {"known": ", ".join(KINDS)},
            )
        )
    return KINDS[name]


def is_large(data: bytes) -> bool:
    """Whether a file has more rows than a request should wait for."""
    if workbooks.is_workbook(data):
        return workbooks.unpacked(data) > ROWS_AT_ONCE * ROW_OF_A_SHEET
    return data.count(b"\n") > ROWS_AT_ONCE


def allowed_kind(kind: str, site: Site | None, actor: Any) -> ImportKind:
    """The kind, where the person may import it at this site. Raises `Blocked`."""
    chosen = kind_named(kind)
    require(actor, APPLY, site)
    if chosen.needs_site and site is None:
        raise Blocked(
            Blocker("site_needed", _("These rows belong to a site."), remedy=_("Choose the site they belong to."))
        )
    return chosen


def prepared(kind: str, mapping: str, site: Site | None, actor: Any) -> tuple[ImportKind, ColumnMapping]:
    """What can be judged before the file is read."""
    chosen = allowed_kind(kind, site, actor)
    return chosen, parse_mapping(mapping, chosen.fields)


@service
def request_import(
    *,
    kind: str,
    sha256: str,
    file_name: str,
    mapping: str,
    actor: Any,
    site: Site | None = None,
    dry_run: bool = False,
    approval: ImportApproval | None = None,
    reason: str = "",
) -> BackgroundJob:
    """Have a file that waits (`core.files.waiting`) imported by a worker; asked twice, it is done once.

    Raises at once what needs no look into the file, as `import_records` does.
    """
    chosen, _parsed = prepared(kind, mapping, site, actor)
    signed = None if approval is None else approval.pk
    about = json.dumps([actor.pk, kind, sha256, mapping, None if site is None else site.pk, dry_run, signed])
    return enqueue(
        IMPORT_JOB,
        actor=actor,
        title=(_("Dry run: %(kind)s from %(file)s") if dry_run else _("Import: %(kind)s from %(file)s"))
        % {"kind": chosen.label, "file": file_name},
        unique_key=f"{IMPORT_JOB} {hashlib.sha256(about.encode()).hexdigest()}",
        kind=kind,
        sha256=sha256,
        file_name=file_name,
        mapping=mapping,
        site_id=None if site is None else site.pk,
        approval_id=signed,
        apply=not dry_run,
        reason=reason,
    )


@service
def import_records(
    *,
    kind: str,
    data: bytes,
    file_name: str,
    mapping: str,
    actor: Any,
    site: Site | None = None,
    dry_run: bool = False,
    approval: ImportApproval | None = None,
    reason: str = "",
) -> ImportReport:
    """Import a file of one kind by a mapping in YAML, all rows or none.

    Every line gets a verdict. With a single error nothing is written and the report names line and column. A second
    run of the same file changes nothing. Raises `Blocked` without the right or the site, and where the rows would not
    become what `approval` was signed for; `MappingError` for a mapping that cannot be used.
    """
    chosen, parsed = prepared(kind, mapping, site, actor)
    rows, issues = read_rows(data, parsed, chosen.fields)
    report = ImportReport(kind=kind, rows=len(rows), issues=issues)
    if not rows:
        return report
    if not dry_run:
        _one_at_a_time(kind)
    stage = _stage(chosen, rows, parsed, site)
    chosen.check(stage)
    report.issues = sorted([*issues, *_found(stage, parsed)], key=lambda issue: (issue.line, issue.field))
    report.verdicts = _verdicts(stage, chosen, rows, issues, tell_new=dry_run)
    if dry_run or report.issues:
        return report
    sha256 = hashlib.sha256(data).hexdigest()
    if approval is not None:
        _refuse_other_than_signed(approval, sha256, parsed, report)
    chosen.write(stage)
    report.batch = ImportBatch.objects.create(
        site=site if chosen.needs_site else None,
        kind=kind,
        file_name=file_name[:200],
        file_sha256=sha256,
        mapping=dict(parsed.raw),
        rows=len(rows),
        writes=[{"model": w.model._meta.label, "kind": w.kind, "ranges": w.ranges} for w in stage.written],
        approval=approval,
        **report.totals,
    )
    _keep_file(report.batch, data, file_name, actor)
    return report


def _refuse_other_than_signed(
    approval: ImportApproval, sha256: str, mapping: ColumnMapping, report: ImportReport
) -> None:
    signed = (approval.file_sha256, approval.mapping, {name: getattr(approval, name) for name in VERDICTS})
    if signed != (sha256, dict(mapping.raw), report.totals):
        raise Blocked(
            Blocker(
                "not_as_signed",
                _("The rows would no longer become what was signed; somebody changed records meanwhile."),
                record=approval,
                remedy=_("Run the dry run again, then sign what it says."),
            )
        )
    done = ImportBatch.objects.filter(approval=approval).first()
    if done is not None:
        raise Blocked(
            Blocker("applied", _("This was imported already."), record=done, remedy=_("Open the import and see."))
        )


def _keep_file(batch: ImportBatch, data: bytes, file_name: str, actor: Any) -> None:
    """The file stays with the record of its import, byte for byte."""
    media_type = "text/csv"
    if folders.is_folder(data):
        media_type = "application/zip"
    elif workbooks.is_workbook(data):
        media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    blob = blobs.store([data], limit=MAX_BYTES)
    name = clean_name(file_name, media_type)
    record_attachment(
        to=batch, blob=blob, media_type=media_type, name=name, caption=_("The imported file"), actor=actor
    )


def _one_at_a_time(kind: str) -> None:
    """A second import of the kind waits here and then sees what the first one wrote: twice pressed is written once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {kind}"])


def _stage(kind: ImportKind, rows: Sequence[Row], mapping: ColumnMapping, site: Site | None) -> Stage:
    columns = [target.name for target in kind.fields]
    declared = ", ".join(f'"{name}" text' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{STAGING}, pg_temp.{ERRORS}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGING} (line int, verdict text NOT NULL DEFAULT '', key bigint, changes jsonb,"
            f" {declared}) ON COMMIT DROP"
        )
        cursor.execute(f"CREATE TEMPORARY TABLE {ERRORS} (line int, field text, message text) ON COMMIT DROP")
        names = ", ".join(f'"{name}"' for name in columns)
        with cursor.copy(f"COPY {STAGING} (line, {names}) FROM STDIN") as copy:
            for row in rows:
                if not row.skipped:
                    copy.write_row((row.line, *(row.values[name] for name in columns)))
        cursor.execute(f"ANALYZE {STAGING}")
    return Stage(STAGING, ERRORS, {"origin": mapping.origin, "site": None if site is None else site.pk})


def _found(stage: Stage, mapping: ColumnMapping) -> list[Issue]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line, field, message FROM {stage.errors} ORDER BY line, field")
        found = cursor.fetchall()
    issues = []
    for line, name, message in found:
        source = mapping.columns.get(name)
        column = "" if source is None else source.column or ", ".join(map(str, source.join)) or _("constant")
        issues.append(Issue(line, str(column), name, message))
    return issues


def _verdicts(
    stage: Stage, kind: ImportKind, rows: Sequence[Row], issues: Sequence[Issue], *, tell_new: bool
) -> list[Verdict]:
    """The verdict of every row; `tell_new`: with what each new row would hold, for whoever signs it."""
    changes = "changes"
    if tell_new:
        told = ", ".join(f"('{f.name}', s.\"{f.name}\")" for f in kind.fields if f.name != kind.key)
        given = f"SELECT jsonb_agg(jsonb_build_array(v.f, NULL, v.n)) FROM (VALUES {told}) v (f, n) WHERE v.n <> ''"
        changes = f"CASE WHEN verdict = 'created' THEN ({given}) ELSE changes END"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line, coalesce(\"{kind.key}\", ''), verdict, {changes} FROM {stage.table} s")
        verdicts = [
            Verdict(line, key, verdict, json.loads(found) if found else [])
            for line, key, verdict, found in cursor.fetchall()
        ]
    undecided = [v.line for v in verdicts if not v.verdict]
    if undecided:
        raise RuntimeError(f"{kind.name}: line {undecided[0]} got no verdict")
    verdicts += [Verdict(row.line, "", "skipped") for row in rows if row.skipped]
    verdicts += [Verdict(line, "", "wrong") for line in {issue.line for issue in issues}]
    return sorted(verdicts, key=lambda verdict: verdict.line)
