"""Single values of an event: texts, URIs, times, numbers, words; each refused in words where it is none."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from core.kernel.gs1 import Gs1Error
from core.kernel.gs1.epc import read_epc
from integrations.formats.epcis import vocabulary as cbv
from integrations.formats.epcis.problems import Trouble

TIME = re.compile(
    r"\d{4}-(?:1[0-2]|0[1-9])-(?:3[01]|0[1-9]|[12]\d)T(?:2[0-3]|[01]\d):[0-5]\d:[0-5]\d(\.\d+)?"
    r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))",
    re.ASCII,
)
OFFSET = re.compile(r"[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00)", re.ASCII)
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})+"
                 r"(?:#(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*)?")  # fmt: skip
UOM = re.compile(r"[A-Z0-9]{2,3}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
LONGEST_TEXT = 4_000
LONGEST_URI = 1_000
SCALE = 15
ACTIONS = ("ADD", "OBSERVE", "DELETE")


class Values:
    """Reads values of one event of the document; what is wrong is added to `troubles`."""

    def __init__(self, which: int, *, is_xml: bool) -> None:
        self.which, self.is_xml = which, is_xml
        self.troubles: list[Trouble] = []

    def wrong(self, field: str, code: str, message: str) -> None:
        """Note a reason for a refusal."""
        self.troubles.append(Trouble(self.which, field, code, message))

    def text(self, field: str, value: Any, longest: int = LONGEST_TEXT) -> str:
        """A text that both forms can hold."""
        if not isinstance(value, str):
            self.wrong(field, "kind", _("A text is wanted."))
            return ""
        if len(value) > longest:
            self.wrong(field, "long", _("It has more than %(most)s characters.") % {"most": longest})
        elif NOT_IN_XML.search(value):
            self.wrong(field, "characters", _("It holds a character that XML cannot hold."))
        return value

    def uri(self, field: str, value: Any) -> str:
        """An absolute URI (RFC 3986); a GS1 key in it must be right, check digit and all."""
        text = self.text(field, value, LONGEST_URI)
        if not text or self.troubles and self.troubles[-1].field == field:
            if text == "" and isinstance(value, str):
                self.wrong(field, "uri", _("“%(value)s” is no URI.") % {"value": ""})
            return text
        if not URI.fullmatch(text) or not _has_host(text):
            self.wrong(field, "uri", _("“%(value)s” is no URI.") % {"value": shown(text)})
            return text
        try:
            read_epc(text)
        except Gs1Error as error:
            self.wrong(field, "epc", f"{shown(text)}: {error}")
        return text

    def moment(self, field: str, value: Any) -> dt.datetime:
        """A time with its zone."""
        nothing = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
        text = self.text(field, value, 40)
        if not TIME.fullmatch(text):
            said = _("“%(value)s” is no time with a zone, such as 2026-01-31T14:00:00+01:00.")
            self.wrong(field, "time", said % {"value": shown(value)})
            return nothing
        try:
            found = dt.datetime.fromisoformat(text)
            found.astimezone(dt.UTC)
        except (ValueError, OverflowError):
            self.wrong(field, "time", _("“%(value)s” is no day of the calendar.") % {"value": shown(value)})
            return nothing
        return found

    def offset(self, field: str, value: Any) -> str:
        """An offset from UTC as `+01:00`."""
        text = self.text(field, value, 40)
        if not OFFSET.fullmatch(text):
            self.wrong(field, "offset", _("“%(value)s” is no offset such as +01:00.") % {"value": shown(value)})
        return text

    def action(self, field: str, value: Any) -> str:
        """ADD, OBSERVE or DELETE."""
        if value not in ACTIONS:
            self.wrong(field, "action", _("“%(value)s” is none of ADD, OBSERVE, DELETE.") % {"value": shown(value)})
        return str(value)

    def word(self, field: str, value: Any, vocabulary: cbv.Vocabulary) -> str:
        """A word of a vocabulary of the standard, or the address of one of somebody else's."""
        text = self.text(field, value, LONGEST_URI)
        found = vocabulary.word(text)
        if found is None:
            said = _("“%(value)s” is no word of the Core Business Vocabulary 2.0 for this field.")
            self.wrong(field, "vocabulary", said % {"value": shown(value)})
            return ""
        return found if found in vocabulary.words else self.uri(field, found)

    def number(self, field: str, value: Any) -> Decimal:
        """A decimal number."""
        if isinstance(value, str) and self.is_xml:
            try:
                value = Decimal(value.strip())
            except InvalidOperation:
                value = None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            self.wrong(field, "number", _("A number is wanted."))
            return Decimal(0)
        found = Decimal(value)
        exponent = found.as_tuple().exponent
        if not isinstance(exponent, int) or exponent < -SCALE or found.adjusted() >= SCALE:
            self.wrong(field, "number", _("It is no number of at most 15 digits before and after the point."))
            return Decimal(0)
        return found

    def listed(self, field: str, value: Any) -> list[Any]:
        """A list."""
        if not isinstance(value, list):
            self.wrong(field, "kind", _("A list is wanted."))
            return []
        return value

    def fields(self, field: str, value: Any, known: tuple[str, ...]) -> Mapping[str, Any]:
        """An object with no other fields than these."""
        if not isinstance(value, dict):
            self.wrong(field, "kind", _("An object is wanted."))
            return {}
        for key in value:
            if key not in known:
                self.wrong(f"{field}.{key}", "unknown", _("There is no such field."))
        return value


def plain(value: Decimal) -> str:
    """A number without an exponent and without zeros at its end."""
    return f"{value.normalize():f}" if value else "0"


def shown(value: Any) -> str:
    """A value as a refusal quotes it."""
    return str(value)[:120]


def _has_host(uri: str) -> bool:
    if not uri.lower().startswith(("http:", "https:")):
        return True
    try:
        parts = urlsplit(uri)
        return bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
