"""Fixtures of the quality storey."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

DOCUMENT_RIGHTS = (
    "qms_documents.view_document",
    "qms_documents.view_documentrevision",
    "qms_documents.add_document",
    "qms_documents.change_documentrevision",
    "qms_documents.submit_documentrevision",
    "qms_documents.approve_documentrevision",
    "qms_documents.make_effective_documentrevision",
    "qms_documents.make_obsolete_documentrevision",
    "qms_documents.review_documentrevision",
    "qms_documents.view_documenttype",
    "qms_documents.change_documenttype",
    "qms_documents.view_periodicreview",
    "qms_documents.decide_periodicreview",
    "qms_documents.view_controlledcopy",
    "qms_documents.issue_controlledcopy",
    "qms_documents.reconcile_controlledcopy",
    "qms_documents.view_filledform",
    "qms_documents.fill_filledform",
    "qms_documents.verify_filledform",
    "qms_documents.view_externaldocument",
    "qms_documents.change_externaldocument",
    "qms_documents.change_reader",
    "qms_documents.view_legalhold",
    "qms_documents.change_legalhold",
)
"""Every right over documents; segregation of duties must hold even among people who have them all."""


@pytest.fixture
def time_machine_at() -> Iterator[Callable[[dt.datetime], None]]:
    """Move the program's clock to a moment; PostgreSQL keeps its own."""
    traveller: Any = None

    def go(moment: dt.datetime) -> None:
        nonlocal traveller
        if traveller is not None:
            traveller.stop()
        traveller = time_machine.travel(moment, tick=True)
        traveller.start()

    yield go
    if traveller is not None:
        traveller.stop()
