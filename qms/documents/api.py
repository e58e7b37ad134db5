"""The API of documents, their revisions and what is kept about them."""

from __future__ import annotations

from typing import Any

from core.jobs.models import BackgroundJob
from core.web.api import Reading, deed, download, moves, reading, records
from qms.documents import views
from qms.documents.models import (
    ControlledCopy,
    Document,
    DocumentRevision,
    EditionCheck,
    FilledForm,
    LegalHold,
    PeriodicReview,
    Reader,
    ReviewComment,
    RevisionReviewer,
)
from qms.documents.queries import where_used
from qms.documents.queries.external import checks_of
from qms.documents.queries.keeping import readers_of
from qms.documents.queries.redline import Block
from qms.documents.questions import Use
from qms.documents.serializers import (
    BlockShape,
    DueShape,
    EditionCheckShape,
    HitShape,
    ReaderShape,
    ReviewCommentShape,
    RevisionReviewerShape,
    UseShape,
)


class Hits(Reading):
    """Revisions whose text has the words, the best first."""

    page, shape = views.DocumentSearch, HitShape
    query = {"state": ("effective", "all")}
    texts = ("q",)

    def read(self, page: Any) -> list[Any]:
        return list(page.hits)


class Due(Reading):
    """What comes due in a month, and what is overdue."""

    page, shape = views.DueCalendar, DueShape
    texts = ("month",)

    def read(self, page: Any) -> list[Any]:
        return list(page.lines)


class Readers(Reading):
    """Who has to read the document."""

    page, shape = views.DocumentDetail, ReaderShape

    def read(self, page: Any) -> list[Reader]:
        return readers_of(page.record)


class Uses(Reading):
    """What relies on the document of the revision."""

    page, shape = views.DocumentRevisionDetail, UseShape

    def read(self, page: Any) -> list[Use]:
        return where_used(page.record)


class Reviewers(Reading):
    """Who is asked to review the revision."""

    page, shape = views.DocumentRevisionDetail, RevisionReviewerShape

    def read(self, page: Any) -> list[RevisionReviewer]:
        return [state.row for state in page.reviewers]


class Comments(Reading):
    """What people want changed in the revision."""

    page, shape = views.DocumentRevisionDetail, ReviewCommentShape

    def read(self, page: Any) -> list[ReviewComment]:
        return list(page.comments)


class Redline(Reading):
    """What differs from another revision of the document: `against` names it, or else it is the one before."""

    page, shape = views.RevisionRedline, BlockShape
    texts = ("against",)

    def read(self, page: Any) -> list[Block]:
        return [block for group in page.found.groups for block in group]


class Checks(Reading):
    """The checks of an external document's edition, the newest first."""

    page, shape = views.ExternalDetail, EditionCheckShape

    def read(self, page: Any) -> list[EditionCheck]:
        return checks_of(page.record)


