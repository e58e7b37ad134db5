"""Calls go down: storeys and floors, imports and foreign keys."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from config.apps import BASE_DIR, OUR_APPS, STOREYS
from tests.architecture import house

FOREIGN_TARGETS = {"contenttypes"}
"""Tables of libraries that a foreign key of ours may point to (how a lower record names an upper one)."""


@pytest.mark.requirement("HOUSE-01")
def test_import_contracts_are_kept() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.requirement("HOUSE-01")
def test_every_app_on_disk_is_installed_and_placed_on_a_floor() -> None:
    on_disk = house.apps_on_disk()
    assert on_disk == set(OUR_APPS)
    assert on_disk <= set(house.heights())


@pytest.mark.requirement("HOUSE-01")
def test_apps_are_installed_from_the_ground_up() -> None:
    heights = [house.heights()[app] for app in OUR_APPS]
    assert heights == sorted(heights)
    assert list(house.contracts()[0]["layers"])[:0:-1] == list(STOREYS)


@pytest.mark.requirement("HOUSE-01")
def test_contracts_with_floors_are_exhaustive() -> None:
    assert all(contract["exhaustive"] for contract in house.contracts() if "containers" in contract)
    contained = {container for contract in house.contracts() for container in contract.get("containers", ())}
    assert contained == {storey for storey, members in STOREYS.items() if members != (storey,)}


def upward_keys(model: type[models.Model]) -> list[str]:
    """The foreign keys of ``model`` that point neither down nor to its own app."""
    own = house.app_of(model.__module__)
    assert own is not None, f"{model._meta.label} belongs to no storey"
    wrong = []
    for field in model._meta.get_fields(include_hidden=True):
        if not isinstance(field, models.ForeignKey | models.OneToOneField | models.ManyToManyField):
            continue
        target = field.related_model
        assert isinstance(target, type), f"{model._meta.label}.{field.name} points to an unknown model"
        there = house.app_of(target.__module__)
        if there is None:
            allowed = target._meta.app_label in FOREIGN_TARGETS
        else:
            allowed = there == own or house.heights()[there] < house.heights()[own]
        if not allowed:
            wrong.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    return wrong


@pytest.mark.requirement("HOUSE-02")
def test_foreign_keys_point_down_or_stay() -> None:
    ours = [model for model in apps.get_models(include_auto_created=True) if house.app_of(model.__module__)]
    assert ours
    assert [wrong for model in ours for wrong in upward_keys(model)] == []


@pytest.mark.requirement("HOUSE-02")
def test_many_to_many_fields_name_an_explicit_through_model() -> None:
    automatic = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if house.app_of(model.__module__)
        for field in model._meta.local_many_to_many
        if (through := field.remote_field.through) is not None and through._meta.auto_created
    ]
    assert automatic == []
