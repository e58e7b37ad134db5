"""Filters of the lists of sealed records and prints."""

from __future__ import annotations

from typing import Any, ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from core.printing.models import PrintedRecord, PrintJob
from core.web.filters import Filters


class PrintedRecordFilters(Filters):
    """By kind and site."""

    kind = django_filters.ChoiceFilter(label=_("Kind"))

    class Meta:
        model = PrintedRecord
        fields: ClassVar[tuple[str, ...]] = ("kind", "site")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = self.queryset.order_by("kind").values_list("kind", "kind_label").distinct()
        self.filters["site"].label = _("Site")
        self.filters["kind"].extra["choices"] = lambda: list(kinds)


class PrintJobFilters(Filters):
    """By state, printer and site."""

    class Meta:
        model = PrintJob
        fields: ClassVar[tuple[str, ...]] = ("status", "printer", "site")
