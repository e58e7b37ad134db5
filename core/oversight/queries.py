"""What those who watch over the system read: exports, and who holds which role at a site."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.permissions import catalogue
from core.organization.models import ApiToken, Grant, RolePermission, Site, TerminalSession, User
from core.oversight.models import AccessReview, AccessReviewLine
from core.trail.models import TrailEvent
from core.trail.queries.sources import Reach, sources

EXPORTED = ("exported", "list_exported", "seals_exported", "trail_exported")
"""Kinds of events by which something leaves the system."""


def exports_seen_by(user: Any) -> QuerySet[TrailEvent]:
    """The exports that a person may know of: those about what they see, and those of people within their reach."""
    source = next(source for source in sources() if source.base is TrailEvent)
    rows = Reach(user).rows(source)
    return TrailEvent.objects.none() if rows is None else rows.filter(kind__in=EXPORTED).select_related("actor")


def grants_at(site: Site) -> QuerySet[Grant]:
    """The grants within a site that have not ended, those of deactivated people too."""
    within = Q(site=site) | Q(area__site=site) | Q(work_center__area__site=site)
    running = Grant.objects.filter(within, Q(ends__isnull=True) | Q(ends__gt=now()), user__is_system=False)
    return running.select_related("user", "role", "site", "area", "work_center").order_by("user__full_name", "pk")


def grants_beyond(review: AccessReview) -> QuerySet[Grant]:
    """Running grants at the site that no line of the review tells of."""
    return grants_at(review.site).exclude(pk__in=review.lines.values("grant"))


def undecided(review: AccessReview) -> QuerySet[AccessReviewLine]:
    """The lines that nobody has decided about."""
    return review.lines.filter(decision="").select_related("person")


def last_review(site: Site) -> AccessReview | None:
    """The newest signed review of a site."""
    return AccessReview.objects.filter(site=site, status="signed").order_by("-pk").first()


def last_sign_ons(people: Iterable[int]) -> dict[int, dt.datetime]:
    """When these people signed on last, at a desk or a station."""
    kind = ContentType.objects.get_for_model(User)
    found = TrailEvent.objects.filter(kind="signed_on", subject_type=kind, subject_id__in=list(people))
    return dict(found.order_by().values_list("subject_id").annotate(Max("stamped_at")))


def tokens_held(people: Iterable[int]) -> dict[int, list[str]]:
    """The names of these people's running API tokens, with their end."""
    found: dict[int, list[str]] = {}
    running = ApiToken.objects.filter(user__in=list(people), revoked_at__isnull=True, expires_at__gt=now())
    for token in running.order_by("pk"):
        found.setdefault(token.user_id, []).append(f"{token.name} → {token.expires_at:%Y-%m-%d}")
    return found


def terminals_used(people: Iterable[int], since: dt.datetime | None) -> dict[int, list[str]]:
    """The terminals at which these people signed on since a time."""
    sessions = TerminalSession.objects.filter(user__in=list(people))
    if since is not None:
        sessions = sessions.filter(started_at__gte=since)
    found: dict[int, list[str]] = {}
    for person, code in sessions.order_by("terminal__code").values_list("user_id", "terminal__code").distinct():
        found.setdefault(person, []).append(code)
    return found


def role_changes(roles: Iterable[int], since: dt.datetime) -> dict[int, str]:
    """What roles gained and lost since a time, in words."""
    changes: dict[int, dict[str, list[str]]] = {}
    rows = RolePermission.history.filter(role_id__in=list(roles), history_date__gt=since).order_by("history_id")
    for role, permission, kind in rows.values_list("role_id", "permission", "history_type"):
        declared = catalogue().get(permission)
        words = permission if declared is None else str(declared.label)
        changes.setdefault(role, {}).setdefault(kind, []).append(words)
    said = {"+": _("role gained: %(rights)s"), "-": _("role lost: %(rights)s")}
    return {
        role: "; ".join(
            said[kind] % {"rights": ", ".join(rights)} for kind, rights in sorted(kinds.items()) if kind in said
        )
        for role, kinds in changes.items()
    }


def ended_since(site: Site, since: dt.datetime) -> list[str]:
    """The grants at a site that ended since a time."""
    within = Q(site=site) | Q(area__site=site) | Q(work_center__area__site=site)
    ended = Grant.objects.filter(within, ends__gt=since, ends__lte=now(), user__is_system=False)
    return [str(grant) for grant in ended.select_related("user", "role", "site", "area", "work_center").order_by("pk")]
