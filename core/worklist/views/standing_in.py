"""Doors of delegation: who does whose work, saying so, ending it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import User
from core.organization.queries import people_at, people_in_reach, sites_of_person
from core.web.access import Access
from core.web.views import FormPage, ListPage, MovePage
from core.worklist.forms.ladders import DelegationForm
from core.worklist.models import Delegation
from core.worklist.queries import GIVES_OUT
from core.worklist.queries.standing_in import delegations_seen_by
from core.worklist.services import standing_in
from core.worklist.tables import DelegationTable


class DelegationList(ListPage):
    """What the visitor gave to others and was given, and that of the people whose work they give out."""

    access = Access.SIGNED_IN
    model = Delegation
    table_class = DelegationTable
    order = ("-starts", "-pk")
    search_fields = ("from_user__full_name", "to_user__full_name", "reason")
    create_url_name = "core_worklist:delegation_create"
    create_label = _("Delegate or report an absence")
    empty_title = _("Nobody does another's work")
    empty_text = _("Say who does yours while you are away, or beside you.")
    lead = _("Signatures stay everybody's own; training and acknowledgements are never done for another.")

    @cached_property
    def visible(self) -> QuerySet[Delegation]:
        return delegations_seen_by(self.request.user)


class DelegationCreate(FormPage):
    """Say who does one's work, or that of somebody whose work one gives out."""

    access = Access.SIGNED_IN
    model = Delegation
    form_class = DelegationForm
    title = _("Delegate or report an absence")
    submit_label = _("Delegate")
    list_url_name = "core_worklist:delegation_list"

    def get_initial(self) -> dict[str, Any]:
        return {"from_user": self.request.user.pk, "starts": now(), **super().get_initial()}

    def get_form_kwargs(self) -> dict[str, Any]:
        me: Any = self.request.user
        active = User.objects.filter(is_active=True, is_system=False)
        givers = active.filter(pk=me.pk) | people_in_reach(active, me, GIVES_OUT)
        people = people_at(list(sites_of_person(me)))
        return {**super().get_form_kwargs(), "givers": givers.order_by("full_name", "pk"), "people": people}

    def deed(self, form: Any) -> Delegation:
        return standing_in.delegate(actor=self.request.user, **form.cleaned_data)

    def success_url(self, result: Any) -> str:
        return reverse("core_worklist:delegation_list")


class DelegationEnd(MovePage):
    """End a delegation before its time."""

    access = Access.SIGNED_IN
    model = Delegation
    label = _("End it")
    asks_reason = True
    explanation = _("Open work goes back to whose it is.")
    list_url_name = "core_worklist:delegation_list"

    def find(self, permission: str) -> Any:
        found = delegations_seen_by(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404(gettext("There is no such record here."))
        return found

    def may_do(self) -> bool:
        return self.request.user.pk == self.record.to_user_id or standing_in.may_delegate_for(
            self.request.user, self.record.from_user
        )

    def deed(self, form: Any) -> Delegation:
        return standing_in.end_delegation(
            delegation=self.record, reason=form.cleaned_data["reason"], actor=self.request.user
        )

    def success_url(self, result: Any) -> str:
        return reverse("core_worklist:delegation_list")
