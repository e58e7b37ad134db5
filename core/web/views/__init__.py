"""The generic pages. Apps import from here: `from core.web.views import ListPage, DetailPage, FormPage, MovePage`."""

from core.web.views.bulk import Bulk, BulkMovePage, BulkPage, ChosenRows
from core.web.views.detail import Action, DetailPage, Fact, Related, Tab
from core.web.views.errors import bad_request, page_not_found, permission_denied
from core.web.views.form import FormPage
from core.web.views.job import JobPage
from core.web.views.lists import ListPage
from core.web.views.move import MovePage
from core.web.views.parts import Part
from core.web.views.record import RecordPage, found_in

__all__ = [
    "Action",
    "Bulk",
    "BulkMovePage",
    "BulkPage",
    "ChosenRows",
    "DetailPage",
    "Fact",
    "FormPage",
    "JobPage",
    "ListPage",
    "MovePage",
    "Part",
    "RecordPage",
    "Related",
    "Tab",
    "bad_request",
    "found_in",
    "page_not_found",
    "permission_denied",
]
