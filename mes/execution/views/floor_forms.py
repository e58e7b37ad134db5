"""The dialogs of the terminal: each asks for what one service needs."""

from __future__ import annotations

import re
import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocked, Blocker
from core.web.forms import NO_NUL, Form, QuantityField
from core.web.scan import clean
from mes.execution import services
from mes.execution.models import OrderOperation
from mes.execution.queries import (
    Component,
    GateContext,
    counters,
    deviations_at,
    material_lines,
    scanned_component,
    scanned_components,
    scanned_gauge,
    scanned_serial,
)
from mes.execution.services import Measured, Outcome
from mes.instructions.queries import limits_text
from mes.routing.models import ScrapReason
from qms.nonconformance.models import DefectCode, PlannedDeviation, Severity
from traceability.queries import plain

Result = Outcome[Any]
QUANTITY = QuantityField(max_digits=18, decimal_places=6)
LONGEST = 4000
LONGEST_CODE = 200
"""Characters of a scanned GS1 label."""
LONGEST_SERIAL = 60
TYPED = forms.CharField(
    max_length=LONGEST,
    required=False,
    strip=False,
    error_messages={"max_length": _("Write it in at most %(limit_value)s characters."), **NO_NUL},
)
"""A value or a reason as it is typed on the operation's page, outside of a dialog."""


def planned_deviations(operation: OrderOperation, code: str = "") -> QuerySet[PlannedDeviation]:
    """Those of the site that were approved at some time, for a value where one is named.

    Whether one still counts is said in words by the guards.
    """
    found = PlannedDeviation.objects.filter(site=operation.order.site, status__in=("approved", "closed"))
    revision = operation.document_revision
    if code and revision is not None:
        found = found.filter(document=revision.document_id, parameter=code)
    return found.order_by("number")


def chosen_deviation(operation: OrderOperation, text: str) -> PlannedDeviation | None:
    """The planned deviation that was chosen, or None. Raises `ValidationError` for what is none of the site."""
    if not text.strip():
        return None
    found = forms.ModelChoiceField(
        queryset=planned_deviations(operation),
        error_messages={"invalid_choice": _("There is no such planned deviation here.")},
    ).clean(text.strip())
    return found if isinstance(found, PlannedDeviation) else None


class Dialog(Form):
    """Base of the dialogs. `deed` calls one service."""

    heading: Any = ""
    lead: Any = ""
    button: Any = _("Save")
    shows_materials = False
    is_signed = False

    def __init__(self, data: Any, files: Any, *, operation: OrderOperation, request: HttpRequest) -> None:
        self.operation = operation
        self.request = request
        super().__init__(data, files, initial=self.first_values())

    def first_values(self) -> dict[str, Any]:
        """First values; a scan gives some in the address."""
        return {name: self.request.GET[name] for name in self.request.GET if name in self.base_fields}

    def keep_refused(self, actor: Any) -> None:
        """Keep what was refused already when the entry was read; nothing unless a dialog says so."""

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        raise NotImplementedError

    def next_address(self, operation_url: str) -> str:
        """Where to go afterwards."""
        return operation_url


def still_needed(operation: OrderOperation, code: str) -> Decimal:
    """How much of the scanned lot the order still needs and the lot has; 0 when it is no component here."""
    try:
        lot, unit = scanned_component(operation, code)
    except Blocked:
        return Decimal(0)  # Why not is said when it is booked.
    if unit is not None:
        return Decimal(1)
    for line in material_lines(operation, with_choices=True):
        if line.material.pk == lot.material_id:
            there = [choice.available for choice in line.lots if choice.lot.pk == lot.pk]
            return min([line.remaining, *there])
    return Decimal(0)


