"""What is read of events: our own rows as events, and those that others told of."""

from integrations.queries.asking import PARAMETERS, Asked, Wrong, read_query
from integrations.queries.captured import read_content, things_named
from integrations.queries.events import BadToken, EventPage, about, count_events, events_of, events_page
from integrations.queries.names import lot_uri, unit_uri
from integrations.queries.wanted import CAPTURED, OWN, Wanted

__all__ = (
    "CAPTURED",
    "OWN",
    "PARAMETERS",
    "Asked",
    "BadToken",
    "EventPage",
    "Wanted",
    "Wrong",
    "about",
    "count_events",
    "events_of",
    "events_page",
    "lot_uri",
    "read_content",
    "read_query",
    "things_named",
    "unit_uri",
)
