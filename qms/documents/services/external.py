"""External documents: which edition the plant uses, and whether somebody looked for a newer one in time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.clock import now
from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from core.organization.services import require
from core.worklist.models import Assignment, Kind
from core.worklist.services import assign, complete_for
from qms.documents.models import EditionCheck, ExternalDocument
from qms.documents.queries.external import checks_to_ask_for
from qms.documents.queries.periodic import months_later

CHANGE = "qms_documents.change_externaldocument"


@service
def create_external_document(
    *, number: str, title: str, publisher: str, edition: str, actor: Any, site: Site | None = None, owner: Any = None,
    place: str = "", check_months: int = 12, reason: str = "",
) -> ExternalDocument:  # fmt: skip
    """Add a document of somebody else to the register; the edition is looked at for the first time after the interval.

    Raises `Blocked` for a number that stands there already.
    """
    require(actor, CHANGE, site)
    known = ExternalDocument.objects.filter(site=site, number=number.strip()).first()
    if known is not None:
        said = _("There is an external document %(number)s already.") % {"number": number}
        raise Blocked(
            Blocker("number_taken", said, record=known, remedy=_("Open it."), remedy_url=known.get_absolute_url())
        )
    made = ExternalDocument(
        site=site, number=number.strip(), title=title.strip(), publisher=publisher.strip(), edition=edition.strip(),
        place=place.strip(), owner=owner or actor, check_months=check_months,
        next_check_on=months_later(now().date(), check_months),
    )  # fmt: skip
    made.save()
    return made


@service
def change_external_document(
    *, external_document: ExternalDocument, title: str, publisher: str, edition: str, place: str, owner: Any,
    check_months: int, next_check_on: dt.date, is_active: bool, actor: Any, reason: str,
) -> ExternalDocument:  # fmt: skip
    """Change what the register says, such as the edition that is used from now on, with a reason."""
    locked = (
        ExternalDocument.objects.select_for_update(of=("self",)).select_related("site").get(pk=external_document.pk)
    )
    require(actor, CHANGE, locked)
    locked.title, locked.publisher, locked.edition = title.strip(), publisher.strip(), edition.strip()
    locked.place, locked.owner, locked.check_months = place.strip(), owner, check_months
    locked.next_check_on, locked.is_active = next_check_on, is_active
    locked.save()
    return locked


@service
def check_edition(
    *, external_document: ExternalDocument, latest_edition: str, source: str, actor: Any, conclusion: str = "",
    reason: str = "",
) -> EditionCheck:  # fmt: skip
    """Record which edition is the latest and where that was found; a newer one needs a conclusion.

    The owner is asked to see to it when the plant uses an older one.
    """
    locked = (
        ExternalDocument.objects.select_for_update(of=("self",))
        .select_related("site", "owner")
        .get(pk=external_document.pk)
    )
    require(actor, CHANGE, locked)
    is_current = latest_edition.strip() == locked.edition
    if not is_current and not conclusion.strip():
        raise Blocked(
            Blocker(
                "no_conclusion",
                _("%(latest)s is newer than the edition in use, %(used)s.")
                % {"latest": latest_edition, "used": locked.edition},
                record=locked,
                remedy=_("Say what follows from it."),
            )
        )
    made = EditionCheck.objects.create(
        external_document=locked, latest_edition=latest_edition.strip(), used_edition=locked.edition,
        source=source.strip(), conclusion=conclusion.strip(),
    )  # fmt: skip
    today = now().date()
    locked.last_checked_on, locked.next_check_on = today, months_later(today, locked.check_months)
    locked.save()
    complete_for(subject=locked, kind=Kind.REVIEW, actor=actor)
    if not is_current:
        title = _("%(document)s: edition %(latest)s is out") % {"document": locked, "latest": made.latest_edition}
        assign(subject=locked, kind=Kind.ACTION, title=title, to_user=locked.owner, actor=actor)
    return made


@service
def ask_for_checks(*, actor: Any) -> list[Assignment]:
    """Ask the owners of external documents whose check is due, once each."""
    return [
        assign(
            subject=one,
            kind=Kind.REVIEW,
            title=_("Check the edition of %(document)s") % {"document": one},
            to_user=one.owner,
            due_at=dt.datetime.combine(one.next_check_on, dt.time(12), tzinfo=dt.UTC),
            actor=actor,
        )
        for one in checks_to_ask_for()
    ]
