"""An import taken back: new rows removed, changed rows set back, bookings reversed; or refused, with every reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import FactModel, RecordClass, SourceRefMixin, SubjectRefMixin, TrailedModel, record_class
from core.organization.services import require
from core.signing.services import Proof, sign
from core.trail.services.sets import Stage
from integrations.models import ImportBatch, ImportUndo
from integrations.services.approving import MEANING
from traceability.models import StockMovement
from traceability.services.opening_stock import reverse_receipts, used_since

UNDO = "integrations.undo_importbatch"
TABLE = "import_undo"
TOLD = 10
"""As many records that stand against it are named; the others are counted."""
NO_USE = {
    "core_lifecycle.Transition": "r.move <> 'begin'",
    "core_trail.TrailEvent": "false",
    "core_lifecycle.GateDecision": "false",
    "qms_documents.Rendition": "false",
}
"""Tables that tell of a record without using it: its birth, that somebody saw it, that something was refused, what
is made from it and can be made again."""


@dataclass(frozen=True)
class Part:
    """The rows of one model that the import wrote."""

    model: type[models.Model]
    kind: str
    ranges: list[list[int]]

    @property
    def label(self) -> str:
        return self.model._meta.label

    @property
    def table(self) -> str:
        return self.model._meta.db_table


def parts_of(batch: ImportBatch) -> list[Part]:
    """What the import wrote, in the order of writing."""
    return [Part(apps.get_model(told["model"]), told["kind"], told["ranges"]) for told in batch.writes]


def refuse_undone(batch: ImportBatch) -> None:
    """Raises `Blocked` when there is nothing to be taken back, or it was taken back before."""
    undone = ImportUndo.objects.filter(batch=batch).select_related("actor").first()
    if undone is not None:
        said = _("%(who)s undid this import already.") % {"who": undone.actor}
        raise Blocked(Blocker("undone", said, record=batch, remedy=_("Import the file again if it is needed.")))
    if not batch.writes:
        raise Blocked(
            Blocker(
                "nothing_written", _("This import wrote nothing."), record=batch, remedy=_("Nothing is to be done.")
            )
        )


@service
def undo_import(*, batch: ImportBatch, reason: str, actor: Any, signature: Proof | None) -> ImportUndo:
    """Take an import back as a whole, in one transaction, with history.

    Raises `Blocked` without the right or the signature, when it was undone before, and as soon as anything refers to a
    row that it made, or a row was changed since. Bookings cannot be removed: they are reversed, their lots stay, empty.
    """
    require(actor, UNDO, batch.site)
    with connection.cursor() as cursor:  # imports and undos of a kind wait for each other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"import {batch.kind}"])
    refuse_undone(batch)
    parts = parts_of(batch)
    stage = _staged(parts)
    blockers = list(_against(stage, parts))
    if blockers:
        raise Blocked(blockers)
    reversed_ = reverse_receipts(stage)
    _keep_booked(stage, parts)
    removed = set_back = 0
    for part in reversed(parts):
        if not issubclass(part.model, TrailedModel):
            continue
        here = f"s.model = '{part.label}' AND s.kind = '{part.kind}'"
        if part.kind == "+":
            removed += stage.remove(part.model, where=here)
        else:
            set_back += stage.restore(part.model, where=here)
    undo = ImportUndo.objects.create(batch=batch, reason=reason, removed=removed, set_back=set_back, reversed=reversed_)
    sign(record=undo, meaning=MEANING, signature=signature, actor=actor, reason=reason)
    return undo


def _staged(parts: list[Part]) -> Stage:
    """The keys of every row that the import wrote, locked: whoever wants to refer to one waits for the decision."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{TABLE}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {TABLE} (line serial, model text, kind text, key bigint, history_id bigint)"
            " ON COMMIT DROP"
        )
        for part in parts:
            if issubclass(part.model, TrailedModel):
                source, key, own = part.model.history.model._meta.db_table, "h.history_id", "h.history_id"
            else:
                source, key, own = part.table, "h.id", "NULL"
            firsts, lasts = [first for first, _last in part.ranges], [last for _first, last in part.ranges]
            cursor.execute(
                f"INSERT INTO {TABLE} (model, kind, key, history_id) SELECT %s, %s, h.id, {own} FROM {source} h"
                f" JOIN unnest(%s::bigint[], %s::bigint[]) r (first, last) ON {key} BETWEEN r.first AND r.last"
                f" ORDER BY {key}",
                [part.label, part.kind, firsts, lasts],
            )
        cursor.execute(f"CREATE INDEX ON {TABLE} (model, key)")
        cursor.execute(f"ANALYZE {TABLE}")
        for part in parts:
            if issubclass(part.model, TrailedModel):
                cursor.execute(
                    f"SELECT count(*) FROM (SELECT b.id FROM {part.table} b JOIN {TABLE} t ON t.key = b.id"
                    " WHERE t.model = %s ORDER BY b.id FOR UPDATE OF b) locked",
                    [part.label],
                )
    return Stage(TABLE, TABLE)


