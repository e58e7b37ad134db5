"""The engine: the only code that changes a status."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.kernel.bulk import bulk_create, bulk_update
from core.kernel.deeds import Deed, on_denied, service
from core.kernel.errors import Attempt, Blocked, Blocker, GuardResult
from core.kernel.records import GLOBAL, TrailedModel, subject_ref
from core.kernel.statements import Statement
from core.kernel.wiring import effects_for, publish, service_of_move
from core.lifecycle.events import TransitionPerformed
from core.lifecycle.models import GateDecision, Transition
from core.lifecycle.queries import (
    PermissionMemo,
    lifecycle_of,
    permission_blockers,
    policy_revision,
    reason_blockers,
    run_guards,
    segregation_blockers,
    signature_blockers,
    state_blockers,
)
from core.lifecycle.services.statuses import protect_statuses
from core.signing.services import sign, sign_many

T = TypeVar("T", bound=TrailedModel)
BIRTH = "begin"
OF_THE_DEED = ("reason", "signature")
"""What is asked once for a deed on many records, and named for none of them."""

__all__ = ["attempt", "begin", "begin_many", "make_move", "perform", "perform_many", "protect_statuses"]


def begin(record: T, *, actor: Any, reason: str = "") -> T:
    """Save a new record in its birth state, with the Transition from nothing."""
    _begin(record=record, actor=actor, reason=reason)
    return record


@service
def _begin(*, record: Any, actor: Any, reason: str) -> None:
    lifecycle = lifecycle_of(record)
    if not record._state.adding or record.status not in lifecycle.births:
        raise ValueError(f"{record!r} cannot be born as {record.status}")
    record.save()
    Transition.objects.create(
        move=BIRTH,
        from_status=None,
        to_status=record.status,
        record_version=record.row_version,
        reason=reason,
        **subject_ref(record),
    )
    publish(TransitionPerformed(record, BIRTH, None, record.status, actor.pk))


def begin_many(records: Sequence[T], *, actor: Any, reason: str = "") -> list[T]:
    """Save many new records of one model in their birth states, set-based; publishes one event each."""
    return _begin_many(records=records, actor=actor, reason=reason)


@service
def _begin_many(*, records: Sequence[T], actor: Any, reason: str) -> list[T]:
    if not records:
        return []
    births = lifecycle_of(records[0]).births
    if any(record.status not in births for record in records):  # type: ignore[attr-defined]
        raise ValueError("a record cannot be born in this status")
    created = bulk_create(records)
    Transition.objects.bulk_create(
        [
            Transition(
                move=BIRTH,
                from_status=None,
                to_status=record.status,  # type: ignore[attr-defined]
                record_version=1,
                reason=reason,
                **subject_ref(record),
            )
            for record in created
        ],
        batch_size=2000,
    )
    for record in created:
        publish(TransitionPerformed(record, BIRTH, None, record.status, actor.pk))  # type: ignore[attr-defined]
    return created


def make_move(record: T, move: str, *, actor: Any, reason: str = "", signature: Any = None, **params: Any) -> T:
    """Make a move as every door makes it: by its service where it has one (`makes`), else by the engine alone."""
    made_by = service_of_move(record, move)
    if made_by is None:
        return perform(record, move, actor=actor, reason=reason, signature=signature, **params)
    made_by.make(record, actor=actor, reason=reason, signature=signature, **params)
    return record


def perform(record: T, move: str, *, actor: Any, reason: str = "", signature: Any = None, **params: Any) -> T:
    """Make a move of the record's lifecycle, or refuse it with every reason.

    Locks and re-reads the row (unsaved changes of `record` are lost), then state → permission → segregation → guards →
    signature → save → Transition → effects → event. `record` is brought up to date and returned. Raises `Blocked`.
    """
    _perform(record=record, move=move, actor=actor, reason=reason, signature=signature, params=params)
    return record


@service
def _perform(*, record: Any, move: str, actor: Any, reason: str, signature: Any, params: Mapping[str, Any]) -> None:
    lifecycle = lifecycle_of(record)
    spec = lifecycle.move(move)
    locked = _rows_to_move(record.__class__).get([record.pk])
    deed = Deed(actor=actor, reason=reason, signature=signature, params=params)
    results = [
        GuardResult("state", str(_("State")), tuple(state_blockers(locked, spec))),
        GuardResult("permission", str(_("Right")), tuple(permission_blockers(locked, spec, actor))),
        GuardResult("second_person", str(_("Second person")), tuple(segregation_blockers(locked, spec, actor))),
        GuardResult("reason", str(_("Reason")), tuple(reason_blockers(spec, reason))),
    ]
    if results[0].passed:
        results += run_guards(locked, move, deed)
    results.append(GuardResult("signature", str(_("Signature")), tuple(signature_blockers(spec, deed))))
    _decide(locked, move, results)
    signed = None
    if spec.signature:
        signed = sign(record=locked, meaning=spec.signature, signature=signature, actor=actor, reason=reason)
    before = locked.status
    locked.status = spec.target
    for run in effects_for(locked, move, before_save=True):
        run(locked, deed)
    locked.save()
    Transition.objects.create(
        move=move,
        from_status=before,
        to_status=spec.target,
        record_version=locked.row_version,
        reason=reason,
        signature=signed,
        **subject_ref(locked),
    )
    for run in effects_for(locked, move):
        run(locked, deed)
    _bring_up_to_date(record, locked)
    publish(TransitionPerformed(locked, move, before, spec.target, actor.pk))


@cache
def _rows_to_move(model: Any) -> Statement[Any]:
    """The rows of a model for a move: locked, with their scope and whatever else its guards look at."""
    reads = model.lifecycle.reads if model.lifecycle is not None else ()
    related = [*reads, *([] if model.scope_path in (GLOBAL, "self") else [model.scope_path])]
    rows = model._base_manager.select_for_update(of=("self",)).order_by("pk")
    rows = rows.select_related(*related) if related else rows
    return Statement(lambda keys: rows.filter(pk__in=keys))


def _bring_up_to_date(record: models.Model, moved: models.Model) -> None:
    """Give the caller's record what the row now says; a relation that it had read stays only where it is the same."""
    record.__dict__.update({name: value for name, value in moved.__dict__.items() if name != "_state"})
    for field in record._meta.concrete_fields:
        if not isinstance(field, models.ForeignKey):
            continue
        if field.is_cached(moved):
            field.set_cached_value(record, field.get_cached_value(moved))
        elif field.is_cached(record):
            known = field.get_cached_value(record)
            if (None if known is None else known.pk) != getattr(record, field.attname):
                field.delete_cached_value(record)


