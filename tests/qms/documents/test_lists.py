"""Whom the lists of documents show what."""

from __future__ import annotations

from typing import Any

import pytest

from qms.documents.queries import documents_for, with_revisions
from qms.documents.services import create_document
from tests.qms.conftest import DOCUMENT_RIGHTS as QUALITY
from tests.support.people import make_site, make_user

pytestmark = pytest.mark.django_db


# --- Lists ------------------------------------------------------------------------------------------------------------
def test_lists_show_ones_own_site_and_what_is_valid_everywhere(
    site: Any, draft: Any, author: Any, django_assert_num_queries: Any
) -> None:
    other_site = make_site()
    there = make_user(site=other_site, permissions=QUALITY)
    hidden = create_document(kind="form", title="Hidden", site=other_site, actor=there)
    shared = create_document(kind="form", title="Shared", actor=there)
    with django_assert_num_queries(2):
        seen = list(with_revisions(documents_for(author)))
    assert set(seen) == {draft.document, shared}
    assert hidden not in seen
    assert [d.next_status for d in seen if d == draft.document] == ["draft"]  # type: ignore[attr-defined]
    assert not documents_for(make_user(site=site)).exists()
