"""What a verification found, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from core.trail.queries.sealed import utc_text

MOST_PROBLEMS = 1000
"""So many are named; the rest is counted."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Problem:
    """One thing that is not as it was sealed."""

    code: str
    text: str
    table: str = ""
    key: int | None = None
    seal: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"code": self.code, "text": self.text, "table": self.table, "key": self.key, "seal": self.seal}


@dataclass
class Report:
    """The outcome of a verification."""

    started_at: dt.datetime
    ended_at: dt.datetime | None = None
    seals: int = 0
    rows: int = 0
    unsealed: int = 0
    head: str = ""
    sealed_at: dt.datetime | None = None
    outside_head: str = ""
    outside_number: int | None = None
    unopened_epoch: bool = False
    problems: list[Problem] = field(default_factory=list)
    unnamed: int = 0
    disposed: dict[int, int] = field(default_factory=dict)
    """Rows that were deleted on a signature, by the number of the disposal."""

    def add(self, code: str, text: str, *, table: str = "", key: int | None = None, seal: int | None = None) -> None:
        """Note a problem; after the first thousand they are only counted."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(code, text, table, key, seal))
        else:
            self.unnamed += 1

    @property
    def is_good(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def summary(self) -> str:
        """The outcome in one sentence."""
        if not self.is_good:
            return _("%(count)d problems found in %(seals)d seals.") % {
                "count": len(self.problems) + self.unnamed, "seals": self.seals,
            }  # fmt: skip
        if not self.seals:
            return _("Nothing has been sealed yet, so nothing can be verified.")
        return _("All %(rows)d rows under %(seals)d seals are as they were sealed.") % {
            "rows": self.rows - sum(self.disposed.values()), "seals": self.seals,
        }  # fmt: skip

    def limits(self) -> list[str]:
        """What this verification cannot know."""
        found = [_("Changes made before a row was first sealed cannot be known.")]
        if not self.outside_head:
            found.append(
                _(
                    "No head from outside was given: an edit by a superuser who also recomputed every seal, or a"
                    " database replaced by an older copy, is found only against a head kept outside."
                )
            )
        elif self.outside_number is not None:
            found.append(
                _(
                    "The head from outside reaches up to seal %(number)d; what was sealed after it rests on this"
                    " database alone."
                )
                % {"number": self.outside_number}
            )
        for disposal, count in sorted(self.disposed.items()):
            found.append(
                _(
                    "%(count)d rows were disposed of on the signature of disposal %(number)d: their leaf hashes are"
                    " here, what they said cannot be known."
                )
                % {"count": count, "number": disposal}
            )
        if self.unsealed:
            found.append(
                _("%(count)d rows are not sealed yet: nothing can be said about them.") % {"count": self.unsealed}
            )
        if self.unopened_epoch:
            found.append(
                _(
                    "This database was restored on another cluster and has not been sealed here yet: which rows were"
                    " written between the last seal and the copy cannot be known."
                )
            )
        return found

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "ok": self.is_good,
            "summary": self.summary(),
            "started_at": utc_text(self.started_at),
            "ended_at": None if self.ended_at is None else utc_text(self.ended_at),
            "seals": self.seals,
            "rows": self.rows,
            "rows_not_sealed": self.unsealed,
            "rows_disposed_of": {str(number): count for number, count in sorted(self.disposed.items())},
            "head": self.head,
            "outside_head": self.outside_head,
            "outside_head_seal": self.outside_number,
            "problems": [problem.as_dict() for problem in self.problems],
            "problems_not_listed": self.unnamed,
            "cannot_be_known": self.limits(),
        }
