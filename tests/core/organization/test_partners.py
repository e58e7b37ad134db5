"""Suppliers and customers are added and changed here where no other system keeps them."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse

from core.kernel.deeds import acting
from core.kernel.errors import Blocked
from core.organization.models import Partner, User
from core.organization.services import partners, system_user
from tests.support.people import make_site, make_user
from tests.support.visits import seen, visit_as

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("PRT-01")]

RIGHTS = ("core_organization.change_partner", "core_organization.view_partner")


@pytest.fixture
def planner() -> User:
    return make_user(site=make_site(), permissions=RIGHTS)


def values(**given: Any) -> dict[str, Any]:
    return {"code": "ACME", "name": "Acme", "is_supplier": True, "is_customer": False, **given}


def test_a_partner_is_added_once(planner: User) -> None:
    partner = partners.create_partner(**values(), actor=planner)
    assert (partner.is_supplier, partner.is_customer, partner.is_active) == (True, False, True)
    for wrong in (values(name="Other"), values(code="B", is_supplier=False), values(code=" ")):
        with pytest.raises(ValidationError):
            partners.create_partner(**wrong, actor=planner)
    with pytest.raises(Blocked) as refusal:
        partners.create_partner(**values(code="C"), actor=make_user())
    assert refusal.value.codes == ("permission",)
    assert list(Partner.objects.all()) == [partner]


def test_a_partner_that_another_system_keeps_is_not_changed_here(planner: User) -> None:
    with transaction.atomic(), acting(system_user("test")):
        kept = Partner(code="E-1", name="Kept", is_customer=True, origin="ERP", external_id="77")
        kept.save()
    with pytest.raises(Blocked) as refusal:
        partners.change_partner(
            partner=kept, name="Mine", is_supplier=False, is_customer=True, is_active=True, actor=planner, reason="typo"
        )
    assert refusal.value.codes == ("kept_elsewhere",)
    kept.refresh_from_db()
    assert kept.name == "Kept"
    page = visit_as(planner).get(kept.get_absolute_url()).content.decode()
    assert reverse("core_organization:partner_change", args=[kept.pk]) not in page


def test_the_pages_add_and_change_with_a_reason(planner: User) -> None:
    desk = visit_as(planner)
    create = reverse("core_organization:partner_create")
    assert "Say whether it is a supplier" in desk.post(create, {"code": "ACME", "name": "Acme"}).content.decode()
    desk.post(create, {"code": "ACME", "name": "Acme", "is_customer": "on"})
    partner = Partner.objects.get()
    change = reverse("core_organization:partner_change", args=[partner.pk])
    assert change in desk.get(partner.get_absolute_url()).content.decode()
    given = {"name": "Acme", "is_customer": "on", **seen(partner)}
    desk.post(change, given)
    assert Partner.objects.get().is_active, "a change needs a reason"
    desk.post(change, {**given, "reason": "no longer buys"})
    changed = Partner.objects.get()
    assert not changed.is_active
    assert changed.history.latest().history_change_reason == "no longer buys"
