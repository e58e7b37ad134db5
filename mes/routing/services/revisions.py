"""Routings and their revisions: begin, copy, approve, replace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.bulk import bulk_create
from core.kernel.deeds import Deed, service
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import effect
from core.lifecycle.services import begin, perform
from core.organization.models import Site, WorkCenter
from core.organization.services import require
from core.worklist.models import Kind
from core.worklist.services import complete_for
from core.worklist.services import revisions as work
from mes.routing.models import (
    OmittedMaterial,
    Operation,
    OperationMaterial,
    OperationRequirement,
    Routing,
    RoutingRevision,
)
from mes.routing.queries import (
    content_hash,
    next_revision_code,
    next_sequence,
    operations_of,
    unfinished_revision,
)
from mes.routing.queries.revisions import SEQUENCE_STEP, omitted_of
from mes.routing.services.editing import open_draft
from mes.routing.services.operations import settle
from traceability.models import BillOfMaterialLine, Material
from traceability.queries import bom_lines, day_at

ADD = "mes_routing.add_routing"
REVISION = "mes_routing.RoutingRevision"


@service
def create_routing(
    *, site: Site, material: Material, code: str, name: str, is_rework: bool = False, actor: Any, reason: str = ""
) -> Routing:
    """Create a routing with its first draft revision. Raises `ValidationError` when the code is taken at the site.

    By one for rework nothing is made: nonconforming goods of the material are reworked by it.
    """
    require(actor, ADD, site)
    routing = Routing(site=site, material=material, code=code.strip(), name=name.strip(), is_rework=is_rework)
    routing.full_clean()
    routing.save()
    _begin_revision(routing, "", actor)
    return routing


@service
def change_routing(*, routing: Routing, code: str, name: str, actor: Any, reason: str = "") -> Routing:
    """Rename a routing; its revisions and orders keep pointing to it."""
    locked = Routing.objects.select_for_update(of=("self",)).get(pk=routing.pk)
    require(actor, ADD, locked)
    locked.code, locked.name = code.strip(), name.strip()
    locked.full_clean()
    locked.save()
    return locked


@service
def new_revision(
    *, routing: Routing, summary: str, actor: Any, copy_from: RoutingRevision | None = None, reason: str = ""
) -> RoutingRevision:
    """Begin a draft as a copy of `copy_from` (default: the effective revision, else the newest).

    Refused while another revision of the routing is in work. BOM lines that were replaced are taken by their component.
    """
    locked = Routing.objects.select_for_update(of=("self",)).get(pk=routing.pk)
    require(actor, ADD, locked)
    present = unfinished_revision(locked)
    if present is not None:
        raise Blocked(
            Blocker(
                "revision_in_work",
                _("%(revision)s is still in work.") % {"revision": present},
                record=present,
                remedy=_("Finish or discard it first."),
                remedy_url=present.get_absolute_url(),
            )
        )
    source = copy_from or locked.revisions.order_by("-id").filter(status="effective").first()
    source = source or locked.revisions.order_by("-id").first()
    revision = _begin_revision(locked, summary, actor)
    if source is not None:
        _copy(source, revision)
    return revision


@service
def change_summary(*, revision: RoutingRevision, summary: str, actor: Any, reason: str = "") -> RoutingRevision:
    """Write what changed and why; read by the approver."""
    draft = open_draft(revision.pk, actor)
    draft.change_summary = summary.strip()
    draft.save()
    return draft


@service
def copy_operations(
    *, source: RoutingRevision, revision: RoutingRevision, actor: Any, reason: str = ""
) -> list[Operation]:
    """Add copies of another revision's operations behind those of a draft.

    Work centers of another site are matched by code, instructions valid only there are left out, and BOM lines are
    matched by component. What has no match stays open, and the guards name it before the draft can be submitted.
    """
    draft = open_draft(revision.pk, actor)
    require(actor, "mes_routing.view_routing", source)
    return _copy(source, draft)


def _begin_revision(routing: Routing, summary: str, actor: Any) -> RoutingRevision:
    revision = RoutingRevision(
        routing=routing, revision=next_revision_code(routing), author=actor, change_summary=summary.strip()
    )
    return begin(revision, actor=actor)


def _copy(source: RoutingRevision, target: RoutingRevision) -> list[Operation]:
    """Copy operations with their materials and requirements, and the omissions of the same BOM, set-based."""
    olds = operations_of(source)
    places = _places(source, target)
    start = next_sequence(target)
    keeps_numbers = start == SEQUENCE_STEP
    news = bulk_create(
        [
            Operation(
                routing_revision=target,
                sequence=old.sequence if keeps_numbers else start + SEQUENCE_STEP * index,
                name=old.name,
                work_center=places.get(old.work_center.code) if old.work_center else None,
                document=old.document if old.document and _is_valid_at(old.document, target) else None,
                overlap_allowed=old.overlap_allowed,
                setup_minutes=old.setup_minutes,
                run_minutes=old.run_minutes,
            )
            for index, old in enumerate(olds)
        ]
    )
    lines = {line.component_id: line for line in bom_lines(target.routing.material, day_at(target.routing.site))}
    pairs = list(zip(olds, news, strict=True))
    bulk_create([copy for old, new in pairs for copy in _material_copies(old, new, lines)])
    bulk_create(
        [
            OperationRequirement(
                operation=new,
                kind=requirement.kind,
                curriculum=requirement.curriculum,
                meaning=requirement.meaning,
                equipment_class=requirement.equipment_class,
                witness=requirement.witness,
            )
            for old, new in pairs
            for requirement in old.requirements.all()
        ]
    )
    if source.routing_id == target.routing_id:
        kept = [(omission, lines.get(omission.bom_line.component_id)) for omission in omitted_of(source)]
        bulk_create(
            [
                OmittedMaterial(routing_revision=target, bom_line=line, reason=omission.reason)
                for omission, line in kept
                if line is not None
            ]
        )
    settle(target)
    return news


def _places(source: RoutingRevision, target: RoutingRevision) -> dict[str, WorkCenter]:
    """Active work centers of the target's site by the codes that the source uses."""
    codes = source.operations.values("work_center__code")
    found = WorkCenter.objects.filter(area__site=target.routing.site_id, is_active=True, code__in=codes)
    return {center.code: center for center in found.order_by("-id")}


