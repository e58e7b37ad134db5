"""What training takes and who needs it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Role, WorkCenter
from core.organization.services import require
from qms.documents.models import Document
from qms.training.models import Curriculum, CurriculumAudience, TrainingRequirement

CHANGE = "qms_training.change_curriculum"


@service
def create_curriculum(
    *,
    code: str,
    name: str,
    actor: Any,
    description: str = "",
    valid_months: int | None = None,
    inactivity_days: int | None = None,
    reason: str = "",
) -> Curriculum:
    """Add something that people can be qualified for. Raises `Blocked` when the code is taken."""
    require(actor, "qms_training.change_curriculum")
    code = code.strip()
    if not code or not name.strip():
        raise Blocked(Blocker("incomplete", _("A curriculum needs a code and a name.")))
    if Curriculum.objects.filter(code=code).exists():
        raise Blocked(Blocker("code_taken", _("There is a curriculum %(code)s already.") % {"code": code}))
    curriculum = Curriculum(
        code=code,
        name=name.strip(),
        description=description,
        valid_months=valid_months,
        inactivity_days=inactivity_days,
    )
    curriculum.save()
    return curriculum


@service
def change_curriculum(
    *,
    curriculum: Curriculum,
    name: str,
    description: str,
    valid_months: int | None,
    is_active: bool,
    actor: Any,
    reason: str,
    inactivity_days: int | None = None,
) -> Curriculum:
    """Change a curriculum, with a reason; its code stays."""
    require(actor, "qms_training.change_curriculum")
    _require_reason(reason, curriculum)
    locked = Curriculum.objects.select_for_update().get(pk=curriculum.pk)
    locked.name, locked.description = name.strip(), description
    locked.valid_months, locked.is_active = valid_months, is_active
    locked.inactivity_days = inactivity_days
    locked.save()
    return locked


@service
def add_requirement(
    *,
    curriculum: Curriculum,
    kind: str,
    title: str,
    actor: Any,
    document: Document | None = None,
    repetitions: int = 1,
    valid_months: int | None = None,
    reason: str = "",
) -> TrainingRequirement:
    """Add something that a curriculum takes. Raises `Blocked` where a document is needed and none is named."""
    require(actor, CHANGE)
    if document is None and kind in (TrainingRequirement.Kind.READ, TrainingRequirement.Kind.QUIZ):
        raise Blocked(
            Blocker(
                "no_document",
                _("Reading and quizzes are about a document."),
                record=curriculum,
                remedy=_("Choose the document."),
            )
        )
    requirement = TrainingRequirement(
        curriculum=curriculum,
        kind=kind,
        title=title.strip() or (str(document) if document is not None else ""),
        document=document,
        repetitions=repetitions,
        valid_months=valid_months,
    )
    requirement.save()
    return requirement


@service
def retire_requirement(*, requirement: TrainingRequirement, actor: Any, reason: str) -> Curriculum:
    """Stop asking for a requirement; what was learned by it stays."""
    require(actor, CHANGE)
    _require_reason(reason, requirement)
    locked = TrainingRequirement.objects.select_for_update(of=("self",)).get(pk=requirement.pk)
    locked.is_active = False
    locked.save()
    return requirement.curriculum


@service
def add_audience(
    *,
    curriculum: Curriculum,
    actor: Any,
    role: Role | None = None,
    work_center: WorkCenter | None = None,
    by_operation: bool = False,
    reason: str = "",
) -> CurriculumAudience:
    """Say who needs a curriculum: a role, perhaps at a work center; people of a work center; or by operation."""
    require(actor, CHANGE)
    given = {"role": role, "work_center": work_center, "by_operation": by_operation}
    if by_operation == bool(role or work_center):
        raise Blocked(
            Blocker(
                "audience",
                _("Name a role, a work center or both, or say that the operations decide."),
                record=curriculum,
            )
        )
    if CurriculumAudience.objects.filter(curriculum=curriculum, **given).exists():
        raise Blocked(Blocker("audience_known", _("They need it already."), record=curriculum))
    audience = CurriculumAudience(curriculum=curriculum, **given)
    audience.save()
    return audience


@service
def remove_audience(*, audience: CurriculumAudience, actor: Any, reason: str) -> Curriculum:
    """These people do not need the curriculum any more; what they learned stays."""
    require(actor, CHANGE)
    _require_reason(reason, audience)
    curriculum = audience.curriculum
    audience.delete()
    return curriculum


def _require_reason(reason: str, record: Any) -> None:
    if not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=record, remedy=_("Write why.")))
