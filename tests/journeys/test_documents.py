"""The life of a form in a browser: written, approved, printed, filled in, verified, reviewed, replaced.

Each person works in a browser of their own; anybody reads from the code on a copy whether it is still current.
"""

from __future__ import annotations

import pytest

from qms.documents.models import ControlledCopy, Document, DocumentRevision, FilledForm, PeriodicReview
from tests.journeys.plant import DESK, Plant
from tests.support.documents import days

pytestmark = [pytest.mark.browser, pytest.mark.requirement("DOC-08"), pytest.mark.requirement("DOC-10")]
AT = "/qms/documents"


def test_a_form_is_made_filled_in_reviewed_and_replaced(plant: Plant) -> None:
    paul, quinn, ben, marta = (plant.desk(name) for name in ("paul", "quinn", "ben", "marta"))
    anybody = plant.window(DESK)

    paul.go(f"{AT}/documents/new/")
    paul.fill("main", kind="Form", title="Weekly check of the oven", body="Measure when the oven is warm.")
    paul.press()
    document = Document.objects.get()
    _field(plant, document.revisions.get(), "Temperature", "Number", "TEMP", high="190")
    _field(plant, document.revisions.get(), "Result", "One of several", "RESULT", choices="pass | fail")
    _into_force(plant, document.revisions.get())

    revision = document.revisions.get()
    ben.go(revision.get_absolute_url())
    ben.follow("Fill in", "main")
    ben.fill("main", about="Oven 2")
    ben.press()
    ben.fill("main", TEMP="195", RESULT="pass")
    ben.press()
    form = FilledForm.objects.get()
    ben.says("195", "Outside the limits", form.number)
    ben.go(f"{AT}/filled/{form.pk}/complete/")
    ben.sign_and_press("ben")
    ben.says("Completed")
    marta.go(f"{AT}/filled/{form.pk}/verify/")
    marta.sign_and_press("marta")
    marta.says("Verified")
    marta.picture("filled-form")

    quinn.go(f"{AT}/revisions/{revision.pk}/copies/new/")
    quinn.fill("main", holder="Paint shop", count="1")
    quinn.press()
    copy = ControlledCopy.objects.get()
    anybody.go(copy.get_status_page_url())
    anybody.says("CURRENT", document.number)
    anybody.does_not_say("Weekly check")

    quinn.go(f"{AT}/documents/{document.pk}/review/")
    quinn.press()
    review = PeriodicReview.objects.get()
    quinn.go(f"{AT}/reviews/{review.pk}/reaffirm/")
    quinn.fill("main", conclusion="The form still fits the oven.", next_due_on=days(365).isoformat())
    quinn.sign_and_press("quinn")
    quinn.says("Reaffirmed", "The form still fits the oven.")
    quinn.picture("periodic-review")

    paul.go(f"{AT}/documents/{document.pk}/revise/")
    paul.fill("main", change_summary="Hotter paint")
    paul.press()
    following = document.revisions.order_by("-pk")[0]
    paul.go(f"{AT}/revisions/{following.pk}/change/")
    paul.fill("main", body="Measure when the oven is hot.")
    paul.press()
    paul.go(f"{AT}/revisions/{following.pk}/redline/")
    paul.says("warm", "hot", "1 line differs")
    paul.picture("redline")
    _into_force(plant, following)
    anybody.go(copy.get_status_page_url())
    anybody.says("OBSOLETE", "Do not use this copy", "Revision 2 is effective now")
    anybody.picture("copy-obsolete")
    form.refresh_from_db()
    assert form.revision == revision
    assert plant.elsewhere == []


def _field(plant: Plant, revision: DocumentRevision, label: str, kind: str, code: str, **more: str) -> None:
    paul = plant.desk("paul")
    paul.go(f"{AT}/revisions/{revision.pk}/fields/new/")
    paul.fill("main", label=label, kind=kind, code=code, **more)
    paul.press()
    paul.says(label)


def _into_force(plant: Plant, revision: DocumentRevision) -> None:
    paul, quinn = plant.desk("paul"), plant.desk("quinn")
    paul.go(f"{AT}/revisions/{revision.pk}/submit/")
    paul.fill("main", training_impact="None", training_rationale="Nobody works to it yet")
    paul.sign_and_press("paul")
    quinn.go(f"{AT}/revisions/{revision.pk}/approve/")
    quinn.sign_and_press("quinn")
    quinn.go(f"{AT}/revisions/{revision.pk}/make_effective/")
    quinn.press()
    revision.refresh_from_db()
    assert revision.status == "effective"
