"""Every address of the product, with what its view declares and rows that make it lead somewhere.

All tests over every address walk along these. A new address is found by itself: its `<int:pk>` is a row of the view's
`model`; where the view has none, or where the address needs something else, `MODELS` or `WORDS` says what to take, and
the walk fails with that request until it does.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse

from core.kernel.lifecycle import Lifecycle
from core.web.access import Access, PageMixin
from core.web.api import ApiView
from core.web.views import BulkPage, ChosenRows, MovePage
from integrations.queries.names import event_id

TERMINAL = "terminal:"
WITHOUT_PAGE = frozenset({
    "core_web:kit_events", "core_web:kit_terminal", "core_organization:first_run",
    "core_organization:provider_start", "core_organization:provider_answer", "core_organization:saml_start",
    "core_organization:saml_answer", "core_organization:saml_metadata",
})  # fmt: skip
"""Not for the desk: a stream without end, a terminal's sample, what only an empty installation shows, and the way to
an identity provider, which is there where one is configured."""

MODELS = {
    "core_files:attachment_download": "core_files.Attachment",
    "core_files:attachment_thumbnail": "core_files.Attachment",
    "core_jobs:backgroundjob_cancel": "core_jobs.BackgroundJob",
    "core_jobs:backgroundjob_result": "core_jobs.BackgroundJob",
    "core_printing:printedrecord_download": "core_printing.PrintedRecord",
    "core_worklist:comment_create": "traceability.Lot",
    "core_worklist:watch_change": "traceability.Lot",
    "mfa_edit_webauthn": "core_organization.User",  # of the sign-in library, not served: any number will do
    "mfa_remove_webauthn": "core_organization.User",
    "terminal:operation": "mes_execution.OrderOperation",
    "terminal:dialog": "mes_execution.OrderOperation",
    "terminal:deed": "mes_execution.OrderOperation",
    "terminal:train": "mes_execution.OrderOperation",
}
"""Whose row the `pk` is, where the view does not say it with `model`."""
PARTS = {"operation": "mes_routing.Operation", "material": "mes_routing.OperationMaterial",
         "requirement": "mes_routing.OperationRequirement", "line": "traceability.BillOfMaterialLine",
         "omission": "mes_routing.OmittedMaterial", "judge": "qms_complaints.DecisionTreeVersion"}  # fmt: skip
"""What the second number of the routing builder's addresses names, by the word before it."""
SHOWN: dict[str, dict[str, Any]] = {
    "core_organization.User": {"is_system": False},
    "core_jobs:backgroundjob_result": {"result_sha256__gt": ""},
    "mes_routing:routingrevision_build": {"status": "draft"},
    "qms_training:quiz_question": {"status": "draft"},
    "qms_training:quiz_remove": {"status": "draft"},
    "qms_training:trainingassignment_quiz": {"kind": "quiz"},
    "qms_training:person_detail": {"is_system": False},
    "qms_training:person_print": {"is_system": False},
    "qms_documents:documentrevision_submit": {"status": "draft"},
    "terminal:train": {"document_revision__isnull": False},
    "qms_documents:documentrevision_pdf": {"rendition__pdf_sha256__gt": ""},
    "qms_documents:controlledcopy_download": {"sha256__gt": ""},
    "traceability.LabelTemplate": {"code": "LOT-PLANT", "status": "draft"},
    "qms_complaints.DecisionTreeVersion": {"status": "effective"},
}
"""Which rows of a model, or for an address, have a page, where not every row has one."""
QUERIES = {
    "core_printing:address_qr": ("?to=/core/worklist/inbox/",),
    "core_worklist:savedfilter_create": ("?page=traceability:lot_list&query=status%3Dreleased",),
    "core_web:search": ("", "?q=a", "?q=nothing-of-this-name"),
    "core_web:scan": ("", "?code=UNKNOWN-1"),
}
"""What is asked besides the bare address."""


class SampleMissing(AssertionError):
    """An address needs a row or a word that nobody provides yet."""


class Rows(Protocol):
    """Where the rows of addresses come from."""

    def sample(self, model: type[models.Model]) -> Any:
        """A row of the model."""


def _of(label: str) -> type[models.Model]:
    return apps.get_model(label)


