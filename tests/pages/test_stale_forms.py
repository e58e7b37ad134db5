"""Every form page that changes an existing record carries the version it shows, and refuses a stale or missing one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.test import Client

from core.web.views import FormPage
from tests.support.pages import Page, Present, desk_pages
from tests.support.plant import Plant
from tests.support.visits import visit_as

pytestmark = pytest.mark.requirement("REC-17")
TRIED = 40
"""Records of one kind whose form is tried, the newest ones, until one was open to a change."""
CLOSED = frozenset(
    {
        "mes_instructions:instructionstep_change",
        "mes_instructions:datapoint_change",
        "traceability:labelelement_add_text",
        "traceability:labelelement_add_code",
    }
)
"""Pages whose records in the filled plant are all signed already: their state refuses the change first. And those on
which an empty form is no element of a label: that is said first."""


def names_version(route: Page) -> bool:
    """Whether this is a page whose form changes the record of its address."""
    if not issubclass(route.view, FormPage):
        return False
    page = route.view()
    page.kwargs = dict.fromkeys(route.arguments)
    return page.names_version


def entered(form: Any) -> dict[str, Any]:
    """What a person sends who changes what the form shows: everything that is required, and something new."""
    sent: dict[str, Any] = {}
    for bound in form:
        value, field = bound.value(), bound.field
        choices = [str(key) for key, _ in getattr(field, "choices", ()) if str(key)]
        if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
            value = list(value or [])[:-1] or choices[:1]
        elif isinstance(field, forms.BooleanField):
            value = "on" if value else ""
        elif field.required and value in (None, ""):
            given = "2099-01-01T06:00" if isinstance(field, forms.DateTimeField) else "Changed"
            value = next(iter(choices), given)
        if value not in (None, ""):
            sent[bound.name] = value
    sent.pop("version", None)
    return sent


def test_a_stale_form_is_refused_on_every_page_that_changes_a_record(full: Plant) -> None:
    client: Client = visit_as(full.visitor)
    watched = {route.name: route for route in desk_pages() if names_version(route)}
    assert {"traceability:material_change", "core_organization:site_change", "core_organization:role_change"} <= set(
        watched
    )
    wrong = [f"{name}: {said}" for name, route in watched.items() for said in faults(client, route)]
    assert not wrong, "\n".join(wrong)


def faults(client: Client, route: Page) -> Iterator[str]:
    """What is wrong with the forms at this address. A record whose state forbids the change may say that instead."""
    assert route.model is not None
    codes: set[str] = set()
    for record in route.model._base_manager.order_by("-pk")[:TRIED]:
        url = route.address(Present(), pk=record.pk)
        shown = client.get(url)
        if shown.status_code != 200:
            continue
        version = record.row_version  # type: ignore[attr-defined]
        if f'name="version" value="{version}"' not in shown.content.decode():
            yield f"{record}: the form does not carry the version of its record"
        sent = entered(shown.context["form"])
        for named in ({}, {"version": "none"}, {"version": version - 1}):
            answer = client.post(url, {**sent, **named})
            if answer.status_code == 409:
                codes |= {blocker.code for blocker in answer.context["blockers"]}
            elif answer.status_code != 422 or set(answer.context["form"].errors) != {"version"}:
                errors = answer.context["form"].errors.as_json() if answer.context else ""
                yield f"{record}: {named} is answered with {answer.status_code} {errors}"
        if route.model._base_manager.filter(pk=record.pk, row_version=version).count() != 1:
            yield f"{record} was changed"
        if codes & {"stale", "changed_meanwhile"}:
            break
    if (route.name not in CLOSED) != bool(codes & {"stale", "changed_meanwhile"}):
        yield f"what a stale form is answered with: {codes}"
