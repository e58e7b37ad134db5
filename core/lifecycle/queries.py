"""What may be done with a record now, and what was done."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import inspect
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker, GuardResult
from core.kernel.lifecycle import Lifecycle, Move
from core.kernel.permissions import catalogue
from core.kernel.wiring import GUARDS, guards_for
from core.lifecycle.models import GateDecision, Transition
from core.organization.queries import may
from core.signing.services import require_proof


@dataclass(frozen=True)
class MoveState:
    """One move that starts in the record's present state, and why the person cannot make it, if so."""

    move: Move
    permitted: bool
    blockers: tuple[Blocker, ...]

    @property
    def allowed(self) -> bool:
        return not self.blockers


def lifecycle_of(record: Any) -> Lifecycle:
    """The lifecycle of a record; `LookupError` when its model has none."""
    lifecycle: Lifecycle | None = type(record).lifecycle
    if lifecycle is None:
        raise LookupError(f"{type(record).__name__} has no lifecycle")
    return lifecycle


def check(record: Any, action: str, actor: Any, /, **params: Any) -> list[GuardResult]:
    """What every guard of an action says now; stores nothing."""
    return run_guards(record, action, Deed(actor=actor, params=params))


def reached_between(
    model: type[Model], status: str, begins: dt.datetime | None, until: dt.datetime | None
) -> QuerySet[Transition, int]:
    """The ids of a model's records that came to a state within a time; open ends have no limit."""
    moves = Transition.objects.filter(subject_type=ContentType.objects.get_for_model(model), to_status=status)
    if begins is not None:
        moves = moves.filter(stamped_at__gte=begins)
    if until is not None:
        moves = moves.filter(stamped_at__lt=until)
    return moves.order_by().values_list("subject_id", flat=True)


def run_guards(record: Any, action: str, deed: Deed) -> list[GuardResult]:
    """Run every guard of an action, also after one of them refused: people see all reasons at once."""
    return [guard.run(record, deed) for guard in guards_for(record, action)]


def state_blockers(record: Any, move: Move) -> Iterator[Blocker]:
    """The record must be in one of the states the move starts from."""
    if record.status in move.origins:
        return
    lifecycle = lifecycle_of(record)
    yield Blocker(
        "state",
        _("“%(move)s” is not possible now: %(record)s is “%(state)s”.")
        % {"move": move.label, "record": record, "state": lifecycle.state(record.status).label},
        record=record,
        remedy=_(
            "It is possible while the state is %(states)s. Reload the page: somebody may have changed it meanwhile."
        )
        % {"states": _alternatives([str(lifecycle.state(origin).label) for origin in move.origins])},
    )


def _alternatives(labels: Sequence[str]) -> str:
    """“Draft” or “In review”."""
    return _(" or ").join(f"“{label}”" for label in labels)


def permission_blockers(record: Any, move: Move, actor: Any) -> Iterator[Blocker]:
    """The actor must hold the move's permission at the record's place (21 CFR 11.10(g))."""
    if may(actor, move.permission, record):
        return
    yield Blocker(
        "permission",
        _("%(who)s has no right to do this here: %(right)s.")
        % {"who": actor, "right": catalogue()[move.permission].label},
        record=record,
        remedy=_("Ask an administrator for a role with this right, or a colleague who has it."),
    )


class PermissionMemo:
    """Permission blockers of one person and move for many records; each place is asked about once."""

    def __init__(self, move: Move, actor: Any) -> None:
        self.move = move
        self.actor = actor
        self._allowed: dict[tuple[type, Any], bool] = {}

    def blockers(self, record: Any) -> tuple[Blocker, ...]:
        """Why the actor may not move this record, if so."""
        path = type(record).scope_path
        key = (type(record), getattr(record, f"{path}_id", record.pk))
        if key not in self._allowed:
            self._allowed[key] = not list(permission_blockers(record, self.move, self.actor))
        if self._allowed[key]:
            return ()
        return tuple(permission_blockers(record, self.move, self.actor))


