"""Routings: the list, one routing with its revisions, begin one, begin a revision; suggestions while typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.organization.queries import may, scoped, sites_of
from core.web.access import PageMixin
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage
from core.web.words import clean
from mes.routing import services
from mes.routing.filters import RoutingFilters
from mes.routing.forms import RevisionForm, RoutingForm, RoutingNameForm
from mes.routing.models import Routing, RoutingRevision
from mes.routing.queries import IN_WORK, revisions_of, routings_with_revisions, unfinished_revision
from mes.routing.tables import RoutingTable
from mes.routing.views.addresses import address
from qms.documents.models import Document
from traceability.models import Material

VIEW, ADD = "mes_routing.view_routing", "mes_routing.add_routing"
SUGGESTIONS = 20


class RoutingList(ListPage):
    """All routings that the visitor may see."""

    model, permission = Routing, VIEW
    table_class, filterset_class = RoutingTable, RoutingFilters
    search_fields = ("code", "name", "material__number", "material__name")
    order = ("code",)
    create_url_name, create_permission = "mes_routing:routing_create", ADD
    lead = _("How each material is made: operations in order, what they consume, record and require.")
    empty_title = _("No routings yet")
    empty_text = _("Create one for a material that is made here.")
    empty_offers = ((_("See the materials"), "traceability:material_list"),)
    empty_icon = "route"

    def get_queryset(self) -> QuerySet[Routing]:
        return routings_with_revisions()


class RoutingPage(DetailPage):
    """One routing: what it makes, and its revisions."""

    timeline_later = True

    model, permission = Routing, VIEW
    template_name = "mes/routing/routing_detail.html"

    def get_queryset(self) -> QuerySet[Routing]:
        return Routing.objects.select_related("site", "material")

    def page_title(self) -> str:
        return str(self.record.name)

    def facts(self) -> Sequence[Fact]:
        material = self.record.material
        return (
            Fact(_("Makes"), material, material.get_absolute_url()),
            Fact(_("Site"), self.record.site),
        )

    def actions(self) -> Sequence[Action]:
        pk = self.record.pk
        if not may(self.request.user, ADD, self.record):
            return ()
        found = [Action(_("Rename"), address("routing_change", pk), "pencil")]
        if all(revision.status not in IN_WORK for revision in self.revisions):
            found.append(Action(_("New revision"), address("routing_revise", pk), "plus", primary=True))
        return found

    @cached_property
    def revisions(self) -> list[RoutingRevision]:
        return list(revisions_of(self.record))

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(revisions=self.revisions, **more)


class RoutingCreate(FormPage):
    """Begin a routing; its first draft opens in the builder."""

    model, permission, form_class = Routing, ADD, RoutingForm
    template_name = "mes/routing/routing_create.html"
    submit_label = _("Create and build")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, ADD)}

    def deed(self, form: Any) -> Routing:
        return services.create_routing(**form.cleaned_data, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        revision = unfinished_revision(result)
        return address("routingrevision_build", revision.pk) if revision else super().success_url(result)


class RoutingChange(FormPage):
    """Rename a routing."""

    model, permission, form_class = Routing, ADD, RoutingNameForm

    def get_initial(self) -> dict[str, Any]:
        return {"code": self.record.code, "name": self.record.name}

    def deed(self, form: Any) -> Routing:
        return services.change_routing(routing=self.record, **form.cleaned_data, actor=self.request.user)


class RoutingRevise(FormPage):
    """Begin the next revision as a copy."""

    model, permission, form_class = Routing, ADD, RevisionForm
    submit_label = _("Begin the revision")
    changes_record = False

    def page_title(self) -> str:
        return gettext("New revision of %(routing)s") % {"routing": self.record.code}

    @property
    def is_change(self) -> bool:
        """The routing itself is not changed, so no reason is asked beyond the summary."""
        return False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "revisions": revisions_of(self.record)}

    def deed(self, form: Any) -> RoutingRevision:
        return services.new_revision(routing=self.record, **form.cleaned_data, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return address("routingrevision_build", result.pk)

    def cancel_url(self) -> str:
        return str(self.record.get_absolute_url())


class RoutingOptions(PageMixin):
    """Suggestions for a field that names a record by its number: the options of a <datalist>."""

    permission = VIEW

    def get(self, request: HttpRequest, kind: str) -> HttpResponseBase:
        words = clean(" ".join(str(value) for value in request.GET.values()))
        rows = self.rows(kind)
        for word in words.split()[:5]:
            rows = rows.filter(self.match(kind, word))
        options = [self.option(kind, row) for row in rows[:SUGGESTIONS]]
        return render(request, "mes/routing/_options.html", {"options": options})

    def rows(self, kind: str) -> QuerySet[Any]:
        """The records of a kind that the visitor may see."""
        if kind == "materials":
            return scoped(Material.objects.filter(is_active=True), self.request.user, "traceability.view_material")
        if kind == "documents":
            return scoped(Document.objects.order_by("number"), self.request.user, "qms_documents.view_document")
        if kind == "routings":
            return scoped(Routing.objects.order_by("code"), self.request.user, VIEW)
        raise Http404(gettext("There are no suggestions for this."))

    @staticmethod
    def match(kind: str, word: str) -> Q:
        """A word stands in the number or in the name."""
        if kind == "materials":
            return Q(number__icontains=word) | Q(name__icontains=word)
        if kind == "documents":
            return Q(number__icontains=word) | Q(title__icontains=word)
        return Q(code__icontains=word) | Q(name__icontains=word) | Q(material__number__icontains=word)

    @staticmethod
    def option(kind: str, row: Any) -> tuple[str, str]:
        """Number and name."""
        if kind == "routings":
            return row.code, row.name
        return row.number, row.title if kind == "documents" else row.name
