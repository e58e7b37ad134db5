"""The trail shows of each site what its visitor may see there, and nothing of another."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.kernel.permissions import ALL_TEMPLATES, catalogue
from core.organization.models import Site, User
from core.organization.queries import may
from core.organization.services import system_user
from core.trail.queries.browsing import Search, all_keys, chosen_by, page_of_trail
from core.trail.queries.sources import VIEW_TRAIL, Reach, right_to_see, sources
from core.trail.queries.telling import tell
from tests.access.conftest import HERE, THERE, Plants
from tests.support.people import grant, make_user
from tests.support.visits import visit_as

ZONE = ZoneInfo("UTC")
EVERYTHING = tuple(code for code in catalogue() if ".view_" in code)


def text_of(user: User) -> str:
    """Everything that the trail tells a person."""
    reach = Reach(user)
    return " ".join(str(told) for keys in all_keys(reach, Search()) for told in tell(reach, keys, ZONE))


@pytest.mark.requirement("TRL-02")
@pytest.mark.parametrize("template", ALL_TEMPLATES)
def test_nothing_of_the_other_site(plants: Plants, template: str) -> None:
    user = plants.people[template]
    if not may(user, VIEW_TRAIL):
        assert visit_as(user).get("/core/oversight/trail/").status_code == 403
        assert not list(all_keys(Reach(user), Search()))
        return
    text = text_of(user)
    assert HERE in text
    assert THERE not in text


@pytest.mark.requirement("TRL-02")
def test_every_row_is_seen_exactly_by_whoever_may_see_its_record(plants: Plants) -> None:
    visitor = make_user()
    grant(visitor, plants.here.sample(Site), *EVERYTHING)
    reach = Reach(visitor)
    seen = {(number, key) for keys in all_keys(reach, Search()) for _at, number, key in keys}
    wrong, compared = [], 0
    for source in sources():
        if source.has_subject:
            continue
        rows: list[Any] = list(source.model._base_manager.all())
        for row in rows:
            record = source.base._base_manager.filter(pk=row.id if source.is_history else row.pk).first()
            if record is None or not record._meta.pk:
                continue
            expected = may(visitor, right_to_see(source.base), record) and may(visitor, VIEW_TRAIL, record)
            compared += 1
            if expected != ((source.number, row.pk) in seen):
                wrong.append((source.table, row.pk, expected))
    assert not wrong
    assert compared > 100


@pytest.mark.requirement("TRL-02")
def test_a_guest_sees_what_the_grants_allow(plants: Plants) -> None:
    guest = make_user()
    grant(guest, plants.here.sample(Site), VIEW_TRAIL, "traceability.view_lot")
    kinds = {source.base._meta.label for source in sources() if Reach(guest).rows(source) is not None}
    assert "traceability.Lot" in kinds
    assert not kinds & {"qms_nonconformance.NonConformance", "core_organization.User", "mes_execution.ProductionOrder"}
    page = page_of_trail(Reach(guest), Search(kind="core_organization.user"), size=10)
    assert not [key for key in page.keys if sources()[key[1]].is_history]


@pytest.mark.requirement("TRL-02")
def test_whoever_is_everywhere_sees_both(plants: Plants) -> None:
    visitor = make_user()
    for site in Site.objects.all():
        grant(visitor, site, *EVERYTHING)
    text = text_of(visitor)
    assert HERE in text
    assert THERE in text
    everything = {(number, key) for keys in all_keys(Reach(visitor), Search()) for _at, number, key in keys}
    system = {(number, key) for keys in all_keys(Reach(system_user("access")), Search()) for _at, number, key in keys}
    assert everything == system
    assert chosen_by(Search()).people is None
