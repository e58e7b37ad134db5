"""Two sites with one sample of every model each, and the people who look at them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any
from unittest import mock

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from core.kernel.deeds import acting
from core.kernel.permissions import catalogue
from core.kernel.records import GLOBAL, RecordClass, models_of, record_class
from core.organization.models import Area, Equipment, Grant, Site, User, WorkCenter
from core.organization.services import system_user
from tests.support import samples
from tests.support.people import grant

_numbers = itertools.count(1)
PLACES = (Site, Area, WorkCenter)
ANOTHER_LOT = {"traceability.genealogylink": "child_lot", "traceability.hold": "lot"}
"""Where the world's one lot would go into itself, or be held and so refused to every other sample."""
MEANT = {
    "core_organization.site": {"time_zone": "Europe/Vienna"},
    "core_signing.signature": {"time_zone": "Europe/Vienna"},
    "core_worklist.savedfilter": {"page": "traceability:lot_list", "query": "status=released"},
}
"""Words that a page acts on; anything else may stand there."""
JOB = "core_jobs.backgroundjob"
"""No record, but it has a page and belongs to the site of what it is about."""
PAGED = "traceability.lot"
"""The model that stands in wherever a row may tell of any record: it has a page and a site."""


def belongs_to_a_site(model: type[models.Model]) -> bool:
    """Whether the rows of a model are of one site only: by their scope, or as people and what is granted to them."""
    return getattr(model, "scope_path", GLOBAL) != GLOBAL or model._meta.label_lower == JOB


OF_ITS_OWN = {"qms_calibration.calibrationrecord": "plan"}
"""Models of which one row at most is open under a parent: a further row stands under another one."""


class World:
    """One sample of every model at one site; every text of the site's own rows begins with its mark."""

    def __init__(self, mark: str, shared: dict[type[models.Model], Any]) -> None:
        self.mark = mark
        self.own: dict[type[models.Model], Any] = {}
        self.shared = shared

    def sample(self, model: type[models.Model]) -> Any:
        """The world's sample of a model, made on first use with its relations inside the world."""
        if record_class(model) is RecordClass.SEAL:
            return model(pk=1)  # only the sealer makes them, in a transaction that ends
        kept = self.own if belongs_to_a_site(model) else self.shared
        if model not in kept:
            kept[model] = self.fresh(model)
        return kept[model]

    def fresh(self, model: type[models.Model], **values: Any) -> Any:
        """One more row of a model within the world."""
        parent = OF_ITS_OWN.get(model._meta.label_lower)
        if parent is not None and model in self.own:
            target: Any = model._meta.get_field(parent).related_model
            values.setdefault(parent, self.fresh(target))
        with (
            mock.patch.object(samples, "saved", lambda wanted, **more: self._related(wanted, **more)),
            mock.patch.object(samples, "_text", self._text(samples._text)),
        ):
            return ORIGINAL(model, **{**self._references(model), **values})

    def _related(self, wanted: type[models.Model], **values: Any) -> Any:
        return self.fresh(wanted, **values) if values else self.sample(wanted)

    def _references(self, model: type[models.Model]) -> dict[str, Any]:
        """The site is filled, a second relation to a model gets a row of its own, and any record is the lot."""
        filled: dict[str, Any] = dict(MEANT.get(model._meta.label_lower, {}))
        if model._meta.label_lower in ANOTHER_LOT:
            filled[ANOTHER_LOT[model._meta.label_lower]] = self.fresh(_model(PAGED))
        met: set[Any] = set()
        for field in model._meta.concrete_fields:
            target = field.related_model
            if target is None or field.has_default():
                continue
            if field.one_to_one and target is Equipment:  # each gauge is equipment of its own
                filled[field.name] = self.fresh(target)
            if target in met and not field.null and target not in (*PLACES, ContentType):
                filled[field.name] = self.fresh(target)
            if not field.null:
                met.add(target)
            if target is Site and field.null and model is not Grant:
                filled[field.name] = self.sample(Site)
            elif target is ContentType and model._meta.label_lower == "qms_changes.changeitem":
                revision = self.sample(_model("qms_documents.documentrevision"))
                filled[field.name], filled["to_id"] = ContentType.objects.get_for_model(revision), revision.pk
            elif target is ContentType and field.name in ("subject_type", "source_type"):
                lot = self.sample(_model(PAGED))
                prefix = field.name.removesuffix("_type")
                filled[field.name] = ContentType.objects.get_for_model(lot)
                filled[f"{prefix}_id"], filled[f"{prefix}_label"] = lot.pk, str(lot)
        return filled

    def _text(self, plain: Callable[[Any], str]) -> Callable[[Any], str]:
        def text(field: models.Field[Any, Any]) -> str:
            value = plain(field)
            is_word = not field.choices and value.startswith("x")
            if not is_word or not belongs_to_a_site(field.model) or (field.max_length or 99) < 6:
                return value
            return f"{self.mark}{next(_numbers)}"[: field.max_length]

        return text


ORIGINAL = samples.saved


def _model(label: str) -> type[models.Model]:
    from django.apps import apps

    return apps.get_model(label)


def build(marks: tuple[str, str]) -> tuple[World, World]:
    """Two worlds with every trailed record, and what has a page besides."""
    shared: dict[type[models.Model], Any] = {}
    here, there = (World(mark, shared) for mark in marks)
    with transaction.atomic(), acting(system_user("access")):
        for world in (here, there):
            for place in (Site, Area, WorkCenter):
                world.sample(place)
            for kind in (RecordClass.RECORD, RecordClass.FACT):
                for model in sorted(models_of(kind), key=lambda found: found._meta.label):
                    world.sample(model)
            world.own[_model(JOB)] = world.fresh(_model(JOB), actor=world.sample(User))
    return here, there


def visitor(template: str, site: Site) -> User:
    """A person who holds every permission of a role template at the site."""
    codes = tuple(sorted(p.code for p in catalogue().values() if template in p.templates))
    with transaction.atomic(), acting(system_user("access")):
        user = User(username=f"{template}-{next(_numbers)}", full_name=f"Visitor {template}", home_site=site)
        user.set_unusable_password()
        user.save()
        grant(user, site, *codes)
    return user
