"""Filters of the list of sealed records."""

from __future__ import annotations

from typing import ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from core.printing.models import PrintedRecord
from core.web.filters import Filters


class PrintedRecordFilters(Filters):
    """By kind and site."""

    kind = django_filters.AllValuesFilter(label=_("Kind"))

    class Meta:
        model = PrintedRecord
        fields: ClassVar[tuple[str, ...]] = ("kind", "site")
