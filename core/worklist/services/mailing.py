"""Mail of what came to people: written as jobs, sent at least once, each under a Message-ID that never changes.

A notification is its own outbox row: it was written in the transaction of the deed that caused it, and is sent until it
says when it was mailed. A worker that dies between the two sends it again, under the same Message-ID, by which mail
programs show one. What a person may no longer see, or is done, is not mailed.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.jobs.models import ACTIVE, BackgroundJob, JobStatus
from core.jobs.services import enqueue
from core.kernel.clock import now
from core.kernel.deeds import service
from core.organization.models import Site, User
from core.worklist.models import Digest, MailPreference, Notification
from core.worklist.queries import pages_of, unread_by, work_of

NEWS, DIGEST = "core_worklist.send_news", "core_worklist.send_digest"
PER_RUN = 200
"""People for whom one run writes jobs; the next run goes on."""
PAUSE = dt.timedelta(minutes=15)
"""How long nothing is asked for after the mail server did not take something several times."""
STALE = dt.timedelta(days=7)
"""News that nobody could mail for so long is only in the inbox."""
ATTEMPTS = 20
"""How often a worker may die or the server refuse before the pause; each later attempt waits longer."""
LINES = 50
"""Pieces of work that a summary names."""
USUAL_HOUR = 7
AT_ONCE, SUMMARY = MailPreference.Mode.AT_ONCE, MailPreference.Mode.DIGEST


def message_id(what: str, key: int) -> str:
    """The Message-ID of a notification or summary: the same however often it is sent (RFC 5322, 3.6.4)."""
    host = urlsplit(settings.TRUELINE_PUBLIC_URL).hostname or "localhost"
    return f"<trueline-{what}-{key}@{host}>"


def _at_once() -> Q:
    """News that its person or the ladder wants by mail at once."""
    return Q(by_mail=True) | Q(user__mail_preference__mode=AT_ONCE)


def _waiting() -> Any:
    return (
        Notification.objects.filter(
            _at_once(), mailed_at__isnull=True, read_at__isnull=True, created_at__gt=now() - STALE, user__is_active=True
        )
        .exclude(user__email="")
        .order_by("pk")
    )


def _under_way(keys: list[str]) -> set[str]:
    """Those of these jobs that wait or run, or failed a short while ago: the mail server is given a pause."""
    failed = Q(status=JobStatus.FAILED, finished_at__gt=now() - PAUSE)
    found = BackgroundJob.objects.filter(failed | Q(status__in=ACTIVE), unique_key__in=keys)
    return set(found.values_list("unique_key", flat=True))


@service
def ask_for_mail(*, actor: Any) -> int:
    """Write the jobs of all mail that is due, one per person and summary; returns how many. None without a mail server.

    Any number of clocks may run: a job's key and a summary's person and day are unique.
    """
    if not settings.TRUELINE_MAIL_IS_NAMED:
        return 0
    people = list(_waiting().order_by("user").values_list("user", flat=True).distinct()[:PER_RUN])
    _make_digests(now())
    digests = list(
        Digest.objects.filter(sent_at__isnull=True, day__gt=now().date() - STALE, user__is_active=True)
        .order_by("pk")
        .values_list("pk", flat=True)[:PER_RUN]
    )
    keys = {f"news-{person}": (NEWS, {"person": person}) for person in people}
    keys |= {f"digest-{pk}": (DIGEST, {"digest": pk}) for pk in digests}
    known = _under_way(list(keys))
    for key, (name, ids) in keys.items():
        if key not in known:
            title = _("News by mail") if name == NEWS else _("Summary by mail")
            enqueue(name, actor=actor, title=title, unique_key=key, max_attempts=ATTEMPTS, **ids)
    return len(keys) - len(known)


def _make_digests(moment: dt.datetime) -> None:
    """A row for everybody whose hour has come today where they work and who has none of today; a statement per zone."""
    zones = set(Site.objects.order_by().values_list("time_zone", flat=True).distinct()) | {"UTC"}
    wanting = User.objects.filter(
        Q(mail_preference__isnull=True) | Q(mail_preference__mode=SUMMARY), is_active=True, is_system=False
    ).exclude(email="")
    for zone in sorted(zones):
        local = moment.astimezone(zoneinfo.ZoneInfo(zone))
        here = Q(home_site__time_zone=zone) | (Q(home_site__isnull=True) if zone == "UTC" else Q(pk__in=[]))
        hour = Q(mail_preference__hour__lte=local.hour)
        if local.hour >= USUAL_HOUR:
            hour |= Q(mail_preference__isnull=True)
        made = Digest.objects.filter(user=OuterRef("pk"), day=local.date())
        due = wanting.filter(here, hour).exclude(Exists(made)).order_by("pk").values_list("pk", flat=True)[:PER_RUN]
        Digest.objects.bulk_create([Digest(user_id=pk, day=local.date()) for pk in due], ignore_conflicts=True)


def _address(url: str) -> str:
    return f"{settings.TRUELINE_PUBLIC_URL.rstrip('/')}{url}"


def _foot() -> str:
    return _("Your work: %(inbox)s\nHow you want to be told: %(settings)s") % {
        "inbox": _address(reverse("core_worklist:assignment_inbox")),
        "settings": _address(reverse("core_worklist:mailpreference_change")),
    }


def _send(person: User, key: str, subject: str, body: str) -> None:
    """Hand one mail to the server; an error of it is the job's, which tries again."""
    flat = " ".join(subject.split())
    EmailMessage(
        flat[:200], body, to=[person.email], headers={"Message-ID": key, "Auto-Submitted": "auto-generated"}
    ).send()


