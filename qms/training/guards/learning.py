"""What stands between an assignment and its completion."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files.models import Attachment
from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.signing.queries import digest_of, is_intact, signatures_of
from qms.training.models import Qualification, TrainingAssignment
from qms.training.queries.content import sections_of, shown_numbers
from qms.training.queries.gate import standing_of
from qms.training.queries.quizzes import has_passed, quiz_in_use

ASSIGNMENT = "qms_training.TrainingAssignment"
READ_KINDS = ("read", "quiz")


@guard(
    ASSIGNMENT,
    "take_up",
    "read",
    "answer",
    "complete",
    "present",
    "fail",
    "pass_quiz",
    title=gettext_lazy("The learner themselves"),
)
def only_the_learner(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    """Nobody learns for somebody else: training is not delegated (21 CFR 211.25(a); 11.10(i))."""
    if record.user_id != deed.actor.pk:
        yield Blocker(
            "not_the_learner",
            _("This training is asked of %(who)s; nobody takes it for them.") % {"who": record.user},
            record=record,
            remedy=_("They sign in and take it themselves."),
        )


@guard(ASSIGNMENT, "read", "answer", title=gettext_lazy("It is under way"))
def it_is_under_way(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    if record.status not in ("in_progress", "remedial", "quiz_failed"):
        yield Blocker(
            "not_under_way",
            _("It is “%(state)s”.") % {"state": record.get_status_display()},
            record=record,
        )


@guard(ASSIGNMENT, "answer", "complete", "present", title=gettext_lazy("All of it was shown"))
def all_of_it_was_shown(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    """Whoever signs has had every section of exactly this content before them (21 CFR 11.10(f), 11.70)."""
    revision = record.document_revision
    if revision is None:
        return
    shown = shown_numbers(record, deed.once(("digest", revision.pk), lambda: digest_of(revision)))
    missing = [section.title for number, section in enumerate(sections_of(revision), start=1) if number not in shown]
    if missing:
        yield Blocker(
            "not_shown",
            _("Not everything was shown yet: %(sections)s.") % {"sections": ", ".join(missing[:5])},
            record=record,
            remedy=_("Open the training and go through every section."),
            remedy_url=record.get_absolute_url(),
        )


@guard(ASSIGNMENT, "complete", "present", title=gettext_lazy("Still to be worked to"))
def the_revision_still_counts(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    """Nobody is trained on what was given up, or is not approved yet (ISO 13485 4.2.4)."""
    revision = record.document_revision
    if revision is not None and revision.status not in ("approved", "effective", "superseded"):
        yield Blocker(
            "revision_not_used",
            _("%(revision)s is “%(state)s”.") % {"revision": revision, "state": revision.get_status_display()},
            record=revision,
            remedy=_("The lead takes this assignment back."),
        )


@guard(ASSIGNMENT, "complete", title=gettext_lazy("Reading is enough, or the quiz is passed"))
def the_quiz_is_passed(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    if record.kind not in READ_KINDS:
        yield Blocker(
            "second_person_needed",
            _("This is learned with a trainer, or takes a proof: a second person signs too."),
            record=record,
            remedy=_("Sign that it was done; the trainer or whoever verifies the proof signs next."),
        )
    elif record.kind == "quiz" and record.document_revision is not None:
        revision = record.document_revision
        digest = deed.once(("digest", revision.pk), lambda: digest_of(revision))
        if not has_passed(record, digest):
            yield Blocker(
                "quiz_open", _("The quiz is not passed yet."), record=record, remedy=_("Answer the quiz first.")
            )


@guard(ASSIGNMENT, "answer", title=gettext_lazy("There is a quiz"))
def there_is_a_quiz(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    revision = record.document_revision
    if record.kind != "quiz" or revision is None or quiz_in_use(revision.document_id) is None:
        yield Blocker(
            "no_quiz",
            _("No quiz is asked here."),
            record=record,
            remedy=_("Quality writes a quiz on the document and puts it in use."),
        )
    elif record.status == "quiz_failed":
        yield Blocker(
            "help_first",
            _("The quiz was failed as often as allowed."),
            record=record,
            remedy=_("Ask a trainer: they help, and let you try again."),
        )


@guard(ASSIGNMENT, "present", title=gettext_lazy("There is something to attest"))
def there_is_something_to_attest(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    if record.kind in READ_KINDS:
        yield Blocker(
            "no_second_person",
            _("This takes no second person."),
            record=record,
            remedy=_("Sign “read and understood”."),
        )
    elif not record.evidence.strip():
        yield Blocker(
            "no_evidence",
            _("It does not say what was done."),
            record=record,
            remedy=_("Write what was practised and how often, or what the proof says."),
        )
    elif record.kind == "external":
        kind = ContentType.objects.get_for_model(TrainingAssignment)
        if not Attachment.objects.filter(subject_type=kind, subject_id=record.pk).exists():
            yield Blocker(
                "no_proof", _("No proof is attached."), record=record, remedy=_("Attach the certificate as a file.")
            )


@guard(ASSIGNMENT, "attest", title=gettext_lazy("A trainer who may do it themselves"))
def the_trainer_is_qualified(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    """Training on the job is attested by a person qualified to train in the same (21 CFR 211.25(a); ISO 13485 6.2)."""
    if record.kind != "ojt":
        yield Blocker(
            "not_practice",
            _("There is no practice to attest here."),
            record=record,
            remedy=_("Verify the proof instead."),
        )
        return
    curriculum = record.curriculum
    if curriculum is None:
        return
    held = standing_of(deed.actor, curricula=[curriculum.pk]).qualifications.get(curriculum.pk)
    is_in_date = (
        held is not None and held.valid_from <= deed.at and (held.valid_until is None or held.valid_until > deed.at)
    )
    if held is None or held.status != "active" or not is_in_date or held.level != Qualification.Level.TRAINS:
        yield Blocker(
            "trainer_not_qualified",
            _("%(who)s is not qualified to train others in %(curriculum)s.")
            % {"who": deed.actor, "curriculum": curriculum},
            record=curriculum,
            remedy=_("A colleague whose qualification says “Trains others” attests it."),
            remedy_url=curriculum.get_absolute_url(),
        )


@guard(ASSIGNMENT, "verify", title=gettext_lazy("A proof from outside"))
def it_is_a_proof(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    if record.kind != "external":
        yield Blocker(
            "not_a_proof",
            _("There is no proof to verify here."),
            record=record,
            remedy=_("The trainer attests it instead."),
        )


@guard(ASSIGNMENT, "attest", "verify", title=gettext_lazy("Signed by the learner, unchanged since"))
def the_learner_has_signed(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    """Both sign the same content: what was done and how it was seen stand in one record (21 CFR 11.70)."""
    given = [one for one in signatures_of(record) if one.meaning == "performed" and one.signer_id == record.user_id]
    if not given or not is_intact(given[-1]):
        yield Blocker(
            "learner_not_signed",
            _("What the learner signed is not what stands here."),
            record=record,
            remedy=_("Send it back; the learner signs it again."),
        )


@guard(ASSIGNMENT, "support_waiver", title=gettext_lazy("Still to be done, by somebody else"))
def a_waiver_is_possible(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    if record.lifecycle is not None and record.lifecycle.state(record.status).final:
        yield Blocker("state", _("It is “%(state)s”.") % {"state": record.get_status_display()}, record=record)
    if record.user_id == deed.actor.pk:
        yield Blocker(
            "second_person",
            _("Nobody waives their own training."),
            record=record,
            remedy=_("Ask another manager."),
        )


@guard(ASSIGNMENT, "waive", title=gettext_lazy("Supported by a manager"))
def a_manager_supports_it(record: TrainingAssignment, deed: Deed) -> Iterator[Blocker]:
    """A training is waived by two people: the manager who knows the work, and quality (ISO 13485 6.2)."""
    supports = [one for one in signatures_of(record) if one.meaning == "reviewed" and one.signer_id != deed.actor.pk]
    if not any(is_intact(one) for one in supports):
        yield Blocker(
            "waiver_not_supported",
            _("No manager has supported this waiver with a signature yet."),
            record=record,
            remedy=_("The person's manager signs their support first, then quality waives."),
            remedy_url=record.get_absolute_url(),
        )
