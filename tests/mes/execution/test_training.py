"""Trained on exactly the revision that the order was released with: at clock-on, start and signature (scenario J)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import User
from core.organization.services import system_user
from core.signing.queries import is_intact, signatures_of
from mes.execution import services
from mes.execution.lifecycle import OVERRIDE
from mes.execution.models import OperationRun, OrderOperation
from mes.execution.queries.context import GateContext
from mes.execution.queries.staff import who_can_run
from mes.instructions.services import edit_step
from qms.documents.models import DocumentRevision
from qms.documents.services import revise_document, submit_revision
from qms.nonconformance.models import NonConformance
from qms.training.lifecycle import TAKE, VIEW_TRAINING
from qms.training.models import TrainingOverride, TrainingRecord
from qms.training.queries import sections_of
from qms.training.services import complete_reading, plan_shift, show_section, train_now
from tests.mes.execution.floor import LEAD, OPERATOR, Floor, make_floor
from tests.mes.execution.refusals import refused
from tests.mes.execution.station import make_station
from tests.support.people import make_user, proof

pytestmark = pytest.mark.django_db
PEOPLE = (TAKE, VIEW_TRAINING)
SECRET = "correct horse battery staple"


@pytest.fixture
def floor(db: None) -> Floor:
    made = make_floor()
    site = made.site
    return replace(
        made,
        operator=make_user(site=site, permissions=(*OPERATOR, *PEOPLE)),
        colleague=make_user(site=site, permissions=(*OPERATOR, *PEOPLE)),
        lead=make_user(site=site, permissions=(*LEAD, *PEOPLE, OVERRIDE)),
    )


def next_revision(floor: Floor, impact: str = "read", text: str = "Tighten it to 12.") -> DocumentRevision:
    """The instruction's next revision, with another torque in words, effective."""
    author, second = system_user("author"), system_user("approver")
    revision = revise_document(document=floor.instruction.document, change_summary="The torque", actor=author)
    step = revision.work_instruction.steps.get()
    edit_step(step=step, text=text, actor=author)
    submit_revision(
        revision=revision,
        training_impact=impact,
        training_rationale="The torque changed",
        actor=author,
        signature=proof(author, "authored"),
    )
    perform(revision, "approve", actor=second, signature=proof(second, "approved"))
    perform(revision, "make_effective", actor=second)
    return revision


def train(user: User, revision: DocumentRevision) -> None:
    assignment = train_now(revision=revision, actor=user)
    for number in range(1, len(sections_of(revision)) + 1):
        show_section(assignment=assignment, number=number, actor=user)
    complete_reading(assignment=assignment, actor=user, signature=proof(user, "trained"))


def waiting(floor: Floor, operator: User | None = None) -> OrderOperation:
    """The assembling operation of a new order; what comes before it is done."""
    order = floor.order()
    floor.finish_first(order)
    return floor.last(order)


@pytest.mark.requirement("TRN-08")
def test_a_new_revision_stops_the_untrained_and_lets_the_trained_work(floor: Floor) -> None:
    """Scenario J: the instruction changes while orders run."""
    running = floor.assembling()
    second = next_revision(floor)
    floor.finish_unit(running)  # what was released before keeps its revision
    operation = waiting(floor)
    assert operation.document_revision == second
    with refused("start", "not_trained"):
        services.start_operation(order_operation=operation, actor=floor.operator)
    train(floor.operator, second)
    services.start_operation(order_operation=operation, actor=floor.operator)
    with refused("join", "not_trained"):
        services.start_operation(order_operation=operation, actor=floor.colleague)
    with refused("sign", "not_trained"):
        services.sign_operation(
            order_operation=operation,
            meaning="verified",
            signature=proof(floor.colleague, "verified"),
            actor=floor.colleague,
        )
    train(floor.colleague, second)
    services.sign_operation(
        order_operation=operation,
        meaning="verified",
        signature=proof(floor.colleague, "verified"),
        actor=floor.colleague,
    )


@pytest.mark.requirement("TRN-06")
def test_a_revision_without_training_stops_nobody_who_knew_the_one_before(floor: Floor) -> None:
    second = next_revision(floor)
    train(floor.operator, second)
    third = next_revision(floor, "none")
    operation = waiting(floor)
    assert operation.document_revision == third
    with refused("start", "not_trained"):
        services.start_operation(order_operation=operation, actor=floor.colleague)
    services.start_operation(order_operation=operation, actor=floor.operator)


@pytest.mark.requirement("TRN-08")
def test_the_gate_asks_once(floor: Floor) -> None:
    second = next_revision(floor)
    train(floor.operator, second)
    operation = waiting(floor)
    context = GateContext(operation, floor.operator)
    assert operation.document_revision is not None and context.requirements is not None
    with CaptureQueriesContext(connection) as spent:
        assert not context.missing_training and not context.missing_qualifications
    assert len(spent) == 1


