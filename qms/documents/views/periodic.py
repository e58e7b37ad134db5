"""Pages of periodic reviews, and the calendar of what comes due."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from core.web.views.record import Page
from qms.documents.filters import ReviewFilters
from qms.documents.forms.registers import NothingForm
from qms.documents.forms.reviewing import ConclusionForm, ReaffirmForm
from qms.documents.models import Document, PeriodicReview
from qms.documents.queries.periodic import DueLine, due_lines, months_later
from qms.documents.services import periodic
from qms.documents.tables import ReviewTable

VIEW = "qms_documents.view_periodicreview"
READ = ("document__site", "document__owner", "document__type", "revision__document")


class ReviewList(ListPage):
    """Periodic reviews, what is due first."""

    model, permission = PeriodicReview, VIEW
    table_class, filterset_class = ReviewTable, ReviewFilters
    search_fields = ("document__number", "document__title")
    order = ("due_on", "pk")
    empty_title = gettext_lazy("No periodic reviews yet")
    empty_text = gettext_lazy("One is opened when the interval of a document's type is over.")
    empty_offers = ((gettext_lazy("See the document types"), "qms_documents:documenttype_list"),)
    empty_icon = "clock"

    def get_queryset(self) -> QuerySet[PeriodicReview]:
        return PeriodicReview.objects.select_related(*READ)


class ReviewDetail(DetailPage):
    """One periodic review: about which revision, due when, with what outcome."""

    model, permission = PeriodicReview, VIEW
    stepper_path = ("open", "reaffirmed")
    timeline_later = True

    def get_queryset(self) -> QuerySet[PeriodicReview]:
        return PeriodicReview.objects.select_related(*READ)

    def page_title(self) -> str:
        return _("Review of %(document)s") % {"document": self.record.document}

    def number(self) -> str:
        return str(self.record)

    def owner(self) -> Any:
        return self.record.document.owner

    def site(self) -> Any:
        return self.record.document.site

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        is_late = self.record.status == "open" and self.record.due_on < now().date()
        return [(_("Overdue"), "bad", "alert")] if is_late else []

    def facts(self) -> Sequence[Fact]:
        review = self.record
        facts = [
            Fact(_("Document"), review.document, review.document.get_absolute_url()),
            Fact(_("Revision"), review.revision, review.revision.get_absolute_url()),
            Fact(_("Due on"), review.due_on),
        ]
        if review.next_due_on is not None:
            facts.append(Fact(_("Next review on"), review.next_due_on))
        if review.conclusion:
            facts.append(Fact(_("Conclusion"), review.conclusion, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        return [Action(_("Sealed PDF"), reverse("qms_documents:periodicreview_seal", args=[self.record.pk]), "lock")]


class ReviewOpen(FormPage):
    """Review a document now."""

    model, permission, form_class = Document, periodic.DECIDE, NothingForm
    title = gettext_lazy("Review now")
    submit_label = gettext_lazy("Open the review")
    lead = gettext_lazy("Before its interval is over, because something around the document changed.")
    change_needs_reason = changes_record = False

    def deed(self, form: Any) -> PeriodicReview:
        return periodic.open_review(document=self.record, actor=self.request.user)


class _Decide(MovePage):
    """Conclude a periodic review."""

    model, permission = PeriodicReview, VIEW
    form_class = ConclusionForm

    def get_queryset(self) -> QuerySet[PeriodicReview]:
        return PeriodicReview.objects.select_related(*READ)

    def number(self) -> str:
        return str(self.record)

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Revision"), self.record.revision), Fact(_("Due on"), self.record.due_on)]

    def blockers(self) -> Sequence[Any]:
        """What stands against it; the conclusion is what the form asks for."""
        return [one for one in super().blockers() if one.code != "no_conclusion"]


class ReviewReaffirm(_Decide):
    """Sign that the document still fits."""

    move = "reaffirm"
    form_class = ReaffirmForm

    def get_initial(self) -> dict[str, Any]:
        document = self.record.document
        months = document.type.review_months if document.type is not None else None
        return {**super().get_initial(), "next_due_on": months_later(now().date(), months or 24)}


class ReviewMove(_Decide):
    """Have the document revised, or made obsolete."""


class DueCalendar(Page):
    """What comes due in a month (`?month=2026-11`), and what is overdue."""

    permission = VIEW
    template_name = "qms/documents/due_calendar.html"
    title = gettext_lazy("Documents coming due")

    @cached_property
    def first(self) -> dt.date:
        """The first day of the month that is shown."""
        asked = self.request.GET.get("month", "")
        try:
            return dt.date.fromisoformat(f"{asked}-01")
        except ValueError:
            return now().date().replace(day=1)

    @cached_property
    def lines(self) -> list[DueLine]:
        """What is overdue, and what comes due in the month."""
        last = self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])
        return due_lines(self.request.user, self.first, last)

    def context(self, **more: Any) -> dict[str, Any]:
        by_day: dict[dt.date, list[DueLine]] = {}
        for line in self.lines:
            by_day.setdefault(line.day, []).append(line)
        weeks = calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)
        near = dt.date.min.year < self.first.year < dt.date.max.year
        return super().context(
            first=self.first,
            today=now().date(),
            weeks=[[(day, by_day.get(day, [])) for day in week] for week in weeks] if near else [],
            overdue=[line for line in self.lines if line.is_overdue],
            lines=[line for line in self.lines if not line.is_overdue],
            before=months_later(self.first, -1) if near else None,
            after=months_later(self.first, 1) if near else None,
            **more,
        )

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render()
