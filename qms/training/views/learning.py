"""Pages of learning: what I have to learn, reading it, the quiz, signing, and what trainers and managers do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import people_at, sites_of
from core.signing.queries import digest_of
from core.web.forms import MOST, Form
from core.web.markup import Text, site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.record import zone_of
from qms.training import services
from qms.training.filters import TrainingAssignmentFilters, TrainingRecordFilters
from qms.training.forms import AnswerForm, AssignForm, EvidenceForm
from qms.training.lifecycle import ASSIGN, SUPPORT_WAIVER, TAKE, UNDONE, VIEW_TRAINING
from qms.training.models import TrainingAssignment, TrainingRecord
from qms.training.queries import changes_between, known_revision, sections_of, sheet_of, shown_numbers
from qms.training.queries.quizzes import Sheet, attempts_left
from qms.training.questions import Section
from qms.training.tables import TrainingAssignmentTable, TrainingRecordTable


class _Assignments(ListPage):
    """What the lists of assignments share."""

    model, table_class = TrainingAssignment, TrainingAssignmentTable
    search_fields = ("user__full_name", "document_revision__title", "document_revision__document__number")
    empty_icon = "school"

    def get_queryset(self) -> QuerySet[TrainingAssignment]:
        return TrainingAssignment.objects.select_related(
            "user", "document_revision__document", "requirement__curriculum", "curriculum"
        )


class TrainingAssignmentList(_Assignments):
    """What people have to learn."""

    permission, filterset_class = VIEW_TRAINING, TrainingAssignmentFilters
    order = ("-pk",)
    create_url_name, create_permission = "qms_training:trainingassignment_create", ASSIGN
    create_label = gettext_lazy("Assign training")
    empty_title = gettext_lazy("Nobody has anything to learn")
    empty_text = gettext_lazy("Say in the curricula what they take and who needs them; training is then assigned.")
    empty_offers = ((gettext_lazy("See the curricula"), "qms_training:curriculum_list"),)


class MyTraining(_Assignments):
    """What I have to learn myself."""

    permission = TAKE
    title = gettext_lazy("My training")
    order = ("due_at",)
    empty_title = gettext_lazy("You have nothing to learn")
    empty_text = gettext_lazy("New training comes here, and to your work, when you need it.")

    def get_queryset(self) -> QuerySet[TrainingAssignment]:
        return super().get_queryset().filter(user=self.request.user)  # type: ignore[misc]


class TrainingRecordList(ListPage):
    """Who has learned what."""

    model, permission = TrainingRecord, VIEW_TRAINING
    table_class, filterset_class = TrainingRecordTable, TrainingRecordFilters
    search_fields = ("user__full_name", "document_revision__title", "document_revision__document__number")
    order = ("-pk",)
    empty_title = gettext_lazy("Nobody was trained yet")
    empty_text = gettext_lazy("Records come from signed training; those from before are imported.")
    empty_icon = "file-check"

    def get_queryset(self) -> QuerySet[TrainingRecord]:
        return TrainingRecord.objects.select_related(
            "user", "document_revision__document", "requirement__curriculum", "attestation__signer"
        )


class _AssignmentPage:
    """What the pages of an assignment share."""

    record: TrainingAssignment
    request: HttpRequest

    def get_queryset(self) -> QuerySet[TrainingAssignment]:
        return TrainingAssignment.objects.select_related(
            "user", "document_revision__document__site", "requirement__curriculum", "curriculum"
        )

    def number(self) -> str:
        return str(self.record)

    @cached_property
    def digest_now(self) -> str:
        """The digest of the content as it is now."""
        revision = self.record.document_revision
        return digest_of(revision) if revision is not None else ""

    @cached_property
    def sections(self) -> list[Section]:
        revision = self.record.document_revision
        return sections_of(revision) if revision is not None else []

    @cached_property
    def shown(self) -> set[int]:
        return shown_numbers(self.record, self.digest_now) if self.sections else set()

    @property
    def unread(self) -> int:
        """How many sections were not shown yet."""
        return len(self.sections) - len(self.shown)


class TrainingAssignmentDetail(_AssignmentPage, DetailPage):
    """One thing to learn: what is new in it, how far it is, and what comes next."""

    model, permission = TrainingAssignment, VIEW_TRAINING
    template_name = "qms/training/trainingassignment_detail.html"
    timeline_later = signatures_later = gates_later = True
    stepper_path = ("assigned", "in_progress", "completed")
    settled_on_its_page = ("no_evidence", "no_proof")

    def page_title(self) -> Text:
        return self.record.what

    def badges(self) -> Sequence[tuple[Text, str, str]]:
        return [(_("Overdue"), "bad", "clock")] if self.record.is_overdue else ()

    def owner(self) -> Any:
        return self.record.user

    @property
    def is_mine(self) -> bool:
        return self.record.user_id == self.request.user.pk

    def move_url(self, move: str) -> str:
        """Reading begins on its own page; what does not fit the kind of training, or is another's, is not offered."""
        fitting = {
            "complete": self.record.kind in ("read", "quiz"),
            "present": self.record.kind in ("ojt", "external"),
            "attest": self.record.kind == "ojt" and not self.is_mine,
            "verify": self.record.kind == "external" and not self.is_mine,
            "send_back": not self.is_mine,
            "waive": not self.is_mine,
            "take_up": self.is_mine and not self.sections,
            "remediate": not self.is_mine,
        }
        return super().move_url(move) if fitting.get(move, True) else ""

    def facts(self) -> Sequence[Fact]:
        found = self.record
        facts = [
            Fact(_("Person"), found.user),
            Fact(_("Training"), found.get_kind_display()),
            Fact(_("Why"), found.get_cause_display()),
            Fact(_("Due"), site_time(found.due_at, zone_of(self.request))),
        ]
        if found.document_revision is not None:
            facts.append(Fact(_("Document"), found.document_revision, found.document_revision.get_absolute_url()))
            facts.append(Fact(_("Sections read"), f"{len(self.shown)} / {len(self.sections)}"))
        if found.curriculum is not None:
            facts.append(Fact(_("Curriculum"), found.curriculum, found.curriculum.get_absolute_url()))
        if found.requirement is not None and found.kind == "ojt":
            facts.append(Fact(_("Repetitions seen by the trainer"), found.requirement.repetitions))
        if found.evidence:
            facts.append(Fact(_("What was done"), found.evidence, wide=True))
        if found.revision_digest:
            facts.append(Fact(_("Signed content (SHA-256)"), found.revision_digest, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        pk, status = self.record.pk, self.record.status
        found = []
        if self.is_mine and self.sections and status in ("assigned", "in_progress", "quiz_failed", "remedial"):
            url = reverse("qms_training:trainingassignment_read", args=[pk])
            found.append(Action(_("Read"), url, "book", TAKE, primary=bool(self.unread)))
        if self.is_mine and self.record.kind == "quiz" and status in ("in_progress", "remedial") and not self.unread:
            url = reverse("qms_training:trainingassignment_quiz", args=[pk])
            found.append(Action(_("Answer the quiz"), url, "list", TAKE, primary=True))
        if status in ("assigned", "in_progress", "quiz_failed", "remedial", "awaiting_trainer") and not self.is_mine:
            url = reverse("qms_training:trainingassignment_support", args=[pk])
            found.append(Action(_("Support a waiver"), url, "signature", SUPPORT_WAIVER))
        return found

    def related(self) -> Sequence[Related]:
        return [
            Related(_("Quiz attempt %(number)s") % {"number": one.number}, "", f"{one.score} %")
            for one in self.record.attempts.order_by("number")
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        revision = self.record.document_revision
        known = known_revision(self.record.user, revision) if revision is not None else None
        changes = changes_between(known, revision) if known is not None and revision is not None else []
        return super().context(known=known, changes=changes, is_final=self.record.status not in UNDONE, **more)


class SectionForm(Form):
    """The section that was read."""

    number = forms.IntegerField(min_value=1, max_value=MOST, widget=forms.HiddenInput)


class TrainingRead(_AssignmentPage, FormPage):
    """One section of the content; going on from it keeps that it was shown."""

    model, permission, form_class = TrainingAssignment, TAKE, SectionForm
    changes_record, change_needs_reason = False, False
    template_name = "qms/training/trainingassignment_read.html"
    submit_label = gettext_lazy("I have read this: go on")

    def page_title(self) -> Text:
        return self.record.what

    @property
    def section_number(self) -> int:
        """The section asked for, else the first that was not shown."""
        asked = self.request.GET.get("section", "")
        if asked.isascii() and asked.isdecimal() and 1 <= int(asked[:6]) <= len(self.sections):
            return int(asked[:6])
        unread = [number for number in range(1, len(self.sections) + 1) if number not in self.shown]
        return unread[0] if unread else 1

    def get_initial(self) -> dict[str, Any]:
        return {"number": self.section_number}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.sections:
            return HttpResponseRedirect(self.record.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def deed(self, form: SectionForm) -> str:
        number = form.cleaned_data["number"]
        left = services.show_section(assignment=self.record, number=number, actor=self.request.user)
        if left:
            return reverse("qms_training:trainingassignment_read", args=[self.record.pk])
        return str(self.record.get_absolute_url())

    def context(self, **more: Any) -> dict[str, Any]:
        number = self.section_number
        return super().context(
            sections=self.sections,
            section=self.sections[number - 1] if self.sections else None,
            section_number=number,
            shown=self.shown,
            is_last=self.unread <= 1,
            **more,
        )


class TrainingQuiz(_AssignmentPage, FormPage):
    """The questions on what was read, shuffled."""

    model, permission, form_class = TrainingAssignment, TAKE, AnswerForm
    changes_record, change_needs_reason = False, False
    title = gettext_lazy("Quiz")
    submit_label = gettext_lazy("Answer")
    lead = gettext_lazy("More than one answer may be right. A question counts when exactly the right ones are ticked.")

    @cached_property
    def sheet(self) -> Sheet | None:
        try:
            return sheet_of(self.record)
        except LookupError:
            return None

    def page_title(self) -> Text:
        """Which attempt it is, and how many there are before a trainer helps."""
        if self.sheet is None:
            return self.title
        left = attempts_left(self.record, self.sheet.quiz)
        return _("Quiz, attempt %(number)s: %(left)s left before a trainer helps") % {
            "number": self.sheet.number,
            "left": left,
        }

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Nobody fills in what would not be taken: the page of the training says what comes next."""
        if self.record.status not in ("in_progress", "remedial") or self.unread or self.sheet is None:
            return HttpResponseRedirect(self.record.get_absolute_url())
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sheet": self.sheet}

    def deed(self, form: AnswerForm) -> Any:
        done = services.answer_quiz(assignment=self.record, chosen=form.chosen(), actor=self.request.user)
        return done.assignment.get_absolute_url()


class TrainingAssignmentMove(_AssignmentPage, MovePage):
    """Every move of an assignment that people make."""

    model, permission = TrainingAssignment, VIEW_TRAINING

    def covered(self) -> Sequence[Fact]:
        found = self.record
        facts = [
            Fact(_("Person"), found.user),
            Fact(_("What"), found.what),
            Fact(_("Training"), found.get_kind_display()),
        ]
        if found.document_revision is not None:
            facts.append(Fact(_("Content (SHA-256)"), self.digest_now, wide=True))
        if found.evidence:
            facts.append(Fact(_("What was done"), found.evidence, wide=True))
        return facts


class TrainingAssignmentPresent(TrainingAssignmentMove):
    """Sign that it was done, with what was done; a second person signs next."""

    move, form_class = "present", EvidenceForm

    def get_initial(self) -> dict[str, Any]:
        return {"evidence": self.record.evidence}

    def blockers(self) -> Sequence[Any]:
        """What is written and attached on this page does not stand against it."""
        return [blocker for blocker in super().blockers() if blocker.code not in ("no_evidence", "no_proof")]


class TrainingAssignmentSupport(_AssignmentPage, MovePage):
    """A manager supports a waiver with a signature; quality waives afterwards."""

    model, permission, deed_permission = TrainingAssignment, VIEW_TRAINING, SUPPORT_WAIVER
    label, meaning, asks_reason = gettext_lazy("Support a waiver"), "reviewed", True
    explanation = gettext_lazy("You know the work and the person: the training need not be asked of them.")

    def deed(self, form: Any) -> Any:
        services.support_waiver(
            assignment=self.record,
            reason=form.cleaned_data["reason"],
            signature=self.proof(),
            actor=self.request.user,
        )
        return self.record


class TrainingAssignmentCreate(FormPage):
    """Ask one person to learn something."""

    model, permission, form_class = TrainingAssignment, ASSIGN, AssignForm
    title = gettext_lazy("Assign training")
    submit_label = gettext_lazy("Assign")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people_at(sites_of(self.request.user, ASSIGN))}

    def deed(self, form: AssignForm) -> TrainingAssignment:
        return services.assign_training(**form.cleaned_data, actor=self.request.user)
