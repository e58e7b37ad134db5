"""A right at an area or a work center: every list, count, search and detail shows exactly what `may` allows there."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from core.kernel.deeds import acting
from core.kernel.permissions import catalogue
from core.kernel.records import RecordClass, models_of
from core.kernel.wiring import ask
from core.organization.models import Area, Grant, Site, Terminal, User, WorkCenter
from core.organization.queries import Place, full_scope_path, may, rights_read_once, scoped, sites_of
from core.organization.services import system_user
from core.web.questions import FindRecords, NavigationCount, ResolveScan
from core.web.scan import clean
from core.web.views import ListPage
from core.worklist.models import Assignment, SavedFilter
from core.worklist.queries import work_of
from mes.execution.models import OrderOperation, ProductionOrder
from tests.access.conftest import HERE, THERE, Plants
from tests.access.test_leaks import numbers_of
from tests.access.watch import text_of
from tests.access.world import belongs_to_a_site
from tests.support.pages import pages
from tests.support.people import grant
from tests.support.visits import visit_as
from traceability.models import Lot

pytestmark = pytest.mark.requirement("ACC-03")

SCOPED = sorted(
    (m for kind in (RecordClass.RECORD, RecordClass.FACT) for m in models_of(kind) if belongs_to_a_site(m)), key=str
)
RIGHT = "core_organization.view_terminal"
LISTS = [page for page in pages() if issubclass(page.view, ListPage)]


def person_at(place: Place, *permissions: str) -> User:
    """Somebody who belongs to no site otherwise and holds the permissions at one place only."""
    site = place if isinstance(place, Site) else place.site if isinstance(place, Area) else place.area.site
    with transaction.atomic(), acting(system_user("access")):
        user = User(username=f"below-{type(place).__name__}-{place.pk}".lower(), full_name="Below a site")
        user.set_unusable_password()
        user.save()
    given = grant(user, site, *permissions)
    field = {Site: "site", Area: "area", WorkCenter: "work_center"}[type(place)]
    with transaction.atomic(), acting(system_user("access")):
        Grant.objects.get(pk=given.pk).delete()
        Grant(user=user, role=given.role, starts=given.starts, **{field: place}).save()
    return user


def elsewhere(plants: Plants) -> Area:
    """Another area of the same site, with nothing in it."""
    with transaction.atomic(), acting(system_user("access")):
        area = Area(site=plants.here.sample(Site), code="ELSE", name="Elsewhere")
        area.save()
    return area


def places(plants: Plants) -> Iterator[Place]:
    """From the whole site to an area in which nothing is."""
    yield from (plants.here.sample(kind) for kind in (Site, Area, WorkCenter))
    yield elsewhere(plants)


def test_rows_are_those_for_which_may_holds(plants: Plants) -> None:
    for place in places(plants):
        user = person_at(place, RIGHT)
        wrong = []
        for model in SCOPED:
            rows: models.QuerySet[models.Model] = model._base_manager.all()
            if model is User:
                rows = rows.filter(is_system=False)
            allowed = {row.pk for row in rows if may(user, RIGHT, row)}
            seen = set(scoped(rows, user, RIGHT).values_list("pk", flat=True))
            with rights_read_once():
                once = set(scoped(rows, user, RIGHT).values_list("pk", flat=True))
            if not (seen == once == allowed):
                wrong.append(f"{model._meta.label}: may {len(allowed)}, rows {len(seen)}, read once {len(once)}")
        assert not wrong, f"{place!r}\n" + "\n".join(wrong)


def test_what_lies_below_a_site_is_seen_where_it_lies(plants: Plants) -> None:
    here = plants.here
    center, area = here.sample(WorkCenter), here.sample(Area)
    terminal, operation = here.sample(Terminal), here.sample(OrderOperation)
    for place, is_there in ((center, True), (area, True), (here.sample(Site), True), (elsewhere(plants), False)):
        user = person_at(place, RIGHT)
        for record in (terminal, operation, center):
            assert scoped(type(record)._base_manager.filter(pk=record.pk), user, RIGHT).exists() is is_there, place
            assert may(user, RIGHT, record) is is_there


def test_what_belongs_to_the_whole_site_takes_a_right_at_the_site(plants: Plants) -> None:
    here = plants.here
    of_site = [model for model in SCOPED if model is not Grant and full_scope_path(model)[1] is Site]
    assert {Lot, ProductionOrder} <= set(of_site)
    for place in (here.sample(Area), here.sample(WorkCenter)):
        user = person_at(place, RIGHT)
        assert not sites_of(user, RIGHT).exists()
        assert not scoped(Lot.objects.all(), user, RIGHT).exists()
        assert not may(user, RIGHT, here.sample(Lot))
    assert list(sites_of(person_at(here.sample(Site), RIGHT), RIGHT)) == [here.sample(Site)]


@pytest.fixture
def outsider(plants: Plants) -> User:
    """Somebody with every right there is, at an area in which nothing is."""
    return person_at(elsewhere(plants), *sorted(catalogue()))


def test_no_list_shows_anything_of_the_rest_of_the_site(plants: Plants, outsider: User) -> None:
    client, site, wrong, read = visit_as(outsider), plants.here.sample(Site), [], 0
    # The shell names the site of the visitor's area, and a filter that is shared with a site is everybody's there.
    known = (site.code, site.name, plants.here.sample(SavedFilter).name)
    own = re.compile("|".join(rf"{re.escape(word)}(?!\d)" for word in known))  # not what only begins like them
    for page in LISTS:
        answer = client.get(page.address(plants.here))
        text = own.sub("", text_of(answer))
        read += answer.status_code == 200
        wrong += [f"{page.name}: {answer.status_code}"] if answer.status_code != 200 else []
        wrong += [page.name] if HERE in text or THERE in text else []
        sheet = client.get(page.address(plants.here), {"export": "csv"})
        content = b"".join(sheet.streaming_content) if sheet.streaming else sheet.content  # type: ignore[attr-defined]
        wrong += [f"{page.name} as a file"] if HERE in own.sub("", content.decode()) else []
    assert read == len(LISTS)
    assert not wrong, "\n".join(wrong)


def test_no_detail_search_scan_or_count_tells_of_the_rest_of_the_site(plants: Plants, outsider: User) -> None:
    client, here = visit_as(outsider), plants.here
    numbers = numbers_of([row for row in here.own.values() if not isinstance(row, Site)])
    assert len(numbers) > 10
    for number in numbers:
        assert not [found for found in ask(FindRecords(number, outsider, 10)) if HERE in found.label], number
        assert not [found for found in ask(ResolveScan(clean(number), outsider)) if HERE in found.label], number
    for count in ask(NavigationCount(outsider)):
        assert not count.waiting().exists(), count.url_name
    for record in (here.sample(Lot), here.sample(ProductionOrder), here.sample(Terminal), here.sample(Site)):
        assert client.get(record.get_absolute_url()).status_code == 404, record


def test_work_is_shown_where_its_subject_is_seen(plants: Plants) -> None:
    here, permissions = plants.here, tuple(sorted(catalogue()))
    terminal = here.sample(Terminal)
    inside, outside = person_at(here.sample(WorkCenter), *permissions), person_at(elsewhere(plants), *permissions)
    made = {}
    with transaction.atomic(), acting(system_user("access")):
        for user in (inside, outside):
            for subject in (terminal, here.sample(Lot)):
                kind = ContentType.objects.get_for_model(subject)
                about = {"subject_type": kind, "subject_id": subject.pk, "subject_label": str(subject)}
                made[user, subject] = here.fresh(
                    Assignment, to_user=user, to_role="", status="open", site=here.sample(Site), **about
                )
    assert list(work_of(inside)) == [made[inside, terminal]]
    assert not work_of(outside).exists()
