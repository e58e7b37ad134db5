"""What was entered from an old view of a record is refused, and nothing is changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.kernel.bulk import bulk_update
from core.kernel.deeds import service
from core.kernel.errors import Blocked
from core.kernel.stale import expecting, version_entered
from core.organization.models import Site, User, WorkCenter
from tests.core.web.pages import rename_work_center
from tests.support.people import make_site, make_user, work_center_of
from tests.support.visits import seen

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.core.web.pages"),
    pytest.mark.requirement("REC-17"),
]


@pytest.fixture
def place(site: Site) -> WorkCenter:
    return work_center_of(site)


def locked_rename(*, place: WorkCenter, name: str, actor: User) -> WorkCenter:
    """As services do it: the row is locked and read afresh."""
    fresh = WorkCenter.objects.get(pk=place.pk)
    return rename_work_center(work_center=fresh, name=name, actor=actor, reason="new sign")


def test_a_save_from_an_old_view_is_refused_and_says_who_was_faster(site: Site, place: WorkCenter) -> None:
    anna, berta = make_user("anna", site=site), make_user("berta", site=site)
    old = place.row_version
    locked_rename(place=place, name="Berta's", actor=berta)
    with pytest.raises(Blocked) as refused, expecting(place, old, remedy_url="/again/"):
        locked_rename(place=place, name="Anna's", actor=anna)
    (blocker,) = refused.value.blockers
    assert (blocker.code, blocker.remedy_url) == ("stale", "/again/")
    assert str(berta) in blocker.message
    assert "Berta's" in blocker.message
    place.refresh_from_db()
    assert (place.name, place.row_version, place.history.count()) == ("Berta's", old + 1, old + 1)


def test_the_version_seen_is_compared_once_and_only_with_its_record(site: Site, place: WorkCenter) -> None:
    anna, other = make_user("anna", site=site), work_center_of(make_site())
    old = place.row_version
    with expecting(place, old):
        locked_rename(place=other, name="Packing", actor=anna)
        locked_rename(place=place, name="One", actor=anna)
        locked_rename(place=place, name="Two", actor=anna)
    place.refresh_from_db()
    assert (place.name, place.row_version) == ("Two", old + 2)


def test_bulk_writes_are_compared_too(site: Site, place: WorkCenter) -> None:
    anna = make_user("anna", site=site)

    @service
    def rename_all(*, actor: Any) -> None:
        place.name = "All"
        bulk_update([place], ["name"])

    with pytest.raises(Blocked) as refused, expecting(place, place.row_version + 1):
        rename_all(actor=anna)
    assert refused.value.codes == ("stale",)
    assert WorkCenter.objects.get(pk=place.pk).name == "Final assembly"


@pytest.mark.parametrize("text", ["", "x", "-1", "1.0", "٣", "9" * 5000])
def test_a_version_that_is_none_is_refused_in_words(place: WorkCenter, text: str) -> None:
    with pytest.raises(Blocked) as refused:
        version_entered(text, record=place)
    assert refused.value.codes == ("version_missing",)
    assert version_entered(" 12 ", record=place) == 12


def test_a_form_opened_before_somebody_else_saved_is_refused_and_keeps_what_was_typed(
    client: Client, editor: User, place: WorkCenter
) -> None:
    address = f"/places/{place.pk}/rename/"
    opened = seen(place)
    assert f'name="version" value="{opened["version"]}"' in client.get(address).content.decode()
    locked_rename(place=place, name="Faster", actor=make_user("carla", site=place.area.site))
    for _ in range(2):  # sending it again does not get it through
        answer = client.post(address, {"reason": "new sign", "name": "Slower", **opened})
        page = answer.content.decode()
        assert answer.status_code == 409
        assert "was changed by Carla" in page
        assert "while you were editing it." in page
        assert f'<a href="{address}">Look at the present values, then enter yours again.</a>' in page
        assert 'value="Slower"' in page
    place.refresh_from_db()
    assert (place.name, place.history.count()) == ("Faster", 2)
    answer = client.post(address, {"reason": "new sign", "name": "Slower", **seen(place)})
    assert answer.status_code == 302
    place.refresh_from_db()
    assert place.name == "Slower"


@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "one"}])
def test_a_form_that_names_no_version_is_refused(
    client: Client, editor: User, place: WorkCenter, version: dict[str, str]
) -> None:
    answer = client.post(f"/places/{place.pk}/rename/", {"reason": "new sign", "name": "Unseen", **version})
    assert answer.status_code == 409
    assert "does not say which version" in answer.content.decode()
    place.refresh_from_db()
    assert (place.name, place.history.count()) == ("Final assembly", 1)
