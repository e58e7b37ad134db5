"""Printing labels of lots, units, materials and places: one or many, first or again; and what was printed."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import sites_of
from core.printing.labels import LayoutProblem, place, svg
from core.printing.models import PrintJob
from core.printing.queries import default_printer
from core.printing.services import render_sheet
from core.web.access import held, may
from core.web.markup import site_time
from core.web.views import Action, ChosenRows, DetailPage, Fact, ListPage, MovePage, Related
from core.web.views.parts import Part
from core.web.views.record import Text, zone_of
from traceability import services
from traceability.forms import labels as forms
from traceability.models import Container, Label, LabelReconciliation, Lot, Material, SerializedUnit, StorageLocation
from traceability.queries.label_texts import KIND_OF, Labelled, layout_of, said_by, templates_for
from traceability.queries.printed_labels import (
    labels_about,
    printed_before,
    printed_count,
    reconciliations_of,
    sheet_label,
)
from traceability.tables import LabelTable

PRINT, SEE, RECONCILE = "traceability.print_label", "traceability.view_label", "traceability.reconcile_label"
LABELS_SHOWN = 5
ADDRESSES = {
    "lot": "lot",
    "unit": "serializedunit",
    "material": "material",
    "location": "storagelocation",
    "container": "container",
}


def address_of(name: str, record: Labelled) -> str:
    """The page of a deed on the labels of a record."""
    return reverse(f"traceability:{ADDRESSES[KIND_OF[type(record)]]}_{name}", args=[record.pk])


def label_actions(user: Any, record: Labelled) -> list[Action]:
    """What a record's page offers about its label: to print it, to look at it, to account for what was printed."""
    kind = ADDRESSES[KIND_OF[type(record)]]
    if may(user, PRINT, record if hasattr(record, "site_id") else None):
        found = [Action(_("Print label"), address_of("print_label", record), "printer", PRINT)]
    elif isinstance(record, (Lot, SerializedUnit)):
        sheet = f"{reverse(f'traceability:{kind}_labels')}?row={record.pk}"
        found = [Action(_("Label"), sheet, "printer", f"traceability.view_{kind}", new_window=True)]
    else:
        found = []
    if isinstance(record, Lot):
        found.append(Action(_("Account for labels"), address_of("reconcile_labels", record), "list-check", RECONCILE))
    return found


def labels_of(user: Any, record: Lot | SerializedUnit) -> dict[str, Any]:
    """The labels printed of a record, what was signed about them, and the printer at which one tap prints the first."""
    if not may(user, SEE, record):
        return {}
    labels = list(labels_about(record)[:LABELS_SHOWN])
    counted = reconciliations_of(record).first() if labels else None
    found = {"labels": labels, "counted": counted, "shown": LABELS_SHOWN}
    if not may(user, PRINT, record) or (printer := default_printer(record.site)) is None:
        return found
    template = next(iter(templates_for(record)), None)
    if template is None or printed_before([record], template.code):
        return found
    return {**found, "label_printer": printer, "label_url": address_of("print_label", record)}


def labels_part(user: Any, record: Lot | SerializedUnit) -> Part:
    """The card about labels on a record's page, which the browser asks for once the page is shown."""
    template = "traceability/_labels_of.html"
    waiting = gettext_lazy("Looking for labels…")
    return Part("labels", gettext_lazy("Labels"), template, lambda: labels_of(user, record), waiting)


