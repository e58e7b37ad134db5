"""What left the system: asking for an export of the trail, and the list of all exports."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs.models import BackgroundJob
from core.oversight.forms import TrailExportForm
from core.oversight.queries import exports_seen_by
from core.oversight.services import request_export
from core.oversight.tables import ExportTable
from core.oversight.views.trail import EXPORT
from core.trail.models import TrailEvent
from core.trail.queries.sources import VIEW_TRAIL, Reach
from core.web.views import FormPage, ListPage
from core.web.views.record import Text


class TrailExport(FormPage):
    """Export the trail as it is filtered; the file is made in the background, and its digest is kept in the trail."""

    model = BackgroundJob
    permission = EXPORT
    form_class = TrailExportForm
    title = gettext_lazy("Export the trail")
    submit_label = gettext_lazy("Export")
    lead = gettext_lazy(
        "The file holds every entry that fits and that you may see. Who exported what, how many entries and the"
        " digest of the file stay in the trail."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "reach": Reach(self.request.user)}

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Trail"), reverse("core_oversight:trail")), (self.title, "")]

    def cancel_url(self) -> str:
        return reverse("core_oversight:trail")

    def deed(self, form: TrailExportForm) -> BackgroundJob:
        return request_export(search=form.search(), format=form.cleaned_data["format"], actor=self.request.user)


class TrailExportList(ListPage):
    """Who took what out of the system: lists, the trail, seals and printed records."""

    model = TrailEvent
    permission = VIEW_TRAIL
    table_class = ExportTable
    search_fields = ("text", "actor__full_name")
    order = ("-pk",)
    title = gettext_lazy("Trail of exports")
    lead = gettext_lazy("Who took which rows out of the system, how many, and the digest of the file.")
    empty_title = gettext_lazy("Nothing was exported")
    empty_text = gettext_lazy("Exports of lists, of the trail and of seals appear here.")
    empty_icon = "download"

    @cached_property
    def visible(self) -> QuerySet[Any]:
        return exports_seen_by(self.request.user)

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Trail"), reverse("core_oversight:trail")), (self.title, "")]
