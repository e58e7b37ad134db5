"""Whoever may approve documents finds a submitted revision in the inbox, by whatever role; its author does not."""

from __future__ import annotations

import pytest

from core.lifecycle.services import perform
from core.organization.models import Site, User
from core.worklist.models import Notification
from core.worklist.queries import work_of
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document
from tests.core.worklist.conftest import make_people
from tests.support.people import make_site, make_user, proof
from tests.support.training import decide_training
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-13", "REC-20")]

QUALITY = tuple(
    f"qms_documents.{right}" for right in ("view_document", "view_documentrevision", "approve_documentrevision")
)


def subjects(person: User) -> list[int]:
    return [work.subject_id for work in work_of(person)]


def submitted(revision: DocumentRevision, author: User) -> DocumentRevision:
    made: DocumentRevision = perform(
        decide_training(revision), "submit", actor=author, signature=proof(author, "authored")
    )
    return made


def test_an_approval_reaches_whoever_may_but_not_the_author(
    site: Site, draft: DocumentRevision, author: User, approver: User
) -> None:
    people = make_people()
    quinn = people.person("quinn", "head_of_quality_as_we_call_it", site, *QUALITY)
    reader = people.person("rita", "quality_engineer", site, *QUALITY[:2])
    submitted(draft, author)
    assert subjects(quinn) == subjects(approver) == [draft.pk]
    assert subjects(author) == subjects(reader) == []
    assert set(Notification.objects.values_list("user", flat=True)) == {quinn.pk, approver.pk}
    words = f"Whoever may approve and reject documents, other than {author}"
    assert words in visit_as(author).get(f"{draft.get_absolute_url()}?part=signatures").content.decode()
    perform(draft, "approve", actor=approver, signature=proof(approver, "approved"))
    assert subjects(quinn) == [] and subjects(author) == [draft.pk]  # only the latter may make it effective


def test_a_document_of_every_site_is_asked_of_whoever_may_anywhere(site: Site, author: User) -> None:
    revision = create_document(kind="procedure", title="Wash", body="# Do", actor=author).revisions.get()
    there = make_user(site=make_site(), permissions=QUALITY)
    submitted(revision, author)
    assert subjects(there) == [revision.pk] and subjects(author) == []
