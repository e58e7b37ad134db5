"""What the pages ask about people and places."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.kernel.wiring import answers
from core.organization.models import Grant, Role, Terminal, WorkCenter
from core.organization.queries import held_at, rights_of, scoped
from core.web.questions import FirstStep, FirstStepsOf, SiteChoice, SitesOf, WhoCanGrant

FIRST_TWO = ("admin", "quality_head")
"""Roles of the people whom the first run makes."""
PEOPLE, PLACES, ENROL = (
    "core_organization.change_user",
    "core_organization.change_site",
    "core_organization.enrol_terminal",
)


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


@answers(FirstStepsOf)
def people_and_places_of_a_new_plant(question: FirstStepsOf) -> Iterator[FirstStep]:
    """People with other roles than the first two have, work centers, and a device of the floor."""
    user = question.user
    sites = held_at(user, PLACES).sites
    others = Grant.objects.exclude(ends__lte=now()).exclude(role__template__in=FIRST_TWO)
    yield FirstStep(
        order=10,
        title=_("People and their roles"),
        text=_("Add planners, process engineers, leads, operators and quality engineers, and give each a role."),
        url=reverse("core_organization:user_list"),
        permission=PEOPLE,
        done=scoped(others, user, PEOPLE),
    )
    yield FirstStep(
        order=20,
        title=_("Areas and work centers"),
        text=_("Say where operations run: add areas, and work centers to them, on the page of the site."),
        url=reverse("core_organization:site_detail", args=[*sites])
        if len(sites) == 1
        else reverse("core_organization:site_list"),
        permission=PLACES,
        done=scoped(WorkCenter.objects.all(), user, PLACES),
    )
    yield FirstStep(
        order=50,
        title=_("A terminal"),
        text=_("Add one at a work center, then open its page on the device of the floor and enrol it there."),
        url=reverse("core_organization:terminal_list"),
        permission=ENROL,
        done=scoped(Terminal.objects.filter(is_active=True, enrolled_at__isnull=False), user, ENROL),
    )
