"""The closure of a record, its digest, and whether a signature still fits it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from core.kernel.closure import Closure
from core.kernel.wiring import ask, label_of
from core.signing.models import Signature
from core.signing.questions import AttachmentDigests, ClosureExtension

SCHEME = "trueline-closure-1"


def _plain(value: Any) -> Any:
    """A value as JSON, the same for the same database content on every machine."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, (dt.date, dt.time, uuid.UUID)):
        return str(value)
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value


def canonical_json(content: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def digest_of_content(content: Any) -> str:
    """SHA-256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


def _declared(model: type[models.Model]) -> Closure:
    closure: Closure | None = getattr(model, "closure", None)
    if closure is None:
        raise LookupError(f"{model._meta.label} declares no closure and cannot be signed")
    return closure


def _contents(model: type[models.Model], parent_field: str, keys: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Closure contents of the rows whose `parent_field` is in keys, grouped by it; one query a table and level."""
    closure = _declared(model)
    columns = [model._meta.get_field(name).attname for name in closure.covers]  # type: ignore[union-attr]
    rows = list(
        model._base_manager.filter(**{f"{parent_field}__in": keys})
        .order_by("pk")
        .values_list("pk", parent_field, *columns)
    )
    ids = [row[0] for row in rows]
    children: dict[str, dict[int, list[dict[str, Any]]]] = {}
    for accessor in closure.children if ids else ():
        relation: Any = model._meta.get_field(accessor)
        children[accessor] = _contents(relation.related_model, relation.field.attname, ids)
    grouped: dict[int, list[dict[str, Any]]] = {}
    for pk, parent, *values in rows:
        content: dict[str, Any] = {"id": pk}
        content.update(zip(closure.covers, (_plain(value) for value in values), strict=True))
        content.update({accessor: found.get(pk, []) for accessor, found in children.items()})
        if closure.attachments:
            content["attachments"] = _attachments(model, pk)
        grouped.setdefault(parent, []).append(content)
    return grouped


def _attachments(model: type[models.Model], pk: int) -> list[str]:
    return sorted(ask(AttachmentDigests(record_label=label_of(model), record_id=pk)))


def closure_of(record: models.Model) -> dict[str, Any]:
    """What a signature on the record covers, read from the database: its fields, child rows, attached files.

    Raises `LookupError` when the model declares no closure or the row is gone.
    """
    model = type(record)
    found = _contents(model, "pk", [record.pk])
    if record.pk not in found:
        raise LookupError(f"{model._meta.label} {record.pk} is not in the database")
    label = label_of(model)
    return {
        "scheme": SCHEME,
        "record": label,
        "content": found[record.pk][0],
        "further": dict(sorted(ask(ClosureExtension(record_label=label, record_id=record.pk)))),
    }


def digest_of(record: models.Model) -> str:
    """SHA-256 of the record's closure, in hex."""
    return digest_of_content(closure_of(record))


def signatures_of(record: models.Model) -> list[Signature]:
    """All signatures on a record, oldest first."""
    kind = ContentType.objects.get_for_model(record)
    return list(
        Signature.objects.filter(subject_type=kind, subject_id=record.pk).select_related("signer").order_by("id")
    )


@dataclass(frozen=True)
class SignatureState:
    """A signature and whether the record still is what was signed."""

    signature: Signature
    intact: bool


def is_intact(signature: Signature) -> bool:
    """Whether the record's closure still has the digest that was signed (21 CFR 11.70)."""
    record = signature.subject
    if record is None:
        return False
    return signature.scheme == SCHEME and digest_of(record) == signature.digest


def manifest(record: models.Model) -> list[SignatureState]:
    """Every signature of a record with its state; the closure is computed once."""
    signatures = signatures_of(record)
    if not signatures:
        return []
    present = digest_of(record)
    return [SignatureState(s, s.scheme == SCHEME and s.digest == present) for s in signatures]


def broken(signatures: Iterable[Signature]) -> list[Signature]:
    """The signatures that no longer fit their record."""
    return [signature for signature in signatures if not is_intact(signature)]
