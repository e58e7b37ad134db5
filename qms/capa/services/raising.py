"""A problem is stated, and where it comes from."""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext as _

from core.kernel.deeds import Deed, service
from core.kernel.records import subject_ref
from core.kernel.wiring import effect
from core.lifecycle.services import begin
from core.organization.models import Site
from core.organization.services import next_number, require
from core.worklist.models import Kind as Work
from core.worklist.services import assign, cancel_for, complete_for
from qms.capa.lifecycle import RAISE, TRIAGE
from qms.capa.models import Capa, CapaSource
from qms.capa.queries import source_kind_of
from qms.capa.services.common import ANSWER_WITHIN, CAPA, ask_for, refuse, writable

Kind = CapaSource.Kind


@service
def raise_capa(
    *,
    site: Site,
    title: str,
    actor: Any,
    kind: str = Capa.Kind.CORRECTIVE,
    problem: str = "",
    not_problem: str = "",
    source: models.Model | None = None,
    source_kind: str = "",
    source_note: str = "",
    reason: str = "",
) -> Capa:
    """State a problem: a draft with a number, from a record or from what was only seen. Raises `Blocked`."""
    require(actor, RAISE, site)
    if not title.strip():
        raise refuse("no_title", _("A CAPA needs a title."), _("Say in a few words what the problem is."))
    capa = Capa(
        number=next_number(site, "CAPA"),
        site=site,
        kind=Capa.Kind(kind),
        title=title.strip()[:200],
        problem=problem.strip(),
        not_problem=not_problem.strip(),
        raised_by=actor,
    )
    begin(capa, actor=actor)
    if source is not None or source_note.strip():
        add_source(capa=capa, kind=source_kind, source=source, note=source_note, actor=actor)
    return capa


@service
def change_capa(
    *, capa: Capa, title: str, kind: str, problem: str, not_problem: str, actor: Any, reason: str = ""
) -> Capa:
    """State the problem better, as long as it is a draft."""
    found = writable(capa, "edit", actor=actor, right=RAISE)
    if not title.strip():
        raise refuse("no_title", _("A CAPA needs a title."), _("Say in a few words what the problem is."), found)
    found.title, found.kind = title.strip()[:200], Capa.Kind(kind)
    found.problem, found.not_problem = problem.strip(), not_problem.strip()
    found.save()
    return found


@service
def add_source(
    *, capa: Capa, kind: str = "", source: models.Model | None = None, note: str = "", actor: Any, reason: str = ""
) -> CapaSource:
    """Say where it comes from: a record of the same site, or in words what was seen. Possible until the triage."""
    found = writable(capa, "link", actor=actor, right=RAISE)
    words = note.strip()[:300]
    if source is None:
        if not words:
            raise refuse("no_source", _("It is not said what was seen."), _("Name the record, or write it."), found)
        row = CapaSource(capa=found, kind=Kind(kind or Kind.OTHER), note=words)
        row.save()
        return row
    told = source_kind_of(source, kind)
    if told is None:
        raise refuse("source_kind", _("A CAPA cannot come from that."), _("Choose another record."), source)
    if getattr(source, "site_id", found.site_id) != found.site_id:
        raise refuse(
            "other_site",
            _("%(source)s is of another site.") % {"source": source},
            _("Raise a CAPA at the site of that record."),
            source,
        )
    record_kind = ContentType.objects.get_for_model(source)
    if found.sources.filter(source_type=record_kind, source_id=source.pk).exists():
        raise refuse("named", _("%(source)s is named already.") % {"source": source}, _("Nothing to do."), source)
    row = CapaSource(capa=found, kind=Kind(told.code), note=words, **subject_ref(source, "source"))
    row.save()
    return row


@service
def remove_source(*, source: CapaSource, actor: Any, reason: str = "") -> Capa:
    """Take a source out that was named by mistake."""
    found = writable(source.capa, "link", actor=actor, right=RAISE)
    CapaSource.objects.select_for_update().get(pk=source.pk).delete()
    return found


@effect(CAPA, "submit")
def ask_for_the_triage(record: Capa, deed: Deed) -> None:
    """Quality decides whether a CAPA is opened."""
    complete_for(subject=record, kind=Work.ACTION, actor=deed.actor)
    ask_for(record, Work.TRIAGE, _("Triage %(capa)s"), TRIAGE, deed.actor)


@effect(CAPA, "send_back")
def ask_whoever_raised_it(record: Capa, deed: Deed) -> None:
    """Whoever raised it states the problem again."""
    complete_for(subject=record, kind=Work.TRIAGE, actor=deed.actor)
    assign(
        subject=record,
        kind=Work.ACTION,
        title=_("State the problem of %(capa)s again: %(reason)s") % {"capa": record, "reason": deed.reason},
        to_user=record.raised_by,
        due_at=deed.at + ANSWER_WITHIN,
        actor=deed.actor,
    )


@effect(CAPA, "cancel", "void")
def take_the_work_back(record: Capa, deed: Deed) -> None:
    """Nobody is asked for anything any more."""
    for kind in (Work.TRIAGE, Work.ACTION, Work.APPROVAL, Work.REVIEW):
        cancel_for(subject=record, kind=kind, actor=deed.actor)
        for action in record.actions.filter(status__in=("open", "in_progress", "done")):
            cancel_for(subject=action, kind=kind, actor=deed.actor)
    for extension in record.extensions.filter(status="requested"):
        cancel_for(subject=extension, kind=Work.APPROVAL, actor=deed.actor)
