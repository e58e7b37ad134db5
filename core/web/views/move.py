"""The one page for a lifecycle move or another deed: what it means, the reason, the signature."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.lifecycle import Lifecycle, Move
from core.kernel.records import TrailedModel
from core.kernel.wiring import ask
from core.web import slots
from core.web.access import Forbidden, may
from core.web.forms import Form, ReasonField
from core.web.questions import DigestOf, SignaturesOf
from core.web.views.form import DeedMixin
from core.web.views.parts import Part, PartsMixin
from core.web.views.record import RecordPage, Text
from core.web.views.signing import SigningMixin


class MovePage(SigningMixin, DeedMixin, PartsMixin, RecordPage):
    """Confirm, reason, sign, do. For a lifecycle move give `move` here or as `<slug:move>` in the address.

    For another deed leave `move` empty, give `label`, `deed_permission`, `meaning` (empty: no signature) and
    override `deed(form)`. `permission` is the right to *see* the record; the right to move is the move's own.
    """

    template_name = "generic/move.html"
    form_class: ClassVar[type[forms.BaseForm]] = Form
    move: ClassVar[str] = ""
    label: ClassVar[Text] = ""
    meaning: ClassVar[str] = ""
    deed_permission: ClassVar[str] = ""
    explanation: ClassVar[Text] = ""
    gates_later: ClassVar[bool] = False
    """Whether the browser asks what stands against it once the page is shown; the form waits for the answer."""
    signatures_later: ClassVar[bool] = False
    """Whether it asks then who signed before, and whether that still fits."""
    signature: Any = None

    @cached_property
    def transition(self) -> Move | None:
        """The move of this page, or None for another deed; 404 for a move that no page offers."""
        name = self.kwargs.get("move") or self.move
        if not name:
            return None
        lifecycle = self.model.lifecycle  # type: ignore[attr-defined]
        if not isinstance(lifecycle, Lifecycle) or name not in lifecycle.by_move or lifecycle.move(name).automatic:
            raise Http404(_("There is no such step for this record."))
        return lifecycle.move(name)

    def overwritten(self) -> TrailedModel | None:
        record: TrailedModel | None = self.record if self.transition is not None else None
        return record

    def deed_label(self) -> Text:
        """The words on the button."""
        label = self.transition.label if self.transition else self.label
        if not label:
            raise ImproperlyConfigured(f"{type(self).__qualname__}: give `move` or `label`")
        return label

    def deed_meaning(self) -> str:
        """The meaning of the signature, empty when none is asked."""
        return self.transition.signature if self.transition else self.meaning

    def required_permission(self) -> str:
        """The right to do it, asked at the record."""
        return self.transition.permission if self.transition else (self.deed_permission or self.permission)

    def may_do(self) -> bool:
        """Whether the visitor holds that right here."""
        return may(self.request.user, self.required_permission(), self.record)

    def statement(self) -> Text:
        """What is done or signed, in one plain sentence."""
        return self.explanation or (self.transition.explanation if self.transition else "")

    def covered(self) -> Sequence[Any]:
        """What the signature covers, as facts shown above it."""
        return ()

    def blockers(self) -> Sequence[Any]:
        """What stands against it now; shown before anybody types a password."""
        if self.transition is None:
            return ()
        states = slots.mover().available_moves(self.record, self.request.user, self.transition.name)
        return states[0].blockers if states else ()

    def is_offered(self) -> bool:
        """Whether the move starts in the record's present state."""
        return self.transition is None or self.record.status in self.transition.origins

    @property
    def needs_reason(self) -> bool:
        return self.asks_reason or bool(self.transition and self.transition.reason_required)

    @cached_property
    def form(self) -> Any:
        form = super().form
        if "reason" not in form.fields:
            form.fields["reason"] = ReasonField(required=self.needs_reason)
        return form

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = self.refusal(request)
        if refusal is not None:
            return refusal
        if not self.may_do():
            raise Forbidden(self.required_permission())
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        later = self.gates_later and self.is_offered()
        return self.answer_part() or self.render(form=self.form, blockers=() if later else self.blockers())

    def parts(self) -> Sequence[Part]:
        gates = Part(
            "gates",
            gettext_lazy("What stands against it"),
            "generic/_against.html",
            lambda: {"blockers": self.blockers()},
            gettext_lazy("Checking what stands against it…"),
            is_announced=True,
            holds_form=True,
        )
        signed = Part(
            "signatures",
            gettext_lazy("Signatures"),
            "generic/_signatures.html",
            lambda: {"signatures": self.already_signed()},
            gettext_lazy("Checking the signatures…"),
        )
        return [part for part, comes in ((gates, self.gates_later), (signed, self.signatures_later)) if comes]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form_ok = self.form.is_valid()
        signature_form = self.signature_form
        if (signature_form is not None and not signature_form.is_valid()) or not form_ok:
            return self.show_again()
        return super().post(request, *args, **kwargs)

    def deed(self, form: Any) -> Any:
        """Make the move, by its service where it has one. Override for another deed than a move.

        `self.proof()` is the signature to hand to the service.
        """
        if self.transition is None:
            raise NotImplementedError(f"{type(self).__qualname__}: override deed()")
        values = dict(form.cleaned_data)
        return slots.mover().make_move(
            self.record,
            self.transition.name,
            actor=self.request.user,
            reason=values.pop("reason", ""),
            signature=self.proof(),
            **values,
        )

    def signed_record(self) -> Any:
        """What the signature is bound to. Override where it is another record than the page's own."""
        return self.record

    def already_signed(self) -> Sequence[Any]:
        """Who signed it before, and who is asked to. Override where there is no record yet."""
        return ask(SignaturesOf(self.signed_record()))

    def digest(self) -> str:
        """The digest of what is signed."""
        return next(iter(ask(DigestOf(self.signed_record()))), "")

    def page_title(self) -> Text:
        return self.title or self.deed_label()

    def crumbs(self) -> list[tuple[Text, str]]:
        return [*super().crumbs()[:-1], (self.number() or str(self.record), self.record_url()), (self.page_title(), "")]

    def cancel_url(self) -> str:
        return self.record_url()

    def context(self, **more: Any) -> dict[str, Any]:
        is_signed = bool(self.deed_meaning())
        return super().context(
            record=self.record,
            number=self.number(),
            record_name=self.record_name(),
            label=self.deed_label(),
            meaning=self.deed_meaning(),
            meaning_label=slots.signer().meanings[self.deed_meaning()] if is_signed else "",
            statement=self.statement(),
            transition=self.transition,
            is_offered=self.is_offered(),
            covered=self.covered(),
            signature_form=self.signature_form,
            signatures=self.already_signed() if is_signed and not self.signatures_later else [],
            digest=self.digest() if is_signed else "",
            **{"blockers": (), **more},
        )
