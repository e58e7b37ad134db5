"""Imports: read, stage by COPY, validate set-based, write in one transaction, or change nothing at all."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.jobs.models import BackgroundJob
from core.jobs.services import enqueue
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from core.organization.services import require
from core.trail.services.sets import Stage
from integrations.models import ImportBatch
from integrations.services.kinds import KINDS, ImportKind
from integrations.services.mapping import ImportMapping, parse_mapping
from integrations.services.reading import Issue, Row, read_rows

IMPORT_JOB = "integrations.import"
ROWS_AT_ONCE = 2_000
"""Rows that a request still waits for: 0.2 s on an idle machine, 2 s on a busy one. More go to a worker."""
STAGING = "import_staging"
ERRORS = "import_errors"
TOLD = 1000
"""Lines that one refusal tells of."""


@dataclass(frozen=True)
class Verdict:
    """What an import does, or would do, with one line."""

    line: int
    key: str
    verdict: str


@dataclass
class ImportReport:
    """The result of an import or its dry run: verdicts of all lines, or the errors that stopped it."""

    kind: str
    rows: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    batch: ImportBatch | None = None

    @property
    def totals(self) -> dict[str, int]:
        """How many lines are created, changed, unchanged, skipped."""
        counted = Counter(verdict.verdict for verdict in self.verdicts)
        return {name: counted.get(name, 0) for name in ("created", "changed", "unchanged", "skipped")}

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON for programs."""
        return {
            "kind": self.kind,
            "rows": self.rows,
            "totals": self.totals,
            "applied": self.batch is not None,
            "errors": [vars(issue) for issue in self.issues],
            "verdicts": [vars(verdict) for verdict in self.verdicts],
        }

    @classmethod
    def of_dry_run(cls, told: dict[str, Any]) -> ImportReport:
        """The report of a dry run from what `as_dict` told."""
        return cls(
            kind=told["kind"],
            rows=told["rows"],
            issues=[Issue(**issue) for issue in told["errors"]],
            verdicts=[Verdict(**verdict) for verdict in told["verdicts"]],
        )


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
    return data.count(b"\n") > ROWS_AT_ONCE


def _prepared(kind: str, mapping: str, site: Site | None, actor: Any) -> tuple[ImportKind, ImportMapping]:
    """What can be judged before the file is read."""
    chosen = kind_named(kind)
    require(actor, "integrations.apply_importbatch", site)
    if chosen.needs_site and site is None:
        raise Blocked(
            Blocker("site_needed", _("These rows belong to a site."), remedy=_("Choose the site they belong to."))
        )
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
    reason: str = "",
) -> BackgroundJob:
    """Have a file that waits (`core.files.waiting`) imported by a worker; asked twice, it is done once.

    Raises at once what needs no look into the file, as `import_records` does.
    """
    chosen, _parsed = _prepared(kind, mapping, site, actor)
    about = json.dumps([actor.pk, kind, sha256, mapping, None if site is None else site.pk, dry_run])
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
    reason: str = "",
) -> ImportReport:
    """Import a file of one kind by a mapping in YAML, all rows or none.

    Every line gets a verdict. With a single error nothing is written and the report names line and column. A second
    run of the same file changes nothing. Raises `Blocked` without the right or the site, `MappingError` for a mapping
    that cannot be used.
    """
    chosen, parsed = _prepared(kind, mapping, site, actor)
    rows, issues = read_rows(data, parsed, chosen.fields)
    report = ImportReport(kind=kind, rows=len(rows), issues=issues)
    if issues:
        return report
    if not dry_run:
        _one_at_a_time(kind)
    stage = _stage(chosen, rows, parsed, site)
    chosen.check(stage)
    report.issues = _found(stage, chosen, parsed)
    if report.issues:
        return report
    report.verdicts = _verdicts(stage, chosen, rows)
    if dry_run:
        return report
    chosen.write(stage)
    totals = report.totals
    report.batch = ImportBatch.objects.create(
        site=site if chosen.needs_site else None,
        kind=kind,
        file_name=file_name[:200],
        file_sha256=hashlib.sha256(data).hexdigest(),
        mapping=dict(parsed.raw),
        rows=len(rows),
        **totals,
    )
    return report


def applied(report: ImportReport) -> ImportBatch:
    """What an import wrote; `Blocked` with every line that is wrong by now where it wrote nothing."""
    if report.batch is None:
        remedy = _("Correct the file or the plant's records, then run the dry run again.")
        said = _("Line %(line)s, %(field)s: %(message)s")
        raise Blocked([Blocker("import_error", said % vars(issue), remedy=remedy) for issue in report.issues[:TOLD]])
    return report.batch


def _one_at_a_time(kind: str) -> None:
    """A second import of the kind waits here and then sees what the first one wrote: twice pressed is written once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {kind}"])


def _stage(kind: ImportKind, rows: Sequence[Row], mapping: ImportMapping, site: Site | None) -> Stage:
    columns = [target.name for target in kind.fields]
    declared = ", ".join(f'"{name}" text' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{STAGING}, pg_temp.{ERRORS}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {STAGING} (line int, verdict text NOT NULL DEFAULT '', key bigint, {declared})"
            " ON COMMIT DROP"
        )
        cursor.execute(f"CREATE TEMPORARY TABLE {ERRORS} (line int, field text, message text) ON COMMIT DROP")
        names = ", ".join(f'"{name}"' for name in columns)
        with cursor.copy(f"COPY {STAGING} (line, {names}) FROM STDIN") as copy:
            for row in rows:
                if not row.skipped:
                    copy.write_row((row.line, *(row.values[name] for name in columns)))
        cursor.execute(f"ANALYZE {STAGING}")
    return Stage(STAGING, ERRORS, {"origin": mapping.origin, "site": None if site is None else site.pk})


def _found(stage: Stage, kind: ImportKind, mapping: ImportMapping) -> list[Issue]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line, field, message FROM {stage.errors} ORDER BY line, field")
        found = cursor.fetchall()
    issues = []
    for line, name, message in found:
        source = mapping.columns.get(name)
        column = "" if source is None else source.column or ", ".join(map(str, source.join)) or _("constant")
        issues.append(Issue(line, str(column), name, message))
    return issues


def _verdicts(stage: Stage, kind: ImportKind, rows: Sequence[Row]) -> list[Verdict]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT line, coalesce(\"{kind.key}\", ''), verdict FROM {stage.table}")
        verdicts = [Verdict(*found) for found in cursor.fetchall()]
    undecided = [v.line for v in verdicts if not v.verdict]
    if undecided:
        raise RuntimeError(f"{kind.name}: line {undecided[0]} got no verdict")
    verdicts += [Verdict(row.line, "", "skipped") for row in rows if row.skipped]
    return sorted(verdicts, key=lambda verdict: verdict.line)
