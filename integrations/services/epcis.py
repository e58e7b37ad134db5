"""Events of others are taken in: whole documents or nothing, each event once, and never as stock of ours.

What stock we have is the word of whoever owns it (`SystemOfRecord`); an event of a supplier or a logistics partner is
what they say. It is kept, found by its things, and shown beside our own lots and units.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from core.files import blobs
from core.files.media import clean_name
from core.files.services import record_attachment
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.gs1 import Gs1Error
from core.kernel.gs1.epc import Epc, read_epc
from core.organization.models import Site
from core.organization.services import require
from integrations.formats.epcis import Document, EpcisError, Event, Trouble, event_text, read_document
from integrations.formats.epcis.documents import MAX_BYTES, XML_TYPE
from integrations.formats.epcis.identity import digest_of
from integrations.models import EpcisCapture, EpcisEvent, EpcisThing

CAPTURE = "integrations.capture_epcisevent"
LONGEST_NAME = 200


class EpcisRefused(Blocked):
    """The document is refused; `troubles` says which event and which field."""

    def __init__(self, troubles: Sequence[Trouble]) -> None:
        self.troubles = tuple(troubles)
        remedy = _("Nothing of the document was taken in. Put it right, then send it again.")
        super().__init__([Blocker(f"epcis_{one.code}", str(one), remedy=remedy) for one in troubles])


class Looked:
    """What a document holds, and which of its events the site knows already."""

    def __init__(self, document: Document, site: Site) -> None:
        self.document = document
        self.digests = [digest_of(event) for event in document.events]
        there = EpcisEvent.objects.filter(site=site)
        self.known = set(there.filter(digest__in=self.digests).values_list("digest", flat=True))
        ids = [event.event_id for event in document.events if event.event_id]
        self.taken = dict(
            there.filter(event_id__in=ids, declares_error=False).values_list("event_id", "digest") if ids else ()
        )

    def troubles(self) -> list[Trouble]:
        """Ids that already stand for something else. A declaration of an error has the id of what it is about."""
        found, taken = [], dict(self.taken)
        for number, (event, digest) in enumerate(zip(self.document.events, self.digests, strict=True), 1):
            if not event.event_id or event.error is not None:
                continue
            if taken.setdefault(event.event_id, digest) != digest:
                said = _("Another event of this id says something else.")
                found.append(Trouble(number, "eventID", "id_taken", said))
        return found

    def new(self) -> list[tuple[Event, str]]:
        """The events that are not known yet, each once."""
        found: dict[str, Event] = {}
        for event, digest in zip(self.document.events, self.digests, strict=True):
            if digest not in self.known:
                found.setdefault(digest, event)
        return [(event, digest) for digest, event in found.items()]


def look_at_document(data: bytes, site: Site) -> Looked:
    """Read a document and say what would become of its events; nothing is written. Raises `EpcisRefused`."""
    try:
        looked = Looked(read_document(data), site)
    except EpcisError as error:
        raise EpcisRefused(error.troubles) from error
    if troubles := looked.troubles():
        raise EpcisRefused(troubles)
    return looked


@service
def capture_document(*, site: Site, data: bytes, actor: Any, source: str = "", file_name: str = "") -> EpcisCapture:
    """Take in a document of EPCIS events at a site, all or nothing; an event that is known is not kept again.

    The same document sent again gives back what was captured then. Raises `EpcisRefused` with every reason, `Blocked`
    without the right. Nothing of our stock, lots or units changes.
    """
    require(actor, CAPTURE, site)
    sha256 = hashlib.sha256(data).hexdigest()
    _one_at_a_time(site)
    before = EpcisCapture.objects.filter(site=site, file_sha256=sha256).order_by("pk").first()
    if before is not None:
        return before
    looked = look_at_document(data, site)
    new = looked.new()
    capture = EpcisCapture.objects.create(
        site=site,
        source=source.strip()[:LONGEST_NAME],
        file_name=file_name[:LONGEST_NAME],
        media_type=looked.document.media_type,
        file_sha256=sha256,
        new_events=len(new),
        known_events=len(looked.digests) - len(new),
    )
    _keep_events(capture, new, looked.document)
    _keep_document(capture, data, actor)
    return capture


def _one_at_a_time(site: Site) -> None:
    """A second document of the site waits here and then sees what the first one brought."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"epcis {site.pk}"])


def _keep_events(capture: EpcisCapture, new: Sequence[tuple[Event, str]], document: Document) -> None:
    rows = EpcisEvent.objects.bulk_create(
        EpcisEvent(
            capture=capture,
            site_id=capture.site_id,
            event_type=event.type,
            event_id=event.event_id,
            digest=digest,
            event_time=event.event_time,
            action=getattr(event, "action", ""),
            biz_step=event.biz_step,
            disposition=event.disposition,
            read_point=event.read_point,
            biz_location=event.biz_location,
            declares_error=event.error is not None,
            content=event_text(event, document.namespaces),
        )
        for event, digest in new
    )
    EpcisThing.objects.bulk_create(
        thing for row, (event, _digest) in zip(rows, new, strict=True) for thing in _things(row, event)
    )


def _things(row: EpcisEvent, event: Event) -> list[EpcisThing]:
    found = []
    for role, uri, quantity in event.things():
        epc = _named(uri)
        found.append(
            EpcisThing(
                event=row,
                role=role,
                is_class=quantity is not None,
                uri=uri,
                gtin=epc.gtin,
                lot_number=epc.lot,
                serial=epc.serial if epc.kind == "sgtin" else "",
                quantity=None if quantity is None else quantity.quantity,
                uom="" if quantity is None else quantity.uom,
            )
        )
    return found


def _named(uri: str) -> Epc:
    try:
        return read_epc(uri) or Epc("other")
    except Gs1Error:  # it was read before, so it is right; nothing is lost where a rule has become stricter
        return Epc("other")


def _keep_document(capture: EpcisCapture, data: bytes, actor: Any) -> None:
    """The document stays with its capture, byte for byte."""
    is_xml = capture.media_type == XML_TYPE
    media_type = "text/plain" if is_xml else "application/json"  # XML is handed out as text: no browser runs it
    blob = blobs.store([data], limit=MAX_BYTES)
    name = clean_name(capture.file_name or "epcis", media_type)
    record_attachment(
        to=capture, blob=blob, media_type=media_type, name=name, caption=_("The document as it came"), actor=actor
    )
