"""What must hold after every fault, whatever was struck."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connection

from core.files import blobs
from core.files.models import Attachment
from core.jobs.models import BackgroundJob
from core.kernel.records import TrailedModel
from core.lifecycle.models import Transition
from core.organization.models import ApiAnswer
from core.printing.models import PrintedRecord
from core.trail.queries.verifying import verify_trail
from mes.execution.models import ProductionOrder
from mes.execution.queries import counters
from traceability.queries import on_hand


def nothing_half_done() -> None:
    """Every claimed key has its answer, every version its history, every status its move, every file its bytes."""
    assert not ApiAnswer.objects.filter(status=0).exists(), "a key was claimed by a deed that is not there"
    for model in apps.get_models():
        if issubclass(model, TrailedModel):
            _versions_have_history(model)
            if model.lifecycle is not None:
                _statuses_have_transitions(model)
    _counters_are_facts()
    for sha256 in _stored():
        with blobs.open_checked(sha256):
            pass
    assert verify_trail().problems == []


def all_work_is_done() -> bool:
    """Whether no job waits or runs."""
    return not BackgroundJob.objects.filter(status__in=("queued", "running")).exists()


def _versions_have_history(model: Any) -> None:
    history = model.history.model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT t.id, t.row_version, count(h.id) FROM "{model._meta.db_table}" t'
            f' LEFT JOIN "{history}" h ON h.id = t.id GROUP BY t.id, t.row_version HAVING count(h.id) <> t.row_version'
        )
        assert cursor.fetchall() == [], f"{model._meta.label}: versions and history differ"


def _statuses_have_transitions(model: Any) -> None:
    label, name = model._meta.app_label, model._meta.model_name
    moves = Transition.objects.filter(subject_type__app_label=label, subject_type__model=name).order_by("id")
    last = dict(moves.values_list("subject_id", "to_status"))
    assert dict(model._base_manager.values_list("pk", "status")) == last, f"{model._meta.label}: status and transition"


def _counters_are_facts() -> None:
    """What an order's last operation counts is what lies in its lot: nothing of it was used elsewhere here."""
    for order in ProductionOrder.objects.filter(lot__isnull=False).select_related("lot"):
        last = order.operations.select_related("order").order_by("-sequence")[0]
        assert order.lot is not None
        units = order.lot.units.count()
        assert counters(last).good == on_hand(order.lot) == units, f"{order.number}: counters, stock and units differ"


def _stored() -> set[str]:
    found = set(Attachment.objects.values_list("sha256", flat=True))
    found |= set(PrintedRecord.objects.values_list("sha256", flat=True))
    return found | set(BackgroundJob.objects.exclude(result_sha256="").values_list("result_sha256", flat=True))
