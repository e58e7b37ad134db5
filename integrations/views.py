"""Imports: upload, dry run with every row's verdict, apply in one transaction, and what was applied."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.files import blobs, waiting
from core.jobs.models import BackgroundJob, JobStatus
from core.kernel.errors import Blocked
from core.organization.queries import sites_of
from core.web.markup import site_time
from core.web.views import DetailPage, Fact, ListPage
from core.web.views.record import Page, zone_of
from integrations.forms import ApplyForm, ImportForm
from integrations.models import ImportBatch
from integrations.services import IMPORT_JOB, ImportReport, import_records, is_large, request_import
from integrations.services.kinds import KINDS
from integrations.services.mapping import MappingError
from integrations.services.reading import MAX_BYTES
from integrations.tables import ImportBatchTable

SEE, APPLY = "integrations.view_importbatch", "integrations.apply_importbatch"
KEPT, SEEN = "trueline_import", "trueline_import_seen"
SHOWN = 200
WORDS = {
    "created": (_("will be created"), "good", "plus"),
    "changed": (_("will be changed"), "info", "pencil"),
    "skipped": (_("left out by the mapping"), "neutral", "ban"),
}


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
        return ImportBatch.objects.select_related("actor", "site")


class ImportBatchDetail(DetailPage):
    """One applied import: the file's digest, the mapping, the counts."""

    model, permission = ImportBatch, SEE

    show_timeline = False

    def get_queryset(self) -> Any:
        return ImportBatch.objects.select_related("actor", "site")

    def page_title(self) -> str:
        return _t("%(kind)s from %(file)s") % {"kind": self.kind_label(), "file": self.record.file_name}

    def kind_label(self) -> str:
        kind = KINDS.get(self.record.kind)
        return str(kind.label) if kind is not None else str(self.record.kind)

    def facts(self) -> list[Fact]:
        batch = self.record
        return [
            Fact(_("What"), self.kind_label()),
            Fact(_("By"), batch.actor),
            Fact(_("When"), site_time(batch.stamped_at, zone_of(self.request))),
            Fact(_("Site"), batch.site),
            Fact(_("Rows"), batch.rows),
            Fact(_("Created"), batch.created),
            Fact(_("Changed"), batch.changed),
            Fact(_("Unchanged"), batch.unchanged),
            Fact(_("Skipped"), batch.skipped),
            Fact(_("SHA-256 of the file"), batch.file_sha256, wide=True),
        ]


class ImportBatchCreate(Page):
    """Dry run first; only what the last one was about is applied, whatever the request says."""

    permission = APPLY
    template_name = "integrations/importbatch_create.html"
    title = _("Import")

    def _form(self) -> ImportForm:
        bound = self.request.method == "POST"
        return ImportForm(
            self.request.POST if bound else None,
            self.request.FILES if bound else None,
            sites=sites_of(self.request.user, APPLY),
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self._from_the_worker(request.GET["job"]) if "job" in request.GET else self.render(form=self._form())

    def _from_the_worker(self, pk: str) -> HttpResponseBase:
        """The result of a dry run that a worker made: the same page, the same button."""
        mine = BackgroundJob.objects.filter(actor=self.request.user.pk, handler=IMPORT_JOB, status=JobStatus.DONE)
        job = mine.filter(pk=pk if pk.isascii() and pk.isdecimal() and len(pk) < 10 else 0).first()
        if job is None or job.result_url != self.request.get_full_path():
            raise Http404(_t("There is no such dry run here."))
        asked = job.arguments
        form = self._form()
        form.initial = {"kind": asked["kind"], "site": asked["site_id"], "mapping": asked["mapping"]}
        try:
            report = ImportReport.of_dry_run(json.loads(waiting.load(self.request.GET["report"])))
            data = waiting.load(asked["sha256"])
        except (blobs.BlobMissing, blobs.BlobDamaged):
            messages.error(self.request, _t("This dry run is over: its file waited for a day. Choose the file again."))
            return self.render(form=form, status=410)
        self.request.session[KEPT] = [asked["file_name"], asked["sha256"]]
        if not report.issues:
            self.request.session[SEEN] = self._digest(asked["kind"], asked["mapping"], asked["site_id"], data)
        return self._result(form, report, asked["file_name"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self._form()
        if not form.is_valid():
            return self.render(form=form, status=422)
        try:
            kept = self._kept(form)
        except blobs.TooLarge:
            form.add_error("file", _t("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
            return self.render(form=form, status=422)
        if kept is None:
            form.add_error("file", _t("Choose the file to import."))
            return self.render(form=form, status=422)
        name, sha256, data = kept
        why = ApplyForm(request.POST)
        if not why.is_valid():
            form.add_error(None, [f"{why.fields['reason'].label}: {said}" for said in why.errors["reason"]])
            return self.render(form=form, status=422)
        kind, mapping, site = (form.cleaned_data[field] for field in ("kind", "mapping", "site"))
        seen = self._digest(kind, mapping, site.pk if site else None, data)
        apply = "apply" in request.POST and request.session.get(SEEN) == seen
        request.session.pop(SEEN, None)
        asked = {"kind": kind, "file_name": name, "mapping": mapping, "site": site, "dry_run": not apply}
        asked |= {"reason": why.cleaned_data["reason"], "actor": request.user}
        try:
            if is_large(data):
                return HttpResponseRedirect(request_import(sha256=sha256, **asked).get_absolute_url())
            report = import_records(data=data, **asked)
        except MappingError as problem:
            form.add_error("mapping", str(problem))
            return self.render(form=form, status=422)
        except Blocked as refused:
            return self.render(form=form, blockers=refused.blockers, status=409)
        if report.batch is not None:
            request.session.pop(KEPT, None)
            messages.success(request, _t("Imported: %(created)s created, %(changed)s changed.") % {**report.totals})
            return HttpResponseRedirect(report.batch.get_absolute_url())
        if not report.issues:
            request.session[SEEN] = seen
        return self._result(form, report, name)

    @staticmethod
    def _digest(kind: str, mapping: str, site_id: int | None, data: bytes) -> str:
        """What a dry run was about; only exactly that is applied."""
        return hashlib.sha256(json.dumps([kind, mapping, site_id]).encode() + data).hexdigest()

    def _kept(self, form: ImportForm) -> tuple[str, str, bytes] | None:
        """Name, digest and bytes of the upload, or of the file that this session keeps; None if gone.

        Raises `TooLarge` for an upload beyond the limit.
        """
        upload = form.cleaned_data.get("file")
        if upload is not None:
            sha256 = waiting.keep(upload.chunks(), limit=MAX_BYTES)
            self.request.session[KEPT] = [upload.name, sha256]
            return upload.name, sha256, waiting.load(sha256)
        name, sha256 = self.request.session.get(KEPT, ["", ""])
        try:
            return (name, sha256, waiting.load(sha256)) if sha256 else None
        except (blobs.BlobMissing, blobs.BlobDamaged):
            return None

    def _result(self, form: ImportForm, report: ImportReport, name: str) -> HttpResponse:
        status = 422 if report.issues else 200
        told = [verdict for verdict in report.verdicts if verdict.verdict in ("created", "changed")]
        told += [verdict for verdict in report.verdicts if verdict.verdict == "skipped"]
        return self.render(
            form=form,
            report=report,
            file_name=name,
            issues=report.issues[:SHOWN],
            verdicts=[(verdict, WORDS[verdict.verdict]) for verdict in told[:SHOWN]],
            more=max(0, len(report.issues or told) - SHOWN),
            status=status,
        )
