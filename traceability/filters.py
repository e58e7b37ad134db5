"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.web.filters import Filters
from traceability.models import Hold, Lot, Material, SerializedUnit, StorageLocation


class MaterialFilters(Filters):
    """By kind, tracking, whether in use."""

    class Meta:
        model = Material
        fields = ("kind", "tracking", "is_active")


class LotFilters(Filters):
    """By state, site, expiry and whether on hold."""

    expires_on = django_filters.DateFromToRangeFilter(label=_("Usable until"))
    is_held = django_filters.BooleanFilter(label=_("On hold"), field_name="is_held")
    material = django_filters.CharFilter(label=_("Material number"), field_name="material__number")

    class Meta:
        model = Lot
        fields = ("status", "site")


class SerializedUnitFilters(Filters):
    """By state, site and lot."""

    lot = django_filters.CharFilter(label=_("Lot"), field_name="lot__number")
    material = django_filters.CharFilter(label=_("Material number"), field_name="material__number")

    class Meta:
        model = SerializedUnit
        fields = ("status", "site")


class StorageLocationFilters(Filters):
    """By kind, site and whether in use."""

    class Meta:
        model = StorageLocation
        fields = ("kind", "site", "is_active")


class HoldFilters(Filters):
    """By state, site, and the lot's number or the unit's serial number."""

    on = django_filters.CharFilter(label=_("Lot or serial number"), method="filter_on")

    class Meta:
        model = Hold
        fields = ("status", "site")

    def filter_on(self, holds: QuerySet[Hold], name: str, value: Any) -> QuerySet[Hold]:
        """Holds on exactly this number."""
        return holds.filter(lot__number=value) | holds.filter(unit__serial=value)
