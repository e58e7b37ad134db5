"""Forms that are filled in: pinned to the revision of the form, signed, verified by another person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.lifecycle.services import attempt, begin
from core.organization.models import Site
from core.organization.services import draw_numbers, require
from qms.documents.models import DocumentRevision, FilledForm

FILL = "qms_documents.fill_filledform"
LONGEST = 2_000


@service
def begin_form(*, revision: DocumentRevision, site: Site, actor: Any, about: str = "", reason: str = "") -> FilledForm:
    """Begin to fill in the effective revision of a form; it stays that revision's, whatever follows.

    Raises `Blocked` for a revision that is not effective or has no fields.
    """
    locked = DocumentRevision.objects.select_related("document__site").get(pk=revision.pk)
    require(actor, FILL, site)
    attempt(locked, "fill_in", actor=actor)
    if locked.document.site_id not in (None, site.pk):
        said = _("%(form)s is not valid at %(site)s.") % {"form": locked.document, "site": site}
        raise Blocked(Blocker("other_site", said, record=locked, remedy=_("Choose the site that it is valid at.")))
    number = draw_numbers(None, f"{locked.document.number[:22]}-R", 1)
    form = FilledForm(
        revision=locked, site=site, number=f"{locked.document.number}-R{number:05d}", about=about.strip(),
        filled_by=actor,
    )  # fmt: skip
    return begin(form, actor=actor)


@service
def fill_form(*, form: FilledForm, values: Mapping[str, Any], actor: Any, reason: str = "") -> FilledForm:
    """Write values into a form that is being filled in; fields that are not named keep theirs.

    A value outside its limits is kept, and said to be. Raises `Blocked` for a value of another kind.
    """
    rows = FilledForm.objects.select_for_update(of=("self",)).select_related("revision__document", "site")
    locked = rows.get(pk=form.pk)
    require(actor, FILL, locked)
    attempt(locked, "edit", actor=actor)
    fields = {field["code"]: field for field in locked.revision.form_fields or ()}
    wrong = [_("There is no field %(code)s.") % {"code": code} for code in values if code not in fields]
    kept = dict(locked.values)
    for code, given in values.items():
        if code in fields:
            kept[code] = _typed(fields[code], given, wrong)
    if wrong:
        raise Blocked([Blocker("form_value", text, record=locked, remedy=_("Correct the value.")) for text in wrong])
    locked.values = {code: kept[code] for code in fields if kept.get(code) not in (None, "")}
    locked.save()
    return locked


def _typed(field: Mapping[str, Any], given: Any, wrong: list[str]) -> Any:
    if isinstance(given, bool):
        return given if field["kind"] == "check" else str(given)
    text = str(given if given is not None else "").strip()
    words = {"field": field["label"], "text": text[:60]}
    if len(text) > LONGEST:
        wrong.append(_("%(field)s: the text is too long.") % words)
    if not text or field["kind"] == "text":
        return text
    try:
        if field["kind"] == "number":
            number = Decimal(text.replace(",", "."))
            if not number.is_finite():
                raise InvalidOperation
            return format(number, "f")
        if field["kind"] == "date":
            return dt.date.fromisoformat(text).isoformat()
    except (InvalidOperation, ValueError):
        wrong.append(_("%(field)s: “%(text)s” is no such value.") % words)
        return ""
    if field["kind"] == "choice" and text not in field["choices"]:
        wrong.append(_("%(field)s: “%(text)s” is none of the choices.") % words)
    if field["kind"] == "check":
        return text.lower() in ("true", "yes", "on", "1")
    return text
