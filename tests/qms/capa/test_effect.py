"""Whether it helped, computed from what the floor made and scrapped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from core.kernel.clock import now
from core.lifecycle.services import perform
from core.signing.queries import is_intact, signatures_of
from core.worklist.models import Assignment
from qms.capa import services
from qms.capa.models import Capa, EffectivenessResult
from qms.capa.queries import actions_of, baseline, causes_of, check_of, event_kinds, exact, exposure_kinds
from qms.capa.questions import Window
from qms.capa.tasks import evaluate_due
from qms.nonconformance.services import raise_nonconformance
from tests.qms.capa.story import WATCHED_DAYS, Story, in_days
from tests.qms.capa.test_way import refused
from traceability.models import Material

Clock = Callable[[dt.datetime], None]


def _after(story: Story, go: Clock, good: int, scrap: int) -> Capa:
    """A CAPA whose watch is over, with so much made and scrapped in it."""
    capa = story.watched()
    story.make(good, scrap)
    go(in_days(WATCHED_DAYS + 1))
    return capa


@pytest.mark.requirement("CAPA-08")
def test_a_check_can_show_an_effect_or_is_refused(story: Story) -> None:
    capa = story.planned()
    author = story.sign(story.owner, "authored")
    story.check(capa, minimum_exposure=2)
    assert refused(services.hand_over_plan, capa=capa, **author) == {"too_small"}
    day = story.today - dt.timedelta(days=400)
    story.check(capa, baseline_begins=day, baseline_ends=day)
    assert refused(services.hand_over_plan, capa=capa, **author) == {"no_baseline"}
    tomorrow = story.today + dt.timedelta(days=1)
    assert refused(story.check, capa, baseline_ends=tomorrow) == {"baseline_days"}
    assert refused(story.check, capa, events="luck") == {"metric"}
    assert refused(story.check, capa, sort="NO-SUCH") == {"sort"}
    assert refused(story.check, capa, window_days=0) == {"figures"}


@pytest.mark.requirement("CAPA-08", "CAPA-09")
def test_what_helped_is_effective_by_the_exact_test_and_closed(story: Story, time_machine_at: Clock) -> None:
    capa = story.watched()
    assert refused(services.evaluate, capa=capa, actor=story.owner) == {"too_early"}
    assert refused(story.closes, capa) == {"not_effective"}
    story.make(199, 1)
    time_machine_at(in_days(WATCHED_DAYS + 1))
    evaluate_due()
    row = EffectivenessResult.objects.get(capa=capa)
    assert (row.events_before, row.exposure_before, row.events_after, row.exposure_after) == (20, 200, 1, 200)
    assert row.result == "effective"
    assert float(row.p_value or 0) == pytest.approx(exact.binomial_fell(20, 200, 1, 200), abs=1e-9)
    evaluate_due()
    assert EffectivenessResult.objects.filter(capa=capa).count() == 1
    assert refused(perform, capa, "close", actor=story.second) == {"closing_unsigned"}
    assert refused(story.closes, capa, conclusion=" ") == {"conclusion"}
    capa = story.closes(capa)
    assert capa.status == "closed"
    closing = capa.closings.get()
    assert [(one.meaning, is_intact(one)) for one in signatures_of(closing)] == [("closed", True)]
    assert not Assignment.objects.filter(title__contains=capa.number, status="open").exists()


@pytest.mark.requirement("CAPA-09")
def test_what_did_not_help_begins_a_new_cycle(story: Story, time_machine_at: Clock) -> None:
    capa = _after(story, time_machine_at, 180, 20)
    row = services.evaluate(capa=capa, actor=story.owner)
    assert row.result == "ineffective"
    capa.refresh_from_db()
    assert (capa.status, capa.cycle, capa.method) == ("investigation", 2, "")
    assert (causes_of(capa), actions_of(capa), check_of(capa)) == ([], [], None)
    assert capa.causes.filter(cycle=1).count() == 4
    assert Assignment.objects.filter(title__contains="anew", to_user=story.owner, status="open").exists()
    assert refused(perform, capa, "begin_again", actor=story.system) == {"state"}
    story.planned(capa)
    story.check(capa, baseline_begins=story.today - dt.timedelta(days=90))
    assert story.handed_over(capa).status == "plan_review"


@pytest.mark.requirement("CAPA-08", "CAPA-09")
def test_too_little_is_inconclusive_extends_the_watch_once_and_is_judged_then(
    story: Story, time_machine_at: Clock
) -> None:
    capa = _after(story, time_machine_at, 50, 0)
    first = services.evaluate(capa=capa, actor=story.owner)
    assert (first.result, first.p_value) == ("inconclusive", None)
    assert refused(services.evaluate, capa=capa, actor=story.owner) == {"too_early"}
    judge: dict[str, Any] = {"capa": capa, "result": "effective", "rationale": "Fifty without one."}
    assert refused(services.judge_effect, **judge, **story.sign(story.head, "approved")) == {"figures_decide"}
    time_machine_at(now() + dt.timedelta(days=WATCHED_DAYS + 1))
    second = services.evaluate(capa=capa, actor=story.owner)
    assert second.result == "inconclusive"
    assert second.watched_until - second.watched_from == dt.timedelta(days=2 * WATCHED_DAYS)
    assert refused(services.judge_effect, **judge, **story.sign(story.quality, "approved")) == {"permission"}
    blank = {**judge, "rationale": " "}
    assert refused(services.judge_effect, **blank, **story.sign(story.head, "approved")) == {"rationale"}
    row = services.judge_effect(**judge, **story.sign(story.head, "approved"))
    assert (row.is_judged, row.result) == (True, "effective")
    assert [is_intact(one) for one in signatures_of(row)] == [True]
    assert story.closes(capa).status == "closed"


@pytest.mark.requirement("CAPA-09")
def test_a_judgement_of_ineffective_begins_a_new_cycle(story: Story, time_machine_at: Clock) -> None:
    capa = _after(story, time_machine_at, 10, 0)
    services.evaluate(capa=capa, actor=story.owner)
    time_machine_at(now() + dt.timedelta(days=WATCHED_DAYS + 1))
    services.evaluate(capa=capa, actor=story.owner)
    services.judge_effect(capa=capa, result="ineffective", rationale="Too few.", **story.sign(story.head, "approved"))
    capa.refresh_from_db()
    assert (capa.status, capa.cycle) == ("investigation", 2)


@pytest.mark.requirement("CAPA-11")
def test_it_is_reopened_as_a_new_cycle_and_what_was_signed_stays(story: Story, time_machine_at: Clock) -> None:
    capa = _after(story, time_machine_at, 199, 1)
    services.evaluate(capa=capa, actor=story.owner)
    capa = story.closes(capa)
    again: dict[str, Any] = {"capa": capa, "information": "It came back.", "owner": story.owner, "due_at": in_days(40)}
    assert refused(services.reopen_capa, **again, **story.sign(story.quality, "approved")) == {"permission"}
    assert refused(perform, capa, "reopen", actor=story.head) == {"no_information"}
    blank = {**again, "information": ""}
    assert refused(services.reopen_capa, **blank, **story.sign(story.head, "approved")) == {"information"}
    capa = services.reopen_capa(**again, **story.sign(story.head, "approved"))
    assert (capa.status, capa.cycle, capa.due_at) == ("investigation", 2, again["due_at"])
    assert all(is_intact(one) for one in signatures_of(capa.closings.get(cycle=1)))
    assert all(is_intact(one) for one in signatures_of(capa.plans.get(cycle=1)))


@pytest.mark.requirement("CAPA-08")
def test_each_event_and_piece_counts_once_where_and_when_it_happened(story: Story) -> None:
    site = story.world.site
    whole = Window(site, now() - dt.timedelta(days=1), now() + dt.timedelta(days=1), story.product)
    before = {code: kind.count(whole) for code, kind in {**event_kinds(), **exposure_kinds()}.items()}
    assert before == {"scrapped": 0, "nonconformances": 0, "complaints": 0, "made": 0, "shipped": 0}
    story.make(8, 2)
    other: Material = story.world.material(kind="product", tracking="lot")
    raise_nonconformance(site=site, title="Scratch", severity="minor", draft=True, items=[], actor=story.system)
    counts = {**event_kinds(), **exposure_kinds()}
    assert (counts["made"].count(whole), counts["scrapped"].count(whole)) == (10, 2)
    assert counts["nonconformances"].count(Window(site, whole.begins, whole.until)) == 1
    assert counts["nonconformances"].count(whole) == 0
    elsewhere = Window(site, whole.begins, whole.until, other)
    assert counts["made"].count(elsewhere) == 0
    earlier = Window(site, whole.begins, whole.begins + dt.timedelta(hours=1), story.product)
    assert counts["made"].count(earlier) == 0
    assert counts["scrapped"].count(Window(site, whole.begins, whole.until, story.product, "OTHER")) == 0


@pytest.mark.requirement("CAPA-08")
def test_nothing_counts_before_and_after(story: Story) -> None:
    capa = story.watched()
    story.make(90, 10)
    check = check_of(capa)
    assert check is not None
    assert (baseline(check).events, baseline(check).exposure) == (20, 200)
