"""Never two effective revisions of one document, whoever makes which effective at the same time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, connections, transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.lifecycle.services import begin, perform
from core.organization.models import User
from qms.documents.models import Document, DocumentRevision
from qms.documents.services import create_document
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.support.people import make_site, make_user, proof
from tests.support.training import decide_training


@pytest.mark.requirement("DOC-02")
@pytest.mark.requirement("REC-06")
def test_revisions_that_race_never_are_effective_together(plant: Any) -> None:
    site = make_site()
    author, approver = (make_user(name, site=site, permissions=DOCUMENT_RIGHTS) for name in ("author", "approver"))
    document = create_document(kind="procedure", title="Race", site=site, body="x", actor=author)
    racing = [document.revisions.get(), *(_beside(document, code, author) for code in ("2", "3"))]
    for revision in racing:
        perform(decide_training(revision), "submit", actor=author, signature=proof(author, "authored"))
        perform(revision, "approve", actor=approver, signature=proof(approver, "approved"))
    start, seen, refused = threading.Barrier(len(racing) + 1), [], []

    def make_effective(revision: DocumentRevision) -> None:
        try:
            start.wait()
            perform(revision, "make_effective", actor=approver)
        except Blocked as why:
            refused.append(why.codes)
        finally:
            connections.close_all()

    def watch() -> None:
        start.wait()
        for _look in range(60):
            seen.append(DocumentRevision.objects.filter(document=document, status="effective").count())
        connections.close_all()

    threads = [threading.Thread(target=make_effective, args=(revision,)) for revision in racing]
    threads.append(threading.Thread(target=watch))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert max(seen) <= 1
    states = sorted(DocumentRevision.objects.filter(document=document).values_list("status", flat=True))
    assert states == ["effective", "superseded", "superseded"] and refused == []
    assert connection.is_usable()


def _beside(document: Document, code: str, author: User) -> DocumentRevision:
    """A further revision on its way, which the services would not begin: the race is what they must survive."""
    with transaction.atomic(), acting(author):
        return begin(
            DocumentRevision(document=document, revision=code, title="Race", author=author, body=code,
                             change_summary="x"), actor=author,
        )  # fmt: skip
