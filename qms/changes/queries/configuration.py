"""Configuration under change control: which kinds there are, which change may alter them now, what it altered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel.errors import Blocker
from core.kernel.wiring import ask
from core.organization.models import Role
from core.web.questions import Change
from core.worklist.models import EscalationRule
from qms.changes.models import ChangeOrder, ChangePolicy, ChangeType, ConfigurationControl, ConfigurationEdit
from qms.changes.questions import ConfigurationKinds
from traceability.models import LabelTemplate

OWN = (Role, EscalationRule, LabelTemplate, ChangeType, ChangePolicy)
"""Configuration of the apps below and of this one; apps above answer `ConfigurationKinds`."""


def configuration_types() -> QuerySet[ContentType]:
    """Every kind of configuration that is under change control while the switch is on."""
    models: list[type[Model]] = [*OWN, *ask(ConfigurationKinds())]
    return ContentType.objects.filter(pk__in=[ContentType.objects.get_for_model(model).pk for model in models])


def configuration_switch() -> ConfigurationControl:
    """The switch; unsaved and off until it is used for the first time."""
    return ConfigurationControl.objects.first() or ConfigurationControl()


def open_configuration_change(model: Any) -> ChangeOrder | None:
    """The change being implemented that may alter this kind of configuration; the one that was asked for first."""
    kind = ContentType.objects.get_for_model(model)
    found = ChangeOrder.objects.filter(status="implementation", scopes__configuration_type=kind)
    return found.order_by("pk").first()


def configuration_blockers(model: Any) -> Iterator[Blocker]:
    """Against a change of configuration in production mode that no change covers (EU GMP Annex 11 clause 10)."""
    if not configuration_switch().is_on or open_configuration_change(model) is not None:
        return
    yield Blocker(
        "configuration_controlled",
        _("Configuration is under change control: no change that is being implemented names “%(kind)s”.")
        % {"kind": model._meta.verbose_name_plural},
        remedy=_("Ask for a change that names this kind of configuration, and have its plan approved."),
        remedy_url=reverse("qms_changes:changeorder_list"),
    )


@dataclass(frozen=True)
class EditLine:
    """A piece of configuration that a change altered, value by value."""

    edit: ConfigurationEdit
    changes: tuple[Change, ...]


def edits_of(change: ChangeOrder) -> list[EditLine]:
    """What the change altered in the configuration, with what it was before."""
    return [EditLine(edit, tuple(_differences(edit))) for edit in change.edits.select_related("actor", "subject_type")]


def _differences(edit: ConfigurationEdit) -> Iterator[Change]:
    for name in sorted({*edit.before, *edit.after}):
        before, after = edit.before.get(name, ""), edit.after.get(name, "")
        if before == after:
            continue
        if isinstance(before, list) or isinstance(after, list):
            gone, new = set(before or ()) - set(after or ()), set(after or ()) - set(before or ())
            before, after = ", ".join(sorted(gone)), ", ".join(sorted(new))
        yield Change(_label(edit, name), str(before), str(after))


def _label(edit: ConfigurationEdit, name: str) -> str:
    model = apps.get_model(edit.subject_type.app_label, edit.subject_type.model)
    known = {field.name: str(getattr(field, "verbose_name", name)) for field in model._meta.get_fields()}
    return known.get(name, name)
