"""The list, the intake, and the page of a complaint."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.files.queries import attachments_of
from core.printing.queries import prints_of
from core.web.access import may
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, Part, Related
from core.web.views.detail import MoveButton
from qms.complaints import services
from qms.complaints.filters import ComplaintFilters
from qms.complaints.forms import IntakeChangeForm, IntakeForm
from qms.complaints.models import Complaint, Harm
from qms.complaints.queries import (
    OPEN_STATES,
    capas_of,
    exposure_of,
    identify,
    nonconformances_from,
    read_udi,
    reportability_of,
    reports_of,
    similar_to,
)
from qms.complaints.tables import HARM_ICONS, HARM_TONES, ComplaintTable
from qms.complaints.views.common import SEE, as_offered, complaints
from traceability.queries import day_at

RECORD = "qms_complaints.record_complaint"
INVESTIGATE = "qms_complaints.investigate_complaint"


class ComplaintList(ListPage):
    """Every complaint that the visitor may see."""

    model = Complaint
    permission = SEE
    table_class = ComplaintTable
    filterset_class = ComplaintFilters
    search_fields = ("number", "title", "claimed_lot", "claimed_serial", "complainant_organization")
    order = ("-pk",)
    create_url_name = "qms_complaints:complaint_create"
    create_permission = RECORD
    create_label = _("Record a complaint")
    empty_title = _("No complaints")
    empty_text = _("Record what a customer or user reports: the label is read, and whoever triages is asked at once.")
    empty_icon = "message"

    def get_queryset(self) -> QuerySet[Any]:
        return Complaint.objects.select_related("site", "owner", "code", "material", "lot")


class ComplaintCreate(FormPage):
    """Record a complaint; `?code=` is a label that was scanned, from which the fields are filled."""

    model = Complaint
    permission = RECORD
    form_class = IntakeForm
    template_name = "qms/complaints/complaint_create.html"
    title = _("Record a complaint")
    submit_label = _("Record")
    lead = _("As it was told. Judging it comes later: quality is asked to triage it within two work days.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    @property
    def scanned(self) -> str:
        """The label's text, without what no label says and PostgreSQL does not take."""
        return self.request.GET.get("code", "").replace("\x00", "").strip()

    def get_initial(self) -> dict[str, Any]:
        code = self.scanned
        label = read_udi(code)
        if label is None:
            return {**super().get_initial(), **({"claimed_lot": code} if code else {})}
        return {
            **super().get_initial(),
            "claimed_udi": code,
            "claimed_lot": label.lot_number,
            "claimed_serial": label.serial,
        }

    def context(self, **more: Any) -> dict[str, Any]:
        form = self.form
        site = form.initial.get("site")
        code = self.scanned
        label = read_udi(code) if code else None
        named = None
        if code and site is not None:
            named = identify(site=site, udi=code if label is not None else "", lot="" if label else code)
            if not named and label is None:
                named = identify(site=site, serial=code)
        return super().context(code=code, named=named, similar=form.similar or self._of_the_lot(site, named), **more)

    def _of_the_lot(self, site: Any, named: Any) -> list[Complaint]:
        if not named or named.lot is None:
            return []
        return similar_to(site=site, words="", lot=named.lot, today=day_at(site))

    def deed(self, form: Any) -> Any:
        values = dict(form.cleaned_data)
        given = {name: values[name] for name in ("site", "title", "nature", "channel", "received_on", "aware_on")}
        told = {name: value for name, value in form.told().items() if name not in given}
        return services.record_complaint(
            **given,
            told=told,
            similar_to=values["similar_to"],
            similar_reason=values["similar_reason"],
            actor=self.request.user,
        )


class ComplaintChange(FormPage):
    """Correct what was written down."""

    model = Complaint
    permission = RECORD
    view_permission = SEE
    form_class = IntakeChangeForm
    title = _("Correct what was told")

    def get_queryset(self) -> QuerySet[Any]:
        return complaints()

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "complaint": self.record}

    def deed(self, form: Any) -> Any:
        return services.change_intake(
            complaint=self.record, told=form.told(), reason=form.cleaned_data["reason"], actor=self.request.user
        )


