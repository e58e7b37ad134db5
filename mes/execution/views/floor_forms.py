"""The dialogs of the terminal: each asks for what one service needs."""

from __future__ import annotations

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocked, Blocker
from core.signing.lifecycle import PIN_MEANINGS
from core.web import slots
from core.web.forms import NO_NUL, Form, QuantityField
from core.web.scan import clean
from mes.execution import services
from mes.execution.models import OrderOperation
from mes.execution.queries import (
    Component,
    GateContext,
    components_missing,
    counters,
    material_lines,
    scanned_component,
    scanned_components,
    signature_needs,
)
from mes.execution.services import Measured, Outcome
from mes.instructions.queries import limits_text
from mes.routing.models import ScrapReason
from qms.nonconformance.models import DefectCode, Severity
from traceability.queries import plain

Result = Outcome[Any]
QUANTITY = QuantityField(max_digits=18, decimal_places=6)
LONGEST = 4000
TYPED = forms.CharField(
    max_length=LONGEST,
    required=False,
    strip=False,
    error_messages={"max_length": _("Write it in at most %(limit_value)s characters."), **NO_NUL},
)
"""A value or a reason as it is typed on the operation's page, outside of a dialog."""


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
        max_length=80,
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
        lot, unit = scanned_component(self.operation, self.cleaned_data["code"].strip())
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
        max_length=60,
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
        self.points = GateContext(self.operation, None).data_points
        for point in self.points:
            self.fields[f"value-{point.pk}"] = forms.CharField(
                label=point.label,
                required=False,
                help_text=" · ".join(filter(None, (limits_text(point), _t("of this unit")))),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
            )

    def clean_components(self) -> list[Component]:
        entered = []
        for line in self.cleaned_data["components"].splitlines():
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
                raise ValidationError(f"{what.message} {what.remedy}")
            found.append(Component(what[0], quantity, what[1]))
        return found

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        values = [
            Measured(point, self.cleaned_data[f"value-{point.pk}"])
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


def badge_field(*, label: Any, scanned_anywhere: bool = False) -> forms.CharField:
    """Who signs; with `scanned_anywhere` a scan on the page goes into it, whatever has the focus."""
    attrs = {"autocomplete": "off", "autocapitalize": "none", "data-accepts-scan": ""}
    if scanned_anywhere:
        attrs |= {"data-takes-scans": "", "autofocus": "autofocus"}
    return forms.CharField(label=label, max_length=80, widget=forms.TextInput(attrs=attrs))


def secret_field() -> forms.CharField:
    """The signer's PIN or password."""
    return forms.CharField(
        label=_("PIN or password"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )


class SignedDialog(Dialog):
    """A dialog that is signed: user name or badge the first time, the secret each time."""

    user_id = badge_field(label=_("Badge or user name"))
    secret = secret_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not slots.signer().is_first_signing(self.request):
            del self.fields["user_id"]

    def proof(self, meaning: str) -> Any:
        """Identify the signer before the deed."""
        return slots.signer().identify(
            user_id=self.cleaned_data.get("user_id", ""),
            secret=self.cleaned_data["secret"],
            meaning=meaning,
            request=self.request,
        )


class CompleteDialog(SignedDialog):
    """Complete the operation; the performer's signature is asked when the routing asks for it."""

    heading, button = _("Complete the operation"), _("Complete")

    explanation = forms.CharField(label=_("Why fewer pieces?"), required=False, max_length=500)
    material_explanation = forms.CharField(label=_("Why are components missing?"), required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        context = GateContext(self.operation, None)
        self.ask_why(context)
        needs = signature_needs(self.operation, context.requirements)
        self.meaning = next((n.meaning for n in needs if n.given is None and not n.witness), "")
        self.is_signed = bool(self.meaning)
        self.meaning_word = slots.signer().meanings[self.meaning] if self.meaning else ""
        for name in () if self.meaning else ("user_id", "secret"):
            self.fields.pop(name, None)

    def ask_why(self, context: GateContext) -> None:
        """Each gate has its own question, and it is asked only where that gate asks."""
        said = _t("%(done)s of %(planned)s are reported. Go back to report the rest, or say why it ends with fewer.")
        count, lacking = context.counters, components_missing(context)
        figures = {"done": plain(count.good + count.scrap), "planned": plain(count.planned)}
        asked = {
            "explanation": said % figures if count.remaining > 0 else "",
            "material_explanation": " ".join(map(str, lacking)),
        }
        for name, why in asked.items():
            if why and not getattr(self.operation, name):
                self.fields[name].help_text = why
            else:
                del self.fields[name]

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        return services.complete_operation(
            order_operation=self.operation,
            explanation=self.cleaned_data.get("explanation", ""),
            material_explanation=self.cleaned_data.get("material_explanation", ""),
            signature=self.proof(self.meaning) if self.meaning else None,
            terminal=terminal,
            actor=actor,
            client_id=client_id,
        )

    def next_address(self, operation_url: str) -> str:
        return operation_url.split("operations/")[0]


class SignDialog(Dialog):
    """A further signature on the operation, such as a witness's, by whoever identifies in it.

    Whoever is signed on stays so: the second person says who they are with each signature.
    """

    heading, button = _("Sign as it stands"), _("Sign")
    lead = _("The person who signs scans their badge here and enters their own secret. Whoever is signed on stays so.")
    is_signed = True

    meaning = forms.ChoiceField(label=_("Meaning"), choices=())
    user_id = badge_field(label=_("Badge or user name of the person who signs"), scanned_anywhere=True)
    secret = secret_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        context = GateContext(self.operation, None)
        meanings = slots.signer().meanings
        self.fields["meaning"].choices = [  # type: ignore[attr-defined]
            (need.meaning, meanings[need.meaning])
            for need in signature_needs(self.operation, context.requirements)
            if need.given is None
        ]
        if any(meaning not in PIN_MEANINGS for meaning, _word in self.fields["meaning"].choices):  # type: ignore[attr-defined]
            words = ", ".join(str(meanings[meaning]) for meaning in meanings if meaning in PIN_MEANINGS)
            said = _t("The PIN is enough for: %(meanings)s. Others need the password.")
            self.fields["secret"].help_text = said % {"meanings": words}

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        meaning = self.cleaned_data["meaning"]
        proof = slots.signer().identify_second(
            user_id=self.cleaned_data["user_id"],
            secret=self.cleaned_data["secret"],
            meaning=meaning,
            request=self.request,
        )
        return services.sign_operation(
            order_operation=self.operation, meaning=meaning, signature=proof, actor=proof.user
        )


DIALOGS: dict[str, type[Dialog]] = {
    "consume": ConsumeDialog,
    "output": OutputDialog,
    "unit": UnitDialog,
    "defect": DefectDialog,
    "complete": CompleteDialog,
    "sign": SignDialog,
}
