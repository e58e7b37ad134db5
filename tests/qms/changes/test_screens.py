"""The pages of changes in a real browser: accessible, no inline code, at three sizes; a change read and decided there.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from playwright.sync_api import Browser

from config.apps import BASE_DIR
from core.lifecycle.services import perform
from qms.changes import services
from qms.changes.models import WipDecision
from qms.changes.queries import approvals_of, open_suggestions
from qms.nonconformance.models import DefectCode
from qms.nonconformance.services import create_defect_code
from tests.core.web.test_gallery import SIZES, barriers_of, inline_code_of
from tests.qms.changes.story import Story, in_days, make_story
from tests.support.browser import whole
from tests.support.server import LivePlant
from tests.support.visits import session_of

pytestmark = pytest.mark.browser


@pytest.fixture
def shown(live_plant: LivePlant) -> Iterator[Story]:
    yield make_story()


def test_the_pages_are_accessible_at_every_size(shown: Story, live_plant: LivePlant, chromium: Browser) -> None:
    story = shown
    story.floor.order(4)
    change = story.in_assessment(
        story.next_instruction(), title="Tighten the torque of the crown bolts of all frames, found at the audit",
        due_at=in_days(4),
    )  # fmt: skip
    services.answer_suggestion(
        suggestion=open_suggestions(change)[0], is_affected=False, reason="Its torque stays.", actor=story.owner
    )
    train = services.add_task(
        change=change, title="Train the late shift", owner=story.owner, due_at=in_days(2), actor=story.owner
    )
    services.add_task(change=change, title="Tell the customer", owner=story.owner, after=train, actor=story.owner)
    draft = story.raised(title="Another glue", is_temporary=True, expires_at=in_days(9), urgency="emergency")
    approved = story.in_approval(story.procedure(), title="Shorter cleaning")
    configured = story.raised(title="More codes")
    kind = ContentType.objects.get_for_model(DefectCode)
    services.set_scopes(change=configured, configuration=[kind], actor=story.owner)
    story.writes(configured)
    perform(configured, "submit", actor=story.requester)
    services.start_assessment(change=configured, actor=story.owner)
    story.approves_all(story.handed_over(configured))
    create_defect_code(code="GLUE", name="Glue", actor=story.quality)
    one = change.get_absolute_url()
    pages = {
        "items": one,
        "assessments": f"{one}?tab=assessments",
        "tasks": f"{one}?tab=tasks",
        "orders": f"{one}?tab=orders",
        "edits": f"{configured.get_absolute_url()}?tab=edits",
        "draft": draft.get_absolute_url(),
        "write": reverse("qms_changes:changeorder_change", args=[draft.pk]),
        "task": train.get_absolute_url(),
        "approve": reverse("qms_changes:changeapproval_move", args=[approvals_of(approved)[0].pk, "approve"]),
        "preview": reverse("qms_changes:changeorder_preview", args=[change.pk]),
        "list": reverse("qms_changes:changeorder_list"),
        "board": reverse("qms_changes:board"),
        "calendar": reverse("qms_changes:calendar"),
        "figures": reverse("qms_changes:dashboard"),
        "switch": reverse("qms_changes:configuration"),
    }
    wrong: dict[str, list[str]] = {}
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            if (size, theme) in (("phone", "dark"), ("terminal", "dark"), ("terminal", "light")):
                continue
            with chromium.new_context(
                base_url=live_plant.url, viewport={"width": width, "height": height}, color_scheme=theme
            ) as context:
                context.add_cookies([{"name": "sessionid", "value": session_of(story.second), "url": live_plant.url}])
                page = context.new_page()
                for name, address in pages.items():
                    page.goto(address)
                    whole(page)
                    if os.environ.get("TRUELINE_SCREENSHOTS"):
                        folder = BASE_DIR / "screenshots"
                        folder.mkdir(exist_ok=True)
                        page.screenshot(path=folder / f"changes-{name}-{size}-{theme}.png", full_page=True)
                    found = [*barriers_of(page), *inline_code_of(page)]
                    if found:
                        wrong[f"{name} {size} {theme}"] = found
    assert wrong == {}


@pytest.mark.requirement("CHG-02", "CHG-07")
def test_what_is_affected_and_open_orders_are_answered_in_the_browser(
    shown: Story, live_plant: LivePlant, chromium: Browser
) -> None:
    story = shown
    order = story.floor.order(2)
    change = story.in_assessment(story.next_instruction())
    with chromium.new_context(base_url=live_plant.url, viewport={"width": 1366, "height": 768}) as context:
        context.add_cookies([{"name": "sessionid", "value": session_of(story.owner), "url": live_plant.url}])
        page = context.new_page()
        page.goto(change.get_absolute_url())
        waiting = open_suggestions(change).count()
        row = page.locator("#suggestions tbody tr").first
        row.locator("input[name=reason]").fill("Its torque stays.")
        row.get_by_role("button", name="Not affected").click()
        page.wait_for_url("**tab=items")
        assert open_suggestions(change).count() == waiting - 1
        page.goto(f"{change.get_absolute_url()}?tab=orders")
        page.get_by_text("Decide", exact=True).first.click()
        page.get_by_label("Decision").select_option("finish")
        page.get_by_label("Reason").fill("Nearly done.")
        page.get_by_role("button", name="Decide").click()
        page.get_by_text("Finish on the old revision").first.wait_for()
    assert WipDecision.objects.get(change=change).subject_id == order.pk
