"""A revision becomes effective only where somebody can do the planned work by it, or it is waived by signature."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel.clock import now
from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.services import system_user
from mes.execution.answers.training import orders_that_are_planned
from mes.instructions.services import edit_step
from mes.routing import services as routings
from qms.documents.models import DocumentRevision
from qms.documents.services import revise_document, submit_revision
from qms.training.models import StaffingWaiver, TrainingAssignment
from qms.training.queries import staffing_for_document
from qms.training.queries.staff import Heads, Period, staffing
from qms.training.questions import Demand, ScheduledDemand
from qms.training.services import (
    create_curriculum,
    grant_qualification,
    plan_shift,
    train_now,
    waive_staffing,
)
from tests.mes.execution.floor import Floor, make_floor, put_into_force
from tests.mes.execution.test_training import PEOPLE, train
from tests.support.people import grant, make_user, proof

pytestmark = pytest.mark.django_db
EXECUTE = "mes_execution.execute_orderoperation"


@pytest.fixture
def floor(db: None) -> Floor:
    made = make_floor()
    for person in (made.operator, made.colleague):
        grant(person, made.site, *PEOPLE)
    return made


def approved(floor: Floor, impact: str = "read") -> DocumentRevision:
    author, second = system_user("author"), system_user("approver")
    revision = revise_document(document=floor.instruction.document, change_summary="The torque", actor=author)
    edit_step(step=revision.work_instruction.steps.get(), text="Tighten it to 12.", actor=author)
    submit_revision(
        revision=revision,
        training_impact=impact,
        training_rationale="The torque changed",
        actor=author,
        signature=proof(author, "authored"),
    )
    return perform(revision, "approve", actor=second, signature=proof(second, "approved"))


def make_effective(revision: Any) -> None:
    perform(revision, "make_effective", actor=system_user("approver"))


@pytest.mark.requirement("TRN-13")
def test_a_revision_that_nobody_could_work_to_waits_or_is_waived(floor: Floor) -> None:
    order = floor.order(release=False, due_on=(now() + dt.timedelta(days=3)).date())
    revision = approved(floor)
    with pytest.raises(Blocked) as caught:
        make_effective(revision)
    assert caught.value.codes == ("nobody_qualified",)
    assert order.number in str(caught.value.blockers[0].message)
    assert "earliest safe date" in caught.value.blockers[0].remedy
    revision.refresh_from_db()
    assert revision.status == "approved"
    found = staffing_for_document(revision, now())
    assert found.earliest == max(one.ends_at for one in found.uncovered)
    for code, values in (
        ("reason", {"reason": ""}),
        ("signature_required", {"signature": None}),
        ("permission", {"actor": floor.lead, "signature": proof(floor.lead, "approved")}),
    ):
        with pytest.raises(Blocked) as caught:
            waive(revision, **values)
        assert code in caught.value.codes
        assert not StaffingWaiver.objects.exists()
    waive(revision)
    make_effective(revision)
    train(floor.operator, revision)
    with pytest.raises(Blocked) as caught:
        waive(revision)
    assert caught.value.codes == ("nothing_to_waive",)


def waive(revision: Any, **values: Any) -> StaffingWaiver:
    head = system_user("head")
    given = {
        "revision": revision,
        "found": staffing_for_document(revision, now()),
        "reason": "Training on the day itself",
        "signature": proof(head, "approved"),
        "actor": head,
        **values,
    }
    return waive_staffing(**given)


@pytest.mark.requirement("TRN-13")
def test_one_trained_person_who_is_there_is_enough(floor: Floor) -> None:
    day = (now() + dt.timedelta(days=3)).date()
    floor.order(release=False, due_on=day)
    revision = approved(floor)
    train(floor.operator, revision)
    with transaction.atomic():
        make_effective(revision)
        transaction.set_rollback(True)
    noon = dt.datetime.combine(day, dt.time(8), dt.UTC)
    plan_shift(
        user=floor.colleague,
        work_center=floor.work_center,
        shift="Early",
        starts_at=noon,
        ends_at=noon + dt.timedelta(hours=4),
        actor=floor.world.system,
    )
    revision.refresh_from_db()
    with pytest.raises(Blocked) as caught:
        make_effective(revision)
    assert caught.value.codes == ("nobody_qualified",)


@pytest.mark.requirement("TRN-13")
def test_a_routing_that_nobody_is_qualified_for_waits(floor: Floor) -> None:
    system = floor.world.system
    floor.order(release=False, due_on=(now() + dt.timedelta(days=3)).date())
    soldering = create_curriculum(code="SOLD", name="Soldering", actor=system)
    revision = routings.new_revision(routing=floor.revision.routing, summary="Solder it", actor=system)
    operation = revision.operations.order_by("sequence")[0]
    routings.add_requirement(operation=operation, curriculum=soldering, actor=system)
    with pytest.raises(Blocked) as caught:
        put_into_force(revision, system)
    assert caught.value.codes == ("nobody_qualified",)
    grant_qualification(user=floor.operator, curriculum=soldering, basis="Seen", actor=system)
    make_effective(revision)


# --- The oracle ------------------------------------------------------------------------------------------------------

BEGIN = dt.datetime(2027, 1, 1, tzinfo=dt.UTC)


def day(number: int) -> dt.datetime:
    return BEGIN + dt.timedelta(days=number)


@dataclass(frozen=True)
class Plant:
    """A random plant in small numbers: people 0-4, curricula 0-2, days 0-9, two work centers."""

    demands: tuple[tuple[int, int, frozenset[int]], ...]
    allowed: frozenset[tuple[int, int]]
    qualified: dict[tuple[int, int], tuple[int, int]]
    trained: dict[int, int] | None
    learning: dict[int, int]
    shifts: tuple[tuple[int, int, int, int], ...]


DAYS, PEOPLE_THERE, CENTERS, CURRICULA = (st.integers(0, n) for n in (9, 4, 1, 2))
PERIODS = st.tuples(DAYS, DAYS).map(lambda pair: (min(pair), max(pair)))
PLANTS = st.builds(
    Plant,
    demands=st.lists(st.tuples(DAYS, CENTERS, st.frozensets(CURRICULA, max_size=2)), max_size=6).map(tuple),
    allowed=st.frozensets(st.tuples(CENTERS, PEOPLE_THERE), max_size=8),
    qualified=st.dictionaries(st.tuples(PEOPLE_THERE, CURRICULA), PERIODS, max_size=10),
    trained=st.none() | st.dictionaries(PEOPLE_THERE, DAYS, max_size=4),
    learning=st.dictionaries(PEOPLE_THERE, DAYS, max_size=4),
    shifts=st.lists(st.tuples(CENTERS, PEOPLE_THERE, DAYS, st.integers(1, 3)), max_size=5).map(tuple),
)


def brute(plant: Plant, at: int) -> tuple[set[int], int | None]:
    """Every demand × every person × every day, counted anew with plain numbers."""

    def somebody(demand: tuple[int, int, frozenset[int]], learned_by: int | None) -> bool:
        when, center, curricula = demand
        rostered = {p for c, p, begins, length in plant.shifts if c == center and begins <= when < begins + length}
        for person in range(5):
            if (center, person) not in plant.allowed or (rostered and person not in rostered):
                continue
            if not all(
                (person, one) in plant.qualified
                and plant.qualified[person, one][0] <= when <= plant.qualified[person, one][1]
                for one in curricula
            ):
                continue
            knows = plant.trained is None or plant.trained.get(person, -1) > when
            learns = learned_by is not None and person in plant.learning and plant.learning[person] <= learned_by
            if knows or learns:
                return True
        return False

    open_now = {
        number for number, demand in enumerate(plant.demands) if demand[0] + 1 > at and not somebody(demand, None)
    }
    if not open_now:
        return open_now, at
    for moment in range(at, 12):
        if all(somebody(demand, moment) for demand in plant.demands if demand[0] + 1 > moment):
            return open_now, moment
    return open_now, None


@pytest.mark.requirement("TRN-13")
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plant=PLANTS, at=st.integers(0, 9))
def test_staffing_is_what_counting_everything_gives(plant: Plant, at: int) -> None:
    demands = [
        Demand(str(number), "", 1, center, EXECUTE, day(when), day(when + 1), curricula, 1, 1)
        for number, (when, center, curricula) in enumerate(plant.demands)
    ]
    allowed: dict[tuple[int, str], frozenset[int]] = {}
    for center, person in plant.allowed:
        allowed[center, EXECUTE] = allowed.get((center, EXECUTE), frozenset()) | {person}
    shifts: dict[int, list[tuple[int, dt.datetime, dt.datetime]]] = {}
    for center, person, begins, length in plant.shifts:
        shifts.setdefault(center, []).append((person, day(begins), day(begins + length)))
    heads = Heads(
        allowed=allowed,
        qualified={key: Period(day(since), day(until)) for key, (since, until) in plant.qualified.items()},
        trained=None if plant.trained is None else {who: day(until) for who, until in plant.trained.items()},
        learning={who: day(due) for who, due in plant.learning.items()},
        shifts=shifts,
    )
    found = staffing(demands, heads, day(at))
    uncovered, earliest = brute(plant, at)
    assert {int(one.key) for one in found.uncovered} == uncovered
    assert found.earliest == (None if earliest is None else day(earliest))


@pytest.mark.requirement("TRN-13")
def test_what_is_read_from_the_plant_is_what_people_have(floor: Floor) -> None:
    """The database's side: who may, who is trained, who learns, and what is planned."""
    order = floor.order(release=False)
    revision = approved(floor)
    train_now(revision=revision, actor=floor.colleague)
    learning = TrainingAssignment.objects.get(user=floor.colleague)
    (demand,) = [
        one
        for one in orders_that_are_planned(ScheduledDemand(floor.site.pk, now(), now() + dt.timedelta(days=9)))
        if one.document_id == revision.document_id
    ]
    assert demand.label.startswith(order.number) and demand.work_center_id == floor.work_center.pk
    found = staffing_for_document(revision, now())
    assert [one.key for one in found.uncovered] == [demand.key]
    assert found.earliest is not None and found.earliest >= learning.due_at
    somebody = make_user(site=floor.site, permissions=PEOPLE)
    train(somebody, revision)
    assert staffing_for_document(revision, now()).uncovered
    train(floor.operator, revision)
    assert not staffing_for_document(revision, now()).uncovered
