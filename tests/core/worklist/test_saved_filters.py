"""Saved filters: kept for oneself, a site or a role; offered to nobody else; a default opens the list."""

from __future__ import annotations

import pytest
from django.db import transaction

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Grant, Role, Site, User
from core.organization.services import system_user
from core.trail.models import TrailEvent
from core.worklist.models import SavedFilter
from core.worklist.queries import saved_filters
from core.worklist.services.filters import remove_filter, save_filter
from tests.support.people import grant, make_site, make_user
from tests.support.visits import visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("SCR-11")]
PAGE, LIST = "core_organization:site_list", "/core/organization/sites/"
VIEW, SHARE = "core_organization.view_site", "core_worklist.share_savedfilter"


def names(user: User) -> list[str]:
    return [saved.name for saved in saved_filters(user, PAGE)]


def role_of(user: User) -> Role:
    return Grant.objects.get(user=user).role


def test_ones_own_filter_is_offered_to_oneself_only() -> None:
    site = make_site()
    anna, ben = (make_user(site=site, permissions=(VIEW,)) for _ in range(2))
    save_filter(name="Mine", page=PAGE, query="q=a", actor=anna)
    assert (names(anna), names(ben)) == (["Mine"], [])
    assert saved_filters(anna, "traceability:lot_list").count() == 0


def test_a_shared_filter_reaches_its_site_and_its_role_and_nobody_else() -> None:
    here, there = make_site(), make_site()
    lead, colleague = make_user(site=here, permissions=(VIEW, SHARE)), make_user(site=here, permissions=(VIEW,))
    stranger = make_user(site=there, permissions=(VIEW,))
    save_filter(name="All here", page=PAGE, query="", site=here, actor=lead)
    save_filter(name="My role", page=PAGE, query="", site=here, to_role=role_of(lead).code, actor=lead)
    assert (names(lead), names(colleague), names(stranger)) == (["All here", "My role"], ["All here"], [])
    with transaction.atomic(), acting(system_user("test")):
        Grant(user=stranger, role=role_of(lead), site=there, starts=Grant.objects.get(user=lead).starts).save()
    assert names(stranger) == [], "the role elsewhere is not the role here"


def test_sharing_needs_the_right_at_that_site_and_a_role_needs_a_site() -> None:
    here, there = make_site(), make_site()
    lead = make_user(site=here, permissions=(VIEW, SHARE))
    for values in ({"site": there}, {"to_role": "lead"}):
        with pytest.raises(Blocked):
            save_filter(name="No", page=PAGE, query="", actor=lead, **values)
    assert not SavedFilter.objects.exists()


def test_a_new_default_takes_the_place_of_the_earlier_one_with_a_trace() -> None:
    site = make_site()
    lead = make_user(site=site, permissions=(VIEW, SHARE))
    first = save_filter(name="First", page=PAGE, query="", site=site, is_default=True, actor=lead)
    save_filter(name="Second", page=PAGE, query="", site=site, is_default=True, actor=lead)
    first.refresh_from_db()
    assert (first.is_default, first.history.count()) == (False, 2)


def test_only_its_owner_removes_a_filter_and_it_stays_in_the_trail() -> None:
    site = make_site()
    anna, ben = (make_user(site=site, permissions=(VIEW,)) for _ in range(2))
    saved = save_filter(name="Mine", page=PAGE, query="q=a", actor=anna)
    with pytest.raises(Blocked):
        remove_filter(saved_filter=saved, actor=ben)
    assert visit_as(ben).get(f"/core/worklist/filters/{saved.pk}/remove/").status_code == 404
    assert visit_as(anna).post(f"/core/worklist/filters/{saved.pk}/remove/").status_code == 302
    saved.refresh_from_db()
    assert (saved.is_active, names(anna)) == (False, [])


def two_sites() -> tuple[Site, User]:
    site = make_site("GRZ")
    anna = make_user(site=site, permissions=(VIEW, SHARE))
    grant(anna, make_site("LIN"), VIEW)
    return site, anna


def test_the_list_opens_with_its_default_and_the_address_says_so() -> None:
    site, anna = two_sites()
    saved = save_filter(name="Graz", page=PAGE, query="q=GRZ", site=site, is_default=True, actor=anna)
    client = visit_as(anna)
    opened = client.get(LIST)
    assert (opened.status_code, opened["Location"]) == (302, f"?q=GRZ&view={saved.pk}")
    shown = client.get(f"{LIST}{opened['Location']}").content.decode()
    assert "Site GRZ" in shown and "Site LIN" not in shown.split("<tbody>")[1]
    assert "Site LIN" in client.get(f"{LIST}?view=0").content.decode().split("<tbody>")[1]


def test_the_page_saves_what_the_list_shows_and_leads_back_to_it() -> None:
    _site, anna = two_sites()
    client = visit_as(anna)
    address = f"/core/worklist/filters/new/?page={PAGE}&query=q%3DLIN%26after%3Dx%26export%3Dcsv"
    answer = client.post(address, {"name": "Linz", "site": "", "to_role": ""})
    saved = SavedFilter.objects.get()
    assert (saved.query, saved.owner, saved.site) == ("q=LIN", anna, None)
    assert answer["Location"] == f"{LIST}?q=LIN&view={saved.pk}"
    assert client.get("/core/worklist/filters/new/?page=home").status_code == 404
    assert client.get("/core/worklist/filters/new/").status_code == 404


@pytest.mark.requirement("SCR-12")
def test_a_list_is_printed_and_the_export_is_in_the_trail() -> None:
    _site, anna = two_sites()
    answer = visit_as(anna).get(f"{LIST}?q=LIN&export=pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    event = TrailEvent.objects.get(kind="list_exported")
    assert event.data == {"query": "q=LIN", "format": "pdf", "rows": 1}
    assert event.actor == anna
