"""Pages of the review before approval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import people_who_may
from core.web.views import Fact, FormPage, MovePage
from qms.documents.forms import reviewing as forms
from qms.documents.models import DocumentRevision, ReviewComment
from qms.documents.queries.reviewing import reviewers_with_state
from qms.documents.services import reviewing
from qms.documents.views.revisions import (
    REVIEW,
    VIEW_REVISION,
    WRITE,
    DocumentRevisionMove,
    RevisionPage,
    WithoutReason,
)


class ReviewersName(RevisionPage, WithoutReason):
    """Say who reviews a draft."""

    model, permission, form_class = DocumentRevision, WRITE, forms.ReviewersForm
    title = gettext_lazy("Who reviews it")
    submit_label = gettext_lazy("Ask these people")
    changes_record = False
    lead = gettext_lazy("They are asked when the draft is submitted, all at once or in this order, as its type says.")

    def get_form_kwargs(self) -> dict[str, Any]:
        people = people_who_may([REVIEW], self.record.document.site).exclude(pk=self.record.author_id)
        return {**super().get_form_kwargs(), "people": people}

    def get_initial(self) -> dict[str, Any]:
        names = list(forms.ReviewersForm.base_fields)
        return dict(zip(names, (state.row.reviewer_id for state in reviewers_with_state(self.record)), strict=False))

    def deed(self, form: Any) -> DocumentRevision:
        return reviewing.name_reviewers(revision=self.record, reviewers=form.chosen(), actor=self.request.user)


class ReviewSign(RevisionPage, MovePage):
    """Sign that one has reviewed a revision."""

    model, permission, deed_permission = DocumentRevision, VIEW_REVISION, REVIEW
    label = gettext_lazy("Sign the review")
    meaning = "reviewed"
    explanation = gettext_lazy("You have read this revision, and it may go on to its approval.")

    def covered(self) -> Sequence[Fact]:
        return DocumentRevisionMove.covered(self)  # type: ignore[arg-type]

    def deed(self, form: Any) -> DocumentRevision:
        return reviewing.sign_review(
            revision=self.record, reason=form.cleaned_data["reason"], actor=self.request.user, signature=self.proof()
        )


class CommentAdd(RevisionPage, WithoutReason):
    """Say what has to change."""

    model, permission, form_class = DocumentRevision, REVIEW, forms.CommentForm
    title = gettext_lazy("Comment")
    submit_label = gettext_lazy("Say it")
    changes_record = False
    lead = gettext_lazy("The author is asked for an answer; the revision is approved once every comment has one.")

    def deed(self, form: Any) -> ReviewComment:
        return reviewing.comment_on_revision(revision=self.record, **form.cleaned_data, actor=self.request.user)


class CommentAnswer(FormPage):
    """Accept or decline a comment."""

    model, permission, form_class = ReviewComment, WRITE, forms.AnswerForm
    change_needs_reason = False
    submit_label = gettext_lazy("Answer")

    def get_queryset(self) -> QuerySet[ReviewComment]:
        return ReviewComment.objects.select_related("revision__document__site", "commenter")

    def page_title(self) -> Any:
        return _("Answer %(who)s: %(text)s") % {"who": self.record.commenter, "text": self.record}

    def crumbs(self) -> list[tuple[Any, str]]:
        revision = self.record.revision
        listed = (_("Documents"), reverse("qms_documents:document_list"))
        return [listed, (str(revision), revision.get_absolute_url()), (_("Answer"), "")]

    def deed(self, form: Any) -> ReviewComment:
        return reviewing.answer_comment(comment=self.record, **form.cleaned_data, actor=self.request.user)
