"""A CAPA by programs: the rights, forms and services of its pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from core.organization.models import User
from qms.capa.models import Capa
from tests.api.conftest import MAKE, Program, program_of
from tests.api.test_desk import done, seen
from tests.api.test_kit import refused
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.qms.capa.story import WATCHED_DAYS, Story, in_days, make_story
from tests.support.people import grant

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-01", "API-12")]
AT = "qms/capa/"


@pytest.fixture
def story(db: None) -> Story:
    return make_story()


def of(story: Story, user: User) -> tuple[Program, Callable[[str], dict[str, str]]]:
    """A program of this person, and what signs for them."""
    grant(user, story.world.site, MAKE)
    able_to_sign(user)
    return program_of(user), lambda meaning: {"user_name": user.username, "secret": SECRET, "meaning": meaning}


@pytest.mark.requirement(
    "CAPA-01", "CAPA-02", "CAPA-03", "CAPA-04", "CAPA-05", "CAPA-06", "CAPA-07", "CAPA-08", "CAPA-10", "CAPA-13"
)
def test_a_capa_goes_its_way_by_programs(story: Story) -> None:
    story.make(180, 20)
    reporter, reporter_signs = of(story, story.reporter)
    quality, quality_signs = of(story, story.quality)
    owner, owner_signs = of(story, story.owner)
    worker, worker_signs = of(story, story.worker)
    engineer, engineer_signs = of(story, story.engineer)
    asked = {
        "site": story.world.site.pk, "kind": "corrective", "title": "Scratch", "source_kind": "trend",
        "source_note": "Five times April.", "problem": "On line 1.", "not_problem": "Not on line 2.",
    }  # fmt: skip
    made = done(reporter.post(f"{AT}capas/", asked), 201)
    one = f"{AT}capas/{made['id']}/"
    capa = Capa.objects.get(pk=made["id"])
    refused(quality.post(f"{one}open/", {**_answers(story), "signature": quality_signs("approved")}), 409)
    now = done(reporter.get(one))
    done(reporter.post(f"{one}submit/", {"signature": reporter_signs("authored")}, If_Match=seen(now)))
    member = done(quality.post(f"{one}team/new/", {"user": story.worker.pk, "part": "Clamp"}), 201)
    assert done(quality.get(f"{one}team/"))["results"] == [member]
    done(quality.post(f"{one}open/", {**_answers(story), "signature": quality_signs("approved")}))
    done(owner.post(f"{one}method/", {"method": "five_why", "adverse_plan": "Measure 50."}))
    cause = done(owner.post(f"{one}causes/new/", {"statement": "Worn jaws"}), 201)
    judged = {"verdict": "confirmed", "evidence": "2 mm."}
    done(owner.post(f"{AT}causes/{cause['id']}/judge/", judged))
    revision = story.next_revision(story.procedure())
    planned = {
        "title": "Write it", "purpose": "corrective", "causes": [cause["id"]], "kind": "document",
        "bound_number": revision.document.number, "owner": story.worker.pk,
    }  # fmt: skip
    action = done(owner.post(f"{one}actions/new/", planned), 201)
    assert action["bound_id"] == revision.pk
    check = {
        "events": "scrapped", "exposure": "made", "material": story.product.number, "test": "binomial",
        "baseline_begins": f"{story.today - dt.timedelta(days=9)}", "baseline_ends": f"{story.today}",
        "window_days": WATCHED_DAYS, "minimum_exposure": 100, "alpha": "50",
    }  # fmt: skip
    done(owner.post(f"{one}check/", check))
    refused(owner.post(f"{one}hand_over/", {"signature": owner_signs("authored")}), 409)
    done(owner.post(f"{one}look_across/"))
    done(owner.post(f"{one}hand_over/", {"signature": owner_signs("authored")}))
    refused(owner.post(f"{one}approve_plan/", {"signature": owner_signs("approved")}), 403)
    done(quality.post(f"{one}approve_plan/", {"signature": quality_signs("approved")}))
    at = f"{AT}actions/{action['id']}/"
    done(worker.post(f"{at}start/", {}, If_Match=seen(done(worker.get(at)))))
    finish = {"reason": "Done.", "signature": worker_signs("performed")}
    problem = refused(worker.post(f"{at}finish/", finish, If_Match=seen(done(worker.get(at)))), 409)
    assert "not_reached" in {one["code"] for one in problem["blockers"]}
    story.into_force(revision)
    done(worker.post(f"{at}finish/", finish, If_Match=seen(done(worker.get(at)))))
    done(engineer.post(f"{at}accept/", {"signature": engineer_signs("verified")}, If_Match=seen(done(worker.get(at)))))
    done(owner.post(f"{one}finish/", {}, If_Match=seen(done(owner.get(one)))))
    verified = {"finding": "Seen.", "adverse_effect": "none", "adverse_note": "None of 50."}
    done(engineer.post(f"{one}verify/", {**verified, "signature": engineer_signs("verified")}))
    problem = refused(owner.post(f"{one}evaluate/", {}), 409)
    assert {one["code"] for one in problem["blockers"]} == {"too_early"}
    capa.refresh_from_db()
    assert capa.status == "effectiveness"
    asked = {"due_at": in_days(99).isoformat(timespec="minutes"), "reason": "Late."}
    extension = done(owner.post(f"{one}extensions/new/", asked), 201)
    assert done(owner.get(f"{one}extensions/"))["results"] == [extension]
    for part in ("sources", "causes", "checks", "decisions", "plans", "verifications", "actions"):
        assert len(done(owner.get(f"{one}{part}/"))["results"]) == 1
    for part in ("results", "closings", "reopenings"):
        assert done(owner.get(f"{one}{part}/"))["results"] == []


def _answers(story: Story) -> dict[str, object]:
    return {
        "severity": "high", "occurrence": "low", "escaped": "no", "recurs": "yes", "regulatory": "no",
        "rationale": "Again.", "priority": "high", "owner": story.owner.pk,
        "due_at": in_days(50).isoformat(timespec="minutes"),
    }  # fmt: skip
