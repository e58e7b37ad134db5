"""Who may do what where, and which people and places exist."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from core.kernel.clock import now
from core.kernel.records import GLOBAL
from core.kernel.statements import compiled
from core.organization.models import Area, Grant, Site, User, WorkCenter

M = TypeVar("M", bound=models.Model)
Place = Site | Area | WorkCenter


@dataclass(frozen=True)
class Right:
    """One permission that a role gives at one place, with the ids of the places above it."""

    role: str
    permission: str | None
    site_id: int | None
    area_id: int | None
    work_center_id: int | None
    within_site_id: int | None
    within_site: tuple[str, str, str, bool]
    """Code, name, time zone of the site, and whether it is active."""
    requires_second_factor: bool = False

    def covers(self, place: Place) -> bool:
        """Whether the right holds at the place: there, or at a place above it."""
        if isinstance(place, WorkCenter):
            return place.pk == self.work_center_id or self.covers(place.area)
        if isinstance(place, Area):
            return place.pk == self.area_id or place.site_id == self.site_id
        return place.pk == self.site_id


OF_RIGHT = (
    "role__code",
    "role__permissions__permission",
    "role__requires_second_factor",
    "site_id",
    "area_id",
    "work_center_id",
)
OF_SITE = ("id", "code", "name", "time_zone", "is_active", "requires_second_factor")
_read_once: ContextVar[dict[int, list[Right]] | None] = ContextVar("trueline_rights", default=None)


@contextmanager
def rights_read_once() -> Iterator[None]:
    """Inside, each person's rights are read once, in one query. For pages that show; what decides asks afresh."""
    token = _read_once.set({})
    try:
        yield
    finally:
        _read_once.reset(token)


_narrowed: ContextVar[tuple[int, frozenset[str]] | None] = ContextVar("trueline_narrowed", default=None)


@contextmanager
def narrowed_to(user: Any, permissions: Iterable[str]) -> Iterator[None]:
    """Inside, this person holds no permission but these: what an API token gives is less than its owner has."""
    token = _narrowed.set((user.pk, frozenset(permissions)))
    try:
        yield
    finally:
        _narrowed.reset(token)


def _within(user: Any, permission: str | None) -> bool:
    """Whether the present token, if it is this person's, names the permission."""
    narrow = _narrowed.get()
    return narrow is None or narrow[0] != user.pk or permission in narrow[1]


@compiled
def _granted(user: int, moment: dt.datetime) -> models.QuerySet[Grant, tuple[Any, ...]]:
    return Grant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=moment),
        user_id=user,
        user__is_active=True,
        starts__lte=moment,
        role__is_active=True,
    ).values_list(
        *OF_RIGHT,
        *(Coalesce(f"site__{name}", f"area__site__{name}", f"work_center__area__site__{name}") for name in OF_SITE),
    )


def _read_rights(user: Any) -> list[Right]:
    rows = [] if user.pk is None else _granted(user.pk, now())
    return [
        Right(role, permission, site, area, work_center, within, (code, name, zone, active), by_role or by_site)
        for role, permission, by_role, site, area, work_center, within, code, name, zone, active, by_site in rows
        if _within(user, permission)
    ]


def rights_of(user: Any) -> list[Right]:
    """Every permission of a person with its role and place; one query, none where the rights are read once."""
    known = _known_rights(user)
    return _read_rights(user) if known is None else known


def known_rights(user: Any) -> tuple[Any, ...] | None:
    """What a query about what a person may see is made from; None outside `rights_read_once`, where it asks itself."""
    known = _known_rights(user)
    return None if known is None else (user.pk, user.is_system, user.is_active, *known)


def _known_rights(user: Any) -> list[Right] | None:
    """The person's rights inside `rights_read_once`, or None outside."""
    known = _read_once.get()
    if known is None:
        return None
    if user.pk not in known:
        known[user.pk] = _read_rights(user)
    return known[user.pk]


def _valid_grants(user: Any, permission: str) -> models.QuerySet[Grant]:
    if not _within(user, permission):
        return Grant.objects.none()
    return _running().filter(
        user_id=user.pk,
        user__is_active=True,
        starts__lte=now(),
        role__is_active=True,
        role__permissions__permission=permission,
    )


def reach_of(record: Any) -> Place | User | None:
    """What decides who may reach a record: its place, the person it is about, or None when it is global."""
    if isinstance(record, (Site, Area, WorkCenter, User)):
        return record
    if isinstance(record, Grant):
        return record.place
    path: str = type(record).scope_path
    if path == GLOBAL:
        return None
    found: Any = record
    for step in path.split("__"):
        found = getattr(found, step)
        if found is None:
            return None
    return reach_of(found)


def place_of(record: Any) -> Place | None:
    """The site, area or work center that a record belongs to, or None when it is global or about a person."""
    found = reach_of(record)
    return None if isinstance(found, User) else found


