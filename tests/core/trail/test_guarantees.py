"""Guarantees 1, 2 and 3 of PostgreSQL, attacked as the application's role for every model there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, models, transaction

from core.kernel import bulk
from core.kernel.deeds import acting
from core.kernel.records import RecordClass, TrailedModel, models_of
from core.lifecycle.models import Transition
from core.lifecycle.services import begin_many
from core.organization.models import User
from core.organization.services import system_user
from tests.support import samples

RECORDS = sorted(models_of(RecordClass.RECORD), key=lambda m: m._meta.label)
FACTS = sorted(models_of(RecordClass.FACT), key=lambda m: m._meta.label)
HISTORIES = sorted(models_of(RecordClass.HISTORY), key=lambda m: m._meta.label)

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("REC-01")]


def label(model: type[models.Model]) -> str:
    return model._meta.label


@contextmanager
def deed() -> Iterator[User]:
    """A transaction that checks its deferred constraints at the end, as a commit would."""
    actor = system_user("attacker")
    with transaction.atomic(), acting(actor):
        yield actor
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def make(model: type[TrailedModel]) -> Any:
    with deed():
        return samples.saved(model)


def row(model: type[models.Model], pk: int) -> tuple[Any, ...]:
    values: tuple[Any, ...] = model._base_manager.filter(pk=pk).values_list()[0]
    return values


def refused(attack: Callable[[], Any]) -> None:
    with pytest.raises((IntegrityError, DatabaseError)), deed():
        attack()


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.requirement("REC-07")
@pytest.mark.parametrize("model", RECORDS, ids=label)
def test_save_and_bulk_writes_leave_their_history(model: type[TrailedModel]) -> None:
    field = samples.changeable(model)
    with deed() as actor:
        record = samples.saved(model)
        setattr(record, field.attname, samples.other_value(field, getattr(record, field.attname)))
        record.save()
        setattr(record, field.attname, samples.other_value(field, getattr(record, field.attname)))
        bulk.bulk_update([record], [field.name])
        others = [samples.unsaved(model), samples.unsaved(model)]
        created = begin_many(others, actor=actor) if model.lifecycle is not None else bulk.bulk_create(others)
    history = model.history.model
    kept = list(history.objects.filter(id=record.pk).order_by("row_version"))
    assert [h.history_type for h in kept][:3] == ["+", "~", "~"]
    assert kept[-1].row_version == record.row_version
    assert getattr(kept[-1], field.attname) == row_value(model, record.pk, field)
    assert {h.history_user_id for h in kept} == {actor.pk}
    assert all(h.history_txid > 0 and h.history_session_user == "trueline_app" for h in kept)
    assert history.objects.filter(id__in=[c.pk for c in created], history_type="+").count() == 2


def row_value(model: type[models.Model], pk: int, field: Any) -> Any:
    return model._base_manager.filter(pk=pk).values_list(field.attname, flat=True)[0]


@pytest.mark.parametrize("model", RECORDS, ids=label)
def test_writes_past_the_trail_are_refused(model: type[TrailedModel]) -> None:
    record = make(model)
    field = samples.changeable(model)
    table = model._meta.db_table
    with deed():
        value = samples.other_value(field, getattr(record, field.attname))
    before = row(model, record.pk)

    def plain_bulk_update() -> None:
        fresh = model._base_manager.get(pk=record.pk)
        setattr(fresh, field.attname, value)
        model._base_manager.bulk_update([fresh], [field.name])

    def plain_bulk_create() -> None:
        fresh = samples.unsaved(model)
        fresh.row_version = 1
        model._base_manager.bulk_create([fresh])

    def stale_save() -> None:
        fresh, stale = model._base_manager.get(pk=record.pk), model._base_manager.get(pk=record.pk)
        setattr(fresh, field.attname, value)
        fresh.save()
        setattr(stale, field.attname, value)
        stale.save()

    attacks: dict[str, Callable[[], Any]] = {
        "update()": lambda: model._base_manager.filter(pk=record.pk).update(**{field.attname: value}),
        "bulk_update": plain_bulk_update,
        "bulk_create": plain_bulk_create,
        "a stale copy": stale_save,
        "raw UPDATE with the version": lambda: sql(
            f'UPDATE {table} SET "{field.column}" = %s, row_version = row_version + 1 WHERE id = %s',
            field.get_db_prep_save(value, connection),
            record.pk,
        ),
        "raw UPDATE of the version only": lambda: sql(
            f"UPDATE {table} SET row_version = row_version + 1 WHERE id = %s", record.pk
        ),
        "raw DELETE": lambda: sql(f"DELETE FROM {table} WHERE id = %s", record.pk),
        "TRUNCATE": lambda: sql(f"TRUNCATE {table} CASCADE"),
    }
    accepted = []
    for name, attack in attacks.items():
        try:
            with deed():
                attack()
        except DatabaseError:
            continue
        accepted.append(name)
    assert accepted == []
    assert row(model, record.pk) == before


@pytest.mark.parametrize("model", RECORDS, ids=label)
def test_a_history_row_without_its_change_is_refused(model: type[TrailedModel]) -> None:
    record = make(model)
    history = model.history.model
    true = history.objects.filter(id=record.pk).order_by("-row_version")[0]

    def invented(version: int, kind: str) -> Callable[[], Any]:
        def attack() -> None:
            copy = history.objects.get(pk=true.pk)
            copy.pk, copy._state.adding = None, True
            copy.row_version, copy.history_type = version, kind
            copy.history_user = system_user("attacker")
            copy.save(force_insert=True)

        return attack

    for version, kind in ((record.row_version, "~"), (record.row_version + 1, "~"), (1, "+"), (1, "-")):
        refused(invented(version, kind))
    assert history.objects.filter(id=record.pk).count() == record.row_version


@pytest.mark.requirement("REC-02")
@pytest.mark.parametrize("model", [*FACTS, *HISTORIES], ids=label)
def test_facts_and_history_are_permanent(model: type[models.Model]) -> None:
    table = model._meta.db_table
    key = model._meta.pk.column
    for statement in (f"UPDATE {table} SET {key} = {key}", f"DELETE FROM {table}", f"TRUNCATE {table}"):
        with pytest.raises(DatabaseError, match="permission denied|permanent"), deed():
            sql(statement)


@pytest.mark.requirement("REC-02")
@pytest.mark.parametrize("model", [*FACTS, *HISTORIES], ids=label)
def test_the_trail_triggers_are_always_on(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal",
            [model._meta.db_table],
        )
        found = dict(cursor.fetchall())
    assert {"trail_permanent", "trail_no_truncate", "trail_stamp"} <= set(found)
    assert set(found.values()) == {"A"}


FREE_FACTS = [model for model in FACTS if model is not Transition]
"""A Transition alone is refused by guarantee 3; its stamps are checked with every birth below."""


@pytest.mark.requirement("REC-07")
@pytest.mark.parametrize("model", FREE_FACTS, ids=label)
def test_a_fact_carries_stamps_that_nobody_can_forge(model: type[models.Model]) -> None:
    with deed() as actor:
        kept = samples.saved(model, stamped_txid=1, stamped_session_user="somebody")
        stored: Any = model._base_manager.get(pk=kept.pk)
        assert stored.actor_id == actor.pk
        assert stored.stamped_session_user == "trueline_app"
        assert stored.stamped_txid > 1
    other = make(User)
    refused(lambda: samples.saved(model, actor=other))


@pytest.mark.requirement("REC-07")
def test_without_a_declared_actor_nothing_is_recorded() -> None:
    user = samples.unsaved(User)
    with pytest.raises(DatabaseError), transaction.atomic():
        user.save()
    assert not User.objects.filter(username=user.username).exists()


LIVING = [model for model in RECORDS if model.lifecycle is not None]  # type: ignore[attr-defined]


@pytest.mark.requirement("REC-04")
@pytest.mark.parametrize("model", LIVING, ids=label)
def test_a_status_and_its_transition_come_together(model: type[TrailedModel]) -> None:
    record = make(model)
    lifecycle = model.lifecycle
    assert lifecycle is not None
    target = next(s.code for s in lifecycle.states if s.code != record.status)

    def without_transition() -> None:
        fresh = model._base_manager.get(pk=record.pk)
        fresh.status = target  # type: ignore[attr-defined]
        fresh.save()

    def without_change() -> None:
        invented = samples.birth(record)
        invented.from_status, invented.to_status, invented.record_version = record.status, target, 2
        invented.save()

    def forged_transition() -> None:
        fresh = model._base_manager.get(pk=record.pk)
        fresh.status = target  # type: ignore[attr-defined]
        fresh.save()
        forged = samples.birth(record)
        forged.from_status, forged.to_status, forged.record_version = target, target, fresh.row_version
        forged.save()

    def born_without_transition() -> None:
        samples.unsaved(model).save()

    def born_elsewhere() -> None:
        stranger = next((s.code for s in lifecycle.states if s.code not in lifecycle.births), None)
        if stranger is None:
            raise IntegrityError("every state is a birth state")
        born = samples.unsaved(model, status=stranger)
        born.save()
        samples.birth(born).save()

    for attack in (without_transition, without_change, forged_transition, born_without_transition, born_elsewhere):
        refused(attack)
    assert model._base_manager.get(pk=record.pk).status == record.status  # type: ignore[attr-defined]
    assert Transition.objects.filter(subject_id=record.pk, subject_label=str(record)).count() == 1
