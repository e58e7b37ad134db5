"""Pages of revisions: one revision, writing it, its dates and its moves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.markup import Text, site_time
from core.web.views import Action, DetailPage, Fact, FormPage, MovePage, Related
from core.web.views.record import zone_of
from qms.documents import services
from qms.documents.forms import EffectiveDateForm, RevisionBeginForm, RevisionForm, SubmitForm
from qms.documents.models import Document, DocumentRevision, Rendition, ReviewComment
from qms.documents.queries import content_parts, revision_before, where_used
from qms.documents.queries.reviewing import ReviewerState, comments_on, reviewers_with_state

VIEW_REVISION = "qms_documents.view_documentrevision"
ADD = "qms_documents.add_document"
WRITE = "qms_documents.change_documentrevision"
MAKE_EFFECTIVE = "qms_documents.make_effective_documentrevision"
REVIEW = "qms_documents.review_documentrevision"
ISSUE = "qms_documents.issue_controlledcopy"
FILL = "qms_documents.fill_filledform"


class WithoutReason(FormPage):
    """A change of a draft: what is not yet recorded needs no reason."""

    change_needs_reason = False


class DocumentRevisionCreate(WithoutReason):
    """Begin the next revision of a document."""

    model, permission, form_class = Document, ADD, RevisionBeginForm
    changes_record = False
    title = gettext_lazy("New revision")
    submit_label = gettext_lazy("Begin the draft")
    lead = gettext_lazy("It begins as a copy of the effective revision, which stays effective meanwhile.")

    def deed(self, form: RevisionBeginForm) -> DocumentRevision:
        return services.revise_document(document=self.record, actor=self.request.user, **form.cleaned_data)


class RevisionPage:
    """What the pages of a revision share."""

    record: DocumentRevision

    def get_queryset(self) -> QuerySet[DocumentRevision]:
        return DocumentRevision.objects.select_related(
            "document__site", "document__owner", "document__type", "author", "file"
        )

    def number(self) -> str:
        return f"{self.record.document.number}/{self.record.revision}"

    def crumbs(self) -> list[tuple[Text, str]]:
        document, revision = self.record.document, self.record
        found = [
            (_("Documents"), reverse("qms_documents:document_list")),
            (document.number, document.get_absolute_url()),
            (_("Revision %(code)s") % {"code": revision.revision}, revision.get_absolute_url()),
        ]
        own = self.page_title()  # type: ignore[attr-defined]
        return [*found[:-1], (found[-1][0], "")] if own == revision.title else [*found, (own, "")]


class DocumentRevisionDetail(RevisionPage, DetailPage):
    """One revision: its text, its signatures, its next step."""

    timeline_later = signatures_later = gates_later = True

    model, permission = DocumentRevision, VIEW_REVISION
    template_name = "qms/documents/documentrevision_detail.html"
    stepper_path = ("draft", "in_review", "approved", "effective", "superseded")
    settled_on_its_page = ("training_undecided",)

    def owner(self) -> Any:
        return self.record.document.owner

    def move_url(self, move: str) -> str:
        # Superseding is no button: it happens to the old revision when the new one becomes effective.
        return "" if move == "supersede" else super().move_url(move)

    def site(self) -> Any:
        return self.record.document.site

    def moment(self, value: dt.datetime) -> SafeString:
        """A moment in the zone of the document's site, with its offset."""
        site = self.site()
        return site_time(value, ZoneInfo(site.time_zone) if site is not None else zone_of(self.request))

    def facts(self) -> Sequence[Fact]:
        revision = self.record
        facts = [
            Fact(_("Document"), revision.document, revision.document.get_absolute_url()),
            Fact(_("Revision"), revision.revision),
            Fact(_("Author"), revision.author),
            Fact(_("Valid at"), revision.document.site or _("All sites")),
        ]
        if revision.approved_at is not None:
            facts.append(Fact(_("Approved"), self.moment(revision.approved_at)))
        if revision.effective_from is not None:
            label = _("Effective from (planned)") if revision.status == "approved" else _("Effective from")
            facts.append(Fact(label, self.moment(revision.effective_from)))
        if revision.effective_until is not None:
            facts.append(Fact(_("Effective until"), self.moment(revision.effective_until)))
        if revision.training_impact:
            facts.append(Fact(_("Training it takes"), revision.get_training_impact_display()))
            facts.append(Fact(_("Why this training"), revision.training_rationale, wide=True))
        if revision.change_summary:
            facts.append(Fact(_("What changed and why"), revision.change_summary, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        revision, pk = self.record, self.record.pk

        def to(name: str) -> str:
            return reverse(f"qms_documents:{name}", args=[pk])

        found = []
        if revision.status == "draft":
            found += [
                Action(_("Write"), to("documentrevision_change"), "pencil", WRITE),
                Action(_("File"), to("documentrevision_file"), "file-check", WRITE),
                Action(_("Reviewers"), to("documentrevision_reviewers"), "users", WRITE),
            ]
            if revision.document.kind == Document.Kind.FORM:
                found.append(Action(_("Add a field"), to("documentrevision_field_add"), "plus", WRITE))
        if revision.status == "in_review" and any(
            state.row.reviewer_id == self.request.user.pk and not state.has_signed for state in self.reviewers
        ):
            found.append(Action(_("Sign the review"), to("documentrevision_review"), "signature", REVIEW, primary=True))
        if revision.status in ("draft", "in_review"):
            found.append(Action(_("Comment"), to("reviewcomment_create"), "message", REVIEW))
        if revision.status == "approved":
            found.append(Action(_("Effective on a date"), to("documentrevision_schedule"), "calendar", MAKE_EFFECTIVE))
        if revision.status == "effective":
            found.append(Action(_("Controlled copy"), to("controlledcopy_create"), "printer", ISSUE))
            if revision.form_fields:
                found.append(Action(_("Fill in"), to("filledform_create"), "pencil", FILL, primary=True))
        if self.before is not None:
            found.append(Action(_("Redline"), to("documentrevision_redline"), "history"))
        found.append(Action(_("Sealed PDF"), to("documentrevision_seal"), "lock"))
        return found

    @cached_property
    def reviewers(self) -> list[ReviewerState]:
        """Who reviews it, and who did."""
        return reviewers_with_state(self.record)

    @cached_property
    def comments(self) -> list[ReviewComment]:
        """What people want changed."""
        return comments_on(self.record)

    @cached_property
    def before(self) -> DocumentRevision | None:
        """The revision that this one follows."""
        return revision_before(self.record)

    def related(self) -> Sequence[Related]:
        uses = where_used(self.record) if self.record.status == "effective" else []
        return [Related(use.label, use.url) for use in uses]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            parts=content_parts(self.record),
            reviewers=self.reviewers,
            comments=self.comments,
            rendition=Rendition.objects.filter(revision=self.record).defer("text", "index").first(),
            **more,
        )


class DocumentRevisionChange(RevisionPage, WithoutReason):
    """Write the text of a draft."""

    model, permission, form_class = DocumentRevision, WRITE, RevisionForm
    template_name = "qms/documents/documentrevision_change.html"

    def get_initial(self) -> dict[str, Any]:
        return RevisionForm.values_of(self.record)

    def page_title(self) -> Text:
        return _("Write %(revision)s") % {"revision": self.number()}

    def deed(self, form: RevisionForm) -> DocumentRevision:
        return services.edit_revision(revision=self.record, actor=self.request.user, **form.cleaned_data)


class DocumentRevisionSchedule(RevisionPage, WithoutReason):
    """Set the date from which an approved revision is effective."""

    model, permission, form_class = DocumentRevision, MAKE_EFFECTIVE, EffectiveDateForm
    title = gettext_lazy("Effective on a date")
    submit_label = gettext_lazy("Set the date")

    def deed(self, form: EffectiveDateForm) -> DocumentRevision:
        return services.schedule_revision(revision=self.record, actor=self.request.user, **form.cleaned_data)


class DocumentRevisionMove(RevisionPage, MovePage):
    """Every move of a revision: submit, approve, reject, make effective, make obsolete."""

    model, permission = DocumentRevision, VIEW_REVISION

    def covered(self) -> Sequence[Fact]:
        revision = self.record
        parts = [Fact(part.label, part.summary, part.url) for part in content_parts(revision)]
        words = len(revision.body.split())
        return [
            Fact(_("Document"), revision.document),
            Fact(_("Revision"), revision.revision),
            Fact(_("Title"), revision.title),
            Fact(_("Text"), _("%(count)d words") % {"count": words}),
            *([Fact(_("File"), revision.file, revision.file.get_absolute_url())] if revision.file else []),
            *([Fact(_("Fields of the form"), len(revision.form_fields))] if revision.form_fields else []),
            *parts,
        ]


class DocumentRevisionSubmit(DocumentRevisionMove):
    """Submit a draft, with the training that it takes."""

    move, form_class = "submit", SubmitForm
    gates_later = True

    def get_initial(self) -> dict[str, Any]:
        return SubmitForm.values_of(self.record)

    def blockers(self) -> Sequence[Any]:
        """The training is decided on this page, not before it."""
        return [blocker for blocker in super().blockers() if blocker.code != "training_undecided"]
