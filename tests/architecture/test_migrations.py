"""Migrations are complete. (Needs no database.)"""

from django.apps import apps
from django.db.migrations import CreateModel
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from config.apps import OUR_APPS
from core.kernel.schema import CreateModels


def test_models_and_migrations_agree() -> None:
    loader = MigrationLoader(None)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    assert {
        app: [str(operation) for migration in migrations for operation in migration.operations]
        for app, migrations in found.items()
    } == {}
    assert loader.detect_conflicts() == {}


def test_an_app_begins_with_one_step_that_only_makes_tables() -> None:
    ours = {app.label for app in apps.get_app_configs() if app.name in OUR_APPS and any(app.get_models())}
    first = {label: step for (label, name), step in MigrationLoader(None).disk_migrations.items() if name[:4] == "0001"}
    assert ours <= set(first)
    for label in ours:
        (operation,) = first[label].operations
        assert isinstance(operation, CreateModels), label
        assert {type(model) for model in operation.models} == {CreateModel}, label
