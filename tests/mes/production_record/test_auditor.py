"""The auditor's door: find the lot by its number, take the sealed record, verify it elsewhere, and nothing more."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from core.files import blobs
from core.organization.models import User
from core.organization.services import system_user
from core.organization.services.people import create_role_from_template, grant_role
from core.printing.models import PrintedRecord
from core.trail.models import TrailEvent
from mes.production_record.models import ProductionRecord
from tests.mes.execution.refusals import everything
from tests.mes.production_record.story import Story, make_story
from tests.support.people import make_site, make_user, proof
from tests.support.visits import visit_as
from traceability.models import Hold, SerializedUnit
from traceability.services import place_hold, release_hold

pytestmark = pytest.mark.requirement("ORD-12")


@dataclass
class Visit:
    """A released and sealed order, and somebody from outside."""

    story: Story
    printed: PrintedRecord
    auditor: User
    client: Client


def auditor_at(site: Any, template: str = "external_auditor") -> User:
    """A person with nothing but this role at the site."""
    actor = system_user("test")
    user = make_user()
    grant_role(user=user, role=create_role_from_template(template=template, actor=actor), place=site, actor=actor)
    return user


@pytest.fixture
def visit(plant: str) -> Visit:
    """Every test asks several things of one visit: the story takes longer than the questions."""
    story = make_story(1)
    story.make("11")
    hold = place_hold(lot=story.lot, reason="Label", actor=story.floor.world.quality)
    quality = story.floor.world.quality
    release_hold(hold=hold, reason="Relabelled", actor=quality, signature=proof(quality, "hold_released"))
    story.complete()
    story.release()
    auditor = auditor_at(story.floor.site)
    return Visit(story, story.printed(), auditor, visit_as(auditor))


def test_the_lot_is_found_by_number_downloaded_and_verified_elsewhere(visit: Visit, tmp_path: Path) -> None:
    answer = visit.client.get("/core/web/search/", {"q": visit.story.lot.number}, follow=True)
    address = visit.printed.get_absolute_url()
    assert address in answer.content.decode() or answer.redirect_chain[-1][0] == address
    listed = visit.client.get("/core/printing/printedrecords/", {"q": visit.story.lot.number})
    assert address in listed.content.decode()
    page = visit.client.get(address)
    assert page.status_code == 200
    download = reverse("core_printing:printedrecord_download", args=[visit.printed.pk])
    assert download in page.content.decode()
    file = b"".join(visit.client.get(download).streaming_content)  # type: ignore[attr-defined]
    assert file == blobs.load(visit.printed.sha256)
    assert TrailEvent.objects.get(kind="exported").actor == visit.auditor
    nobody = Client()
    certificate = nobody.get(reverse("core_printing:certificate"))
    (tmp_path / "record.pdf").write_bytes(file)
    (tmp_path / "seal.pem").write_bytes(certificate.content)
    said = io.StringIO()
    call_command("verify_pdf", str(tmp_path / "record.pdf"), certificate=tmp_path / "seal.pem", stdout=said)
    assert "GOOD" in said.getvalue()


def pages_without_arguments() -> Iterator[str]:
    """The name of every page whose address needs nothing."""

    def walk(patterns: list[Any], prefix: str) -> Iterator[str]:
        for one in patterns:
            if isinstance(one, URLResolver):
                space = f"{prefix}{one.namespace}:" if one.namespace else prefix
                yield from walk(one.url_patterns, space)
            elif isinstance(one, URLPattern) and one.name and not one.pattern.regex.groups:
                yield f"{prefix}{one.name}"

    for name in walk(get_resolver().url_patterns, ""):
        try:
            yield reverse(name)
        except NoReverseMatch:  # an address with arguments further up (terminals)
            continue


OWN = (
    "/accounts/", "/core/printing/", "/core/worklist/", "/core/web/", "/core/jobs/", "/v/",
    "/core/organization/me/", "/core/organization/own", "/api/v1/core/printing/", "/api/v1/core/worklist/",
    "/api/v1/core/jobs/",
)  # fmt: skip


def an_outside_auditor_sees_no_other_list(visit: Visit) -> None:
    seen = {}
    for address in sorted(set(pages_without_arguments())):
        if address.startswith("/accounts/logout") or "event" in address:
            continue
        answer = visit.client.get(address)
        assert answer.status_code < 500, address
        if answer.status_code == 200:
            seen[address] = answer.content.decode()
    shown = [address for address in seen if not address.startswith(OWN)]
    assert shown == [], shown
    material = visit.story.order.material.number
    telling = [a for a, body in seen.items() if visit.story.order.number in body and "/core/printing/" not in a]
    assert telling == [], (telling, material)


def an_outside_auditor_opens_no_record_but_the_sealed_one(visit: Visit) -> None:
    story = visit.story
    targets: list[Any] = [
        story.record, story.order, story.lot, story.last, story.floor.revision, story.floor.product,
        Hold.objects.all()[0], SerializedUnit.objects.all()[0],
    ]  # fmt: skip
    for target in targets:
        assert visit.client.get(target.get_absolute_url()).status_code in (403, 404), target
    for name in ("productionrecord_review", "productionrecord_print"):
        address = reverse(f"mes_production_record:{name}", args=[story.record.pk])
        before = everything()
        assert visit.client.get(address).status_code in (403, 404)
        assert visit.client.post(address, {"reason": "x"}).status_code in (403, 404)
        assert everything() == before


def the_sealed_record_of_another_site_is_not_there(visit: Visit) -> None:
    elsewhere = visit_as(auditor_at(make_site("ELSE")))
    assert elsewhere.get(visit.printed.get_absolute_url()).status_code == 404
    download = reverse("core_printing:printedrecord_download", args=[visit.printed.pk])
    assert elsewhere.get(download).status_code == 404
    listed = elsewhere.get("/core/printing/printedrecords/", {"q": visit.story.lot.number})
    assert visit.printed.number not in listed.content.decode()
    found = elsewhere.get("/core/web/search/", {"q": visit.story.lot.number}, follow=True)
    assert visit.printed.get_absolute_url() not in found.content.decode()


def nothing_about_a_sealed_record_can_be_written(visit: Visit) -> None:
    before = everything()
    for address in (
        visit.printed.get_absolute_url(),
        reverse("core_printing:printedrecord_download", args=[visit.printed.pk]),
    ):
        for verb in ("post", "put", "patch", "delete"):
            assert getattr(visit.client, verb)(address).status_code == 405
    assert everything() == before


def an_inside_auditor_reads_the_record_and_changes_nothing(visit: Visit) -> None:
    client = visit_as(auditor_at(visit.story.floor.site, "auditor"))
    record = ProductionRecord.objects.get()
    assert client.get(record.get_absolute_url()).status_code == 200
    review = reverse("mes_production_record:productionrecord_review", args=[record.pk])
    before = everything()
    assert client.get(review).status_code in (403, 404)
    assert client.post(review, {"secret": "x"}).status_code in (403, 404)
    assert everything() == before


def test_an_outside_auditor_reads_nothing_but_sealed_records_of_the_site(visit: Visit) -> None:
    an_outside_auditor_sees_no_other_list(visit)
    an_outside_auditor_opens_no_record_but_the_sealed_one(visit)
    the_sealed_record_of_another_site_is_not_there(visit)


def test_no_auditor_changes_anything(visit: Visit) -> None:
    nothing_about_a_sealed_record_can_be_written(visit)
    an_inside_auditor_reads_the_record_and_changes_nothing(visit)