class Printing(MovePage):
    """Base: print the label of one record."""

    template_name = "traceability/label_print.html"
    deed_permission = PRINT
    form_class = forms.PrintLabelForm
    label = gettext_lazy("Print label")
    explanation = gettext_lazy("The print is kept with your name. A second one of the same label needs the reason.")

    def site(self) -> Any:
        """Where it is printed."""
        return getattr(self.record, "site", None)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "record": self.record, "site": self.site()}

    def get_initial(self) -> dict[str, Any]:
        printer = default_printer(self.site()) if self.site() is not None else None
        return {"printer": printer, **super().get_initial()}

    @cached_property
    def printed(self) -> list[Label]:
        """The labels of the record, the latest first."""
        return list(labels_about(self.record)[:LABELS_SHOWN])

    def covered(self) -> list[Fact]:
        zone = zone_of(self.request)
        found = []
        for label in self.printed:
            why = f" · {label.reason}" if label.reason else ""
            said = format_html("{} · {} · × {}{}", site_time(label.stamped_at, zone), label.actor, label.copies, why)
            found.append(Fact(_("Printed before"), said, tone="warn"))
        return found

    def preview(self) -> dict[str, Any]:
        """The label as it would be printed, or why it would not."""
        template = next(iter(templates_for(self.record)), None)
        if template is None:
            return {"sheet": KIND_OF[type(self.record)] in {"lot", "unit"}}
        try:
            return {"drawing": svg(place(layout_of(template), said_by(self.record))), "shown": template}
        except LayoutProblem as problem:
            return {"problems": problem.problems, "shown": template}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**self.preview(), **more)

    def deed(self, form: Any) -> PrintJob:
        values = form.cleaned_data
        return services.print_labels(
            records=[self.record],
            site=self.site(),
            printer=values["printer"],
            template=values["template"],
            copies=values["copies"],
            reason=values["reason"],
            actor=self.request.user,
        )

    def success_url(self, result: Any) -> str:
        if result.printer is None:
            return str(result.get_absolute_url())
        said = _("%(title)s was sent to printer %(printer)s.") % {"title": result.title, "printer": result.printer}
        messages.success(self.request, said)
        return str(self.record.get_absolute_url())


class LotPrintLabel(Printing):
    """Print the label of a lot."""

    model, permission = Lot, "traceability.view_lot"

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("site", "material", "revision")


class UnitPrintLabel(Printing):
    """Print the label of a serialized unit."""

    model, permission = SerializedUnit, "traceability.view_serializedunit"

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("site", "material", "lot")


class LocationPrintLabel(Printing):
    """Print the label of a storage location."""

    model, permission = StorageLocation, "traceability.view_storagelocation"

    def get_queryset(self) -> QuerySet[StorageLocation]:
        return StorageLocation.objects.select_related("site")


class MaterialPrintLabel(Printing):
    """Print the label of a material, at a site where the visitor may."""

    model, permission = Material, "traceability.view_material"

    def site(self) -> Any:
        return sites_of(self.request.user, PRINT).order_by("pk").first()


class ContainerPrintLabel(Printing):
    """Print the logistic label of a container."""

    model, permission = Container, "traceability.view_container"

    def get_queryset(self) -> QuerySet[Container]:
        return Container.objects.select_related("site")


class LabelReconcile(MovePage):
    """Account for the printed labels of a lot, signed."""

    model, permission, deed_permission = Lot, "traceability.view_lot", RECONCILE
    form_class: ClassVar[type[django_forms.BaseForm]] = forms.ReconcileForm
    label = gettext_lazy("Account for labels")
    meaning = "verified"
    explanation = gettext_lazy("Every label that was printed was used, was spoiled and destroyed, or was returned.")

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("site", "material", "revision")

    def covered(self) -> list[Fact]:
        return [Fact(_("Labels printed"), printed_count(self.record))]

    def already_signed(self) -> Any:
        return []

    def digest(self) -> str:
        return ""

    def deed(self, form: Any) -> LabelReconciliation:
        values = form.cleaned_data
        return services.reconcile_labels(
            record=self.record,
            used=values["used"],
            spoiled=values["spoiled"],
            returned=values["returned"],
            remark=values["remark"],
            reason=values["reason"],
            signature=self.proof(),
            actor=self.request.user,
        )

    def success_url(self, result: Any) -> str:
        return str(self.record.get_absolute_url())


