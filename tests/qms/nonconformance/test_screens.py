"""The triage page, the raise page and the inbox in a real browser: accessible, no inline code, at three sizes.

With TRUELINE_SCREENSHOTS=1 the pictures are kept under screenshots/, to be looked at.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Browser

from config.apps import BASE_DIR
from core.organization.models import User
from core.worklist.services import assign
from qms.nonconformance import services
from qms.nonconformance.models import NonConformance
from tests.core.web.test_gallery import SIZES, barriers_of, inline_code_of
from tests.qms.nonconformance.conftest import ENGINEER, Case, make_case
from tests.qms.nonconformance.test_board import HEAD, appoint, rule
from tests.qms.nonconformance.test_deviations import RIGHTS, approved, people
from tests.support.browser import whole
from tests.support.people import make_user, proof
from tests.support.server import LivePlant
from tests.support.visits import session_of
from traceability.services import link

pytestmark = pytest.mark.browser


def _full(case: Case) -> NonConformance:
    """A record with everything on its page: photo, lines in every state, similar ones, long names."""
    material = case.world.material(number="VALVE-BODY-12", tracking="lot")
    lot = case.world.lot(100, material, number="L-26-0417")
    for kind in ("use_as_is", "rework"):
        before = case.under_review((case.world.lot(10, material), 10))
        case.approve(case.propose(before.items.get(), kind, 10))
    picture = BytesIO()
    Image.new("RGB", (320, 240), (170, 40, 40)).save(picture, "PNG")
    picture.name = "bore.png"
    found = case.opened(
        (lot, 30),
        (case.world.lot(12, number="L-26-0409 with a very long number of its supplier"), 12),
        (case.world.unit(case.world.lot(0)), None),
        title="Bore over limit on infusion valve body, found at the second measurement of the day",
        photos=[picture],
        context={
            "operation": "PO-000123 · OP 20 Mill bore",
            "characteristic": "Bore ⌀ 12.000 ± 0.020 mm",
            "measured": "12.041 mm",
            "operator": "Anna Kowalska",
            "equipment": "DMU-50",
            "program": "V118 rev 3",
            "instruction": "WI-0031 rev 4",
            "lots": ["L-26-0417", "L-26-0409"],
        },
    )
    first = found.items.order_by("pk")[0]
    case.propose(first, "rework", 15)
    case.propose(first, "scrap", 5)
    return found


@pytest.fixture
def signed_in_case(live_plant: LivePlant) -> Iterator[Case]:
    yield make_case()


def wrong_on(pages: Mapping[str, str], user: User, live_plant: LivePlant, chromium: Browser) -> list[str]:
    """What is wrong with these pages at any size, in words: barriers, inline code, scrolling sideways."""
    wrong: dict[str, list[str]] = {}
    for size, (width, height) in SIZES.items():
        for theme in ("light", "dark"):
            if (size, theme) in (("phone", "dark"), ("terminal", "dark")):
                continue
            with chromium.new_context(
                base_url=live_plant.url,
                viewport={"width": width, "height": height},
                color_scheme=theme,
                reduced_motion="reduce",
            ) as context:
                context.add_cookies([{"name": "sessionid", "value": session_of(user), "url": live_plant.url}])
                page = context.new_page()
                for name, address in pages.items():
                    answer = page.goto(address)
                    whole(page)
                    assert answer is not None
                    complaints = inline_code_of(page) + barriers_of(page)
                    complaints += [] if answer.status == 200 else [f"answers {answer.status}"]
                    sideways = page.evaluate(
                        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                    )
                    complaints += [f"scrolls sideways by {sideways} px"] if sideways > 0 else []
                    if complaints:
                        wrong[f"{name} {size} {theme}"] = complaints
                    if os.environ.get("TRUELINE_SCREENSHOTS"):
                        page.screenshot(
                            path=BASE_DIR / "screenshots" / f"nonconformance-{name}-{size}-{theme}.png", full_page=True
                        )
    return [f"{where}: {what}" for where, whats in wrong.items() for what in sorted(set(whats))]


def test_the_pages_are_accessible_at_every_size(signed_in_case: Case, live_plant: LivePlant, chromium: Browser) -> None:
    case = signed_in_case
    found = _full(case)
    review = case.under_review((case.world.lot(10), 10))
    case.propose(review.items.get(), "scrap", 10)
    empty = case.raised(defect_code=None)
    assign(subject=found, kind="action", title="Measure again", to_user=case.engineer, actor=case.engineer)
    services.add_affected_item(nonconformance=empty, lot=case.world.lot(5), quantity=Decimal(5), actor=case.engineer)
    pages = {
        "triage": found.get_absolute_url(),
        "draft": empty.get_absolute_url(),
        "review": review.get_absolute_url(),
        "sign": reverse("qms_nonconformance:nonconformance_sign", args=[review.pk]),
        "raise": reverse("qms_nonconformance:nonconformance_create"),
        "list": reverse("qms_nonconformance:nonconformance_list"),
        "inbox": reverse("core_worklist:assignment_inbox"),
    }
    assert wrong_on(pages, case.engineer, live_plant, chromium) == []


def test_the_pages_of_the_board_are_accessible_at_every_size(
    signed_in_case: Case, live_plant: LivePlant, chromium: Browser
) -> None:
    case = signed_in_case
    world, system = case.world, case.world.system
    head = rule(case, "use_as_is", "quality", "engineering")
    services.create_board_rule(kind="scrap", function="quality", needs_witness=True, actor=head)
    appoint(case, head, case.second, "quality", highest_quantity=Decimal(500))
    used = case.dispositioned(world.lot(40), 10, kind="rework")
    steel, ours = world.lot(100), world.lot(100, number="L-26-0500 with a very long number of its supplier")
    for child in (ours, world.lot(10)):
        link(parent_lot=steel, child_lot=child, quantity=Decimal(5), uom=world.each, actor=system)
    found = case.under_review((ours, 30))
    for line in services.list_other_lots(nonconformance=found, actor=case.engineer)[:1]:
        services.answer_other_lot(line=line, answer="not_affected", rationale="Certificate", actor=case.engineer)
    services.decide_capa(nonconformance=found, decision="not_needed", rationale="One of a kind", actor=case.engineer)
    use = case.propose(found.items.get(), "use_as_is", 10)
    scrap = case.propose(found.items.get(), "scrap", 5)
    services.approve_dispositions(
        dispositions=[use, scrap], actor=case.second, signature=proof(case.second, "dispositioned")
    )
    author, other = people(case)
    deviation = approved(case, author, other)
    services.use_deviation(deviation=deviation, lot=world.lot(9, deviation.material), quantity=Decimal(4), actor=author)
    viewer = make_user(site=world.site, permissions=(*ENGINEER, *HEAD, *RIGHTS, "qms_nonconformance.view_concession"))
    url = "qms_nonconformance:{}".format
    pages = {
        "board": found.get_absolute_url(),
        "rework": used.get_absolute_url(),
        "vote": reverse(url("disposition_move"), args=[use.pk, "approve"]),
        "witness": reverse(url("disposition_witness"), args=[scrap.pk]),
        "rules": reverse(url("boardrule_list")),
        "rule": reverse(url("boardrule_create")),
        "authorities": reverse(url("boardauthority_list")),
        "appoint": reverse(url("boardauthority_create")),
        "concessions": reverse(url("concession_list")),
        "others": reverse(url("otherlot_list")),
        "merge": reverse(url("nonconformance_merge"), args=[found.pk]),
        "capa": reverse(url("nonconformance_capa"), args=[found.pk]),
        "deviations": reverse(url("planneddeviation_list")),
        "deviation": deviation.get_absolute_url(),
        "draft-deviation": reverse(url("planneddeviation_create")),
        "use": reverse(url("planneddeviation_use"), args=[deviation.pk]),
    }
    assert wrong_on(pages, viewer, live_plant, chromium) == []