def perform_many(
    records: Sequence[T], move: str, *, actor: Any, reason: str = "", signature: Any = None, **params: Any
) -> list[T]:
    """Make the same move of several records of one model, all or none, with set-based writes.

    The same checks, facts, effects and events as `perform`, one by one; rows are locked in the order of their ids.
    Where the move is signed, one identification signs each record: every one has a signature of its own over its own
    content. Returns the records as they are now. Raises `Blocked` with the reasons of every record that may not move,
    each by the name of its record where there are several.
    """
    return _perform_many(records=records, move=move, actor=actor, reason=reason, signature=signature, params=params)


@service
def _perform_many(
    *, records: Sequence[Any], move: str, actor: Any, reason: str, signature: Any, params: Mapping[str, Any]
) -> list[Any]:
    if not records:
        return []
    lifecycle = lifecycle_of(records[0])
    spec = lifecycle.move(move)
    if effects_for(records[0], move, before_save=True):
        raise ValueError(f"{spec.name} completes each record itself: use perform")
    locked = _rows_to_move(records[0].__class__)([record.pk for record in records])
    # `together` lets a guard read once what it asks of each record.
    deed = Deed(actor=actor, reason=reason, signature=signature, params={**params, "together": locked})
    rights = PermissionMemo(spec, actor)
    reasoned = GuardResult("reason", str(_("Reason")), tuple(reason_blockers(spec, reason)))
    proved = GuardResult("signature", str(_("Signature")), tuple(signature_blockers(spec, deed)))
    judged = []
    for record in locked:
        results = [
            GuardResult("state", str(_("State")), tuple(state_blockers(record, spec))),
            GuardResult("permission", str(_("Right")), rights.blockers(record)),
            GuardResult("second_person", str(_("Second person")), tuple(segregation_blockers(record, spec, actor))),
            reasoned,
        ]
        if results[0].passed:
            results += run_guards(record, move, deed)
        results.append(proved)
        judged.append((record, results))
    _decide_all(move, judged)
    signed = {}
    if spec.signature:
        given = sign_many(records=locked, meaning=spec.signature, signature=signature, actor=actor, reason=reason)
        signed = {one.subject_id: one for one in given}
    before = {record.pk: record.status for record in locked}
    for record in locked:
        record.status = spec.target
    bulk_update(locked, ["status"])
    Transition.objects.bulk_create(
        [
            Transition(
                move=move,
                from_status=before[record.pk],
                to_status=spec.target,
                record_version=record.row_version,
                reason=reason,
                signature=signed.get(record.pk),
                **subject_ref(record),
            )
            for record in locked
        ],
        batch_size=2000,
    )
    for record in locked:
        for run in effects_for(record, move):
            run(record, deed)
    for record in locked:
        publish(TransitionPerformed(record, move, before[record.pk], spec.target, actor.pk))
    return locked


