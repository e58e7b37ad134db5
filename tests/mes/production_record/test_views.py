"""The page on which quality releases the lot."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.urls import reverse

from core.kernel.deeds import acting
from core.organization.services import system_user
from core.signing.queries import signatures_of
from tests.mes.production_record.story import Story
from tests.support.people import make_site, make_user
from tests.support.statements import FRAGMENT, STATEMENTS, parts_of, spent_on
from tests.support.visits import visit_as
from traceability.services import place_hold

pytestmark = pytest.mark.django_db
SECRET = "correct horse battery staple"


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


@pytest.mark.requirement("PERF-PAGE", "SCR-15", "ORD-10")
def test_what_the_reviewer_reads_comes_in_parts_and_each_keeps_to_its_statements(story: Story) -> None:
    story.make("11", "11")
    story.complete()
    place_hold(lot=story.lot, reason="Wet boxes", actor=story.reviewer)
    with transaction.atomic(), acting(system_user("test")):
        story.reviewer.set_password(SECRET)
        story.reviewer.save()
    client, record = visit_as(story.reviewer), story.record
    review = reverse("mes_production_record:productionrecord_review", args=[record.pk])
    expected = {
        record.get_absolute_url(): {"timeline": "", "release": "Wet boxes", "recorded": "2 / 2", "standing": "open"},
        review: {"gates": "Wet boxes", "recorded": "2 / 2", "standing": "open"},
    }
    for page, words in expected.items():
        client.get(page)
        status, text, statements = spent_on(client, page)
        assert (status, len(statements) <= STATEMENTS) == (200, True), statements
        assert "Wet boxes" not in text
        parts = {address.rpartition("=")[2]: address for address in parts_of(page, text)}
        assert set(parts) == set(words)
        for key, address in parts.items():
            status, text, statements = spent_on(client, address, headers=FRAGMENT)
            assert (status, len(statements) <= STATEMENTS) == (200, True), (address, statements)
            assert words[key] in text
            assert words[key] in client.get(address).content.decode()
    stranger = visit_as(make_user(site=make_site(), permissions=("mes_production_record.view_productionrecord",)))
    assert stranger.get(f"{record.get_absolute_url()}?part=release", headers=FRAGMENT).status_code == 404
    answer = client.post(review, {"user_id": story.reviewer.username, "secret": SECRET})
    assert answer.status_code == 409
    assert "Wet boxes" in answer.content.decode()
    assert story.lot.status == "quarantine"
