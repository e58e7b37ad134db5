"""The parameters of a query as the standard names them (EPCIS 2.0 §8.2.7.1), read into what is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from integrations.formats.epcis import vocabulary as cbv
from integrations.formats.epcis.events import KINDS
from integrations.formats.epcis.values import ACTIONS, TIME, URI, shown
from integrations.queries.wanted import ANY_ROLE, Match, Wanted

MOST_VALUES = 50
SETS = {
    "eventType": "types", "EQ_action": "actions", "EQ_bizStep": "biz_steps", "EQ_disposition": "dispositions",
    "EQ_eventID": "event_ids", "EQ_readPoint": "read_points", "EQ_bizLocation": "biz_locations",
}  # fmt: skip
TIMES = {
    "GE_eventTime": "since", "LT_eventTime": "until", "GE_recordTime": "recorded_since",
    "LT_recordTime": "recorded_until",
}  # fmt: skip
MATCHES: Mapping[str, tuple[frozenset[str], str]] = {
    "MATCH_epc": (frozenset({"epc", "child"}), "instance"),
    "MATCH_parentID": (frozenset({"parent"}), "instance"),
    "MATCH_inputEPC": (frozenset({"input"}), "instance"),
    "MATCH_outputEPC": (frozenset({"output"}), "instance"),
    "MATCH_anyEPC": (ANY_ROLE, "instance"),
    "MATCH_epcClass": (frozenset({"epc", "child"}), "class"),
    "MATCH_inputEPCClass": (frozenset({"input"}), "class"),
    "MATCH_outputEPCClass": (frozenset({"output"}), "class"),
    "MATCH_anyEPCClass": (ANY_ROLE, "class"),
}
PER_PAGE, MOST_PER_PAGE = 30, 500
PARAMETERS = (*SETS, *TIMES, *MATCHES, "perPage", "nextPageToken", "orderBy", "orderDirection")


@dataclass(frozen=True)
class Wrong(Exception):
    """A parameter that cannot be understood."""

    name: str
    message: str


@dataclass(frozen=True)
class Asked:
    """What is asked for, how many at a time, from where on, in which order."""

    wanted: Wanted
    limit: int = PER_PAGE
    token: str = ""
    descending: bool = False


def read_query(given: Mapping[str, Sequence[str]]) -> Asked:
    """The query of an address. Raises `Wrong` for the first parameter that it does not have or cannot understand."""
    for name in given:
        if name not in PARAMETERS:
            raise Wrong(name, _("There is no such filter."))
    values: dict[str, Any] = {}
    matches = []
    for name, texts in given.items():
        if name in SETS:
            values[SETS[name]] = frozenset(_value(name, text) for text in _listed(name, texts))
        elif name in TIMES:
            values[TIMES[name]] = _moment(name, texts)
        elif name in MATCHES:
            roles, kind = MATCHES[name]
            matches.append(Match(roles, kind, tuple(_uri(name, text) for text in _listed(name, texts))))
    order, direction = _one(given, "orderBy", "eventTime"), _one(given, "orderDirection", "ASC")
    if order != "eventTime":
        raise Wrong("orderBy", _("Events come by their eventTime."))
    if direction not in ("ASC", "DESC"):
        raise Wrong("orderDirection", _("It is one of: %(known)s.") % {"known": "ASC, DESC"})
    limit = _one(given, "perPage", str(PER_PAGE))
    if not limit.isascii() or not limit.isdecimal() or len(limit) > 4 or not 1 <= int(limit) <= MOST_PER_PAGE:
        raise Wrong("perPage", _("It is a number from 1 to %(most)s.") % {"most": MOST_PER_PAGE})
    wanted = replace(Wanted(), **values, matches=tuple(matches))
    return Asked(wanted, int(limit), _one(given, "nextPageToken", ""), direction == "DESC")


def _one(given: Mapping[str, Sequence[str]], name: str, otherwise: str) -> str:
    texts = given.get(name, (otherwise,))
    if len(texts) != 1:
        raise Wrong(name, _("Give one value."))
    return texts[0]


def _listed(name: str, texts: Sequence[str]) -> list[str]:
    """Several values: the parameter repeated, or commas between them."""
    found = [part for text in texts for part in text.split(",") if part]
    if not found or len(found) > MOST_VALUES:
        raise Wrong(name, _("Give 1 to %(most)s values.") % {"most": MOST_VALUES})
    return found


def _value(name: str, text: str) -> str:
    if name == "eventType":
        if text not in KINDS:
            raise Wrong(name, _("It is one of: %(known)s.") % {"known": ", ".join(KINDS)})
        return text
    if name == "EQ_action":
        if text not in ACTIONS:
            raise Wrong(name, _("It is one of: %(known)s.") % {"known": ", ".join(ACTIONS)})
        return text
    if name in ("EQ_bizStep", "EQ_disposition"):
        found = (cbv.BIZ_STEP if name == "EQ_bizStep" else cbv.DISPOSITION).word(text)
        if found is None:
            said = _("“%(value)s” is no word of the Core Business Vocabulary 2.0 for this field.")
            raise Wrong(name, said % {"value": shown(text)})
        return found
    return _uri(name, text)


def _uri(name: str, text: str) -> str:
    if not URI.fullmatch(text):
        raise Wrong(name, _("“%(value)s” is no URI.") % {"value": shown(text)})
    return text


def _moment(name: str, texts: Sequence[str]) -> dt.datetime:
    text = texts[0].replace(" ", "+") if len(texts) == 1 else ""  # a plus that was not escaped
    if not TIME.fullmatch(text):
        said = _("“%(value)s” is no time with a zone, such as 2026-01-31T14:00:00+01:00.")
        raise Wrong(name, said % {"value": shown(texts[0])})
    try:
        found = dt.datetime.fromisoformat(text)
        return found.astimezone(dt.UTC)
    except (ValueError, OverflowError) as error:
        raise Wrong(name, _("“%(value)s” is no day of the calendar.") % {"value": shown(text)}) from error
