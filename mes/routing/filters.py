"""Filters of the lists."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.organization.queries import sites_of
from core.web.filters import Filters
from mes.routing.lifecycle import ROUTING_REVISION
from mes.routing.models import Routing, ScrapReason


def _sites(request: Any) -> QuerySet[Site]:
    return Site.objects.none() if request is None else sites_of(request.user, "mes_routing.view_routing")


class RoutingFilters(Filters):
    """By site and by the state of a revision that is not yet at its end."""

    site = django_filters.ModelChoiceFilter(label=_("Site"), queryset=_sites)
    state = django_filters.ChoiceFilter(
        label=_("Has a revision"),
        field_name="revisions__status",
        choices=[(state.code, state.label) for state in ROUTING_REVISION.states if not state.final],
        distinct=True,
    )

    class Meta:
        model = Routing
        fields = ("site", "state")


class ScrapReasonFilters(Filters):
    """Active or not."""

    class Meta:
        model = ScrapReason
        fields = ("is_active",)
