"""A change by programs: the rights, forms and services of its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType

from core.organization.models import User
from qms.changes.models import ChangeOrder, ChangeType
from qms.documents.models import DocumentRevision
from tests.api.conftest import MAKE, Program, program_of
from tests.api.test_desk import done, seen
from tests.api.test_kit import refused
from tests.integrations.test_screen import SECRET, able_to_sign
from tests.qms.changes.story import Story, in_days, make_story
from tests.support.people import grant

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("API-01", "API-12")]
AT = "qms/changes/"


@pytest.fixture
def story(db: None) -> Story:
    return make_story()


def of(story: Story, user: User) -> tuple[Program, Callable[[str], dict[str, str]]]:
    """A program of this person, and what signs for them."""
    grant(user, story.floor.site, MAKE)
    able_to_sign(user)
    return program_of(user), lambda meaning: {"user_name": user.username, "secret": SECRET, "meaning": meaning}


@pytest.mark.requirement(
    "CHG-01", "CHG-02", "CHG-03", "CHG-04", "CHG-05", "CHG-06", "CHG-07", "CHG-08", "CHG-09", "CHG-12"
)
def test_a_change_goes_its_way_by_a_program(story: Story) -> None:
    order = story.floor.order(1)
    owner, owner_signs = of(story, story.owner)
    engineer, engineer_signs = of(story, story.engineer)
    quality, quality_signs = of(story, story.quality)
    second, second_signs = of(story, story.second)
    text = story.next_instruction()
    asked = {
        "site": story.floor.site.pk, "change_type": story.change_type.pk, "urgency": "routine", "title": "Tighten",
        "description": "11.", "justification": "Loose.", "is_temporary": True,
        "expires_at": in_days(9).isoformat(timespec="minutes"),
    }  # fmt: skip
    made = done(program_of_requester(story).post(f"{AT}changes/", asked), 201)
    one = f"{AT}changes/{made['id']}/"
    change = ChangeOrder.objects.get(pk=made["id"])
    story.writes(change, owner=story.owner)
    body = {"action": "revise", "kind": "qms_documents.documentrevision", "number": text.document.number}
    item = done(owner.post(f"{one}items/new/", body), 201)
    assert item["to_id"] == text.pk and done(owner.get(f"{one}items/"))["results"] == [item]
    now = done(owner.get(one))
    done(program_of_requester(story).post(f"{one}submit/", {}, If_Match=seen(now)))
    done(owner.post(f"{one}start-assessment/", {}, If_Match=seen(done(owner.get(one)))))
    for suggestion in done(owner.get(f"{one}suggestions/"))["results"]:
        body = {"suggestion": suggestion["id"], "is_affected": "no", "reason": "Not touched."}
        done(owner.post(f"{one}answer/", body))
    done(owner.post(f"{one}look-up/", {}))
    task = done(owner.post(f"{one}tasks/new/", {"title": "Train", "owner": story.owner.pk}), 201)
    refused(owner.post(f"{AT}tasks/{task['id']}/order/", {"needed": task["id"]}), 422)
    for assessment in done(owner.get(f"{one}assessments/"))["results"]:
        said: dict[str, Any] = {"answer": "affected", "rationale": "New torque."}
        said["signature"] = engineer_signs("reviewed")
        done(engineer.post(f"{AT}assessments/{assessment['id']}/review/", said, If_Match=seen(assessment)))
    done(owner.post(f"{one}request-approval/", {}, If_Match=seen(done(owner.get(one)))))
    approvals = done(owner.get(f"{one}approvals/"))["results"]
    signers = ((engineer, engineer_signs), (quality, quality_signs))
    for approval, (program, signs) in zip(approvals, signers, strict=True):
        done(
            program.post(
                f"{AT}approvals/{approval['id']}/approve/", {"signature": signs("approved")}, If_Match=seen(approval)
            )
        )
    for move, program, more in (
        ("start", owner, {}),
        ("finish", owner, {"reason": "Sheet 1.", "signature": owner_signs("performed")}),
        ("accept", engineer, {"signature": engineer_signs("verified")}),
    ):
        now = done(owner.get(f"{AT}tasks/{task['id']}/"))
        task = done(program.post(f"{AT}tasks/{task['id']}/{move}/", more, If_Match=seen(now)))
    kind = ContentType.objects.get_for_model(order).pk
    body = {"order": f"{kind}:{order.pk}", "decision": "finish", "reason": "Nearly done."}
    done(owner.post(f"{one}orders/decide/", body))
    done(owner.post(f"{one}make-ready/", {}, If_Match=seen(done(owner.get(one)))))
    plan = {"release_at": in_days(2).isoformat(timespec="minutes"), "signature": second_signs("released")}
    assert done(second.post(f"{one}schedule/", plan))["release_at"]
    now = done(owner.get(one))
    released = done(second.post(f"{one}release/", {"signature": second_signs("released")}, If_Match=seen(now)))
    assert released["status"] == "monitoring"
    text.refresh_from_db()
    assert text.status == "effective"
    assert len(done(owner.get(f"{one}releases/"))["results"]) == 1
    extend = {
        "expires_at": in_days(12).isoformat(timespec="minutes"),
        "reason": "Late.",
        "signature": second_signs("approved"),
    }
    done(second.post(f"{one}extend/", extend))
    close = {"reason": "Holds.", "signature": second_signs("closed")}
    now = done(owner.get(one))
    codes = {one["code"] for one in refused(second.post(f"{one}close/", close, If_Match=seen(now)), 409)["blockers"]}
    assert codes == {"still_in_force", "old_in_use"}
    assert done(owner.get(f"{one}orders/"))["results"][0]["applied_at"]


def program_of_requester(story: Story) -> Program:
    """A program of whoever asks for the change."""
    grant(story.requester, story.floor.site, MAKE)
    return program_of(story.requester)


@pytest.mark.requirement("CHG-11", "DOC-05")
def test_types_policies_and_the_switch_by_a_program(story: Story) -> None:
    quality, signs = of(story, story.quality)
    body = {
        "code": "FAC", "name": "Building", "category": "facility", "assess": ["safety"], "approve": ["quality"],
        "retrospective_days": 3,
    }  # fmt: skip
    made: dict[str, Any] = done(quality.post(f"{AT}types/", body), 201)
    assert ChangeType.objects.get(pk=made["id"]).functions.count() == 2
    what = f"{DocumentRevision._meta.label_lower}:procedure"
    assert done(quality.post(f"{AT}policies/", {"what": what, "is_active": True}), 201)["is_active"] is True
    on = {"is_on": "yes", "reason": "Validated.", "signature": signs("approved")}
    assert done(quality.post(f"{AT}configuration/", on))["is_on"] is True
    codes = {one["code"] for one in refused(quality.post(f"{AT}types/", {**body, "code": "X"}), 409)["blockers"]}
    assert codes == {"configuration_controlled"}
