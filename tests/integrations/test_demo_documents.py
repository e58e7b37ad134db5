"""The documents of the demonstration plant, made by its people: something on every page of document control."""

from __future__ import annotations

import pytest

from integrations.services import demo
from integrations.services.demo_documents import make_documents
from qms.documents.models import (
    ControlledCopy,
    DocumentRevision,
    ExternalDocument,
    FilledForm,
    PeriodicReview,
    ReviewComment,
)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("DOC-10")]


def test_the_people_of_the_plant_make_its_documents() -> None:
    site, users = demo.people_and_sites()
    make_documents(site, users, demo.PASSWORD)
    states = DocumentRevision.objects.values_list("document__number", "status").order_by("pk")
    assert list(states) == [
        ("SOP-MFG-0001", "effective"),
        ("SOP-MFG-0001", "draft"),
        ("SOP-QA-0001", "effective"),
        ("FRM-000001", "effective"),
    ]
    assert FilledForm.objects.get().status == "completed"
    assert ControlledCopy.objects.count() == 2
    assert PeriodicReview.objects.get().status == "open"
    assert ReviewComment.objects.filter(answer="").count() == 1
    assert ExternalDocument.objects.get().owner.username == "marta"
