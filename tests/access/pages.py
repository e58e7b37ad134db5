"""Every address of the product, with what its view declares and a sample of each record that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from core.kernel.lifecycle import Lifecycle
from core.kernel.records import RecordClass, record_class
from core.web.access import Access, PageMixin
from core.web.views import BulkPage, MovePage
from tests.access.world import World

PARTS = {"operation": "mes_routing.Operation", "material": "mes_routing.OperationMaterial",
         "requirement": "mes_routing.OperationRequirement", "line": "traceability.BillOfMaterialLine",
         "omission": "mes_routing.OmittedMaterial"}  # fmt: skip
"""What the second number of the routing builder's addresses names, by the word before it."""
MODELS = {
    "core_files:attachment_download": "core_files.Attachment",
    "core_files:attachment_thumbnail": "core_files.Attachment",
    "core_jobs:backgroundjob_cancel": "core_jobs.BackgroundJob",
    "core_jobs:backgroundjob_result": "core_jobs.BackgroundJob",
    "core_printing:printedrecord_download": "core_printing.PrintedRecord",
    "core_worklist:comment_create": "traceability.Lot",
    "terminal:operation": "mes_execution.OrderOperation",
    "terminal:dialog": "mes_execution.OrderOperation",
    "terminal:deed": "mes_execution.OrderOperation",
}
"""The record behind `pk` where the view does not say it with `model`."""


class NoSample(LookupError):
    """An address with a part for which the crawler has no sample."""


@dataclass(frozen=True)
class Page:
    """One address of the URLconf."""

    name: str
    route: str
    pattern: URLPattern
    view: type[Any] | None
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def is_ours(self) -> bool:
        """Whether the view says itself what it asks of its visitor."""
        return self.view is not None and issubclass(self.view, PageMixin)

    def declared(self, name: str, default: Any = "") -> Any:
        """What the URLconf or the view's class says."""
        return self.settings.get(name, getattr(self.view, name, default))

    @property
    def access(self) -> Access:
        found: Access = self.declared("access")
        return found

    @property
    def model(self) -> type[models.Model] | None:
        """The model of the record in the address."""
        if "pk" not in self.pattern.pattern.converters and "pk" not in self.pattern.pattern.regex.groupindex:
            return None
        label = MODELS.get(self.name)
        found = apps.get_model(label) if label else self.declared("model", None)
        if found is None:
            raise NoSample(f"{self.name}: which model is `pk`? Set `model` on the view, or name it in MODELS")
        return found

    def allows(self, method: str) -> bool:
        """Whether the view answers the method at all."""
        return method.lower() in self.declared("http_method_names", ()) and hasattr(self.view, method.lower())

    def moves(self) -> list[str]:
        """The moves that stand for `<slug:move>`, one page each; empty for another page."""
        if "move" not in self.pattern.pattern.converters:
            return []
        lifecycle = getattr(self.model, "lifecycle", None)
        assert isinstance(lifecycle, Lifecycle), self.name
        return sorted(move.name for move in lifecycle.moves if not move.automatic)

    def deed_permission(self, move: str) -> str:
        """The right to the deed behind a move page, beyond the right to see its record."""
        if self.view is None or not issubclass(self.view, MovePage | BulkPage):
            return ""
        name = move or self.declared("move")
        if name:
            return str(self.model.lifecycle.move(name).permission)  # type: ignore[union-attr]
        return str(self.declared("deed_permission"))

    def address(self, world: World, move: str = "") -> str:
        """The address of the world's sample."""
        values = {name: self._value(name, world, move) for name in self.parts()}
        return reverse(self.name, kwargs=values)

    def parts(self) -> list[str]:
        """The names of the variable parts of the address, those of the including patterns too."""
        own = list(self.pattern.pattern.converters) or list(self.pattern.pattern.regex.groupindex)
        return [*(["terminal"] if self.name.startswith("terminal:") else []), *own]

    def _value(self, name: str, world: World, move: str) -> Any:
        if name == "pk" and self.model is not None and record_class(self.model) is RecordClass.SEAL:
            return 1  # only the sealer makes them, in a transaction that ends
        if name == "pk":
            return world.sample(self.model).pk  # type: ignore[arg-type]
        if name == "move":
            return move
        if name == "terminal":
            return world.sample(apps.get_model("core_organization.Terminal")).code
        if name == "part":
            word = self.route.split("/<int:part>")[0].rsplit("/", 1)[1]
            return world.sample(apps.get_model(PARTS[word])).pk
        fixed: dict[tuple[str, str], Callable[[], Any]] = {
            ("core_worklist:comment_create", "kind"): lambda: ContentType.objects.get_for_model(self.model).pk,  # type: ignore[arg-type]
            ("core_trail:proof", "table"): lambda: "traceability_historicallot",
            ("core_trail:proof", "key"): lambda: world.sample(apps.get_model("traceability.Lot")).history.first().pk,
            ("mes_routing:routing_options", "kind"): lambda: "materials",
            ("terminal:dialog", "dialog"): lambda: "output",
            ("terminal:deed", "deed"): lambda: "start",
            ("verify_record", "token"): lambda: world.sample(apps.get_model("core_printing.PrintedRecord")).token,
            ("account_confirm_email", "key"): lambda: "unknown",
            ("account_reset_password_from_key", "uidb36"): lambda: "1",
            ("account_reset_password_from_key", "key"): lambda: "set-password",
        }
        if (self.name, name) not in fixed:
            raise NoSample(f"{self.name}: give a sample for <{name}> of {self.route} in tests/access/pages.py")
        return fixed[self.name, name]()


def pages() -> list[Page]:
    """Every address of the URLconf."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, prefix: str, spaces: tuple[str, ...]) -> Iterator[Page]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, route, (*spaces, pattern.namespace) if pattern.namespace else spaces)
            continue
        view = getattr(pattern.callback, "view_class", None)
        settings = getattr(pattern.callback, "view_initkwargs", {})
        name = ":".join((*spaces, pattern.name)) if pattern.name else ""
        yield Page(name, route, pattern, view, settings)
