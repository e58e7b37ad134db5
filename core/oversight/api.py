"""The API of those who watch over the system."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.jobs.models import BackgroundJob
from core.oversight import views
from core.oversight.forms import FIELDS
from core.oversight.models import AccessReviewLine
from core.oversight.serializers import AccessReviewLineShape, ToldShape
from core.trail.queries.browsing import BadPlace, TooLong
from core.web.api import Reading, deed, moves, reading, records
from core.web.api.problems import Problem, of_form


class TrailEntries(Reading):
    """The trail as one timeline."""

    page, shape = views.Trail, ToldShape
    texts: ClassVar[tuple[str, ...]] = (*FIELDS, "after", "before")

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """One page of the entries that the person may see, with the places of the neighbouring pages."""
        self.refuse_unknown(self.texts)
        page: Any = self.opened(views.Trail)
        if not page.form.is_valid():
            problem = of_form(page.form)
            problem.status = 400
            raise problem
        try:
            found = page.found(page.form.search())
        except BadPlace as error:
            raise Problem(400, _("The cursor was not made by this list in this order.")) from error
        except TooLong as error:
            raise Problem(400, _("This search goes through too many rows: name a shorter time or a kind.")) from error
        rows = self.shape(page.told(found), many=True).data
        return self.answer({"results": rows, "next": found.next or None, "previous": found.previous or None})


class Lines(Reading):
    """Who held which role where when the review was opened, and what was decided about it."""

    page, shape = views.AccessReviewDetail, AccessReviewLineShape

    def read(self, page: Any) -> list[AccessReviewLine]:
        return list(page.record.lines.all())


ONE = "access-reviews/<int:pk>/"
urlpatterns = [
    reading("trail/", TrailEntries, name="trail"),
    deed("trail/export/", views.TrailExport, name="trail_export", returns=BackgroundJob, status=201),
    *records("trail/exports", name="trail_exports", list=views.TrailExportList),
    deed("test-mail/", views.MailTest, name="mail_test", returns=BackgroundJob, status=201),
    *records(
        "access-reviews",
        name="accessreview",
        list=views.AccessReviewList,
        create=views.AccessReviewOpen,
        detail=views.AccessReviewDetail,
    ),
    reading(f"{ONE}lines/", Lines, name="accessreviewline_list"),
    deed(f"{ONE}decide/", views.AccessReviewDecide, name="accessreview_decide"),
    deed(f"{ONE}take-in/", views.AccessReviewTakeIn, name="accessreview_take_in"),
    *moves(ONE, views.AccessReviewMove, name="accessreview"),
]
