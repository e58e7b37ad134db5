"""Migrations are complete. (Needs no database.)"""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState


def test_models_and_migrations_agree() -> None:
    loader = MigrationLoader(None)
    found = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(graph=loader.graph)
    assert {
        app: [str(operation) for migration in migrations for operation in migration.operations]
        for app, migrations in found.items()
    } == {}
    assert loader.detect_conflicts() == {}
