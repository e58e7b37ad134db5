"""Django admin: every record and fact, read-only, for who holds the right, without secrets and within CSP."""

from __future__ import annotations

import re

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse

from core.kernel.records import RecordClass, models_of
from core.organization.admin import VIEW_TABLES, secret_columns
from core.organization.models import Terminal, User
from tests.access.conftest import THERE, Plants
from tests.access.expected import Visitor
from tests.access.test_crawler import VISITORS, client_of, counted, writes
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("ACC-03")

TABLES = sorted((model for kind in (RecordClass.RECORD, RecordClass.FACT) for model in models_of(kind)), key=str)
SECRET_NAMES = {"password", "pin_hash", "token_hash", "last_login"}
DEEDS = ("add", "change", "delete", "history")


def address(model: type[models.Model], page: str, *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_only_who_holds_the_right_sees_a_table(plants: Plants, visitor: Visitor) -> None:
    client = client_of(plants, visitor)
    wanted = 302 if visitor.template is None else 200 if visitor.holds(VIEW_TABLES) else 403
    for url in (reverse("admin:index"), address(User, "changelist"), address(Terminal, "changelist")):
        assert client.get(url).status_code == wanted, url
    for name in ("login", "logout", "password_change"):
        assert client.get(f"/admin/{name}/").status_code in (302, 403, 404)


def test_every_table_is_shown_within_the_visitors_site_and_nothing_can_be_done(plants: Plants) -> None:
    client, wrong, before = visit_as(plants.people["auditor"]), [], counted()
    client.raise_request_exception = False
    for model in TABLES:
        record = plants.here.sample(model)
        shown = client.get(address(model, "changelist"))
        if shown.status_code != 200 or THERE in shown.content.decode():
            wrong.append(f"{model._meta.label}: the list answers {shown.status_code}, or shows the other site")
        for page in DEEDS[:3]:
            url = address(model, page, *(() if page == "add" else (record.pk,)))
            with transaction.atomic(), writes() as written:
                answer = client.post(url, {"post": "yes", "action": "delete_selected"})
            if answer.status_code not in (302, 403, 404) or written:
                wrong.append(f"{model._meta.label}: POST {page} answers {answer.status_code}, wrote {written}")
        with transaction.atomic(), writes() as written:
            client.post(address(model, "changelist"), {"action": "delete_selected", "_selected_action": record.pk})
        if written:
            wrong.append(f"{model._meta.label}: an action of the list wrote {written}")
    assert counted() == before
    assert not wrong, "\n".join(wrong)


def test_secrets_are_not_shown(plants: Plants) -> None:
    assert set(secret_columns(User)) | set(secret_columns(Terminal)) == SECRET_NAMES
    for model in TABLES:
        names = {field.name for field in model._meta.concrete_fields}
        assert names & SECRET_NAMES <= set(secret_columns(model)), model
    client, person = visit_as(plants.people["admin"]), plants.people["admin"]
    page = client.get(address(User, "change", person.pk)).content.decode()
    assert person.username in page
    assert person.password not in page
    assert not any(f"field-{name}" in page for name in SECRET_NAMES)


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
