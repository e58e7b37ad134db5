"""Which ladder counts for which open work, what it would do, and who is asked for many pieces of work at once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.organization.models import Site
from core.organization.queries import holders_of, people_who_may
from core.worklist.models import Assignment, Escalation, EscalationRule
from core.worklist.queries import visible_to

Key = tuple[str, int | None, str, int | None]
"""Kind of work, kind of record, severity, site."""
SHOWN = 20
"""Pieces of work that a preview names."""


def severity_path(model: type[models.Model] | None) -> str:
    """The column of a kind of record that says how bad it is (`ladder_severity` of the model), or ""."""
    return str(getattr(model, "ladder_severity", ""))


def severities_of(model: type[models.Model] | None) -> list[tuple[str, str]]:
    """The severities that a kind of record knows, as choices; none where it has no such column."""
    path = severity_path(model)
    if model is None or not path:
        return []
    field: Any = model._meta.get_field(path)
    return [(str(value), str(label)) for value, label in field.flatchoices]


def kinds_of_record() -> models.QuerySet[ContentType]:
    """The kinds of record that work may be about: trailed records with a page, of the apps above."""
    found = [
        model
        for model in apps.get_models()
        if hasattr(model, "scope_path") and hasattr(model, "get_absolute_url") and getattr(model, "lifecycle", None)
    ]
    keys = [kind.pk for kind in ContentType.objects.get_for_models(*found).values()]
    return ContentType.objects.filter(pk__in=keys)


@dataclass(frozen=True)
class Ladder:
    """The active steps for the same kind of work, kind of record, severity and site."""

    key: Key
    rules: tuple[EscalationRule, ...]

    @property
    def weight(self) -> int:
        """The more it names the more it counts: the record before the severity before the site."""
        _kind, record, severity, site = self.key
        return 4 * (record is not None) + 2 * bool(severity) + (site is not None)

    def named(self) -> Q:
        """Open work that fits what the ladder names."""
        kind, record, severity, site = self.key
        found = Q(kind=kind)
        if record is not None:
            found &= Q(subject_type=record)
        if severity:
            model = ContentType.objects.get_for_id(record or 0).model_class()
            path = severity_path(model)
            if model is None or not path:
                return Q(pk__in=[])
            found &= Q(subject_id__in=model._base_manager.filter(**{path: severity}).values("pk"))
        if site is not None:
            found &= Q(site=site)
        return found

    def counts_for(self, others: Iterable[Ladder]) -> Q:
        """Open work for which this ladder counts: it fits, and none that names more does."""
        found = self.named()
        for other in others:
            if other.key[0] == self.key[0] and other.weight > self.weight:
                found &= ~other.named()
        return found

    def reached(self, moment: dt.datetime) -> Q:
        """Work that has come to a step and has not taken it for its present due date."""
        found = Q(pk__in=[])
        for rule in self.rules:
            found |= step_reached(rule, moment)
        return found


def step_reached(rule: EscalationRule, moment: dt.datetime) -> Q:
    """Work that has come to this step and has not taken it for its present due date.

    A step before the due date that had passed when the date was set is left out: whoever was asked knows it.
    """
    taken = Escalation.objects.filter(assignment=OuterRef("pk"), due_version=OuterRef("due_version"), step=rule.step)
    found = Q(due_at__lte=moment - rule.delay) & Q(~Exists(taken))
    if rule.after < 0:
        found &= Q(due_since__isnull=True) | Q(due_since__lte=F("due_at") + rule.delay)
    return found


def is_reached(rule: EscalationRule, work: Assignment, moment: dt.datetime) -> bool:
    """The same for one piece of work that was read, but for what it has taken."""
    if work.due_at is None or work.due_at + rule.delay > moment:
        return False
    return rule.after >= 0 or work.due_since is None or work.due_since <= work.due_at + rule.delay


def ladders(rules: Iterable[EscalationRule] | None = None) -> list[Ladder]:
    """All ladders of active steps, each with its steps in order."""
    if rules is None:
        rules = EscalationRule.objects.filter(is_active=True)
    found: dict[Key, list[EscalationRule]] = defaultdict(list)
    for rule in rules:
        found[rule.key].append(rule)
    return [Ladder(key, tuple(sorted(steps, key=lambda one: one.step))) for key, steps in found.items()]


@dataclass(frozen=True)
class StepPreview:
    """What a step would do now, and within a week, if it were active."""

    rule: EscalationRule
    now: int
    within_a_week: int


@dataclass(frozen=True)
class Preview:
    """What a ladder would do: how much open work it counts for, step by step, and the most urgent pieces of it."""

    open: int
    steps: list[StepPreview]
    work: list[Assignment]


def preview(rules: Sequence[EscalationRule], user: Any) -> Preview:
    """What these steps would do with the work that a person may see: nothing is written, two statements in all."""
    (mine,) = ladders(rules)
    others = [one for one in ladders() if one.key != mine.key]
    found = Assignment.objects.filter(
        mine.counts_for(others), visible_to(user), status=Assignment.Status.OPEN, due_at__isnull=False
    ).order_by("due_at", "pk")
    moment = now()
    later = moment + dt.timedelta(days=7)
    counts: dict[str, Any] = {"open": Count("pk")}
    for rule in mine.rules:
        due = step_reached(rule, moment)
        counts[f"now{rule.step}"] = Count("pk", filter=due)
        counts[f"week{rule.step}"] = Count("pk", filter=step_reached(rule, later) & Q(due_at__gt=moment - rule.delay))
    said = found.order_by().aggregate(**counts)
    return Preview(
        open=said["open"],
        steps=[StepPreview(rule, said[f"now{rule.step}"], said[f"week{rule.step}"]) for rule in mine.rules],
        work=list(found.select_related("to_user", "not_to", "site", "subject_type")[:SHOWN]),
    )


def asked_for_each(work: Iterable[Assignment]) -> dict[int, set[int]]:
    """The keys of those whom each piece of work is asked of now; a statement per role, right and site, not per work."""
    asked: dict[int, set[int]] = {}
    known: dict[tuple[str, str, int | None], set[int]] = {}
    for one in work:
        if one.to_user_id is not None:
            asked[one.pk] = {one.to_user_id}
            continue
        key = (one.to_role, one.to_permission, one.site_id)
        if key not in known:
            known[key] = _holders(one.to_role, one.to_permission, one.site)
        asked[one.pk] = known[key] - ({one.not_to_id} if one.not_to_id is not None else set())
    return asked


def _holders(role: str, right: str, site: Site | None) -> set[int]:
    found: set[int] = set()
    if role:
        found |= set(holders_of(role, site).values_list("pk", flat=True))
    if right:
        found |= set(people_who_may([right], site).values_list("pk", flat=True))
    return found


def ladder_words(rule: EscalationRule) -> str:
    """What a ladder is for, in words: “Action · CAPA · high · GRZ Graz”."""
    parts = [str(rule.get_kind_display())]
    if rule.record_type is not None:
        model = rule.record_type.model_class()
        parts.append(str(model._meta.verbose_name) if model is not None else rule.record_type.model)
        if rule.severity:
            parts.append(dict(severities_of(model)).get(rule.severity, rule.severity))
    else:
        parts.append(_("every record"))
    parts.append(str(rule.site) if rule.site is not None else _("every site"))
    return " · ".join(parts)
