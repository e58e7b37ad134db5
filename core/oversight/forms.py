"""What people ask of the trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.oversight.models import AccessReview, AccessReviewLine
from core.trail.queries.browsing import RECORDED, ROWS, Search, event_kinds, kind_of, moves
from core.trail.queries.sources import Reach
from core.trail.queries.wording import words_of_event
from core.web.forms import Form, ReasonField
from core.web.words import LONGEST, clean

FIELDS = ("who", "kind", "number", "deed", "why", "begins", "ends", "sort")
OLDEST = "oldest"
MINUTE = "%Y-%m-%dT%H:%M"


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label, required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTE)
    )


class TrailForm(Form):
    """Who, what, when, why and which deed; times are those of the visitor's site."""

    who = forms.CharField(label=_("Who"), required=False, max_length=LONGEST)
    kind = forms.ChoiceField(label=_("What kind"), required=False)
    number = forms.CharField(label=_("Record number"), required=False, max_length=LONGEST)
    deed = forms.ChoiceField(label=_("Deed"), required=False)
    why = forms.CharField(label=_("Why"), required=False, max_length=LONGEST)
    begins = _moment(_("From"))
    ends = _moment(_("Until"))
    sort = forms.ChoiceField(
        label=_("Order"), required=False, choices=(("", _("Newest first")), (OLDEST, _("Oldest first")))
    )

    def __init__(self, *args: Any, reach: Reach | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if reach is not None:
            self.fields["kind"].choices = [("", _("All")), *_kinds(reach)]  # type: ignore[attr-defined]
            self.fields["deed"].choices = [("", _("All")), *_deeds()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        begins, ends = found.get("begins"), found.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The end lies before the beginning."))
        return found

    def search(self) -> Search:
        """What a valid form asks for."""
        found = self.cleaned_data
        words = {name: clean(found[name]) for name in ("who", "number", "why")}
        times: dict[str, dt.datetime | None] = {name: found[name] for name in ("begins", "ends")}
        return Search(
            kind=found["kind"], deed=found["deed"], oldest_first=found["sort"] == OLDEST,
            begins=times["begins"], ends=times["ends"], **words,
        )  # fmt: skip


def _kinds(reach: Reach) -> list[tuple[str, str]]:
    found = {kind_of(model): str(model._meta.verbose_name).capitalize() for model in reach.kinds()}
    return sorted(found.items(), key=lambda pair: pair[1])


def _deeds() -> list[tuple[Any, Any]]:
    rows = dict(zip(ROWS, (_("Created"), _("Changed"), _("Deleted")), strict=True))
    told = sorted((f"event:{kind}", words_of_event(kind)) for kind in event_kinds())
    moved = sorted(((f"move:{name}", str(label)) for name, label in moves().items()), key=lambda pair: pair[1])
    return [
        (_("Rows"), [*rows.items(), (RECORDED, _("Recorded"))]),
        (_("Moves"), moved),
        (_("Events"), told),
    ]


class TrailExportForm(TrailForm):
    """What leaves the system, and as what."""

    format = forms.ChoiceField(
        label=_("Format"),
        choices=(("csv", _("CSV, a line for each value")), ("json", _("JSON, an object for each entry"))),
        initial="csv",
    )


class OpenForm(Form):
    """Which site's access is reviewed, and when again."""

    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All sites where I may review")
    )
    repeat_months = forms.IntegerField(
        label=_("Again after months"),
        min_value=1,
        max_value=36,
        initial=6,
        help_text=_("Two weeks before that day the head of quality of the site is asked to review again."),
    )

    def __init__(self, *args: Any, sites: QuerySet[Site] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sites is not None:
            self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class LinesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Lines of a review, each with what helps to decide."""

    def label_from_instance(self, obj: Any) -> str:
        seen = _("never signed on") if obj.last_sign_on is None else _("last sign-on %(day)s") % {
            "day": date_format(timezone.localtime(obj.last_sign_on), "j M Y")
        }  # fmt: skip
        said = [str(obj), str(seen), obj.changed, obj.get_decision_display() if obj.decision else ""]
        return " · ".join(part for part in said if part)


class DecideForm(Form):
    """Keep or end the grants of chosen lines."""

    lines = LinesField(
        label=_("Lines"), queryset=AccessReviewLine.objects.none(), widget=forms.CheckboxSelectMultiple()
    )
    decision = forms.ChoiceField(
        label=_("Decision"), choices=AccessReviewLine.Decision.choices, widget=forms.RadioSelect()
    )
    reason = ReasonField()

    def __init__(self, *args: Any, review: AccessReview | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if review is not None:
            lines = review.lines.select_related("person").order_by("decision", "person__full_name", "pk")
            self.fields["lines"].queryset = lines  # type: ignore[attr-defined]
