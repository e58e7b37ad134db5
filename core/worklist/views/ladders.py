"""Doors of the ladders: the list of their steps, setting one, and what a ladder would do."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from core.web.access import may
from core.web.views import FormPage, ListPage
from core.web.views.record import RecordPage
from core.worklist import services
from core.worklist.forms.ladders import EscalationRuleForm
from core.worklist.models import Assignment, EscalationRule
from core.worklist.queries import asked_in_words, pages_of, role_names
from core.worklist.queries.ladders import ladder_words, preview
from core.worklist.tables import EscalationRuleTable

SEE, SET = "core_worklist.view_escalationrule", "core_worklist.change_escalationrule"


class EscalationRuleList(ListPage):
    """When open work reaches whom, ladder by ladder."""

    model = EscalationRule
    permission = SEE
    table_class = EscalationRuleTable
    order = ("kind", "step", "pk")
    title = _("Escalation ladders")
    create_url_name = "core_worklist:escalationrule_create"
    create_permission = SET
    empty_title = _("No ladders")
    empty_text = _("Overdue work stays with whoever has it until a ladder says otherwise.")
    lead = _("Each step is taken once per due date. Of several ladders that fit, the one that names the record counts.")

    def get_queryset(self) -> Any:
        return EscalationRule.objects.select_related("record_type", "site", "to_user")


class EscalationRuleForms(FormPage):
    """Create a step, or change one with a reason."""

    model = EscalationRule
    permission = SET
    view_permission = SEE
    form_class = EscalationRuleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user, "rule": self.instance}

    def deed(self, form: Any) -> Any:
        values = {name: value for name, value in form.cleaned_data.items() if name not in ("side", "amount", "unit")}
        values["to_role"] = values["to_role"].code if values["to_role"] is not None else ""
        return services.set_escalation_rule(actor=self.request.user, **values)

    def success_url(self, result: Any) -> str:
        return str(result.preview_url())


class EscalationRulePreview(RecordPage):
    """What the ladder of a step would do with the work that is open now; nothing is done."""

    model = EscalationRule
    permission = SEE
    template_name = "core/worklist/escalationrule_preview.html"
    title = _("What the ladder would do")

    def get_queryset(self) -> Any:
        return EscalationRule.objects.select_related("record_type", "site", "to_user")

    def page_title(self) -> Any:
        return self.title

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        rule = self.record
        steps = list(
            self.get_queryset().filter(
                kind=rule.kind, record_type=rule.record_type, severity=rule.severity, site=rule.site
            )
        )
        found, roles = preview(steps, request.user), role_names()
        pages = pages_of(found.work)
        return self.render(
            ladder=ladder_words(rule),
            preview=found,
            lines=[
                (one, pages.get((one.subject_type_id, one.subject_id), ""), _asked(one, roles)) for one in found.work
            ],
            steps=[(one, roles.get(one.rule.to_role, one.rule.to_role)) for one in found.steps],
            may_set=may(request.user, SET),
        )


def _asked(work: Assignment, roles: dict[str, str]) -> str:
    return asked_in_words(work, roles.get(work.to_role, ""))
