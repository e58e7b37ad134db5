"""What an import does with each line of a file, or what is wrong with it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from integrations.models import ImportBatch
from integrations.services.reading import Issue

VERDICTS = ("created", "changed", "unchanged", "skipped")
TOLD = 1000
"""Lines that one refusal tells of."""


@dataclass(frozen=True)
class Verdict:
    """What an import does, or would do, with one line.

    `changes`: field, old and new value of what changes; a dry run tells of a new row each field with nothing before.
    """

    line: int
    key: str
    verdict: str
    changes: list[list[Any]] = field(default_factory=list)


@dataclass
class ImportReport:
    """The result of an import or its dry run: verdicts of all lines, and the errors that stop it."""

    kind: str
    rows: int = 0
    verdicts: list[Verdict] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    batch: ImportBatch | None = None

    @property
    def totals(self) -> dict[str, int]:
        """How many lines are created, changed, unchanged, skipped."""
        counted = Counter(verdict.verdict for verdict in self.verdicts)
        return {name: counted.get(name, 0) for name in VERDICTS}

    @property
    def wrong(self) -> int:
        """How many lines are wrong; what concerns the whole file counts as one."""
        return len({issue.line for issue in self.issues})

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


def applied(report: ImportReport) -> ImportBatch:
    """What an import wrote; `Blocked` with every line that is wrong by now where it wrote nothing."""
    if report.batch is None:
        remedy = _("Correct the file or the plant's records, then run the dry run again.")
        said = _("Line %(line)s, %(field)s: %(message)s")
        raise Blocked([Blocker("import_error", said % vars(issue), remedy=remedy) for issue in report.issues[:TOLD]])
    return report.batch