def attempt(record: Any, action: str, *, actor: Any, reason: str = "", signature: Any = None, **params: Any) -> None:
    """Ask every guard of an action that is no change of status. Stores the GateDecision; raises `Blocked` when denied.

    Belongs inside the service that then does the action: the denied decision is stored after its rollback.
    """
    _attempt(record=record, action=action, actor=actor, reason=reason, signature=signature, params=params)


@service
def _attempt(*, record: Any, action: str, actor: Any, reason: str, signature: Any, params: Mapping[str, Any]) -> None:
    deed = Deed(actor=actor, reason=reason, signature=signature, params=params)
    _decide(record, action, run_guards(record, action, deed))


def _decide(record: Any, action: str, results: Sequence[GuardResult]) -> None:
    blockers = [blocker for result in results for blocker in result.blockers]
    if blockers:
        raise Blocked(blockers, Attempt(action=action, subject=record, results=tuple(results)))
    _store(record, action, results, allowed=True)


def _decide_all(action: str, judged: Sequence[tuple[Any, Sequence[GuardResult]]]) -> None:
    refused = [(record, results) for record, results in judged if not all(result.passed for result in results)]
    if refused:
        record, results = refused[0]
        found = [
            _named(blocker, one) if len(judged) > 1 and result.name not in OF_THE_DEED else blocker
            for one, told in refused
            for result in told
            for blocker in result.blockers
        ]
        blockers = {(blocker.code, str(blocker.message)): blocker for blocker in found}
        raise Blocked(blockers.values(), Attempt(action=action, subject=record, results=tuple(results)))
    GateDecision.objects.bulk_create([_decision(record, action, results, True) for record, results in judged])


def _named(blocker: Blocker, record: Any) -> Blocker:
    """The reason with the name of the record that it stands against, among others that it does not stand against."""
    if str(record) in str(blocker.message):
        return blocker
    return replace(blocker, message=f"{record}: {blocker.message}")


def _decision(record: Any, action: str, results: Sequence[GuardResult], allowed: bool) -> GateDecision:
    return GateDecision(
        action=action,
        allowed=allowed,
        results=[result.as_dict() for result in results],
        policy_revision=policy_revision(),
        **subject_ref(record),
    )


def _store(record: Any, action: str, results: Sequence[GuardResult], *, allowed: bool) -> None:
    _decision(record, action, results, allowed).save()


@on_denied
def _store_denied(refused: Blocked, actor: Any, service_name: str) -> None:
    if refused.attempt is not None:
        _store(refused.attempt.subject, refused.attempt.action, refused.attempt.results, allowed=False)
