"""A problem as it is stated, where it comes from, who works on it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.organization.models import Site, User
from core.organization.queries import sites_of
from core.web.forms import Form
from qms.capa.forms.common import person, text
from qms.capa.lifecycle import RAISE
from qms.capa.models import Capa, CapaSource
from qms.capa.queries import source_kinds


class _FromSource(Form):
    """Where it comes from: a record by its number, or what was seen in words."""

    source_kind = forms.ChoiceField(label=_("Comes from"), choices=CapaSource.Kind.choices)
    source_number = forms.CharField(
        label=_("Number of the record"),
        max_length=60,
        required=False,
        help_text=_("Of the nonconformance, complaint, calibration, risk assessment or change."),
    )
    source_note = forms.CharField(
        label=_("What was seen"),
        max_length=300,
        required=False,
        help_text=_("Where there is no record, such as a trend or a management review."),
    )

    def chosen_site(self, values: dict[str, Any]) -> Site | None:
        """The site at which the number is looked up."""
        site: Site | None = values.get("site")
        return site

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        number, site = values.pop("source_number", ""), self.chosen_site(values)
        values["source"] = None
        if not number or site is None:
            return values
        for kind in source_kinds():
            if kind.code == values.get("source_kind"):
                found = kind.find(site, number)
                if found:
                    return {**values, "source": found[0]}
        raise ValidationError(
            {"source_number": _t("There is no such record with the number “%(number)s”.") % {"number": number}}
        )


class RaiseForm(_FromSource):
    """A new CAPA at a site."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=Capa.Kind.choices, initial=Capa.Kind.CORRECTIVE)
    title = forms.CharField(label=_("Title"), max_length=200, help_text=_("The problem in a few words."))
    problem = text(_("What the problem is"), required=False, help_text=_("Where, when, how much, on what."))
    not_problem = text(
        _("What it is not"), required=False, help_text=_("Where, when and on what it could occur but does not.")
    )
    field_order = ("site", "kind", "title", "source_kind", "source_number", "source_note")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sites = sites_of(user, RAISE)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]
        self.initial.setdefault("site", sites.first())


class ChangeForm(Form):
    """The problem, stated better."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Capa.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    problem = text(_("What the problem is"), required=False)
    not_problem = text(_("What it is not"), required=False)


class SourceForm(_FromSource):
    """One more source."""

    def __init__(self, *args: Any, site: Site, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site = site

    def chosen_site(self, values: dict[str, Any]) -> Site | None:
        return self.site

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        return {"kind": values.get("source_kind", ""), "source": values["source"], "note": values["source_note"]}


class MemberForm(Form):
    """Somebody who works on it."""

    user = person(_("Person"))
    part = forms.CharField(label=_("What for"), max_length=80, required=False)

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]


class OwnerForm(Form):
    """Who carries it through."""

    owner = person(_("Owner"))

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
