"""Deeds on a change itself: its moves, items, suggestions, orders, its date and its end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.views import Fact, MovePage
from qms.changes import services
from qms.changes.forms import AnswerForm, DecideForm, ExtendForm, ItemForm, ReleaseForm, ScopesForm
from qms.changes.lifecycle import MANAGE, RELEASE, VIEW
from qms.changes.models import ChangeItem, ChangeOrder
from qms.changes.queries import open_suggestions, order_lines


class ChangeDeed(MovePage):
    """A deed on a change."""

    model, permission = ChangeOrder, VIEW
    gates_later = signatures_later = True
    tab = ""

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeOrder.objects.select_related(
            "site", "change_type", "owner", "requested_by", "effectivity_material"
        )

    def success_url(self, result: Any) -> str:
        return f"{self.record_url()}?tab={self.tab}" if self.tab else super().success_url(result)


def what_is_released(change: ChangeOrder) -> list[Fact]:
    """The items and the decisions about orders, as a signature covers them."""
    facts = [
        Fact(item.get_action_display(), " → ".join(part for part in (item.from_label, item.to_label) if part))
        for item in change.items.order_by("pk")
    ]
    facts += [Fact(_("Configuration"), scope) for scope in change.scopes.select_related("configuration_type")]
    facts += [
        Fact(decision.subject_label, decision.get_decision_display())
        for decision in change.wip_decisions.order_by("pk")
    ]
    return facts


class ChangeMove(ChangeDeed):
    """A move of the change."""

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Title"), self.record.title), *what_is_released(self.record)]


class ReleasePlan(ChangeDeed):
    """Sign the release for a moment; the clock carries it out."""

    title = _("Release on a date")
    label = _("Sign the release for this date")
    meaning = "released"
    explanation = _(
        "Every item becomes effective or obsolete together at that moment, or nothing does and you are told."
    )
    deed_permission = RELEASE
    form_class = ReleaseForm

    def covered(self) -> Sequence[Fact]:
        return what_is_released(self.record)

    def deed(self, form: Any) -> ChangeOrder:
        return services.plan_release(
            change=self.record, actor=self.request.user, signature=self.proof(), **form.cleaned_data
        )


class ChangeExtend(ChangeDeed):
    """Let a temporary change last longer."""

    title = _("Extend")
    label = _("Extend the temporary change")
    meaning = "approved"
    asks_reason = True
    explanation = _("The revisions before it return later than planned.")
    deed_permission = RELEASE
    form_class = ExtendForm

    def get_initial(self) -> dict[str, Any]:
        return {"expires_at": self.record.expires_at}

    def deed(self, form: Any) -> ChangeOrder:
        services.extend_change(change=self.record, actor=self.request.user, signature=self.proof(), **form.cleaned_data)
        found: ChangeOrder = self.record
        return found


class ChangePrint(ChangeDeed):
    """Seal the change as PDF; made in the background."""

    title = label = _("Render and seal")
    explanation = _("Rendered once: the same content gives the same file.")

    def deed(self, form: Any) -> Any:
        return services.request_print(change=self.record, actor=self.request.user)


class ItemAdd(ChangeDeed):
    """Name what the change revises, brings or ends."""

    title = _("Name what changes")
    label = _("Add")
    explanation = _("What else may be affected is looked up by it.")
    deed_permission = VIEW
    form_class = ItemForm
    tab = "items"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site}

    def deed(self, form: Any) -> ChangeItem:
        values = {name: form.cleaned_data[name] for name in ("action", "revision", "note")}
        return services.add_item(change=self.record, actor=self.request.user, **values)


class ScopesSet(ChangeDeed):
    """Say which configuration the change may alter."""

    title = _("Configuration that it may alter")
    label = _("Save")
    deed_permission = VIEW
    form_class = ScopesForm
    tab = "items"

    def get_initial(self) -> dict[str, Any]:
        return {"configuration": list(self.record.scopes.values_list("configuration_type", flat=True))}

    def deed(self, form: Any) -> ChangeOrder:
        return services.set_scopes(
            change=self.record, configuration=form.cleaned_data["configuration"], actor=self.request.user
        )


class LookUp(ChangeDeed):
    """Look up again what may be affected."""

    title = label = _("Look up again what is affected")
    explanation = _("What came since is added; what was answered stays.")
    deed_permission = MANAGE
    tab = "items"

    def deed(self, form: Any) -> ChangeOrder:
        return services.look_up(change=self.record, actor=self.request.user)


class SuggestionAnswer(ChangeDeed):
    """Say whether something is affected; “not affected” takes a reason."""

    title = _("Is it affected?")
    label = _("Answer")
    explanation = _("What is affected becomes an item, a task, or a line of the plan for open orders.")
    deed_permission = MANAGE
    form_class = AnswerForm
    tab = "items"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "suggestions": open_suggestions(self.record)}

    def deed(self, form: Any) -> Any:
        services.answer_suggestion(actor=self.request.user, **form.cleaned_data)
        return self.record


class OrderDecide(ChangeDeed):
    """Decide what becomes of an open order."""

    title = _("Decide about an open order")
    label = _("Decide")
    asks_reason = True
    explanation = _("It is carried out in the moment of the release.")
    deed_permission = MANAGE
    form_class = DecideForm
    tab = "orders"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "lines": order_lines(self.record)}

    def deed(self, form: Any) -> Any:
        order_type, order = form.cleaned_data["order"]
        services.decide_order(
            change=self.record,
            order_type=order_type,
            order=order,
            decision=form.cleaned_data["decision"],
            from_sequence=form.cleaned_data["from_sequence"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
        )
        return self.record


class ItemDeed(MovePage):
    """A deed on an item of a change."""

    model, permission = ChangeItem, VIEW
    deed_permission = VIEW
    list_url_name = "qms_changes:changeorder_list"

    def get_queryset(self) -> QuerySet[Any]:
        return ChangeItem.objects.select_related("change__site", "revision_type")

    def number(self) -> str:
        return str(self.record.change.number)

    def record_name(self) -> str:
        return _t("%(item)s in %(change)s") % {"item": self.record, "change": self.record.change.number}


class ItemName(ItemDeed):
    """Let the item lead to the revision that is on its way."""

    title = label = _("Take the revision on its way")
    explanation = _("The revision that was begun meanwhile becomes effective with the change.")

    def deed(self, form: Any) -> ChangeItem:
        return services.name_revision(item=self.record, actor=self.request.user)


class ItemRemove(ItemDeed):
    """Take an item out."""

    title = label = _("Take it out of the change")

    def deed(self, form: Any) -> ChangeOrder:
        return services.remove_item(item=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])
