"""What the terminal says and keeps, in a real browser."""

from __future__ import annotations

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from core.kernel.clock import now
from core.kernel.deeds import acting
from core.organization.models import TerminalSession
from core.organization.services import system_user
from tests.mes.execution.shop import Shop

pytestmark = [pytest.mark.browser, pytest.mark.requirement("TRM-01")]


@pytest.mark.requirement("REC-19")
def test_what_was_typed_is_back_after_the_station_was_locked_and_somebody_signed_on_again(
    page: Page, shop: Shop
) -> None:
    active = TerminalSession.objects.filter(activated_at__isnull=False)
    keys = list(active.values_list("pk", flat=True))
    page.goto(f"{shop.running}dialog/defect/")
    page.locator("#id_title").fill("Scratch along the edge")
    with transaction.atomic(), acting(system_user("test")):
        active.update(activated_at=None)
    page.locator("[data-primary]").tap()
    page.wait_for_url("**/sign-on/?next=*dialog%2Fdefect%2F")
    with transaction.atomic(), acting(system_user("test")):
        TerminalSession.objects.filter(pk__in=keys).update(activated_at=now(), last_seen_at=now())
    page.goto(f"{shop.running}dialog/defect/")
    expect(page.locator("#id_title")).to_have_value("Scratch along the edge")
    expect(page.locator("form .tl-notice")).to_contain_text("It was not saved yet")
    page.locator("[data-primary]").tap()
    page.wait_for_url(f"**{shop.running}")
    page.goto(f"{shop.running}dialog/defect/")
    expect(page.locator("#id_title")).to_have_value("")
