"""Where a document is used, against a count by hand over random routings; only what nothing uses becomes obsolete."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core.kernel.errors import Blocked
from core.lifecycle.services import perform
from core.organization.models import Site
from core.organization.services import system_user
from mes.execution.models import OrderOperation
from mes.routing import services as routings
from mes.routing.models import Operation
from qms.documents.models import Document, DocumentRevision
from qms.documents.queries import effective_revision, where_used
from qms.documents.services import create_document
from tests.support.documents import into_force
from tests.support.people import make_site, proof, work_center_of
from tests.support.routings import Shop, make_shop

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("DOC-09")]
USING = ("in_review", "approved", "effective")
STATES = ("draft", *USING, "obsolete")
PLANTS = some.lists(
    some.tuples(some.sampled_from(STATES), some.lists(some.sampled_from([0, 1, 2, None]), min_size=1, max_size=3)),
    max_size=5,
)


def make_plant(shop: Shop, documents: list[Document], plan: list[tuple[str, list[int | None]]]) -> None:
    """A routing in each state of the plan, whose operations name these documents."""
    for state, named in plan:
        revision = shop.draft("First")
        first = revision.operations.get()
        for number, which in enumerate(named):
            operation = first if number == 0 else shop.operation(revision, f"Next {number}")
            if which is not None:
                routings.change_operation(
                    operation=operation,
                    name=operation.name,
                    sequence=operation.sequence,
                    work_center=work_center_of(shop.site),
                    document=documents[which],
                    actor=shop.author,
                )
        if state == "draft":
            continue
        shop.submit(revision)
        if state in ("approved", "effective", "obsolete"):
            shop.approve(revision)
        if state == "effective":
            perform(revision, "make_effective", actor=shop.approver)
        if state == "obsolete":
            perform(revision, "discard", actor=shop.author, reason="Not needed")


def by_hand(document: Document) -> set[str]:
    """The pages of everything that relies on the document, found by looking at every row."""
    found = {
        operation.routing_revision.get_absolute_url()
        for operation in Operation.objects.select_related("routing_revision__routing")
        if operation.document_id == document.pk and operation.routing_revision.status in USING
    }
    return found | {
        operation.get_absolute_url()
        for operation in OrderOperation.objects.select_related("order", "document_revision")
        if operation.document_revision is not None
        and operation.document_revision.document_id == document.pk
        and operation.order.status in ("released", "in_progress")
        and operation.status != "completed"
    }


def test_where_used_is_what_a_count_by_hand_finds() -> None:
    site: Site = make_site()
    shop, system = make_shop(site), system_user("test")
    documents = [
        create_document(kind="work_instruction", title=f"D{n}", site=site, body="Do", actor=system) for n in range(3)
    ]
    for document in documents:
        into_force(document.revisions.get(), system)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(PLANTS)
    def check(plan: list[tuple[str, list[int | None]]]) -> None:
        with transaction.atomic():
            make_plant(shop, documents, plan)
            for document in documents:
                revision = effective_revision(document)
                assert revision is not None
                expected = by_hand(document)
                assert {use.url for use in where_used(revision)} == expected
                assert obsoletes(revision) is not bool(expected)
            transaction.set_rollback(True)

    def obsoletes(revision: DocumentRevision) -> bool:
        try:
            perform(revision, "make_obsolete", actor=system, reason="Try", signature=proof(system, "approved"))
        except Blocked as refused:
            assert set(refused.codes) == {"in_use"}
            return False
        return True

    check()
