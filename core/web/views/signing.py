"""What the pages share on which somebody signs: the fields of the signer, and the proof of who they are."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property

from core.web import slots
from core.web.forms import SignatureForm
from core.web.views.record import Page


class SigningMixin(Page):
    """Asks for what identifies the signer where the deed has a meaning, and has it checked before the deed."""

    def deed_meaning(self) -> str:
        """The meaning of the signature, empty when none is asked."""
        return ""

    @cached_property
    def signature_form(self) -> SignatureForm | None:
        """The fields of the signer, or None when nothing is signed."""
        if not self.deed_meaning():
            return None
        first, with_code = slots.signer().asked_of(self.request)
        data = self.request.POST if self.request.method == "POST" else None
        return SignatureForm(data, first=first, with_code=with_code)

    def proof(self) -> Any:
        """The signer's proof of identity, checked in its own transaction before the deed; None when none is asked."""
        signature_form = self.signature_form
        if signature_form is None:
            return None
        values = signature_form.cleaned_data
        return slots.signer().identify(
            user_id=values.get("user_id", ""),
            secret=values["secret"],
            meaning=self.deed_meaning(),
            request=self.request,
            code=values.get("code", ""),
        )
