"""A failure is answered value by value before it is closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt
from core.organization.services import require
from qms.calibration.lifecycle import CLOSE
from qms.calibration.models import CalibrationRecord, ImpactAnswer
from qms.calibration.queries import look_back


@service
def answer_values(
    *, record: CalibrationRecord, keys: Sequence[str], answer: str, actor: Any, reason: str
) -> list[ImpactAnswer]:
    """Say of values that were measured with a failed gauge what the failure means for them, and why.

    A value that was answered before is answered anew. Raises `Blocked` for a value that is not in question, and
    without a reason.
    """
    rows = CalibrationRecord.objects.select_for_update(of=("self",))
    found = rows.select_related("plan__equipment__work_center__area__site").get(pk=record.pk)
    require(actor, CLOSE, found)
    attempt(found, "answer", actor=actor)
    chosen = ImpactAnswer.Answer(answer)
    known = {value.key: value for value in look_back(found).values}
    if not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=found, remedy=_("Write why.")))
    if not keys or not set(keys) <= set(known):
        raise Blocked(
            Blocker(
                "not_in_question",
                _("No value was chosen, or one that is not in question."),
                record=found,
                remedy=_("Choose values of the list."),
            )
        )
    return ImpactAnswer.objects.bulk_create(
        [
            ImpactAnswer(
                record=found,
                key=key,
                label=f"{known[key].label} {known[key].value} · {known[key].lot or known[key].where}"[:240],
                answer=chosen,
                reason=reason.strip(),
            )
            for key in dict.fromkeys(keys)
        ]
    )