def _against(stage: Stage, parts: list[Part]) -> Iterator[Blocker]:
    """Everything that stands against it: rows changed since, and what refers to a row that would go."""
    for part in parts:
        if issubclass(part.model, TrailedModel):
            yield from _changed_since(part)
            if part.kind == "+":
                yield from _referred_to(part)
    for receipt, booking in used_since(stage)[:TOLD]:
        first = StockMovement.objects.select_related("lot").get(pk=receipt)
        yield _in_use(first.lot, StockMovement.objects.get(pk=booking))


def _changed_since(part: Part) -> Iterator[Blocker]:
    history = part.model.history.model._meta.db_table  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT t.key FROM {TABLE} t JOIN {history} h ON h.id = t.key AND h.history_id > t.history_id"
            " WHERE t.model = %s AND t.kind = %s ORDER BY 1",
            [part.label, part.kind],
        )
        keys = [int(key) for (key,) in cursor.fetchall()]
    for key in keys[:TOLD]:
        record = part.model._base_manager.filter(pk=key).first()
        yield Blocker(
            "changed_since",
            _("%(record)s was changed after the import.")
            % {"record": record or f"{part.model._meta.verbose_name} {key}"},
            record=record,
            remedy=_("Put it right on its own page, or by another import."),
        )
    yield from _more(len(keys))


def _referred_to(part: Part) -> Iterator[Blocker]:
    questions, values = _questions(part)
    if not questions:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT ON (key) key, label, other FROM ({' UNION ALL '.join(questions)}) found ORDER BY key",
            values,
        )
        found = [(int(key), str(label), int(other)) for key, label, other in cursor.fetchall()]
    for key, label, other in found[:TOLD]:
        model: Any = apps.get_model(label)
        yield _in_use(part.model._base_manager.get(pk=key), model._base_manager.get(pk=other))
    yield from _more(len(found))


def _questions(part: Part) -> tuple[list[str], list[Any]]:
    """One SELECT per column that may refer to the part's rows, leaving out what the import itself made."""
    questions, values = [], []
    kind = ContentType.objects.get_for_model(part.model).pk
    for model, condition, given in [*_foreign_keys(part.model), *_named_by(kind)]:
        label = model._meta.label
        own = "true"
        if label in NO_USE:
            own = NO_USE[label]
        elif issubclass(model, (TrailedModel, FactModel)):
            own = (
                f"NOT EXISTS (SELECT FROM {TABLE} o WHERE o.model = '{label}' AND o.kind IN ('+', '') AND o.key = r.id)"
            )
        key = model._meta.pk.column
        questions.append(
            f"SELECT t.key, '{label}' AS label, r.{key} AS other FROM {TABLE} t JOIN {model._meta.db_table} r"
            f" ON {condition} WHERE t.model = %s AND t.kind = '+' AND {own}"
        )
        values += [*given, part.label]
    return questions, values


def _foreign_keys(model: type[models.Model]) -> Iterator[tuple[Any, str, list[Any]]]:
    for relation in model._meta.get_fields(include_hidden=True):
        other: Any = relation.related_model
        if not relation.auto_created or relation.concrete or not isinstance(relation, models.ForeignObjectRel):
            continue
        if relation.many_to_many or record_class(other) is RecordClass.HISTORY:
            continue
        column: Any = relation.field
        yield other, f'r."{column.column}" = t.key', []


def _named_by(kind: int) -> Iterator[tuple[Any, str, list[Any]]]:
    for model in apps.get_models():
        if record_class(model) is RecordClass.HISTORY:
            continue
        for mixin, prefix in ((SubjectRefMixin, "subject"), (SourceRefMixin, "source")):
            if issubclass(model, mixin):
                yield model, f"r.{prefix}_type_id = %s AND r.{prefix}_id = t.key", [kind]


def _in_use(record: models.Model, other: models.Model) -> Blocker:
    return Blocker(
        "in_use",
        _("%(record)s is used: %(thing)s “%(other)s”.")
        % {"record": record, "thing": other._meta.verbose_name, "other": other},
        record=record,
        remedy=_("What was recorded with it keeps it. Change it on its own page, or by another import."),
    )


def _more(count: int) -> Iterator[Blocker]:
    if count > TOLD:
        yield Blocker("and_more", _("So it is with %(count)s more records.") % {"count": count - TOLD})


def _keep_booked(stage: Stage, parts: list[Part]) -> None:
    """A record that a booking names cannot go: it stays."""
    for part in parts:
        if issubclass(part.model, TrailedModel):
            continue
        for column in part.model._meta.concrete_fields:
            if isinstance(column, models.ForeignKey):
                other: Any = column.related_model
                stage.execute(
                    f"UPDATE {TABLE} t SET kind = 'kept' FROM {part.table} f JOIN {TABLE} o ON o.key = f.id"
                    f" AND o.model = '{part.label}' WHERE t.model = '{other._meta.label}' AND t.kind = '+'"
                    f' AND t.key = f."{column.column}"'
                )