def send_news(person: int) -> int:
    """Mail a person each piece of news that waits, and say of each when it was mailed; returns how many were sent."""
    user = User.objects.select_related("home_site").get(pk=person)
    waiting = list(_waiting().filter(user=user))
    seen = {one.pk for one in unread_by(user).filter(pk__in=[one.pk for one in waiting])}
    pages = pages_of(waiting)
    sent = 0
    with _as(user):
        for one in waiting:
            if one.pk in seen:
                page = pages.get((one.subject_type_id, one.subject_id), "")
                anchor = "" if one.assignment_id is not None else "#timeline"
                lines = [str(one.get_cause_display()), one.text, one.subject_label]
                link = _address(f"{page}{anchor}") if page else ""
                body = "\n".join([*filter(None, dict.fromkeys([*lines, link])), "", _foot(), ""])
                _send(user, message_id("news", one.pk), f"{one.get_cause_display()}: {one.text}", body)
                sent += 1
            Notification.objects.filter(pk=one.pk).update(mailed_at=now())
    return sent


def send_digest(digest: int) -> bool:
    """Mail the summary of a day: open work by when it is due, and unread news. Nothing to tell: nothing is sent."""
    found = Digest.objects.select_related("user__home_site").get(pk=digest)
    if found.sent_at is not None:
        return False
    user = found.user
    work = list(work_of(user)[: LINES + 1])
    news = list(unread_by(user).filter(assignment__isnull=True)[:LINES])
    if work or news:
        pages = pages_of([*work, *news])
        with _as(user):
            late = sum(one.is_overdue for one in work)
            subject = ngettext("%(number)d piece of work waits", "%(number)d pieces of work wait", len(work)) % {
                "number": len(work)
            }
            if late:
                subject += _(", %(late)d overdue") % {"late": late}
            lines = []
            for one in work[:LINES]:
                due = "–" if one.due_at is None else timezone.localtime(one.due_at).strftime("%Y-%m-%d %H:%M")
                page = pages.get((one.subject_type_id, one.subject_id), "")
                lines += [f"{due}  {one.title}" + (f"  ({_('overdue')})" if one.is_overdue else "")]
                lines += [f"    {_address(page)}"] if page else []
            if len(work) > LINES:
                lines.append(_("and more"))
            for notice in news:
                page = pages.get((notice.subject_type_id, notice.subject_id), "")
                lines += ["", f"{notice.get_cause_display()}: {notice.text}"]
                lines += [f"    {_address(page)}#timeline"] if page else []
            _send(user, message_id("digest", found.pk), subject, "\n".join([*lines, "", _foot(), ""]))
    Digest.objects.filter(pk=found.pk).update(sent_at=now())
    return bool(work or news)


class _as:
    """In the language and zone of whoever reads it."""

    def __init__(self, user: User) -> None:
        zone = user.home_site.time_zone if user.home_site is not None else "UTC"
        self.language = translation.override(user.language or settings.LANGUAGE_CODE)
        self.zone = timezone.override(zoneinfo.ZoneInfo(zone))

    def __enter__(self) -> None:
        self.language.__enter__()
        self.zone.__enter__()

    def __exit__(self, *raised: Any) -> None:
        self.zone.__exit__(*raised)
        self.language.__exit__(*raised)


@service
def choose_mail(*, mode: str, hour: int, actor: Any) -> MailPreference:
    """Say how one wants to be told by mail; a ladder's step may still send at once."""
    found, _made = MailPreference.objects.update_or_create(user=actor, defaults={"mode": mode, "hour": hour})
    return found
