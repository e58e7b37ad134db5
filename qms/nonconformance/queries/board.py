"""The review board: who has to sign a line, who has, who may, and what is still missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from qms.changes.models.configuration import Function
from qms.nonconformance.models import BoardAuthority, BoardRule, Disposition, DispositionVote, Severity
from traceability.queries import day_at

SEVERITIES = tuple(Severity.values)
"""From the mildest to the worst."""


def _rules_for(line: Disposition) -> QuerySet[BoardRule]:
    severity = line.nonconformance.severity
    return BoardRule.objects.filter(Q(severity="") | Q(severity=severity), kind=line.kind, is_active=True)


def required_functions(line: Disposition) -> list[str]:
    """The functions that sign this kind of disposition at this severity; none where one signature suffices."""
    wanted = {rule.function for rule in _rules_for(line)}
    return [function for function in Function.values if function in wanted]


def needs_witness(line: Disposition) -> bool:
    """Whether what is scrapped is booked only when a second person has seen it made unusable."""
    return line.kind == Disposition.Kind.SCRAP and any(rule.needs_witness for rule in _rules_for(line))


def fits(authority: BoardAuthority, line: Disposition, day: dt.date) -> bool:
    """Whether an authority is in force and reaches as far as the line goes."""
    record = line.nonconformance
    return (
        authority.valid_from <= day <= authority.valid_until
        and SEVERITIES.index(record.severity) <= SEVERITIES.index(authority.highest_severity)
        and (authority.highest_quantity is None or line.quantity <= authority.highest_quantity)
    )


@dataclass(frozen=True)
class Board:
    """The board of one line as one person sees it: read once for all that is asked about it."""

    line: Disposition
    required: Sequence[str]
    votes: Sequence[DispositionVote]
    held: Sequence[BoardAuthority]
    """What the person was appointed to for these functions, in force or not."""
    day: dt.date
    person: int

    @property
    def missing(self) -> list[str]:
        """The functions whose vote is not there yet."""
        voted = {vote.function for vote in self.votes}
        return [function for function in self.required if function not in voted]

    @property
    def has_voted(self) -> bool:
        """Whether this person has signed the line already: a board is as many people as functions."""
        return any(vote.actor_id == self.person for vote in self.votes)

    @property
    def seat(self) -> BoardAuthority | None:
        """The authority by which this person may sign the line now, for a function that has not signed yet."""
        missing = self.missing
        return next((one for one in self.held if one.function in missing and fits(one, self.line, self.day)), None)

    @property
    def others(self) -> list[str]:
        """The functions that are missing beside the one that this person signs for."""
        seat = self.seat
        return [one for one in self.missing if seat is None or one != seat.function]


def board_of(line: Disposition, user: Any) -> Board:
    """The board of a line for a person; three queries, and one where no rule names a function."""
    required = required_functions(line)
    site, day = line.nonconformance.site, day_at(line.nonconformance.site)
    if not required:
        return Board(line, (), (), (), day, user.pk)
    held = BoardAuthority.objects.filter(site=site, person=user.pk, function__in=required).select_related("person")
    votes = list(line.votes.all())
    return Board(line, required, votes, list(held.order_by("-valid_until", "pk")), day, user.pk)


@dataclass(frozen=True)
class Seat:
    """A function on the board of one line, and its vote where it has given it."""

    function: str
    vote: DispositionVote | None

    @property
    def label(self) -> str:
        """The function in words."""
        return str(Function(self.function).label)


def seats_of(line: Disposition) -> list[Seat]:
    """Every function that signs a line, in the order of the functions; votes of rules that are gone stay visible."""
    votes = {vote.function: vote for vote in line.votes.all()}
    wanted = {*required_functions(line), *votes}
    return [Seat(function, votes.get(function)) for function in Function.values if function in wanted]
