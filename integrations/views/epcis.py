"""EPCIS events: the list of ours and of those that others told of, each in words, and documents that come and go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.queries import sites_of
from core.web.access import held
from core.web.export import streamed
from core.web.markup import site_time
from core.web.services import report_export
from core.web.views import Fact
from core.web.views.record import Page, RecordPage, zone_of
from integrations.formats.epcis import Event, event_text, write_json, write_xml
from integrations.formats.epcis.documents import JSON_TYPE, XML_TYPE
from integrations.formats.epcis.writing_xml import event_element
from integrations.forms.epcis import EventsForm
from integrations.models import EpcisEvent
from integrations.queries import (
    CAPTURED,
    BadToken,
    Wanted,
    count_events,
    events_of,
    events_page,
    lot_uri,
    read_content,
    unit_uri,
)
from integrations.queries.sources import Told
from integrations.queries.telling import ACTIONS, headline, kind_of, name_of, paper, things_told, word
from integrations.queries.wanted import ANY_ROLE, Match, records_named
from integrations.services.epcis import CAPTURE
from traceability.models import Lot, SerializedUnit
from traceability.views.trace import LotTrace, UnitTrace

SEE = "integrations.view_epcisevent"
ROWS = 50
SHOWN_THINGS = 3
FORMS = {"jsonld": (JSON_TYPE, write_json), "xml": (XML_TYPE, write_xml)}


def as_file(kind: str, request: HttpRequest, wanted: Wanted, sites: list[int], name: str) -> HttpResponseBase:
    """Every event that is asked for as one document, sent while it is read; that it leaves is published first."""
    media_type, write = FORMS[kind]
    report_export(
        page=request.path,
        query=request.GET.urlencode(),
        format=f"epcis-{kind}",
        rows=count_events(wanted, sites),
        actor=request.user,
    )
    moment = now()
    known = {"cbvmda": "urn:epcglobal:cbv:mda:"}
    lines = write(iter(events_of(wanted, sites)), created=moment, preferred=known)
    return streamed(lines, request, content_type=media_type, name=f"{name}-{moment:%Y%m%d-%H%M}.{kind}")


@dataclass(frozen=True)
class Line:
    """An event in the list."""

    told: Told
    what: str
    kind: str
    things: list[Any]
    more: int
    url: str

    @property
    def is_ours(self) -> bool:
        """Whether it was made of our own rows."""
        return self.told.origin != CAPTURED


class EpcisBase(Page):
    """What these pages share: the sites whose events the visitor may see."""

    permission = SEE

    @cached_property
    def sites(self) -> list[int]:
        """The sites whose events are shown."""
        return list(sites_of(self.request.user, SEE).values_list("pk", flat=True))

    def listed(self) -> list[tuple[Any, str]]:
        """The way to the list."""
        return [(_("EPCIS events"), reverse("integrations:epcisevent_list"))]

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*self.listed(), (self.page_title(), "")]

    def lines(self, told: tuple[Told, ...]) -> list[Line]:
        """Events in words, with our own records where they name some."""
        records = records_named({uri for one in told for _role, uri, _quantity in one.event.things()}, self.sites)
        found = []
        for one in told:
            things = things_told(one.event, records, brief=True)
            url = (
                reverse("integrations:epcisevent_detail", args=[one.key])
                if one.origin == CAPTURED
                else reverse("integrations:epcis_own", args=[one.event.event_id.removeprefix("urn:uuid:")])
            )
            found.append(
                Line(
                    one, headline(one.event), kind_of(one.event), things[:SHOWN_THINGS], len(things) - SHOWN_THINGS, url
                )
            )
        return found


class EpcisEvents(EpcisBase):
    """Our own events and those that others told of, the latest first, filtered; all of them as a document."""

    template_name = "integrations/epcisevent_list.html"
    title = _("EPCIS events")

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(self.title, "")]

    @cached_property
    def form(self) -> EventsForm:
        """What the address asks for."""
        return EventsForm(self.request.GET)

    def uris(self) -> list[str]:
        """The addresses of what is asked for by its number, or the address itself."""
        text = str(self.form.cleaned_data["thing"]).strip()
        if ":" in text or not text:
            return [text] if text else []
        lots = Lot.objects.filter(Q(number=text) | Q(supplier_lot=text), site__in=self.sites)
        units = SerializedUnit.objects.filter(serial=text, site__in=self.sites)
        return [
            *(lot_uri(lot) for lot in lots.select_related("material")[:ROWS]),
            *(unit_uri(unit) for unit in units.select_related("material")[:ROWS]),
        ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        notices = []
        if not self.form.is_valid():
            notices = [
                f"{self.form.fields[name].label}: {' '.join(map(str, said))}" for name, said in self.form.errors.items()
            ]
            return self.render(form=self.form, notices=notices, lines=[], next="", status=400)
        wanted = self.form.wanted(self.uris())
        if request.GET.get("export") in FORMS:
            return as_file(request.GET["export"], request, wanted, self.sites, "epcis")
        try:
            page = events_page(wanted, self.sites, limit=ROWS, token=request.GET.get("after", ""), descending=True)
        except BadToken:
            notices = [_t("That page of the list no longer exists; this is the first one.")]
            page = events_page(wanted, self.sites, limit=ROWS, descending=True)
        may_capture = CAPTURE in held(request)
        return self.render(
            form=self.form, notices=notices, lines=self.lines(page.told), next=page.next, may_capture=may_capture
        )


def facts_of(event: Event, zone: Any) -> list[Fact]:
    """What an event says, in words."""
    found = [
        Fact(_("What happened"), headline(event)),
        Fact(_("Kind"), kind_of(event)),
        Fact(_("When"), site_time(event.event_time, zone)),
        Fact(_("Action"), ACTIONS.get(getattr(event, "action", ""), "")),
        Fact(_("State afterwards"), word(event.disposition).capitalize()),
        Fact(_("Seen at"), name_of(event.read_point) if event.read_point else ""),
        Fact(_("Is now at"), name_of(event.biz_location) if event.biz_location else ""),
    ]
    if event.transactions:
        said = ", ".join(paper(one.type, one.id) for one in event.transactions)
        found.append(Fact(_("Papers"), said, wide=True))
    for label, given in ((_("From"), event.sources), (_("To"), event.destinations)):
        found.append(Fact(label, ", ".join(name_of(one.id) for one in given)))
    if event.error is not None:
        said = word(event.error.reason).capitalize()
        found.append(Fact(_("Declared an error"), f"{site_time(event.error.declared_at, zone)} {said}".strip()))
    found.append(Fact(_("Event id"), format_html("<code>{}</code>", event.event_id), wide=True))
    return [fact for fact in found if fact.value]


class _Event(EpcisBase):
    """One event in words and in both its forms."""

    template_name = "integrations/epcisevent_detail.html"

    def shown(self, event: Event, facts: list[Fact], **more: Any) -> HttpResponseBase:
        """The page."""
        records = records_named({uri for _role, uri, _quantity in event.things()}, self.sites)
        return self.render(
            event=event,
            facts=facts,
            things=things_told(event, records),
            raw_json=event_text(event),
            raw_xml=as_xml(event),
            **more,
        )


def as_xml(event: Event) -> str:
    """The event as XML that people can read."""
    from lxml import etree  # noqa: PLC0415 - loads a large library, needed only here

    return str(etree.tostring(event_element(event), encoding="unicode", pretty_print=True))


class EpcisEventDetail(_Event, RecordPage):
    """An event that somebody told of."""

    model = EpcisEvent

    def get_queryset(self) -> QuerySet[EpcisEvent]:
        return EpcisEvent.objects.select_related("capture__actor", "site")

    @cached_property
    def event(self) -> Event:
        """What it says."""
        return read_content(self.record)

    def page_title(self) -> str:
        return headline(self.event)

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*self.listed(), (self.page_title(), "")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        capture, zone = self.record.capture, zone_of(request)
        facts = [
            *facts_of(self.event, zone),
            Fact(_("Told by"), capture),
            Fact(_("Taken in"), site_time(self.record.stamped_at, zone)),
            Fact(_("Site"), self.record.site),
        ]
        return self.shown(self.event, facts, capture=capture)


class EpcisOwn(_Event):
    """An event of ours, made of its row whenever it is asked for."""

    @cached_property
    def event(self) -> Event:
        """The event of the address, or 404."""
        asked = Wanted(event_ids=frozenset({f"urn:uuid:{self.kwargs['event']}"}), origins=frozenset({"own"}))
        found = events_page(asked, self.sites, limit=2)
        if not found.events:
            raise Http404(_t("There is no such event here."))
        return found.events[-1]  # where it was taken back, the declaration of the error

    def page_title(self) -> str:
        return headline(self.event)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.shown(self.event, facts_of(self.event, zone_of(request)), capture=None)


# --- A trace as a document ------------------------------------------------------------------------------------------


class _TraceEvents:
    """Every event of ours about what stands in a trace, as the trace is filtered."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        page: Any = self
        page.record  # noqa: B018 - nothing is said about a record that the visitor may not see
        kind = str(page.kwargs["kind"])
        if page.notices() or kind not in FORMS:
            raise Http404
        sites = list(sites_of(request.user, SEE).values_list("pk", flat=True))
        return as_file(kind, request, self.wanted(page), sites, "epcis-trace")

    def wanted(self, page: Any) -> Wanted:
        """The events that name the record or one of the rows."""
        rows = page.rows
        lots = {row.lot_id for row in rows if row.lot_id is not None}
        units = {row.unit_id for row in rows if row.unit_id is not None}
        (units if isinstance(page.record, SerializedUnit) else lots).add(page.record.pk)
        match = Match(ANY_ROLE, "any", (), frozenset(lots), frozenset(units))
        return replace(Wanted(), origins=frozenset({"own"}), matches=(match,))


class LotTraceEvents(_TraceEvents, LotTrace):
    """The trace of a lot as events."""


class UnitTraceEvents(_TraceEvents, UnitTrace):
    """The trace of a unit as events."""