@pytest.mark.requirement("TRN-08")
def test_a_supervisor_and_a_second_person_let_somebody_work_under_a_deviation(floor: Floor) -> None:
    next_revision(floor)
    operation = waiting(floor)

    def let(**values: Any) -> Any:
        given = {
            "person": floor.operator,
            "actor": floor.lead,
            "reason": "Delivery today; the lead stands beside",
            "signature": proof(floor.lead, "approved"),
            "second": proof(floor.colleague, "witnessed"),
            **values,
        }
        return services.let_untrained_work(order_operation=operation, **given)

    for code, values in (
        ("permission", {"actor": floor.colleague, "signature": proof(floor.colleague, "approved")}),
        ("reason", {"reason": " "}),
        ("two_others", {"second": None}),
        ("two_others", {"second": proof(floor.operator, "witnessed")}),
        ("two_others", {"signature": None}),
    ):
        before = NonConformance.objects.count()
        with pytest.raises(Blocked) as caught:
            let(**values)
        assert code in caught.value.codes, caught.value.codes
        assert NonConformance.objects.count() == before and not TrainingOverride.objects.exists()
    let()
    override = TrainingOverride.objects.get()
    deviation = NonConformance.objects.get(kind="deviation")
    assert override.source == deviation and override.subject == operation
    assert {one.meaning for one in signatures_of(override)} == {"approved", "witnessed"}
    assert all(is_intact(one) for one in signatures_of(override))
    services.start_operation(order_operation=operation, actor=floor.operator)
    with refused("join", "not_trained"):
        services.start_operation(order_operation=operation, actor=floor.colleague)
    assert not TrainingRecord.objects.exists()
    train(floor.colleague, operation.document_revision)  # type: ignore[arg-type]
    with pytest.raises(Blocked) as caught:
        let(person=floor.colleague, second=proof(floor.operator, "witnessed"))
    assert caught.value.codes == ("nothing_missing",)


@pytest.mark.requirement("TRN-08")
def test_train_now_at_the_terminal(floor: Floor) -> None:
    second = next_revision(floor)
    train(floor.operator, second)
    third = next_revision(floor, text="Tighten it to 13.")
    operation = waiting(floor)
    floor.operator.set_password(SECRET)
    with transaction.atomic(), acting(system_user("test")):
        floor.operator.save()
    station = make_station(floor.work_center, floor.operator)
    page = station.client.get(station.address(operation)).content.decode()
    train_url = station.address(operation, "train/")
    assert "is not trained on" in page and train_url in page
    assert station.do(operation, "start").status_code == 409
    page = station.client.get(
        train_url
    ).content.decode()  # asked for at approval: whoever knew the second learns the third
    assert "Section 1 of" in page and f"New since the revision you knew ({second})" in page
    assert "Tighten it to 13." in page and "gone:" in page
    for number in range(1, len(sections_of(third)) + 1):
        assert "go on" in station.client.get(train_url).content.decode()
        assert station.client.post(train_url, {"deed": "read", "number": str(number)}).status_code == 302
    page = station.client.get(train_url).content.decode()
    assert "read and understood" in page
    wrong = {"deed": "sign", "user_id": floor.operator.username, "secret": "wrong"}
    assert station.client.post(train_url, wrong).status_code == 409
    answer = station.client.post(train_url, {**wrong, "secret": SECRET})
    assert answer.status_code == 302 and answer["Location"] == station.address(operation)
    assert station.do(operation, "start").status_code == 302
    assert OperationRun.objects.filter(operator=floor.operator, order_operation=operation).exists()
    station.sign_on(floor.colleague)
    assert "Train now" in station.client.get(train_url).content.decode()
    assert station.client.post(train_url, {"deed": "begin"}).status_code == 302
    assert "Section 1 of" in station.client.get(train_url).content.decode()


@pytest.mark.requirement("TRN-09")
def test_who_can_run_an_operation_on_a_shift(floor: Floor) -> None:
    second = next_revision(floor)
    train(floor.operator, second)
    operation = waiting(floor)
    start = now() + dt.timedelta(hours=1)
    plan_shift(
        user=floor.colleague,
        work_center=floor.work_center,
        shift="Early",
        starts_at=start,
        ends_at=start + dt.timedelta(hours=8),
        actor=floor.world.system,
    )
    found = {one.user: one for one in who_can_run(operation, start, start + dt.timedelta(hours=1))}
    assert found[floor.operator].can and not found[floor.operator].is_planned
    assert not found[floor.colleague].can and found[floor.colleague].is_planned
    assert not found[floor.colleague].is_trained
    assert floor.planner not in found
    assert reverse("mes_execution:orderoperation_staff", args=[operation.pk])
