"""Verified by somebody else, shown to be effective, closed."""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from core.lifecycle.models import Transition
from qms.capa.guards.records import CAPA, page, stands_still
from qms.capa.models import Capa, CapaAction, EffectivenessResult
from qms.capa.models.records import AdverseEffect
from qms.capa.queries import check_of, closing_of, content_digest, result_of, verification_of

Result = EffectivenessResult.Result


def _implementers(record: Capa) -> set[int]:
    """Who did any of its actions, or was to do them."""
    actions = record.actions.filter(cycle=record.cycle).exclude(status="cancelled")
    kind = ContentType.objects.get_for_model(CapaAction)
    finished = Transition.objects.filter(
        subject_type=kind, subject_id__in=actions.values("pk"), move="finish"
    ).values_list("actor", flat=True)
    return {*actions.values_list("owner", flat=True), *finished}


@guard(CAPA, "verify", "check", title=gettext_lazy("Verified by somebody else"))
def verified_by_somebody_else(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Who verifies has implemented none of it (CAPA-06)."""
    if deed.actor.pk in _implementers(record):
        yield Blocker(
            "implemented_it",
            _("%(who)s has implemented a part of it.") % {"who": deed.actor},
            record=record,
            remedy=_("Ask a colleague with the same right who did none of it."),
        )


@guard(CAPA, "check", title=gettext_lazy("Implemented"))
def it_is_implemented(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """What is verified is there."""
    if record.status != "verification":
        yield stands_still(record, _("It is verified when everything is implemented."))


@guard(CAPA, "verify", title=gettext_lazy("No adverse effect"))
def no_adverse_effect(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Somebody has signed that the actions hold and harm nothing else (ISO 13485 8.5.2 e)."""
    found = verification_of(record)
    if found is None:
        yield Blocker(
            "not_verified",
            _("Nobody has signed what was verified."),
            record=record,
            remedy=_("Write what was verified and how adverse effects were looked for, and sign."),
            remedy_url=page("verify", record),
        )
    elif found.adverse_effect != AdverseEffect.NONE:
        yield Blocker(
            "adverse_effect",
            _("An adverse effect was found: %(note)s") % {"note": found.adverse_note},
            record=record,
            remedy=_("Go back to implementation, or plan again; then verify anew."),
            remedy_url=page("verify", record),
        )


@guard(CAPA, "find_adverse", title=gettext_lazy("An adverse effect is signed"))
def an_adverse_effect_is_signed(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """It goes back by itself only after a signed finding; otherwise somebody sends it back with a reason."""
    found = verification_of(record)
    if found is None or found.adverse_effect != AdverseEffect.FOUND:
        yield Blocker(
            "no_adverse_effect",
            _("Nobody has signed an adverse effect."),
            record=record,
            remedy=_("Sign what was found in the verification."),
            remedy_url=page("verify", record),
        )


@guard(CAPA, "evaluate", title=gettext_lazy("The days that are watched are over"))
def the_watch_is_over(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """A result is computed when its window is over, not when it looks good (CAPA-08)."""
    check = check_of(record)
    if record.status != "effectiveness" or check is None or check.watched_until is None:
        yield stands_still(record, _("Effects are judged after the verification."))
    elif check.watched_until > now():
        yield Blocker(
            "too_early",
            _("Its effect is watched until %(day)s.") % {"day": date_format(check.watched_until, "SHORT_DATE_FORMAT")},
            record=record,
            remedy=_("Wait: the result is computed by itself then."),
        )


@guard(CAPA, "judge", title=gettext_lazy("The figures leave it open"))
def the_figures_leave_it_open(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """A person judges only what the figures could not, after the watch was extended once (CAPA-08)."""
    results = list(record.results.filter(cycle=record.cycle).order_by("pk"))
    open_ones = [one for one in results if one.result == Result.INCONCLUSIVE]
    if record.status != "effectiveness" or len(open_ones) < 2 or results[-1].result != Result.INCONCLUSIVE:
        yield Blocker(
            "figures_decide",
            _("The figures decide, and they are not at their end."),
            record=record,
            remedy=_("An inconclusive result extends the watch once; if it stays inconclusive, it is judged."),
        )


@guard(CAPA, "begin_again", title=gettext_lazy("It did not help"))
def it_did_not_help(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """A new cycle begins by itself only after an ineffective one (CAPA-08)."""
    found = result_of(record)
    if found is None or found.result != Result.INEFFECTIVE:
        yield Blocker(
            "not_ineffective",
            _("No result says that it was ineffective."),
            record=record,
            remedy=_("Wait for the result."),
        )


@guard(CAPA, "close", title=gettext_lazy("It was effective"))
def it_was_effective(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Closed is what is shown to have helped, by figures, or by a signed judgement where they do not tell (CAPA-08)."""
    found = result_of(record)
    if found is None or found.result != Result.EFFECTIVE:
        yield Blocker(
            "not_effective",
            _("It is not shown that it was effective.")
            if found is None
            else _("Its effect is “%(result)s”.") % {"result": found.get_result_display()},
            record=record,
            remedy=_("Wait for the result of the days that are watched."),
            remedy_url=f"{record.get_absolute_url()}?tab=effectiveness",
        )


@guard(CAPA, "close", title=gettext_lazy("No extension is open"))
def no_extension_is_open(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """What was asked for is answered."""
    for extension in record.extensions.filter(status="requested"):
        yield Blocker(
            "extension_open",
            _("An extension is asked for."),
            record=extension,
            remedy=_("Approve or reject it."),
            remedy_url=extension.get_absolute_url(),
        )


@guard(CAPA, "close", title=gettext_lazy("The record is signed"))
def the_record_is_signed(record: Capa, deed: Deed) -> Iterator[Blocker]:
    """Whoever closes it has signed exactly what the record says."""
    found = closing_of(record)
    if found is None or found.content_digest != content_digest(record):
        yield Blocker(
            "closing_unsigned",
            _("Nobody has signed the record as it is now."),
            record=record,
            remedy=_("Write the conclusion, and sign."),
            remedy_url=page("close", record),
        )
