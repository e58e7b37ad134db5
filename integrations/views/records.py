"""What was imported: the list, each import with its file, mapping and signature, its undo, and remembered mappings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.files.queries import attachments_of
from core.kernel.errors import Blocked
from core.kernel.wiring import ask
from core.printing.services import render_sheet
from core.web.markup import site_time
from core.web.questions import SignatureLine, SignaturesOf
from core.web.views import Action, DetailPage, Fact, ListPage, MovePage
from core.web.views.record import RecordPage, zone_of
from integrations.models import ImportBatch, ImportMapping, ImportUndo
from integrations.services.approving import MEANING
from integrations.services.kinds import KINDS, kind_label
from integrations.services.undo import UNDO, refuse_undone, undo_import
from integrations.tables import ImportBatchTable, ImportMappingTable

SEE, APPLY = "integrations.view_importbatch", "integrations.apply_importbatch"


def mapping_lines(kind: str, mapping: dict[str, Any]) -> list[tuple[str, str]]:
    """A mapping in words: each field, and what feeds it."""
    labels = {field.name: str(field.label) for field in KINDS[kind].fields} if kind in KINDS else {}
    return [(labels.get(name, name), _source_words(given)) for name, given in (mapping.get("columns") or {}).items()]


def _source_words(given: Any) -> str:
    if not isinstance(given, dict):
        return _t("column %(name)s") % {"name": given}
    if given.get("value") is not None:
        return _t("always “%(value)s”") % {"value": given["value"]}
    places = [str(place) for place in given.get("join") or [given.get("column")]]
    words = [_t("column %(name)s") % {"name": given.get("separator", "-").join(places)}]
    if given.get("prefix"):
        words.append(_t("after “%(prefix)s”") % {"prefix": given["prefix"]})
    if given.get("date_format"):
        words.append(_t("dates as %(form)s") % {"form": given["date_format"]})
    if given.get("values"):
        words.append(", ".join(f"“{word}” → {ours}" for word, ours in given["values"].items()))
    if given.get("otherwise") is not None:
        words.append(_t("any other word: %(word)s") % {"word": given["otherwise"] or _t("empty")})
    return "; ".join(words)


class ImportBatchList(ListPage):
    """Every import that was applied."""

    model, permission = ImportBatch, SEE
    table_class = ImportBatchTable
    search_fields = ("file_name", "kind")
    order = ("-stamped_at",)
    title = _("Imports")
    create_url_name, create_permission = "integrations:importbatch_create", APPLY
    empty_title, empty_text = _("Nothing imported yet"), _("Start with units of measure, then materials.")

    def get_queryset(self) -> Any:
        return ImportBatch.objects.select_related("actor", "site", "approval", "undo")


class _Batch(RecordPage):
    """What the pages of one import share."""

    model, permission = ImportBatch, SEE

    def get_queryset(self) -> Any:
        return ImportBatch.objects.select_related("actor", "site", "approval", "undo__actor")

    @cached_property
    def undo(self) -> ImportUndo | None:
        """How it was taken back, if it was."""
        return getattr(self.record, "undo", None)

    def record_name(self) -> str:
        return _t("%(kind)s from %(file)s") % {"kind": kind_label(self.record.kind), "file": self.record.file_name}

    def batch_facts(self) -> list[Fact]:
        """Who imported what, and how many rows became what."""
        batch, zone = self.record, zone_of(self.request)
        facts = [
            Fact(_("What"), kind_label(batch.kind)),
            Fact(_("By"), batch.actor),
            Fact(_("When"), site_time(batch.stamped_at, zone)),
            Fact(_("Site"), batch.site),
            Fact(_("Rows"), batch.rows),
            Fact(_("Created"), batch.created),
            Fact(_("Changed"), batch.changed),
            Fact(_("Unchanged"), batch.unchanged),
            Fact(_("Skipped"), batch.skipped),
            Fact(_("SHA-256 of the file"), batch.file_sha256, wide=True),
        ]
        if self.undo is not None:
            said = _t("%(removed)s removed, %(set_back)s set back, %(reversed)s bookings reversed")
            given = {"removed": self.undo.removed, "set_back": self.undo.set_back, "reversed": self.undo.reversed}
            facts += [
                Fact(_("Undone by"), self.undo.actor),
                Fact(_("Undone"), site_time(self.undo.stamped_at, zone)),
                Fact(_("What was taken back"), said % given, wide=True),
                Fact(_("Why it was undone"), self.undo.reason, wide=True),
            ]
        return facts

    def signature_lines(self) -> list[SignatureLine]:
        """Who signed the import, and who signed its undo."""
        records = [record for record in (self.record.approval, self.undo) if record is not None]
        return [line for record in records for line in ask(SignaturesOf(record))]


class ImportBatchDetail(_Batch, DetailPage):
    """One applied import: its file, the mapping, the counts, who signed, and whether it was undone."""

    template_name = "integrations/importbatch_detail.html"
    show_timeline = False

    def page_title(self) -> str:
        return self.record_name()

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        if self.undo is not None:
            return [(_("Undone"), "bad", "history")]
        return [] if self.record.approval_id else [(_("Unsigned: from the command line"), "warn", "alert")]

    def facts(self) -> list[Fact]:
        return self.batch_facts()

    def signatures(self) -> list[SignatureLine]:
        return self.signature_lines()

    def actions(self) -> list[Action]:
        found = [Action(_("Print"), reverse("integrations:importbatch_sheet", args=[self.record.pk]), "printer",
                        new_window=True)]  # fmt: skip
        if self.undo is None and self.record.writes:
            url = reverse("integrations:importbatch_undo", args=[self.record.pk])
            found.append(Action(_("Undo this import"), url, "history", permission=UNDO))
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            attachments=attachments_of(self.record),
            mapping_lines=mapping_lines(self.record.kind, self.record.mapping),
            **more,
        )


class ImportBatchSheet(_Batch):
    """The import on paper: what was imported from which file by which mapping, and who signed."""

    title = _("Import")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        context = {
            "batch": self.record,
            "name": self.record_name(),
            "facts": self.batch_facts(),
            "mapping_lines": mapping_lines(self.record.kind, self.record.mapping),
            "signatures": self.signature_lines(),
        }
        title = _t("Import %(number)s") % {"number": self.record.pk}
        pdf = render_sheet("integrations/print/importbatch.html", context, title=title)
        response = HttpResponse(pdf, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="import-{self.record.pk}.pdf"'
        return response


class ImportBatchUndo(_Batch, MovePage):
    """Take an import back as a whole, signed."""

    label = _("Undo this import")
    meaning = MEANING
    deed_permission = UNDO
    explanation = _(
        "Rows that it created are removed, rows that it changed are set back, opening bookings are reversed. "
        "All of it, or nothing: it is refused once anything refers to a row or a row was changed since."
    )
    asks_reason = True

    def blockers(self) -> Sequence[Any]:
        try:
            refuse_undone(self.record)
        except Blocked as refused:
            return refused.blockers
        return ()

    def covered(self) -> list[Fact]:
        batch = self.record
        return [
            Fact(_("Rows that go"), batch.created),
            Fact(_("Rows that are set back"), batch.changed),
            Fact(_("File"), batch.file_name),
        ]

    def signed_record(self) -> Any:
        return self.record.approval or self.record

    def deed(self, form: Any) -> ImportBatch:
        undo_import(
            batch=self.record,
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            signature=self.proof(),
        )
        batch: ImportBatch = self.record
        return batch


class ImportMappingList(ListPage):
    """Every mapping that is remembered."""

    model, permission = ImportMapping, SEE
    table_class = ImportMappingTable
    search_fields = ("name", "kind")
    order = ("name",)
    title = _("Remembered mappings")
    empty_title = _("No mapping is remembered")
    empty_text = _("The mapping of an import is kept by itself and offered for the next file with the same columns.")

    def get_queryset(self) -> Any:
        return ImportMapping.objects.select_related("site")


class ImportMappingDetail(DetailPage):
    """One remembered mapping, with every change to it."""

    model, permission = ImportMapping, SEE
    template_name = "integrations/importmapping_detail.html"

    def get_queryset(self) -> Any:
        return ImportMapping.objects.select_related("site")

    def facts(self) -> list[Fact]:
        found = self.record
        return [
            Fact(_("What"), kind_label(found.kind)),
            Fact(_("Site"), found.site),
            Fact(_("System the rows come from"), found.mapping.get("origin", "")),
            Fact(_("Columns of the file"), ", ".join(found.columns), wide=True),
        ]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(mapping_lines=mapping_lines(self.record.kind, self.record.mapping), **more)
