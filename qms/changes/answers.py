"""What changes tell the apps below, and what they answer themselves for the apps that lie lower."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, Model, Q, QuerySet, TextField, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.errors import Blocker
from core.kernel.wiring import answers
from core.lifecycle.models import Transition
from core.organization.models import Site
from core.organization.queries import known_rights, sites_of
from core.organization.questions import AgainstConfiguration
from core.web.questions import Count, FindRecords, Found, NavigationCount, SignedPartsOf, TimelineEntry, TimelineOf
from qms.changes.lifecycle import CHANGE_APPROVAL, CHANGE_TASK, IMPACT_ASSESSMENT, RELEASE
from qms.changes.models import (
    ChangeApproval,
    ChangeOrder,
    ChangeRisk,
    ChangeSuggestion,
    ChangeTask,
    ImpactAssessment,
)
from qms.changes.queries import changes_for, configuration_blockers, signed_parts
from qms.changes.questions import (
    Affected,
    AffectedBy,
    ControlledKind,
    ControlledKinds,
    PreviewLine,
    ReleasePreview,
)
from qms.documents.models import Document, DocumentRevision
from qms.risk.queries import assessments_about
from qms.risk.questions import LookedAtBy, WhoLooksAt
from qms.training.queries import still_learning

MOST_DOCUMENTS = 50
"""How many documents that name one are suggested."""
NAMED = 5
"""How many people are named; the others are counted."""


def _documents(site: Site, number: str) -> list[Document]:
    valid = Document.objects.filter(Q(site=site) | Q(site__isnull=True))
    return list(valid.filter(number__iexact=number.strip()))


@answers(ControlledKinds)
def documents_are_controlled(question: ControlledKinds) -> Iterator[ControlledKind]:
    """Documents lie lower; what a change can do with them is known here."""
    yield ControlledKind(
        model=DocumentRevision,
        label=_("Document"),
        master="document",
        find=_documents,
        kinds=tuple(Document.Kind.choices),
        kind_path="document__kind",
    )


def _documents_of(question: AffectedBy) -> dict[int, Document]:
    return {one.document_id: one.document for one in question.revisions if isinstance(one, DocumentRevision)}


@answers(AffectedBy)
def documents_that_name_it(question: AffectedBy) -> Iterator[Affected]:
    """Documents whose text names the number of one of the documents."""
    documents = _documents_of(question)
    if not documents:
        return
    named = [
        When(Q(body__icontains=one.number) & ~Q(document=one), then=Value(one.number)) for one in documents.values()
    ]
    naming = DocumentRevision.objects.filter(status="effective").annotate(named=Case(*named, output_field=TextField()))
    most = MOST_DOCUMENTS * len(documents)
    for found in naming.filter(named__isnull=False).select_related("document").order_by("pk")[:most]:
        yield Affected(found, ChangeSuggestion.Kind.DOCUMENT, _("It names %(document)s.") % {"document": found.named})


@answers(AffectedBy)
def risks_about_a_document(question: AffectedBy) -> Iterator[Affected]:
    """Risk assessments of the site with a risk that is about one of the documents."""
    for assessment, document in assessments_about(_documents_of(question).values(), question.site):
        yield Affected(
            assessment,
            ChangeSuggestion.Kind.RISK,
            _("A risk in it is about %(document)s.") % {"document": document.number},
        )


@answers(ReleasePreview)
def people_who_have_not_learned_it(question: ReleasePreview) -> Iterator[PreviewLine]:
    """Per document revision that takes training: who was asked to learn it and has not yet; the gates refuse them."""
    for revision in question.revisions:
        if not isinstance(revision, DocumentRevision):
            continue
        asked = list(still_learning(revision))
        if asked:
            words = ngettext(
                "%(count)s person has not learned %(revision)s yet: %(names)s",
                "%(count)s people have not learned %(revision)s yet: %(names)s",
                len(asked),
            )
            names = ", ".join(str(one.user) for one in asked[:NAMED]) + (" …" if len(asked) > NAMED else "")
            text = words % {"count": len(asked), "revision": revision, "names": names}
            yield PreviewLine(_("Training"), text, revision.get_absolute_url())


@answers(WhoLooksAt)
def changes_that_name_it(question: WhoLooksAt) -> Iterator[LookedAtBy]:
    """The page of an assessment leads to the changes because of which it is looked at."""
    naming = ChangeRisk.objects.filter(assessment=question.assessment, change__in=changes_for(question.user))
    for one in naming.select_related("change").order_by("-pk")[:50]:
        state = one.change.get_status_display()
        yield LookedAtBy(str(one.change), one.change.get_absolute_url(), f"{state} · {one.note}" if one.note else state)


@answers(AgainstConfiguration)
def configuration_needs_a_change(question: AgainstConfiguration) -> Iterator[Blocker]:
    """In production mode configuration changes only for a change that is being implemented."""
    yield from configuration_blockers(question.model)


@answers(NavigationCount)
def changes_to_release(question: NavigationCount) -> Iterator[Count]:
    """How many wait for their release or their retrospective approval, at the sites where the user may give it."""
    user = question.user

    def waiting() -> QuerySet[ChangeOrder]:
        ready = Q(status="ready", release_at__isnull=True) | Q(status="released", urgency="emergency")
        return ChangeOrder.objects.filter(ready, site__in=sites_of(user, RELEASE))

    yield Count("qms_changes:changeorder_list", waiting, known_rights(user))


@answers(FindRecords)
def changes_found(question: FindRecords) -> Iterator[Found]:
    """Numbers first, then titles."""
    words = question.words.strip()
    found = changes_for(question.user).filter(Q(number__iexact=words) | Q(title__icontains=words)).order_by("-pk")
    for change in found[: question.limit]:
        rank = 0 if change.number.lower() == words.lower() else 2
        detail = f"{change.title} · {change.get_status_display()}"
        yield Found(_("Change"), change.number, change.get_absolute_url(), detail, rank)


@answers(SignedPartsOf)
def what_is_signed_of_a_change(question: SignedPartsOf) -> Iterator[Model]:
    """Assessments, approvals, tasks and extensions are signed one by one; the page shows all of it."""
    change = question.record
    if isinstance(change, ChangeOrder):
        yield from signed_parts(change)


@answers(TimelineOf)
def parts_in_the_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """What happened to assessments, approvals and tasks is part of the story of the change."""
    change = question.record
    if not isinstance(change, ChangeOrder):
        return
    parts = {ImpactAssessment: IMPACT_ASSESSMENT, ChangeApproval: CHANGE_APPROVAL, ChangeTask: CHANGE_TASK}
    kinds = ContentType.objects.get_for_models(*parts)
    about = Q(pk__in=[])
    for model in parts:
        about |= Q(subject_type=kinds[model], subject_id__in=_of(model, change))
    made = Transition.objects.filter(about).exclude(from_status=None).select_related("actor", "signature")
    lifecycles = {kinds[model].pk: lifecycle for model, lifecycle in parts.items()}
    for transition in made.order_by("-id")[: question.limit]:
        state = lifecycles[transition.subject_type_id].state(transition.to_status)
        yield TimelineEntry(
            at=transition.stamped_at,
            title=f"{transition.subject_label}: {state.label}",
            who=str(transition.actor),
            reason=transition.reason,
            meaning=transition.signature.get_meaning_display() if transition.signature else "",
            tone=state.tone,
        )


def _of(model: Any, change: ChangeOrder) -> Any:
    """The ids of the parts of one model."""
    return model._default_manager.filter(change=change).values("pk")
