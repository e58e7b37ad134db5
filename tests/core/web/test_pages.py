"""Access, errors, forms, deeds and signatures of the generic pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest
from django.test import Client
from pytest_django.fixtures import Settings

from config.apps import BASE_DIR
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site, User, WorkCenter
from core.web import slots
from core.web.access import PageMixin
from tests.core.web.conftest import CHANGE, VIEW
from tests.support.people import grant, make_site, make_user, work_center_of
from tests.support.visits import seen

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.web.pages")]


@pytest.fixture
def place(site: Site) -> WorkCenter:
    return work_center_of(site)


def text_of(response: Any) -> str:
    return str(response.content.decode())


# --- access


def test_a_page_without_a_rule_does_not_load() -> None:
    class Careless(PageMixin):
        pass

    with pytest.raises(ImproperlyConfigured, match="permission"):
        Careless.as_view()


@pytest.mark.parametrize("address", ["/places/", "/places/1/", "/places/1/rename/", "/core/web/search/?q=a"])
def test_strangers_are_sent_to_sign_in_and_back(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/?next=%2F")
    fragment = client.get(address, headers={"HX-Request": "true", "HX-Current-URL": "/places/?q=x"})
    assert fragment.status_code == 204
    assert fragment["HX-Redirect"] == "/accounts/login/?next=%2Fplaces%2F%3Fq%3Dx"


def test_a_missing_permission_is_said_in_words(
    client: Client, place: WorkCenter, sign_in: Callable[[User], User], site: Site
) -> None:
    sign_in(make_user("nobody", site=site, permissions=("core_organization.view_partner",)))
    grant(make_user("holder"), site, VIEW)
    for address in ("/places/", f"/places/{place.pk}/"):
        response = client.get(address)
        assert response.status_code == 403
        assert "See sites, areas and work centers" in text_of(response)
        assert "These roles have it: Test role" in text_of(response)


def test_a_record_of_another_site_is_not_there(client: Client, visitor: User) -> None:
    elsewhere = work_center_of(make_site("LIN"))
    response = client.get(f"/places/{elsewhere.pk}/")
    assert response.status_code == 404
    assert elsewhere.name not in text_of(response)
    assert text_of(response).count("There is nothing here") >= 1


def test_a_right_at_one_site_is_none_at_another(client: Client, editor: User) -> None:
    other = make_site("LIN")
    grant(editor, other, VIEW)
    elsewhere = work_center_of(other)
    assert client.get(f"/places/{elsewhere.pk}/").status_code == 200
    assert "Rename" not in text_of(client.get(f"/places/{elsewhere.pk}/"))
    assert client.get(f"/places/{elsewhere.pk}/rename/").status_code == 404
    assert client.get(f"/places/{elsewhere.pk}/close/").status_code == 403


def test_a_refusal_that_no_page_caught_is_a_page_or_a_fragment(client: Client) -> None:
    page = client.get("/refusing/")
    assert page.status_code == 409
    assert "Never on Sundays." in text_of(page)
    assert "Come back tomorrow." in text_of(page)
    fragment = client.get("/refusing/", headers={"HX-Request": "true"})
    assert fragment.status_code == 409
    assert fragment["HX-Retarget"] == "#tl-notices"
    assert "<html" not in text_of(fragment)


def test_our_own_fault_is_a_plain_page(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Something broke" in text_of(response)


@pytest.mark.requirement("REC-14")
def test_a_record_shows_its_facts_and_its_story(client: Client, editor: User, place: WorkCenter) -> None:
    page = text_of(client.get(f"/places/{place.pk}/"))
    assert "Assembly" in page
    assert "Rename" in page
    assert "Created" in page
    assert "UTC" in page


# --- forms


def send(client: Client, address: str, **values: Any) -> Any:
    place = WorkCenter.objects.get(pk=address.split("/")[2])
    return client.post(address, {"reason": "new sign at the door", **seen(place), **values})


def test_a_change_calls_the_service_with_the_reason(client: Client, editor: User, place: WorkCenter) -> None:
    response = send(client, f"/places/{place.pk}/rename/", name="Final line", weight="1,5")
    assert (response.status_code, response["Location"]) == (302, f"/places/{place.pk}/")
    place.refresh_from_db()
    assert place.name == "Final line"
    change = place.history.first()
    assert (change.history_user_id, change.history_change_reason) == (editor.pk, "new sign at the door")
    assert change.history_source == f"POST /places/{place.pk}/rename/"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "Ok", "weight": "1,250.5"}, "without grouping"),
        ({"name": "Ok", "weight": "1,000"}, "can be read as 1000 and as 1.000"),
        ({"name": "Ok", "weight": "200"}, "less than or equal to 100"),
        ({"name": "Ok", "reason": ""}, "This field is required."),
        ({"name": "Wrong"}, "Not this name."),
    ],
)
def test_wrong_values_come_back_with_what_was_entered(
    client: Client, editor: User, place: WorkCenter, values: dict[str, str], said: str
) -> None:
    response = send(client, f"/places/{place.pk}/rename/", **values)
    page = text_of(response)
    assert response.status_code == 422
    assert said in page
    assert "Not saved yet: please correct" in page
    if values["name"]:
        assert f'value="{values["name"]}"' in page
    place.refresh_from_db()
    assert place.name == "Final assembly"


def test_a_refused_deed_says_why_and_keeps_what_was_entered(client: Client, editor: User, place: WorkCenter) -> None:
    response = send(client, f"/places/{place.pk}/rename/", name="Forbidden")
    page = text_of(response)
    assert response.status_code == 409
    assert "This name is reserved." in page
    assert '<a href="/help/">Take another one</a>' in page
    assert 'value="Forbidden"' in page
    place.refresh_from_db()
    assert place.name == "Final assembly"


def test_the_same_form_twice_is_one_deed(client: Client, editor: User, place: WorkCenter) -> None:
    for _ in range(2):
        response = send(client, f"/places/{place.pk}/rename/", name="Final line", client_id="c-1")
        assert response["Location"] == f"/places/{place.pk}/"
    assert place.history.count() == 2  # created, renamed once
    send(client, f"/places/{place.pk}/rename/", name="Other line", client_id="c-2")
    assert place.history.count() == 3


def test_a_refused_form_may_be_sent_again(client: Client, editor: User, place: WorkCenter) -> None:
    assert send(client, f"/places/{place.pk}/rename/", name="Forbidden", client_id="c-3").status_code == 409
    assert send(client, f"/places/{place.pk}/rename/", name="Allowed", client_id="c-3").status_code == 302


# --- deeds and signatures


class FakeSigner:
    """Stands for core.signing: knows one password, remembers what it was asked."""

    def __init__(self, *, first: bool) -> None:
        self.first = first
        self.asked: list[dict[str, Any]] = []

    def is_first_signing(self, request: HttpRequest) -> bool:
        return self.first

    def asked_of(self, request: HttpRequest) -> tuple[bool, bool]:
        return self.first, False

    def identify(self, *, user_id: str, secret: str, meaning: str, request: HttpRequest, code: str = "") -> str:
        self.asked.append({"user_id": user_id, "meaning": meaning})
        if secret != "right":
            raise Blocked(Blocker("signing_refused", "User name or secret is wrong."))
        return "proof"

    def install(self) -> None:
        words = {"approved": "Approved"}
        slots.install_signer(slots.Signer(self.is_first_signing, self.asked_of, self.identify, self.identify, words))


def test_the_first_signature_asks_who_and_the_secret(client: Client, editor: User, place: WorkCenter) -> None:
    signer = FakeSigner(first=True)
    signer.install()
    page = text_of(client.get(f"/places/{place.pk}/close/"))
    assert "What you sign" in page
    assert "Approved" in page
    assert 'name="user_id"' in page
    assert 'type="password"' in page
    response = send(client, f"/places/{place.pk}/close/", secret="right")
    assert response.status_code == 422  # the user id is missing
    response = send(client, f"/places/{place.pk}/close/", user_id="berta", secret="right")
    assert response.status_code == 302
    assert signer.asked == [{"user_id": "berta", "meaning": "approved"}]


def test_later_signatures_ask_the_secret_alone_and_a_wrong_one_changes_nothing(
    client: Client, editor: User, place: WorkCenter
) -> None:
    FakeSigner(first=False).install()
    assert 'name="user_id"' not in text_of(client.get(f"/places/{place.pk}/close/"))
    response = send(client, f"/places/{place.pk}/close/", secret="wrong-password")
    assert response.status_code == 409
    assert "User name or secret is wrong." in text_of(response)
    assert "wrong-password" not in text_of(response)
    place.refresh_from_db()
    assert place.name == "Final assembly"
    assert send(client, f"/places/{place.pk}/close/", secret="right").status_code == 302


# --- preferences


def test_every_language_that_is_offered_has_a_catalogue() -> None:
    offered = {code for code, _name in django_settings.LANGUAGES} - {"en"}
    assert {
        code for code in offered if not (BASE_DIR / "locale" / code / "LC_MESSAGES" / "django.po").exists()
    } == set()


def test_theme_language_and_site_are_kept(client: Client, editor: User, site: Site, settings: Settings) -> None:
    assert "Language" not in text_of(client.get("/places/"))
    settings.LANGUAGES = [("en", "English"), ("de", "German")]
    other = make_site("LIN", time_zone="America/New_York")
    grant(editor, other, VIEW)
    assert client.post("/core/web/preferences/", {"theme": "dark", "next": "/places/"})["Location"] == "/places/"
    client.post("/core/web/preferences/", {"language": "de"})
    client.post("/core/web/preferences/", {"site": other.pk})
    page = text_of(client.get("/places/"))
    assert '<html lang="de" data-theme="dark">' in page
    assert "Site LIN ·" in page
    client.post("/core/web/preferences/", {"theme": "auto"})
    assert "data-theme" not in text_of(client.get("/places/")).split(">")[1]


def test_preferences_lead_nowhere_else_and_take_no_foreign_site(client: Client, visitor: User) -> None:
    foreign = make_site("LIN")
    response = client.post(
        "/core/web/preferences/", {"next": "https://evil.example/", "site": foreign.pk, "theme": "x"}
    )
    assert response["Location"] == "/"
    assert "Site LIN" not in text_of(client.get("/places/"))


def test_right_to_change_is_not_needed_to_see(client: Client, visitor: User, place: WorkCenter) -> None:
    assert client.get(f"/places/{place.pk}/rename/").status_code == 403
    assert CHANGE not in text_of(client.get(f"/places/{place.pk}/"))