def _position(rows: Rows, kind: str) -> int:
    """Where the first element of this kind stands on the label of the plant."""
    elements = rows.sample(_of("traceability.LabelTemplate")).elements
    return next((place for place, one in enumerate(elements, start=1) if one["kind"] == kind), 1)


def _received(rows: Rows) -> str:
    """The event of goods that arrived."""
    return event_id(2, rows.sample(_of("traceability.StockMovement")).pk).removeprefix("urn:uuid:")


WORDS: dict[tuple[str, str], Callable[[Rows], Any]] = {
    ("core_worklist:watch_change", "kind"): lambda rows: ContentType.objects.get_for_model(_of("traceability.Lot")).pk,
    ("core_worklist:comment_create", "kind"): lambda rows: (
        ContentType.objects.get_for_model(_of("traceability.Lot")).pk
    ),
    ("core_trail:proof", "table"): lambda rows: "traceability_historicallot",
    ("core_trail:proof", "key"): lambda rows: rows.sample(_of("traceability.Lot")).history.last().pk,
    ("integrations:epcis_lot_trace", "kind"): lambda rows: "jsonld",
    ("integrations:epcis_unit_trace", "kind"): lambda rows: "xml",
    ("integrations:epcis_own", "event"): lambda rows: _received(rows),
    ("mes_routing:routing_options", "kind"): lambda rows: "materials",
    ("terminal:dialog", "dialog"): lambda rows: "output",
    ("terminal:deed", "deed"): lambda rows: "start",
    ("traceability:labeltemplate_preview", "kind"): lambda rows: "text",
    ("traceability:labeltemplate_preview", "position"): lambda rows: 0,
    **{
        (f"{door}traceability:labelelement_{verb}", "position"): functools.partial(_position, kind=kind)
        for door in ("", "api:")
        for verb, kind in (("change_text", "text"), ("change_code", "code"), ("change_box", "box"), ("remove", "text"))
    },
    ("qms_documents:copy_status", "token"): lambda rows: rows.sample(_of("qms_documents.ControlledCopy")).token,
    ("verify_record", "token"): lambda rows: rows.sample(_of("core_printing.PrintedRecord")).token,
    ("account_confirm_email", "key"): lambda rows: "unknown",
    ("account_reset_password_from_key", "uidb36"): lambda rows: "1",
    ("account_reset_password_from_key", "key"): lambda rows: "set-password",
}
"""Parts of addresses that are no keys of rows."""


