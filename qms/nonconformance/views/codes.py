"""The pages of the vocabulary of defects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.web.views import FormPage, ListPage
from qms.nonconformance import services
from qms.nonconformance.filters import DefectCodeFilters
from qms.nonconformance.forms import DefectCodeForm
from qms.nonconformance.models import DefectCode
from qms.nonconformance.tables import DefectCodeTable


class DefectCodeList(ListPage):
    """Every defect code."""

    model = DefectCode
    permission = "qms_nonconformance.view_defectcode"
    table_class = DefectCodeTable
    filterset_class = DefectCodeFilters
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name = "qms_nonconformance:defectcode_create"
    create_permission = "qms_nonconformance.change_defectcode"
    empty_title = _("No defect codes yet")
    empty_text = _("Without codes nothing can be counted or compared. Begin with a dozen.")

    def get_queryset(self) -> Any:
        return DefectCode.objects.select_related("parent")


class DefectCodeForms(FormPage):
    """Create a code, or change one with a reason."""

    model = DefectCode
    permission = "qms_nonconformance.change_defectcode"
    form_class = DefectCodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "defect_code": self.instance}

    def deed(self, form: Any) -> Any:
        values = dict(form.cleaned_data)
        if self.is_change:
            values.pop("code")
            return services.change_defect_code(defect_code=self.record, actor=self.request.user, **values)
        return services.create_defect_code(actor=self.request.user, **values)

    def success_url(self, result: Any) -> str:
        return self.list_url()
