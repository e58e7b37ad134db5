"""Refusing what was entered from an old view of a record: a form or a request names the version it was made from.

A service locks and reads the row afresh, so its own save is never stale; whether the PERSON saw that row only the door
knows. The door says it with `expecting`, and the record's first write inside compares, under the service's lock.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker


@dataclass
class Expected:
    """The version of one record that somebody saw; `met` once the record was saved from it."""

    model: type[models.Model]
    pk: Any
    version: int
    remedy_url: str = ""
    met: bool = False


_expected: ContextVar[Expected | None] = ContextVar("trueline_expected", default=None)


def version_entered(text: str, *, record: Any, remedy_url: str = "") -> int:
    """The row version that a form or a header names. `Blocked` where it names none: fail closed, in words."""
    text = text.strip()
    if text.isascii() and text.isdecimal() and len(text) < 12:
        return int(text)
    raise Blocked(
        Blocker(
            "version_missing",
            _("What was sent does not say which version of %(record)s it was made from.") % {"record": record},
            record=record,
            remedy=_("Open the form anew, then enter your values again."),
            remedy_url=remedy_url,
        )
    )


@contextmanager
def expecting(record: models.Model, version: int, *, remedy_url: str = "") -> Iterator[None]:
    """Declare that the deeds inside were asked for by somebody who saw `version` of `record`.

    The record's first save or deletion inside raises `Blocked` ("stale") when the row has another version by then.
    """
    token = _expected.set(Expected(record._meta.concrete_model or type(record), record.pk, version, remedy_url))
    try:
        yield
    finally:
        _expected.reset(token)


def refuse_stale(record: Any) -> None:
    """Compare the row that is about to change with the version its door declared; called by every write, met once."""
    expected = _expected.get()
    if expected is None or expected.met or record._state.adding:
        return
    if record._meta.concrete_model is not expected.model or record.pk != expected.pk:
        return
    if record.row_version != expected.version:
        present = type(record)._base_manager.get(pk=record.pk)  # as it stands, without what was to be written
        raise Blocked(_stale(present, expected.remedy_url))
    expected.met = True


def _stale(record: Any, remedy_url: str) -> Blocker:
    last = record.history.select_related("history_user").order_by("-row_version").first()
    names = {"record": record, "person": last.history_user if last is not None else ""}
    return Blocker(
        "stale",
        _("%(record)s was changed by %(person)s while you were editing it.") % names
        if last is not None
        else _("%(record)s was changed while you were editing it.") % names,
        record=record,
        remedy=_("Look at the present values, then enter yours again."),
        remedy_url=remedy_url,
    )
