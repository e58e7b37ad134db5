"""Reading the worklist: what waits for a person, and what was said about a record."""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, F, Model, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from core.files.queries import may_see_record
from core.kernel.clock import now
from core.kernel.permissions import catalogue, view_permission
from core.kernel.records import GLOBAL, SubjectRefMixin
from core.organization.models import Area, Grant, Role, User, WorkCenter
from core.organization.queries import (
    full_scope_path,
    holders_of,
    may,
    people_seeing,
    people_who_may,
    rights_of,
    scoped,
)
from core.worklist.models import Assignment, Comment, Notification, SavedFilter, Watch

GIVES_OUT = "core_worklist.reassign_assignment"
"""Who decides where work goes; it is asked of them when it fits nobody, and they may not have to do it themselves."""
SITE_COLUMNS = ("site_id", "area__site_id", "work_center__area__site_id")


@dataclass
class Rights:
    """What a person's present grants give where: site ids by role code, by right, and by model that they may see.

    A role counts within the site, a right only where it is held at the site itself: who holds it for an area may not do
    what is asked of the site.
    """

    roles: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    permissions: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    models: dict[type[models.Model], set[int]] = field(default_factory=lambda: defaultdict(set))
    below: set[type[Model]] = field(default_factory=set)
    """Kinds that the person may see at some areas or work centers only."""


@functools.cache
def _models_by_permission() -> dict[str, list[type[models.Model]]]:
    found: dict[str, list[type[models.Model]]] = defaultdict(list)
    for model in apps.get_models():
        found[view_permission(model)].append(model)
    return dict(found)


def _rights_of(user: Any) -> Rights:
    """Roles and rights to see, by site."""
    rights = Rights()
    for right in rights_of(user):
        rights.roles[right.role] |= set() if right.within_site_id is None else {right.within_site_id}
        if right.permission is not None:
            rights.permissions[right.permission] |= set() if right.site_id is None else {right.site_id}
        for model in _models_by_permission().get(right.permission or "", ()):
            rights.models[model] |= set() if right.site_id is None else {right.site_id}
            if right.site_id is None and _lies_below_a_site(model):
                rights.below.add(model)
    return rights


def _lies_below_a_site(model: type[models.Model]) -> bool:
    """Whether records of this kind have a place of their own within their site."""
    return getattr(model, "scope_path", GLOBAL) != GLOBAL and full_scope_path(model)[1] in (Area, WorkCenter)


def _at(sites: Iterable[int]) -> Q:
    return Q(site__in=sites) | Q(site__isnull=True)


def _asked_through(rights: Rights) -> Q:
    """Work that is asked of whoever holds a role or a right at its site, or anywhere when it belongs to none."""
    asked = Q(pk__in=[])
    for column, held in (("to_role__in", rights.roles), ("to_permission__in", rights.permissions)):
        codes: dict[frozenset[int], list[str]] = defaultdict(list)
        for code, sites in held.items():
            codes[frozenset(sites)].append(code)
        for at, names in codes.items():
            asked |= Q(**{column: names}) & _at(at)
    return asked


def _visible(rights: Rights, user: Any) -> Q:
    """Rows whose subject the person may see: at the row's site, or where the subject itself lies."""
    kinds: dict[frozenset[int], list[int]] = defaultdict(list)
    for model, kind in ContentType.objects.get_for_models(*rights.models).items():
        kinds[frozenset(rights.models[model])].append(kind.pk)
    visible = Q(pk__in=[])
    for sites, numbers in kinds.items():
        visible |= Q(subject_type__in=numbers) & _at(sites)
    for model, kind in ContentType.objects.get_for_models(*rights.below).items():
        seen = scoped(model._base_manager.all(), user, view_permission(model))
        visible |= Q(subject_type=kind, subject_id__in=seen.values("pk"))
    return visible


def visible_to(user: Any) -> Q:
    """Work whose subject a person may see."""
    return _visible(_rights_of(user), user)


def work_of(user: Any, *, whose: str = "all") -> models.QuerySet[Assignment]:
    """Open work that a person may see and is asked for, most urgent first.

    `whose` is "mine" (asked by name), "roles" (asked through a role or a right held at the site) or "all" (either).
    """
    if user is None or user.pk is None or not user.is_active:
        return Assignment.objects.none()
    rights = _rights_of(user)
    mine, through = Q(to_user=user) | Q(also_to=user), _asked_through(rights) & ~Q(not_to=user)
    asked = {"mine": mine, "roles": through & ~mine, "all": mine | through}[whose]
    return (
        Assignment.objects.filter(asked, _visible(rights, user), status=Assignment.Status.OPEN)
        .select_related("to_user", "not_to", "site", "subject_type", "for_user", "also_to")
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )


