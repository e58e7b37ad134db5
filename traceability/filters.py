"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from core.web.filters import Filters
from traceability.models import (
    Container,
    Containment,
    Hold,
    LabelTemplate,
    Lot,
    Material,
    Recall,
    RecallLine,
    SerializedUnit,
    StockCount,
    StorageLocation,
)
from traceability.queries.recalls import is_open


class MaterialFilters(Filters):
    """By kind, tracking, whether in use."""

    class Meta:
        model = Material
        fields = ("kind", "tracking", "is_active")


class LotFilters(Filters):
    """By state, site, exact number, expiry and whether on hold."""

    expires_on = django_filters.DateFromToRangeFilter(label=_("Usable until"))
    is_held = django_filters.BooleanFilter(label=_("On hold"), field_name="is_held")
    material = django_filters.CharFilter(label=_("Material number"), field_name="material__number")

    class Meta:
        model = Lot
        fields = ("status", "site", "number")


class SerializedUnitFilters(Filters):
    """By state, site, exact serial number and lot."""

    lot = django_filters.CharFilter(label=_("Lot"), field_name="lot__number")
    material = django_filters.CharFilter(label=_("Material number"), field_name="material__number")

    class Meta:
        model = SerializedUnit
        fields = ("status", "site", "serial")


class StorageLocationFilters(Filters):
    """By kind, site and whether in use."""

    class Meta:
        model = StorageLocation
        fields = ("kind", "site", "is_active")


class HoldFilters(Filters):
    """By state, site, and the lot's number or the unit's serial number."""

    on = django_filters.CharFilter(label=_("Lot or serial number"), method="filter_on")
    containment = django_filters.CharFilter(label=_("Containment"), method="filter_containment")

    class Meta:
        model = Hold
        fields = ("status", "site")

    def filter_on(self, holds: QuerySet[Hold], name: str, value: Any) -> QuerySet[Hold]:
        """Holds on exactly this number."""
        return holds.filter(lot__number=value) | holds.filter(unit__serial=value)

    def filter_containment(self, holds: QuerySet[Hold], name: str, value: Any) -> QuerySet[Hold]:
        """Holds that the containment with this number placed."""
        kind = ContentType.objects.get_for_model(Containment)
        return holds.filter(source_type=kind, source_id__in=Containment.objects.filter(number=value).values("pk"))


class ContainmentFilters(Filters):
    """By state, scope and site."""

    class Meta:
        model = Containment
        fields = ("status", "kind", "site")


class ContainerFilters(Filters):
    """By state, kind and site."""

    class Meta:
        model = Container
        fields = ("status", "kind", "site")


class StockCountFilters(Filters):
    """By state and site."""

    class Meta:
        model = StockCount
        fields = ("status", "site")


class RecallFilters(Filters):
    """By kind, state and site."""

    class Meta:
        model = Recall
        fields = ("kind", "status", "site")


class RecallLineFilters(Filters):
    """Of one recall: by where it is, whether it waits for a decision, customer and what was decided."""

    recall = django_filters.NumberFilter(
        label=_("Recall"), field_name="recall", widget=HiddenInput, min_value=1, max_digits=18, decimal_places=0
    )
    is_open = django_filters.BooleanFilter(label=_("Not decided"), method="filter_open")
    customer = django_filters.CharFilter(label=_("Customer's code"), field_name="customer__code")

    class Meta:
        model = RecallLine
        fields = ("where", "trouble")

    def filter_open(self, lines: QuerySet[RecallLine], name: str, value: bool) -> QuerySet[RecallLine]:
        """What waits for a decision, or everything else."""
        return lines.filter(is_open()) if value else lines.exclude(is_open())


class LabelTemplateFilters(Filters):
    """By what it is for and state."""

    class Meta:
        model = LabelTemplate
        fields = ("kind", "status")
