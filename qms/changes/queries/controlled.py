"""Which revisions a change can name, and how they belong together."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from core.kernel.wiring import ask
from qms.changes.models import ChangeItem, ChangeOrder
from qms.changes.questions import ControlledKind, ControlledKinds

IN_FLIGHT = ("draft", "in_review", "approved")


def controlled_kinds() -> list[ControlledKind]:
    """Every kind of revision that a change can name, lower apps first."""
    return sorted(ask(ControlledKinds()), key=lambda kind: _floor(kind.model))


def controlled_kind(model: Any) -> ControlledKind | None:
    """The kind of this revision model; None for what no change can name."""
    return next((kind for kind in ask(ControlledKinds()) if kind.model is model), None)


def kind_of(revision: Any) -> ControlledKind:
    """The kind of a revision; `LookupError` for a record that is none."""
    found = controlled_kind(type(revision))
    if found is None:
        raise LookupError(f"{type(revision).__name__} is no controlled revision")
    return found


def _floor(model: Any) -> int:
    """Where the model's app stands in the house: what lies lower becomes effective first."""
    return [config.label for config in apps.get_app_configs()].index(model._meta.app_label)


def floor_of(revision: Any) -> int:
    """Where the app of a revision stands in the house; its guards look at what lies lower."""
    return _floor(type(revision))


def master_of(revision: Any) -> Any:
    """What the revision is one of: its document, its routing."""
    return getattr(revision, kind_of(revision).master)


def effective_of(kind: ControlledKind, master: Any) -> Any:
    """The effective revision of a master, or None."""
    return kind.model._default_manager.filter(**{kind.master: master}, status="effective").first()


def in_flight_of(kind: ControlledKind, master: Any) -> Any:
    """The revision of a master that is on its way to become effective, or None."""
    rows = kind.model._default_manager.filter(**{kind.master: master}, status__in=IN_FLIGHT)
    return rows.order_by("-pk").first()


def items_of(change: ChangeOrder) -> list[ChangeItem]:
    """The items of a change with their revisions, in one query for each kind of revision."""
    items = list(change.items.select_related("revision_type", "change").order_by("pk"))
    for kind in controlled_kinds() if items else ():
        label = (kind.model._meta.app_label, kind.model._meta.model_name)
        of_kind = [one for one in items if (one.revision_type.app_label, one.revision_type.model) == label]
        keys = {key for one in of_kind for key in (one.from_id, one.to_id) if key is not None}
        revisions = kind.model._base_manager.select_related(kind.master, *kind.reads).in_bulk(keys) if keys else {}
        for one in of_kind:
            one.__dict__["revisions"] = revisions
    return items
