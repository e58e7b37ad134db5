"""Legal holds, and the lists of who has to read a document."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Role
from core.organization.services import require
from qms.documents.models import Document, LegalHold, Reader

HOLD = "qms_documents.change_legalhold"
READERS = "qms_documents.change_reader"


@service
def place_legal_hold(*, document: Document, actor: Any, reason: str) -> LegalHold:
    """Keep a document whatever its retention class says, with a reason. Raises `Blocked` while it is held already."""
    require(actor, HOLD, document)
    locked = Document.objects.select_for_update(of=("self",)).select_related("site").get(pk=document.pk)
    known = locked.legal_holds.filter(released_at__isnull=True).first()
    if known is not None:
        said = _("%(document)s is under legal hold already.") % {"document": locked}
        raise Blocked(
            Blocker("held", said, record=known, remedy=_("Open the hold."), remedy_url=known.get_absolute_url())
        )
    hold = LegalHold(document=locked, reason=reason.strip(), placed_by=actor, placed_at=now())
    hold.save()
    return hold


@service
def release_legal_hold(*, legal_hold: LegalHold, actor: Any, reason: str) -> LegalHold:
    """End a legal hold, with a reason."""
    locked = LegalHold.objects.select_for_update(of=("self",)).select_related("document__site").get(pk=legal_hold.pk)
    require(actor, HOLD, locked)
    if locked.released_at is not None:
        said = _("This hold was released already.")
        raise Blocked(Blocker("released", said, record=locked, remedy=_("Nothing is to be done.")))
    locked.released_by, locked.released_at = actor, now()
    locked.save()
    return locked


@service
def add_reader(
    *, document: Document, actor: Any, user: Any = None, role: Role | None = None, reason: str = ""
) -> Reader:
    """Put a person, or whoever holds a role, on the read list of a document. Raises `Blocked` for a second entry."""
    require(actor, READERS, document)
    if (user is None) == (role is None):
        said = _("Name either a person or a role.")
        raise Blocked(Blocker("reader", said, record=document, remedy=_("Choose one of them.")))
    if Reader.objects.filter(document=document, user=user, role=role).exists():
        said = _("%(who)s stands on the list already.") % {"who": user or role}
        raise Blocked(Blocker("reader_twice", said, record=document, remedy=_("Nothing is to be done.")))
    reader = Reader(document=document, user=user, role=role)
    reader.save()
    return reader


@service
def remove_reader(*, reader: Reader, actor: Any, reason: str) -> Document:
    """Take an entry off a read list, with a reason; its history stays."""
    require(actor, READERS, reader)
    document = reader.document
    reader.delete()
    return document
