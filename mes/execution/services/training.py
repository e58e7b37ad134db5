"""Letting somebody work who is not trained: a deviation, and two signatures of other people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt
from core.signing.services import Proof
from mes.execution.models import OrderOperation
from mes.execution.queries.context import GateContext
from mes.execution.services.floor import at_operation, reporter
from mes.execution.services.recording import circumstances
from mes.execution.services.results import Outcome
from qms.nonconformance.models import NonConformance, Severity
from qms.nonconformance.services import raise_nonconformance
from qms.training.models import TrainingAssignment, TrainingOverride
from qms.training.services import override_training, train_now


@service
def train_for_operation(*, order_operation: OrderOperation, actor: Any, reason: str = "") -> TrainingAssignment:
    """The actor's own training on the instruction that an operation follows, begun where it was not asked for.

    Raises `Blocked` where the operation follows none, or it takes no training.
    """
    if order_operation.document_revision is None:
        raise Blocked(Blocker("no_instruction", _("This operation follows no instruction."), record=order_operation))
    return train_now(revision=order_operation.document_revision, actor=actor)


@service
def let_untrained_work(
    *,
    order_operation: OrderOperation,
    person: Any,
    actor: Any,
    reason: str,
    signature: Proof | None = None,
    second: Proof | None = None,
) -> Outcome[TrainingOverride]:
    """Let a person work on one operation although training or qualification is missing (a planned deviation).

    The actor is the supervisor, who signs; a second person signs too, and neither is the person. The deviation is
    raised in the same deed. Raises `Blocked`.
    """
    context = at_operation(order_operation, actor)
    operation = context.operation
    sight = GateContext(operation, person)
    attempt(operation, "override_training", actor=actor, reason=reason, context=sight)
    if not reason.strip():
        raise Blocked(Blocker("reason", _("A reason is needed."), record=operation, remedy=_("Write why.")))
    missing = [*sight.missing_qualifications, *sight.missing_training]
    deviation = raise_nonconformance(
        site=context.order.site,
        title=_("%(who)s works untrained on %(operation)s") % {"who": person, "operation": operation},
        description="\n".join([reason.strip(), *(str(blocker.message) for blocker in missing)]),
        severity=Severity.MINOR,
        kind=NonConformance.Kind.DEVIATION,
        source=operation,
        context=circumstances(context),
        actor=reporter(context),
    )
    override = override_training(
        user=person,
        work=operation,
        deviation=deviation,
        actor=actor,
        reason=reason,
        signature=signature,
        second=second,
    )
    return Outcome(
        override,
        _("%(who)s may work on %(operation)s under deviation %(number)s.")
        % {"who": person, "operation": operation, "number": deviation.number},
        _("It counts for this operation only."),
        tone="warn",
    )
