"""Where else the same may be: looked for in every app, named by hand, answered one by one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.records import subject_ref
from qms.capa.models import Capa, ReadAcross
from qms.capa.queries.across import not_named
from qms.capa.services.common import refuse, writable

Answer = ReadAcross.Answer


@service
def look_across(*, capa: Capa, actor: Any, reason: str = "") -> Capa:
    """Name everything that shares the process as a line to answer; lines that stand stay as they are."""
    found = writable(capa, "plan", actor=actor)
    for one in not_named(found):
        named = subject_ref(one.record)
        named["subject_label"] = named["subject_label"][:300]
        ReadAcross(capa=found, cycle=found.cycle, why=str(one.why)[:300], **named).save()
    found.looked_across = found.cycle
    found.save()
    return found


@service
def name_across(*, capa: Capa, where: str, why: str, actor: Any, reason: str = "") -> ReadAcross:
    """Name something by hand that no app knows of: another site, a supplier, a process."""
    found = writable(capa, "plan", actor=actor)
    if not where.strip() or not why.strip():
        raise refuse("words", _("It is not said where else, or why there."), _("Write both."), found)
    line = ReadAcross(capa=found, cycle=found.cycle, subject_label=where.strip()[:300], why=why.strip()[:300])
    line.save()
    return line


@service
def answer_across(*, line: ReadAcross, answer: str, rationale: str, actor: Any, reason: str = "") -> ReadAcross:
    """Say whether it applies there too, and why, or what is done about it. Changing an answer needs a reason."""
    capa = writable(line.capa, "plan", actor=actor)
    found = ReadAcross.objects.select_for_update(of=("self",)).select_related("capa").get(pk=line.pk)
    if found.cycle != capa.cycle:
        raise refuse("other_cycle", _("That line is of an earlier cycle."), _("Answer those of this cycle."), found)
    if Answer(answer) == Answer.UNANSWERED:
        raise refuse("answer", _("Nothing is answered."), _("Choose whether it applies there."), found)
    if not rationale.strip():
        raise refuse("rationale", _("The answer needs its reason."), _("Write why, or what is done there."), found)
    if found.answer and not reason.strip():
        raise refuse("reason_missing", _("A reason is needed."), _("Write why the answer changes."), found)
    found.answer, found.rationale = Answer(answer), rationale.strip()
    found.answered_by, found.answered_at = actor, now()
    found.save()
    return found
