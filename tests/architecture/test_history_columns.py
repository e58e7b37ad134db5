"""Columns of history and facts may come; none goes, changes its name or its type: old seals could not be verified."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from config.apps import OUR_APPS
from core.kernel.records import RecordClass, models_of

OURS = {app.label for app in apps.get_app_configs() if app.name in OUR_APPS}
SEALED = {
    (model._meta.app_label, model._meta.model_name)
    for kind in (RecordClass.HISTORY, RecordClass.FACT, RecordClass.SEAL)
    for model in models_of(kind)
}


def is_sealed(app: str, model: str) -> bool:
    return (app, model.lower()) in SEALED or model.lower().startswith("historical")


def type_of(state: ProjectState, app: str, operation: migrations.AlterField) -> str | None:
    field: models.Field = state.apps.get_model(app, operation.model_name)._meta.get_field(operation.name)  # type: ignore[type-arg]
    return field.db_type(connection)


def forbidden(app: str, operations: Iterable[Operation], state: ProjectState) -> Iterator[str]:
    """What these operations do to sealed columns; the state moves along."""
    for operation in operations:
        names = [getattr(operation, attribute, None) for attribute in ("model_name", "name", "old_name")]
        name = next((found for found in names if found), "")
        before = None
        if isinstance(operation, migrations.AlterField) and is_sealed(app, operation.model_name):
            before = type_of(state, app, operation)
        taking = (
            migrations.RemoveField, migrations.RenameField, migrations.DeleteModel, migrations.RenameModel,
            migrations.AlterModelTable,
        )  # fmt: skip
        if isinstance(operation, taking) and is_sealed(app, name):
            yield f"{app}: {operation.describe()}"
        operation.state_forwards(app, state)
        if isinstance(operation, migrations.AlterField) and before not in (None, type_of(state, app, operation)):
            yield f"{app}: {operation.describe()} changes the type {before}"


@pytest.mark.requirement("SEAL-03")
def test_no_migration_takes_a_sealed_column() -> None:
    loader = MigrationLoader(None)
    state, wrong, done = ProjectState(), [], set()
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            if key in done:
                continue
            done.add(key)
            migration = loader.graph.nodes[key]
            if key[0] in OURS:
                wrong += list(forbidden(key[0], migration.operations, state))
            else:
                migration.mutate_state(state, preserve=False)
    assert wrong == []


FACT = "trailevent"
FORBIDDEN = [
    migrations.RemoveField(FACT, "text"),
    migrations.RenameField(FACT, "text", "words"),
    migrations.AlterField(FACT, "text", models.CharField(max_length=10)),
    migrations.DeleteModel(FACT),
    migrations.RenameModel(FACT, "Happening"),
    migrations.AlterModelTable(FACT, "elsewhere"),
]
ALLOWED = [
    migrations.AddField(FACT, "later", models.TextField(default="")),
    migrations.AlterField(FACT, "text", models.TextField("words", blank=True)),
]


@pytest.mark.requirement("SEAL-03")
@pytest.mark.parametrize("operation", [*FORBIDDEN, *ALLOWED], ids=lambda one: one.describe())
def test_the_check_knows_what_is_forbidden(operation: Operation) -> None:
    state = ProjectState.from_apps(apps)
    found = list(forbidden("core_trail", [operation], state))
    assert len(found) == (operation in FORBIDDEN)
