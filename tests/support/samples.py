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
from core.organization.models import Role, Site

_numbers = itertools.count(1)
Overrides = dict[str, Any]

SPECIAL: dict[str, Overrides] = {
    "core_organization.site": {"time_zone": "Europe/Vienna"},
    "core_organization.grant": {"site": lambda: saved(Site)},
    "integrations.epcisevent": {
        "content": '{"@context": "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",'
        ' "type": "ObjectEvent", "eventTime": "2026-02-03T10:00:00Z", "eventTimeZoneOffset": "+00:00",'
        ' "action": "OBSERVE",'
        ' "epcList": ["https://id.gs1.org/01/09506000134352/21/A1"]}'
    },
    "qms_changes.changeitem": {"action": "new", "to_id": lambda: next(_numbers)},
    "qms_changes.changepolicy": {"kind": lambda: f"kind {next(_numbers)}"},
    "qms_capa.capa": {"owner": lambda: saved(apps.get_model("core_organization.User"))},
    "qms_capa.capasource": {"note": "Seen on the floor."},
    "qms_capa.extension": {"due_at": lambda: now() + dt.timedelta(days=9)},
    "qms_capa.effectivenesscheck": {"baseline_ends": dt.date(2026, 2, 1), "alpha": 50},
    "qms_calibration.calibrationplan": {
        "equipment": lambda: saved(apps.get_model("core_organization.Equipment")),
        "interval_months": 12,
    },
    "qms_calibration.calibrationrecord": {
        "interval_months": 12,
        "performed_by": lambda: saved(apps.get_model("core_organization.User")),
    },
    "qms_calibration.plannedstandard": {"standard": lambda: saved(apps.get_model("qms_calibration.CalibrationPlan"))},
    "qms_risk.riskassessment": {"kind": "process", "review_months": 12},
    "qms_risk.riskitem": {"severity": 3, "probability": 3, "detection": 3},
    "qms_risk.riskmatrix": {
        "severities": ["Small", "Large"],
        "probabilities": ["Rare", "Often"],
        "bands": [{"label": "Low", "acceptability": "acceptable"}, {"label": "High", "acceptability": "unacceptable"}],
        "cells": [[1, 1], [1, 2]],
    },
    "core_worklist.assignment": {"to_role": "quality_engineer"},
    "core_worklist.escalationrule": {
        "step": lambda: next(_numbers),
        "to_role": "quality_engineer",
        "record_type": lambda: ContentType.objects.get_for_model(Site),
    },
    "core_worklist.delegation": {
        "starts": lambda: now() - dt.timedelta(days=1),
        "ends": lambda: now() + dt.timedelta(days=1),
        "kinds": ["action"],
    },
    "qms_complaints.reportabilitydecision": {"is_reportable": False},
    "qms_nonconformance.boardrule": {"function": lambda: f"f{next(_numbers)}"},
    "qms_nonconformance.containmentcheck": {"lot": lambda: saved(apps.get_model("traceability.Lot"))},
    "qms_nonconformance.affecteditem": {"lot": lambda: saved(apps.get_model("traceability.Lot"))},
    "qms_reporting.trendrule": {"limit": Decimal(1)},
    "qms_reporting.reportsubscription": {"person": lambda: saved(apps.get_model("core_organization.User"))},
    "qms_training.curriculumaudience": {"role": lambda: saved(Role)},
    "qms_training.trainingrequirement": {"document": lambda: saved(apps.get_model("qms_documents.Document"))},
    "qms_training.trainingassignment": {
        "document_revision": lambda: saved(apps.get_model("qms_documents.DocumentRevision"))
    },
    "qms_training.shiftassignment": {"ends_at": lambda: now() + dt.timedelta(hours=8)},
    "qms_documents.reader": {"user": lambda: saved(apps.get_model("core_organization.User"))},
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
    "traceability.shipmentline": {"quantity": Decimal(1)},
    "traceability.companyprefix": {"prefix": "0614141", "extension": 0},
    "traceability.container": {"location": lambda: saved(apps.get_model("traceability.StorageLocation"))},
    "traceability.containerentry": {"child": lambda: saved(apps.get_model("traceability.Container"))},
    "traceability.recallorigin": {"lot": lambda: saved(apps.get_model("traceability.Lot"))},
    "traceability.recallline": {"lot": lambda: saved(apps.get_model("traceability.Lot"))},
    "traceability.labeltemplate": {
        "width_mm": Decimal(100),
        "height_mm": Decimal(50),
        "elements": [
            {"kind": "text", "x": 2.0, "y": 2.0, "width": 60.0, "height": 5.0, "field": "number"},
            {"kind": "code", "x": 2.0, "y": 10.0, "width": 20.0, "height": 20.0, "content": "number"},
            {"kind": "box", "x": 1.0, "y": 1.0, "width": 98.0, "height": 48.0},
        ],
    },
    "traceability.labelreconciliation": {"printed": 1, "used": 1, "spoiled": 0, "returned": 0},
    "mes_execution.consumption": {"is_sandbox": True},
    "mes_execution.output": {"good": Decimal(1)},
    "mes_routing.operationrequirement": {"kind": "signature", "meaning": "performed"},
}
"""Per model label: values or callables for columns whose constraints a generic value would break."""


TIED = {
    "qms_training.curriculumaudience": ("by_operation",),
    "qms_nonconformance.boardrule": ("needs_witness",),
}
"""Per model label: columns that do not change alone, for a constraint ties them to others."""


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
                and field.name not in TIED.get(model._meta.label_lower, ())
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
