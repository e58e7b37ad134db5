"""Learning in a browser: on the job with a trainer, and by a quiz that is failed twice before it is passed."""

from __future__ import annotations

import datetime as dt

import pytest

from core.kernel.clock import now
from core.lifecycle.services import perform
from core.organization.models import Role, Site
from integrations.services.demo import proof
from qms.documents.services import create_document, submit_revision
from qms.training import services
from qms.training.models import Quiz, TrainingAssignment, TrainingRecord
from tests.journeys.line import person
from tests.journeys.plant import Plant, Screen

pytestmark = pytest.mark.browser
AT = "/qms/training"


@pytest.mark.requirement("TRN-04")
def test_practice_counts_once_a_qualified_trainer_has_attested_it(plant: Plant) -> None:
    quinn, leo, ben = (plant.desk(name) for name in ("quinn", "leo", "ben"))
    quinn.go(f"{AT}/curricula/new/")
    quinn.fill("main", code="BALANCE", name="Balancing of wheels")
    quinn.press()
    curriculum = quinn.page.url
    _leo_trains_others(quinn)
    quinn.go(curriculum)
    quinn.follow("Add what it takes", ".tl-head-actions")
    quinn.fill("main", kind="On the job", title="Balance a wheel", repetitions="3")
    quinn.press()
    quinn.says("Balance a wheel")
    quinn.picture("curriculum")

    leo.go(f"{AT}/assignments/new/")
    leo.fill(
        "main", user="Ben Okafor", requirement="Balance a wheel", due_at=f"{now() + dt.timedelta(days=7):%Y-%m-%d}"
    )
    leo.press()
    leo.says("Assigned", "Ben Okafor")
    asked = TrainingAssignment.objects.get(user__username="ben")

    ben.go(f"{AT}/assignments/mine/")
    ben.follow("Balance a wheel", "main")
    ben.follow("Begin", ".tl-head-actions")
    ben.press()
    ben.follow("Sign: done", ".tl-head-actions")
    ben.fill("main", evidence="Three wheels, run-out below 0.2 mm.")
    ben.picture("practice-present")
    ben.sign_and_press("ben")
    ben.says("Waits for the second person", "Three wheels, run-out below 0.2 mm.")
    ben.picture("practice-waits")

    marta = plant.desk("marta")
    marta.go(f"{AT}/assignments/{asked.pk}/attest/")
    marta.says("Marta Lind is not qualified to train others in BALANCE")
    marta.picture("trainer-refused")
    leo.go(f"{AT}/assignments/{asked.pk}/attest/")
    leo.sign_and_press("leo")
    _is(leo, asked, "completed")
    leo.picture("practice-attested")

    record = TrainingRecord.objects.get(assignment=asked)
    assert record.signature is not None and record.attestation is not None
    assert (record.signature.signer.username, record.attestation.signer.username) == ("ben", "leo")
    ben.go(f"{AT}/people/{person('ben').pk}/")
    ben.says("Balance a wheel")
    ben.picture("person")
    assert plant.elsewhere == []