def _covering(place: Place) -> Q:
    """Grants that cover a place: its own, and those of the places above it."""
    if isinstance(place, Site):
        return Q(site=place)
    if isinstance(place, Area):
        return Q(area=place) | Q(site__areas=place)
    return Q(work_center=place) | Q(area__work_centers=place) | Q(site__areas__work_centers=place)


def may(user: Any, permission: str, scope: Any = None) -> bool:
    """Whether the user holds the permission at the scope: a record, a place, or None for anywhere.

    A person, and what is about a person, is in reach at every site the person belongs to.
    """
    if user is None or not getattr(user, "is_active", False) or user.pk is None:
        return False
    if getattr(user, "is_system", False):
        return True
    place = None if scope is None else reach_of(scope)
    if isinstance(place, User):
        return people_in_reach(User.objects.filter(pk=place.pk), user, permission).exists()
    known = _known_rights(user)
    if known is not None:
        return any(right.permission == permission and (place is None or right.covers(place)) for right in known)
    grants = _valid_grants(user, permission)
    if place is not None:
        grants = grants.filter(_covering(place))
    return grants.exists()


def _place_kind(model: type[models.Model], path: str) -> type[models.Model]:
    target: type[models.Model] = model
    if path == "self":
        return target
    for step in path.split("__"):
        related = target._meta.get_field(step).related_model
        if not isinstance(related, type):
            raise FieldDoesNotExist(f"{model.__name__}.scope_path: {step} is no relation")
        target = related
    return target


def full_scope_path(model: type[models.Model]) -> tuple[str, type[models.Model]]:
    """ORM path from a model to its Site, Area, WorkCenter or User, and which of them it is."""
    path: str = model.scope_path  # type: ignore[attr-defined]
    if path == GLOBAL:
        raise LookupError(f"{model.__name__} is global")
    kind = _place_kind(model, path)
    while kind not in (Site, Area, WorkCenter, User):
        further: str = kind.scope_path  # type: ignore[attr-defined]
        path, kind = f"{path}__{further}", _place_kind(kind, further)
    return path, kind


@dataclass(frozen=True)
class Held:
    """Where a person holds a permission: whole sites, whole areas, single work centers (keys)."""

    sites: frozenset[int]
    areas: frozenset[int]
    work_centers: frozenset[int]

    def __bool__(self) -> bool:
        return bool(self.sites or self.areas or self.work_centers)

    def covers(self, path: str, kind: type[models.Model], own: str = "pk") -> Q:
        """Rows whose place, of this kind at the end of the path ("" is the row itself), is there or below.

        `own` is the column by which a row that is itself the place is known; in its history that is not the key.
        """
        above: dict[type[models.Model], tuple[tuple[str, frozenset[int]], ...]] = {
            Site: (("", self.sites),),
            Area: (("", self.areas), ("site", self.sites)),
            WorkCenter: (("", self.work_centers), ("area", self.areas), ("area__site", self.sites)),
        }
        found = Q(pk__in=[])
        for step, keys in above[kind]:
            if keys:
                found |= Q(**{f"{'__'.join(filter(None, (path, step))) or own}__in": keys})
        return found

    def covers_grant(self) -> Q:
        """Grants at places that are there or below."""
        return self.covers("site", Site) | self.covers("area", Area) | self.covers("work_center", WorkCenter)


def held_at(user: Any, permission: str) -> Held:
    """The places at which a person holds a permission; one query, none where the rights are read once."""
    known = _known_rights(user)
    if known is not None:
        rows = [(r.site_id, r.area_id, r.work_center_id) for r in known if r.permission == permission]
    else:
        rows = list(_valid_grants(user, permission).values_list("site_id", "area_id", "work_center_id"))
    sites, areas, centers = ({row[level] for row in rows} for level in range(3))
    return Held(_keys(sites), _keys(areas), _keys(centers))


def _keys(found: set[int | None]) -> frozenset[int]:
    return frozenset(key for key in found if key is not None)


def sites_of(user: Any, permission: str) -> models.QuerySet[Site]:
    """The sites at which the user holds the permission: at the site itself, a right at an area of it is not enough."""
    if getattr(user, "is_system", False):
        return Site.objects.all()
    if _known_rights(user) is not None:
        return Site.objects.filter(pk__in=held_at(user, permission).sites)
    return Site.objects.filter(pk__in=_valid_grants(user, permission).values("site"))


def _at(sites: models.QuerySet[Site]) -> Q:
    """Grants somewhere within the sites."""
    return Q(site__in=sites) | Q(area__site__in=sites) | Q(work_center__area__site__in=sites)


def _running() -> models.QuerySet[Grant]:
    """Grants that have not ended."""
    return Grant.objects.filter(Q(ends__isnull=True) | Q(ends__gt=now()))


def people_at(sites: models.QuerySet[Site] | list[Site]) -> models.QuerySet[User]:
    """Active people who hold a grant now in one of the sites: whom work there can be given to."""
    wanted = Site.objects.filter(pk__in=[site.pk for site in sites]) if isinstance(sites, list) else sites
    held = _running().filter(_at(wanted), user=OuterRef("pk"), starts__lte=now())
    return User.objects.filter(Exists(held), is_active=True, is_system=False).order_by("full_name", "pk")


