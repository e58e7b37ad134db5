"""Training at the terminal: what is new, section by section, the quiz, the signature; and the supervisor's override."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocked
from core.signing.queries import digest_of
from core.web import slots
from mes.execution import services
from mes.execution.views.floor_forms import Dialog, Result
from mes.execution.views.floor_signing import badge_field, code_field, secret_field
from qms.documents.models import DocumentRevision
from qms.training import services as training
from qms.training.forms import AnswerForm
from qms.training.lifecycle import UNDONE
from qms.training.models import TrainingAssignment
from qms.training.queries import changes_between, known_revision, sections_of, sheet_of, shown_numbers


class OverrideDialog(Dialog):
    """The supervisor lets the person signed on work untrained; a second person signs too."""

    heading, button = _("Work untrained, under a deviation"), _("Sign and raise the deviation")
    lead = _("The supervisor and a second person sign here that you may do this operation untrained. It is recorded.")

    reason = forms.CharField(label=_("Why it cannot wait"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000)
    user_id = badge_field(label=_("Badge or user name of the supervisor"), scanned_anywhere=True)
    secret = secret_field()
    code = code_field(_("Code of the supervisor's app"))
    second_id = badge_field(label=_("Badge or user name of the second person"))
    second_secret = secret_field()

    def deed(self, *, actor: Any, terminal: Any, client_id: uuid.UUID | None) -> Result:
        values, identify = self.cleaned_data, slots.signer().identify_second
        supervisor = identify(
            user_id=values["user_id"],
            secret=values["secret"],
            meaning="approved",
            request=self.request,
            code=values.get("code", ""),
        )
        second = identify(
            user_id=values["second_id"],
            secret=values["second_secret"],
            meaning="witnessed",
            request=self.request,
        )
        return services.let_untrained_work(
            order_operation=self.operation,
            person=actor,
            reason=values["reason"],
            signature=supervisor,
            second=second,
            actor=supervisor.user,
        )


class SignForm(Dialog):
    """The learner's signature, with what was practised where that is asked."""

    evidence = forms.CharField(
        label=_("What was done"), required=False, widget=forms.Textarea(attrs={"rows": 2}), max_length=2000
    )
    user_id = badge_field(label=_("Badge or user name"))
    secret = secret_field()
    code = code_field()

    def __init__(self, *args: Any, asks_evidence: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not asks_evidence:
            del self.fields["evidence"]
        if not slots.signer().is_first_signing(self.request):
            del self.fields["user_id"]


class TrainingAtTheTerminal:
    """One person, one revision: how far it is, and the next deed. Shared by the page's GET and POST."""

    def __init__(self, request: HttpRequest, revision: DocumentRevision) -> None:
        self.request, self.revision = request, revision

    @cached_property
    def assignment(self) -> TrainingAssignment | None:
        return (
            TrainingAssignment.objects.filter(
                user=self.request.user.pk, document_revision=self.revision, status__in=UNDONE
            )
            .select_related("document_revision__document", "user", "requirement")
            .order_by("pk")
            .first()
        )

    def context(self) -> dict[str, Any]:
        sections, found = sections_of(self.revision), self.assignment
        known = known_revision(self.request.user, self.revision)
        shown = shown_numbers(found, digest_of(self.revision)) if found is not None else set()
        unread = [number for number in range(1, len(sections) + 1) if number not in shown]
        has_passed = found is not None and found.attempts.filter(passed=True).exists()
        asks_quiz = found is not None and found.kind == "quiz" and not has_passed
        return {
            "assignment": found,
            "revision": self.revision,
            "known": known,
            "changes": changes_between(known, self.revision) if known is not None else [],
            "section": sections[unread[0] - 1] if unread else None,
            "section_number": unread[0] if unread else 0,
            "section_count": len(sections),
            "asks_quiz": asks_quiz and not unread and found is not None and found.status != "quiz_failed",
            "waits_for_help": found is not None and found.status == "quiz_failed",
            "waits_for_trainer": found is not None and found.status == "awaiting_trainer",
            "asks_signature": found is not None and found.status == "in_progress" and not unread and not asks_quiz,
            "is_practice": found is not None and found.kind == "ojt",
        }

    def quiz(self, data: Any) -> AnswerForm | None:
        """The questions, where they are asked now."""
        if self.assignment is None or self.assignment.kind != "quiz":
            return None
        try:
            return AnswerForm(data, sheet=sheet_of(self.assignment))
        except LookupError:
            return None


def train_page(page: Any, request: HttpRequest) -> HttpResponse:
    """The terminal's “train now” page of one operation, shown or acted on."""
    revision = page.operation.document_revision
    if revision is None:  # no instruction, nothing to train: the operation itself is what was meant
        return HttpResponseRedirect(page.address())
    state = TrainingAtTheTerminal(request, revision)
    if request.method != "POST":
        return _shown(page, state)
    deed = request.POST.get("deed", "")
    try:
        if deed == "begin":
            training.train_now(revision=revision, actor=request.user)
        elif state.assignment is None:
            raise Http404
        elif deed == "read":
            number = request.POST.get("number", "")
            training.show_section(
                assignment=state.assignment, number=int(number) if number.isdecimal() else 0, actor=request.user
            )
        elif deed == "answer":
            form = state.quiz(request.POST)
            if form is None or not form.is_valid():
                return _shown(page, state, status=422)
            training.answer_quiz(assignment=state.assignment, chosen=form.chosen(), actor=request.user)
        elif deed == "sign":
            return _sign(page, state)
        else:
            raise Http404
    except Blocked as refused:
        return _shown(page, state, blockers=refused.blockers, status=409)
    except ValidationError as error:
        return _shown(page, state, problems=error.messages, status=422)
    return HttpResponseRedirect(page.address("train"))


def _signing(page: Any, state: TrainingAtTheTerminal, data: Any) -> SignForm:
    practice = state.assignment is not None and state.assignment.kind == "ojt"
    return SignForm(data, None, operation=page.operation, request=state.request, asks_evidence=practice)


def _sign(page: Any, state: TrainingAtTheTerminal) -> HttpResponse:
    form = _signing(page, state, state.request.POST)
    assignment = state.assignment
    if assignment is None or not form.is_valid():
        return _shown(page, state, form=form, status=422)
    practice = assignment.kind == "ojt"
    proof = slots.signer().identify(
        user_id=form.cleaned_data.get("user_id", ""),
        secret=form.cleaned_data["secret"],
        meaning="performed" if practice else "trained",
        request=state.request,
        code=form.cleaned_data.get("code", ""),
    )
    if practice:
        training.present_for_attestation(
            assignment=assignment,
            evidence=form.cleaned_data["evidence"],
            signature=proof,
            actor=state.request.user,
        )
        return HttpResponseRedirect(page.address("train"))
    training.complete_reading(assignment=assignment, signature=proof, actor=state.request.user)
    return HttpResponseRedirect(page.address())


def _shown(
    page: Any,
    state: TrainingAtTheTerminal,
    *,
    blockers: Any = (),
    problems: Any = (),
    form: SignForm | None = None,
    status: int = 200,
) -> HttpResponse:
    found = state.context()
    response: HttpResponse = page.show(
        "mes/execution/terminal_train.html",
        status=status,
        blockers=blockers,
        problems=problems,
        quiz=state.quiz(None) if found["asks_quiz"] else None,
        form=form or (_signing(page, state, None) if found["asks_signature"] else None),
        digest=digest_of(state.revision) if found["asks_signature"] else "",
        **found,
    )
    return response