class ConsumeDialog(Dialog):
    """Scan a component and book it out."""

    heading, button, shows_materials = _("Components"), _("Use it"), True
    lead = _("Scan the label of the lot or unit you take.")

    code = forms.CharField(
        label=_("Lot or serial number"),
        max_length=LONGEST_CODE,
        # A scan is not typed into the field: it reads this page again, with the quantity that is still needed.
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )
    quantity = QuantityField(label=_("Quantity"), initial=Decimal(1), max_digits=18, decimal_places=6)
    explanation = forms.CharField(
        label=_("Explanation"), required=False, max_length=500, help_text=_("Only when it is not what was planned.")
    )

    def first_values(self) -> dict[str, Any]:
        """After a scan: what the order still needs of it, as far as the lot has it."""
        values = super().first_values()
        if "code" in values and "quantity" not in values:
            needed = still_needed(self.operation, clean(values["code"]).text)
            if needed > 0:
                values["quantity"] = f"{needed.normalize():f}"
        return values

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        code = self.cleaned_data["code"].strip()
        lot, unit = services.read_component(order_operation=self.operation, code=code, actor=actor)
        return services.consume_lot(
            order_operation=self.operation,
            lot=lot,
            unit=unit,
            quantity=Decimal(1) if unit is not None else self.cleaned_data["quantity"],
            explanation=self.cleaned_data["explanation"],
            terminal=terminal,
            actor=actor,
            client_id=client_id,
        )

    def next_address(self, operation_url: str) -> str:
        return f"{operation_url}dialog/consume/"


