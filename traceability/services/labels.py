"""Printing labels: each print is a fact, a second one of the same label is a reprint with its reason, all are counted.

Every door prints through `print_labels`: pages of records and lists, stations, programs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.kernel.records import subject_ref
from core.organization.models import Site
from core.organization.services import require
from core.printing.labels import LayoutProblem, Placed, place
from core.printing.models import Printer, PrintJob
from core.printing.services import render_sheet
from core.printing.services.label_files import labels_as_pdf, labels_as_zpl
from core.printing.services.queue import queue_print
from core.signing.services import Proof, sign
from traceability.models import (
    Container,
    Label,
    LabelReconciliation,
    LabelTemplate,
    Lot,
    Material,
    SerializedUnit,
    StorageLocation,
)
from traceability.queries.label_texts import KIND_OF, Labelled, layout_of, said_by, templates_for
from traceability.queries.labels import own_label
from traceability.queries.printed_labels import (
    SHEETED,
    labels_of_job,
    last_labels,
    printed_before,
    printed_count,
    sheet_label,
)
from traceability.services.movements import refuse

PRINT = "traceability.print_label"
MOST_COPIES, MOST_LABELS = 500, 2000
"""Copies of one label, and labels of one print."""
READS: dict[type[Any], tuple[str, ...]] = {
    Lot: ("site", "material", "revision"),
    SerializedUnit: ("site", "material", "lot"),
    Material: (),
    StorageLocation: ("site",),
    Container: ("site",),
}


def locked_for_labels(records: Sequence[Labelled]) -> list[Any]:
    """The records under their locks, with what their labels say: two prints of one label follow each other."""
    model: Any = type(records[0])
    rows = model._base_manager.select_for_update(of=("self",), no_key=True).select_related(*READS[model])
    return list(rows.filter(pk__in=[record.pk for record in records]).order_by("pk"))


@service
def print_labels(
    *, records: Sequence[Labelled], actor: Any, site: Site | None = None, printer: Printer | None = None,
    template: LabelTemplate | None = None, copies: int = 1, reason: str = "",
) -> PrintJob:  # fmt: skip
    """Print the label of each record: to a label printer, or as a PDF for who asks where none is named.

    `template`: None takes the one in force for the first record. `site` says where, for materials, which have none.
    Raises `Blocked` without the right, for records of several kinds or sites, a template not in force or of another
    kind, contents that do not go on the label, and without a reason where the same label was printed before.
    """
    if not records:
        raise refuse("nothing", _("Nothing was chosen."), _("Choose what the labels are for."))
    if len({type(record) for record in records}) > 1:
        raise refuse("kinds", _("These are records of several kinds."), _("Print them one kind after the other."))
    records = locked_for_labels(records)
    at = _site_of(records, site)
    require(actor, PRINT, at)
    if not 1 <= copies <= MOST_COPIES or copies * len(records) > MOST_LABELS:
        words = {"copies": MOST_COPIES, "labels": MOST_LABELS}
        said = _("One print has at most %(copies)s copies of a label and %(labels)s labels.") % words
        raise refuse("copies", said, _("Print fewer at a time."))
    template = _template(records, at, template, printer)
    code = template.code if template is not None else ""
    before = last_labels(records, code)
    _require_reason(records, printed_before(records, code), reason)
    placed = _placed(records, template, printer.dpmm if printer is not None else None)
    document = _document(records, placed, printer, copies)
    count = copies * len(records)
    job = queue_print(
        site=at, subject=records[0], title=_title(records), document=document, labels=count, printer=printer,
        actor=actor,
    )  # fmt: skip
    Label.objects.bulk_create(
        [
            Label(
                site=at,
                template=template,
                code=code,
                content=_content(record, placed.get(record.pk)),
                texts=dict(said_by(record).texts),
                copies=copies,
                print_job=job,
                reprint_of=before.get(record.pk),
                reason=reason.strip() if record.pk in before else "",
                **subject_ref(record),
            )
            for record in records
        ]
    )
    return job


def _site_of(records: Sequence[Any], site: Site | None) -> Site:
    """The one site of the records; that which was named where they have none."""
    places = {record.site for record in records if hasattr(record, "site")} or ({site} if site is not None else set())
    if len(places) != 1:
        raise refuse("sites", _("A print is for one site."), _("Print the labels of one site at a time."))
    found: Site = places.pop()
    return found


def _template(
    records: Sequence[Any], site: Site, template: LabelTemplate | None, printer: Printer | None
) -> LabelTemplate | None:
    """The template to print by: the one named, else the one in force, else none, where the product's sheet will do."""
    kind = KIND_OF[type(records[0])]
    if template is not None:
        # A share lock: the version in force stays so until the labels by it are written.
        template = LabelTemplate.objects.select_for_update(of=("self",), no_key=True).get(pk=template.pk)
    else:
        template = next(iter(templates_for(records[0])), None)
    if template is None:
        if printer is None and kind in SHEETED:
            return None
        raise refuse(
            "no_template",
            _("No label template is in force for this kind of record."),
            _("Write one and have it approved, or print lots and units as PDF."),
        )
    if template.status != "effective":
        words = {"template": template, "state": template.get_status_display()}
        said = _("Label template %(template)s is “%(state)s”; labels are printed by effective ones.") % words
        raise refuse("template_status", said, _("Choose the effective version, or have this one approved."), template)
    if template.kind != kind or template.site_id not in (None, site.pk):
        said = _("Label template %(template)s is not for this kind of record or this site.") % {"template": template}
        raise refuse("template_kind", said, _("Choose another template."), template)
    return template


