"""The dialogs of the terminal that are signed: completing an operation, and a further signature on it."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.signing.lifecycle import PIN_MEANINGS
from core.web import slots
from mes.execution import services
from mes.execution.queries import GateContext, components_missing, signature_needs
from mes.execution.views.floor_forms import Dialog, Result
from traceability.queries import plain


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


def code_field(label: Any = "") -> forms.CharField:
    """The code of the signer's app: for what the PIN is never enough for, where they have switched it on."""
    return forms.CharField(
        label=label or _("Code of your app"),
        max_length=20,
        required=False,
        help_text=_("Only if you have switched on codes of an app."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SignedDialog(Dialog):
    """A dialog that is signed: user name or badge the first time, the secret each time."""

    user_id = badge_field(label=_("Badge or user name"))
    secret = secret_field()
    code = code_field()

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
            code=self.cleaned_data.get("code", ""),
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
        if not self.meaning or self.meaning in PIN_MEANINGS:
            del self.fields["code"]

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
    code = code_field()

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
        else:
            del self.fields["code"]
        if not self.fields["meaning"].choices:  # type: ignore[attr-defined]
            self.lead = _("Nothing waits for a signature here: every one that the routing asks for is given.")
            for name in self.fields.keys() - {"meaning"}:
                del self.fields[name]

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        meaning = self.cleaned_data["meaning"]
        proof = slots.signer().identify_second(
            user_id=self.cleaned_data["user_id"],
            secret=self.cleaned_data["secret"],
            meaning=meaning,
            request=self.request,
            code=self.cleaned_data.get("code", ""),
        )
        return services.sign_operation(
            order_operation=self.operation, meaning=meaning, signature=proof, actor=proof.user
        )
