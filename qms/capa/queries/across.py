"""What shares the process of a problem: asked of every app, answered line by line."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType

from core.kernel.wiring import ask
from qms.capa.models import Capa, ReadAcross
from qms.capa.queries.records import actions_of, check_of
from qms.capa.questions import Alike, AlikeTo, MaterialsBehind


def alike_to(record: Capa) -> list[Alike]:
    """What may have the same cause elsewhere, each record once: by what the CAPA came from, counts and is bound to."""
    sources = [source for row in record.sources.select_related("source_type") if (source := row.source) is not None]
    materials = [material for source in sources for material in ask(MaterialsBehind(source))]
    check = check_of(record)
    if check is not None and check.material is not None:
        materials.append(check.material)
    bound = [to for action in actions_of(record) if action.status != "cancelled" and (to := action.bound)]
    found: dict[tuple[Any, int], Alike] = {}
    for one in ask(AlikeTo(record.site, tuple(dict.fromkeys(materials)), tuple(bound))):
        found.setdefault((type(one.record), one.record.pk), one)
    return list(found.values())


def across_of(record: Capa) -> list[ReadAcross]:
    """The lines of the present cycle, as they were named."""
    rows = record.across.filter(cycle=record.cycle).select_related("answered_by", "subject_type")
    return list(rows.order_by("pk"))


def not_named(record: Capa) -> list[Alike]:
    """What is alike and has no line in this cycle yet."""
    known = {(line.subject_type_id, line.subject_id) for line in across_of(record)}
    kinds = ContentType.objects.get_for_model
    return [one for one in alike_to(record) if (kinds(one.record).pk, one.record.pk) not in known]
