"""Import a file from the command line, through the same service as the screen (docs/decisions/0015).

Whoever has the shell has not identified themselves to the product: the import is written as the system user
`system.import`, unsigned, and its record says so.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.kernel.deeds import through
from core.kernel.errors import Blocked
from core.organization.models import Site
from core.organization.services import system_user
from integrations.services import ImportReport, import_records
from integrations.services.kinds import KINDS
from integrations.services.mapping import MappingError


class Command(BaseCommand):
    help = "Import master data or opening stock: all rows or none, with a verdict per row."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=sorted(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="YAML file that maps columns to fields")
        parser.add_argument("--site", help="code of the site the rows belong to")
        parser.add_argument("--reason", default="", help="why, and for whom, for the trail")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
        parser.add_argument("--json", action="store_true", help="print the whole report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        site = None
        if options["site"]:
            site = Site.objects.filter(code__iexact=options["site"]).first()
            if site is None:
                raise CommandError(f"There is no site {options['site']}.")
        try:
            data, mapping = options["file"].read_bytes(), options["mapping"].read_text(encoding="utf-8")
        except OSError as problem:
            raise CommandError(str(problem)) from problem
        except UnicodeDecodeError as problem:
            raise CommandError(f"{options['mapping']} is not UTF-8 text: {problem}") from problem
        try:
            with through("import_records"):
                report = import_records(
                    kind=options["kind"],
                    data=data,
                    file_name=options["file"].name,
                    mapping=mapping,
                    actor=system_user("import"),
                    site=site,
                    dry_run=options["dry_run"],
                    reason=options["reason"],
                )
        except MappingError as problem:
            raise CommandError(str(problem)) from problem
        except Blocked as refused:
            raise CommandError(" ".join(f"{b.message} {b.remedy}".strip() for b in refused.blockers)) from refused
        self._say(report, as_json=options["json"], dry_run=options["dry_run"])
        if report.issues:
            raise SystemExit(1)

    def _say(self, report: ImportReport, *, as_json: bool, dry_run: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(report.as_dict(), ensure_ascii=False, indent=2))
            return
        for issue in report.issues:
            self.stdout.write(
                f"line {issue.line}, column {issue.column or '-'} ({issue.field or '-'}): {issue.message}"
            )
        if report.issues:
            self.stdout.write(f"{len(report.issues)} errors. Nothing was written.")
            return
        totals = ", ".join(f"{count} {name}" for name, count in report.totals.items())
        end = " Dry run, nothing was written." if dry_run else " Unsigned, as system.import."
        self.stdout.write(f"{report.kind}: {totals}.{end}")
