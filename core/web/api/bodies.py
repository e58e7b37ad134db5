"""A JSON body as what a form reads: strict about its syntax, its types and its names, before any form sees it."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.utils.datastructures import MultiValueDict
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.web.api.problems import Problem

DEEPEST = 8
LONGEST_NUMBER = 40
DECIMAL = re.compile(r"-?[0-9]{1,30}([.,][0-9]{1,30})?")
WANTED: Mapping[str, str | Promise] = {
    "string": gettext_lazy("text"),
    "boolean": gettext_lazy("true or false"),
    "integer": gettext_lazy("a whole number"),
    "number": gettext_lazy("a number, or a number as text"),
    "date": gettext_lazy("a day as 2026-01-31"),
    "date-time": gettext_lazy("a time as 2026-01-31T14:00:00Z"),
    "array": gettext_lazy("a list"),
}


def kind_of(field: forms.Field) -> str:
    """Which JSON value a form field takes."""
    if isinstance(field, (forms.ModelMultipleChoiceField, forms.MultipleChoiceField)):
        return "array"
    if isinstance(field, forms.NullBooleanField | forms.BooleanField):
        return "boolean"
    if isinstance(field, forms.ModelChoiceField):
        return "string" if field.to_field_name else "integer"
    if isinstance(field, forms.DecimalField | forms.FloatField):
        return "number"
    if isinstance(field, forms.IntegerField):
        return "integer"
    if isinstance(field, forms.DateTimeField):
        return "date-time"
    return "date" if isinstance(field, forms.DateField) else "string"


def has_file(fields: Mapping[str, forms.Field]) -> bool:
    """Whether a form takes a file: its operation takes multipart/form-data."""
    return any(isinstance(field, forms.FileField) for field in fields.values())


def is_multipart(request: HttpRequest) -> bool:
    """Whether the body is a form with files, as `curl -F` sends it."""
    return request.content_type == "multipart/form-data"


def read_parts(request: HttpRequest) -> tuple[dict[str, Any], MultiValueDict[str, Any]]:
    """The texts and the files of a multipart body. Raises `Problem`."""
    try:
        texts, files = request.POST, request.FILES
    except MultiPartParserError as error:
        raise Problem(400, _("The body is no multipart/form-data: %(why)s") % {"why": str(error)[:200]}) from error
    names = [*texts, *files]
    if len(set(names)) != len(names) or any(len(texts.getlist(name)) != 1 for name in texts):
        raise Problem(400, _("A name stands twice in the body."))
    body = {name: str(texts[name]) for name in texts}
    _check(body, 0)
    return body, files


def read_body(request: HttpRequest) -> dict[str, Any]:
    """The JSON object in the body; an empty body is an empty object. Raises `Problem`."""
    raw = request.body
    if not raw:
        return {}
    if request.content_type != "application/json":
        raise Problem(415, _("Send the body with the content type application/json."))
    try:
        body = json.loads(
            raw.decode("utf-8"), parse_float=_number, parse_int=_number, parse_constant=_constant,
            object_pairs_hook=_object,
        )  # fmt: skip
    except (ValueError, RecursionError) as error:
        raise Problem(400, _("The body is no JSON: %(why)s") % {"why": str(error)[:200]}) from error
    if not isinstance(body, dict):
        raise Problem(400, _("The body must be a JSON object."))
    _check(body, 0)
    return body


def _number(text: str) -> Decimal | int:
    if len(text) > LONGEST_NUMBER:
        raise Problem(400, _("A number has at most %(limit)s digits.") % {"limit": LONGEST_NUMBER})
    return int(text) if text.lstrip("-").isdigit() else Decimal(text)


def _constant(text: str) -> Any:
    raise Problem(400, _("%(text)s is no JSON number.") % {"text": text})


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Problem(400, _("A name stands twice in an object of the body."))
    return found


def _check(value: Any, depth: int) -> None:
    """Refuse what no field takes: NUL and half characters, and nests without end."""
    if depth > DEEPEST:
        raise Problem(400, _("The body is nested too deeply."))
    if isinstance(value, str) and not is_text(value):
        raise Problem(400, _("A text of the body holds a character that cannot be stored."))
    if isinstance(value, dict):
        for name, one in value.items():
            _check(name, depth + 1)
            _check(one, depth + 1)
    elif isinstance(value, list):
        for one in value:
            _check(one, depth + 1)


def is_text(value: str) -> bool:
    """Whether PostgreSQL can store the text."""
    return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)


def refuse_unknown(fields: Iterable[str], given: Iterable[str]) -> None:
    """Refuse names that the operation does not have. Raises `Problem`."""
    unknown = sorted(set(given) - set(fields))
    if unknown:
        lines = [{"field": name[:80], "code": "unknown", "message": _("There is no such field.")} for name in unknown]
        raise Problem(400, _("The body names fields that this operation does not have."), errors=lines)


def parts_data(fields: Mapping[str, forms.Field], texts: Mapping[str, str]) -> QueryDict:
    """The texts of a multipart body as a browser would send them: the form reads them. Raises `Problem`."""
    data = QueryDict(mutable=True)
    for name, text in texts.items():
        if kind_of(fields[name]) != "boolean" or text == "true":
            data[name] = text
    return data


def form_data(fields: Mapping[str, forms.Field], body: Mapping[str, Any]) -> QueryDict:
    """The values of the body as a browser would send them. Raises `Problem` for wrong types."""
    data, wrong = QueryDict(mutable=True), []
    for name, value in body.items():
        kind = kind_of(fields[name])
        many = value if kind == "array" and isinstance(value, list) else [value]
        texts = [_text("element" if kind == "array" else kind, one) for one in many]
        if value is None:
            continue
        if (kind == "array" and not isinstance(value, list)) or None in texts:
            said = _("Give %(wanted)s.") % {"wanted": WANTED[kind]}
            wrong.append({"field": name, "code": "type", "message": said})
        elif kind != "boolean" or value:  # an unticked box is not sent
            data.setlist(name, [text for text in texts if text is not None])
    if wrong:
        raise Problem(400, _("Some values have the wrong type."), errors=wrong)
    return data


def _text(kind: str, value: Any) -> str | None:
    """The value as form text, or None where it is of another kind."""
    if kind == "boolean":
        return "on" if isinstance(value, bool) else None
    if isinstance(value, bool):
        return None
    if kind == "integer":
        return str(value) if isinstance(value, int) else None
    if kind == "element":
        return str(value) if isinstance(value, int | str) else None
    if kind == "number":
        text = f"{value:f}" if isinstance(value, int | Decimal) and abs(value) < 10**LONGEST_NUMBER else value
        return text if isinstance(text, str) and DECIMAL.fullmatch(text) else None
    if not isinstance(value, str):
        return None
    return value if kind == "string" or _is_moment(kind, value) else None


def _is_moment(kind: str, text: str) -> bool:
    try:
        if kind == "date":
            return len(text) == 10 and bool(dt.date.fromisoformat(text))
        found = parse_datetime(text)
    except ValueError:
        return False
    return found is not None and found.tzinfo is not None
