"""What training needs to be told by upper apps."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.kernel.wiring import Question
from qms.documents.models import DocumentRevision


@dataclass(frozen=True)
class Section:
    """A part of the content of a revision that is read at one time."""

    title: str
    text: str


@dataclass(frozen=True)
class InstructionSections(Question[Section]):
    """What does this revision say besides its text, part by part, in words?"""

    document_revision: DocumentRevision


@dataclass(frozen=True)
class AskedAt:
    """A curriculum is asked for at a work center, of whoever holds this right there."""

    curriculum_id: int
    work_center_id: int
    permission: str


@dataclass(frozen=True)
class WorkThatAsks(Question[AskedAt]):
    """Where does work ask for curricula, by requirement of an operation or by the document it follows?"""


@dataclass(frozen=True)
class Practised:
    """When a person last did what a curriculum teaches."""

    curriculum_id: int
    user_id: int
    at: dt.datetime


@dataclass(frozen=True)
class LastPractice(Question[Practised]):
    """When did people last do what these curricula teach?"""

    curricula: tuple[int, ...]


@dataclass(frozen=True)
class Demand:
    """Work that is planned: where, when, what it asks of people, and the instruction it will follow."""

    key: str
    label: str
    site_id: int
    work_center_id: int
    permission: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    curricula: frozenset[int]
    document_id: int | None
    routing_id: int
    url: str = ""


@dataclass(frozen=True)
class ScheduledDemand(Question[Demand]):
    """What work is planned and not released yet, at a site (None: at all), from and until?"""

    site_id: int | None
    since: dt.datetime
    until: dt.datetime
