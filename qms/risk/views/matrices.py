"""The pages of risk matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from qms.risk import services
from qms.risk.filters import RiskMatrixFilters
from qms.risk.forms import MatrixCreateForm, MatrixForm, MatrixReviseForm
from qms.risk.lifecycle import MATRIX_CHANGE, MATRIX_VIEW
from qms.risk.models import RiskMatrix
from qms.risk.queries import heat_map
from qms.risk.tables import RiskMatrixTable


class RiskMatrixList(ListPage):
    """Every matrix and its revisions."""

    model, permission = RiskMatrix, MATRIX_VIEW
    table_class, filterset_class = RiskMatrixTable, RiskMatrixFilters
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name, create_permission = "qms_risk:riskmatrix_create", MATRIX_CHANGE
    create_label = _("New matrix")
    empty_title = _("No risk matrices yet")
    empty_text = _("Write how your plant judges severity and probability; then have it approved.")
    empty_icon = "layout"

    def get_queryset(self) -> QuerySet[RiskMatrix]:
        return RiskMatrix.objects.all()


class RiskMatrixDetail(DetailPage):
    """One revision of a matrix."""

    model, permission = RiskMatrix, MATRIX_VIEW
    template_name = "qms/risk/riskmatrix_detail.html"
    stepper_path = ("draft", "approved", "effective", "superseded")

    def get_queryset(self) -> QuerySet[RiskMatrix]:
        return RiskMatrix.objects.select_related("author")

    def page_title(self) -> Any:
        return self.record.name

    def number(self) -> str:
        return str(self.record)

    def facts(self) -> Sequence[Fact]:
        facts = [
            Fact(_("Code"), self.record.code),
            Fact(_("Revision"), self.record.revision),
            Fact(_("Author"), self.record.author),
        ]
        if self.record.change_summary:
            facts.append(Fact(_("What changed and why"), self.record.change_summary, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        def to(verb: str) -> str:
            return reverse(f"qms_risk:riskmatrix_{verb}", args=[self.record.pk])

        if self.record.status == "draft":
            return [Action(_("Change"), to("change"), "pencil", MATRIX_CHANGE)]
        return [Action(_("Next revision"), to("revise"), "plus", MATRIX_CHANGE)]

    def related(self) -> Sequence[Related]:
        others = RiskMatrix.objects.filter(code=self.record.code).exclude(pk=self.record.pk)
        return [Related(str(one), one.get_absolute_url(), one.get_status_display()) for one in others]

    def context(self, **more: Any) -> dict[str, Any]:
        is_drawn = bool(self.record.cells)
        return super().context(heat=heat_map(self.record) if is_drawn else None, **more)


class RiskMatrixCreate(FormPage):
    """A new matrix."""

    model, permission, form_class = RiskMatrix, MATRIX_CHANGE, MatrixCreateForm
    title = _("New risk matrix")

    def deed(self, form: Any) -> RiskMatrix:
        return services.create_matrix(code=form.cleaned_data["code"], content=form.content(), actor=self.request.user)


class RiskMatrixChange(FormPage):
    """Change a draft."""

    model, permission, form_class = RiskMatrix, MATRIX_CHANGE, MatrixForm
    change_needs_reason = False

    def get_initial(self) -> dict[str, Any]:
        return MatrixForm.values_of(self.record)

    def deed(self, form: Any) -> RiskMatrix:
        return services.change_matrix(matrix=self.record, content=form.content(), actor=self.request.user)


class RiskMatrixRevise(MovePage):
    """Begin the next revision as a copy."""

    model, permission, deed_permission, form_class = RiskMatrix, MATRIX_VIEW, MATRIX_CHANGE, MatrixReviseForm
    label = _("Next revision")
    explanation = _("A draft with the same content begins; the effective one stays until the new one is effective.")

    def deed(self, form: Any) -> RiskMatrix:
        return services.revise_matrix(
            matrix=self.record, change_summary=form.cleaned_data["change_summary"], actor=self.request.user
        )


class RiskMatrixMove(MovePage):
    """Approve, make effective, discard."""

    model, permission = RiskMatrix, MATRIX_VIEW

    def covered(self) -> Sequence[Fact]:
        return [
            Fact(_("Severities"), ", ".join(self.record.severities)),
            Fact(_("Probabilities"), ", ".join(self.record.probabilities)),
            Fact(_("Bands"), ", ".join(band["label"] for band in self.record.bands)),
        ]
