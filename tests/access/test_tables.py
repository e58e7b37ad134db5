"""Django admin: every record and fact, read-only, for who holds the right, without secrets and within CSP."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from core.kernel.records import RecordClass, models_of
from core.organization.admin import VIEW_TABLES, secret_columns
from core.organization.models import Terminal, User
from tests.access.conftest import THERE, Plants
from tests.access.expected import Visitor
from tests.access.watch import FRAGMENT, VISITORS, client_of, counted, writes
from tests.support.pages import Page, pages
from tests.support.visits import visit_as
from tests.support.whole import in_turn, is_whole

pytestmark = pytest.mark.requirement("ACC-03")

TABLES = sorted((model for kind in (RecordClass.RECORD, RecordClass.FACT) for model in models_of(kind)), key=str)
SECRET_NAMES = {"password", "pin_hash", "token_hash", "last_login"}


def address(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


ADDRESSES = [page for page in pages() if page.route.startswith("admin/")]
READ = {"index", "app_list", "jsi18n", "changelist", "change", "history"}
"""The last word of the addresses that show something; the others change something, and refuse."""


SHOWN_TO_ALL = ("admin/core_organization/user/", "admin/core_organization/terminal/")


def where(page: Page, plants: Plants) -> str:
    """The address of the admin's page, for the sample of its table."""
    if page.name == "admin:app_list":
        return reverse(page.name, args=["traceability"])
    app, table = (*page.route.split("/"), "", "")[1:3]
    key = plants.here.sample(apps.get_model(app, table)).pk if "object_id" in page.arguments else ""
    return f"/{page.route}".replace("<path:object_id>", str(key))


def wanted(page: Page, visitor: Visitor, method: str) -> set[int]:
    """What the address must answer."""
    if visitor.template is None:
        return {302}
    if not visitor.holds(VIEW_TABLES):
        return {403}
    if not page.name:
        return {302}
    if last_word(page) not in READ:
        return {403}
    return {200, 302} if method == "GET" else {200, 302, 403, 405}


def last_word(page: Page) -> str:
    """What the address is for."""
    name = page.name.removeprefix("admin:")
    return name if name in READ else name.rsplit("_", 1)[-1]


def asked_by(visitor: Visitor) -> Iterator[tuple[Page, str]]:
    """Everything by nobody, by the first who may and the first who may not; each table and row by one more in turn,
    and the people and the terminals by everybody."""
    firsts = [next(one for one in VISITORS if one.template and one.holds(VIEW_TABLES) is may) for may in (True, False)]
    for page in ADDRESSES:
        word, may = last_word(page), visitor.holds(VIEW_TABLES)
        if visitor in (VISITORS[0], *firsts):
            yield page, "GET"
            if not may or word not in ("change", "history"):
                yield page, "POST"
        elif word in ("changelist", "change") and is_asked_for(visitor, page, may=may):
            yield page, "GET"


def is_asked_for(visitor: Visitor, page: Page, *, may: bool) -> bool:
    """Whether one more visitor asks for the table or the row."""
    if page.route.startswith(SHOWN_TO_ALL):
        return True
    return not may and (is_whole() or in_turn(page.name, VISITORS) == visitor)


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_every_address_of_the_tables_answers_as_the_right_says(plants: Plants, visitor: Visitor) -> None:
    client, wrong, before = client_of(plants, visitor), [], counted()
    for page, method in asked_by(visitor):
        expected = wanted(page, visitor, method)
        with transaction.atomic(), writes() as written:
            data = {"post": "yes", "action": "delete_selected", "_selected_action": "1"} if method == "POST" else {}
            headers = FRAGMENT if expected == {403} else {}
            answer = getattr(client, method.lower())(where(page, plants), data, headers=headers)
        said = f"{visitor}: {method} {page.route}: {answer.status_code}"
        if answer.status_code not in expected:
            wrong.append(f"{said}, wanted {sorted(expected)}")
        if written:
            wrong.append(f"{said}, and wrote {written}")
        if answer.status_code == 200 and THERE in answer.content.decode():
            wrong.append(f"{said}, and shows something of the other site")
        leads = answer.headers.get("Location", "")
        if visitor.template is None and not leads.startswith("/accounts/login/"):
            wrong.append(f"{said}: leads to {leads}, not to signing in")
    assert counted() == before
    assert not wrong, "\n".join(wrong)
    assert len(ADDRESSES) > 5 * len(TABLES)


@pytest.mark.parametrize("name", ["login", "logout", "password_change"])
def test_the_library_s_own_accounts_are_not_served(plants: Plants, name: str) -> None:
    assert visit_as(plants.people["admin"]).get(f"/admin/{name}/").status_code == 404


def test_secrets_are_not_shown(plants: Plants) -> None:
    assert set(secret_columns(User)) | set(secret_columns(Terminal)) == SECRET_NAMES
    for model in TABLES:
        names = {field.name for field in model._meta.concrete_fields}
        assert names & SECRET_NAMES <= set(secret_columns(model)), model
    client, person = visit_as(plants.people["admin"]), plants.people["admin"]
    page = client.get(address(User, "change", person.pk)).content.decode()
    assert person.username in page
    assert person.password not in page
    assert not any(re.search(rf"\bfield-{name}(?!\w)", page) for name in SECRET_NAMES)


@pytest.mark.parametrize("page", ["index", "changelist", "change"])
def test_the_pages_keep_the_content_security_policy(plants: Plants, page: str) -> None:
    client, person = visit_as(plants.people["admin"]), plants.people["admin"]
    url = {"index": reverse("admin:index"), "changelist": address(User, "changelist")}.get(page)
    text = client.get(url or address(User, "change", person.pk)).content.decode()
    assert not re.findall(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)[^>]*>", text)
    assert not re.findall(r"<style|\sstyle=|\son[a-z]+=", text)


def test_a_row_of_the_other_site_is_not_there(plants: Plants) -> None:
    client: Client = visit_as(plants.people["auditor"])
    answer = client.get(address(Terminal, "change", plants.there.sample(Terminal).pk))
    assert answer.status_code in (302, 404)
    assert THERE not in answer.content.decode()
