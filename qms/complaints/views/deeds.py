"""Every deed on a complaint: confirm, reason, sign, do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.web.views import Fact
from qms.complaints import forms, services
from qms.complaints.models import Complaint
from qms.complaints.queries import decisions_of, exposure_of, reports_of
from qms.complaints.views.common import DeedPage
from qms.nonconformance.models import NonConformance

TRIAGE = "qms_complaints.triage_complaint"
INVESTIGATE = "qms_complaints.investigate_complaint"


class ComplaintMove(DeedPage):
    """A move of the complaint."""

    def covered(self) -> Sequence[Fact]:
        record = self.record
        facts = [
            Fact(_("Is it a complaint?"), record.get_is_complaint_display()),
            Fact(_("Product"), record.material or record.claimed_product or "–"),
            Fact(_("Lot or unit"), record.goods or record.not_identified or "–"),
        ]
        facts += [Fact(one.tree_version.tree.name, one.result.get("title", "")) for one in decisions_of(record)]
        facts += [Fact(one.number, one.get_status_display()) for one in reports_of(record)]
        found = [
            (_("Investigation"), record.investigation),
            (_("Cause"), record.cause),
            (_("Correction"), record.correction),
            (_("Reply"), record.get_reply_display()),
            (_("CAPA"), record.get_capa_display()),
        ]
        return [*facts, *(Fact(label, value) for label, value in found if value)]


class FactPage(DeedPage):
    """A deed that signs something of its own about the complaint; nobody has signed it yet."""

    def already_signed(self) -> Sequence[Any]:
        return ()

    def digest(self) -> str:
        return ""


class ComplaintTriage(FactPage):
    """Judge it: is it a complaint, about which product, whose is it."""

    label = title = _("Triage")
    explanation = _("You sign whether it is a complaint and why, and about which product and lot.")
    deed_permission = TRIAGE
    meaning = services.TRIAGE_MEANING
    form_class = forms.TriageForm

    @property
    def needs_reason(self) -> bool:
        return bool(self.record.status != "received")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "complaint": self.record}

    def get_initial(self) -> dict[str, Any]:
        record = self.record
        return {
            "is_complaint": record.is_complaint or None,
            "harm": record.harm,
            "code": record.code_id,
            "goods": _named(record),
            "material": record.material.number if record.material is not None else "",
            "not_identified": record.not_identified,
            "owner": record.owner_id or self.request.user.pk,
        }

    def covered(self) -> Sequence[Fact]:
        record = self.record
        told = [
            (_("What is complained of"), record.nature),
            (_("Product, as reported"), record.claimed_product),
            (_("UDI, as reported"), record.claimed_udi),
            (_("Lot, as reported"), record.claimed_lot),
            (_("Serial number, as reported"), record.claimed_serial),
        ]
        return [Fact(label, value) for label, value in told if value]

    def deed(self, form: Any) -> Any:
        return services.triage_complaint(
            complaint=self.record, **form.cleaned_data, actor=self.request.user, signature=self.proof()
        )


def _named(record: Complaint) -> str:
    goods = record.goods
    return "" if goods is None else f"{goods.material.number}/{goods}"


class ComplaintWaive(FactPage):
    """No investigation, and why."""

    label = _("Do not investigate")
    explanation = _("You sign why no investigation is made, or which earlier one of a similar complaint stands.")
    deed_permission = INVESTIGATE
    meaning = services.WAIVER_MEANING
    form_class = forms.WaiveForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "complaint": self.record}

    def deed(self, form: Any) -> Any:
        return services.waive_investigation(
            complaint=self.record, **form.cleaned_data, actor=self.request.user, signature=self.proof()
        )


class ComplaintReopen(FactPage):
    """New information about a closed complaint."""

    label = _("Reopen")
    explanation = _("You sign which new information came, and when. It is triaged and decided anew.")
    deed_permission = "qms_complaints.reopen_complaint"
    meaning = services.REOPENING_MEANING
    form_class = forms.ReopenForm

    def deed(self, form: Any) -> Any:
        return services.reopen_complaint(
            complaint=self.record, **form.cleaned_data, actor=self.request.user, signature=self.proof()
        )


class ComplaintFindings(DeedPage):
    """What was found, why, what was corrected."""

    label = _("Save")
    title = _("Investigation and correction")
    explanation = _("Written until it is closed; a change of what was written needs its reason.")
    deed_permission = INVESTIGATE
    form_class = forms.FindingsForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "complaint": self.record}

    def deed(self, form: Any) -> Any:
        return services.write_findings(complaint=self.record, **form.cleaned_data, actor=self.request.user)


class ComplaintReply(DeedPage):
    """What the complainant was told."""

    label = _("Record the reply")
    title = _("Reply to the complainant")
    explanation = _("A letter of it is sealed as PDF. Send it by your own way, then record it here.")
    deed_permission = INVESTIGATE
    form_class = forms.ReplyForm

    def get_initial(self) -> dict[str, Any]:
        record = self.record
        return {"reply": record.reply or "sent", "text": record.reply_text, "replied_on": record.replied_on}

    def deed(self, form: Any) -> Any:
        return services.record_reply(complaint=self.record, **form.cleaned_data, actor=self.request.user)


class ComplaintSimilar(DeedPage):
    """Name the complaint that it is like."""

    label = _("Name it")
    title = _("Similar complaint")
    explanation = _("The reason says what both have in common. It is kept with the complaint.")
    deed_permission = TRIAGE
    form_class = forms.SimilarForm
    asks_reason = True

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "complaint": self.record}

    def deed(self, form: Any) -> Any:
        return services.link_similar(complaint=self.record, **form.cleaned_data, actor=self.request.user)


class ComplaintFile(DeedPage):
    """Attach evidence."""

    label = _("Attach")
    title = _("Attach evidence")
    deed_permission = INVESTIGATE
    form_class = forms.FileForm

    def deed(self, form: Any) -> Any:
        values = form.cleaned_data
        return services.add_file(
            complaint=self.record, file=values["file"], caption=values["caption"], actor=self.request.user
        )

    def success_url(self, result: Any) -> str:
        return self.record_url()


class ComplaintRaise(DeedPage):
    """Raise a nonconformance from it."""

    label = _("Raise")
    title = _("Raise a nonconformance")
    explanation = _("It names this complaint as its source. What is here of the lot can be held at once.")
    deed_permission = INVESTIGATE
    form_class = forms.RaiseForm

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.record.title, "hold": self.record.goods is not None}

    def covered(self) -> Sequence[Fact]:
        found = exposure_of(self.record)
        if found is None:
            return [Fact(_("Lot or unit"), _("not identified: nothing is held"))]
        return [
            Fact(_("Lot or unit"), found.goods),
            Fact(_("In the plant"), found.on_hand),
            Fact(_("With customers"), found.with_customers),
            Fact(_("Open holds"), len(found.holds)),
        ]

    def deed(self, form: Any) -> NonConformance:
        values = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
        return services.raise_from_complaint(complaint=self.record, **values, actor=self.request.user)


class PaperPage(DeedPage):
    """Have a paper of it made."""

    @property
    def needs_reason(self) -> bool:
        return False

    def success_url(self, result: Any) -> str:
        return str(result.get_absolute_url())


class ComplaintPrint(PaperPage):
    """The sealed record."""

    label = _("Seal it")
    title = _("Sealed record")
    explanation = _("Everything about the complaint as it is now, as a sealed PDF with its data attached.")

    def deed(self, form: Any) -> Any:
        return services.request_record(complaint=self.record, actor=self.request.user)


class ComplaintLetter(PaperPage):
    """The letter of the reply."""

    label = _("Make the letter")
    title = _("Letter of the reply")
    explanation = _("The recorded reply as a sealed PDF, to be sent.")
    deed_permission = INVESTIGATE

    def deed(self, form: Any) -> Any:
        return services.request_letter(complaint=self.record, actor=self.request.user)
