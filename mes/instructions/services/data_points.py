"""Building what an instruction records."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import EquipmentClass
from mes.instructions.models import DataPoint, InstructionStep
from mes.instructions.services.steps import locked_step, reorder, require_version
from traceability.models import UnitOfMeasure


@service
def add_data_point(
    *,
    step: InstructionStep,
    code: str,
    label: str,
    actor: Any,
    kind: str = DataPoint.Kind.NUMBER,
    unit: UnitOfMeasure | None = None,
    lower_limit: Decimal | None = None,
    lower_warning: Decimal | None = None,
    upper_warning: Decimal | None = None,
    upper_limit: Decimal | None = None,
    decimals: int = 2,
    choices: Sequence[str] = (),
    choices_rejected: Sequence[str] = (),
    required: bool = True,
    gauge_class: EquipmentClass | None = None,
) -> DataPoint:
    """Add something to record at a step, after what the step records already. Raises `Blocked`."""
    locked = locked_step(step, actor=actor)
    last = locked.data_points.order_by("-sequence").values_list("sequence", flat=True).first()
    point = DataPoint(
        step=locked,
        sequence=(last or 0) + 1,
        code=code.strip(),
        label=label.strip(),
        kind=kind,
        unit=unit,
        lower_limit=lower_limit,
        lower_warning=lower_warning,
        upper_warning=upper_warning,
        upper_limit=upper_limit,
        decimals=decimals,
        choices=list(choices),
        choices_rejected=list(choices_rejected),
        required=required,
        gauge_class=gauge_class,
    )
    _refuse_nonsense(point)
    point.save()
    return point


EDITABLE = frozenset(DataPoint.closure.fields) - {"step", "sequence"}


@service
def edit_data_point(
    *, data_point: DataPoint, actor: Any, version: int | None = None, changes: dict[str, Any]
) -> DataPoint:
    """Change columns of a data point; `version` is the row version the writer read. Raises `Blocked`."""
    if set(changes) - EDITABLE:
        raise ValueError(f"not to be changed: {sorted(set(changes) - EDITABLE)}")
    locked_step(data_point.step, actor=actor)
    point = DataPoint.objects.select_related("step__work_instruction").get(pk=data_point.pk)
    require_version(point, version)
    for name, value in changes.items():
        setattr(point, name, value)
    _refuse_nonsense(point)
    point.save()
    return point


@service
def move_data_point(*, data_point: DataPoint, position: int, actor: Any) -> None:
    """Put a data point at a position of its step, counted from 1."""
    locked_step(data_point.step, actor=actor)
    points = list(DataPoint.objects.filter(step=data_point.step_id).order_by("sequence", "pk"))
    reorder(points, data_point, position)


@service
def delete_data_point(*, data_point: DataPoint, actor: Any) -> None:
    """Take a data point out; its history stays."""
    locked_step(data_point.step, actor=actor)
    step = data_point.step_id
    data_point.delete()
    reorder(list(DataPoint.objects.filter(step=step).order_by("sequence", "pk")))


def _refuse_nonsense(point: DataPoint) -> None:
    """All reasons at once why this data point could not be recorded or judged."""
    blockers = [*_naming(point), *(_limits(point) if point.kind == DataPoint.Kind.NUMBER else _no_limits(point))]
    if point.kind == DataPoint.Kind.CHOICE:
        blockers += _choices(point)
    if blockers:
        raise Blocked(blockers)


def _naming(point: DataPoint) -> list[Blocker]:
    blockers = []
    if not point.code or not point.label:
        blockers.append(Blocker("no_name", _("Something to record needs a code and a label.")))
    others = DataPoint.objects.filter(step__work_instruction=point.step.work_instruction_id, code=point.code)
    if others.exclude(pk=point.pk).exists():
        blockers.append(Blocker("code_taken", _("This instruction records “%(code)s” already.") % {"code": point.code}))
    if not 0 <= point.decimals <= 6:
        blockers.append(Blocker("decimals", _("Decimals are 0 to 6.")))
    return blockers


def _limits(point: DataPoint) -> list[Blocker]:
    ascending = (
        (_("lower limit"), point.lower_limit),
        (_("lower warning"), point.lower_warning),
        (_("upper warning"), point.upper_warning),
        (_("upper limit"), point.upper_limit),
    )
    limits = [(name, value) for name, value in ascending if value is not None]
    return [
        Blocker(
            "limits_crossed",
            _("The %(low)s %(low_value)s is above the %(high)s %(high_value)s.")
            % {"low": low, "low_value": f"{smaller:f}", "high": high, "high_value": f"{larger:f}"},
            remedy=_("Limits ascend: lower limit, lower warning, upper warning, upper limit."),
        )
        for (low, smaller), (high, larger) in zip(limits, limits[1:], strict=False)
        if smaller > larger
    ]


def _no_limits(point: DataPoint) -> list[Blocker]:
    values = (point.lower_limit, point.lower_warning, point.upper_warning, point.upper_limit, point.unit_id)
    if all(value is None for value in values):
        return []
    return [Blocker("limits_without_number", _("Only a number has limits and a unit."))]


def _choices(point: DataPoint) -> list[Blocker]:
    choices = point.choices
    if len(choices) < 2 or len(set(choices)) != len(choices) or not all(choice.strip() for choice in choices):
        return [Blocker("choices", _("A choice needs at least two different answers."))]
    if set(point.choices_rejected) - set(choices):
        return [Blocker("choices", _("Answers that are out of limits must be among the choices."))]
    if set(point.choices_rejected) == set(choices):
        return [Blocker("choices", _("At least one answer must be acceptable."))]
    return []
