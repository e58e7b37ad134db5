"""How records look in answers. Read only: what comes in is judged by the form of the page."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.db import models
from rest_framework import serializers

SHAPES: dict[type[models.Model], type[serializers.ModelSerializer[Any]]] = {}
"""The shape of each model that the API shows."""


class FactShape(serializers.ModelSerializer[Any]):
    """Base of the shape of a fact: give `Meta.model` and `Meta.fields`."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        meta = getattr(cls, "Meta", None)
        if meta is not None:
            SHAPES[meta.model] = cls

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        for field in fields.values():
            field.read_only = True
        return fields


class Shape(FactShape):
    """Base of the shape of a record. `version` is what `If-Match` names."""

    version = serializers.IntegerField(source="row_version", read_only=True)


class ValueShape(serializers.Serializer[Any]):
    """Base of the shape of a row that is no record: what a query returns."""


def shape_of(model: type[models.Model]) -> type[serializers.ModelSerializer[Any]]:
    """The shape of a model; `LookupError` when the API does not show it."""
    app = model._meta.app_config
    if find_spec(f"{app.name}.serializers") is not None:
        import_module(f"{app.name}.serializers")  # found by its name, like guards and answers
    found = SHAPES.get(model._meta.concrete_model or model)
    if found is None:
        raise LookupError(f"{model.__name__} has no shape: declare one in its app's serializers.py")
    return found
