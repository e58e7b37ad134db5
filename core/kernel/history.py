"""How simple-history writes the trail of records: who, why, and what PostgreSQL stamps."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.db import models
from simple_history.manager import HistoryManager
from simple_history.models import HistoricalRecords

from core.kernel.clock import now
from core.kernel.deeds import current
from core.kernel.writes import AppendQuerySet, append


class HistoryStamp(models.Model):
    """Columns of every history row that PostgreSQL fills in itself (core.trail); a writer cannot forge them."""

    history_txid = models.BigIntegerField(default=0, editable=False)
    history_session_user = models.TextField(default="", editable=False)
    history_client = models.TextField(default="", editable=False)
    history_source = models.TextField(default="", editable=False)
    history_stamped_at = models.DateTimeField(default=now, editable=False)

    objects = models.Manager.from_queryset(AppendQuerySet)()

    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> Any:
        return append(self, fields, returning_fields, raw, using)


class TrailManager(HistoryManager):  # type: ignore[misc]
    """The manager behind `Model.history`. simple-history makes its class anew at each access; here it is kept."""

    @classmethod
    @cache
    def from_queryset(cls, queryset_class: Any, class_name: str | None = None) -> Any:
        return super().from_queryset(queryset_class, class_name)


class TrailRecords(HistoricalRecords):  # type: ignore[misc]
    """simple-history with the acting user of the deed, its reason, and no way to lose the user.

    A model names columns that must never be in history (secrets) in `trail_excludes`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            bases=(HistoryStamp,),
            history_manager=TrailManager,
            history_id_field=models.BigAutoField(),
            history_change_reason_field=models.TextField(default="", blank=True),
            **kwargs,
        )

    def fields_included(self, model: type[models.Model]) -> list[Any]:
        """Tracked columns of the model, without its secrets."""
        excluded = set(getattr(model, "trail_excludes", ()))
        return [field for field in super().fields_included(model) if field.name not in excluded]

    def _get_history_user_fields(self) -> dict[str, Any]:
        user = models.ForeignKey(
            settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_constraint=True
        )
        return {"history_user": user}

    def get_history_user(self, instance: models.Model) -> Any:
        """The acting user of the running deed."""
        present = current()
        return None if present is None else present.user

    def get_change_reason_for_object(self, instance: models.Model, history_type: str, using: str) -> str:
        """The reason of the running deed."""
        present = current()
        return "" if present is None else present.reason

    def get_meta_options(self, model: type[models.Model]) -> dict[str, Any]:
        """Historical models carry no permissions of their own."""
        options: dict[str, Any] = super().get_meta_options(model)
        options["default_permissions"] = ()
        return options
