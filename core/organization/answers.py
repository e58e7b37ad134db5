"""What the pages ask about people and places."""

from __future__ import annotations

from collections.abc import Iterator

from core.kernel.wiring import answers
from core.organization.models import Role
from core.organization.queries import rights_of
from core.web.questions import SiteChoice, SitesOf, WhoCanGrant


@answers(SitesOf)
def sites_of_person(question: SitesOf) -> Iterator[SiteChoice]:
    """The active sites of the person's running grants, the home site first."""
    user = question.user
    sites = {right.within_site_id: right.within_site for right in rights_of(user) if right.within_site_id is not None}
    for pk, (code, name, zone, active) in sorted(
        sites.items(), key=lambda found: (found[0] != user.home_site_id, found[1][0])
    ):
        if active:
            yield SiteChoice(pk, code, name, zone)


@answers(WhoCanGrant)
def roles_with_permission(question: WhoCanGrant) -> Iterator[str]:
    """The roles that carry the permission: an administrator can grant one of them."""
    roles = Role.objects.filter(is_active=True, permissions__permission=question.permission)
    yield from (str(role.name) for role in roles.order_by("name").distinct()[:10])
