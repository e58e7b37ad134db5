"""The signatures on records, and whether each still fits what was signed (21 CFR 11.70)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q

from core.signing.models import Signature
from core.signing.queries.closures import SCHEME, Key, digests_of, kept_for_the_page


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
    """Whether the record's closure still has the digest that was signed."""
    model = ContentType.objects.get_for_id(signature.subject_type_id).model_class()
    if model is None or signature.scheme != SCHEME:
        return False
    return digests_of([model(pk=signature.subject_id)]).get((model, signature.subject_id)) == signature.digest


def manifest(record: models.Model) -> list[SignatureState]:
    """Every signature of a record with its state."""
    return manifests([record])[type(record), record.pk]


def manifests(records: Iterable[models.Model]) -> dict[Key, list[SignatureState]]:
    """Every signature of each record with its state, by (model, id), oldest first; read in one set of statements."""
    asked = {(type(record), record.pk): record for record in records}
    known = kept_for_the_page()
    if known is not None and all(key in known for key in asked):
        return {key: list(known[key]) for key in asked}
    by_kind: dict[int, dict[int, Key]] = defaultdict(dict)
    for (model, pk), record in asked.items():
        by_kind[ContentType.objects.get_for_model(record).pk][pk] = (model, pk)
    found: dict[Key, list[SignatureState]] = {key: [] for key in asked}
    if not asked:
        return found
    about = Q()
    for kind, keys in by_kind.items():
        about |= Q(subject_type=kind, subject_id__in=list(keys))
    signed: dict[Key, list[Signature]] = defaultdict(list)
    for signature in Signature.objects.filter(about).select_related("signer").order_by("id"):
        signed[by_kind[signature.subject_type_id][signature.subject_id]].append(signature)
    present = digests_of(asked[key] for key in signed)
    for key, signatures in signed.items():
        digest = present.get(key)
        found[key] = [SignatureState(s, s.scheme == SCHEME and s.digest == digest) for s in signatures]
    if known is not None:
        known.update({key: list(states) for key, states in found.items()})
    return found
