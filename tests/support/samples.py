"""One valid row of any model of ours, for tests that are generated over all of them."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models

from core.kernel.clock import now
from core.kernel.records import TrailedModel
from core.lifecycle.models import Transition
from core.lifecycle.services import begin
from core.organization.models import Site

_numbers = itertools.count(1)
Overrides = dict[str, Any]

SPECIAL: dict[str, Overrides] = {
    "core_organization.site": {"time_zone": "Europe/Vienna"},
    "core_organization.grant": {"site": lambda: saved(Site)},
    "core_worklist.assignment": {"to_role": "quality_engineer"},
    "core_worklist.escalationrule": {"step": lambda: next(_numbers)},
    "qms_nonconformance.affecteditem": {"lot": lambda: saved(apps.get_model("traceability.Lot"))},
    "traceability.hold": {"lot": lambda: saved(apps.get_model("traceability.Lot"))},
    "traceability.stockmovement": {
        "lot": lambda: saved(apps.get_model("traceability.Lot")),
        "uom": lambda: apps.get_model("traceability.Lot").objects.latest("pk").material.uom,
        "to_location": lambda: saved(apps.get_model("traceability.StorageLocation")),
    },
    "traceability.genealogylink": {
        "parent_lot": lambda: saved(apps.get_model("traceability.Lot")),
        "child_lot": lambda: saved(apps.get_model("traceability.Lot")),
    },
    "mes_execution.consumption": {"is_sandbox": True},
    "mes_execution.output": {"good": Decimal(1)},
    "mes_routing.operationrequirement": {"kind": "signature", "meaning": "performed"},
}
"""Per model label: values or callables for columns whose constraints a generic value would break."""


def _text(field: models.Field[Any, Any]) -> str:
    if field.choices:
        return str(field.flatchoices[0][0])
    if field.max_length == 64 and ("sha256" in field.name or "digest" in field.name or "fingerprint" in field.name):
        return f"{next(_numbers):064x}"
    word = f"x{next(_numbers)}"
    return word[: field.max_length] if field.max_length else word


def value_for(field: models.Field[Any, Any]) -> Any:
    """A value that fits the column, fresh each time where the column may be unique."""
    if isinstance(field, models.ForeignKey):
        target: Any = field.related_model
        if target is ContentType:
            return ContentType.objects.get_for_model(ContentType)
        return saved(target)
    if isinstance(field, (models.CharField, models.TextField)):
        return _text(field)
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.DecimalField):
        return Decimal(1)
    if isinstance(field, models.IntegerField):
        return next(_numbers)
    if isinstance(field, models.DateTimeField):
        return now()
    if isinstance(field, models.DateField):
        return dt.date(2026, 1, 1)
    if isinstance(field, models.UUIDField):
        return uuid.uuid4()
    if isinstance(field, models.JSONField):
        return {}
    raise TypeError(f"no sample value for {field}")


def _required(field: models.Field[Any, Any]) -> bool:
    if field.primary_key or field.null or field.name in {"row_version", "actor"}:
        return False
    if field.name.startswith("stamped_"):
        return False
    return field.unique or not (field.has_default() or field.blank)


def unsaved(model: type[models.Model], **values: Any) -> Any:
    """An instance of the model that could be saved."""
    special = {k: v() if callable(v) else v for k, v in SPECIAL.get(model._meta.label_lower, {}).items()}
    values = {**special, **values}
    for field in model._meta.concrete_fields:
        if field.name not in values and field.attname not in values and _required(field):
            values[field.name] = value_for(field)
    return model(**values)


def saved(model: type[models.Model], **values: Any) -> Any:
    """A saved row of the model; a record with a lifecycle is born through the engine."""
    record = unsaved(model, **values)
    if isinstance(record, TrailedModel) and type(record).lifecycle is not None:
        from core.kernel.deeds import current

        present = current()
        if present is None:
            raise RuntimeError("samples are made inside acting()")
        return begin(record, actor=present.user)
    record.save()
    return record


def birth(record: Any) -> Transition:
    """The transition that a raw insert of a lifecycle's record would need."""
    return Transition(
        subject_type=ContentType.objects.get_for_model(record),
        subject_id=record.pk,
        subject_label=str(record),
        move="begin",
        from_status=None,
        to_status=record.status,
        record_version=1,
    )


def changeable(model: type[TrailedModel]) -> models.Field[Any, Any]:
    """A tracked column that a test may change: text, number, flag or time, neither unique nor constrained."""
    for kind in (models.TextField, models.CharField, models.BooleanField, models.IntegerField, models.DateTimeField,
                 models.DecimalField, models.DateField, models.JSONField):  # fmt: skip
        for field in model._meta.concrete_fields:
            if (
                isinstance(field, kind)
                and not isinstance(field, models.ForeignKey)
                and not field.primary_key
                and not field.choices
                and field.name not in {"row_version", "status", *model.trail_excludes}
            ):
                return field
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            return field
    raise ValidationError(f"{model.__name__} has no column a test could change")


def other_value(field: models.Field[Any, Any], present: Any) -> Any:
    """Another valid value for the column."""
    if isinstance(field, models.ForeignKey):
        return saved(field.related_model).pk
    if isinstance(field, models.BooleanField):
        return not present
    if isinstance(field, models.DecimalField):
        return (present or Decimal(0)) + 1
    if isinstance(field, models.IntegerField):
        return (present or 0) + 1
    if isinstance(field, models.DateTimeField):
        return (present or now()) + dt.timedelta(hours=1)
    if isinstance(field, models.DateField):
        return (present or dt.date(2026, 1, 1)) + dt.timedelta(days=1)
    if isinstance(field, models.JSONField):
        return {"other": True}
    word = f"{present or ''}z{next(_numbers)}"
    return word[-field.max_length :] if field.max_length else word
