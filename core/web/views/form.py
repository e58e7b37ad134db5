"""The one form page: it calls ONE service, and shows what the service says."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked
from core.kernel.records import TrailedModel
from core.kernel.stale import expecting, version_entered
from core.web.forms import ReasonField
from core.web.markup import url_of
from core.web.once import once
from core.web.views.record import Page, RecordPage, Text, zone_of

VERSION = "version"


class DeedMixin(Page):
    """Form in, one service call, result or reasons out. Shared by the form page and the move page."""

    form_class: ClassVar[type[forms.BaseForm]]
    submit_label: ClassVar[Text] = ""
    success_message: ClassVar[Text] = ""
    asks_reason: ClassVar[bool] = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = self.refusal(request)
        if refusal is not None:
            return refusal
        with timezone.override(zone_of(request)):  # times are entered and shown in the site's zone
            return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Arguments of the form's constructor; add what its choices need."""
        bound = self.request.method == "POST"
        return {
            "data": self.request.POST if bound else None,
            "files": self.request.FILES if bound else None,
            "initial": self.get_initial(),
        }

    def get_initial(self) -> dict[str, Any]:
        """First values; the address may give some (`?lot=12`)."""
        return {
            name: self.request.GET[name]
            for name in self.request.GET
            if name in getattr(self.form_class, "base_fields", {})
        }

    @cached_property
    def form(self) -> Any:
        """The form of this request, with a reason field where one is asked."""
        form = self.form_class(**self.get_form_kwargs())
        if self.asks_reason and "reason" not in form.fields:
            form.fields["reason"] = ReasonField()
        return form

    def deed(self, form: Any) -> Any:
        """Call the one service and return the record (or an address). Default: `form.save(actor=…)`."""
        return form.save(actor=self.request.user)

    def perform(self, form: Any) -> Any:
        """The deed, with what the page declares about it."""
        return self.deed(form)

    def success_url(self, result: Any) -> str:
        """Where to go afterwards: the record's page."""
        if isinstance(result, str):
            return result
        return url_of(result) or self.cancel_url() or self.request.path

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.render(form=self.form)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.form.is_valid():
            return self.show_again()
        try:
            with once(request) as submission:
                if not submission.done_url:
                    result = self.perform(self.form)
                    submission.done_url = self.success_url(result)
                    if self.success_message:
                        messages.success(request, str(self.success_message) % {"record": result})
            return self.redirect(submission.done_url)
        except Blocked as refused:
            return self.show_again(refused.blockers)
        except ValidationError as error:
            self.add_errors(error)
            return self.show_again()

    def add_errors(self, error: ValidationError) -> None:
        """Put a service's ValidationError at the fields it names, the rest on top."""
        if hasattr(error, "error_dict"):
            for name, errors in error.error_dict.items():
                self.form.add_error(name if name in self.form.fields else None, errors)
        else:
            self.form.add_error(None, error)

    def show_again(self, blockers: Any = ()) -> HttpResponse:
        """The form with everything that was entered, and what is wrong: 422 for values, 409 for a refusal."""
        if blockers:
            self.read_again()
        return self.render(form=self.form, blockers=blockers, status=409 if blockers else 422)

    def read_again(self) -> None:
        """Forget a record that a refused deed may have changed in memory: the page shows what the database keeps."""
        self.__dict__.pop("record", None)

    def redirect(self, url: str) -> HttpResponse:
        """Lead on; a fragment request is told to load the page."""
        if self.request.headers.get("HX-Request"):
            response = HttpResponse(status=204)
            response["HX-Redirect"] = url
            return response
        return HttpResponseRedirect(url)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(submit_label=self.submit_label or _("Save"), cancel_url=self.cancel_url(), **more)

    def cancel_url(self) -> str:
        """Where Cancel leads."""
        return ""


class FormPage(DeedMixin, RecordPage):
    """Create (no `pk` in the address) or change a record. Changing a recorded thing asks for the reason.

    The record is looked for under `permission` at its own place; `deed(form)` calls the service.
    """

    template_name = "generic/form.html"
    lead: ClassVar[Text] = ""
    change_needs_reason: ClassVar[bool] = True
    """False where nothing recorded changes: a draft, or something new that belongs to the record of the address."""
    changes_record: ClassVar[bool] = True
    """False where the deed adds something to the record of the address and overwrites nothing that the form showed."""

    @property
    def is_change(self) -> bool:
        """Whether the address names a record."""
        return self.pk_url_kwarg in self.kwargs

    @property
    def instance(self) -> Model | None:
        """The record that is changed, or None when one is created."""
        return self.record if self.is_change else None

    @property
    def names_version(self) -> bool:
        """Whether the form carries the version of the record that it was filled from."""
        return self.is_change and self.changes_record and issubclass(self.model, TrailedModel)

    def overwritten(self) -> TrailedModel | None:
        record: TrailedModel | None = self.record if self.names_version else None
        return record

    def perform(self, form: Any) -> Any:
        """The deed; refused when somebody else changed the record after this form was opened."""
        if not self.names_version:
            return super().perform(form)
        anew = self.request.get_full_path()
        version = version_entered(self.request.POST.get(VERSION, ""), record=self.record, remedy_url=anew)
        with expecting(self.record, version, remedy_url=anew):
            return super().perform(form)

    def version_shown(self) -> Any:
        """What the hidden field carries: the version read, or the one that was sent, so that a stale form stays stale.

        None where no version is needed, or where a field of the form carries it.
        """
        if not self.names_version or VERSION in self.form.fields:
            return None
        return self.request.POST.get(VERSION, "") if self.request.method == "POST" else self.record.row_version

    @cached_property
    def form(self) -> Any:
        form = super().form
        if self.is_change and self.change_needs_reason and "reason" not in form.fields:
            form.fields["reason"] = ReasonField()
        return form

    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if issubclass(self.form_class, forms.BaseModelForm):
            kwargs["instance"] = self.instance
        return kwargs

    def page_title(self) -> Text:
        if self.title:
            return self.title
        name = self.model._meta.verbose_name
        if self.is_change:
            return _("Change %(record)s") % {"record": self.record}
        return _("New %(thing)s") % {"thing": name}

    def crumbs(self) -> list[tuple[Text, str]]:
        crumbs: list[tuple[Text, str]] = [(capfirst(str(self.model._meta.verbose_name_plural)), self.list_url())]
        if self.is_change:
            crumbs.append((self.number() or str(self.record), self.record_url()))
        return [*crumbs, (self.page_title(), "")]

    def cancel_url(self) -> str:
        return self.record_url() if self.is_change else self.list_url()

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(record=self.instance, **{"blockers": (), "version": self.version_shown(), **more})