class Labels(ChosenRows):
    """Base: the labels of what was chosen in a list. Who may print none gets a specimen to look at."""

    template_name = "traceability/labels_print.html"
    form_class = forms.PrintLabelForm
    title: ClassVar[Text] = ""
    nothing: ClassVar[Text] = ""
    list_url_name: ClassVar[str] = ""

    def get_form_kwargs(self) -> dict[str, Any]:
        first = self.chosen[0] if self.chosen else None
        return {**super().get_form_kwargs(), "record": first, "site": getattr(first, "site", None)}

    def get_initial(self) -> dict[str, Any]:
        return {"printer": default_printer(self.chosen[0].site)} if self.chosen else {}

    @cached_property
    def form(self) -> Any:
        form = super().form
        form.fields["reason"] = forms.reason_field(is_needed=bool(self.again))
        return form

    @cached_property
    def again(self) -> list[Any]:
        """Those whose label was printed before."""
        if not self.chosen:
            return []
        template = next(iter(templates_for(self.chosen[0])), None)
        known = printed_before(self.chosen, template.code if template is not None else "")
        return [record for record in self.chosen if record.pk in known]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.chosen:
            messages.info(request, str(self.nothing))
            return redirect(self.list_url_name)
        return self.render(form=self.form) if PRINT in held(request) else self.specimen()

    def specimen(self) -> HttpResponse:
        """The labels as they would be, with words that forbid their use. Nothing is printed and nothing recorded."""
        labels = [sheet_label(record) for record in self.chosen]
        for label in labels:
            label["lines"] = [*label["lines"], _("Specimen: not to be put on anything")]
        pdf = render_sheet("core/printing/labels.html", {"labels": labels}, title=self.title)
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = 'inline; filename="labels.pdf"'
        return response

    def deed(self, form: Any) -> PrintJob:
        values = form.cleaned_data
        return services.print_labels(
            records=self.chosen,
            printer=values["printer"],
            template=values["template"],
            copies=values["copies"],
            reason=values["reason"],
            actor=self.request.user,
        )

    def crumbs(self) -> list[tuple[Any, str]]:
        listed = (str(self.model._meta.verbose_name_plural).capitalize(), self.cancel_url())
        return [listed, (self.page_title(), "")]

    def cancel_url(self) -> str:
        return reverse(self.list_url_name)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(again=self.again, **{"blockers": (), **more})


class LotLabels(Labels):
    """The labels of the chosen lots."""

    model = Lot
    permission = "traceability.view_lot"
    title = gettext_lazy("Labels of lots")
    nothing = gettext_lazy("Choose the lots whose labels you want first.")
    list_url_name = "traceability:lot_list"

    def get_queryset(self) -> QuerySet[Lot]:
        return Lot.objects.select_related("material", "site")


class UnitLabels(Labels):
    """The labels of the chosen units."""

    model = SerializedUnit
    permission = "traceability.view_serializedunit"
    title = gettext_lazy("Labels of units")
    nothing = gettext_lazy("Choose the units whose labels you want first.")
    list_url_name = "traceability:serializedunit_list"

    def get_queryset(self) -> QuerySet[SerializedUnit]:
        return SerializedUnit.objects.select_related("material", "site", "lot")


class LabelList(ListPage):
    """Every label that was printed, the latest first."""

    model, permission = Label, SEE
    title = gettext_lazy("Printed labels")
    table_class = LabelTable
    search_fields = ("subject_label", "content", "reason")
    order = ("-id",)
    empty_title = gettext_lazy("No labels were printed yet")
    empty_text = gettext_lazy("Open a lot or a unit and print its label.")
    empty_icon = "tag"

    def get_queryset(self) -> QuerySet[Label]:
        return Label.objects.select_related("site", "actor", "template", "print_job__printer")


class LabelDetail(DetailPage):
    """One print of a label: of what, by which template, with which content, and why again."""

    model, permission = Label, SEE
    timeline_later = True

    def get_queryset(self) -> QuerySet[Label]:
        return Label.objects.select_related("site", "actor", "template", "print_job__printer", "reprint_of")

    def page_title(self) -> str:
        return _("Label of %(record)s") % {"record": self.record.subject_label}

    def badges(self) -> list[tuple[Any, str, str]]:
        return [(_("Reprint"), "warn", "printer")] if self.record.reprint_of_id else []

    def facts(self) -> list[Fact]:
        label = self.record
        template, job = label.template, label.print_job
        facts = [
            Fact(_("Printed by"), label.actor),
            Fact(_("Printed"), site_time(label.stamped_at, zone_of(self.request))),
            Fact(_("Copies"), label.copies),
            Fact(
                _("Label template"), template or _("Sheet of Trueline"), template.get_absolute_url() if template else ""
            ),
            Fact(_("Print"), f"{job.printer or _('PDF')} · {job.get_status_display()}", job.get_absolute_url()),
            Fact(_("What the symbols say"), label.content, wide=True),
        ]
        if label.reason:
            facts.append(Fact(_("Why it was printed again"), label.reason, wide=True))
        return facts

    def related(self) -> list[Related]:
        subject = self.record.subject
        found = [Related(self.record.subject_label, subject.get_absolute_url() if subject else "", _("labelled"))]
        before = self.record.reprint_of
        if before is not None:
            found.append(Related(_("The print before"), before.get_absolute_url(), f"× {before.copies}"))
        return found
