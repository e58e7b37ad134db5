"""What is made from the content of a revision: its text, for search and comparison, and its PDF."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Value
from django.utils.translation import gettext_lazy as _

from core.kernel.records import OperationalModel
from qms.documents.models.documents import DocumentRevision

INDEXED = 200_000
"""Characters of a text that are searched; PostgreSQL keeps no larger index of one text."""


class TextIndex(models.Field):  # type: ignore[type-arg]
    """A column of PostgreSQL's type tsvector."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"


def _words(configuration: str, text: Any, weight: str) -> Func:
    vector = Func(Value(configuration), text, function="to_tsvector", template="%(function)s(%(expressions)s)")
    return Func(vector, Value(weight), function="setweight", output_field=TextIndex())


class _Joined(Func):
    function = ""
    template = "(%(expressions)s)"
    arg_joiner = " || "


class Rendition(OperationalModel):
    """The text of a revision's content and the PDF made from it; `source` is the digest of what they were made from.

    The index is a column that PostgreSQL computes: words as they stand, and by their English stems.
    """

    operational_reason = "made from the signed content of the revision, and made again whenever it is missing"

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")

    revision = models.OneToOneField(
        DocumentRevision, on_delete=models.DO_NOTHING, db_constraint=False, related_name="rendition"
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    problem = models.TextField(blank=True)
    source = models.CharField(max_length=64, blank=True)
    heading = models.TextField(blank=True)
    text = models.TextField(blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(default=0)
    index = models.GeneratedField(
        expression=_Joined(
            _words("simple", F("heading"), "A"),
            _words("simple", F("text"), "B"),
            _words("english", F("heading"), "C"),
            _words("english", F("text"), "D"),
            output_field=TextIndex(),
        ),
        output_field=TextIndex(),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("rendition")
        verbose_name_plural = _("renditions")
        indexes = (GinIndex(fields=["index"], name="ix_rendition_index"),)

    def __str__(self) -> str:
        return f"{self.revision}"
