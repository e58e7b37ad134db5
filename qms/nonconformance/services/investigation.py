"""What else may be affected, which records are the same, whether a CAPA is needed, and whose the record is."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import attempt
from core.organization.services import require
from core.signing.services import Proof, require_proof
from qms.capa.lifecycle import VIEW as SEE_CAPA
from qms.capa.models import Capa
from qms.capa.queries import GIVEN_UP, TAKES_SOURCES, capas_from
from qms.capa.services import add_source, raise_capa
from qms.nonconformance.models import AffectedItem, CapaDecision, NonConformance, OtherLot
from qms.nonconformance.queries import possibly_affected
from qms.nonconformance.services.dispositions import finish_the_review
from qms.nonconformance.services.items import ItemInput, affect, change_quantity, locked
from qms.nonconformance.services.triage import TRIAGE, cancel_nonconformance, hand_over
from traceability.models import Lot
from traceability.services import lock

RECORD = "qms_nonconformance.NonConformance"


def _refuse(code: str, message: str, remedy: str, record: Any) -> Blocked:
    return Blocked(Blocker(code, message, record=record, remedy=remedy))


# --- other lots


@service
def list_other_lots(*, nonconformance: NonConformance, actor: Any) -> list[OtherLot]:
    """Name every lot that the genealogy ties to the affected ones as a line to answer; known lines stay as they are."""
    found = locked(nonconformance)
    require(actor, TRIAGE, found)
    attempt(found, "edit", actor=actor)
    return _list(found)


def _list(found: NonConformance) -> list[OtherLot]:
    wanted = possibly_affected(found)
    known = set(OtherLot.objects.filter(nonconformance=found).values_list("lot", flat=True))
    lots = Lot.objects.in_bulk([pk for pk in wanted if pk not in known])
    lines = [OtherLot(nonconformance=found, lot=lot, relation=wanted[pk]) for pk, lot in sorted(lots.items())]
    for line in lines:
        line.save()
    return lines


@effect(RECORD, "open")
def other_lots_are_asked_about(record: NonConformance, deed: Deed) -> None:
    """A deviation, and whatever is critical, is looked at beyond its own lots from the start (21 CFR 211.192)."""
    is_deviation = record.kind == NonConformance.Kind.DEVIATION and record.severity != "minor"
    if is_deviation or record.severity == "critical":
        _list(record)


@service
def answer_other_lot(*, line: OtherLot, answer: str, rationale: str, actor: Any, reason: str = "") -> OtherLot:
    """Say whether a lot is affected too and why. One that is affected is named, and held in the same transaction."""
    found = locked(line.nonconformance)
    require(actor, TRIAGE, found)
    if found.status in ("closed", "cancelled"):
        raise _refuse(
            "not_editable",
            _("%(nonconformance)s is “%(status)s”.") % {"nonconformance": found, "status": found.get_status_display()},
            _("Raise a new one for this lot."),
            found,
        )
    if not rationale.strip():
        raise _refuse("rationale", _("The answer needs its reason."), _("Write what was looked at."), found)
    kept = (
        OtherLot.objects.select_for_update(of=("self",)).select_related("lot__site", "nonconformance").get(pk=line.pk)
    )
    if kept.answer and not reason.strip():
        raise _refuse("reason_missing", _("A reason is needed."), _("Write why the answer changes."), found)
    if OtherLot.Answer(answer) is OtherLot.Answer.UNANSWERED:
        raise _refuse("answer", _("Nothing is answered."), _("Choose affected or not affected."), found)
    if kept.answer == OtherLot.Answer.AFFECTED and answer != OtherLot.Answer.AFFECTED:
        raise _refuse(
            "held",
            _("Lot %(lot)s is named as affected and held.") % {"lot": kept.lot},
            _("Decide about it by a disposition."),
            found,
        )
    is_named = AffectedItem.objects.filter(nonconformance=found, lot=kept.lot).exists()
    if answer == OtherLot.Answer.AFFECTED and not is_named:
        attempt(found, "edit", actor=actor)
        affect(found, [ItemInput(lot=kept.lot)], actor)
        _list(found)
    kept.answer, kept.rationale = answer, rationale.strip()
    kept.answered_by, kept.answered_at = actor, now()
    kept.save()
    return kept


# --- duplicates


@service
def merge_nonconformance(
    *, nonconformance: NonConformance, into: NonConformance, reason: str, actor: Any, signature: Proof | None
) -> NonConformance:
    """Merge a duplicate into another open record: what it affects is held there, and it is cancelled, signed.

    No piece is free in between. A lot that both name is affected by the larger of the two counts, and wholly where one
    of them is not counted.
    """
    first, second = sorted((nonconformance.pk, into.pk))
    rows = {row.pk: locked(row) for row in NonConformance.objects.filter(pk__in=(first, second)).order_by("pk")}
    found, survivor = rows[nonconformance.pk], rows[into.pk]
    require(actor, "qms_nonconformance.close_nonconformance", survivor)
    attempt(found, "merge", actor=actor, into=survivor)
    unfit = require_proof(signature, "hold_released", actor)
    if unfit is not None:
        raise Blocked(unfit)
    known = {(item.lot_id, item.unit_id): item for item in survivor.items.select_related("lot", "unit", "uom", "hold")}
    for item in found.items.select_related("lot", "unit").order_by("pk"):
        same = known.get((item.lot_id, item.unit_id))
        if same is None:
            affect(survivor, [ItemInput(item.lot, item.unit, item.quantity if item.lot is not None else None)], actor)
        elif item.lot is not None and same.quantity is not None:
            grown = None if item.quantity is None else max(item.quantity, same.quantity)
            if grown != same.quantity:
                words = _("merged from %(number)s") % {"number": found.number}
                lock([item.lot])
                change_quantity(same, grown, survivor, reason=words, actor=actor, signature=signature)
    found.merged_into = survivor
    found.save()
    return cancel_nonconformance(nonconformance=found, actor=actor, reason=reason, signature=signature)


# --- a CAPA, or none


@service
def decide_capa(
    *,
    nonconformance: NonConformance,
    decision: str,
    rationale: str,
    capa: Capa | None = None,
    reason: str = "",
    actor: Any,
) -> NonConformance:
    """Decide whether a CAPA is needed, and why; the CAPA is tied to the record. Raises `Blocked`.

    Where one is needed, `capa` names it, or it is raised from this record in the same transaction. As long as that one
    may still have sources, the record becomes one of them.
    """
    found = locked(nonconformance)
    require(actor, TRIAGE, found)
    if found.status not in ("open", "under_review", "dispositioned"):
        raise _refuse(
            "not_editable",
            _("%(nonconformance)s is “%(status)s”.") % {"nonconformance": found, "status": found.get_status_display()},
            _("This is decided between its triage and its closing."),
            found,
        )
    if not rationale.strip():
        raise _refuse(
            "rationale",
            _("The decision needs its rationale."),
            _("Write why a CAPA is needed, or why none is."),
            found,
        )
    if found.capa_decision and not reason.strip():
        raise _refuse("reason_missing", _("A reason is needed."), _("Write why it is decided anew."), found)
    found.capa_decision, found.capa_rationale = CapaDecision(decision), rationale.strip()
    found.capa = _capa_of(found, capa, actor)
    found.save()
    if found.status == "under_review":
        finish_the_review(found, actor)
    return found


def _capa_of(found: NonConformance, chosen: Capa | None, actor: Any) -> Capa | None:
    """The CAPA that the decision names: none, the chosen one, or a new one."""
    if found.capa_decision == CapaDecision.NOT_NEEDED:
        if chosen is not None:
            raise _refuse(
                "capa_named",
                _("No CAPA is needed, yet %(capa)s is named.") % {"capa": chosen},
                _("Name none, or decide that one is raised."),
                found,
            )
        return None
    if chosen is None:
        if found.capa is not None and found.capa.status not in GIVEN_UP:
            return found.capa
        return raise_capa(
            site=found.site, title=found.title, problem=found.description, source=found, source_kind=found.kind,
            actor=actor,
        )  # fmt: skip
    require(actor, SEE_CAPA, chosen)
    kept = Capa.objects.select_for_update(of=("self",)).get(pk=chosen.pk)
    if kept.site_id != found.site_id or kept.status in GIVEN_UP:
        raise _refuse(
            "capa_unfit",
            _("%(capa)s is “%(status)s” or of another site.") % {"capa": kept, "status": kept.get_status_display()},
            _("Choose another one, or have a new one raised from here."),
            found,
        )
    if kept.status in TAKES_SOURCES and not capas_from(found).filter(pk=kept.pk).exists():
        add_source(capa=kept, kind=found.kind, source=found, actor=actor)
    return kept


# --- whose it is


@service
def assign_owner(*, nonconformance: NonConformance, owner: Any, actor: Any, reason: str = "") -> NonConformance:
    """Give the record to somebody who may work on it; the open work on it goes along."""
    found = locked(nonconformance)
    require(actor, TRIAGE, found)
    if found.status in ("closed", "cancelled"):
        raise _refuse(
            "not_editable",
            _("%(nonconformance)s is “%(status)s”.") % {"nonconformance": found, "status": found.get_status_display()},
            _("Nobody works on it any more."),
            found,
        )
    found.owner = owner
    attempt(found, "own", actor=actor)
    found.save()
    hand_over(found, actor=actor)
    return found
