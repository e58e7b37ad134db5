"""The one way into a draft: lock it, ask for the right, ask the guards."""

from __future__ import annotations

from typing import Any

from core.kernel.deeds import Deed
from core.kernel.errors import Attempt, Blocked
from core.lifecycle.queries import run_guards
from core.organization.services import require
from mes.routing.models import RoutingRevision

CHANGE = "mes_routing.change_routingrevision"


def open_draft(revision_id: int, actor: Any) -> RoutingRevision:
    """The revision, locked until the deed ends so that nobody submits what is being edited.

    Raises `Blocked` without the right or when it is no draft. Only refusals are stored: the edit itself is in history.
    """
    revision = RoutingRevision.objects.select_for_update(of=("self",)).select_related("routing").get(pk=revision_id)
    require(actor, CHANGE, revision)
    results = tuple(run_guards(revision, "edit", Deed(actor=actor)))
    blockers = [blocker for result in results for blocker in result.blockers]
    if blockers:
        raise Blocked(blockers, Attempt("edit", revision, results))
    return revision
