"""The pages of risk assessments: list, risk file with its heat map, and which risks a record has."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import ask
from core.organization.queries import people_who_may, scoped, sites_of
from core.printing.queries import prints_of
from core.web.access import may
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.record import Page
from qms.risk import services
from qms.risk.filters import RiskAssessmentFilters
from qms.risk.forms import AssessmentChangeForm, AssessmentCreateForm, RisksOfForm
from qms.risk.lifecycle import CHANGE, VIEW
from qms.risk.models import RiskAssessment, RiskItem
from qms.risk.queries import Judged, heat_map, judged_items, level_after, level_before, record_called, risks_of
from qms.risk.questions import WhoLooksAt
from qms.risk.tables import RiskAssessmentTable

READ = ("site", "matrix", "material", "author", "owner")


class RiskAssessmentList(ListPage):
    """Every risk file that the visitor may see."""

    model, permission = RiskAssessment, VIEW
    table_class, filterset_class = RiskAssessmentTable, RiskAssessmentFilters
    search_fields = ("number", "title", "material__number", "items__hazard")
    order = ("-pk",)
    create_url_name, create_permission = "qms_risk:riskassessment_create", CHANGE
    create_label = _("New assessment")
    empty_title = _("No risk assessments yet")
    empty_text = _("Begin one for a product or a process, or import the register that you have into a draft.")
    empty_icon = "flag"

    def get_queryset(self) -> QuerySet[RiskAssessment]:
        return RiskAssessment.objects.select_related(*READ).annotate(risks=Count("items", distinct=True))

    @cached_property
    def rows(self) -> QuerySet[Any]:
        return super().rows.distinct()


class RiskAssessmentDetail(DetailPage):
    """One risk file: its risks with their judgement before and after, the heat map, the conclusion."""

    model, permission = RiskAssessment, VIEW
    template_name = "qms/risk/riskassessment_detail.html"
    stepper_path = ("draft", "in_review", "approved")
    timeline_later = signatures_later = True

    def get_queryset(self) -> QuerySet[RiskAssessment]:
        return RiskAssessment.objects.select_related(*READ)

    @cached_property
    def risks(self) -> list[Judged]:
        """The risks with their judgements."""
        return judged_items(self.record)

    def facts(self) -> Sequence[Fact]:
        record = self.record
        matrix = record.matrix
        facts = [
            Fact(_("Kind"), record.get_kind_display()),
            Fact(
                _("Judged by"), matrix or _("action priority"), matrix.get_absolute_url() if matrix is not None else ""
            ),
            Fact(_("Material"), record.material or "–", record.material.get_absolute_url() if record.material else ""),
            Fact(_("Author"), record.author),
            Fact(_("Review on"), date_format(record.review_on, "SHORT_DATE_FORMAT") if record.review_on else "–"),
        ]
        if record.scope:
            facts.append(Fact(_("Scope"), record.scope, wide=True))
        facts.append(Fact(_("Overall residual risk"), record.conclusion or _("not yet judged"), wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        def to(verb: str) -> str:
            return reverse(f"qms_risk:{verb}", args=[self.record.pk])

        if self.record.status == "draft":
            return [
                Action(_("Add a risk"), to("riskitem_create"), "plus", CHANGE),
                Action(_("Head and conclusion"), to("riskassessment_change"), "pencil", CHANGE),
            ]
        if self.record.status in ("approved", "periodic_review"):
            return [Action(_("Seal the risk file"), to("riskassessment_seal"), "printer", VIEW)]
        return []

    def related(self) -> Sequence[Related]:
        looking = ask(WhoLooksAt(self.record, self.request.user))
        return [
            *(Related(one.label, one.url, one.note) for one in looking),
            *(Related(str(one), one.get_absolute_url(), _("Sealed PDF")) for one in prints_of(self.record)),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        matrix, items = self.record.matrix, [one.item for one in self.risks]
        is_drawn = matrix is not None and bool(items)
        maps = (
            [(_("Before the controls"), heat_map(matrix, items)),
             (_("After the controls"), heat_map(matrix, items, residual=True))]
            if is_drawn and matrix is not None
            else []
        )  # fmt: skip
        return super().context(
            risks=self.risks,
            maps=maps,
            may_change=self.record.status == "draft" and may(self.request.user, CHANGE, self.record),
            **more,
        )


class RiskAssessmentCreate(FormPage):
    """Begin a risk file."""

    model, permission, form_class = RiskAssessment, CHANGE, AssessmentCreateForm
    title = _("New risk assessment")

    def get_form_kwargs(self) -> dict[str, Any]:
        sites = sites_of(self.request.user, CHANGE)
        return {**super().get_form_kwargs(), "sites": sites, "people": people_who_may([CHANGE], None)}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.request.user.pk, **super().get_initial()}

    def deed(self, form: Any) -> RiskAssessment:
        return services.create_assessment(**form.cleaned_data, actor=self.request.user)


class RiskAssessmentChange(FormPage):
    """Change the head of a draft, and conclude."""

    model, permission, form_class = RiskAssessment, CHANGE, AssessmentChangeForm
    change_needs_reason = False

    def get_queryset(self) -> QuerySet[RiskAssessment]:
        return RiskAssessment.objects.select_related(*READ)

    def get_initial(self) -> dict[str, Any]:
        return AssessmentChangeForm.values_of(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_who_may([CHANGE], self.record.site)}

    def deed(self, form: Any) -> RiskAssessment:
        return services.change_assessment(assessment=self.record, **form.cleaned_data, actor=self.request.user)


class RiskAssessmentMove(MovePage):
    """Submit, return, approve, confirm, revise, make obsolete."""

    model, permission = RiskAssessment, VIEW
    gates_later = True

    def get_queryset(self) -> QuerySet[RiskAssessment]:
        return RiskAssessment.objects.select_related(*READ)

    def covered(self) -> Sequence[Fact]:
        risks = judged_items(self.record)
        facts = [Fact(_("Risks"), len(risks)), Fact(_("Overall residual risk"), self.record.conclusion or "–")]
        for one in risks[:50]:
            label = one.after.label if one.after is not None else _("not estimated")
            facts.append(Fact(str(one.item), label, tone=one.after.tone if one.after is not None else ""))
        return facts


class RiskFileSeal(MovePage):
    """Have the risk file sealed as PDF."""

    model, permission, deed_permission = RiskAssessment, VIEW, VIEW
    label = _("Seal the risk file")

    def deed(self, form: Any) -> Any:
        return services.request_risk_file(assessment=self.record, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class RisksOf(Page):
    """Which risks does a material, document, operation or change have?"""

    permission = VIEW
    template_name = "qms/risk/risks_of.html"
    title = _("Risks of a record")

    def found(self, form: RisksOfForm) -> tuple[Any, list[RiskItem]]:
        """The record, and the risks about it that the visitor may see."""
        record = record_called(form.cleaned_data["kind"], form.cleaned_data["called"], self.request.user)
        if record is None:
            return None, []
        items = risks_of([record])[record]
        seen = set(
            scoped(RiskItem.objects.filter(pk__in=[item.pk for item in items]), self.request.user, VIEW).values_list(
                "pk", flat=True
            )
        )
        return record, [item for item in items if item.pk in seen]

    def get(self, request: HttpRequest) -> HttpResponse:
        is_asked = "called" in request.GET
        form = RisksOfForm(request.GET if is_asked else None)
        record, items = self.found(form) if is_asked and form.is_valid() else (None, [])
        risks = [(item, level_before(item, item.assessment), level_after(item, item.assessment)) for item in items]
        return self.render(form=form, asked=record, risks=risks, is_asked=is_asked and form.is_valid())
