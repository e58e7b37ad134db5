"""Scenario J: a change brings a new revision to the floor while two stations work by the old one.

Paul writes and carries the change, Leo assesses, Marta and Quinn approve, Marta signs the release for a moment; beat
carries it out. From that minute on an untrained operator is refused and trains at the station, a trained one works by
the new revision, and the running order ends by the old one, as the plan says.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from core.kernel.clock import now
from core.organization.models import Role
from integrations.services.demo import PASSWORD
from mes.execution.models import OrderOperation
from qms.changes.models import ChangeOrder
from qms.changes.services import create_change_type
from qms.documents.models import DocumentRevision
from qms.training import services as training
from qms.training.models import TrainingAssignment
from tests.journeys.floor import ANNA, BEN, report
from tests.journeys.line import Line, make_line, person
from tests.journeys.plant import Plant, Screen

pytestmark = [pytest.mark.browser, pytest.mark.requirement("CHG-07", "TRN-07", "TRN-08")]
AT = "/qms/changes"
RELEASED_IN = dt.timedelta(seconds=6)


def test_a_new_revision_reaches_two_running_stations(plant: Plant) -> None:
    line = make_line()
    _operators_learn_it(line)
    one, two = plant.terminal("one"), plant.terminal("two")
    running, waiting = line.released(), line.released()
    _starts(one, BEN, running)
    one.says("Tighten the axle to 40")

    revision = _next_revision(plant, line)
    _anna_learns(plant, revision)
    change = _change_is_ready(plant, line, running, waiting)
    _release_is_signed(plant, change)
    two.sign_on(ANNA)
    two.says(waiting.order.number)
    two.picture("change-before")
    expect(plant.desk("marta").page.locator("main")).to_be_visible()
    _comes_true(plant, change)

    _ends_by_the_old(one, running)
    _is_refused_and_learns(one, waiting)
    newest = line.released()
    _starts(two, ANNA, newest)
    two.says("Tighten the axle to 45")
    two.picture("change-trained")
    _starts(one, BEN, waiting)
    one.says("Tighten the axle to 45")
    one.picture("change-goes-on")

    revision.refresh_from_db()
    assert revision.status == "effective"
    followed = {
        operation.pk: operation.document_revision.revision
        for operation in OrderOperation.objects.select_related("document_revision")
        if operation.document_revision is not None
    }
    assert followed == {running.pk: "1", waiting.pk: "2", newest.pk: "2"}
    quinn = plant.desk("quinn")
    quinn.go(f"{change.get_absolute_url()}?tab=orders")
    quinn.says("Still made by the old revisions", "None")
    quinn.picture("change-monitoring")
    assert plant.elsewhere == []


def _operators_learn_it(line: Line) -> None:
    """Operators need to know the instruction; the type of change asks production and training."""
    quinn = person("quinn")
    curriculum = training.create_curriculum(code="WHEELS", name="Wheels", actor=quinn)
    training.add_requirement(curriculum=curriculum, kind="read", title="", document=line.document, actor=quinn)
    training.add_audience(curriculum=curriculum, role=Role.objects.get(code="operator"), actor=quinn)
    create_change_type(
        code="DOCUMENT", name="Document", category="document", assess=["production"],
        approve=["engineering", "quality"], actor=quinn,
    )  # fmt: skip


def _starts(screen: Screen, badge: str, operation: OrderOperation) -> None:
    """Somebody signs on and starts the operation from the list."""
    screen.sign_on(badge)
    screen.follow(operation.order.number, ".tl-tiles")
    screen.press("Start", "nav")
    screen.accepted()
    screen.says("Pause")


def _next_revision(plant: Plant, line: Line) -> DocumentRevision:
    """Paul writes it, says what training it takes, and signs; Quinn approves. Nothing counts yet."""
    paul, quinn = plant.desk("paul"), plant.desk("quinn")
    paul.go(f"/qms/documents/documents/{line.document.pk}/revise/")
    paul.fill("main", change_summary="45 N·m: axles came loose.")
    paul.press()
    revision = line.document.revisions.order_by("-pk")[0]
    paul.go(f"/qms/documents/revisions/{revision.pk}/change/")
    paul.fill("main", body=revision.body.replace("40", "45"))
    paul.press()
    step = revision.work_instruction.steps.get()
    paul.go(f"/mes/instructions/steps/{step.pk}/change/")
    paul.fill("main", text="Tighten the axle to 45 N·m.")
    paul.press()
    paul.go(f"/qms/documents/revisions/{revision.pk}/submit/")
    paul.fill("main", training_impact="Read", training_rationale="The torque is another one.")
    paul.sign_and_press("paul")
    quinn.go(f"/qms/documents/revisions/{revision.pk}/approve/")
    quinn.sign_and_press("quinn")
    quinn.says("Approved")
    found: DocumentRevision = revision
    return found


def _anna_learns(plant: Plant, revision: DocumentRevision) -> None:
    """Anna was asked at the approval, and learns before it counts."""
    anna = plant.desk("anna")
    asked = TrainingAssignment.objects.get(user__username="anna", document_revision=revision)
    anna.go(f"/qms/training/assignments/{asked.pk}/read/")
    while anna.page.url.endswith("/read/"):
        anna.press()
    anna.go(f"/qms/training/assignments/{asked.pk}/complete/")
    anna.sign_and_press("anna")
    anna.says("Completed")


def _change_is_ready(plant: Plant, line: Line, running: OrderOperation, waiting: OrderOperation) -> ChangeOrder:
    """Asked for, assessed, approved, its plan for open orders complete."""
    paul = plant.desk("paul")
    paul.go(f"{AT}/changes/new/")
    paul.fill(
        "main",
        site="Graz",
        change_type="DOCUMENT",
        title="Tighten the axle to 45 N·m",
        description="45 N·m in place of 40 N·m.",
        justification="Axles came loose.",
    )
    paul.press()
    change = ChangeOrder.objects.get()
    paul.go(f"{AT}/changes/{change.pk}/change/")
    paul.fill("main", severity_before="4", probability_before="3", severity_after="4", probability_after="1")
    paul.press()
    paul.go(f"{AT}/changes/{change.pk}/items/new/")
    paul.fill("main", action="Revise", kind="Document", number=line.document.number)
    paul.press()
    for deed in ("submit", "start_assessment"):
        paul.go(f"{AT}/changes/{change.pk}/{deed}/")
        paul.press()
    _suggestions_are_answered(paul, change)
    _is_assessed_and_approved(plant, change)
    for operation, decision, since in ((running, "Finish", ""), (waiting, "Go over", str(waiting.sequence))):
        paul.go(f"{AT}/changes/{change.pk}/orders/")
        paul.fill("main", order=operation.order.number, decision=decision, reason="As agreed with production.")
        if since:
            paul.fill("main", from_sequence=since)
        paul.press()
    paul.picture("change-orders")
    paul.go(f"{AT}/changes/{change.pk}/preview/")
    paul.says(running.order.number, "1 person has not learned", "Ben Okafor")
    paul.picture("change-preview")
    paul.go(f"{AT}/changes/{change.pk}/make_ready/")
    paul.press()
    paul.says("Ready")
    return change


def _suggestions_are_answered(paul: Screen, change: ChangeOrder) -> None:
    """Open orders are affected; what else the records name is not."""
    paul.go(f"{change.get_absolute_url()}?tab=items")
    paul.picture("change-suggestions")
    for suggestion in change.suggestions.order_by("pk"):
        paul.go(f"{change.get_absolute_url()}?tab=items")
        form = f"form:has(input[value='{suggestion.pk}'])"
        if suggestion.kind == "order":
            paul.press("Affected", form)
        else:
            paul.fill(form, reason="Its steps stay as they are.")
            paul.press("Not affected", form)
    paul.picture("change-answered")


def _is_assessed_and_approved(plant: Plant, change: ChangeOrder) -> None:
    paul, leo, marta, quinn = (plant.desk(name) for name in ("paul", "leo", "marta", "quinn"))
    for screen, user, function in (
        (leo, "leo", "production"),
        (marta, "marta", "engineering"),
        (quinn, "quinn", "quality"),
    ):
        assessment = change.assessments.get(function=function)
        screen.go(f"{AT}/assessments/{assessment.pk}/review/")
        screen.page.locator("main label", has_text="Affected").first.click()
        screen.fill("main", rationale="Both stations have wrenches up to 60 N·m.")
        screen.picture("change-assess")
        screen.sign_and_press(user)
    paul.go(f"{AT}/changes/{change.pk}/request_approval/")
    paul.press()
    paul.says("Plan approval")
    for screen, user, function in ((marta, "marta", "engineering"), (quinn, "quinn", "quality")):
        approval = change.approvals.get(function=function)
        screen.go(f"{AT}/approvals/{approval.pk}/approve/")
        screen.sign_and_press(user)
    change.refresh_from_db()
    assert change.status == "implementation"


def _release_is_signed(plant: Plant, change: ChangeOrder) -> None:
    """Marta signs the release for a moment; until then nothing changes."""
    marta = plant.desk("marta")
    moment = (now() + RELEASED_IN).astimezone(ZoneInfo(change.site.time_zone))
    marta.go(f"{AT}/changes/{change.pk}/schedule/")
    marta.page.locator('main [name="release_at"]').fill(f"{moment:%Y-%m-%dT%H:%M:%S}")
    marta.picture("change-schedule")
    marta.sign_and_press("marta")
    marta.says("Planned release")
    marta.picture("change-planned")


def _comes_true(plant: Plant, change: ChangeOrder) -> None:
    """Marta looks until beat has released it."""
    marta = plant.desk("marta")
    for _attempt in range(60):
        marta.go(change.get_absolute_url())
        if "Monitoring" in marta.page.locator(".tl-head").inner_text():
            break
        marta.page.wait_for_timeout(500)
    marta.says("Monitoring")
    marta.picture("change-released")


def _ends_by_the_old(one: Screen, running: OrderOperation) -> None:
    """Ben ends what he began, by the revision that he began it with."""
    one.page.reload()
    one.says("Tighten the axle to 40")
    one.picture("change-running")
    report(one, "1")
    one.accepted()
    one.follow("Complete", "nav")
    one.press("Complete", "nav")
    one.accepted()
    running.refresh_from_db()
    assert running.status == "completed"


def _is_refused_and_learns(one: Screen, waiting: OrderOperation) -> None:
    """Ben is not trained on the new revision: he reads why, learns it at the station, and may work."""
    one.sign_on(BEN)
    one.says(waiting.order.number, "is not trained on")
    one.picture("change-not-ready")
    one.follow(waiting.order.number, ".tl-tiles")
    one.press("Start", "nav")
    one.refuses("Ben Okafor is not trained on")
    one.picture("change-refused")
    one.page.locator("a[href$='/train/']").first.click()
    one.picture("change-train")
    expect(one.page.locator("nav button", has_text="Read: go on")).to_be_visible()
    while one.page.locator("nav button", has_text="Read: go on").count():
        one.press("Read: go on", "nav")
    one.picture("change-train-sign")
    one.sign(BEN, PASSWORD)
    one.press("Sign", "nav")
    one.accepted()
