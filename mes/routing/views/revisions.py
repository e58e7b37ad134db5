"""One revision: read it, move it through its lifecycle, compare it with another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, MovePage, RecordPage, Related
from mes.instructions.queries import limits_text
from mes.routing.models import Operation, RoutingRevision
from mes.routing.queries import (
    content_of,
    difference,
    finishes_units,
    instructions_of,
    requirement_text,
    revisions_of,
)
from mes.routing.queries.revisions import IN_WORK
from mes.routing.views.addresses import address, sandbox_address

VIEW = "mes_routing.view_routing"


def with_routing() -> QuerySet[RoutingRevision]:
    """Revisions with what their head shows."""
    return RoutingRevision.objects.select_related("routing__site", "routing__material", "author")


class RevisionTitle(RecordPage):
    """What the pages of one revision share."""

    model, permission = RoutingRevision, VIEW

    def get_queryset(self) -> QuerySet[RoutingRevision]:
        return with_routing()

    def number(self) -> str:
        return str(self.record)

    def page_title(self) -> Text:
        return str(self.record.routing.name)

    def crumbs(self) -> list[tuple[Text, str]]:
        routing = self.record.routing
        here = gettext("Revision %(revision)s") % {"revision": self.record.revision}
        return [
            (_("Routings"), self.list_url()),
            (routing.code, routing.get_absolute_url()),
            (here, self.record.get_absolute_url()),
        ]

    list_url_name = "mes_routing:routing_list"


class RevisionPage(RevisionTitle, DetailPage):
    """A revision as operators and approvers read it."""

    timeline_later = True
    signatures_later = True
    gates_later = True
    template_name = "mes/routing/routingrevision_detail.html"

    @cached_property
    def operations(self) -> tuple[Operation, ...]:
        return content_of(self.record).operations

    def get_queryset(self) -> QuerySet[RoutingRevision]:
        others = RoutingRevision.objects.filter(routing=OuterRef("routing")).exclude(pk=OuterRef("pk"))
        return super().get_queryset().annotate(has_others=Exists(others))

    def site(self) -> Any:
        return self.record.routing.site

    def facts(self) -> Sequence[Fact]:
        revision = self.record
        material = revision.routing.material
        found = [
            Fact(_("Makes"), material, material.get_absolute_url()),
            Fact(_("Site"), revision.routing.site),
            Fact(_("Author"), revision.author),
        ]
        if revision.change_summary:
            found.append(Fact(_("What changed and why"), revision.change_summary, wide=True))
        return found

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        found = []
        if self.record.has_others:
            found.append(Action(_("Compare"), address("routingrevision_compare", pk), "columns"))
        if self.record.status in IN_WORK and sandbox_address(self.record):
            found.append(Action(_("Try as operator"), sandbox_address(self.record), "device-tablet"))
        if self.record.status == "draft":
            change = "mes_routing.change_routingrevision"
            found.append(Action(_("Build"), address("routingrevision_build", pk), "tool", permission=change))
        return found

    def related(self) -> Sequence[Related]:
        documents = {o.document_id: o.document for o in self.operations if o.document is not None}
        return [Related(str(document), document.get_absolute_url()) for document in documents.values()]

    def context(self, **more: Any) -> dict[str, Any]:
        views = instructions_of([o.document for o in self.operations if o.document is not None])
        rows = [
            {
                "operation": operation,
                "instruction": views.get(key),
                "points": [(p, limits_text(p)) for p in view.data_points] if (view := views.get(key)) else [],
                "for_units": finishes_units(operation, self.record),
                "requirements": [requirement_text(row) for row in operation.requirements.all()],
            }
            for operation in self.operations
            for key in (operation.document_id or 0,)
        ]
        return super().context(rows=rows, bom=content_of(self.record).bom, **more)


class RevisionMove(RevisionTitle, MovePage):
    """Submit, approve, send back, make effective …"""

    gates_later = True

    def number(self) -> str:
        return str(self.record.routing.code)

    def crumbs(self) -> list[tuple[Text, str]]:
        return [*super().crumbs(), (self.deed_label(), "")]

    def page_title(self) -> Text:
        return self.deed_label()

    def covered(self) -> Sequence[Fact]:
        revision = self.record
        operations = content_of(revision).operations
        return (
            Fact(_("Makes"), revision.routing.material),
            Fact(_("Operations"), ", ".join(f"{o.sequence} {o.name}" for o in operations), wide=True),
            Fact(_("What changed and why"), revision.change_summary or "–", wide=True),
        )


class RevisionCompare(RevisionTitle):
    """What this revision does differently from another, by default the one before."""

    template_name = "mes/routing/routingrevision_compare.html"

    def crumbs(self) -> list[tuple[Text, str]]:
        return [*super().crumbs(), (_("Compare"), "")]

    def page_title(self) -> Text:
        return gettext("What is different in %(revision)s") % {"revision": self.record}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        others = [other for other in revisions_of(self.record.routing) if other.pk != self.record.pk]
        wanted = request.GET.get("with", "")
        before = [other for other in others if other.pk < self.record.pk]
        other = next((other for other in others if str(other.pk) == wanted), None)
        other = other or (before[0] if before else None)
        compared = difference(other, self.record) if other is not None else None
        return self.render(others=others, other=other, difference=compared, record=self.record)