def people_for(work: Iterable[Assignment]) -> models.QuerySet[User]:
    """Whom work can be given to: who may see its kind of record in each site that it belongs to, or anywhere.

    Where a right is asked they hold it there, and nobody who is left out gets it by another way.
    """
    work = list(work)
    people = User.objects.filter(is_active=True, is_system=False).order_by("full_name", "pk")
    for kind, site in {(found.subject_type_id, found.site) for found in work}:
        people = people.filter(pk__in=people_seeing(_view_permission_of(kind), site).values("pk"))
    for right, site in {
        (found.to_permission, found.site) for found in work if found.to_permission not in ("", GIVES_OUT)
    }:
        people = people.filter(pk__in=people_who_may([right], site).order_by().values("pk"))
    return people.exclude(pk__in={found.not_to_id for found in work if found.not_to_id is not None})


def people_asked(work: Assignment) -> set[int]:
    """The keys of those whom the work is asked of now: the person, or else all holders but the one left out."""
    if work.to_user_id is not None:
        return {work.to_user_id}
    asked: set[int] = set()
    if work.to_role:
        asked |= set(holders_of(work.to_role, work.site).values_list("pk", flat=True))
    if work.to_permission:
        asked |= set(people_who_may([work.to_permission], work.site).values_list("pk", flat=True))
    return asked - {work.not_to_id}


def asked_in_words(work: Assignment, role_name: str = "") -> str:
    """Who is asked, as people say it: a name, a role, or “Whoever may approve routings, other than Paul”."""
    if work.to_user is not None:
        if work.also_to is not None:
            return _("%(person)s, also %(other)s") % {"person": work.to_user, "other": work.also_to}
        if work.for_user is not None:
            return _("%(person)s, for %(other)s") % {"person": work.to_user, "other": work.for_user}
        return str(work.to_user)
    if not work.to_permission:
        return role_name or work.to_role
    known = catalogue().get(work.to_permission)
    label = work.to_permission if known is None else str(known.label)
    words = {"right": label[:1].lower() + label[1:], "person": work.not_to}
    if work.not_to is None:
        return _("Whoever may %(right)s") % words
    return _("Whoever may %(right)s, other than %(person)s") % words


def _view_permission_of(kind: int) -> str:
    model = ContentType.objects.get_for_id(kind).model_class()
    return "" if model is None else view_permission(model)


def nobody_may(work: Any) -> str:
    """What to say of work `work_on` a record whose right nobody holds but the one left out; "" otherwise."""
    if work.to_user is not None or work.to_role or work.right_is_held:
        return ""
    if work.site is None:
        return _("Nobody may do it yet: an administrator gives the right.")
    return _("Nobody at this site may do it yet: an administrator gives the right.")


def would_find(person: Any, work: Assignment) -> bool:
    """Whether the person, asked by name, would have the work in their inbox and could open what it is about."""
    listed = Assignment.objects.filter(_visible(_rights_of(person), person), pk=work.pk)
    return may_see_record(person, work.subject) and listed.exists()


def work_on(record: models.Model) -> models.QuerySet[Assignment]:
    """The open assignments on a record, most urgent first, each with the `role_name` of who is asked.

    `right_is_held` says whether anybody but the one left out holds the right that is asked.
    """
    moment = now()
    holders = Grant.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=moment),
        ~Q(user=Coalesce(OuterRef("not_to"), 0)),
        starts__lte=moment,
        user__is_active=True,
        user__is_system=False,
        role__is_active=True,
        role__permissions__permission=OuterRef("to_permission"),
    )
    held = Exists(holders.filter(site=OuterRef("site"))) | (Q(site__isnull=True) & Exists(holders))
    return (
        Assignment.objects.filter(
            subject_type=ContentType.objects.get_for_model(record), subject_id=record.pk, status=Assignment.Status.OPEN
        )
        .select_related("to_user", "not_to", "site", "for_user", "also_to")
        .annotate(
            role_name=Subquery(Role.objects.filter(code=OuterRef("to_role")).values("name")[:1]),
            right_is_held=ExpressionWrapper(held, output_field=BooleanField()),
        )
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )


