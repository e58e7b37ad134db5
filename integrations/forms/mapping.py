"""The form of the mapping screen: for each field of a kind the column that feeds it, or a value for every row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form
from integrations.services.kinds import ImportKind
from integrations.services.looking import Column, Look, guesses
from integrations.services.mapping import ImportField, MappingError, parse_mapping

NOTHING, CONSTANT = "", "constant"
STAYS_WRONG, STAYS_EMPTY, BECOMES = "", "empty", "word"
DATE_FORMATS = {
    "%Y-%m-%d": "2026-01-31",
    "%Y-%m-%d %H:%M:%S": "2026-01-31 14:00:00",
    "%Y-%m-%d %H:%M:%S.%f": "2026-01-31 14:00:00.000",
    "%Y-%m-%dT%H:%M:%S": "2026-01-31T14:00:00",
    "%d.%m.%Y": "31.01.2026",
    "%d.%m.%y": "31.01.26",
    "%d/%m/%Y": "31/01/2026",
    "%m/%d/%Y": "01/31/2026",
    "%d-%m-%Y": "31-01-2026",
    "%Y/%m/%d": "2026/01/31",
    "%Y%m%d": "20260131",
}
"""Forms of a day with an example of each."""


@dataclass(frozen=True)
class Line:
    """One field of the kind as the page shows it."""

    target: ImportField
    source: BoundField
    constant: BoundField
    more: Sequence[BoundField]
    is_open: bool
    is_proposed: bool


class MappingForm(Form):
    """Which column feeds which field, what its words stand for, and which rows are of another kind."""

    name = forms.CharField(
        label=_("Name of this mapping"),
        max_length=120,
        help_text=_("It is remembered for the next file with these columns."),
    )
    origin = forms.CharField(
        label=_("System the rows come from"),
        max_length=40,
        required=False,
        help_text=_("Such as the name of your ERP. Keys of that system find their records by it."),
    )
    skip_column = forms.ChoiceField(label=_("Leave out rows where"), required=False)
    skip_value = forms.CharField(label=_("holds exactly"), max_length=200, required=False)

    def __init__(
        self, *args: Any, kind: ImportKind, look: Look, mapping: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.kind, self.look = kind, look
        self.proposed = {} if mapping else guesses(look.columns, kind.fields)
        kwargs["initial"] = {**self._initial(mapping or {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.choices = [(str(column.number), _label(column)) for column in look.columns]
        skip: Any = self.fields["skip_column"]
        skip.choices = [(NOTHING, _t("no row is left out")), *self.choices]
        for target in kind.fields:
            self._add(target)

    def _add(self, target: ImportField) -> None:
        name = target.name
        nothing = _t("– choose –") if target.required else _t("– stays empty –")
        help_text = target.help
        if target.choices:
            help_text = _t("One of: %(choices)s.") % {"choices": ", ".join(target.choices)}
        more: dict[str, forms.Field] = {
            "from": forms.ChoiceField(
                label=target.label,
                required=False,
                choices=[(NOTHING, nothing), (CONSTANT, _t("the same in every row:")), *self.choices],
                help_text=help_text,
            ),
            "value": forms.CharField(label=_t("Value in every row"), max_length=200, required=False),
            "join": forms.MultipleChoiceField(
                label=_t("Joined with further columns"),
                required=False,
                choices=self.choices,
                widget=forms.SelectMultiple(attrs={"size": 4}),
            ),
            "separator": forms.CharField(label=_t("with between them"), max_length=10, required=False, strip=False),
            "prefix": forms.CharField(label=_t("Put before the value"), max_length=40, required=False, strip=False),
            "values": forms.CharField(
                label=_t("Words of the file and what they stand for"),
                required=False,
                max_length=20_000,
                widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
                help_text=_t("One per line, as in: word of the file = our word. A * stands for any letters."),
            ),
            "else": forms.ChoiceField(
                label=_t("Any other word"),
                required=False,
                choices=[
                    (STAYS_WRONG, _t("is an error")),
                    (STAYS_EMPTY, _t("leaves the field empty")),
                    (BECOMES, _t("becomes:")),
                ],
            ),
            "otherwise": forms.CharField(label=_t("what any other word becomes"), max_length=200, required=False),
        }
        if target.type == "date":
            known = self.initial.get(f"{name}__date_format")
            forms_of_days = DATE_FORMATS | ({known: known} if known and known not in DATE_FORMATS else {})
            more["date_format"] = forms.ChoiceField(
                label=_t("Dates look like"), required=False, choices=list(forms_of_days.items())
            )
        for part, field in more.items():
            self.fields[f"{name}__{part}"] = field

    def _initial(self, mapping: Mapping[str, Any]) -> dict[str, Any]:
        """What a mapping says, as values of this form; else proposals: columns by their names, dates by their looks."""
        found: dict[str, Any] = {"origin": mapping.get("origin") or ""}
        for column, value in list((mapping.get("skip_when") or {}).items())[:1]:
            found |= {"skip_column": self._number(column), "skip_value": value or ""}
        sources = mapping.get("columns") or {}
        for target in self.kind.fields:
            name = target.name
            given = sources.get(name)
            if given is None:
                column = self.proposed.get(name)
                given = {} if column is None else {"column": column.number}
            elif not isinstance(given, Mapping):
                given = {"column": given}
            places = [self._number(place) for place in given.get("join") or [given.get("column")] if place is not None]
            found[f"{name}__from"] = CONSTANT if given.get("value") is not None else next(iter(places), NOTHING)
            found[f"{name}__join"] = places[1:]
            found[f"{name}__value"] = given.get("value")
            found[f"{name}__separator"] = given.get("separator", "-")
            found[f"{name}__prefix"] = given.get("prefix", "")
            words = (given.get("values") or {}).items()
            found[f"{name}__values"] = "\n".join(f"{word} = {ours}" for word, ours in words)
            other = given.get("otherwise")
            found[f"{name}__else"] = STAYS_WRONG if other is None else BECOMES if other else STAYS_EMPTY
            found[f"{name}__otherwise"] = other or ""
            if target.type == "date":
                found[f"{name}__date_format"] = given.get("date_format") or self._fitting_format(places)
        return found

    def _number(self, place: Any) -> str:
        """The number of a column that a mapping calls by name or number."""
        by_name = {column.name: str(column.number) for column in self.look.columns if column.name}
        return by_name.get(str(place), str(place))

    def _samples(self, number: str) -> list[str]:
        found = next((column for column in self.look.columns if str(column.number) == number), None)
        return [] if found is None else [sample for sample in found.samples if sample]

    def _fitting_format(self, places: Sequence[str]) -> str:
        samples = self._samples(places[0]) if places else []
        return max(DATE_FORMATS, key=lambda form: sum(_is_day(sample, form) for sample in samples))

    def lines(self) -> Iterator[Line]:
        """The fields of the kind, each with what belongs to it."""
        for target in self.kind.fields:
            name = target.name
            parts = ["join", "separator", "prefix", "values", "else", "otherwise"]
            if target.type == "date":
                parts.insert(0, "date_format")
            more = [self[f"{name}__{part}"] for part in parts]
            told = ("join", "prefix", "values")
            is_open = any(self[f"{name}__{part}"].value() for part in told) or any(bound.errors for bound in more)
            proposed = self.proposed.get(name)
            is_proposed = proposed is not None and not self.is_bound
            yield Line(target, self[f"{name}__from"], self[f"{name}__value"], more, is_open, is_proposed)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        columns = {target.name: self._source(target, values) for target in self.kind.fields}
        mapping: dict[str, Any] = {"format": dict(self.look.form)}
        if not self.look.form.get("header", True):
            mapping["format"]["width"] = len(self.look.columns)
        if values.get("origin"):
            mapping["origin"] = values["origin"]
        if values.get("skip_column"):
            mapping["skip_when"] = {self._place(values["skip_column"]): values.get("skip_value", "")}
        mapping["columns"] = {name: source for name, source in columns.items() if source is not None}
        values["mapping"] = yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True)
        if not self.errors:
            try:
                parse_mapping(values["mapping"], self.kind.fields)
            except MappingError as problem:
                self.add_error(None, str(problem))
        return values

    def _place(self, number: str) -> int | str:
        return next(column.place for column in self.look.columns if str(column.number) == number)

    def _source(self, target: ImportField, values: Mapping[str, Any]) -> Any:
        """The entry of the mapping for a field; None where it stays empty."""

        def of(part: str) -> Any:
            return values.get(f"{target.name}__{part}") or ""

        chosen = of("from")
        if chosen == NOTHING:
            if target.required:
                said = _t("%(field)s is needed: choose its column, or one value for every row.")
                self.add_error(f"{target.name}__from", said % {"field": target.label})
            return None
        if chosen == CONSTANT:
            if not of("value"):
                self.add_error(f"{target.name}__value", _t("Give the value for %(field)s.") % {"field": target.label})
            return {"value": of("value")}
        source: dict[str, Any] = {"column": self._place(chosen)}
        if of("join"):
            further = [self._place(number) for number in of("join") if number != chosen]
            source = {"join": [source["column"], *further], "separator": of("separator")}
        if of("prefix"):
            source["prefix"] = of("prefix")
        words = self._words(target, of("values"))
        if words:
            source["values"] = words
            if of("else"):
                source["otherwise"] = of("otherwise") if of("else") == BECOMES else ""
        if target.type == "date":
            source["date_format"] = of("date_format")
        self._try(target, source, chosen)
        return source if set(source) != {"column"} else source["column"]

    def _words(self, target: ImportField, text: str) -> dict[str, str]:
        found = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip():
                continue
            word, equals, ours = line.partition("=") if " = " not in line else line.partition(" = ")
            if not equals:
                said = _t("Line %(number)s has no “=”: write word of the file = our word.") % {"number": number}
                self.add_error(f"{target.name}__values", said)
            found[word.strip()] = ours.strip()
        return found

    def _try(self, target: ImportField, source: Mapping[str, Any], chosen: str) -> None:
        """Say at once what the first rows would say: words that stand for none of ours, dates of another form."""
        if "join" in source or "prefix" in source:
            return
        for sample in self._samples(chosen):
            if target.choices and "values" not in source and sample not in target.choices:
                said = _t("“%(word)s” is none of %(choices)s. Say below what the words of this column stand for.")
                given = {"word": sample, "choices": ", ".join(target.choices)}
                self.add_error(f"{target.name}__values", said % given)
                return
        form = source.get("date_format")
        days = [sample for sample in self._samples(chosen) if not re.match(r"\d{4}-\d\d-\d\d$", sample)]
        if form and days and "values" not in source and not any(_is_day(day, form) for day in days):
            # One that fits among others is a wrong row: the dry run names its line.
            said = _t("No date of the first rows looks like this, as in “%(word)s”. Choose how they are written.")
            self.add_error(f"{target.name}__date_format", said % {"word": days[0]})


def _is_day(text: str, form: str) -> bool:
    try:
        dt.datetime.strptime(text, form)  # noqa: DTZ007 - a calendar day
    except ValueError:
        return False
    return True


def _label(column: Column) -> str:
    samples = ", ".join(sample[:18] for sample in column.samples[:2] if sample)
    name = column.name or _t("column %(number)s") % {"number": column.number}
    return f"{name} ({samples})" if samples else name