def moves_made(record: Any, actor: Any) -> set[str]:
    """The moves of a record that a person made."""
    kind = ContentType.objects.get_for_model(record)
    made = Transition.objects.filter(subject_type=kind, subject_id=record.pk, actor_id=actor.pk)
    return set(made.order_by().values_list("move", flat=True).distinct())


def segregation_blockers(
    record: Any, move: Move, actor: Any, made: Callable[[], Collection[str]] | None = None
) -> Iterator[Blocker]:
    """Some moves need another person than the one who did the work; `made` tells what the actor did, if it is known."""
    if not move.not_by or getattr(actor, "is_system", False):
        return
    earlier = [name for name in move.not_by if name in lifecycle_of(record).by_move]
    people = {name: getattr(record, f"{name}_id") for name in move.not_by if name not in earlier}
    done = bool(earlier) and not set(earlier).isdisjoint(made() if made is not None else moves_made(record, actor))
    if done or actor.pk in people.values():
        yield Blocker(
            "second_person",
            _("%(who)s took part in this record already; “%(move)s” needs another person.")
            % {"who": actor, "move": move.label},
            record=record,
            remedy=_("Ask a colleague with the same right."),
        )


def reason_blockers(move: Move, reason: str) -> Iterator[Blocker]:
    if move.reason_required and not reason.strip():
        yield Blocker("reason", _("“%(move)s” needs a reason.") % {"move": move.label}, remedy=_("Write why."))


def signature_blockers(move: Move, deed: Deed) -> Iterator[Blocker]:
    if move.signature:
        blocker = require_proof(deed.signature, move.signature, deed.actor)
        if blocker is not None:
            yield blocker


def available_moves(record: Any, user: Any, only: str = "", *, gates: bool = True) -> list[MoveState]:
    """What a person may do from the record's present state, each with everything that blocks them; stores nothing.

    `only` names the one move that is asked about, so that no other one's guards are run. Without `gates` only the
    person's right is asked, for a page that asks the rest in a second request.
    """
    found = []
    deed = Deed(actor=user)  # One for all moves: what a guard keeps with the deed is read once.
    made = functools.cache(lambda: moves_made(record, user))
    for move in lifecycle_of(record).from_state(record.status):
        if move.automatic or only not in ("", move.name):
            continue
        refused = list(permission_blockers(record, move, user))
        blockers = list(refused)
        if gates:
            blockers += segregation_blockers(record, move, user, made)
            blockers += [b for result in run_guards(record, move.name, deed) for b in result.blockers]
        found.append(MoveState(move, not refused, tuple(blockers)))
    return found


def transitions_of(record: Any) -> list[Transition]:
    """Every transition of a record, oldest first."""
    kind = ContentType.objects.get_for_model(record)
    return list(
        Transition.objects.filter(subject_type=kind, subject_id=record.pk)
        .select_related("actor", "signature")
        .order_by("id")
    )


def visited(record: Any) -> set[str]:
    """The states that a record ever was in."""
    kind = ContentType.objects.get_for_model(record)
    passed = Transition.objects.filter(subject_type=kind, subject_id=record.pk)
    return set(passed.order_by().values_list("to_status", flat=True).distinct())


def decisions_of(record: Any, *, limit: int = 100) -> list[GateDecision]:
    """Gate decisions about a record, newest first."""
    kind = ContentType.objects.get_for_model(record)
    return list(
        GateDecision.objects.filter(subject_type=kind, subject_id=record.pk)
        .select_related("actor")
        .order_by("-id")[:limit]
    )


@functools.cache
def policy_revision() -> str:
    """A short digest of the source of all guards: which rules were in force when a gate decided."""
    digest = hashlib.sha256()
    for (label, action), guards in sorted(GUARDS.items()):
        for guard in guards:
            digest.update(f"{label} {action} {guard.name}\n".encode())
            digest.update(inspect.getsource(guard.function).encode())
    return digest.hexdigest()[:16]