def open_work(record: models.Model) -> list[Any]:
    """`work_on` a record that a page shows, read once per instance."""
    known: list[Any] | None = record.__dict__.get("_open_work")
    if known is None:
        known = record.__dict__["_open_work"] = list(work_on(record))
    return known


def may_reschedule(user: Any, assignment: Assignment) -> bool:
    """Whether somebody may move the due date of the work: whoever gives out the work of its site."""
    return may(user, GIVES_OUT, assignment)


def may_pass_on(user: Any, assignment: Assignment) -> bool:
    """Whether somebody who sees what the work is about may give it to another: the one asked, or who may for all."""
    if user.pk in (assignment.to_user_id, assignment.also_to_id) or may_reschedule(user, assignment):
        return True
    if assignment.not_to_id == user.pk:
        return False
    return any(
        (right.role == assignment.to_role and assignment.site_id in (None, right.within_site_id))
        or (right.permission == assignment.to_permission and assignment.site_id in (None, right.site_id))
        for right in rights_of(user)
    )


def comments_on(record: models.Model) -> models.QuerySet[Comment]:
    """What was said about a record, oldest first."""
    return Comment.objects.filter(
        subject_type=ContentType.objects.get_for_model(record), subject_id=record.pk
    ).select_related("actor")


def role_names() -> dict[str, str]:
    """The name of every role by its code."""
    return dict(Role.objects.values_list("code", "name"))


def unread_by(user: Any) -> models.QuerySet[Notification]:
    """The unread notifications of a person about work that still waits for them and that they may see, newest first.

    Work that is done, taken back or passed on to somebody else is no news. Who was told may have lost the right since,
    or never had it: a title says as much as the record.
    """
    waiting = work_of(user).order_by().values("pk")
    unread = Notification.objects.filter(user=user, read_at__isnull=True)
    seen = Q(assignment__in=waiting)
    kinds = set(unread.filter(assignment__isnull=True).order_by().values_list("subject_type", flat=True))
    for kind in kinds:
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None:
            records = scoped(model._base_manager.all(), user, view_permission(model))
            seen |= Q(assignment__isnull=True, subject_type=kind, subject_id__in=records.values("pk"))
    return unread.filter(seen).select_related("subject_type", "assignment")


def pages_of(rows: Iterable[SubjectRefMixin]) -> dict[tuple[int, int], str]:
    """The address of each row's subject by (content type, id), one query per type; without those that have no page."""
    wanted: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        wanted[row.subject_type_id].add(row.subject_id)
    found: dict[tuple[int, int], str] = {}
    for kind, keys in wanted.items():
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is None or not hasattr(model, "get_absolute_url"):
            continue
        for record in model._base_manager.filter(pk__in=keys):
            found[kind, record.pk] = record.get_absolute_url()
    return found


def saved_filters(user: Any, page: str) -> models.QuerySet[SavedFilter]:
    """The saved filters of a list for a person: their own, and those of the sites and roles that they hold now."""
    moment = now()
    grants = (
        Grant.objects.filter(
            Q(ends__isnull=True) | Q(ends__gt=moment), user_id=user.pk, starts__lte=moment, role__is_active=True
        )
        .annotate(at=Coalesce(*SITE_COLUMNS))
        .filter(at=OuterRef("site_id"))
    )
    for_role = grants.filter(role__code=OuterRef("to_role"))
    return (
        SavedFilter.objects.filter(
            Q(site__isnull=True, owner_id=user.pk) | Q(Exists(grants), to_role="") | Q(Exists(for_role)),
            page=page,
            is_active=True,
        )
        .select_related("site")
        .order_by("name", "id")
    )


def watched(user: Any) -> list[Watch]:
    """The records that a person watches and may see, newest first."""
    mine = Watch.objects.filter(user=user)
    seen = Q(pk__in=[])
    for kind in set(mine.order_by().values_list("subject_type", flat=True)):
        model = ContentType.objects.get_for_id(kind).model_class()
        if model is not None:
            records = scoped(model._base_manager.all(), user, view_permission(model))
            seen |= Q(subject_type=kind, subject_id__in=records.values("pk"))
    return list(mine.filter(seen).select_related("subject_type"))
