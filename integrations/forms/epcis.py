"""The forms of EPCIS events: which are shown, and a document that is taken in."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site
from core.web.forms import DayField, Form
from integrations.formats.epcis import vocabulary as cbv
from integrations.queries import CAPTURED, OWN, Wanted, about
from integrations.queries.telling import KINDS, word

ALL = frozenset({OWN, CAPTURED})


class EventsForm(Form):
    """Which events are shown, as the address says it."""

    origin = forms.ChoiceField(
        label=_("Whose"), choices=[("", _("All")), (OWN, _("Ours")), (CAPTURED, _("Told by others"))], required=False
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    step = forms.ChoiceField(label=_("What happened"), required=False)
    since = DayField(label=_("From"), at=dt.time.min, required=False)
    until = DayField(label=_("Until"), at=dt.time.max, required=False)
    thing = forms.CharField(
        label=_("Lot, unit or address"), max_length=1000, required=False,
    )  # fmt: skip

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["kind"].choices = [("", _("All")), *KINDS.items()]  # type: ignore[attr-defined]
        steps = sorted((word(one), one) for one in cbv.BIZ_STEPS)
        self.fields["step"].choices = [("", _("All")), *((one, said) for said, one in steps)]  # type: ignore[attr-defined]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is asked for."""
        return any(self.data.get(name) for name in self.fields)

    def wanted(self, uris: Any = ()) -> Wanted:
        """What is asked for; `uris`: the addresses of the lot or unit that is named."""
        values = self.cleaned_data
        found = replace(
            Wanted(),
            types=frozenset(filter(None, [values["kind"]])),
            biz_steps=frozenset(filter(None, [values["step"]])),
            origins=frozenset([values["origin"]]) if values["origin"] else ALL,
            since=values["since"],
            until=values["until"],
        )
        return about(found, uris) if values["thing"].strip() else found


class CaptureForm(Form):
    """A document that somebody sent."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none(), help_text=_("Where it is taken in."))
    source = forms.CharField(
        label=_("Who told"), max_length=200, required=False, help_text=_("The supplier, customer or carrier.")
    )
    file = forms.FileField(label=_("Document"), help_text=_("An EPCIS 2.0 document: JSON-LD or XML."))

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        if len(sites) == 1:
            self.fields["site"].initial = sites[0]
