"""Lists' filters kept under a name."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from core.organization.services import require
from core.worklist.models import SavedFilter


@service
def save_filter(
    *,
    name: str,
    page: str,
    query: str,
    actor: Any,
    site: Site | None = None,
    to_role: str = "",
    is_default: bool = False,
) -> SavedFilter:
    """Keep a list's filters under a name: for oneself, or for a site, or for the holders of a role there.

    A new default takes the place of the earlier one for the same people. Raises `Blocked` without the right to share.
    """
    if site is not None:
        require(actor, "core_worklist.share_savedfilter", site)
    elif to_role:
        raise Blocked(
            Blocker(
                "savedfilter_site",
                _("A role is held at a site."),
                remedy=_("Choose the site at which the role shall have it."),
            )
        )
    if is_default:
        whose = Q(site=site, to_role=to_role) if site is not None else Q(site__isnull=True, owner=actor)
        for earlier in SavedFilter.objects.select_for_update().filter(
            whose, page=page, is_default=True, is_active=True
        ):
            earlier.is_default = False
            earlier.save()
    saved = SavedFilter(
        name=name.strip(), page=page, query=query, owner=actor, site=site, to_role=to_role, is_default=is_default
    )
    saved.save()
    return saved


@service
def remove_filter(*, saved_filter: SavedFilter, actor: Any) -> SavedFilter:
    """Take a saved filter off the list: one's own, or a shared one with the right to share."""
    if saved_filter.site is not None:
        require(actor, "core_worklist.share_savedfilter", saved_filter.site)
    elif saved_filter.owner_id != actor.pk:
        raise Blocked(Blocker("savedfilter_owner", _("This filter belongs to somebody else."), record=saved_filter))
    locked = SavedFilter.objects.select_for_update().get(pk=saved_filter.pk)
    locked.is_active = False
    locked.save()
    return locked
