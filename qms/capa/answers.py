"""What CAPAs tell the pages of the apps below, and what they know of those apps themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.wiring import answers
from core.lifecycle.models import Transition
from core.organization.models import Site
from core.organization.queries import known_rights, sites_of
from core.web.questions import (
    Count,
    FindRecords,
    Found,
    NavigationCount,
    ResolveScan,
    SignedPartsOf,
    TimelineEntry,
    TimelineOf,
)
from qms.capa.lifecycle import CAPA_ACTION, EXTENSION, TRIAGE
from qms.capa.models import Capa, CapaAction, CapaSource, Extension
from qms.capa.queries import capas_for, capas_from, signed_parts
from qms.capa.questions import (
    BoundKind,
    BoundKinds,
    ExposureKinds,
    MetricKind,
    Reached,
    SourceKind,
    SourceKinds,
    Window,
    whole,
)
from qms.changes.models import ChangeOrder
from qms.documents.models import DocumentRevision
from qms.risk.models import RiskAssessment
from qms.training.models import TrainingAssignment
from traceability.models import ShipmentLine

IN_FORCE = ("effective", "superseded")
RELEASED = ("released", "monitoring", "closed")
TRAINED = ("completed", "waived")
NOT_COUNTED = ("superseded",)


@answers(NavigationCount)
def capas_to_triage(question: NavigationCount) -> Iterator[Count]:
    """How many wait for their triage, at the sites where the user may decide."""
    user = question.user

    def waiting() -> QuerySet[Capa]:
        return Capa.objects.filter(status="triage", site__in=sites_of(user, TRIAGE))

    yield Count("qms_capa:capa_list", waiting, known_rights(user))


def _found(capa: Capa, rank: int) -> Found:
    return Found(_t("CAPA"), capa.number, capa.get_absolute_url(), f"{capa.title} · {capa.get_status_display()}", rank)


@answers(FindRecords)
def capas_found(question: FindRecords) -> Iterator[Found]:
    """Numbers first, then titles."""
    words = question.words.strip()
    found = capas_for(question.user).filter(Q(number__iexact=words) | Q(title__icontains=words)).order_by("-pk")
    for capa in found[: question.limit]:
        yield _found(capa, 0 if capa.number.lower() == words.lower() else 2)


@answers(ResolveScan)
def capa_scanned(question: ResolveScan) -> Iterator[Found]:
    """The CAPA whose number was scanned."""
    for capa in capas_for(question.user).filter(number=question.scan.text)[:5]:
        yield _found(capa, 0)


@answers(SignedPartsOf)
def what_is_signed_of_a_capa(question: SignedPartsOf) -> Iterator[Model]:
    """Triages, plans, actions, verifications and the rest are signed one by one; the page shows all of it."""
    if isinstance(question.record, Capa):
        yield from signed_parts(question.record)


@answers(TimelineOf)
def parts_in_the_timeline(question: TimelineOf) -> Iterator[TimelineEntry]:
    """What happened to actions and extensions is part of the story of the CAPA."""
    capa = question.record
    if not isinstance(capa, Capa):
        return
    models: dict[Any, Any] = {CapaAction: CAPA_ACTION, Extension: EXTENSION}
    kinds = ContentType.objects.get_for_models(*models)
    about = Q(pk__in=[])
    for model in models:
        ids = model._default_manager.filter(capa=capa).values("pk")
        about |= Q(subject_type=kinds[model], subject_id__in=ids)
    made = Transition.objects.filter(about).exclude(from_status=None).select_related("actor", "signature")
    lifecycles = {kinds[model].pk: lifecycle for model, lifecycle in models.items()}
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


@answers(TimelineOf)
def raised_from_it(question: TimelineOf) -> Iterator[TimelineEntry]:
    """A record tells in its story which CAPAs came of it."""
    if isinstance(question.record, (Capa, CapaAction)) or question.record.pk is None:
        return
    kind = ContentType.objects.get_for_model(Capa)
    births = Transition.objects.filter(subject_type=kind, subject_id=OuterRef("pk"), from_status=None)
    found = capas_from(question.record).annotate(begun_at=Subquery(births.values("stamped_at")[:1]))
    for capa in found[: question.limit]:
        yield TimelineEntry(
            at=capa.begun_at,
            title=_t("A CAPA was raised from it: %(capa)s") % {"capa": capa},
            who=str(capa.raised_by),
            url=capa.get_absolute_url(),
        )


def _revisions(site: Site, number: str) -> list[DocumentRevision]:
    """The revisions of a document that are on their way, the newest first."""
    valid = DocumentRevision.objects.filter(Q(document__site=site) | Q(document__site__isnull=True))
    found = valid.filter(document__number__iexact=number.strip()).exclude(status__in=("obsolete", "discarded"))
    return list(found.select_related("document__site").order_by("-pk")[:5])


def _in_force(revision: DocumentRevision) -> Reached:
    return Reached(revision.status in IN_FORCE, revision.get_status_display())


def _trained(revision: DocumentRevision) -> Reached:
    """Everybody to whom training on the revision was given has completed it, and there is somebody."""
    given = TrainingAssignment.objects.filter(document_revision=revision).exclude(status__in=NOT_COUNTED)
    total = given.count()
    done = given.filter(status__in=TRAINED).count()
    words = _t("%(done)s of %(total)s people trained") % {"done": done, "total": total}
    return Reached(revision.status in IN_FORCE and 0 < total == done, words)


def _risks(site: Site, number: str) -> list[RiskAssessment]:
    return list(RiskAssessment.objects.filter(site=site, number__iexact=number.strip()).order_by("-pk")[:5])


def _changes(site: Site, number: str) -> list[ChangeOrder]:
    return list(ChangeOrder.objects.filter(site=site, number__iexact=number.strip())[:5])


@answers(BoundKinds)
def what_lies_below_binds_actions(question: BoundKinds) -> Iterator[BoundKind]:
    """Documents, training on them, risks and changes lie lower; what they come to is known here."""
    yield BoundKind(
        "document", _("Document revision"), DocumentRevision, _revisions, _in_force, _("the revision is effective")
    )
    yield BoundKind(
        "training",
        _("Training on a document"),
        DocumentRevision,
        _revisions,
        _trained,
        _("the revision is effective and everybody to whom it was given is trained"),
        is_training=True,
    )
    yield BoundKind(
        "risk",
        _("Risk assessment"),
        RiskAssessment,
        _risks,
        lambda one: Reached(one.status == "approved", one.get_status_display()),
        _("the assessment is approved"),
    )
    yield BoundKind(
        "change",
        _("Change"),
        ChangeOrder,
        _changes,
        lambda one: Reached(one.status in RELEASED, one.get_status_display()),
        _("the change is released"),
    )


@answers(SourceKinds)
def what_lies_below_raises_capas(question: SourceKinds) -> Iterator[SourceKind]:
    """Risks and changes lie lower too."""
    yield SourceKind(CapaSource.Kind.RISK, _("Risk assessment"), RiskAssessment, _risks)
    yield SourceKind(CapaSource.Kind.CHANGE, _("Change"), ChangeOrder, _changes)


def _shipped(window: Window) -> int:
    lines = ShipmentLine.objects.filter(
        shipment__site=window.site,
        shipment__status="shipped",
        movement__stamped_at__gte=window.begins,
        movement__stamped_at__lt=window.until,
    )
    if window.material is not None:
        lines = lines.filter(lot__material=window.material)
    return whole(lines.aggregate(total=Sum("quantity"))["total"])


@answers(ExposureKinds)
def shipped_quantities(question: ExposureKinds) -> Iterator[MetricKind]:
    """What left for customers."""
    yield MetricKind("shipped", _("Quantity shipped"), _shipped)
