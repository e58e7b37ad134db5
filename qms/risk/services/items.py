"""Risks, their estimates, their controls, and what they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from qms.risk.models import RiskAssessment, RiskControl, RiskItem, RiskLink
from qms.risk.queries import is_in_range
from qms.risk.services.assessments import editing


@dataclass(frozen=True)
class Estimate:
    """Severity and probability in places of the matrix; of a process ranks from 1 to 10, with detection."""

    severity: int
    probability: int
    detection: int | None = None


def _refuse_range(assessment: RiskAssessment, *estimates: Estimate | None) -> None:
    for one in estimates:
        if one is not None and not is_in_range(assessment, one.severity, one.probability, one.detection):
            remedy = (
                _("Severity, occurrence and detection are ranks from 1 to 10.")
                if assessment.kind == RiskAssessment.Kind.PROCESS
                else _("Choose a place of the matrix.")
            )
            raise Blocked(
                Blocker("estimate", _("This estimate has no place in the matrix."), record=assessment, remedy=remedy)
            )


def _write(item: RiskItem, values: dict[str, str], before: Estimate, after: Estimate | None) -> None:
    for name, value in values.items():
        setattr(item, name, value.strip())
    item.severity, item.probability, item.detection = before.severity, before.probability, before.detection
    item.residual_severity = after.severity if after is not None else None
    item.residual_probability = after.probability if after is not None else None
    item.residual_detection = after.detection if after is not None else None


@service
def add_item(
    *,
    assessment: RiskAssessment,
    hazard: str,
    cause: str,
    effect: str,
    before: Estimate,
    actor: Any,
    situation: str = "",
    after: Estimate | None = None,
    rationale: str = "",
    new_risks: str = "",
    reason: str = "",
) -> RiskItem:
    """Add a risk to a draft, with its estimate. Raises `Blocked` for an estimate that has no place."""
    found = editing(assessment, actor)
    _refuse_range(found, before, after)
    last = found.items.order_by("-position").values_list("position", flat=True).first()
    item = RiskItem(assessment=found, position=(last or 0) + 1)
    texts = {"hazard": hazard, "cause": cause, "effect": effect, "situation": situation}
    _write(item, {**texts, "rationale": rationale, "new_risks": new_risks}, before, after)
    item.save()
    return item


@service
def change_item(
    *,
    item: RiskItem,
    hazard: str,
    cause: str,
    effect: str,
    before: Estimate,
    actor: Any,
    situation: str = "",
    after: Estimate | None = None,
    rationale: str = "",
    new_risks: str = "",
    reason: str = "",
) -> RiskItem:
    """Change a risk of a draft, or estimate it again after its controls."""
    found = editing(item.assessment, actor)
    _refuse_range(found, before, after)
    fresh = RiskItem.objects.select_related("assessment").get(pk=item.pk)
    texts = {"hazard": hazard, "cause": cause, "effect": effect, "situation": situation}
    _write(fresh, {**texts, "rationale": rationale, "new_risks": new_risks}, before, after)
    fresh.save()
    return fresh


@service
def remove_item(*, item: RiskItem, actor: Any, reason: str) -> RiskAssessment:
    """Take a risk out of a draft, with its controls; its history stays."""
    found = editing(item.assessment, actor)
    RiskItem.objects.get(pk=item.pk).delete()
    return found


@service
def add_control(
    *, item: RiskItem, kind: str, description: str, actor: Any, verification: str = "", reason: str = ""
) -> RiskControl:
    """Say what is done about a risk."""
    editing(item.assessment, actor)
    control = RiskControl(
        item=item,
        kind=RiskControl.Kind(kind),
        description=description.strip(),
        verification=verification.strip(),
    )
    control.save()
    return control


@service
def change_control(
    *, control: RiskControl, kind: str, description: str, verification: str, actor: Any, reason: str = ""
) -> RiskControl:
    """Change a control, or write what verifies it."""
    editing(control.item.assessment, actor)
    found = RiskControl.objects.select_related("item__assessment").get(pk=control.pk)
    found.kind, found.description, found.verification = kind, description.strip(), verification.strip()
    found.save()
    return found


@service
def remove_control(*, control: RiskControl, actor: Any, reason: str) -> RiskAssessment:
    """Take a control out of a draft; its history stays."""
    found = editing(control.item.assessment, actor)
    RiskControl.objects.get(pk=control.pk).delete()
    return found


@service
def link_item(*, item: RiskItem, record: models.Model, actor: Any, reason: str = "") -> RiskLink:
    """Say that a risk is about a record. Raises `Blocked` when that is said already."""
    editing(item.assessment, actor)
    reference = subject_ref(record)
    known = RiskLink.objects.filter(item=item, subject_type=reference["subject_type"], subject_id=record.pk).first()
    if known is not None:
        raise Blocked(
            Blocker(
                "linked",
                _("“%(risk)s” is linked to %(record)s already.") % {"risk": item, "record": record},
                record=item,
                remedy=_("Nothing is to be done."),
            )
        )
    link = RiskLink(item=item, **reference)
    link.save()
    return link


@service
def unlink_item(*, link: RiskLink, actor: Any, reason: str) -> RiskAssessment:
    """A risk is no longer about a record; the history keeps that it was."""
    found = editing(link.item.assessment, actor)
    RiskLink.objects.get(pk=link.pk).delete()
    return found
