"""Every verb that has a screen has an operation; every operation keeps the door shut as its page does."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from config.apps import BASE_DIR
from core.web.access import Access, PageMixin
from core.web.api import ApiView
from core.web.views import BulkPage, DetailPage, ListPage
from mes.execution.views.floor import DEEDS, DIALOGS
from tests.api.conftest import Program, program_of
from tests.support.people import make_site, make_user
from tests.traceability.world import World

MISSING = frozenset(
    line.partition("#")[0].strip() for line in (BASE_DIR / "tests/api/without_operation.txt").read_text().splitlines()
) - {""}
"""Pages that are no verb of the product, each with its reason. A new verb comes with its operation."""

ON_PURPOSE = {
    "told by the items and orders of the change": "qms_changes:changeorder_preview",
    "account of one's own": (
        "core_organization:own_password core_organization:own_pin core_organization:first_run"
        " core_organization:apitoken_list core_organization:apitoken_create core_organization:apitoken_revoke_own"
        " core_organization:factor_app core_organization:factor_passkey core_organization:factor_codes"
        " core_organization:factor_remove core_organization:session_end"
    ),
    "belongs to a browser": (
        "integrations:importbatch_map integrations:epciscapture_check core_organization:saml_answer"
        " core_web:kit_detail core_web:preferences core_organization:terminal_enrol verify_file verify_record"
        " core_worklist:savedfilter_create core_worklist:savedfilter_remove qms_documents:documentrevision_preview"
    ),
    "many at once: one request each": (
        "traceability:lot_hold_many traceability:lot_labels mes_execution:andon_acknowledge"
        " traceability:container_labels core_worklist:assignment_delegate traceability:serializedunit_labels"
        " traceability:recallline_decide_many traceability:hold_release_many"
        " qms_nonconformance:nonconformance_assign_many"
    ),
    "a printed sheet": "mes_execution:productionorder_traveler mes_execution:productionorder_barcodes",
}
"""Pages that need no operation, by the reason."""

TERMINAL = {
    "start": "start", "pause": "pause", "leave": "leave", "call": "call", "label": "label",
    "step": "step", "value": "value",
    "undo": "undo", "consume": "consume", "output": "output", "unit": "unit", "defect": "defect",
    "complete": "complete", "sign": "sign", "override": "override",
}  # fmt: skip
"""The verbs of a terminal's operation, and the operation of the API that does the same."""


OWN_NOTHING: list[dict[str, Any]] = [
    {"results": []},
    {"results": [], "next": None, "previous": None, "total": 0, "is_total_exact": True},
    {"read": 0},
]
"""What somebody without any right gets where everybody may ask for their own."""


def walk(resolver: URLResolver, spaces: tuple[str, ...] = (), route: str = "") -> Iterator[tuple[str, str, URLPattern]]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces, here)
        else:
            yield ":".join((*spaces, pattern.name or "")), here, pattern


ADDRESSES = list(walk(get_resolver()))
OPERATIONS: list[tuple[str, str, Any]] = [
    (name, route, pattern.callback.cls)  # type: ignore[attr-defined]
    for name, route, pattern in ADDRESSES
    if issubclass(getattr(pattern.callback, "cls", object), ApiView)
]
BEHIND = {page for _name, _route, view in OPERATIONS for page in view().pages().values()}
COVERED = BEHIND | {base for page in BEHIND if page.__module__.endswith(".api") for base in page.__mro__}
"""Pages that an operation is made from; where a page is special, the app's `api.py` extends it."""


def pages() -> Iterator[tuple[str, type[Any]]]:
    """Every page of the desk with its name."""
    for name, _route, pattern in ADDRESSES:
        view = getattr(pattern.callback, "view_class", object)
        if issubclass(view, PageMixin) and not name.startswith("terminal:"):
            yield name, view


@pytest.mark.requirement("API-12")
def test_every_verb_with_a_screen_has_an_operation_or_stands_in_the_shrinking_list() -> None:
    screens = {name: view for name, view in pages() if hasattr(view, "post") or issubclass(view, ListPage | DetailPage)}
    excused = {name for names in ON_PURPOSE.values() for name in names.split()}
    lacking = {name for name, view in screens.items() if view not in COVERED} - excused
    assert sorted(lacking - MISSING) == [], "give them an operation in the app's api.py"
    assert sorted(MISSING - lacking) == [], "they have one now: take them out of the list"
    assert any(issubclass(screens[name], BulkPage) for name in excused if name in screens)


@pytest.mark.requirement("API-12")
def test_every_verb_of_the_terminal_has_an_operation() -> None:
    names = {name.rsplit(":", 1)[1] for name, _route, _view in OPERATIONS if name.startswith("api:mes_execution:")}
    assert set(TERMINAL) == set(DEEDS) | set(DIALOGS)
    assert set(TERMINAL.values()) <= names


@pytest.mark.django_db
@pytest.mark.requirement("API-07")
def test_every_operation_refuses_whoever_it_must(world: World) -> None:
    assert len(OPERATIONS) > 60
    nothing = make_user(site=make_site(), permissions=("core_organization.create_apitoken",))
    anonymous, stranger, wrong, asked = Program(), program_of(nothing), [], itertools.count(1)
    for name, route, view in OPERATIONS:
        named = {part: 1 for part in ("pk", "part", "position") if f"<int:{part}>" in route}
        address = reverse(name, kwargs=named).removeprefix("/api/v1/")
        if next(asked) % 150 == 0:  # no program of one person may ask without end
            stranger = program_of(make_user(site=make_site(), permissions=("core_organization.create_apitoken",)))
        for method, page in view().pages().items():
            assert page.permission or page.access is not Access.PERMISSION, name
            wanted = {403} if page.access is Access.PERMISSION else {200, 400, 403, 404, 422}  # one's own, only
            for program, statuses in ((anonymous, {401}), (stranger, wanted)):
                answer = program.send(method, address)
                kind = "application/json" if answer.status_code == 200 else "application/problem+json"
                if answer.status_code not in statuses or answer["Content-Type"] != kind:
                    wrong.append(f"{method} {name}: {answer.status_code}, wanted {statuses}")
                if answer.status_code == 200 and answer.json() not in OWN_NOTHING:
                    wrong.append(f"{method} {name} shows a stranger {answer.json()}")
    assert not wrong, "\n".join(wrong)
