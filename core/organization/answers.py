"""What the pages ask about people and places."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q

from core.kernel.clock import now
from core.kernel.wiring import answers
from core.organization.models import Grant, Role, Site
from core.web.questions import SiteChoice, SitesOf, WhoCanGrant


@answers(SitesOf)
def sites_of_person(question: SitesOf) -> Iterator[SiteChoice]:
    """The active sites of the person's running grants, the home site first."""
    user = question.user
    moment = now()
    grants = Grant.objects.filter(Q(ends__isnull=True) | Q(ends__gt=moment), user_id=user.pk, starts__lte=moment)
    sites = Site.objects.filter(
        Q(pk__in=grants.values("site"))
        | Q(areas__in=grants.values("area"))
        | Q(areas__work_centers__in=grants.values("work_center")),
        is_active=True,
    ).distinct()
    for site in sorted(sites, key=lambda found: (found.pk != user.home_site_id, found.code)):
        yield SiteChoice(site.pk, site.code, site.name, site.time_zone)


@answers(WhoCanGrant)
def roles_with_permission(question: WhoCanGrant) -> Iterator[str]:
    """The roles that carry the permission: an administrator can grant one of them."""
    roles = Role.objects.filter(is_active=True, permissions__permission=question.permission)
    yield from (str(role.name) for role in roles.order_by("name").distinct()[:10])