ONE = "revisions/<int:pk>/"
urlpatterns = [
    *records("documents", name="document", list=views.DocumentList, detail=views.DocumentDetail),
    deed("documents/new/", views.DocumentCreate, name="document_create", returns=DocumentRevision, status=201),
    reading("documents/search/", Hits, name="document_search"),
    reading("documents/due/", Due, name="due_calendar"),
    deed(
        "documents/<int:pk>/revise/",
        views.DocumentRevisionCreate,
        name="documentrevision_create",
        returns=DocumentRevision,
        status=201,
    ),
    deed(
        "documents/<int:pk>/review/", views.ReviewOpen, name="periodicreview_create", returns=PeriodicReview, status=201
    ),
    deed("documents/<int:pk>/hold/", views.HoldPlace, name="legalhold_create", returns=LegalHold, status=201),
    reading("documents/<int:pk>/readers/", Readers, name="reader_list"),
    deed("documents/<int:pk>/readers/new/", views.ReaderAdd, name="reader_create", returns=Reader, status=201),
    deed("readers/<int:pk>/remove/", views.ReaderRemove, name="reader_remove", returns=Document),
    *records(
        "revisions",
        name="documentrevision",
        detail=views.DocumentRevisionDetail,
        change=views.DocumentRevisionChange,
    ),
    deed(f"{ONE}file/", views.RevisionFile, name="documentrevision_file"),
    deed(f"{ONE}file/remove/", views.RevisionFileRemove, name="documentrevision_file_remove"),
    download(f"{ONE}pdf/", views.RenditionDownload, name="documentrevision_pdf", media_type="application/pdf"),
    reading(f"{ONE}redline/", Redline, name="documentrevision_redline"),
    reading(f"{ONE}uses/", Uses, name="documentrevision_uses"),
    deed(f"{ONE}fields/new/", views.FormFieldAdd, name="documentrevision_field_add"),
    deed(f"{ONE}fields/remove/", views.FormFieldRemove, name="documentrevision_field_remove"),
    reading(f"{ONE}reviewers/", Reviewers, name="revisionreviewer_list"),
    deed(f"{ONE}reviewers/name/", views.ReviewersName, name="documentrevision_reviewers"),
    deed(f"{ONE}review/", views.ReviewSign, name="documentrevision_review"),
    reading(f"{ONE}comments/", Comments, name="reviewcomment_list"),
    deed(f"{ONE}comments/new/", views.CommentAdd, name="reviewcomment_create", returns=ReviewComment, status=201),
    deed("comments/<int:pk>/answer/", views.CommentAnswer, name="reviewcomment_answer"),
    deed(f"{ONE}schedule/", views.DocumentRevisionSchedule, name="documentrevision_schedule"),
    deed(f"{ONE}copies/new/", views.CopyIssue, name="controlledcopy_create", returns=ControlledCopy, status=201),
    deed(f"{ONE}fill/", views.FormBegin, name="filledform_create", returns=FilledForm, status=201),
    deed(f"{ONE}seal/", views.RevisionSeal, name="documentrevision_seal", returns=BackgroundJob, status=202),
    deed(f"{ONE}submit/", views.DocumentRevisionSubmit, name="documentrevision_submit"),
    *moves(ONE, views.DocumentRevisionMove, name="documentrevision", without=("submit",)),
    *records("copies", name="controlledcopy", list=views.CopyList, detail=views.CopyDetail),
    download("copies/<int:pk>/file/", views.CopyDownload, name="controlledcopy_download", media_type="application/pdf"),
    deed("copies/<int:pk>/stamp/", views.CopyStamp, name="controlledcopy_stamp", returns=BackgroundJob, status=202),
    deed("copies/<int:pk>/seal/", views.CopySeal, name="controlledcopy_seal", returns=BackgroundJob, status=202),
    *moves("copies/<int:pk>/", views.CopyMove, name="controlledcopy"),
    *records("reviews", name="periodicreview", list=views.ReviewList, detail=views.ReviewDetail),
    deed("reviews/<int:pk>/seal/", views.ReviewSeal, name="periodicreview_seal", returns=BackgroundJob, status=202),
    *moves("reviews/<int:pk>/", views.ReviewMove, name="periodicreview", without=("reaffirm",)),
    deed("reviews/<int:pk>/reaffirm/", views.ReviewReaffirm, name="periodicreview_reaffirm"),
    *records(
        "filled", name="filledform", list=views.FilledFormList, detail=views.FilledFormDetail, change=views.FormFill
    ),
    deed("filled/<int:pk>/seal/", views.FilledFormSeal, name="filledform_seal", returns=BackgroundJob, status=202),
    *moves("filled/<int:pk>/", views.FilledFormMove, name="filledform"),
    *records(
        "external",
        name="externaldocument",
        list=views.ExternalList,
        create=views.ExternalCreate,
        detail=views.ExternalDetail,
        change=views.ExternalChange,
    ),
    reading("external/<int:pk>/checks/", Checks, name="editioncheck_list"),
    deed(
        "external/<int:pk>/check/", views.EditionCheckAdd, name="editioncheck_create", returns=EditionCheck, status=201
    ),
    deed(
        "external/<int:pk>/seal/", views.ExternalSeal, name="externaldocument_seal", returns=BackgroundJob, status=202
    ),
    *records(
        "types",
        name="documenttype",
        list=views.TypeList,
        create=views.TypeCreate,
        detail=views.TypeDetail,
        change=views.TypeChange,
    ),
    *records(
        "retention",
        name="retentionclass",
        list=views.RetentionList,
        create=views.RetentionCreate,
        detail=views.RetentionDetail,
        change=views.RetentionChange,
    ),
    *records("holds", name="legalhold", list=views.HoldList, detail=views.HoldDetail),
    deed("holds/<int:pk>/release/", views.HoldRelease, name="legalhold_release"),
    deed("holds/<int:pk>/seal/", views.HoldSeal, name="legalhold_seal", returns=BackgroundJob, status=202),
]
