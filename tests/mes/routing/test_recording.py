"""Why the builder offers nothing to record at an operation."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from core.kernel.deeds import acting
from core.lifecycle.services import perform
from core.organization.services import system_user
from mes.instructions import services as instructions
from mes.routing.models import RoutingRevision
from mes.routing.queries import unfinished_revision
from qms.documents.services import create_document
from tests.mes.routing.test_pages import at
from tests.support.people import grant, proof
from tests.support.routings import Shop
from tests.support.training import decide_training


@pytest.fixture
def draft(shop: Shop) -> RoutingRevision:
    revision = unfinished_revision(shop.routing())
    assert revision is not None
    return revision


@pytest.mark.requirement("ORD-02", "SCR-02")
def test_why_nothing_can_be_recorded_is_said_with_the_way_on(
    client: Client, draft: RoutingRevision, shop: Shop
) -> None:
    """Values belong to an instruction in draft; without one the builder says so and leads to it."""
    grant(shop.author, shop.site, "qms_documents.view_document", "qms_documents.add_document")
    operation = shop.operation(draft, "Cut")

    def page() -> str:
        return str(client.get(at("routingrevision_build", draft.pk)).content.decode())

    new = reverse("qms_documents:document_create")
    said = page()
    assert "It names no instruction. Values are recorded in the steps of one." in said
    assert f'<a href="{new}">Write an instruction</a>' in said and "Data point" not in said
    document = create_document(kind="work_instruction", title="Cut it", site=shop.site, actor=shop.author)
    operation.document = document
    with transaction.atomic(), acting(shop.author):
        operation.save()
    assert "Data point" in page()
    revision, system = document.revisions.get(), system_user("test")
    instruction = instructions.create_instruction(revision=revision, actor=system)
    instructions.add_step(work_instruction=instruction, title="Cut", text="Cut it.", actor=system)
    perform(decide_training(revision), "submit", actor=system, signature=proof(system, "authored"))
    said = page()
    assert "Revision 1 of its instruction is “In review”: values are added while it is a draft." in said
    assert "Data point" not in said
    second = system_user("approver")
    perform(revision, "approve", actor=second, signature=proof(second, "approved"))
    perform(revision, "make_effective", actor=second)
    begin = reverse("qms_documents:documentrevision_create", args=[document.pk])
    assert f'<a href="{begin}">Begin a new revision</a>' in page() and "Data point" not in page()
