"""One deed on many records: each by itself with its verdict, or, where it is one decision, all of them or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.errors import Blocked, Blocker
from core.kernel.lifecycle import Lifecycle, Move
from core.web import slots
from core.web.access import Access, Forbidden, held, scoped
from core.web.forms import Form, ReasonField
from core.web.once import once
from core.web.views.form import DeedMixin
from core.web.views.record import Text
from core.web.views.signing import SigningMixin

MOST = 200
"""Records that one bulk deed takes: what a person can have looked at."""


@dataclass(frozen=True)
class Bulk:
    """A verb of a list's bulk bar: its label, the page it leads to, the permission it needs, its icon."""

    label: Text
    url_name: str
    permission: str = ""
    icon: str = ""
    new_window: bool = False

    @property
    def url(self) -> str:
        return reverse(self.url_name)


@dataclass(frozen=True)
class Verdict:
    """What became of one record: done, or the reasons why not."""

    record: Any
    blockers: Sequence[Blocker] = ()


def offered(bulk: Iterable[Bulk], request: HttpRequest) -> list[Bulk]:
    """The verbs whose permission the visitor holds somewhere."""
    return [one for one in bulk if not one.permission or one.permission in held(request)]


class ChosenRows(DeedMixin):
    """Base: the records that were chosen in a list, from the address (`?row=1&row=2`), within the visitor's rights."""

    model: ClassVar[type[Model]]

    def get_queryset(self) -> QuerySet[Any]:
        """Where the records are looked for; add `select_related` here."""
        return self.model._default_manager.all()

    def visible(self) -> QuerySet[Any]:
        """The records that the visitor may choose from."""
        return scoped(self.get_queryset(), self.request.user, self.permission)

    @cached_property
    def chosen(self) -> list[Any]:
        """The chosen records, in the order of their keys."""
        keys = [int(key) for key in self.request.GET.getlist("row") if key.isdecimal() and len(key) < 19][:MOST]
        return list(self.visible().filter(pk__in=keys).order_by("pk"))

    def told_of(self, record: Any) -> Text:
        """What is told of a chosen record beside its name."""
        return ""

    @property
    def described(self) -> list[tuple[Any, Text]]:
        """The chosen records, each with what is told of it."""
        return [(record, self.told_of(record)) for record in self.chosen]


class BulkPage(ChosenRows):
    """Choose → confirm → do. Give `model`, `permission` (to see), `deed_permission`, `label`, and `deed_on()`.

    The records are independent of each other: what one service call refuses does not undo the others.
    """

    template_name = "generic/bulk.html"
    form_class: ClassVar[type[forms.BaseForm]] = Form
    label: ClassVar[Text] = ""
    explanation: ClassVar[Text] = ""
    deed_permission: ClassVar[str] = ""
    list_url_name: ClassVar[str] = ""
    is_whole: ClassVar[bool] = False
    """Whether it is done for all of them or for none."""

    def deed_on(self, record: Any, form: Any) -> Any:
        """Call the one service for one record."""
        raise NotImplementedError(f"{type(self).__qualname__}: override deed_on()")

    def refusal(self, request: HttpRequest) -> Any:
        refused = super().refusal(request)
        if refused is None and self.access is Access.PERMISSION and self.deed_permission not in held(request):
            raise Forbidden(self.deed_permission)
        return refused

    def page_title(self) -> Text:
        return self.title or self.label

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(capfirst(str(self.model._meta.verbose_name_plural)), self.cancel_url()), (self.page_title(), "")]

    def cancel_url(self) -> str:
        meta = self.model._meta
        return reverse(self.list_url_name or f"{meta.app_label}:{meta.model_name}_list")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.chosen or not self.form.is_valid():
            return self.show_again()
        with once(request) as submission:
            if submission.done_url:
                return self.redirect(submission.done_url)
            verdicts = [self.verdict_on(record) for record in self.chosen]
            submission.done_url = self.cancel_url()
        return self.render(verdicts=verdicts, **self.told(verdicts))

    def verdict_on(self, record: Any) -> Verdict:
        """Do it on one record; a refusal is this record's own."""
        try:
            self.deed_on(record, self.form)
        except Blocked as refused:
            return Verdict(record, refused.blockers)
        return Verdict(record)

    def told(self, verdicts: Sequence[Verdict]) -> dict[str, Any]:
        """How it went, in one sentence, and its tone."""
        done = sum(not verdict.blockers for verdict in verdicts)
        if done == len(verdicts):
            text = ngettext("Done for the one record.", "Done for all %(count)s records.", done) % {"count": done}
            return {"summary": text, "tone": "good"}
        if not done:
            return {"summary": _("Done for none of them; nothing changed."), "tone": "bad"}
        text = _("Done for %(done)s of %(count)s records; the others stayed as they were.")
        return {"summary": text % {"done": done, "count": len(verdicts)}, "tone": "warn"}

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(label=self.label, statement=self.explanation, **{"blockers": (), **more})


class BulkMovePage(SigningMixin, BulkPage):
    """One move of all chosen records, or of none: one reason, one identification, a signature on each of them.

    Give `model`, `permission` (to see), `move`, `deed_permission` (the move's own), and `deed_on_all()`.
    """

    move: ClassVar[str] = ""
    is_whole = True

    @property
    def transition(self) -> Move:
        """The move of this page."""
        lifecycle: Lifecycle = self.model.lifecycle  # type: ignore[attr-defined]
        return lifecycle.move(self.move)

    def deed_meaning(self) -> str:
        return self.transition.signature

    def deed_on_all(self, records: Sequence[Any], form: Any) -> Any:
        """Call the one service for all of them; `self.proof()` is the signature to hand to it."""
        raise NotImplementedError(f"{type(self).__qualname__}: override deed_on_all()")

    @cached_property
    def form(self) -> Any:
        form = super().form
        form.fields["reason"] = ReasonField(required=self.transition.reason_required)
        return form

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        asked = self.signature_form
        forms_fit = [self.form.is_valid(), asked is None or asked.is_valid()]
        if not self.chosen or not all(forms_fit):
            return self.show_again()
        try:
            with once(request) as submission:
                if submission.done_url:
                    return self.redirect(submission.done_url)
                self.deed_on_all(self.chosen, self.form)
                submission.done_url = self.cancel_url()
        except Blocked as refused:
            return self.show_again(refused.blockers)
        verdicts = [Verdict(record) for record in self.chosen]
        return self.render(verdicts=verdicts, **self.told(verdicts))

    def read_again(self) -> None:
        self.__dict__.pop("chosen", None)

    def context(self, **more: Any) -> dict[str, Any]:
        meaning = self.deed_meaning()
        return super().context(
            signature_form=self.signature_form,
            meaning_label=slots.signer().meanings[meaning] if meaning else "",
            **more,
        )
