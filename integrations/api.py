"""The API of imports: a dry run of a file, then exactly what it was about is signed and applied; and its undo."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.urls import path
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from core.files import blobs, waiting
from core.kernel.errors import Blocked
from core.organization.queries import sites_of
from core.web.api import deed, records
from core.web.views.form import DeedMixin
from integrations.forms import CheckForm, ConfirmForm
from integrations.models import ImportBatch
from integrations.serializers import CheckShape
from integrations.services import import_records
from integrations.services.approving import apply_import
from integrations.services.dry_runs import DryRun, find
from integrations.services.mapping import MappingError
from integrations.services.reading import MAX_BYTES
from integrations.services.report import TOLD, ImportReport
from integrations.views import dry_run, epcis_rest
from integrations.views import records as pages


class ImportCheck(DeedMixin, dry_run.ImportBatchCreate):
    """Read a file by a mapping and say what would become of every line; nothing is written."""

    form_class = CheckForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, pages.APPLY)}

    def deed(self, form: Any) -> dict[str, Any]:
        values = form.cleaned_data
        file, mapping, site = values["file"], values["mapping"], values["site"]
        try:
            sha256 = waiting.keep(file.chunks(), limit=MAX_BYTES)
        except blobs.TooLarge as error:
            said = _("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024}
            raise ValidationError({"file": said}) from error
        run = DryRun(self.request.user.pk, values["kind"], site.pk if site else None, file.name, sha256)
        try:
            report = import_records(
                kind=run.kind,
                data=run.data(),
                file_name=run.name,
                mapping=mapping,
                site=site,
                dry_run=True,
                actor=self.request.user,
            )
        except MappingError as problem:
            raise ValidationError({"mapping": str(problem)}) from problem
        return {
            "rows": report.rows,
            "totals": report.totals,
            "error_count": len(report.issues),
            "issues": report.issues[:TOLD],
            "verdicts": report.verdicts[:TOLD],
            "confirm": None if report.issues else run.with_mapping(mapping).with_report(report.as_dict()).word,
        }


class ImportConfirm(dry_run.ImportBatchApply):
    """Sign and apply exactly what a dry run was about, all rows or none. The file is kept for a day."""

    form_class = ConfirmForm

    def word(self) -> str:
        return str(self.form.data.get("confirm", ""))

    @cached_property
    def run(self) -> DryRun:
        try:
            return find(self.word(), self.request.user)
        except Blocked as refused:
            raise ValidationError({"confirm": f"{refused.blockers[0].message}"}) from refused

    def deed(self, form: Any) -> ImportBatch:
        try:
            data, mapping, report = self.run.data(), self.run.mapping_text(), ImportReport.of_dry_run(self.run.told())
        except Blocked as refused:
            raise ValidationError({"confirm": f"{refused.blockers[0].message}"}) from refused
        done = apply_import(
            kind=self.run.kind,
            data=data,
            sha256=self.run.file,
            file_name=self.run.name,
            mapping=mapping,
            report=report,
            site=self.run.site_record(),
            reason=form.cleaned_data["reason"],
            actor=self.request.user,
            signature=self.proof(),
            wait=True,
        )
        if not isinstance(done, ImportBatch):
            raise TypeError("an import that is waited for is an import")
        return done


urlpatterns = [
    *records(
        "imports",
        name="importbatch",
        list=pages.ImportBatchList,
        create=ImportConfirm,
        detail=pages.ImportBatchDetail,
    ),
    deed("imports/check/", ImportCheck, name="importbatch_check", shape=CheckShape),
    deed("imports/<int:pk>/undo/", pages.ImportBatchUndo, name="importbatch_undo"),
    *records(
        "import-mappings",
        name="importmapping",
        list=pages.ImportMappingList,
        detail=pages.ImportMappingDetail,
    ),
    path("epcis/capture/", epcis_rest.Capture.as_view(), name="epcis_capture"),
    path("epcis/capture/<int:pk>/", epcis_rest.CaptureJob.as_view(), name="epcis_capture_detail"),
    path("epcis/events/", epcis_rest.Events.as_view(), name="epcis_events"),
]
