"""What makes no rule of a trend, and no schedule of a report."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.organization.queries import may
from qms.reporting.lifecycle import VIEW_RUN
from qms.reporting.models import ReportDelivery, ReportSchedule, ReportSubscription, TrendRule
from qms.reporting.queries import volume_kinds

RULE, SCHEDULE = "qms_reporting.TrendRule", "qms_reporting.ReportSchedule"


@guard(RULE, "watch", title=gettext_lazy("It says where the limit lies"))
def the_limit_is_said(record: TrendRule, deed: Deed) -> Iterator[Blocker]:
    """A number or a rate has a limit; statistics compute theirs."""
    if record.judged != TrendRule.Judged.ALARM and (record.limit is None or record.limit <= 0):
        yield Blocker("no_limit", _("The rule says no limit."), remedy=_("Give the number or the rate."))
    if record.judged == TrendRule.Judged.ALARM and record.limit is not None:
        yield Blocker("limit", _("Statistics compute the limit; none is given."), remedy=_("Leave the limit empty."))


@guard(RULE, "watch", title=gettext_lazy("It says what it is set against"))
def the_volume_is_known(record: TrendRule, deed: Deed) -> Iterator[Blocker]:
    """A rate needs a volume that somebody counts; a number has none."""
    if record.judged == TrendRule.Judged.COUNT:
        if record.volume:
            yield Blocker("volume", _("A number is set against nothing."), remedy=_("Leave “for each thousand” empty."))
    elif record.volume not in volume_kinds():
        yield Blocker("no_volume", _("The rule says not what it is set against."), remedy=_("Choose a volume."))


@guard(RULE, "watch", title=gettext_lazy("The work center is of the site"))
def the_work_center_is_of_the_site(record: TrendRule, deed: Deed) -> Iterator[Blocker]:
    """Others have nonconformances that the rule never sees."""
    center = record.work_center
    if center is not None and center.area.site_id != record.site_id:
        yield Blocker(
            "other_site",
            _("%(center)s is not at %(site)s.") % {"center": center, "site": record.site},
            remedy=_("Choose a work center of the site."),
        )


@guard(RULE, "watch", title=gettext_lazy("The name is free"))
def the_name_is_free(record: TrendRule, deed: Deed) -> Iterator[Blocker]:
    """Alarms are told apart by the names of their rules."""
    if TrendRule.objects.filter(site=record.site_id, name=record.name).exclude(pk=record.pk).exists():
        yield Blocker(
            "taken",
            _("There is a rule “%(name)s” at this site already.") % {"name": record.name},
            remedy=_("Choose another name, or change that rule."),
        )


@guard(SCHEDULE, "plan", title=gettext_lazy("The day exists"))
def the_day_exists(record: ReportSchedule, deed: Deed) -> Iterator[Blocker]:
    """A week has seven days; the first 28 days of a month are there in every month."""
    most = 7 if record.every == ReportSchedule.Every.WEEK else 28
    if not 1 <= record.day <= most:
        yield Blocker(
            "day",
            _("The day is one of 1 to %(most)s.") % {"most": most},
            remedy=_("Choose another day."),
        )


@guard(SCHEDULE, "plan", title=gettext_lazy("The report is not made already"))
def it_is_not_planned_already(record: ReportSchedule, deed: Deed) -> Iterator[Blocker]:
    """The same report twice would be read as two."""
    same = ReportSchedule.objects.filter(site=record.site_id, kind=record.kind, every=record.every)
    if same.exclude(pk=record.pk).exists():
        yield Blocker(
            "taken",
            _("This report is made at this site as often already."),
            remedy=_("Change that schedule, or subscribe to it."),
        )


@guard(SCHEDULE, "subscribe", title=gettext_lazy("Whoever is told may read it"))
def whoever_is_told_may_read_it(record: ReportSchedule, deed: Deed) -> Iterator[Blocker]:
    """A report is sent to nobody who may not open it."""
    person = deed.params.get("person")
    if person is not None and not may(person, VIEW_RUN, record.site):
        yield Blocker(
            "may_not_read",
            _("%(person)s may not read reports of %(site)s.") % {"person": person, "site": record.site},
            record=record,
            remedy=_("Give them the right first, or choose somebody else."),
        )


@guard(SCHEDULE, "subscribe", title=gettext_lazy("Not subscribed yet"))
def nobody_is_told_twice(record: ReportSchedule, deed: Deed) -> Iterator[Blocker]:
    """One subscription for each person and role."""
    person, role = deed.params.get("person"), deed.params.get("role")
    if (person is None) == (role is None):
        yield Blocker("whom", _("It is not said who is told."), remedy=_("Name one person or one role."))
    elif ReportSubscription.objects.filter(schedule=record.pk, person=person, role=role).exists():
        yield Blocker(
            "subscribed",
            _("%(whom)s is told already.") % {"whom": person or role},
            record=record,
            remedy=_("Nothing to do."),
        )


@guard("qms_reporting.ReportDelivery", "read", title=gettext_lazy("It is one's own"))
def it_was_delivered_to_them(record: ReportDelivery, deed: Deed) -> Iterator[Blocker]:
    """Nobody says for others that they read it."""
    if record.person_id != deed.actor.pk:
        yield Blocker(
            "not_theirs",
            _("This was delivered to %(person)s.") % {"person": record.person},
            record=record,
            remedy=_("They say themselves that they read it."),
        )
