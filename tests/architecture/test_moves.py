"""One way for each deed: whichever door a move is made at, it is made by its service."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from core.kernel.lifecycle import lifecycles
from core.kernel.wiring import MOVE_SERVICES, label_of, makes, service_of_move
from core.web.api.views import DeedView
from core.web.views import MovePage
from tests.architecture import house
from tests.architecture.test_app_shape import DOORS, SHAPED, chain, members

pytestmark = pytest.mark.requirement("HOUSE-07")
OF_LIFECYCLES = {label.rsplit(".", 1)[1]: label for label in lifecycles()}
"""Labels of the models with a lifecycle, by the lower-case name of the model."""


def walk(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, route)
        else:
            yield route, pattern


def offered() -> Iterator[tuple[str, type[MovePage], str]]:
    """Route, page and move of every place at which a move can be made, on a screen or through the API."""
    found = list(walk(get_resolver()))
    routes = {route for route, _ in found}
    for route, pattern in found:
        page: Any = getattr(pattern.callback, "view_class", object)
        settings = getattr(pattern.callback, "view_initkwargs", {})
        operation: Any = getattr(pattern.callback, "cls", object)
        if issubclass(operation, DeedView) and operation.page is not None:
            page, settings = operation.page, {"move": operation.move or operation.page.__dict__.get("move", "")}
        if not issubclass(page, MovePage):
            continue
        if "<slug:move>" in route:
            lifecycle = page.model.lifecycle
            names = [move.name for move in lifecycle.moves if not move.automatic]
            # A page of its own comes before the one page of all moves.
            yield from ((route, page, n) for n in names if route.replace("<slug:move>", n) not in routes)
        elif name := settings.get("move") or page.move:
            yield route, page, name


OFFERED = sorted(set(offered()), key=lambda one: (one[0], one[2]))


def performed(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    """Public services of a file that perform a named move: function, model of the first parameter, move."""
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
            continue
        decorators = {(chain(one) or [""])[-1] for one in function.decorator_list}
        parameters = [*function.args.args, *function.args.kwonlyargs]
        if "service" not in decorators or not parameters:
            continue
        about = (chain(parameters[0].annotation) or [""])[-1] if parameters[0].annotation else ""
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and chain(call.func)[-1:] == ["perform"] and len(call.args) > 1:
                move = call.args[1]
                if isinstance(move, ast.Constant):
                    yield function.name, about, str(move.value)


def test_moves_are_offered_on_screens_and_in_the_api() -> None:
    assert {("traceability.lot", "withdraw"), ("qms_nonconformance.disposition", "approve")} <= {
        (label_of(page.model), move) for _route, page, move in OFFERED
    }
    assert any(route.startswith("api/") for route, _page, _move in OFFERED)


@pytest.mark.parametrize(("route", "page", "move"), OFFERED, ids=lambda one: str(getattr(one, "__name__", one)))
def test_a_page_leaves_the_move_to_its_service(route: str, page: type[MovePage], move: str) -> None:
    """The kit makes it; a `deed` of the page's own would be a second way. Its form asks for all that is needed."""
    assert page.deed is MovePage.deed, "a page of a move has no deed() of its own: @makes its service"
    assert page.perform is MovePage.perform
    made_by = service_of_move(page.model, move)
    if made_by is not None:
        fields = page.form_class.base_fields  # type: ignore[attr-defined]
        assert made_by.needed <= set(fields), f"{made_by.function.__qualname__} needs more than this page asks"
        assert set(fields) <= made_by.parameters


def test_a_service_that_makes_an_offered_move_is_the_one_it_is_made_by() -> None:
    doors = {(label_of(page.model), move) for _route, page, move in OFFERED}
    wrong, seen = [], 0
    for app in SHAPED:
        for name, path in members(app):
            if name != "services":
                continue
            for file in [path] if path.is_file() else sorted(path.glob("**/*.py")):
                for function, about, move in performed(house.parse(file)):
                    key = (OF_LIFECYCLES.get(about.lower(), ""), move)
                    if key not in doors:
                        continue
                    seen += 1
                    if key not in MOVE_SERVICES or MOVE_SERVICES[key].function.__name__ != function:
                        wrong.append(f"{house.show(file)}: {function} is not registered with @makes{key}")
    assert seen > 10
    assert wrong == []


def test_no_door_moves_a_record_itself() -> None:
    """Pages, forms, operations and beat call a service, or leave the move to the kit."""
    allowed = {"qms/documents/tasks.py": "make_effective is the whole deed: no service makes it"}
    wrong = []
    for app in SHAPED:
        for name, path in members(app):
            for file in [path] if path.is_file() else sorted(path.glob("**/*.py")):
                if name in DOORS and house.show(file) not in allowed:
                    wrong += [
                        f"{house.show(file)}:{node.lineno}"
                        for node in ast.walk(house.parse(file))
                        if isinstance(node, ast.Call)
                        and (chain(node.func)[-1:] == ["make_move"] or chain(node.func) == ["perform"])
                    ]
    assert wrong == []
    assert service_of_move("qms_documents.DocumentRevision", "make_effective") is None


def test_the_search_finds_services_that_move() -> None:
    source = (
        "@service\ndef release_lot(*, lot: Lot, actor):\n    return perform(lot, 'release', actor=actor)\n"
        "def helper(lot: Lot):\n    perform(lot, 'release')\n"
        "@service\ndef count(*, item: Item, actor):\n    perform(item.hold, 'release')\n"
    )
    assert list(performed(ast.parse(source))) == [("release_lot", "Lot", "release"), ("count", "Item", "release")]


def test_what_makes_a_move_is_a_service_with_a_reason() -> None:
    def plain(*, lot: Any, actor: Any, reason: str = "") -> None:
        """No service."""

    with pytest.raises(TypeError, match="a service that takes a reason"):
        makes("traceability.Lot", "sell")(plain)
    taken = service_of_move("traceability.Lot", "release")
    assert taken is not None
    with pytest.raises(ValueError, match="made by release_lot already"):
        makes("traceability.Lot", "release")(taken.function)