def people_seeing(permission: str, site: Site | None) -> models.QuerySet[User]:
    """Active people who hold the permission somewhere within the site, or anywhere without one."""
    held = _running().filter(
        user=OuterRef("pk"), starts__lte=now(), role__is_active=True, role__permissions__permission=permission
    )
    if site is not None:
        held = held.filter(_at(Site.objects.filter(pk=site.pk)))
    return User.objects.filter(Exists(held), is_active=True, is_system=False)


def people_who_may(permissions: Iterable[str], place: Place | None) -> models.QuerySet[User]:
    """Active people who hold each of the permissions at the place, or anywhere without one: for whom `may` holds."""
    people = User.objects.filter(is_active=True, is_system=False).order_by("full_name", "pk")
    held = _running().filter(user=OuterRef("pk"), starts__lte=now(), role__is_active=True)
    if place is not None:
        held = held.filter(_covering(place))
    for permission in permissions:
        people = people.filter(Exists(held.filter(role__permissions__permission=permission)))
    return people


def people_in_reach(people: models.QuerySet[User], user: Any, permission: str) -> models.QuerySet[User]:
    """Those whom the permission reaches: people of the places where the user holds it, and people of no site yet.

    A person belongs to their home site and to every place at which a grant of theirs has not ended. Whoever holds the
    permission below a site only reaches those who have a grant there.
    """
    if getattr(user, "is_system", False):
        return people
    held = held_at(user, permission)
    theirs = _running().filter(user=OuterRef("pk"))
    reached: Any = Q(home_site__in=held.sites) | Exists(theirs.filter(held.covers_grant()))
    if held.sites:
        reached = reached | (Q(home_site__isnull=True) & ~Exists(theirs))
    return people.filter(reached)


def sites_of_person(person: User) -> models.QuerySet[Site]:
    """The sites a person belongs to: the home site, and every site in which a grant of theirs has not ended."""
    theirs = _running().filter(user=person)
    return Site.objects.filter(
        Q(pk=person.home_site_id)
        | Q(pk__in=theirs.values("site"))
        | Q(areas__in=theirs.values("area"))
        | Q(areas__work_centers__in=theirs.values("work_center"))
    ).distinct()


def scoped(queryset: models.QuerySet[M], user: Any, permission: str) -> models.QuerySet[M]:
    """Only the rows for which `may` holds: those at a place where the user holds the permission, or below it.

    What belongs to a whole site takes the permission at the site. Everything of a global model, and what has no place,
    if it is held anywhere. People, and what is about them, by the places they belong to.
    """
    if user is None or not getattr(user, "is_active", False):
        return queryset.none()
    if getattr(user, "is_system", False):
        return queryset
    model = queryset.model
    if model.scope_path == GLOBAL:  # type: ignore[attr-defined]
        return queryset if may(user, permission) else queryset.none()
    if model is Grant:
        return queryset.filter(held_at(user, permission).covers_grant())
    path, kind = full_scope_path(model)
    if kind is User:
        people = people_in_reach(User.objects.all(), user, permission).values("pk")
        return queryset.filter(**{"pk__in" if path == "self" else f"{path}__in": people})
    held = held_at(user, permission)
    if not held:
        return queryset.none()
    if path == "self":
        return queryset.filter(held.covers("", kind))
    return queryset.filter(held.covers(path, kind) | Q(**{f"{path}__isnull": True}))


@compiled
def _permissions(user: int, moment: dt.datetime) -> models.QuerySet[Grant, tuple[Any, ...]]:
    return Grant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=moment), user_id=user, starts__lte=moment, role__is_active=True
    ).values_list("role__permissions__permission")


def permissions_of(user: Any) -> frozenset[str]:
    """Every permission that the user holds at any place now (for navigation)."""
    if user is None or not getattr(user, "is_active", False) or user.pk is None:
        return frozenset()
    known = _known_rights(user)
    if known is not None:
        return frozenset(right.permission for right in known if right.permission is not None)
    held = _permissions(user.pk, now())
    return frozenset(permission for (permission,) in held if _within(user, permission))


def person_of_badge(code: str) -> User | None:
    """The active person whose badge says this; nobody for an empty code."""
    return User.objects.filter(badge=code, is_active=True, is_system=False).exclude(badge="").first()


def holders_of(role_code: str, site: Site | None) -> models.QuerySet[User]:
    """Active people who hold a role now at the site (anywhere within it), or anywhere without a site."""
    grants = _running().filter(role__code=role_code, role__is_active=True, starts__lte=now())
    if site is not None:
        grants = grants.filter(_at(Site.objects.filter(pk=site.pk)))
    return User.objects.filter(pk__in=grants.values("user"), is_active=True, is_system=False)
