"""What training says about document revisions: a quiz that is promised exists, and somebody can work to them."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.documents.models import DocumentRevision
from qms.training.queries.quizzes import quiz_in_use
from qms.training.queries.staff import staffing_blockers, staffing_for_document

REVISION = "qms_documents.DocumentRevision"


@guard(REVISION, "approve", title=gettext_lazy("The quiz that it takes exists"))
def the_promised_quiz_exists(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    if record.training_impact == "quiz" and quiz_in_use(record.document_id) is None:
        yield Blocker(
            "no_quiz",
            _("%(revision)s takes a quiz, and none is in use.") % {"revision": record},
            record=record,
            remedy=_("Write the quiz on this document and put it in use, then approve."),
        )


@guard(REVISION, "make_effective", title=gettext_lazy("Somebody can work to it"))
def somebody_can_work_to_it(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """A revision is not put to use while planned work would have nobody trained on it (ISO 13485 6.2, 7.1)."""
    page = reverse("qms_training:documentrevision_staffing", args=[record.pk])
    yield from staffing_blockers(record, staffing_for_document(record, deed.at), page)