def _is_valid_at(document: Any, target: RoutingRevision) -> bool:
    return document.site_id is None or document.site_id == target.routing.site_id


def _material_copies(
    old: Operation, new: Operation, lines: dict[int, BillOfMaterialLine]
) -> Iterator[OperationMaterial]:
    for row in old.materials.all():
        line = lines.get(row.material_id) if row.bom_line_id is not None else None
        if row.bom_line_id is None or line is not None:
            yield OperationMaterial(
                operation=new, material=row.material, bom_line=line, quantity=row.quantity, uom=row.uom
            )


@effect(REVISION, "submit")
def ask_for_approval(revision: RoutingRevision, deed: Deed) -> None:
    """Put the approval into the inbox of whoever may approve routings at the site, but for the author."""
    work.ask_for_approval(revision, deed)


@effect(REVISION, "approve")
def pin_content(revision: RoutingRevision, deed: Deed) -> None:
    """Keep the digest of what the second person signed; orders are released against it."""
    revision.content_hash = content_hash(revision)
    revision.approved_at = deed.at
    revision.save()
    title = _("Make %(revision)s effective") % {"revision": revision}
    work.ask_to_make_effective(revision, deed, title=title)


@effect(REVISION, "reject")
def return_to_the_author(revision: RoutingRevision, deed: Deed) -> None:
    """Tell the author what to rework."""
    work.ask_for_rework(revision, deed)


@effect(REVISION, "withdraw", "discard")
def take_the_work_back(revision: RoutingRevision, deed: Deed) -> None:
    """Nobody needs to approve or rework it any more."""
    work.take_the_work_back(revision, deed)


@effect(REVISION, "make_effective")
def replace_effective(revision: RoutingRevision, deed: Deed) -> None:
    """Supersede the revision that was effective until now; PostgreSQL checks at commit that one is left."""
    _supersede_others(revision, deed)
    revision.effective_from = deed.at
    revision.save()
    complete_for(subject=revision, kind=Kind.ACTION, actor=deed.actor)


@effect(REVISION, "restore")
def take_its_place_again(revision: RoutingRevision, deed: Deed) -> None:
    """A temporary change has ended: the revision before it counts again."""
    _supersede_others(revision, deed)


def _supersede_others(revision: RoutingRevision, deed: Deed) -> None:
    others = RoutingRevision.objects.filter(routing_id=revision.routing_id, status="effective").exclude(pk=revision.pk)
    for other in others:
        perform(
            other, "supersede", actor=deed.actor, reason=_("%(revision)s became effective") % {"revision": revision}
        )
