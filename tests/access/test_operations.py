"""Every operation of the API × everybody: it refuses as the page behind it does, and writes nothing then."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.core.cache import cache
from django.db import transaction
from pytest_django.fixtures import Settings

from core.web.access import Access
from tests.access.conftest import THERE, Plants
from tests.access.expected import (
    FORBIDDEN,
    NOT_FOUND,
    OF_ANOTHER_PERSON,
    OK,
    TO_SIGN_IN,
    WITHOUT_BYTES,
    WITHOUT_PART,
    WITHOUT_RESULT,
    Visitor,
    refusal,
)
from tests.access.watch import VISITORS, client_of, counted, stands_for_others, text_of, writes
from tests.support.pages import Page, pages

pytestmark = pytest.mark.requirement("ACC-03", "API-07")

OPERATIONS = [page for page in pages() if page.is_operation]
UNKNOWN = 401
GRANTED = {"GET": {OK}, "POST": {OK, 201, 202, 400, 409, 412, 422, 428}, "PUT": {OK, 400, 409, 412, 422, 428}}
"""What whoever is let in may be told; the empty body lacks what most deeds need."""
UNSEALED = {"core_trail:sealedtable_list"}
"""Nobody sealed the samples: the parts of a seal are not there, as its page is not."""
NAMES_ITS_RECORD = {"api:core_worklist:comment_create", "api:core_worklist:watch_change"}
"""Operations whose body names the record: an empty one is wrong for everybody, and tells nothing of any record."""


def behind(operation: Page) -> Iterator[tuple[str, Page]]:
    """Each method of the operation with the page whose rules hold for it."""
    view = operation.view(**operation.settings)
    for method, page in view.pages().items():
        yield method, replace(operation, view=page, settings=view.page_settings(method))


def visits(visitor: Visitor) -> Iterator[tuple[Page, str, bool, int | None]]:
    """The page behind every operation and method, at both sites for whoever gets as far as the record."""
    for operation in OPERATIONS:
        for method, page in behind(operation):
            first = refusal(page, visitor, at_other_site=False)
            is_let_in = page.access is not Access.PERMISSION or visitor.holds(page.declared("permission"))
            has_place = page.model is not None and first != TO_SIGN_IN and is_let_in
            for at_other_site in (False, True) if has_place else (False,):
                if not stands_for_others(visitor, page, at_other_site=at_other_site):
                    continue
                yield page, method, at_other_site, refusal(page, visitor, at_other_site=at_other_site)


BY_STATE = {
    "qms_reporting:reportsubscription_end",
    "qms_changes:changeorder_scopes", "qms_changes:changeitem_name", "qms_changes:changeitem_remove",
    "qms_changes:changerisk_remove",
}  # fmt: skip
"""Whoever sees a change is let in; which right the deed takes depends on how far the change is."""


def granted(page: Page, method: str) -> set[int]:
    """What the operation may answer to whoever it lets in."""
    name = page.name.removeprefix("api:")
    if name in WITHOUT_RESULT | UNSEALED | WITHOUT_PART:
        return {NOT_FOUND}
    if name in OF_ANOTHER_PERSON:
        return {409}
    more = {403} if name in BY_STATE else set()
    return {500} if name in WITHOUT_BYTES else {*GRANTED[method], *more}


def first_to_hold(page: Page) -> Visitor:
    """The one whose allowed deed is tried."""
    return next(one for one in VISITORS if refusal(page, one, at_other_site=False) is None)


@pytest.fixture(autouse=True)
def _fresh_counters(settings: Settings) -> None:
    cache.clear()
    settings.TRUELINE_API_RATE = 10_000


@pytest.mark.parametrize("visitor", VISITORS, ids=str)
def test_every_operation_answers_as_its_page_declares(plants: Plants, visitor: Visitor) -> None:
    client, wrong, before = client_of(plants, visitor), [], counted()
    for number, (page, method, at_other_site, refused) in enumerate(visits(visitor)):
        if method != "GET" and refused is None and first_to_hold(page) != visitor:
            continue
        address = page.address(plants.there if at_other_site else plants.here)
        with transaction.atomic(), writes() as written:
            answer = client.generic(
                method, address, json.dumps({}), content_type="application/json",
                headers={"Idempotency-Key": f"crawl-{number}"} if method == "POST" else {},
            )  # fmt: skip
            transaction.set_rollback(refused is None)
        said = f"{visitor}: {method} {page.name} {'other site' * at_other_site}: {answer.status_code}"
        wanted = granted(page, method) if refused is None else {UNKNOWN if refused == TO_SIGN_IN else refused}
        if page.name in NAMES_ITS_RECORD and refused == NOT_FOUND:
            wanted = {422}
        if answer.status_code not in wanted:
            wrong.append(f"{said}, wanted {sorted(wanted)}")
        if refused is not None and answer.headers["Content-Type"] != "application/problem+json":
            wrong.append(f"{said}, as {answer.headers['Content-Type']}")
        if refused in (FORBIDDEN, NOT_FOUND, TO_SIGN_IN) and written:
            wrong.append(f"{said}, and yet wrote: {written}")
        if refused is None and THERE in text_of(answer):
            wrong.append(f"{said}, and shows something of the other site")
    assert counted() == before
    assert not wrong, "\n".join(wrong)
    assert len(OPERATIONS) > 100
