"""Pages of the lines of a recall: the worklist, one line, the same about many."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.organization.models import Partner
from core.organization.queries import scoped
from core.web.forms import row_id
from core.web.markup import quantity
from core.web.views import Action, Bulk, BulkPage, DetailPage, Fact, FormPage, ListPage
from traceability import services
from traceability.filters import RecallLineFilters
from traceability.forms import recalls as forms
from traceability.models import Recall, RecallDecision, RecallLine
from traceability.queries import containers_here, in_containers
from traceability.queries.recalls import chosen_lines, open_lines, present_decision
from traceability.tables import RecallLineTable
from traceability.views.recalls import DECIDE, SEE, marked

READ = (
    "recall__site", "lot", "unit__lot", "material__uom", "location", "shipment_line__shipment", "customer",
    "shipment_line__container",
)  # fmt: skip


class RecallLineList(ListPage):
    """The worklist of one recall (`?recall=`): every affected lot and unit, and where it is."""

    model, permission = RecallLine, SEE
    template_name = "traceability/recallline_list.html"
    table_class, filterset_class = RecallLineTable, RecallLineFilters
    search_fields = ("lot__number", "unit__serial", "material__number", "customer__code", "customer__name")
    order = ("pk",)
    title = gettext_lazy("Lines of recalls")
    empty_title = gettext_lazy("No lines yet")
    empty_text = gettext_lazy("They appear here once a recall or drill is traced.")
    empty_offers = ((gettext_lazy("See the recalls"), "traceability:recall_list"),)
    empty_icon = "route"
    bulk = (Bulk(gettext_lazy("Decide"), "traceability:recallline_decide_many", DECIDE, "check"),)

    @cached_property
    def recall(self) -> Recall | None:
        """The recall whose lines are asked for."""
        asked = self.request.GET.get("recall", "")
        return scoped(Recall.objects.all(), self.request.user, SEE).filter(pk=row_id(asked)).first()

    def page_title(self) -> Any:
        if self.recall is None:
            return self.title
        return marked(self.recall, _("Lines of %(recall)s") % {"recall": self.recall})

    def crumbs(self) -> list[tuple[Any, str]]:
        listed: list[tuple[Any, str]] = [(_("Recalls"), reverse("traceability:recall_list"))]
        if self.recall is not None:
            listed.append((str(self.recall), self.recall.get_absolute_url()))
        return [*listed, (_("Lines"), "")]

    def get_queryset(self) -> QuerySet[RecallLine]:
        rows = RecallLine.objects.filter(superseded_by__isnull=True).exclude(settled="moved")
        read = rows.select_related(*READ).annotate(containers=containers_here())
        return read.prefetch_related("decisions__actor", "decisions__superseded_by")


class RecallLineDetail(DetailPage):
    """One line: what, where, and every decision about it."""

    model, permission = RecallLine, SEE
    template_name = "traceability/recallline_detail.html"
    show_timeline = False

    def get_queryset(self) -> QuerySet[RecallLine]:
        lines = RecallLine.objects.select_related(*READ, "superseded_by", "supersedes")
        return lines.annotate(containers=containers_here())

    def page_title(self) -> str:
        return str(self.record.goods)

    def number(self) -> str:
        return str(self.record.recall)

    def crumbs(self) -> list[tuple[Any, str]]:
        return crumbs_of(self.record.recall, str(self.record.goods))

    def badges(self) -> list[tuple[Any, str, str]]:
        found = [(_("Drill"), "info", "school")] if self.record.recall.is_drill else []
        if self.record.trouble:
            found.append((self.record.get_trouble_display(), "bad", "alert"))
        return found

    def facts(self) -> list[Fact]:
        return facts_of(self.record)

    def actions(self) -> list[Action]:
        line = self.record
        if line.settled or hasattr(line, "superseded_by") or line.recall.status != "deciding":
            return []
        address = reverse("traceability:recallline_decide", args=[line.pk])
        label = _("Correct the decision") if self.decisions else _("Decide")
        return [Action(label, address, "check", DECIDE, primary=True)]

    @cached_property
    def decisions(self) -> list[RecallDecision]:
        """What was decided, the latest first; one that was corrected stays."""
        return list(self.record.decisions.select_related("actor", "superseded_by").order_by("-pk"))

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(decisions=self.decisions, **more)


def crumbs_of(recall: Recall, here: Any) -> list[tuple[Any, str]]:
    """The way to a page below a recall."""
    lines = f"{reverse('traceability:recallline_list')}?recall={recall.pk}"
    listed = (_("Recalls"), reverse("traceability:recall_list"))
    return [listed, (str(recall), recall.get_absolute_url()), (_("Lines"), lines), (here, "")]


def facts_of(line: RecallLine) -> list[Fact]:
    """What a line says."""
    shipment = line.shipment_line.shipment if line.shipment_line is not None else None
    return [
        Fact(_("Lot or unit"), line.goods, line.goods.get_absolute_url()),
        Fact(_("Material"), line.material, line.material.get_absolute_url()),
        Fact(_("Quantity"), quantity(line.quantity, line.material.uom.symbol)),
        Fact(_("Where"), line.get_where_display()),
        *([Fact(_("Storage location"), line.location, line.location.get_absolute_url())] if line.location else []),
        *([Fact(_("Containers"), in_containers(line))] if in_containers(line) else []),
        *([Fact(_("Customer"), line.customer, line.customer.get_absolute_url())] if line.customer else []),
        *([Fact(_("Shipment"), shipment, shipment.get_absolute_url())] if shipment else []),
        *([Fact(_("Settled by the records"), line.get_settled_display())] if line.settled else []),
    ]


class RecallLineDecide(FormPage):
    """Decide about one line, or correct the decision."""

    model, permission, form_class = RecallLine, DECIDE, forms.LineDecisionForm
    submit_label = gettext_lazy("Decide")
    change_needs_reason = changes_record = False

    def get_queryset(self) -> QuerySet[RecallLine]:
        return RecallLine.objects.select_related(*READ)

    def page_title(self) -> Any:
        return marked(self.record.recall, _("Decide about %(goods)s") % {"goods": self.record.goods})

    def crumbs(self) -> list[tuple[Any, str]]:
        return crumbs_of(self.record.recall, self.page_title())

    def get_form_kwargs(self) -> dict[str, Any]:
        is_decided = present_decision(self.record) is not None
        return {**super().get_form_kwargs(), "line": self.record, "is_decided": is_decided}

    def deed(self, form: Any) -> RecallDecision:
        return services.decide_line(line=self.record, **form.cleaned_data, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return f"{reverse('traceability:recallline_list')}?recall={self.record.recall_id}&is_open=true"


class RecallDecide(FormPage):
    """The same about every open line at one kind of place, or with one customer."""

    model, permission, form_class = Recall, DECIDE, forms.GroupDecisionForm
    submit_label = gettext_lazy("Decide about all of them")
    change_needs_reason = changes_record = False

    def get_queryset(self) -> QuerySet[Recall]:
        return Recall.objects.select_related("site")

    @property
    def where(self) -> str:
        """The kind of place that the address names."""
        return self.asked("where")

    def asked(self, name: str) -> str:
        """A word of the address, as far as a column could hold it."""
        return self.request.GET.get(name, "").replace("\x00", "")

    def page_title(self) -> Any:
        customer = Partner.objects.filter(code=self.asked("customer")).first()
        left = chosen_lines(open_lines(self.record), where=self.where, customer=customer).count()
        words = dict(RecallLine.Where.choices).get(self.where, "")
        named = " · ".join(str(one) for one in (words, customer) if one)
        title = ngettext("Decide about %(count)s open line", "Decide about %(count)s open lines", left) % {
            "count": left
        }
        return marked(self.record, f"{title}: {named}" if named else title)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*crumbs_of(self.record, "")[:-1], (_("Decide"), "")]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "recall": self.record, "where": self.where}

    def deed(self, form: Any) -> Recall:
        services.decide_lines(recall=self.record, **form.cleaned_data, actor=self.request.user)
        recall: Recall = self.record
        return recall


class RecallLineDecideMany(BulkPage):
    """The same about the lines that were chosen in the worklist."""

    model, permission, deed_permission = RecallLine, SEE, DECIDE
    form_class = forms.DecisionForm
    label = gettext_lazy("Decide")
    title = gettext_lazy("Decide about the chosen lines")

    def get_queryset(self) -> QuerySet[RecallLine]:
        return RecallLine.objects.select_related(*READ)

    def page_title(self) -> Any:
        return marked(self.chosen[0].recall, self.title) if self.chosen else self.title

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "recall": self.chosen[0].recall if self.chosen else None}

    def crumbs(self) -> list[tuple[Any, str]]:
        if not self.chosen:
            return [(_("Recalls"), reverse("traceability:recall_list")), (self.page_title(), "")]
        return crumbs_of(self.chosen[0].recall, self.page_title())

    def cancel_url(self) -> str:
        address = reverse("traceability:recallline_list")
        return f"{address}?recall={self.chosen[0].recall_id}&is_open=true" if self.chosen else address

    def deed_on(self, record: RecallLine, form: Any) -> RecallDecision:
        return services.decide_line(line=record, **form.cleaned_data, actor=self.request.user)
