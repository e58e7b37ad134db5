"""Addresses that several pages of routings lead to."""

from __future__ import annotations

from django.urls import NoReverseMatch, reverse

from mes.routing.models import RoutingRevision


def address(name: str, pk: int, *more: object) -> str:
    """The address of a page or deed of this app."""
    return reverse(f"mes_routing:{name}", args=[pk, *more])


def sandbox_address(revision: RoutingRevision) -> str:
    """Where execution lets one try the revision as an operator; empty when that app is not installed."""
    try:
        return reverse("mes_execution:sandbox_create", args=[revision.pk])
    except NoReverseMatch:
        return ""
