"""The content of a revision as it is learned: section by section, and what changed since the one that was known."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.wiring import ask
from qms.documents.models import DocumentRevision
from qms.training.models import SectionShown, TrainingAssignment, TrainingRecord
from qms.training.questions import InstructionSections, Section

HEADING = re.compile(r"^#{1,2}\s+(.+?)\s*#*$", re.MULTILINE)


def sections_of(revision: DocumentRevision) -> list[Section]:
    """The revision's text by its headings, then what upper apps add; at least one section."""
    found = _by_headings(revision.title, revision.body)
    found += ask(InstructionSections(revision))
    return found or [Section(revision.title, "")]


def _by_headings(title: str, body: str) -> list[Section]:
    pieces = HEADING.split(body)
    first = pieces[0].strip()
    sections = [Section(title, first)] if first else []
    return [
        *sections,
        *(Section(heading, text.strip()) for heading, text in zip(pieces[1::2], pieces[2::2], strict=True)),
    ]


def shown_numbers(assignment: TrainingAssignment, digest: str) -> set[int]:
    """Which sections of this very content were shown to the learner, from 1."""
    return set(SectionShown.objects.filter(assignment=assignment, digest=digest).values_list("number", flat=True))


def known_revision(user: Any, revision: DocumentRevision) -> DocumentRevision | None:
    """The newest other revision of the document that the person was trained on."""
    record = (
        TrainingRecord.objects.filter(user=user, document_revision__document=revision.document_id)
        .exclude(document_revision=revision)
        .select_related("document_revision__document")
        .order_by("-document_revision_id")
        .first()
    )
    return None if record is None else record.document_revision


@dataclass(frozen=True)
class Line:
    """A line of a difference: "+" new, "-" gone, " " as before."""

    mark: str
    text: str


@dataclass(frozen=True)
class Change:
    """A section that is new, gone or different, line by line."""

    title: str
    what: str
    lines: tuple[Line, ...]


def changes_between(known: DocumentRevision, revision: DocumentRevision) -> list[Change]:
    """What the revision says otherwise than the known one, section by section."""
    before, after = _named(sections_of(known)), _named(sections_of(revision))
    found = []
    for title in [*after, *(title for title in before if title not in after)]:
        old, new = before.get(title), after.get(title)
        if old == new:
            continue
        what = _("new") if old is None else _("gone") if new is None else _("changed")
        found.append(Change(title, what, tuple(_lines(old or "", new or ""))))
    return found


def _named(sections: Sequence[Section]) -> dict[str, str]:
    """Sections by title; what occurs twice is counted, so that none hides another."""
    found: dict[str, str] = {}
    for section in sections:
        title, number = section.title, 2
        while title in found:
            title, number = f"{section.title} ({number})", number + 1
        found[title] = section.text
    return found


def _lines(old: str, new: str) -> list[Line]:
    compared = difflib.ndiff(old.splitlines(), new.splitlines())
    return [Line(line[0], line[2:]) for line in compared if line[0] in "+- "]
