"""Every field of every form and list filter refuses what no column can keep, before the database is asked."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pkgutil import walk_packages
from typing import Any

import django_filters
import pytest
from django import forms
from django.core.exceptions import ValidationError

from config.apps import OUR_APPS
from core.web.filters import Filters
from core.web.forms import MOST

pytestmark = pytest.mark.requirement("REC-18")
LEAST = -MOST - 1
NUL = "a\x00b"
ROWS = (
    django_filters.AllValuesFilter,
    django_filters.ModelChoiceFilter,
    django_filters.ModelMultipleChoiceFilter,
)
"""Filters that need the list's rows; tests/pages/test_strange_addresses.py asks the pages themselves."""


def subclasses(base: type[Any]) -> Iterator[type[Any]]:
    for found in base.__subclasses__():
        yield found
        yield from subclasses(found)


def ours(base: type[Any]) -> list[type[Any]]:
    """The product's own classes over a base, every module of every app loaded."""
    for app in OUR_APPS:
        spec = find_spec(app)
        assert spec is not None, app
        for module in walk_packages(spec.submodule_search_locations, f"{app}."):
            if ".migrations" not in module.name and ".management" not in module.name:
                import_module(module.name)
    found = {kind for kind in subclasses(base) if kind.__module__.startswith(tuple(f"{app}." for app in OUR_APPS))}
    return sorted(found, key=lambda kind: (kind.__module__, kind.__qualname__))


def entered() -> list[tuple[str, forms.Field]]:
    """Every declared field of every form."""
    return [
        (f"{kind.__module__}.{kind.__qualname__}.{name}", field)
        for kind in ours(forms.BaseForm)
        for name, field in getattr(kind, "base_fields", {}).items()
    ]


def filtered() -> list[tuple[str, forms.Field]]:
    """Every field of every list's filters that does not choose among rows; of copies, for a filter keeps its field."""
    return [
        (f"{kind.__module__}.{kind.__qualname__}.{name}", copy.deepcopy(chosen).field)
        for kind in ours(Filters)
        for name, chosen in kind.base_filters.items()
        if not isinstance(chosen, ROWS)
    ]


def test_there_are_forms_and_filters_to_judge() -> None:
    assert len(entered()) > 150 and len(filtered()) > 30


def test_a_whole_number_is_bounded_by_what_a_column_keeps() -> None:
    loose = [
        name
        for name, field in entered()
        if isinstance(field, forms.IntegerField) and not isinstance(field, forms.DecimalField | forms.FloatField)
        if field.max_value is None or int(field.max_value) > MOST or int(field.min_value or 0) < LEAST  # type: ignore[arg-type]
    ]
    assert loose == []


def test_a_decimal_number_is_bounded() -> None:
    loose = [
        name
        for name, field in [*entered(), *filtered()]
        if isinstance(field, forms.DecimalField)
        if field.max_value is None and field.max_digits is None
    ]
    assert loose == []


def keeps(field: forms.Field, value: str) -> bool:
    """Whether the field takes the value as it is."""
    try:
        return "\x00" in str(field.clean(value))
    except ValidationError:
        return False


@pytest.mark.django_db
def test_no_field_takes_a_character_that_no_column_keeps() -> None:
    assert [name for name, field in [*entered(), *filtered()] if keeps(field, NUL)] == []
