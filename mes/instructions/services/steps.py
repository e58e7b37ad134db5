"""Building instructions, steps and their pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, TypeVar

from django.utils.translation import gettext as _

from core.files.services import attach, not_a_picture
from core.kernel.bulk import bulk_create, bulk_update
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from mes.instructions.models import DataPoint, InstructionPicture, InstructionStep, WorkInstruction
from mes.instructions.queries import instruction_for, steps_of
from qms.documents.models import DocumentRevision
from qms.documents.services import open_draft

PERMISSION = "mes_instructions.change_workinstruction"
Ordered = TypeVar("Ordered", InstructionStep, DataPoint, InstructionPicture)


@service
def create_instruction(*, revision: DocumentRevision, actor: Any) -> WorkInstruction:
    """Begin the work instruction of a draft revision, without steps. Raises `Blocked`."""
    draft = open_draft(revision, permission=PERMISSION, actor=actor)
    if instruction_for(draft) is not None:
        raise Blocked(
            Blocker("instruction_exists", _("%(revision)s has a work instruction.") % {"revision": draft}, record=draft)
        )
    instruction = WorkInstruction(document_revision=draft)
    instruction.save()
    return instruction


@service
def copy_instruction(*, source: WorkInstruction, revision: DocumentRevision, actor: Any) -> WorkInstruction:
    """Give a draft revision the steps, pictures and data points of another revision."""
    copy = create_instruction(revision=revision, actor=actor)
    originals = steps_of(source)
    copies = bulk_create([_copied(step, work_instruction=copy) for step in originals])
    into = {original.pk: new for original, new in zip(originals, copies, strict=True)}
    bulk_create([_copied(picture, step=into[step.pk]) for step in originals for picture in step.pictures.all()])
    bulk_create([_copied(point, step=into[step.pk]) for step in originals for point in step.data_points.all()])
    return copy


@service
def add_step(
    *,
    work_instruction: WorkInstruction,
    title: str,
    actor: Any,
    text: str = "",
    caution: str = "",
    must_be_confirmed: bool = False,
) -> InstructionStep:
    """Add a step at the end."""
    open_draft(work_instruction.document_revision, permission=PERMISSION, actor=actor)
    last = work_instruction.steps.order_by("-sequence").values_list("sequence", flat=True).first()
    step = InstructionStep(
        work_instruction=work_instruction,
        sequence=(last or 0) + 1,
        title=_needed(title),
        text=text,
        caution=caution.strip(),
        must_be_confirmed=must_be_confirmed,
    )
    step.save()
    return step


@service
def edit_step(
    *,
    step: InstructionStep,
    actor: Any,
    title: str | None = None,
    text: str | None = None,
    caution: str | None = None,
    must_be_confirmed: bool | None = None,
    version: int | None = None,
) -> InstructionStep:
    """Change what a step says; what is None stays. `version` is the row version the writer read."""
    locked = locked_step(step, actor=actor)
    require_version(locked, version)
    locked.title = locked.title if title is None else _needed(title)
    locked.text = locked.text if text is None else text
    locked.caution = locked.caution if caution is None else caution.strip()
    locked.must_be_confirmed = locked.must_be_confirmed if must_be_confirmed is None else must_be_confirmed
    locked.save()
    return locked


@service
def move_step(*, step: InstructionStep, position: int, actor: Any) -> None:
    """Put a step at a position, counted from 1; the others keep their order."""
    locked = locked_step(step, actor=actor)
    steps = list(InstructionStep.objects.filter(work_instruction=locked.work_instruction_id).order_by("sequence"))
    reorder(steps, locked, position)


@service
def delete_step(*, step: InstructionStep, actor: Any) -> None:
    """Take a step out, with its pictures and data points; its history stays."""
    locked = locked_step(step, actor=actor)
    instruction = locked.work_instruction_id
    locked.delete()
    reorder(list(InstructionStep.objects.filter(work_instruction=instruction).order_by("sequence")))


@service
def add_picture(*, step: InstructionStep, file: BinaryIO, description: str, actor: Any) -> InstructionPicture:
    """Attach a picture to a step and show it there; the description is for people who do not see it."""
    locked = locked_step(step, actor=actor)
    if not description.strip():
        raise Blocked(
            Blocker(
                "no_description",
                _("Say what the picture shows, for people who do not see it."),
                record=locked.work_instruction,
            )
        )
    attachment = attach(file, to=locked, caption=description.strip(), actor=actor)
    if not attachment.is_picture:
        raise Blocked(not_a_picture(attachment.name))
    last = locked.pictures.order_by("-sequence").values_list("sequence", flat=True).first()
    picture = InstructionPicture(
        step=locked, attachment=attachment, description=description.strip(), sequence=(last or 0) + 1
    )
    picture.save()
    return picture


@service
def remove_picture(*, picture: InstructionPicture, actor: Any) -> None:
    """Take a picture out of its step; the attached file stays on record."""
    locked_step(picture.step, actor=actor)
    picture.delete()


def locked_step(step: InstructionStep, *, actor: Any) -> InstructionStep:
    """The step as it is now, its whole revision locked; `Blocked` unless the revision is a draft."""
    open_draft(step.work_instruction.document_revision, permission=PERMISSION, actor=actor)
    return InstructionStep.objects.select_related("work_instruction__document_revision").get(pk=step.pk)


def require_version(record: InstructionStep | DataPoint, version: int | None) -> None:
    """Refuse to overwrite what somebody else wrote since the writer read it."""
    if version is not None and version != record.row_version:
        raise Blocked(
            Blocker(
                "changed_meanwhile",
                _("Somebody else changed “%(record)s” while you were writing.") % {"record": record},
                record=record,
                remedy=_("Copy your text, reload the page and write it again."),
            )
        )


def reorder(records: Sequence[Ordered], moved: Ordered | None = None, position: int = 0) -> None:
    """Number the records from 1, after putting one of them at a position; saves those whose number changes."""
    order = [record for record in records if moved is None or record.pk != moved.pk]
    if moved is not None:
        order.insert(max(0, position - 1), next(record for record in records if record.pk == moved.pk))
    changed = []
    for sequence, record in enumerate(order, start=1):
        if record.sequence != sequence:
            record.sequence = sequence
            changed.append(record)
    bulk_update(changed, ["sequence"])


def _copied(record: Ordered, **changes: Any) -> Ordered:
    """A new, unsaved row with the same content."""
    content = {
        field.name: getattr(record, field.name)
        for field in record._meta.concrete_fields
        if field.name not in {"id", "row_version", *changes}
    }
    return type(record)(**content, **changes)


def _needed(title: str) -> str:
    if not title.strip():
        raise Blocked(Blocker("no_title", _("A step needs a title."), remedy=_("Say in a few words what to do.")))
    return title.strip()
