"""Raising a nonconformance: record, holds and the first assignment in one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

from django.db import models
from django.utils.translation import gettext as _

from core.files.services import attach
from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.records import subject_ref
from core.kernel.wiring import publish
from core.lifecycle.services import begin, perform
from core.organization.models import Site
from core.organization.services import next_number, require
from core.worklist.models import Kind as Work
from core.worklist.services import assign
from qms.nonconformance.events import NonConformanceRaised
from qms.nonconformance.lifecycle import CLOSE_WITHIN, TRIAGE_WITHIN
from qms.nonconformance.models import DefectCode, NonConformance
from qms.nonconformance.services.items import ItemInput, affect

PREFIXES = {NonConformance.Kind.NONCONFORMANCE: "NC", NonConformance.Kind.DEVIATION: "DEV"}


@service
def raise_nonconformance(
    *,
    site: Site,
    title: str,
    description: str = "",
    severity: str,
    source: models.Model | None = None,
    items: Sequence[ItemInput] = (),
    context: Mapping[str, Any] | None = None,
    defect_code: DefectCode | None = None,
    kind: str = NonConformance.Kind.NONCONFORMANCE,
    draft: bool = True,
    owner: Any = None,
    detection_point: str = "",
    photos: Iterable[BinaryIO] = (),
    actor: Any,
) -> NonConformance:
    """Record what does not conform, hold what it affects, and ask whoever triages, all or nothing.

    `context` is what was true where and when it was found: keys of `queries.CONTEXT_LABELS` and JSON values; it is
    frozen here. With `draft=False` it is opened at once, which needs the right to triage and a defect code; the owner
    is then `owner` or the actor. Raises `Blocked`.
    """
    require(actor, "qms_nonconformance.raise_nonconformance", site)
    moment = now()
    nonconformance = NonConformance(
        kind=kind,
        number=next_number(site, PREFIXES[NonConformance.Kind(kind)]),
        site=site,
        title=title[:200],
        description=description,
        severity=severity,
        defect_code=defect_code,
        context=dict(context or {}),
        owner=owner if draft else owner or actor,
        due_at=moment + CLOSE_WITHIN[severity],
        detection_point=detection_point,
        reported_by=actor,
        reported_at=moment,
        **(subject_ref(source, "source") if source is not None else {}),
    )
    begin(nonconformance, actor=actor)
    affect(nonconformance, items, actor)
    for photo in photos:
        attach(photo, to=nonconformance, caption=_("Attached when it was raised"), actor=actor)
    assign(
        subject=nonconformance,
        kind=Work.TRIAGE,
        title=_("Triage %(nonconformance)s") % {"nonconformance": nonconformance},
        to_permission="qms_nonconformance.triage_nonconformance",
        due_at=moment + TRIAGE_WITHIN,
        actor=actor,
    )
    publish(NonConformanceRaised(nonconformance.pk))
    if not draft:
        perform(nonconformance, "open", actor=actor)
    return nonconformance
