"""Every deed on a nonconformance, its items and its lines: confirm, reason, sign, do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocker
from core.web.views import Fact, MovePage
from qms.nonconformance import services
from qms.nonconformance.forms import (
    CauseForm,
    CountForm,
    ItemForm,
    PhotoForm,
    ProposeForm,
    RecurrenceForm,
    SignForm,
    TriageForm,
)
from qms.nonconformance.models import AffectedItem, Disposition, DispositionVote, NonConformance, shown
from qms.nonconformance.queries import (
    Seat,
    circumstances,
    item_states,
    items_with_lines,
    possible_owners,
    seats_of,
    similar_to,
)
from qms.nonconformance.services.dispositions import nothing_to_sign
from traceability.models import Lot

VIEW = "qms_nonconformance.view_nonconformance"
TRIAGE = "qms_nonconformance.triage_nonconformance"


class DeedPage(MovePage):
    """A deed on a nonconformance."""

    model = NonConformance
    permission = VIEW

    def get_queryset(self) -> QuerySet[Any]:
        return NonConformance.objects.select_related("site", "defect_code", "owner", "reported_by")


class NonConformanceMove(DeedPage):
    """A move of the record."""

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related(Prefetch("items", items_with_lines(AffectedItem.objects.all())))

    def covered(self) -> Sequence[Fact]:
        facts = [
            Fact(_("Severity"), self.record.get_severity_display()),
            Fact(_("Defect code"), self.record.defect_code),
            *(Fact(found.label, found.value) for found in circumstances(self.record)[:6]),
        ]
        for state in item_states(self.record):
            decided = ", ".join(str(line) for line in state.valid) or "–"
            facts.append(Fact(str(state.item), f"{_counted(state.item)} · {decided}"))
        return facts


def _counted(item: AffectedItem) -> str:
    return f"{shown(item.quantity)} {item.uom}" if item.quantity is not None else str(_("not counted"))


class Triage(DeedPage):
    """Judge it; a draft is opened by it."""

    label = _("Triage")
    explanation = _("How severe it is, which defect, who owns it until when. A draft is opened by it.")
    deed_permission = TRIAGE
    form_class = TriageForm

    def get_initial(self) -> dict[str, Any]:
        record = self.record
        return {
            "severity": record.severity,
            "defect_code": record.defect_code_id,
            "owner": record.owner_id or self.request.user.pk,
            "due_at": record.due_at,
            "title": record.title,
            "description": record.description,
            "detection_point": record.detection_point,
            "escape_point": record.escape_point,
        }

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": possible_owners(self.record)}

    def covered(self) -> Sequence[Fact]:
        return [Fact(found.label, found.value) for found in circumstances(self.record)]

    def deed(self, form: Any) -> Any:
        return services.triage_nonconformance(nonconformance=self.record, actor=self.request.user, **form.cleaned_data)


class RecurrenceAnswer(DeedPage):
    """Has it happened before?"""

    label = _("Answer")
    title = _("Has this happened before?")
    deed_permission = TRIAGE
    form_class = RecurrenceForm

    def get_initial(self) -> dict[str, Any]:
        return {"recurrence": self.record.recurrence or None, "note": self.record.recurrence_note}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "similar": similar_to(self.record, limit=50)}

    def deed(self, form: Any) -> Any:
        values = {name: form.cleaned_data[name] for name in ("recurrence", "recurrence_of", "note")}
        return services.answer_recurrence(nonconformance=self.record, actor=self.request.user, **values)


class CauseState(DeedPage):
    """Why it happened."""

    label = _("State the cause")
    deed_permission = TRIAGE
    form_class = CauseForm

    def get_initial(self) -> dict[str, Any]:
        return {"cause": self.record.cause, "cause_category": self.record.cause_category}

    def deed(self, form: Any) -> Any:
        return services.state_cause(nonconformance=self.record, actor=self.request.user, **form.cleaned_data)


class PhotoAdd(DeedPage):
    """Attach a photo or another file."""

    label = _("Attach")
    title = _("Attach a photo")
    deed_permission = "qms_nonconformance.raise_nonconformance"
    form_class = PhotoForm

    def deed(self, form: Any) -> Any:
        return services.add_photo(
            nonconformance=self.record,
            file=form.cleaned_data["file"],
            caption=form.cleaned_data["caption"],
            actor=self.request.user,
        )

    def success_url(self, result: Any) -> str:
        return self.record_url()


class AffectedItemAdd(DeedPage):
    """Name a further lot or unit; it is held at once."""

    label = _("Hold it")
    title = _("Add an affected item")
    explanation = _("The lot or unit is held in the same moment.")
    deed_permission = TRIAGE
    form_class = ItemForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "site": self.record.site}

    def deed(self, form: Any) -> Any:
        thing = form.cleaned_data["thing"]
        services.add_affected_item(
            nonconformance=self.record,
            lot=thing if isinstance(thing, Lot) else None,
            unit=None if isinstance(thing, Lot) else thing,
            quantity=form.cleaned_data["quantity"],
            actor=self.request.user,
        )
        return self.record


class DispositionPropose(DeedPage):
    """Propose what to do with a part of an affected quantity."""

    label = _("Propose")
    title = _("Propose a disposition")
    explanation = _("Nothing changes before somebody signs it.")
    deed_permission = "qms_nonconformance.propose_disposition"
    form_class = ProposeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "nonconformance": self.record}

    def deed(self, form: Any) -> Any:
        values = {name: form.cleaned_data[name] for name in ("item", "kind", "quantity", "justification", "route")}
        services.propose_disposition(actor=self.request.user, **values)
        return self.record


class DispositionsSign(DeedPage):
    """Sign the proposed lines, all or some, with one identification."""

    label = _("Sign the dispositions")
    meaning = "dispositioned"
    explanation = _("Each line gets your signature; its part of the hold lifts, or it is scrapped, in the same moment.")
    deed_permission = "qms_nonconformance.approve_disposition"
    form_class = SignForm

    def is_offered(self) -> bool:
        return bool(self.form.initial["lines"])

    def blockers(self) -> Sequence[Blocker]:
        if self.is_offered():
            return super().blockers()
        return [nothing_to_sign(self.record)]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "nonconformance": self.record}

    def deed(self, form: Any) -> Any:
        services.approve_dispositions(
            dispositions=list(form.cleaned_data["lines"]),
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            signature=self.proof(),
        )
        return self.record


class AffectedItemCount(MovePage):
    """Say how much of a lot is affected; its hold is placed anew. A count that corrects another has a reason."""

    model = AffectedItem
    permission = VIEW
    meaning = "hold_released"
    explanation = _("The present hold is released and a new one placed for the counted quantity.")
    deed_permission = TRIAGE
    form_class = CountForm
    list_url_name = "qms_nonconformance:nonconformance_list"

    def deed_label(self) -> str:
        return _t("Count") if self.record.quantity is None else _t("Count again")

    @property
    def needs_reason(self) -> bool:
        return self.record.quantity is not None

    def get_queryset(self) -> QuerySet[Any]:
        return AffectedItem.objects.select_related("nonconformance__site", "lot", "unit", "uom", "hold")

    def number(self) -> str:
        return str(self.record.nonconformance.number)

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Counted so far"), _counted(self.record))]

    def deed(self, form: Any) -> Any:
        return services.count_affected_item(
            item=self.record,
            quantity=form.cleaned_data["quantity"],
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            signature=self.proof(),
        )


def _voted(seat: Seat) -> str:
    if seat.vote is None:
        return _t("has not signed yet")
    return _t("%(who)s signed for it") % {"who": seat.vote.actor} if seat.vote.is_for else _t("against it")


class DispositionMove(MovePage):
    """A move of one line."""

    model = Disposition
    permission = VIEW
    list_url_name = "qms_nonconformance:nonconformance_list"

    def get_queryset(self) -> QuerySet[Any]:
        return Disposition.objects.select_related(
            "affected_item__nonconformance__site",
            "affected_item__nonconformance__defect_code",
            "affected_item__lot__material",
            "affected_item__unit__material",
            "affected_item__hold",
            "proposed_by",
        ).prefetch_related(Prefetch("votes", DispositionVote.objects.select_related("actor")))

    def number(self) -> str:
        return str(self.record.nonconformance.number)

    def blockers(self) -> Sequence[Blocker]:
        """Without the functions that sign after this one: that is no reason not to sign now."""
        return [blocker for blocker in super().blockers() if blocker.code != "quorum"]

    def covered(self) -> Sequence[Fact]:
        return [
            Fact(_("Affected item"), self.record.affected_item),
            Fact(_("Disposition"), self.record),
            Fact(_("Justification"), self.record.justification),
            *([Fact(_("Routing for rework"), self.record.route_label)] if self.record.route_label else ()),
            Fact(_("Proposed by"), self.record.proposed_by),
            *(Fact(seat.label, _voted(seat)) for seat in seats_of(self.record)),
        ]
