"""Doors of being told: how one wants mail, watching a record, what one watches."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.web.access import Access
from core.web.forms import Form
from core.web.views.form import DeedMixin
from core.web.views.record import Page, Text
from core.worklist.forms.ladders import MailForm
from core.worklist.models import MailPreference, Watch
from core.worklist.queries import pages_of, watched
from core.worklist.services.mailing import choose_mail
from core.worklist.services.watching import unwatch, watch, watched_by
from core.worklist.views import commentable


class MailChange(DeedMixin):
    """How the visitor wants to be told by mail."""

    access = Access.SIGNED_IN
    template_name = "generic/form.html"
    form_class = MailForm
    title = _("Mail")
    submit_label = _("Save")
    success_message = _("Saved.")
    model = MailPreference

    @property
    def lead(self) -> Text:
        """Where mail goes, or why it does not."""
        user: Any = self.request.user
        if not user.email:
            return _("There is no mail address of yours here: an administrator adds it. Everything is in “My work”.")
        return _("Everything is in “My work” too. What a ladder sends at once comes in any case.")

    def get_initial(self) -> dict[str, Any]:
        user: Any = self.request.user
        found = MailPreference.objects.filter(user=user).first()
        return {} if found is None else {"mode": found.mode, "hour": found.hour}

    def deed(self, form: Any) -> Any:
        choose_mail(actor=self.request.user, **form.cleaned_data)
        return reverse("core_worklist:assignment_inbox")


class WatchList(Page):
    """The records that the visitor watches."""

    access = Access.SIGNED_IN
    title = _("Watched records")
    template_name = "core/worklist/watch_list.html"

    def get(self, request: HttpRequest) -> HttpResponseBase:
        found = watched(request.user)
        pages = pages_of(found)
        return self.render(lines=[(one, pages.get((one.subject_type_id, one.subject_id), "")) for one in found])


class WatchChange(DeedMixin):
    """Begin or stop watching a record that the visitor may see."""

    access = Access.SIGNED_IN
    template_name = "generic/form.html"
    form_class = Form
    model = Watch

    @cached_property
    def subject(self) -> Any:
        """The record, or 404 for what the visitor may not see."""
        kind = get_object_or_404(ContentType, pk=self.kwargs["kind"])
        return commentable(self.request.user, kind.model_class(), self.kwargs["pk"])

    @cached_property
    def is_watched(self) -> bool:
        """Whether the visitor watches it now."""
        return watched_by(self.request.user, self.subject)

    def page_title(self) -> Text:
        words = _("Stop watching %(record)s") if self.is_watched else _("Watch %(record)s")
        return str(words) % {"record": self.subject}

    @property
    def lead(self) -> Text:
        """What the visitor hears of."""
        return _("You hear of every move of the record and of every comment on it, in “My work” and by mail.")

    def cancel_url(self) -> str:
        return str(self.subject.get_absolute_url())

    def deed(self, form: Any) -> Any:
        (unwatch if self.is_watched else watch)(subject=self.subject, actor=self.request.user)
        return str(self.subject.get_absolute_url())
