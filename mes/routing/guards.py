"""Every reason why a routing may not be edited, approved or put to use, one function each.

That no document becomes obsolete while a routing names it is kept by qms.documents, which asks us (answers.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.revisions import written_by
from core.kernel.wiring import guard
from core.organization.models import Equipment
from core.signing.queries import is_intact
from mes.routing.models import Operation, RoutingRevision
from mes.routing.queries import content_hash, content_of, latest_signature, revisions_of, writer_ids
from mes.routing.queries.staffing import staffing_for_routing
from qms.changes.queries import change_blockers
from qms.documents.models import DocumentRevision
from qms.training.queries import staffing_blockers

REVISION = "mes_routing.RoutingRevision"
READY_TO_REVIEW = ("approved", "effective")


def _builder(revision: RoutingRevision, fragment: str = "") -> str:
    """Where the blocker is put right."""
    return reverse("mes_routing:routingrevision_build", args=[revision.pk]) + fragment


@guard(REVISION, "edit", title=gettext_lazy("Only a draft is edited"))
def is_draft(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """What was submitted is what is approved: its content stands still (21 CFR 820.40)."""
    if revision.status == "draft":
        return
    yield Blocker(
        "not_draft",
        _("%(revision)s is “%(state)s”; only a draft can be edited.")
        % {"revision": revision, "state": revision.lifecycle.state(revision.status).label},
        record=revision,
        remedy=_("Begin a new revision, or have this one sent back."),
        remedy_url=revision.routing.get_absolute_url(),
    )


@guard(REVISION, "submit", "approve", title=gettext_lazy("There are operations"))
def has_operations(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """A routing without operations makes nothing."""
    if not content_of(revision).operations:
        yield Blocker(
            "no_operations",
            _("The routing has no operation."),
            record=revision,
            remedy=_("Add the operations in the order in which they are done."),
            remedy_url=_builder(revision),
        )


@guard(REVISION, "submit", "approve", "make_effective", title=gettext_lazy("Every operation has a work center"))
def work_centers_are_named(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Each operation runs at an active work center of the routing's own site."""
    for operation in content_of(revision).operations:
        center = operation.work_center
        if center is None:
            message = _("%(operation)s has no work center.") % {"operation": operation}
        elif center.area.site_id != revision.routing.site_id:
            message = _("%(operation)s runs at %(center)s, which belongs to another site.") % {
                "operation": operation,
                "center": center,
            }
        elif not center.is_active:
            message = _("%(operation)s runs at %(center)s, which is no longer active.") % {
                "operation": operation,
                "center": center,
            }
        else:
            continue
        yield Blocker(
            "work_center",
            message,
            record=operation,
            remedy=_("Choose an active work center of this site."),
            remedy_url=_builder(revision, f"#operation-{operation.pk}"),
        )


def _without(revision: RoutingRevision, statuses: tuple[str, ...]) -> Iterator[Operation]:
    """Operations whose named document has no revision in any of these states."""
    operations = [operation for operation in content_of(revision).operations if operation.document is not None]
    ready = set(
        DocumentRevision.objects.filter(
            document__in={operation.document_id for operation in operations}, status__in=statuses
        ).values_list("document", flat=True)
    )
    return (operation for operation in operations if operation.document_id not in ready)