@dataclass(frozen=True)
class Page:
    """One address of the URLconf."""

    name: str
    route: str
    pattern: URLPattern
    view: type[Any]
    outer: tuple[str, ...] = ()
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether the view says itself what it asks of its visitor."""
        return issubclass(self.view, PageMixin)

    @property
    def is_operation(self) -> bool:
        """Whether this is an operation of the API, which stands on the page behind it."""
        return issubclass(self.view, ApiView)

    def declared(self, name: str, default: Any = "") -> Any:
        """What the URLconf or the view's class says."""
        return self.settings.get(name, getattr(self.view, name, default))

    @property
    def access(self) -> Access:
        """Whom the page lets in."""
        found: Access = self.declared("access")
        return found

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of the variable parts of the address, those of the including patterns too."""
        return (*self.outer, *self.pattern.pattern.regex.groupindex)

    @property
    def model(self) -> type[models.Model] | None:
        """The model of the record in the address."""
        if "pk" not in self.arguments:
            return None
        label = MODELS.get(self.name.removeprefix("api:"))
        found = apps.get_model(label) if label else self.declared("model", None)
        if found is None:
            raise SampleMissing(f"{self.name}: which model is `pk`? Set `model` on the view, or name it in MODELS")
        return found

    def allows(self, method: str) -> bool:
        """Whether the view answers the method at all."""
        return method.lower() in self.declared("http_method_names", ()) and hasattr(self.view, method.lower())

    def moves(self) -> list[str]:
        """The moves that stand for `<slug:move>` and lead here, one page each; empty for another page."""
        if "move" not in self.arguments:
            return []
        lifecycle = getattr(self.model, "lifecycle", None)
        assert isinstance(lifecycle, Lifecycle), f"{self.name} moves, but its model has no lifecycle"
        named = sorted(move.name for move in lifecycle.moves if not move.automatic)
        return [
            move for move in named
            if resolve(reverse(self.name, kwargs={"pk": 1, "move": move})).view_name == self.name
        ]  # fmt: skip

    def deed_permission(self, move: str) -> str:
        """The right to the deed behind a move page, beyond the right to see its record."""
        if not issubclass(self.view, MovePage | BulkPage):
            return ""
        name = move or self.declared("move")
        if name:
            model: Any = self.model or self.declared("model")
            return str(model.lifecycle.move(name).permission)
        return str(self.declared("deed_permission"))

    def address(self, rows: Rows, move: str = "", **given: Any) -> str:
        """The address that leads to these rows; `given` says parts of it outright."""
        values = {name: given[name] if name in given else self._value(name, rows, move) for name in self.arguments}
        return reverse(self.name, kwargs=values)

    def _value(self, name: str, rows: Rows, move: str) -> Any:
        if name == "pk" and self.model is not None:
            return rows.sample(self.model).pk
        if name == "move":
            return move
        if name == "terminal":
            return rows.sample(_of("core_organization.Terminal")).code
        if name == "part":
            word = self.route.split("/<int:part>")[0].rsplit("/", 1)[1]
            return rows.sample(_of(PARTS[word])).pk
        if (self.name, name) not in WORDS:
            raise SampleMissing(f"{self.name}: give a sample for <{name}> of {self.route} in tests/support/pages.py")
        return WORDS[self.name, name](rows)


def pages() -> list[Page]:
    """Every address of the URLconf, in its order."""
    return list(_walk(get_resolver(), "", (), ()))


def _walk(resolver: URLResolver, prefix: str, spaces: tuple[str, ...], outer: tuple[str, ...]) -> Iterator[Page]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern, route, inner, (*outer, *pattern.pattern.regex.groupindex))
            continue
        view = getattr(pattern.callback, "view_class", object)
        settings = getattr(pattern.callback, "view_initkwargs", {})
        name = ":".join((*spaces, pattern.name)) if pattern.name else ""
        yield Page(name, route, pattern, view, outer, settings)


def desk_pages() -> list[Page]:
    """What a browser at a desk may open: pages of ours that answer GET and are not a terminal's."""
    return [
        page for page in pages()
        if page.is_ours and page.allows("GET") and page.name not in WITHOUT_PAGE and not page.name.startswith(TERMINAL)
    ]  # fmt: skip


class Present:
    """The rows of the plant that stands: the first of each model that has a page."""

    def sample(self, model: type[models.Model]) -> Any:
        """The first row of the model."""
        return self.first(model, SHOWN.get(model._meta.label, {}))

    def first(self, model: type[models.Model], where: dict[str, Any]) -> Any:
        """The first row of the model of which this is true."""
        found = model._base_manager.filter(**where).order_by("pk").first()
        if found is None:
            raise SampleMissing(f"tests/support/plant.py makes no {model._meta.label} with {where or 'anything'}")
        return found

    def able(self, model: type[models.Model], move: str) -> Any:
        """The first row in a state where the move is offered, else any."""
        lifecycle: Any = model.lifecycle  # type: ignore[attr-defined]
        fitting = model._base_manager.filter(status__in=lifecycle.move(move).origins).order_by("pk").first()
        return fitting or self.sample(model)


def addresses(page: Page) -> list[str]:
    """The addresses of a page in the present plant: one, or one per move, with everything that is asked besides."""
    rows, queries = Present(), QUERIES.get(page.name, ("",))
    if issubclass(page.view, ChosenRows):
        keys = page.declared("model")._base_manager.order_by("pk").values_list("pk", flat=True)[:2]
        queries = ("", "?" + "&".join(f"row={key}" for key in keys))
    if "move" in page.arguments:
        assert page.model is not None
        bare = [page.address(rows, move, pk=rows.able(page.model, move).pk) for move in page.moves()]
    elif page.name in SHOWN and page.model is not None:
        bare = [page.address(rows, pk=rows.first(page.model, SHOWN[page.name]).pk)]
    else:
        bare = [page.address(rows)]
    return [address + query for address in bare for query in queries]


def spoken(page: Page) -> bool:
    """Whether the address holds words or rows beside the key of its record."""
    return any(name == page.name for name, _part in WORDS)
