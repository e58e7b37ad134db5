"""What was measured with a gauge: since the calibration before a failure, or ever; as a page and as CSV."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.wiring import ask
from core.web.access import may
from core.web.export import csv_lines, streamed
from core.web.markup import Text
from core.web.services import report_export
from core.web.views import MovePage, RecordPage
from qms.calibration import services
from qms.calibration.forms import AnswerForm
from qms.calibration.lifecycle import CLOSE, VIEW
from qms.calibration.models import CalibrationPlan, CalibrationRecord, ImpactAnswer
from qms.calibration.queries import LookBack as Seen
from qms.calibration.queries import gauges, look_back, records, site_of
from qms.calibration.questions import MeasuredValue, MeasuredWith

SHOWN = 200


class _ValuesPage(RecordPage):
    """A list of measured values."""

    permission = VIEW
    template_name = "qms/calibration/values.html"

    @cached_property
    def seen(self) -> Seen:
        """What is listed."""
        raise NotImplementedError

    def site(self) -> Any:
        """Where the gauge is kept."""
        return site_of(self.record)

    def may_answer(self) -> bool:
        """Whether the visitor says what it means for these values."""
        return False

    def crumbs(self) -> list[tuple[Text, str]]:
        return [*super().crumbs()[:-1], (self.number(), self.record_url()), (self.page_title(), "")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.GET.get("export") == "csv":
            return self.as_csv(self.seen.rows)
        return self.render(
            record=self.record,
            site=self.site(),
            seen=self.seen,
            rows=self.seen.rows[:SHOWN],
            shown=min(len(self.seen.values), SHOWN),
            may_answer=self.may_answer(),
            is_cut=len(self.seen.values) > SHOWN,
        )

    def as_csv(self, values: Any) -> HttpResponseBase:
        """Every value as a row; that the list leaves is recorded."""
        rows: list[tuple[MeasuredValue, ImpactAnswer | None]] = list(values)
        report_export(
            page=self.request.path, query=self.request.GET.urlencode(), format="csv", rows=len(rows),
            actor=self.request.user,
        )  # fmt: skip
        header = [
            _t("Measured at"), _t("What"), _t("Value"), _t("Judgement"), _t("Where"), _t("Lot"), _t("Unit"), _t("By"),
            _t("Calibration"), _t("Record"), _t("Answer"), _t("Reason"),
        ]  # fmt: skip
        lines = csv_lines(
            header,
            (
                [one.at, one.label, one.value, one.judgement, one.where, one.lot, one.unit, one.who, one.calibration,
                 one.key, said.get_answer_display() if said else "", said.reason if said else ""]
                for one, said in rows
            ),
        )  # fmt: skip
        name = f"{slugify(self.number())}-{now():%Y%m%d-%H%M}.csv"
        return streamed(lines, self.request, content_type="text/csv; charset=utf-8", name=name)


class GaugeValues(_ValuesPage):
    """Everything that was measured with a gauge."""

    model = CalibrationPlan
    title = _("Measured with it")

    def get_queryset(self) -> QuerySet[CalibrationPlan]:
        return gauges()

    @cached_property
    def seen(self) -> Seen:
        return Seen(None, None, None, ask(MeasuredWith(self.record.equipment_id, user=self.request.user)))


class LookBack(_ValuesPage):
    """What is in question because a gauge failed."""

    model = CalibrationRecord
    title = _("Values in question")

    def get_queryset(self) -> QuerySet[CalibrationRecord]:
        return records()

    def site(self) -> Any:
        return site_of(self.record.plan)

    @cached_property
    def seen(self) -> Seen:
        return look_back(self.record, self.request.user)

    def may_answer(self) -> bool:
        return self.record.status == "oot_impact" and may(self.request.user, CLOSE, self.record)


class ValuesAnswer(MovePage):
    """Say of some of the values what the failure means for them."""

    model, permission, deed_permission, form_class = CalibrationRecord, VIEW, CLOSE, AnswerForm
    title = _("Answer for values")
    label = _("Answer for the chosen values")
    explanation = _("Choose the values of which the same is true. What was answered before stays, and counts no more.")
    asks_reason = True

    def get_queryset(self) -> QuerySet[CalibrationRecord]:
        return records()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "seen": look_back(self.record, self.request.user)}

    def deed(self, form: Any) -> Any:
        values = form.cleaned_data
        services.answer_values(
            record=self.record, keys=values["values"], answer=values["answer"], reason=values["reason"],
            actor=self.request.user,
        )  # fmt: skip
        return self.record

    def success_url(self, result: Any) -> str:
        return reverse("qms_calibration:calibrationrecord_look_back", args=[self.record.pk])
