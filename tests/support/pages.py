"""Every address of the product, with arguments that lead somewhere: what tests over all pages walk along.

A new page is found by itself. Its `<int:pk>` is a row of the view's `model`; where the view has none, or where the
address needs something else, `SAMPLES` says what to take, and the walk fails with that request until it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.views.generic import View

from core.kernel.lifecycle import Lifecycle
from core.web.views import ChosenRows

TERMINAL = "terminal:"
FOREIGN = ("account_", "mfa_", "socialaccount_", "admin:", "api:", "None")
"""Pages of the libraries for signing in and for administration; operations of the API, which has tests of its own."""
WITHOUT_PAGE = frozenset({"home", "core_web:kit_events", "core_web:kit_terminal", "core_organization:first_run"})
"""Not for the desk: a redirection, a stream without end, a terminal's sample, and what only an empty
installation shows."""


class SampleMissing(AssertionError):
    """A page needs a row or an argument that nobody provides yet."""


@dataclass(frozen=True)
class Route:
    """One address pattern: its full name, what serves it, the names of its arguments."""

    name: str
    pattern: str
    view: type[View]
    arguments: tuple[str, ...]

    @property
    def model(self) -> type[models.Model] | None:
        """The model that its `pk` is of."""
        label = MODELS.get(self.name)
        found: type[models.Model] | None = apps.get_model(label) if label else getattr(self.view, "model", None)
        return found


MODELS = {
    "core_jobs:backgroundjob_cancel": "core_jobs.BackgroundJob",
    "core_jobs:backgroundjob_result": "core_jobs.BackgroundJob",
    "core_files:attachment_download": "core_files.Attachment",
    "core_files:attachment_thumbnail": "core_files.Attachment",
    "core_printing:printedrecord_download": "core_printing.PrintedRecord",
    "terminal:operation": "mes_execution.OrderOperation",
    "terminal:dialog": "mes_execution.OrderOperation",
    "terminal:deed": "mes_execution.OrderOperation",
}
"""Whose row the `pk` is, where the view does not say it by `model`."""

SHOWN: dict[str, dict[str, Any]] = {"core_organization.User": {"is_system": False}}
"""Which rows of a model have a page, where not every row has one."""

Arguments = dict[str, Any]


def _comment_on_anything() -> list[Arguments]:
    lot = apps.get_model("traceability.Lot")
    return [{"kind": ContentType.objects.get_for_model(lot).pk, "pk": lot.objects.order_by("pk")[0].pk}]


def _first(label: str, **where: Any) -> Any:
    found = apps.get_model(label).objects.filter(**where).order_by("pk").first()
    if found is None:
        raise SampleMissing(f"The filled plant has no {label} with {where or 'anything'}.")
    return found


def _terminals() -> str:
    return str(_first("core_organization.Terminal").code)


def _sealed_row() -> list[Arguments]:
    rows = _first("core_trail.SealedRows", table="traceability_historicallot")
    return [{"table": rows.table, "key": rows.first_key}]


SAMPLES: dict[str, Callable[[], list[Arguments]]] = {
    "core_worklist:comment_create": _comment_on_anything,
    "mes_routing:routing_options": lambda: [{"kind": "materials"}],
    "core_jobs:backgroundjob_result": lambda: [
        {"pk": apps.get_model("core_jobs.BackgroundJob").objects.exclude(result_sha256="")[0].pk}
    ],
    "core_trail:proof": _sealed_row,
    "verify_record": lambda: [{"token": _first("core_printing.PrintedRecord").token}],
}
"""Arguments of addresses that are not rows of a model."""
QUERIES = {
    "core_printing:address_qr": ("?to=/core/worklist/inbox/",),
    "core_worklist:savedfilter_create": ("?page=traceability:lot_list&query=status%3Dreleased",),
    "core_web:search": ("", "?q=a", "?q=nothing-of-this-name"),
    "core_web:scan": (
        "",
        "?code=UNKNOWN-1",
    ),
}
"""What is asked besides the bare address."""


def routes() -> list[Route]:
    """Every class-based page of the product, in the order of the URLconf."""
    return list(_walk(get_resolver(), "", "", ()))


def _walk(resolver: URLResolver, prefix: str, namespace: str, outer: tuple[str, ...]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = prefix + str(entry.pattern)
        arguments = (*outer, *entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, pattern, inner, arguments)
        elif isinstance(entry, URLPattern) and hasattr(entry.callback, "view_class"):
            yield Route(f"{namespace}{entry.name}", pattern, entry.callback.view_class, arguments)


def desk_routes() -> list[Route]:
    """The routes that a browser at a desk may open: they answer GET, and are neither a terminal's nor a library's."""
    return [
        route
        for route in routes()
        if hasattr(route.view, "get")
        and "get" in route.view.http_method_names
        and route.name not in WITHOUT_PAGE
        and not route.name.startswith((TERMINAL, *FOREIGN))
    ]


def arguments_of(route: Route) -> list[Arguments]:
    """Arguments with which the route leads somewhere: one set, or one per move of a lifecycle."""
    if route.name in SAMPLES:
        return SAMPLES[route.name]()
    found: list[Arguments] = [{}]
    if "terminal" in route.arguments:
        found = [{"terminal": _terminals()}]
    if "part" in route.arguments:
        raise SampleMissing(f"{route.name}: say in tests/support/pages.py which part it opens.")
    if "move" in route.arguments:
        return [{**found[0], **chosen} for chosen in _moves(route)]
    if "pk" in route.arguments:
        found = [{**found[0], "pk": _row(route).pk}]
    unknown = set(route.arguments) - set(found[0])
    if unknown:
        raise SampleMissing(f"{route.name}: say in tests/support/pages.py what {sorted(unknown)} may be.")
    return found


def _row(route: Route, **where: Any) -> models.Model:
    if route.model is None:
        raise SampleMissing(f"{route.name}: say in tests/support/pages.py (MODELS) whose row its pk is.")
    shown = SHOWN.get(route.model._meta.label, {})
    found = route.model._base_manager.filter(**shown, **where).order_by("pk").first()
    if found is None:
        raise SampleMissing(f"{route.name}: tests/support/filled.py makes no {route.model._meta.label} for it.")
    return found


def _moves(route: Route) -> list[Arguments]:
    """One per move: a record in a state where the move is offered, else any."""
    lifecycle = getattr(route.model, "lifecycle", None)
    assert isinstance(lifecycle, Lifecycle), f"{route.name} moves, but its model has no lifecycle"
    own = {r.pattern for r in routes()}
    chosen = []
    for move in lifecycle.moves:
        if move.automatic or route.pattern.replace("<slug:move>", move.name) in own:
            continue  # it has no page, or one of its own
        assert route.model is not None
        fitting = route.model._base_manager.filter(status__in=move.origins).order_by("pk").first()
        chosen.append({"move": move.name, "pk": (fitting or _row(route)).pk})
    return chosen


def addresses(route: Route) -> list[str]:
    """The addresses of a route in the present plant."""
    queries = QUERIES.get(route.name, ("",))
    if issubclass(route.view, ChosenRows):
        model = route.model
        assert model is not None
        keys = model._base_manager.order_by("pk").values_list("pk", flat=True)[:2]
        queries = ("", "?" + "&".join(f"row={key}" for key in keys))
    return [reverse(route.name, kwargs=arguments) + query for arguments in arguments_of(route) for query in queries]