class OutputDialog(Dialog):
    """Good and scrap in one dialog."""

    heading, button = _("Good and scrap"), _("Report")

    good = QuantityField(label=_("Good"), initial=Decimal(0), max_digits=18, decimal_places=6, required=False)
    scrap = QuantityField(label=_("Scrap"), initial=Decimal(0), max_digits=18, decimal_places=6, required=False)
    scrap_reason = forms.ModelChoiceField(
        label=_("Why scrap"), queryset=ScrapReason.objects.filter(is_active=True), required=False
    )
    explanation = forms.CharField(
        label=_("Explanation"), required=False, max_length=500, help_text=_("Only for more than was ordered.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        done = counters(self.operation)
        for name in ("good", "scrap"):
            self.fields[name].unit = self.operation.order.material.uom.symbol  # type: ignore[attr-defined]
        said = _t("%(remaining)s of %(planned)s are not reported yet.")
        self.fields["good"].help_text = said % {"remaining": plain(done.remaining), "planned": plain(done.planned)}

    def clean_good(self) -> Decimal:
        """Nothing entered is nothing made."""
        return Decimal(self.cleaned_data["good"] or 0)

    def clean_scrap(self) -> Decimal:
        """Nothing entered is nothing scrapped."""
        return Decimal(self.cleaned_data["scrap"] or 0)

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        return services.report_output(
            order_operation=self.operation, terminal=terminal, actor=actor, client_id=client_id, **self.cleaned_data
        )


class UnitDialog(Dialog):
    """Finish one serialized unit: its serial number, what goes into it, its values."""

    heading, button, shows_materials = _("Finish a unit"), _("Unit finished"), True
    lead = _("Scan the unit's serial number, then each component that goes into it, one per line.")

    serial = forms.CharField(
        label=_("Serial number"),
        max_length=LONGEST_CODE,
        widget=forms.TextInput(attrs={"data-accepts-scan": "", "autocomplete": "off", "autofocus": True}),
    )
    components = forms.CharField(
        label=_("Components"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        help_text=_("Lot or serial number; for more than one piece add the quantity after a space: AW-1 4"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.refused: list[Blocker] = []
        self.points = GateContext(self.operation, None).data_points
        for kind in {point.gauge_class_id: point.gauge_class for point in self.points}.values():
            if kind is not None:
                self.fields[f"gauge-{kind.pk}"] = forms.CharField(
                    label=f"{_t('Gauge')} · {kind.name}",
                    required=False,
                    max_length=40,
                    help_text=_t("Scan the gauge you measure with."),
                    widget=forms.TextInput(attrs={"data-accepts-scan": "", "autocomplete": "off"}),
                )
        deviations = deviations_at(self.operation)
        for point in self.points:
            self.fields[f"value-{point.pk}"] = forms.CharField(
                label=point.label,
                required=False,
                help_text=" · ".join(filter(None, (limits_text(point), _t("of this unit")))),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )
            if deviations.get(point.code):
                self.fields[f"deviation-{point.pk}"] = forms.ModelChoiceField(
                    label=_t("Planned deviation · %(label)s") % {"label": point.label},
                    queryset=planned_deviations(self.operation, point.code),
                    required=False,
                    help_text=_t("Only where the value leaves its limits as the deviation allows."),
                )

    def keep_refused(self, actor: Any) -> None:
        """What was scanned and does not fit is kept as a refused attempt."""
        if self.refused:
            services.refuse_scans(
                order_operation=self.operation, action="complete_unit", blockers=self.refused, actor=actor
            )

    def clean_serial(self) -> str:
        """As it was typed, or as the GS1 label of the unit says it."""
        try:
            serial = scanned_serial(self.operation, self.cleaned_data["serial"])
        except Blocked as blocked:
            self.refused += [*blocked.blockers]
            raise ValidationError([f"{one.message} {one.remedy}" for one in blocked.blockers]) from blocked
        if len(serial) > LONGEST_SERIAL:
            raise ValidationError(_t("A serial number has at most %(most)s characters.") % {"most": LONGEST_SERIAL})
        return serial

    def clean_components(self) -> list[Component]:
        entered = []
        # Not splitlines(): the group separator of a GS1 label would be taken for the end of a line.
        for line in re.split("[\r\n]+", self.cleaned_data["components"]):
            if not line.strip():
                continue
            code, _space, rest = line.strip().partition(" ")
            try:
                entered.append((code, QUANTITY.clean(rest.strip() or "1")))
            except ValidationError as problem:
                raise ValidationError(_t("“%(text)s” is no quantity.") % {"text": rest[:40]}) from problem
        named = scanned_components(self.operation, [code for code, _quantity in entered]) if entered else {}
        found = []
        for code, quantity in entered:
            what = named[code]
            if isinstance(what, Blocker):
                self.refused.append(what)
                raise ValidationError(f"{what.message} {what.remedy}")
            found.append(Component(what[0], quantity, what[1]))
        return found

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        gauges = {
            name: scanned_gauge(self.operation, code)
            for name, code in self.cleaned_data.items()
            if name.startswith("gauge-")
        }
        values = [
            Measured(
                point,
                self.cleaned_data[f"value-{point.pk}"],
                gauges.get(f"gauge-{point.gauge_class_id}"),
                self.cleaned_data.get(f"deviation-{point.pk}"),
            )
            for point in self.points
            if self.cleaned_data.get(f"value-{point.pk}")
        ]
        return services.complete_unit(
            order_operation=self.operation,
            serial=self.cleaned_data["serial"],
            components=self.cleaned_data["components"],
            values=values,
            terminal=terminal,
            actor=actor,
            client_id=client_id,
        )

    def next_address(self, operation_url: str) -> str:
        return f"{operation_url}dialog/unit/"


class DefectDialog(Dialog):
    """Report a defect: what, how bad, a photo; the circumstances are filled in by the server."""

    heading, button = _("Report a defect"), _("Report and hold")
    lead = _("Order, operation, instruction, lots, station and your name are added by themselves.")

    title = forms.CharField(label=_("What is wrong?"), max_length=160)
    defect_code = forms.ModelChoiceField(label=_("Kind of defect"), queryset=DefectCode.objects.all(), required=False)
    severity = forms.ChoiceField(label=_("How bad?"), choices=Severity.choices)
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"})
    )

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        values = self.cleaned_data
        return services.report_defect(
            order_operation=self.operation,
            title=values["title"],
            severity=values["severity"],
            defect_code=values["defect_code"],
            photos=[values["photo"]] if values["photo"] else (),
            actor=actor,
            client_id=client_id,
        )
