"""Base of the filters of list pages: the address is the state, and an unknown filter is said, not obeyed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from core.web.access import scoped
from core.web.forms import KitRenderer

RESERVED = frozenset({"q", "sort", "after", "before", "columns", "export", "tab", "page", "view"})


class Filters(django_filters.FilterSet):  # type: ignore[misc]
    """Base of an app's FilterSet. Filters from the address that it does not know are listed in `unknown`."""

    permission = ""
    """The right by which the list is seen; the list page says it."""

    @property
    def form(self) -> Any:
        form = super().form
        if isinstance(form.renderer, KitRenderer):
            return form  # it is kept, and was made ready before
        form.renderer = KitRenderer()
        form.use_required_attribute = False
        self._offer_only_what_is_seen(form)
        for name, field in form.fields.items():
            if name == "status" and not isinstance(field.label, Promise):
                field.label = _("State")  # as the column says
            _say_all(field)
        return form

    def _offer_only_what_is_seen(self, form: Any) -> None:
        """A choice names no site, person or record of a place where the visitor does not see this list."""
        if self.request is None or not self.permission:
            return
        for field in form.fields.values():
            offered = getattr(field, "queryset", None)
            if offered is not None and hasattr(offered.model, "scope_path"):
                field.queryset = scoped(offered, self.request.user, self.permission)

    @property
    def unknown(self) -> list[str]:
        """Names in the address that are no filter of this list."""
        known = set(self.form.fields) | RESERVED
        widgets = {f"{name}_{suffix}" for name in self.form.fields for suffix in ("min", "max", "after", "before")}
        return sorted(set(self.data or ()) - known - widgets)

    @property
    def active(self) -> list[tuple[str, str, str]]:
        """The filters that are set, as (name, label, shown value)."""
        if not self.form.is_valid():
            return []
        found = []
        for name, field in self.form.fields.items():
            value = self.form.cleaned_data.get(name)
            if value not in (None, "", [], ()) and not (isinstance(value, QuerySet) and not value.exists()):
                found.append((name, str(field.label or name), _shown(field, value)))
        return found


def moments_of(filters: Filters, value: slice) -> tuple[dt.datetime | None, dt.datetime | None]:
    """The first moment of a range of days and the first after it, by the calendar of the site that the list is
    filtered by, else of the visitor's; None where the range is open."""
    site = filters.form.cleaned_data.get("site")
    zone = ZoneInfo(site.time_zone) if site is not None else timezone.get_current_timezone()
    ends = []
    for moment, more in ((value.start, 0), (value.stop, 1)):
        day = None if moment is None else timezone.localdate(moment) + dt.timedelta(days=more)
        ends.append(None if day is None else dt.datetime.combine(day, dt.time.min, tzinfo=zone))
    return ends[0], ends[1]


def _say_all(field: Any) -> None:
    """An unset choice reads "All"; days are chosen from a calendar."""
    if getattr(field, "empty_label", None):
        field.empty_label = _("All")
    if isinstance(field, forms.ChoiceField) and not hasattr(field, "queryset"):
        field.widget.choices = [(key, _("All") if key == "" else label) for key, label in field.widget.choices]
    if isinstance(field.widget, forms.NullBooleanSelect):
        field.widget.choices = [("unknown", _("All")), ("true", _("Yes")), ("false", _("No"))]
    widgets = getattr(field.widget, "widgets", [field.widget])
    if len(widgets) == 2:
        for widget, end in zip(widgets, (_("from"), _("to")), strict=True):
            widget.attrs["aria-label"] = f"{field.label}, {end}"
    for widget in widgets:
        if type(widget) is forms.DateInput or (type(widget) is forms.TextInput and _is_date(field)):
            widget.input_type = "date"


def _is_date(field: Any) -> bool:
    return any(isinstance(inner, forms.DateField) for inner in getattr(field, "fields", ()))


def _shown(field: Any, value: Any) -> str:
    if value is True:
        return str(_("yes"))
    if value is False:
        return str(_("no"))
    if isinstance(value, slice):
        return f"{value.start or '…'} – {value.stop or '…'}"
    choices = {str(key): str(label) for key, label in getattr(field, "choices", ())} if _is_listed(field) else {}
    values = value if isinstance(value, list | tuple | QuerySet) else [value]
    return ", ".join(choices.get(str(item), str(item)) for item in values)


def _is_listed(field: Any) -> bool:
    return hasattr(field, "choices") and not hasattr(field, "queryset")


def search(queryset: QuerySet[Any], words: str, fields: Iterable[str]) -> QuerySet[Any]:
    """Rows in which every word stands in one of the fields (upper and lower case alike)."""
    names = list(fields)
    for word in words.split()[:8]:
        match = Q()
        for name in names:
            match |= Q(**{f"{name}__icontains": word})
        queryset = queryset.filter(match)
    return queryset
