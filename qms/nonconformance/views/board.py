"""Pages of the review board: its rules, who sits on it, the witness of scrap, and the ledger of concessions."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.web import slots
from core.web.views import FormPage, ListPage
from qms.nonconformance import services
from qms.nonconformance.filters import BoardAuthorityFilters, ConcessionFilters
from qms.nonconformance.forms import AuthorityForm, BoardRuleForm, WitnessForm
from qms.nonconformance.models import BoardAuthority, BoardRule, Concession, Disposition
from qms.nonconformance.tables import BoardAuthorityTable, BoardRuleTable, ConcessionTable
from qms.nonconformance.views.deeds import DispositionMove


class BoardRuleList(ListPage):
    """Which functions sign which disposition."""

    model, permission = BoardRule, "qms_nonconformance.view_boardrule"
    table_class = BoardRuleTable
    order = ("kind", "severity", "function", "pk")
    create_url_name = "qms_nonconformance:boardrule_create"
    create_permission = "qms_nonconformance.change_boardrule"
    create_label = _("New rule")
    empty_title = _("One signature decides")
    empty_text = _("Without a rule one person with the right signs. A rule names the functions that sign together.")
    empty_icon = "signature"


class BoardRuleForms(FormPage):
    """Name a function for a kind of disposition, or switch that off."""

    model, permission = BoardRule, "qms_nonconformance.change_boardrule"

    form_class = BoardRuleForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "rule": self.instance}

    def deed(self, form: Any) -> Any:
        if self.is_change:
            return services.change_board_rule(rule=self.record, actor=self.request.user, **form.cleaned_data)
        return services.create_board_rule(actor=self.request.user, **form.cleaned_data)

    def success_url(self, result: Any) -> str:
        return self.list_url()

    def cancel_url(self) -> str:
        return self.list_url()


class BoardAuthorityList(ListPage):
    """Who may sign for which function, until when and up to which limits."""

    model, permission = BoardAuthority, "qms_nonconformance.view_boardauthority"
    table_class, filterset_class = BoardAuthorityTable, BoardAuthorityFilters
    search_fields = ("person__full_name", "person__username", "basis")
    order = ("-valid_until", "-pk")
    create_url_name = "qms_nonconformance:boardauthority_create"
    create_permission = "qms_nonconformance.change_boardauthority"
    create_label = _("Appoint")
    empty_title = _("Nobody is appointed yet")
    empty_text = _("Where a rule names functions, only people who are appointed to them sign.")
    empty_icon = "users"

    def get_queryset(self) -> QuerySet[Any]:
        return BoardAuthority.objects.select_related("site", "person")


class BoardAuthorityForms(FormPage):
    """Appoint somebody, or change how long and how far it reaches."""

    model, permission = BoardAuthority, "qms_nonconformance.change_boardauthority"

    form_class = AuthorityForm

    def get_queryset(self) -> QuerySet[Any]:
        return BoardAuthority.objects.select_related("site", "person")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user, "authority": self.instance}

    def deed(self, form: Any) -> Any:
        if self.is_change:
            values = form.cleaned_data
            return services.change_board_authority(authority=self.record, actor=self.request.user, **values)
        return services.appoint_to_board(actor=self.request.user, **form.cleaned_data)

    def success_url(self, result: Any) -> str:
        return self.list_url()

    def cancel_url(self) -> str:
        return self.list_url()


class ConcessionList(ListPage):
    """What was used although it did not conform, and the how manieth time that was."""

    model, permission = Concession, "qms_nonconformance.view_concession"
    table_class, filterset_class = ConcessionTable, ConcessionFilters
    search_fields = ("number", "nonconformance__number", "material__number", "lot__number", "unit__serial")
    order = ("-pk",)
    empty_title = _("Nothing was used as is")
    empty_text = _("A signed use-as-is stands here, with its number within the window of its defect.")
    empty_icon = "shield-check"

    def get_queryset(self) -> QuerySet[Any]:
        return Concession.objects.select_related(
            "site", "nonconformance", "material", "lot", "unit", "defect_code", "uom", "actor"
        )


class DispositionWitness(DispositionMove):
    """Scrap what was decided: whoever does it signs, and so does a second person who saw it."""

    permission = "qms_nonconformance.view_nonconformance"
    deed_permission = "qms_nonconformance.complete_disposition"
    label, meaning, asks_reason = _("Scrap with a witness"), "performed", True
    explanation = _("It was made unusable. It leaves the stock and its hold in the same moment, with both signatures.")
    form_class = WitnessForm

    def deed(self, form: Any) -> Disposition:
        values = form.cleaned_data
        mine = self.proof()
        witness = slots.signer().identify_second(
            user_id=values["witness_id"],
            secret=values["witness_secret"],
            meaning="witnessed",
            request=self.request,
            code=values.get("witness_code", ""),
        )
        return services.witness_scrap(
            disposition=self.record,
            reason=values["reason"],
            actor=self.request.user,
            signature=mine,
            witness=witness,
        )
