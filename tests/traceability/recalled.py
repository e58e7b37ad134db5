"""Recalls for the tests: who may do what, one over some goods, its trace carried out as a worker does."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from core.jobs.models import BackgroundJob
from core.jobs.services import JobHandle
from core.kernel.deeds import acting
from core.kernel.wiring import JOBS
from core.organization.models import User
from tests.support.people import make_user, proof
from tests.support.stock import issue_stock
from tests.traceability.goods import LEAD
from tests.traceability.world import QUALITY, World
from traceability import services
from traceability.models import GenealogyLink, Lot, Recall, RecallReport, SerializedUnit

RECALLS = tuple(f"traceability.{verb}_recall" for verb in ("view", "change", "decide", "start", "close"))
CONTACT = "Works Lane 1, 1010 Vienna\nPat Quality, +43 1 555 0100"
HEAD = tuple(dict.fromkeys((*RECALLS, *QUALITY, *LEAD, "traceability.view_hold")))


def make_head(world: World) -> User:
    """Somebody who may do everything with recalls."""
    return make_user(site=world.site, permissions=HEAD)


def begun(world: World, head: Any, *goods: Lot | SerializedUnit, kind: str = "drill", **values: Any) -> Recall:
    """A drill that runs, or the draft of a recall."""
    given = {"title": "Cracked housings", "reason": "Cracks were seen", "contact": CONTACT, **values}
    return services.create_recall(site=world.site, kind=kind, goods=list(goods), actor=head, **given)


def worked(recall: Recall) -> Recall:
    """Carry out what waits for a recall, as a worker does, but without the thread that reports from another connection.

    That one would not see what this test has not committed, and stop the work.
    """
    for job in BackgroundJob.objects.filter(status="queued", subject_id=recall.pk).order_by("pk"):
        handle = JobHandle(job)
        JOBS[job.handler](job=handle, **job.arguments)
        BackgroundJob.objects.filter(pk=job.pk).update(status="done", **handle._result)
    return Recall.objects.select_related("site").get(pk=recall.pk)


def drilled(world: World, head: Any, *goods: Lot | SerializedUnit, **values: Any) -> Recall:
    """A drill that is traced."""
    return worked(begun(world, head, *goods, **values))


def traced(recall: Recall, head: Any) -> Recall:
    """Trace it here and now, without a job."""
    return services.trace_recall(recall=recall, actor=head)


def told(recall: Recall) -> set[tuple[str, str, str, str]]:
    """The present lines as (number, where, quantity, what is wrong or settled)."""
    lines = recall.lines.filter(superseded_by__isnull=True).exclude(settled="moved")
    return {
        (str(line.goods), line.where, f"{line.quantity.normalize():f}", line.trouble or line.settled)
        for line in lines.select_related("lot", "unit")
    }


def used_in(world: World, parent: Lot, child: Lot | SerializedUnit, quantity: int) -> None:
    """The parent was issued and went into the child."""
    issue_stock(lot=parent, quantity=Decimal(quantity), actor=world.operator)
    world.link(parent, child, quantity)


def decided(recall: Recall, head: Any, disposition: str = "confirmed", **values: Any) -> None:
    """Everything that is open."""
    services.decide_lines(recall=recall, disposition=disposition, actor=head, **values)


def closed(recall: Recall, head: Any, **values: Any) -> RecallReport:
    """Closed with a signature."""
    return services.close_recall(recall=recall, actor=head, signature=proof(head, "closed"), **values)


def as_rows(world: World, links: Sequence[services.LinkInput]) -> None:
    """Links written as rows: no service writes the loops that may be among them, what others wrote may have some."""
    with transaction.atomic(), acting(world.system):
        GenealogyLink.objects.bulk_create(
            GenealogyLink(
                site=world.site,
                quantity=one.quantity,
                uom=one.uom,
                **{f"parent_{'lot' if isinstance(one.parent, Lot) else 'unit'}": one.parent},
                **{f"child_{'lot' if isinstance(one.child, Lot) else 'unit'}": one.child},
            )
            for one in links
        )
