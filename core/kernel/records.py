"""The classes of tables: records (trailed), facts (append-only), seals over both, operational rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import Enum
from typing import Any, ClassVar, TypeVar

from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.functional import cached_property

from core.kernel.clock import now
from core.kernel.closure import Closure
from core.kernel.deeds import current_actor_id
from core.kernel.history import TrailRecords
from core.kernel.lifecycle import Lifecycle
from core.kernel.stale import refuse_stale
from core.kernel.writes import AppendQuerySet, append

GLOBAL = "*"
"""Scope path of a model that belongs to no site: every signed-in person with the permission anywhere may see it."""

M = TypeVar("M", bound=models.Model)


class RecordClass(Enum):
    """The class of a table; each has its own protection in PostgreSQL."""

    RECORD = "record"
    HISTORY = "history"
    FACT = "fact"
    SEAL = "seal"
    OPERATIONAL = "operational"


class TrailedModel(models.Model):
    """A mutable record. Every change has a history row in the same transaction, or PostgreSQL refuses the commit.

    `row_version` grows by one with each change; PostgreSQL refuses a save that was made from a stale copy.
    """

    scope_path: ClassVar[str]
    closure: ClassVar[Closure | None] = None
    lifecycle: ClassVar[Lifecycle | None] = None
    trail_excludes: ClassVar[tuple[str, ...]] = ()
    unit_path: ClassVar[str] = ""
    """Path to the unit in which the row's decimal columns are, where it has no `uom` of its own."""

    id = models.BigAutoField(primary_key=True)
    row_version = models.PositiveIntegerField(default=0, editable=False)
    history = TrailRecords(inherit=True)

    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> Any:
        return append(self, fields, returning_fields, raw, using)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save with the next row version; the version falls back when the database refuses.

        `Blocked` where the door declared (`core.kernel.stale`) that its user saw another version than the present one.
        """
        refuse_stale(self)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "row_version"}
        self.row_version += 1
        try:
            super().save(*args, **kwargs)
        except BaseException:
            self.row_version -= 1
            raise

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete the row; `Blocked` as `save` where its user saw another version."""
        refuse_stale(self)
        return super().delete(*args, **kwargs)


class FactQuerySet(AppendQuerySet[M]):
    """Facts are read and appended; a correction is a newer fact."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError(f"{self.model.__name__} is a fact: append a newer one with a reason")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{self.model.__name__} is a fact: it is never deleted")


class FactModel(models.Model):
    """An append-only row. PostgreSQL stamps transaction, session user, client and time, and refuses change."""

    scope_path: ClassVar[str]
    closure: ClassVar[Closure | None] = None
    unit_path: ClassVar[str] = ""
    """As of a record."""

    id = models.BigAutoField(primary_key=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        default=current_actor_id,
        editable=False,
    )
    stamped_at = models.DateTimeField(default=now, editable=False)
    stamped_txid = models.BigIntegerField(default=0, editable=False)
    stamped_session_user = models.TextField(default="", editable=False)
    stamped_client = models.TextField(default="", editable=False)
    stamped_source = models.TextField(default="", editable=False)

    objects = models.Manager.from_queryset(FactQuerySet)()

    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: str, fields: Any, returning_fields: Any, raw: bool) -> Any:
        return append(self, fields, returning_fields, raw, using)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Append the fact; a saved fact cannot be saved again."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is a fact: append a newer one with a reason")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError(f"{type(self).__name__} is a fact: it is never deleted")


STAMP_COLUMNS = ("actor_id", "stamped_at", "stamped_txid", "stamped_session_user", "stamped_client", "stamped_source")


class OperationalModel(models.Model):
    """A row that is neither evidence nor master data: queues, leases, caches. Each says why in `operational_reason`."""

    operational_reason: ClassVar[str]

    id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


class SealModel(models.Model):
    """A row of the seals over the trail: appended by the sealer's role, permanent, held by its own chain."""

    id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


class SubjectRefMixin(models.Model):
    """Names any record as the subject of a row: content type, id, and the label it had at that time."""

    subject_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField()
    subject_label = models.TextField()

    class Meta:
        abstract = True

    @property
    def subject_model(self) -> type[models.Model] | None:
        """The kind of record; None when the product has no such kind any more."""
        return ContentType.objects.get_for_id(self.subject_type_id).model_class()

    @cached_property
    def subject(self) -> models.Model | None:
        """The record itself, or None when it no longer exists here."""
        model = self.subject_model
        return None if model is None else model._base_manager.filter(pk=self.subject_id).first()


class SourceRefMixin(models.Model):
    """Names the record, perhaps of an upper app or another plant, that a record came from (SourceRef)."""

    source_type = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    source_id = models.BigIntegerField(null=True, blank=True)
    source_label = models.TextField(blank=True, default="")

    class Meta:
        abstract = True

    @property
    def source(self) -> models.Model | None:
        """The source record, or None when there is none or it lives elsewhere."""
        model = self.source_type.model_class() if self.source_type_id and self.source_type else None
        return None if model is None else model._base_manager.filter(pk=self.source_id).first()


def subject_ref(record: models.Model, prefix: str = "subject") -> dict[str, Any]:
    """Column values that name `record`, for SubjectRefMixin ("subject") or SourceRefMixin ("source")."""
    return {
        f"{prefix}_type": ContentType.objects.get_for_model(record),
        f"{prefix}_id": record.pk,
        f"{prefix}_label": str(record)[:500],
    }


FOREIGN_OPERATIONAL: dict[str, str] = {
    "admin.logentry": "Django admin is read-only here, the table stays empty",
    "auth.group": "carries no rights of ours",
    "auth.permission": "carries no rights of ours",
    "contenttypes.contenttype": "names of models",
    "sessions.session": "required by the framework, the table stays empty: sessions are BrowserSession",
    "sites.site": "required by the sign-in library",
    "account.emailaddress": "verification state of the sign-in library",
    "account.emailconfirmation": "verification state of the sign-in library",
    "socialaccount.socialaccount": "link to an identity provider",
    "socialaccount.socialapp": "link to an identity provider",
    "socialaccount.socialtoken": "link to an identity provider",
    "mfa.authenticator": "secrets of second factors, encrypted, never in history; TrailEvents tell of them",
}
"""The closed list of tables of libraries, each with the reason why it is operational."""


def record_class(model: type[models.Model]) -> RecordClass:
    """The class of a table; `LookupError` for a model that nobody classified."""
    if issubclass(model, TrailedModel):
        return RecordClass.RECORD
    if issubclass(model, FactModel):
        return RecordClass.FACT
    if hasattr(model, "instance_type"):
        return RecordClass.HISTORY
    if issubclass(model, SealModel):
        return RecordClass.SEAL
    if issubclass(model, OperationalModel) or model._meta.label_lower in FOREIGN_OPERATIONAL:
        return RecordClass.OPERATIONAL
    raise LookupError(f"{model._meta.label} is in none of the classes of tables")


def models_of(wanted: RecordClass) -> Iterator[type[models.Model]]:
    """Every installed model of a class, including automatic through tables."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.auto_created:
            continue
        if record_class(model) is wanted:
            yield model


def tracked_columns(model: type[TrailedModel]) -> Sequence[str]:
    """Column names that history repeats, in model order."""
    tracked: Iterable[Any] = model.history.model.tracked_fields
    return [field.column for field in tracked]
