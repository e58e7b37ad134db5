"""The CAPA of a nonconformance: chosen, raised from here, or none with its reason; and when it may be closed."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.kernel.errors import Blocked
from core.lifecycle.models import Transition
from core.lifecycle.services import perform
from core.signing.queries import manifest
from qms.capa.lifecycle import TRIAGE
from qms.capa.models import Capa, CapaSource
from qms.capa.services import change_capa, raise_capa, triage_capa
from qms.nonconformance import services
from qms.nonconformance.models import NonConformance
from tests.qms.nonconformance.conftest import Case
from tests.support.people import grant, make_site, make_user, proof
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("NC-18")


def _decides(case: Case, found: NonConformance, decision: str = "raise", **values: Any) -> NonConformance:
    return services.decide_capa(
        nonconformance=found, decision=decision, rationale="The jig wears.", actor=case.engineer, **values
    )


def _refused(case: Case, found: NonConformance, decision: str = "raise", **values: Any) -> tuple[str, ...]:
    """The codes of the refusal, after checking that nothing changed."""

    def state() -> Any:
        return (
            sorted(NonConformance.objects.values_list("pk", "capa_decision", "capa", "row_version")),
            sorted(Capa.objects.values_list("pk", "status")),
            CapaSource.objects.count(),
            Transition.objects.count(),
        )

    before = state()
    with pytest.raises(Blocked) as refused:
        _decides(case, found, decision, **values)
    assert state() == before
    return refused.value.codes


def _capa(case: Case, **values: Any) -> Capa:
    given = {"site": case.world.site, "title": "Jigs wear", "problem": "On line 1.", "not_problem": "Not on line 2."}
    return raise_capa(**{**given, "source_note": "Seen.", "actor": case.world.system, **values})


def _declined(case: Case, capa: Capa) -> Capa:
    """Quality signs that no CAPA is opened."""
    author = make_user(site=case.world.site, permissions=("qms_capa.view_capa", "qms_capa.raise_capa"))
    judge = make_user(site=case.world.site, permissions=("qms_capa.view_capa", TRIAGE))
    perform(capa, "submit", actor=author, signature=proof(author, "authored"))
    return triage_capa(
        capa=capa, severity="low", occurrence="low", escaped=False, recurs=False, regulatory=False, decision="trend",
        rationale="Once in five years.", actor=judge, signature=proof(judge, "rejected"),
    )  # fmt: skip


def test_a_new_one_is_raised_from_the_record(case: Case) -> None:
    found = _decides(case, case.opened((case.world.lot(), 4)))
    capa = Capa.objects.get()
    assert (found.capa, capa.title, capa.status, capa.raised_by) == (capa, found.title, "draft", case.engineer)
    source = capa.sources.get()
    assert (source.kind, source.source) == ("nonconformance", found)
    again = _decides(case, found, reason="Written better.")
    assert (again.capa, Capa.objects.count()) == (capa, 1)


def test_a_deviation_raises_one_as_a_deviation(case: Case) -> None:
    _decides(case, case.opened(kind="deviation"))
    assert CapaSource.objects.get().kind == "deviation"


def test_an_existing_one_is_named_and_gets_the_source_while_it_may(case: Case) -> None:
    early, late = _capa(case), _declined(case, _capa(case))
    found, other = (case.opened((case.world.lot(), 4)) for _ in range(2))
    assert _decides(case, found, capa=early).capa == early
    assert {one.source for one in early.sources.all()} == {None, found}
    assert _refused(case, other, capa=late) == ("capa_unfit",)
    head = make_user(site=case.world.site, permissions=("qms_capa.view_capa", "qms_capa.raise_capa"))
    perform(early, "submit", actor=head, signature=proof(head, "authored"))
    assert _decides(case, other, capa=early).capa == early
    assert {one.source for one in early.sources.all()} == {None, found, other}


def test_what_does_not_fit_is_refused_and_nothing_changes(case: Case) -> None:
    found = case.opened((case.world.lot(), 4))
    abroad = make_site()
    grant(case.engineer, abroad, "qms_capa.view_capa")
    assert _refused(case, found, capa=_capa(case, site=abroad)) == ("capa_unfit",)
    assert _refused(case, found, "not_needed", capa=_capa(case)) == ("capa_named",)
    hidden = make_user(site=case.world.site, permissions=("qms_nonconformance.triage_nonconformance",))
    with pytest.raises(Blocked) as refused:
        services.decide_capa(nonconformance=found, decision="raise", rationale="So.", actor=hidden)
    assert refused.value.codes == ("permission",)
    assert Capa.objects.count() == 2


def _closes(case: Case, found: NonConformance) -> NonConformance:
    return services.close_nonconformance(
        nonconformance=found, actor=case.engineer, signature=proof(case.engineer, "closed")
    )


def _against_closing(case: Case, found: NonConformance) -> tuple[str, ...]:
    with pytest.raises(Blocked) as refused:
        _closes(case, found)
    found.refresh_from_db()
    assert found.status == "dispositioned"
    return refused.value.codes


def test_it_is_closed_with_its_capa_or_with_why_there_is_none(case: Case) -> None:
    found = case.dispositioned(case.world.lot())
    services.state_cause(nonconformance=found, cause="Worn tool", actor=case.engineer)
    assert _against_closing(case, found) == ("capa_undecided",)
    capa = _capa(case)
    _decides(case, found, capa=capa)
    perform(capa, "void", actor=case.world.system, reason="Twice.")
    assert _against_closing(case, found) == ("capa_missing",)
    _decides(case, found, reason="The other one was given up.")  # a new one is raised from here
    found.refresh_from_db()
    assert found.capa not in (None, capa)
    closed = _closes(case, found)  # the CAPA itself is still open
    assert closed.status == "closed"
    assert all(state.intact for state in manifest(closed))


def test_a_declined_capa_says_why_and_a_minor_one_needs_no_answer(case: Case) -> None:
    found = case.dispositioned(case.world.lot())
    services.state_cause(nonconformance=found, cause="Worn tool", actor=case.engineer)
    _decides(case, found)
    found.refresh_from_db()
    capa = found.capa
    assert capa is not None
    change_capa(
        capa=capa, title="Jigs", kind="corrective", problem="On line 1.", not_problem="Not on 2.",
        actor=case.world.system,
    )  # fmt: skip
    _declined(case, capa)
    assert _closes(case, found).status == "closed"
    minor = case.under_review((case.world.lot(), 4), severity="minor")
    case.approve(case.propose(minor.items.get(), "use_as_is", 4))
    minor.refresh_from_db()
    services.state_cause(nonconformance=minor, cause="Worn tool", actor=case.engineer)
    assert _closes(case, minor).status == "closed"


def test_the_page_offers_chooses_and_shows_how_it_stands(case: Case) -> None:
    found = case.opened((case.world.lot(), 4))
    capa = _capa(case)
    desk = visit_as(case.engineer)
    page = reverse("qms_nonconformance:nonconformance_capa", args=[found.pk])
    assert f"{capa.number} Jigs wear" in desk.get(page).content.decode()
    answer = desk.post(page, {"decision": "raise", "capa": capa.pk, "rationale": "The same jig."})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    shown = desk.get(found.get_absolute_url()).content.decode()
    assert capa.get_absolute_url() in shown
    assert f"{capa} · Draft" in shown
    assert desk.post(page, {"decision": "raise", "capa": 999999, "rationale": "x"}).status_code == 422
