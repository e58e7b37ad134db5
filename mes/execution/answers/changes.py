"""What the floor tells changes: which open orders are affected, and who is not trained for what will count."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.wiring import answers
from core.organization.models import User
from core.organization.queries import people_who_may
from mes.execution.lifecycle import EXECUTE
from mes.execution.models import OrderOperation, ProductionOrder
from mes.execution.queries.counters import counters_of
from mes.routing.models import OperationRequirement, RoutingRevision
from qms.changes.models import ChangeSuggestion, WipDecision
from qms.changes.questions import (
    Affected,
    AffectedBy,
    Demand,
    DemandStep,
    OpenDemand,
    PreviewLine,
    ReleasePreview,
)
from qms.documents.models import DocumentRevision
from qms.training.queries import matrix
from traceability.queries import plain

OPEN = ("released", "in_progress")
Decision = WipDecision.Decision
NAMED = 5
"""How many untrained people are named."""


def _orders_by(*revisions: object) -> QuerySet[ProductionOrder]:
    routings = [one for one in revisions if isinstance(one, RoutingRevision)]
    documents = [one for one in revisions if isinstance(one, DocumentRevision)]
    following = OrderOperation.objects.filter(document_revision__in=documents).exclude(status="completed")
    made = Q(routing_revision__in=routings, status__in=("draft", *OPEN)) if routings else Q(pk__in=())
    done_by = Q(pk__in=following.values("order"), status__in=OPEN) if documents else Q(pk__in=())
    orders = ProductionOrder.objects.filter(made | done_by, is_sandbox=False)
    return orders.select_related("material__uom", "site", "lot").order_by("pk")


@answers(AffectedBy)
def open_orders_of_a_revision(question: AffectedBy) -> Iterator[Affected]:
    """Every open order that is made by one of them."""
    for order in _orders_by(*question.revisions):
        words = {"order": order.number, "state": order.get_status_display()}
        yield Affected(order, ChangeSuggestion.Kind.ORDER, _("%(order)s is “%(state)s” and made by it.") % words)


@answers(OpenDemand)
def orders_that_use_a_revision(question: OpenDemand) -> Iterator[Demand]:
    """Open orders with how far they are; in three queries, whatever their number."""
    orders = list(_orders_by(question.revision))
    rows: dict[int, list[OrderOperation]] = {order.pk: [] for order in orders}
    found = OrderOperation.objects.filter(order__in=orders).select_related("order").order_by("order", "sequence")
    for operation in found:
        rows[operation.order_id].append(operation)
    done = counters_of(found)
    for order in orders:
        operations = rows[order.pk]
        good = [done[one.pk].good for one in operations]
        words = {
            "done": plain(max(good, default=Decimal(0))),
            "quantity": plain(order.quantity),
            "uom": order.material.uom.symbol,
        }
        steps = tuple(
            DemandStep(one.sequence, one.short_name, one.status != "waiting")
            for one in operations
            if one.status != "completed"
        )
        yield Demand(
            order=order,
            state=order.get_status_display(),
            progress=_("%(done)s of %(quantity)s %(uom)s begun or made") % words,
            pieces=int(order.quantity),
            choices=_choices(order, steps),
            steps=steps,
            url=order.get_absolute_url(),
        )


def _choices(order: ProductionOrder, steps: tuple[DemandStep, ...]) -> tuple[str, ...]:
    """What can be decided: nothing of a draft can be held, and what has begun everywhere is not moved."""
    if order.status == "draft":
        return Decision.FINISH, Decision.MIGRATE
    moves = (Decision.MIGRATE,) if steps and not steps[-1].is_begun else ()
    return Decision.FINISH, *moves, Decision.HOLD, Decision.SCRAP


@answers(ReleasePreview)
def people_who_are_not_trained(question: ReleasePreview) -> Iterator[PreviewLine]:
    """Per routing and qualification that it asks for: who may execute there and is not qualified."""
    for revision in question.revisions:
        if not isinstance(revision, RoutingRevision):
            continue
        asked = OperationRequirement.objects.filter(operation__routing_revision=revision, curriculum__isnull=False)
        curricula = dict.fromkeys(asked.order_by("pk").values_list("curriculum", flat=True))
        people = list(people_who_may([EXECUTE], revision.routing.site))
        for row_of in _untrained(people, set(curricula)):
            yield PreviewLine(_("People"), row_of, revision.get_absolute_url())


def _untrained(people: list[User], curricula: set[int | None]) -> Iterator[str]:
    if not people or not curricula:
        return
    found = matrix(people)
    for curriculum in found.curricula:
        if curriculum.pk not in curricula:
            continue
        missing = [
            str(row.user)
            for row in found.rows
            for cell in row.cells
            if cell.curriculum.pk == curriculum.pk and (cell.state is None or cell.state.tone == "bad")
        ]
        if missing:
            words = ngettext(
                "%(count)s person is not qualified for %(curriculum)s: %(names)s",
                "%(count)s people are not qualified for %(curriculum)s: %(names)s",
                len(missing),
            )
            names = ", ".join(missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
            yield words % {"count": len(missing), "curriculum": curriculum, "names": names}
