"""A draft revision with a work instruction, and the people around it."""

from __future__ import annotations

import pytest

from core.lifecycle.services import perform
from core.organization.models import Site, User
from mes.instructions.models import InstructionStep, WorkInstruction
from mes.instructions.services import add_step, create_instruction
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.support.people import make_site, make_user, proof
from tests.support.training import decide_training
from traceability.models import UnitOfMeasure
from traceability.services import create_uom

RIGHTS = (
    *DOCUMENT_RIGHTS,
    "mes_instructions.view_workinstruction",
    "mes_instructions.change_workinstruction",
    "traceability.change_material",
)


@pytest.fixture
def site() -> Site:
    return make_site()


@pytest.fixture
def author(site: Site) -> User:
    return make_user("author", site=site, permissions=RIGHTS)


@pytest.fixture
def approver(site: Site) -> User:
    return make_user("approver", site=site, permissions=RIGHTS)


@pytest.fixture
def revision(site: Site, author: User) -> DocumentRevision:
    return create_document(kind="work_instruction", title="Mount the wheel", site=site, actor=author).revisions.get()


@pytest.fixture
def instruction(revision: DocumentRevision, author: User) -> WorkInstruction:
    return create_instruction(revision=revision, actor=author)


@pytest.fixture
def step(instruction: WorkInstruction, author: User) -> InstructionStep:
    return add_step(work_instruction=instruction, title="Tighten", text="Tighten **both** nuts.", actor=author)


@pytest.fixture
def newton_meter(author: User) -> UnitOfMeasure:
    return create_uom(code="N·m", name="Newton metre", pint_unit="newton * meter", actor=author)


def submit(revision: DocumentRevision, actor: User) -> None:
    perform(decide_training(revision), "submit", actor=actor, signature=proof(actor, "authored"))


def approve(revision: DocumentRevision, actor: User) -> None:
    perform(revision, "approve", actor=actor, signature=proof(actor, "approved"))