@guard(REVISION, "submit", "approve", title=gettext_lazy("Instructions are approved"))
def instructions_are_approved(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Who approves a routing approves the work it leads to, so its instructions stand already."""
    for operation in _without(revision, READY_TO_REVIEW):
        yield Blocker(
            "instruction_not_approved",
            _("%(operation)s names %(document)s, of which no revision is approved or effective.")
            % {"operation": operation, "document": operation.document},
            record=operation.document,
            remedy=_("Have the instruction approved, or name another one."),
            remedy_url=operation.document.get_absolute_url() if operation.document else "",
        )


@guard(REVISION, "make_effective", "restore", title=gettext_lazy("Instructions are effective"))
def instructions_are_effective(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """An order released by this routing must find the instruction that its operators work to."""
    for operation in _without(revision, ("effective",)):
        yield Blocker(
            "instruction_not_effective",
            _("%(operation)s names %(document)s, of which no revision is effective.")
            % {"operation": operation, "document": operation.document},
            record=operation.document,
            remedy=_("Make the instruction effective first."),
            remedy_url=operation.document.get_absolute_url() if operation.document else "",
        )


@guard(REVISION, "submit", "approve", "make_effective", title=gettext_lazy("Every BOM line has its place"))
def bom_is_covered(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Operations consume exactly what the bill of material says today; what is left out, is left out on purpose."""
    if revision.routing.is_rework:
        return
    state = content_of(revision).bom
    for line in state.open_lines:
        yield Blocker(
            "bom_open",
            _("%(quantity)s %(uom)s of %(component)s are consumed at no operation.")
            % {
                "quantity": f"{line.missing.normalize():f}",
                "uom": line.line.uom.symbol,
                "component": line.line.component,
            },
            record=line.line,
            remedy=_("Assign the BOM line to an operation, or declare with a reason that it is not used."),
            remedy_url=_builder(revision, "#bom"),
        )
    for line in state.excess_lines:
        yield Blocker(
            "bom_excess",
            _("Operations take %(taken)s %(uom)s of %(component)s, the bill of material says %(wanted)s.")
            % {
                "taken": f"{line.assigned.normalize():f}",
                "uom": line.line.uom.symbol,
                "component": line.line.component,
                "wanted": f"{line.line.quantity.normalize():f}" if line.omission is None else _("not used"),
            },
            record=line.line,
            remedy=_("Correct the quantities at the operations."),
            remedy_url=_builder(revision, "#bom"),
        )
    for place in state.stale:
        yield Blocker(
            "bom_stale",
            _("%(operation)s consumes %(material)s by a BOM line that is not in force any more.")
            % {"operation": place.operation, "material": place.material},
            record=place.material,
            remedy=_("Remove it from the operation and assign the present BOM line."),
            remedy_url=_builder(revision, f"#operation-{place.operation_id}"),
        )


@guard(REVISION, "submit", "approve", "make_effective", title=gettext_lazy("Rework ends with a re-inspection"))
def rework_ends_with_a_reinspection(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Reworked goods are verified again by an instruction, and rework makes nothing new (ISO 13485 8.3.4)."""
    operations = content_of(revision).operations
    if not revision.routing.is_rework or not operations:
        return
    if operations[-1].document_id is None:
        yield Blocker(
            "reinspection",
            _("%(operation)s is the re-inspection and follows no instruction.") % {"operation": operations[-1]},
            record=operations[-1],
            remedy=_("Name the instruction by which the reworked goods are inspected."),
            remedy_url=_builder(revision, f"#operation-{operations[-1].pk}"),
        )
    for operation in operations:
        if operation.materials.all():
            yield Blocker(
                "rework_material",
                _("%(operation)s takes material; a routing for rework takes none.") % {"operation": operation},
                record=operation,
                remedy=_("Remove it; a built-in component is replaced on the page of its unit."),
                remedy_url=_builder(revision, f"#operation-{operation.pk}"),
            )


@guard(REVISION, "submit", "approve", title=gettext_lazy("It is said what changed"))
def change_is_explained(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """From the second revision on, the approver reads what changed and why."""
    if revision.change_summary.strip():
        return
    if revisions_of(revision.routing).filter(pk__lt=revision.pk).exists():
        yield Blocker(
            "change_summary",
            _("This revision does not say what changed and why."),
            record=revision,
            remedy=_("Write it in the head of the routing builder."),
            remedy_url=_builder(revision),
        )


@guard(REVISION, "submit", "approve", "make_effective", title=gettext_lazy("The material may be made"))
def material_is_active(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Nobody makes a material that is switched off."""
    material = revision.routing.material
    if not material.is_active:
        yield Blocker(
            "material_inactive",
            _("%(material)s is not active.") % {"material": material},
            record=material,
            remedy=_("Activate the material, or discard the revision."),
            remedy_url=material.get_absolute_url(),
        )


@guard(REVISION, "approve", title=gettext_lazy("Another person wrote it"))
def another_person_wrote_it(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Whoever wrote in the draft does not approve it, even if somebody else submitted it (21 CFR 820.40(a))."""
    yield from written_by(deed.actor, writer_ids(revision), revision)


@guard(REVISION, "approve", title=gettext_lazy("Signed by its author, unchanged since"))
def is_what_the_author_signed(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """The second person approves what the first one signed, not something else (21 CFR 11.70)."""
    signature = latest_signature(revision, "authored")
    if signature is None or not is_intact(signature):
        yield Blocker(
            "author_signature",
            _("The content is not what its author signed."),
            record=revision,
            remedy=_("Send it back, so that its author signs what is there now."),
        )


@guard(REVISION, "make_effective", title=gettext_lazy("Required equipment exists"))
def equipment_exists(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """A required class of equipment is there at the operation's work center, or the operation could never start."""
    wanted = [
        (operation, requirement)
        for operation in content_of(revision).operations
        for requirement in operation.requirements.all()
        if requirement.equipment_class is not None
    ]
    if not wanted:
        return
    present = set(
        Equipment.objects.filter(is_active=True, work_center__in=revision.operations.values("work_center")).values_list(
            "work_center", "equipment_class"
        )
    )
    for operation, requirement in wanted:
        if (operation.work_center_id, requirement.equipment_class_id) not in present:
            yield Blocker(
                "equipment_missing",
                _("%(operation)s needs %(equipment)s, and none is active at %(center)s.")
                % {
                    "operation": operation,
                    "equipment": requirement.equipment_class,
                    "center": operation.work_center,
                },
                record=requirement.equipment_class,
                remedy=_("Enter the equipment at the work center."),
            )


@guard(REVISION, "make_effective", "restore", title=gettext_lazy("It is what was approved"))
def content_is_what_was_approved(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """The content still has the digest that the second person signed (21 CFR 11.70)."""
    if revision.content_hash != content_hash(revision):
        yield Blocker(
            "content_changed",
            _("The content is no longer what was approved."),
            record=revision,
            remedy=_("Discard this revision and begin a new one. Tell the quality unit: this must not happen."),
        )


@guard(REVISION, "make_effective", title=gettext_lazy("Somebody is qualified for planned work"))
def somebody_is_qualified_for_planned_work(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """A routing is not put to use while planned orders would have nobody qualified for it (ISO 13485 6.2, 7.1)."""
    page = reverse("mes_routing:routingrevision_staffing", args=[revision.pk])
    yield from staffing_blockers(revision, staffing_for_routing(revision, deed.at), page)


@guard(REVISION, "submit", "approve", title=gettext_lazy("By an approved change"))
def is_written_for_a_change(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Where a policy says so, a routing is submitted and approved for an approved change (21 CFR 820.40(b))."""
    yield from change_blockers(revision, deed, "approve")


@guard(REVISION, "make_effective", title=gettext_lazy("By an approved change"))
def its_change_makes_it_effective(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """What a change names becomes effective together with all that the change names."""
    yield from change_blockers(revision, deed, "make_effective")


@guard(REVISION, "make_obsolete", title=gettext_lazy("By an approved change"))
def its_change_ends_it(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """The same for what ends."""
    yield from change_blockers(revision, deed, "make_obsolete")


@guard(REVISION, "retire", "restore", title=gettext_lazy("By an approved change"))
def only_a_change_retires_or_restores_it(revision: RoutingRevision, deed: Deed) -> Iterator[Blocker]:
    """Without the signatures of a change nobody retires or restores a revision."""
    yield from change_blockers(revision, deed, "retire")
