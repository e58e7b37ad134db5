"""From the statement of a problem to the decision whether a CAPA is opened."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.capa.lifecycle import DATED_STATES, OPEN_STATES
from qms.capa.models import Capa, CapaDecision, Extension
from qms.capa.queries import TAKES_SOURCES, decision_of, may_own, reopening_of

CAPA = "qms_capa.Capa"


def page(name: str, record: Capa) -> str:
    """The page of a deed on a CAPA."""
    return reverse(f"qms_capa:capa_{name}", args=[record.pk])


def stands_still(record: Capa, remedy: str) -> Blocker:
    """The refusal to write a part of a CAPA that stands still."""
    return Blocker(
        "stands_still",
        _("%(capa)s is “%(state)s”; this part of it stands still.")
        % {"capa": record, "state": record.get_status_display()},
        record=record,
        remedy=remedy,
        remedy_url=record.get_absolute_url(),
    )


@guard(CAPA, "edit", title=gettext_lazy("Still a draft"))
def is_still_a_draft(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """The problem that was submitted is the one that is solved."""
    if record.status != "draft":
        yield stands_still(record, _("Have it sent back while it is in triage."))


@guard(CAPA, "link", title=gettext_lazy("Not triaged yet"))
def is_not_triaged(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """What was triaged is what it came from (CAPA-01)."""
    if record.status not in TAKES_SOURCES:
        yield stands_still(record, _("Raise another CAPA for another source."))


@guard(CAPA, "staff", title=gettext_lazy("Still open"))
def is_still_open(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Who works on it may change as long as there is work."""
    if record.status not in OPEN_STATES:
        yield stands_still(record, _("Reopen it when something is new."))


@guard(CAPA, "submit", title=gettext_lazy("The problem is stated"))
def the_problem_is_stated(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """What it is, and what it is not: without both nobody can tell a cause from a guess."""
    for text, code, message in (
        (record.problem, "no_problem", _("It does not say what the problem is.")),
        (record.not_problem, "no_not_problem", _("It does not say what the problem is not.")),
    ):
        if not text.strip():
            yield Blocker(
                code,
                message,
                record=record,
                remedy=_("Write where, when, how much and on what it occurs, and where it could but does not."),
                remedy_url=page("change", record),
            )


@guard(CAPA, "submit", title=gettext_lazy("It has a source"))
def it_has_a_source(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """A CAPA comes from something (CAPA-01)."""
    if not record.sources.exists():
        yield Blocker(
            "no_source",
            _("It does not say where it comes from."),
            record=record,
            remedy=_("Name the record, or what was seen."),
            remedy_url=reverse("qms_capa:capasource_create", args=[record.pk]),
        )


@guard(CAPA, "triage", "open", "decline", title=gettext_lazy("It waits for its triage"))
def it_waits_for_its_triage(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """It is decided once."""
    if record.status != "triage":
        yield stands_still(record, _("Reload the page: it was triaged meanwhile."))


@guard(CAPA, "open", title=gettext_lazy("The triage is signed"))
def the_triage_says_open(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """The questions are answered and the decision to open is signed (CAPA-02)."""
    found = decision_of(record)
    if found is None or found.decision != CapaDecision.Decision.CAPA:
        yield Blocker(
            "no_decision",
            _("Nobody has signed that a CAPA is opened."),
            record=record,
            remedy=_("Answer the questions of the triage, and sign."),
            remedy_url=page("open", record),
        )


@guard(CAPA, "decline", title=gettext_lazy("The triage is signed"))
def the_triage_says_no(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """“No CAPA” needs its rationale and a signature as much as a CAPA does (CAPA-02)."""
    found = decision_of(record)
    if found is None or found.decision == CapaDecision.Decision.CAPA or not found.rationale.strip():
        yield Blocker(
            "no_decision",
            _("Nobody has signed that no CAPA is opened, and why."),
            record=record,
            remedy=_("Answer the questions of the triage, and sign."),
            remedy_url=page("open", record),
        )


@guard(CAPA, "open", title=gettext_lazy("Owner, team, priority, date"))
def somebody_answers_for_it(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """A CAPA that is opened has an owner who may do it, a team, a priority and a date."""
    remedy, url = _("Say it in the triage."), page("open", record)
    if record.owner is None:
        yield Blocker("owner", _("Nobody owns it yet."), record=record, remedy=remedy, remedy_url=url)
    elif not may_own(record.owner, record):
        yield Blocker(
            "owner_right",
            _("%(owner)s has no right to plan CAPAs at %(site)s.") % {"owner": record.owner, "site": record.site},
            record=record,
            remedy=_("Choose somebody who has, or have the role given first."),
            remedy_url=url,
        )
    if not record.members.exists():
        yield Blocker(
            "no_team",
            _("Nobody works on it beside its owner."),
            record=record,
            remedy=_("Name at least one member of the team."),
            remedy_url=reverse("qms_capa:capamember_create", args=[record.pk]),
        )
    if not record.priority:
        yield Blocker("priority", _("Its priority is not given."), record=record, remedy=remedy, remedy_url=url)
    if record.due_at is None:
        yield Blocker("due", _("It has no date."), record=record, remedy=remedy, remedy_url=url)


@guard(CAPA, "extend", title=gettext_lazy("It has a date"))
def it_has_a_date(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Only what is being worked on can take longer, and one extension is judged at a time (CAPA-09)."""
    if record.status not in DATED_STATES or record.due_at is None:
        yield stands_still(record, _("A date is set by the triage."))
    elif record.extensions.filter(status="requested").exists():
        yield Blocker(
            "asked_already",
            _("An extension is asked for already."),
            record=record,
            remedy=_("Wait until it is approved or rejected."),
        )


@guard("qms_capa.Extension", "approve", "reject", title=gettext_lazy("Still worked on"))
def still_worked_on(record: Extension, deed: Deed) -> Iterator[Blocker]:
    """What has ended needs no other date."""
    if record.capa.status not in DATED_STATES:
        yield stands_still(record.capa, _("It has ended; nothing is to be extended."))


@guard(CAPA, "reopen", title=gettext_lazy("What is new is signed"))
def what_is_new_is_signed(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """A closed CAPA is taken up again for a reason that somebody answers for (CAPA-12)."""
    if reopening_of(record, record.cycle + 1) is None:
        yield Blocker(
            "no_information",
            _("It is not written what is new."),
            record=record,
            remedy=_("Write it, and sign."),
            remedy_url=page("reopen", record),
        )
