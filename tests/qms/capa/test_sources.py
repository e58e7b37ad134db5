"""Everything that a CAPA can come from: found by its number at its site, one click from the pages that lie above."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.urls import reverse

from core.kernel.permissions import catalogue
from qms.capa.models import Capa
from qms.complaints.models import Complaint
from qms.complaints.services import record_complaint
from qms.nonconformance.services import raise_nonconformance
from tests.qms.calibration.lab import make_lab
from tests.qms.capa.story import Story
from tests.qms.changes.story import make_story as make_changes
from tests.qms.risk.file import make_file
from tests.support.people import make_user
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("CAPA-01")


def _complaint(story: Story) -> Complaint:
    return record_complaint(
        site=story.world.site, title="Stuck", nature="It stays open.", channel="phone",
        told={"complainant_name": "Dr. Haas"}, actor=story.system,
    )  # fmt: skip


def _raised(story: Story, kind: str) -> Any:
    """A record of this kind at the site."""
    site, system = story.world.site, story.system
    if kind in ("nonconformance", "deviation"):
        return raise_nonconformance(
            site=site, kind=kind, title="Scratch", severity="major", draft=True, items=[], actor=system
        )
    if kind == "complaint":
        return _complaint(story)
    if kind == "calibration":
        lab = make_lab(site)
        return lab.confirmed(lab.good())
    if kind == "risk":
        return make_file(site).begun()
    return make_changes(story.world).raised()


@pytest.mark.parametrize("kind", ["nonconformance", "deviation", "complaint", "calibration", "risk", "change"])
def test_a_capa_comes_from_every_kind_of_record(story: Story, kind: str) -> None:
    record = _raised(story, kind)
    desk = visit_as(make_user(site=story.world.site, permissions=tuple(sorted(catalogue()))))
    create = reverse("qms_capa:capa_create")
    given = {"source_kind": kind, "source_number": record.number, "title": "Scratches", "site": story.world.site.pk}
    if kind not in ("risk", "change"):  # those lie below, and know nothing of CAPAs
        page = desk.get(record.get_absolute_url()).content.decode()
        link = page.split(f'href="{create}?', 1)[1].split('"', 1)[0].replace("&amp;", "&")
        offered = dict(parse_qsl(urlsplit(f"?{link}").query))
        assert offered.items() >= {"source_kind": kind, "source_number": record.number}.items()
        given |= offered
    answer = desk.post(create, {**given, "kind": "corrective"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    capa = Capa.objects.get()
    source = capa.sources.get()
    assert (source.kind, source.source) == (kind, record)
    shown = desk.get(capa.get_absolute_url()).content.decode()
    assert record.get_absolute_url() in shown
    told = desk.get(f"{record.get_absolute_url()}?part=timeline", headers={"HX-Request": "true"}).content.decode()
    assert capa.number in told or capa.number in desk.get(record.get_absolute_url()).content.decode()


@pytest.mark.parametrize("kind", ["trend", "audit", "supplier", "review", "other"])
def test_what_was_only_seen_is_written(story: Story, kind: str) -> None:
    desk = visit_as(story.reporter)
    given = {"source_kind": kind, "title": "Scratches", "site": story.world.site.pk, "kind": "preventive"}
    create = reverse("qms_capa:capa_create")
    refused = desk.post(create, {**given, "source_number": "X-1"})
    assert (refused.status_code, Capa.objects.count()) == (422, 0)
    assert desk.post(create, {**given, "source_note": "Seen on the board."}).status_code == 302
    assert Capa.objects.get().sources.get().kind == kind