@pytest.mark.requirement("TRN-03")
def test_a_quiz_failed_twice_is_passed_after_help(plant: Plant) -> None:
    quinn, leo, anna = (plant.desk(name) for name in ("quinn", "leo", "anna"))
    assigned = _a_procedure_with_a_quiz(plant)

    anna.go(f"{AT}/assignments/mine/")
    anna.follow("Mixing of paint", "main")
    anna.follow("Read", ".tl-head-actions")
    anna.picture("read-section")
    while anna.page.url.endswith("/read/"):
        anna.press()
    for left in (1, 0):
        anna.go(f"{AT}/assignments/{assigned.pk}/quiz/")
        anna.picture(f"quiz-{left}")
        _answer(anna, "5 minutes", "Never")
        anna.says("Quiz attempt", "0 %")
    anna.says("Quiz failed")
    anna.picture("quiz-failed")
    anna.go(f"{AT}/assignments/{assigned.pk}/quiz/")
    anna.says("Quiz failed", "Who is asked")  # and there is nothing to answer
    assert not anna.page.locator("main input[type=checkbox]").count()

    leo.go("/core/worklist/inbox/")
    leo.says("Anna Kowalska failed the quiz")
    leo.go(f"{AT}/assignments/{assigned.pk}/remediate/")
    leo.fill("main", reason="Mixed a tin together; she timed it.")
    leo.press()
    leo.says("Helped, to be repeated")
    leo.picture("quiz-helped")

    anna.go(f"{AT}/assignments/{assigned.pk}/")
    anna.follow("Answer the quiz", ".tl-head-actions")
    _answer(anna, "20 minutes", "Before each use")
    anna.says("100 %")
    anna.follow("Sign: read and understood", ".tl-head-actions")
    anna.sign_and_press("anna")
    _is(anna, assigned, "completed")
    anna.picture("quiz-passed")
    record = TrainingRecord.objects.get(assignment=assigned)
    assert (record.how, record.score) == ("quiz", 100)
    quinn.go(Quiz.objects.get().get_absolute_url())
    quinn.says("How long is it stirred?")
    quinn.picture("quiz-statistics")
    assert plant.elsewhere == []


def _leo_trains_others(quinn: Screen) -> None:
    """The first trainer is qualified on somebody's word, before anything is asked of those who come after."""
    quinn.go(f"{AT}/qualifications/new/")
    quinn.fill(
        "main", user="Leo Gruber", curriculum="BALANCE", level="Trains others", basis="Built our balancing bench."
    )
    quinn.press()
    quinn.says("Leo Gruber", "Trains others")


def _is(screen: Screen, assignment: TrainingAssignment, status: str) -> None:
    """The deed was done: the page shows the assignment, which is in this state."""
    assert screen.page.url.endswith(assignment.get_absolute_url()), screen.text()
    assignment.refresh_from_db()
    assert assignment.status == status


def _a_procedure_with_a_quiz(plant: Plant) -> TrainingAssignment:
    """Quinn writes the quiz in her browser; the procedure is approved, and operators are asked to learn it."""
    paul, quinn = person("paul"), person("quinn")
    document = create_document(
        kind="procedure",
        title="Mixing of paint",
        site=Site.objects.get(code="GRZ"),
        body="# Stir\n\nStir for 20 minutes.\n\n# Check\n\nCheck the viscosity before each use.\n",
        actor=paul,
    )
    curriculum = services.create_curriculum(code="PAINT", name="Painting", actor=quinn)
    services.add_requirement(curriculum=curriculum, kind="quiz", title="", document=document, actor=quinn)
    services.add_audience(curriculum=curriculum, role=Role.objects.get(code="operator"), actor=quinn)
    screen = plant.desk("quinn")
    screen.go(f"{AT}/quizzes/new/")
    screen.fill("main", document="Mixing of paint", pass_percent="100")
    screen.press()
    for text, lines in (
        ("How long is it stirred?", "5 minutes\n*20 minutes"),
        ("When is the viscosity checked?", "Never\n*Before each use\nOnce a year"),
    ):
        screen.follow("Add a question", ".tl-head-actions")
        screen.fill("main", text=text, lines=lines)
        screen.press()
        screen.says(text)
    screen.follow("Put in use", ".tl-head-actions")
    screen.press()
    screen.says("In use")
    revision = document.revisions.get()
    submit_revision(
        revision=revision,
        training_impact="quiz",
        training_rationale="Who mixes it wrong spoils a batch.",
        actor=paul,
        signature=proof(paul, "authored"),
    )
    perform(revision, "approve", actor=quinn, signature=proof(quinn, "approved"))
    perform(revision, "make_effective", actor=quinn)
    return TrainingAssignment.objects.get(user__username="anna", document_revision=revision)


def _answer(screen: Screen, *answers: str) -> None:
    """Tick these answers of the shuffled questions, and hand in."""
    for answer in answers:
        screen.page.locator("main label", has_text=answer).first.click()
    screen.press()
