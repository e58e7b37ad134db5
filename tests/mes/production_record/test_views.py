"""The page on which quality releases the lot."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.signing.queries import signatures_of
from tests.mes.production_record.story import Story
from tests.support.visits import visit_as

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("ORD-10", "SIG-01")
def test_the_release_page_shows_the_digest_of_the_lot_that_is_signed(story: Story) -> None:
    """The page is the record's, the signature is bound to the lot: shown is what the signature will carry."""
    story.make("11", "11")
    story.complete()
    address = reverse("mes_production_record:productionrecord_review", args=[story.record.pk])
    page = visit_as(story.reviewer).get(address).content.decode()
    story.release()
    [signature] = signatures_of(story.lot)
    assert f'title="SHA-256 {signature.digest}"' in page