def _require_reason(records: Sequence[Any], printed: set[int], reason: str) -> None:
    if reason.strip():
        return
    again = [record for record in records if record.pk in printed]
    if again:
        raise Blocked(
            [
                Blocker(
                    "reprint",
                    _("The label of %(record)s was printed before; this is a reprint.") % {"record": record},
                    record=record,
                    remedy=_("Write why it is printed again, and what became of the one before."),
                    remedy_url=record.get_absolute_url(),
                )
                for record in again
            ]
        )


def _placed(records: Sequence[Any], template: LabelTemplate | None, dpmm: int | None) -> dict[int, Placed]:
    """Each record's label by the template; with every reason why one does not go on it."""
    if template is None:
        return {}
    found, blockers = {}, []
    remedy = _("Choose a larger label, or have the template changed.")
    try:
        layout = layout_of(template, dpmm=dpmm)
    except LayoutProblem as problem:
        raise Blocked(
            [Blocker("layout", text, record=template, remedy=remedy) for text in problem.problems]
        ) from problem
    for record in records:
        try:
            found[record.pk] = place(layout, said_by(record))
        except LayoutProblem as problem:
            said = {"record": record, "why": " ".join(problem.problems)}
            blockers.append(Blocker("layout", _("%(record)s: %(why)s") % said, record=record, remedy=remedy))
    if blockers:
        raise Blocked(blockers)
    return found


def _document(records: Sequence[Any], placed: dict[int, Placed], printer: Printer | None, copies: int) -> bytes:
    labels = [placed[record.pk] for record in records if record.pk in placed]
    if printer is not None:
        return labels_as_zpl(labels, copies=copies)
    if labels:
        return labels_as_pdf(labels, copies=copies, title=_title(records))
    sheets = [sheet for record in records for sheet in [sheet_label(record)] * copies]
    return render_sheet("core/printing/labels.html", {"labels": sheets}, title=_title(records))


def _content(record: Any, placed: Placed | None) -> str:
    """What the symbols say: one line each."""
    if placed is not None:
        return "\n".join(placed.said)
    own = own_label(record)
    return own.readable or own.number


def _title(records: Sequence[Any]) -> str:
    if len(records) == 1:
        return _("Label of %(record)s") % {"record": records[0]}
    first = {"first": records[0], "count": len(records) - 1}
    return (
        ngettext("Labels of %(first)s and %(count)s other", "Labels of %(first)s and %(count)s others", first["count"])
        % first
    )


def keep_second_print(*, print_job: PrintJob, reason: str) -> None:
    """A print of which some may have come out is sent once more: each of its labels is a reprint."""
    labels = list(labels_of_job(print_job).select_related("site", "template"))
    newest: dict[tuple[int, int, str], Label] = {}
    for label in labels:
        newest[label.subject_type_id, label.subject_id, label.code] = label
    if not newest:
        return
    keys = {subject for _type, subject, _code in newest}
    rows = Label.objects.filter(subject_id__in=keys).order_by("id")
    last = {(one.subject_type_id, one.subject_id, one.code): one for one in rows}
    Label.objects.bulk_create(
        [
            Label(
                site=label.site, template=label.template, code=label.code, content=label.content, texts=label.texts,
                copies=label.copies, print_job=print_job, reprint_of=last[key], reason=reason,
                subject_type_id=label.subject_type_id, subject_id=label.subject_id, subject_label=label.subject_label,
            )
            for key, label in newest.items()
        ]
    )  # fmt: skip


@service
def reconcile_labels(
    *, record: Labelled, used: int, spoiled: int, returned: int, actor: Any, remark: str = "",
    site: Site | None = None, signature: Proof | None = None, reason: str = "",
) -> LabelReconciliation:  # fmt: skip
    """Account for all labels printed of a record, signed. A newer one replaces it; this one stays.

    Raises `Blocked` where none was printed, and for a difference without a remark (21 CFR 211.125(d)).
    """
    [locked] = locked_for_labels([record])
    at = _site_of([locked], site)
    require(actor, "traceability.reconcile_label", at)
    printed = printed_count(locked)
    if not printed:
        said = _("No label of %(record)s was printed.") % {"record": locked}
        raise refuse("no_labels", said, _("There is nothing to account for."), locked)
    if printed != used + spoiled + returned and not remark.strip():
        words = {"printed": printed, "counted": used + spoiled + returned}
        said = _("%(printed)s labels were printed and %(counted)s are accounted for.") % words
        raise refuse(
            "difference", said, _("Count again, or write in the remark where the difference comes from."), locked
        )
    made = LabelReconciliation.objects.create(
        site=at, printed=printed, used=used, spoiled=spoiled, returned=returned, remark=remark.strip(),
        **subject_ref(locked),
    )  # fmt: skip
    sign(record=made, meaning="verified", signature=signature, actor=actor, reason=reason)
    return made