class ComplaintDetail(DetailPage):
    """Everything about one complaint: what was told, its clocks, its siblings, what was found and replied."""

    model = Complaint
    permission = SEE
    template_name = "qms/complaints/complaint_detail.html"
    timeline_later = signatures_later = gates_later = True
    stepper_path = ("received", "triaged", "decided", "investigation", "resolved", "closed")

    def get_queryset(self) -> QuerySet[Any]:
        return complaints()

    def due_at(self) -> Any:
        return self.record.due_at if self.is_open else None

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to act."""
        return self.record.status in OPEN_STATES

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        harm = Harm(self.record.harm)
        found = [(harm.label, HARM_TONES[harm], HARM_ICONS[harm])]
        if self.record.cycle > 1:
            found.append((_("Reopened"), "warn", "rotate"))
        return found

    def may(self, right: str) -> bool:
        """Whether the visitor holds a right of this app here."""
        return may(self.request.user, f"qms_complaints.{right}", self.record)

    def moves(self) -> list[MoveButton]:
        urls = self.move_urls()
        return [as_offered(button, urls) for button in super().moves()]

    def actions(self) -> Sequence[Action]:
        pk, status = self.record.pk, self.record.status
        found = []

        def offer(label: Any, name: str, icon: str, right: str) -> None:
            url = reverse(f"qms_complaints:complaint_{name}", args=[pk])
            found.append(Action(label, url, icon, permission=f"qms_complaints.{right}"))

        if self.is_open:
            offer(_("Correct"), "change", "pencil", "record_complaint")
            if status != "received":
                offer(_("Judge anew"), "triage", "rotate", "triage_complaint")
        offer(_("Sealed record"), "print", "printer", "view_complaint")
        asked = {
            "source_kind": "complaint",
            "source_number": self.record.number,
            "title": self.record.title,
            "site": self.record.site_id,
        }
        capa = f"{reverse('qms_capa:capa_create')}?{urlencode(asked)}"
        found.append(Action(_("Raise a CAPA"), capa, "shield", permission="qms_capa.raise_capa", rare=True))
        return found

    def facts(self) -> Sequence[Fact]:
        record = self.record
        facts = [
            Fact(_("What is complained of"), record.nature, wide=True),
            Fact(_("Received on"), _day(record.received_on)),
            Fact(_("Aware since"), _day(record.aware_on)),
            Fact(_("Happened on"), _day(record.event_on)),
            Fact(_("Channel"), record.get_channel_display()),
            Fact(_("Product"), record.material or record.claimed_product or "–", _url(record.material)),
            Fact(_("Lot"), record.lot or record.claimed_lot or "–", _url(record.lot)),
            Fact(_("Serial number"), record.unit or record.claimed_serial or "–", _url(record.unit)),
            Fact(_("Event code"), record.code or _("not yet chosen")),
        ]
        optional = [
            (_("UDI, as reported"), record.claimed_udi, True),
            (_("Not identified, because"), record.not_identified, True),
            (_("Who was harmed, and how"), record.harm_note, True),
        ]
        return [*facts, *(Fact(label, value, wide=wide) for label, value, wide in optional if value)]

    def complainant(self) -> list[Fact]:
        """Who complained."""
        record = self.record
        told = [
            (_("Name"), record.complainant_name),
            (_("Organization"), record.complainant_organization),
            (_("Customer"), record.customer),
            (_("Address"), record.complainant_address),
            (_("Phone"), record.complainant_phone),
            (_("E-mail"), record.complainant_email),
        ]
        return [Fact(label, value) for label, value in told if value]

    def related(self) -> Sequence[Related]:
        found = [
            Related(_t("Nonconformance %(number)s") % {"number": one.number}, one.get_absolute_url(), one.title)
            for one in nonconformances_from(self.record)
        ]
        found += [Related(str(one), one.get_absolute_url(), one.get_status_display()) for one in capas_of(self.record)]
        if self.record.similar_to is not None:
            other = self.record.similar_to
            note = self.record.similar_reason
            found.append(Related(_t("Similar to %(other)s") % {"other": other.number}, other.get_absolute_url(), note))
        return [*found, *(Related(str(one), one.get_absolute_url(), _("Sealed PDF")) for one in prints_of(self.record))]

    def parts(self) -> Sequence[Part]:
        return [
            *super().parts(),
            Part(
                "exposure",
                _("Siblings of the same lot"),
                "qms/complaints/_exposure.html",
                self._exposure,
                _("Looking where the rest of the lot is…"),
            ),
            Part(
                "similar",
                _("Similar complaints"),
                "qms/complaints/_similar.html",
                lambda: {"record": self.record, "similar": self._similar()},
                _("Looking for similar complaints…"),
            ),
        ]

    def _exposure(self) -> dict[str, Any]:
        record, found = self.record, exposure_of(self.record)
        containment = ""
        if found is not None:
            query = urlencode({"kind": "chosen", "site": record.site_id, "goods": str(record.lot or found.goods)})
            containment = f"{reverse('traceability:containment_create')}?{query}"
        return {
            "record": record,
            "found": found,
            "may_raise": self.is_open and self.may("investigate_complaint"),
            "containment_url": containment,
        }

    def _similar(self) -> list[Complaint]:
        record = self.record
        return similar_to(
            site=record.site,
            words=f"{record.title} {record.nature}",
            lot=record.lot,
            material=record.material,
            today=day_at(record.site),
            without=record,
        )

    @cached_property
    def trees(self) -> list[Any]:
        """The decision trees in force, with what was decided."""
        return reportability_of(self.record) if self.record.is_complaint == "yes" else []

    def context(self, **more: Any) -> dict[str, Any]:
        record = self.record
        is_judged = self.is_open and record.status != "received"
        return super().context(
            complainant=self.complainant(),
            trees=self.trees,
            reports=reports_of(record),
            attachments=attachments_of(record),
            may_judge=is_judged and record.is_complaint == "yes" and self.may("decide_complaint"),
            may_write=is_judged and self.may("investigate_complaint"),
            may_attach=self.is_open and self.may("investigate_complaint"),
            today=day_at(record.site),
            **more,
        )


def _day(day: Any) -> str:
    return "–" if day is None else str(date_format(day, "j M Y"))


def _url(record: Any) -> str:
    return "" if record is None else str(record.get_absolute_url())
