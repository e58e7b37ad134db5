"""A change from the first word to its end by the pages alone, and what the pages show and refuse."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.jobs.models import BackgroundJob
from core.kernel.deeds import acting
from core.kernel.wiring import ask
from core.organization.models import User
from core.organization.services import system_user
from core.web.questions import FindRecords
from qms.changes.models import (
    ChangeOrder,
    ChangePolicy,
    ChangeTask,
    ChangeType,
    ConfigurationControl,
    ImpactAssessment,
    TaskDependency,
)
from qms.changes.queries import approvals_of, figures, open_suggestions, order_lines
from qms.changes.tasks import print_change
from qms.documents.models import DocumentRevision
from tests.qms.changes.story import Story, in_days
from tests.support import visits
from tests.support.visits import seen

SECRET = "correct horse battery staple"


class Desk:
    """Somebody at the desk."""

    def __init__(self, user: User) -> None:
        with transaction.atomic(), acting(system_user("test")):
            user.set_password(SECRET)
            user.save()
        self.user, self.client = user, visits.visit_as(user)

    def get(self, page: str, /, *args: Any, **query: Any) -> str:
        answer = self.client.get(reverse(f"qms_changes:{page}", args=args), query)
        assert answer.status_code == 200, answer.status_code
        return str(answer.content.decode())

    def post(self, page: str, /, *args: Any, status: Any = 302, **values: Any) -> Any:
        sent = {"client_id": str(uuid.uuid4()), "user_id": self.user.username, "secret": SECRET, **values}
        answer = self.client.post(reverse(f"qms_changes:{page}", args=args), sent)
        assert answer.status_code == status, answer.content.decode()
        return answer


@pytest.mark.requirement(
    "CHG-01", "CHG-02", "CHG-03", "CHG-04", "CHG-05", "CHG-06", "CHG-07", "CHG-08", "CHG-09", "CHG-12"
)
def test_a_change_goes_its_way_by_the_pages(story: Story) -> None:
    order = story.floor.order(1)
    requester, owner, engineer, quality, second = map(
        Desk, (story.requester, story.owner, story.engineer, story.quality, story.second)
    )
    text = story.next_instruction()
    requester.post(
        "changeorder_create", site=story.floor.site.pk, change_type=story.change_type.pk, urgency="routine",
        title="Tighten", description="11 instead of 12.", justification="Loose bolts.",
    )  # fmt: skip
    change = ChangeOrder.objects.latest("pk")
    written = {
        "change_type": story.change_type.pk, "urgency": "routine", "title": "Tighten", "description": "11.",
        "justification": "Loose.", "owner": story.owner.pk, "effectivity": "date", "severity_before": "3",
        "probability_before": "3", "severity_after": "3", "probability_after": "1",
    }  # fmt: skip

    assert (
        "There is no material"
        in requester.post(
            "changeorder_change", change.pk, status=422, **written, **seen(change), effectivity_material="NONE"
        ).content.decode()
    )
    requester.post("changeorder_change", change.pk, **written, **seen(change))
    number = text.document.number
    requester.post("changeitem_create", change.pk, status=422, action="revise", kind="x", number=number)
    requester.post(
        "changeitem_create", change.pk, action="revise", kind="qms_documents.documentrevision", number=number
    )
    requester.post("changeorder_move", change.pk, "submit")
    owner.post("changeorder_move", change.pk, "start_assessment")
    assert order.number in owner.get("changeorder_detail", change.pk)
    for suggestion in open_suggestions(change):
        owner.post("changeorder_answer", change.pk, status=409, suggestion=suggestion.pk, is_affected="no")
        owner.post("changeorder_answer", change.pk, suggestion=suggestion.pk, is_affected="no", reason="Not touched.")
    owner.post("changeorder_look_up", change.pk)
    owner.post("changetask_create", change.pk, title="Train", owner=story.owner.pk)
    train = ChangeTask.objects.get(title="Train")
    owner.post("changetask_create", change.pk, title="Tell", owner=story.owner.pk)
    tell = ChangeTask.objects.get(title="Tell")
    owner.post("taskdependency_create", tell.pk, needed=train.pk)
    owner.post("taskdependency_create", train.pk, needed=tell.pk, status=409)
    owner.post("taskdependency_remove", TaskDependency.objects.get().pk)
    owner.post("changetask_change", tell.pk, title="Tell them", owner=story.owner.pk, **seen(tell))
    assert "Train" in owner.get("changeorder_detail", change.pk, tab="tasks")
    first = ImpactAssessment.objects.filter(change=change)[0]
    owner.post("impactassessment_owner", first.pk, owner=story.engineer.pk)
    for assessment in ImpactAssessment.objects.filter(change=change):
        engineer.post("impactassessment_review", assessment.pk, answer="affected", rationale="New torque.")
    owner.post("impactassessment_move", first.pk, "ask_again", reason="Once more.")
    engineer.post("impactassessment_review", first.pk, answer="affected", rationale="New torque.")
    owner.post("changeorder_move", change.pk, "request_approval")
    assert "Read and sign" in quality.get("changeorder_detail", change.pk, tab="assessments")
    for desk, approval in zip((engineer, quality), approvals_of(change), strict=True):
        desk.post("changeapproval_move", approval.pk, "approve")
    for task in (train, tell):
        owner.post("changetask_move", task.pk, "start")
        owner.post("changetask_move", task.pk, "finish", reason="Sheet 1.")
        engineer.post("changetask_move", task.pk, "accept")
    assert "Train" in owner.get("changetask_detail", train.pk)
    assert order.number in owner.get("changeorder_preview", change.pk)
    line = order_lines(change)[0]
    chosen = {"order": f"{line.order_type}:{line.demand.order.pk}", "decision": "migrate", "reason": "Not begun."}
    owner.post("changeorder_decide", change.pk, status=409, **chosen, from_sequence="99")
    owner.post("changeorder_decide", change.pk, **chosen, from_sequence="20")
    owner.post("changeorder_move", change.pk, "make_ready")
    second.post("changeorder_schedule", change.pk, status=422, release_at="2020-01-01T10:00")
    second.post("changeorder_schedule", change.pk, release_at=f"{in_days(3):%Y-%m-%dT%H:%M}")
    assert "CHG-" in second.get("calendar")
    assert change.title in second.get("board")
    second.post("changeorder_move", change.pk, "release")
    text.refresh_from_db()
    assert text.status == "effective"
    assert "No open order" in owner.get("changeorder_detail", change.pk, tab="orders")
    owner.post("changeorder_print", change.pk)
    assert BackgroundJob.objects.filter(handler="qms_changes.print").exists()
    second.post("changeorder_move", change.pk, "close", reason="It holds.")
    change.refresh_from_db()
    assert change.status == "closed"
    assert [found.label for found in ask(FindRecords(change.number, story.owner))][:1] == [change.number]


@pytest.mark.requirement("CHG-11", "DOC-05")
def test_types_policies_and_the_switch_by_the_pages(story: Story) -> None:
    quality, owner = Desk(story.quality), Desk(story.owner)
    quality.post(
        "changetype_create", code="FAC", name="Building", category="facility", assess="safety", approve="quality",
        retrospective_days="3",
    )  # fmt: skip
    made = ChangeType.objects.get(code="FAC")

    quality.post(
        "changetype_change", made.pk, code="FAC", name="Buildings", category="facility", approve="quality",
        retrospective_days="2", is_active="on", reason="Plural.", **seen(made),
    )  # fmt: skip
    assert "Buildings" in quality.get("changetype_list")
    key = f"{DocumentRevision._meta.label_lower}:procedure"
    quality.post("changepolicy_create", what=key, is_active="on")
    policy = ChangePolicy.objects.get()
    quality.post("changepolicy_change", policy.pk, what=key, reason="Not yet.", **seen(policy))
    policy.refresh_from_db()
    assert (policy.kind, policy.is_active) == ("procedure", False)
    assert "procedure" in quality.get("changepolicy_list")
    quality.post("configuration", is_on="yes", reason="Validated.")
    assert ConfigurationControl.objects.get().is_on
    assert "under change control" in quality.get("configuration")
    assert owner.client.get(reverse("qms_changes:configuration")).status_code == 403
    change = story.raised()
    kind = ContentType.objects.get_for_model(ChangeType)
    owner.post("changeorder_scopes", change.pk, configuration=kind.pk)
    assert change.scopes.get().configuration_type == kind
    assert "Nothing was altered yet" in owner.get("changeorder_detail", change.pk, tab="edits")
    assert figures(story.owner).open == 1
    assert "Open changes" in owner.get("dashboard")


@pytest.mark.requirement("CHG-12", "CHG-01")
def test_extension_and_emergency_by_the_pages(story: Story) -> None:
    second, owner = Desk(story.second), Desk(story.owner)
    change = story.released(story.next_instruction(), is_temporary=True, expires_at=in_days(2))
    second.post("changeorder_extend", change.pk, expires_at=f"{in_days(9):%Y-%m-%dT%H:%M}", reason="The part is late.")
    assert "Temporary" in owner.get("changeorder_detail", change.pk)
    urgent = story.submitted(story.next_routing(), urgency="emergency")
    item = urgent.items.get()
    owner.post("changeitem_name", item.pk)
    second.post("changeorder_move", urgent.pk, "release_emergency", reason="The line stands still.")
    shown = owner.get("changeorder_detail", urgent.pk, tab="assessments")
    assert "Emergency" in shown
    draft = story.raised()
    story.names(draft, story.procedure())
    owner.post("changeitem_remove", draft.items.get().pk)
    assert not draft.items.exists()


@pytest.mark.requirement("CHG-09")
def test_a_change_is_printed_and_sealed(story: Story, tmp_path: Any, settings: Any) -> None:
    settings.TRUELINE_FILES_DIR = tmp_path / "files"
    settings.TRUELINE_KEY_DIR = tmp_path / "keys"
    story.floor.order(1)
    change = story.released(story.next_instruction())

    class Handle:
        """A job as its handler sees it."""

        id, actor = None, story.owner
        pages: list[str] = []

        def result_page(self, url: str) -> None:
            self.pages.append(url)

        def progress(self, *args: Any) -> None:
            """Nobody looks."""

    handle: Any = Handle()
    print_change(job=handle, change_id=change.pk)
    print_change(job=handle, change_id=change.pk)
    assert len(set(handle.pages)) == 1


def test_strangers_see_nothing(story: Story) -> None:
    change = story.raised()
    stranger = Client()
    assert stranger.get(change.get_absolute_url()).status_code == 302


@pytest.mark.requirement("CHG-03")
def test_what_an_assessment_asks_for_does_not_stand_against_it(story: Story) -> None:
    change = story.in_assessment(story.floor.instruction)
    assessment = change.assessments.get(function="production")
    page = visits.visit_as(story.engineer).get(reverse("qms_changes:impactassessment_review", args=[assessment.pk]))
    text = page.content.decode()
    assert "What it means, or why it means nothing" in text and "Not possible yet" not in text
