"""A site with two people of quality and a draft."""

from __future__ import annotations

import pytest

from core.organization.models import Site, User
from qms.documents.models import DocumentRevision
from qms.documents.services import create_document
from tests.qms.conftest import DOCUMENT_RIGHTS
from tests.support.people import make_site, make_user


@pytest.fixture
def site(db: None) -> Site:
    return make_site()


@pytest.fixture
def author(site: Site) -> User:
    return make_user("author", site=site, permissions=DOCUMENT_RIGHTS)


@pytest.fixture
def approver(site: Site) -> User:
    return make_user("approver", site=site, permissions=DOCUMENT_RIGHTS)


@pytest.fixture
def draft(site: Site, author: User) -> DocumentRevision:
    document = create_document(kind="work_instruction", title="Mount the wheel", site=site, body="# Do", actor=author)
    return document.revisions.get()
