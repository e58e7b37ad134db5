"""Deeds on a CAPA itself: its moves, what is signed on the way, who works on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.web.views import Fact
from qms.capa import forms, services
from qms.capa.lifecycle import APPROVE, CLOSE, MANAGE, RAISE, REOPEN, TRIAGE, VERIFY, VIEW
from qms.capa.models import Capa, CapaDecision, CapaMember, CapaSource, Extension
from qms.capa.queries import actions_of, causes_of, check_of, event_kinds, exposure_kinds, people_for, result_of, roots
from qms.capa.views.common import CapaDeed, PartDeed, SignedDeed


def _stated(record: Capa) -> list[Fact]:
    return [
        Fact(_("Title"), record.title),
        Fact(_("What the problem is"), record.problem or "–"),
        Fact(_("What it is not"), record.not_problem or "–"),
    ]


def what_is_planned(record: Capa) -> list[Fact]:
    """Causes, actions and check, as a signature covers them."""
    facts = [Fact(_("Method"), record.get_method_display())]
    facts += [Fact(_("Cause"), f"{one} · {one.evidence}") for one in roots(causes_of(record))]
    for action in actions_of(record):
        if action.status != "cancelled":
            words = " · ".join(part for part in (action.title, str(action.owner), action.bound_label) if part)
            facts.append(Fact(action.get_purpose_display(), words))
    check = check_of(record)
    if check is not None:
        event, exposure = event_kinds().get(check.events), exposure_kinds().get(check.exposure)
        counted = f"{event.label if event else check.events} / {exposure.label if exposure else check.exposure}"
        facts.append(Fact(_("Effect"), f"{counted} · {check.get_test_display()} · ≥ {check.minimum_exposure}"))
    return [*facts, Fact(_("How adverse effects are looked for"), record.adverse_plan or "–")]


class CapaMove(CapaDeed):
    """A move of the CAPA."""

    def covered(self) -> Sequence[Fact]:
        return _stated(self.record)


class CapaOpen(SignedDeed):
    """Triage: a CAPA is opened."""

    makes_move = "open"
    title = label = _("Open the CAPA")
    explanation = _("You sign that a CAPA is opened, by which answers and why; who owns it, and by when.")
    deed_permission = TRIAGE
    meaning = services.TRIAGE_MEANING
    form_class = forms.OpenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for(MANAGE, self.record.site)}

    def covered(self) -> Sequence[Fact]:
        return _stated(self.record)

    def deed(self, form: Any) -> Capa:
        return services.triage_capa(
            capa=self.record, decision=CapaDecision.Decision.CAPA, actor=self.request.user, signature=self.proof(),
            **form.cleaned_data,
        )  # fmt: skip


class CapaDecline(SignedDeed):
    """Triage: no CAPA."""

    makes_move = "decline"
    title = label = _("Open no CAPA")
    explanation = _("You sign that a correction or the trend suffices, and why.")
    deed_permission = TRIAGE
    meaning = services.DECLINE_MEANING
    form_class = forms.DeclineForm

    def covered(self) -> Sequence[Fact]:
        return _stated(self.record)

    def deed(self, form: Any) -> Capa:
        return services.triage_capa(
            capa=self.record, actor=self.request.user, signature=self.proof(), **form.cleaned_data
        )


class CapaHandOver(SignedDeed):
    """Sign the plan and hand it over."""

    makes_move = "hand_over"
    title = label = _("Hand over the plan")
    explanation = _("You sign causes, actions and the check of effectiveness. They stand still from now on.")
    deed_permission = MANAGE
    meaning = services.PLAN_MEANING

    def covered(self) -> Sequence[Fact]:
        return what_is_planned(self.record)

    def deed(self, form: Any) -> Capa:
        return services.hand_over_plan(
            capa=self.record, actor=self.request.user, signature=self.proof(), reason=form.cleaned_data["reason"]
        )


class CapaApprove(SignedDeed):
    """Approve the plan as it was handed over."""

    makes_move = "approve_plan"
    title = label = _("Approve the plan")
    explanation = _("You approve the plan as it was handed over. Its actions begin.")
    deed_permission = APPROVE
    meaning = services.APPROVAL_MEANING

    def covered(self) -> Sequence[Fact]:
        return what_is_planned(self.record)

    def deed(self, form: Any) -> Capa:
        return services.approve_plan(
            capa=self.record, actor=self.request.user, signature=self.proof(), reason=form.cleaned_data["reason"]
        )


class CapaVerify(SignedDeed):
    """Verify what others implemented."""

    makes_move = "verify"
    title = label = _("Verify")
    explanation = _("You sign what was verified. An adverse effect leads back to implementation.")
    deed_permission = VERIFY
    meaning = services.VERIFICATION_MEANING
    form_class = forms.VerifyForm

    def covered(self) -> Sequence[Fact]:
        return what_is_planned(self.record)

    def deed(self, form: Any) -> Capa:
        return services.verify_capa(
            capa=self.record, actor=self.request.user, signature=self.proof(), **form.cleaned_data
        )


class CapaClose(SignedDeed):
    """Close what was effective."""

    makes_move = "close"
    title = label = _("Close")
    explanation = _("You sign the whole record as it stands: it was effective.")
    deed_permission = CLOSE
    meaning = services.CLOSING_MEANING
    form_class = forms.CloseForm

    def covered(self) -> Sequence[Fact]:
        result = result_of(self.record)
        return [
            *_stated(self.record),
            *what_is_planned(self.record),
            Fact(_("Result"), result.get_result_display() if result is not None else "–"),
        ]

    def deed(self, form: Any) -> Capa:
        return services.close_capa(
            capa=self.record, actor=self.request.user, signature=self.proof(), **form.cleaned_data
        )


class CapaReopen(SignedDeed):
    """Take it up again."""

    makes_move = "reopen"
    title = label = _("Reopen")
    explanation = _("You sign what is new. A new cycle begins; what was signed before stays.")
    deed_permission = REOPEN
    meaning = services.REOPENING_MEANING
    form_class = forms.ReopenForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for(MANAGE, self.record.site)}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.record.owner_id}

    def deed(self, form: Any) -> Capa:
        return services.reopen_capa(
            capa=self.record, actor=self.request.user, signature=self.proof(), **form.cleaned_data
        )


class CapaJudge(SignedDeed):
    """Judge what the figures leave open."""

    title = label = _("Judge the effect")
    explanation = _("The figures leave it open even after the watch was extended. You sign whether it was effective.")
    deed_permission = REOPEN
    meaning = services.JUDGEMENT_MEANING
    form_class = forms.JudgeEffectForm
    tab = "effectiveness"

    def blockers(self) -> Sequence[Any]:
        return ()

    def deed(self, form: Any) -> Capa:
        services.judge_effect(capa=self.record, actor=self.request.user, signature=self.proof(), **form.cleaned_data)
        found: Capa = self.record
        return found


class CapaEvaluate(CapaDeed):
    """Compute the effect now that the watch is over."""

    title = label = _("Compute the effect")
    explanation = _("Counts what the plan says, before and after. It is done by itself when the watch is over.")
    tab = "effectiveness"

    def deed(self, form: Any) -> Capa:
        services.evaluate(capa=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])
        found: Capa = self.record
        return found


class CapaPrint(CapaDeed):
    """Seal the record as PDF; made in the background."""

    title = label = _("Render and seal")
    explanation = _("Rendered once: the same content gives the same file.")

    def deed(self, form: Any) -> Any:
        return services.request_print(capa=self.record, actor=self.request.user)


class CapaOwner(CapaDeed):
    """Give it to another owner."""

    title = label = _("Name another owner")
    deed_permission = TRIAGE
    form_class = forms.OwnerForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for(MANAGE, self.record.site)}

    def get_initial(self) -> dict[str, Any]:
        return {"owner": self.record.owner_id}

    def deed(self, form: Any) -> Capa:
        return services.name_owner(capa=self.record, owner=form.cleaned_data["owner"], actor=self.request.user)


class SourceAdd(CapaDeed):
    """Name one more source."""

    title = _("Name where it comes from")
    label = _("Add")
    deed_permission = RAISE
    form_class = forms.SourceForm
    tab = "overview"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site}

    def deed(self, form: Any) -> CapaSource:
        values = {name: form.cleaned_data[name] for name in ("kind", "source", "note")}
        return services.add_source(capa=self.record, actor=self.request.user, **values)


class SourceRemove(PartDeed):
    """Take a source out."""

    model = CapaSource
    title = label = _("Take it out of the CAPA")
    deed_permission = RAISE

    def get_queryset(self) -> QuerySet[Any]:
        return CapaSource.objects.select_related("capa__site")

    def deed(self, form: Any) -> Capa:
        return services.remove_source(source=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])


class MemberAdd(CapaDeed):
    """Name somebody for the team."""

    title = _("Name a member of the team")
    label = _("Add")
    deed_permission = VIEW
    form_class = forms.MemberForm
    tab = "overview"

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_for(VIEW, self.record.site)}

    def deed(self, form: Any) -> CapaMember:
        return services.add_member(
            capa=self.record, user=form.cleaned_data["user"], part=form.cleaned_data["part"], actor=self.request.user
        )


class MemberRemove(PartDeed):
    """Let somebody leave the team."""

    model = CapaMember
    title = label = _("Take them out of the team")
    deed_permission = MANAGE

    def get_queryset(self) -> QuerySet[Any]:
        return CapaMember.objects.select_related("capa__site", "user")

    def deed(self, form: Any) -> Capa:
        return services.remove_member(member=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])


class ExtensionAsk(CapaDeed):
    """Ask that it may take longer."""

    title = label = _("Ask for an extension")
    explanation = _("Another person approves or rejects it; until then the date stays.")
    asks_reason = True
    deed_permission = MANAGE
    form_class = forms.ExtendForm
    tab = "story"

    def deed(self, form: Any) -> Extension:
        return services.request_extension(capa=self.record, actor=self.request.user, **form.cleaned_data)


class ExtensionMove(PartDeed):
    """Approve or reject an extension."""

    model = Extension
    tab = "story"

    def get_queryset(self) -> QuerySet[Any]:
        return Extension.objects.select_related("capa__site", "requested_by")

    def covered(self) -> Sequence[Fact]:
        record = self.record
        return [
            Fact(_("CAPA"), record.capa),
            Fact(_("Was due"), f"{record.was_due_at:%Y-%m-%d}"),
            Fact(_("Due instead"), f"{record.due_at:%Y-%m-%d}"),
            Fact(_("Reason"), record.reason),
            Fact(_("Asked for by"), record.requested_by),
        ]
