"""The API of imports: a dry run of a file, then exactly what it was about is applied."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.files import blobs, waiting
from core.organization.models import Site
from core.organization.queries import sites_of
from core.web.api import deed, records
from core.web.views import FormPage
from core.web.views.form import DeedMixin
from integrations import views
from integrations.forms import CheckForm, ConfirmForm
from integrations.models import ImportBatch
from integrations.serializers import CheckShape
from integrations.services import ImportReport, applied, import_records
from integrations.services.mapping import MappingError
from integrations.services.reading import MAX_BYTES

SALT = "trueline.import"
MOST = 1000
"""Lines that one answer tells of; the totals count all."""


class _Import(DeedMixin, views.ImportBatchCreate):
    """What the dry run and the import share: the service, and what it says to a mapping that cannot be used."""

    def run(self, asked: dict[str, Any], *, data: bytes, mapping: str, dry_run: bool, reason: str = "") -> ImportReport:
        """Call the service for what was asked."""
        try:
            return import_records(
                kind=asked["kind"],
                data=data,
                file_name=asked["name"],
                mapping=mapping,
                site=None if asked["site"] is None else Site.objects.get(pk=asked["site"]),
                dry_run=dry_run,
                reason=reason,
                actor=self.request.user,
            )
        except MappingError as problem:
            raise ValidationError({"mapping": str(problem)}) from problem


class ImportCheck(_Import):
    """Read a file by a mapping and say what would become of every line; nothing is written."""

    form_class = CheckForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, views.APPLY)}

    def deed(self, form: Any) -> dict[str, Any]:
        values = form.cleaned_data
        file, mapping, site = values["file"], values["mapping"], values["site"]
        try:
            sha256 = waiting.keep(file.chunks(), limit=MAX_BYTES)
        except blobs.TooLarge as error:
            said = _("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024}
            raise ValidationError({"file": said}) from error
        asked = {
            "user": self.request.user.pk,
            "kind": values["kind"],
            "site": site.pk if site is not None else None,
            "name": file.name,
            "file": sha256,
            "mapping": waiting.keep([mapping.encode()], limit=MAX_BYTES),
        }
        report = self.run(asked, data=waiting.load(sha256), mapping=mapping, dry_run=True)
        return {
            "rows": report.rows,
            "totals": report.totals,
            "error_count": len(report.issues),
            "issues": report.issues[:MOST],
            "verdicts": report.verdicts[:MOST],
            "confirm": None if report.issues else signing.dumps(asked, salt=SALT, compress=True),
        }


class ImportConfirm(_Import, FormPage):
    """Apply exactly what a dry run was about, all rows or none. The file is kept for a day."""

    model, form_class = ImportBatch, ConfirmForm

    def deed(self, form: Any) -> ImportBatch:
        asked, data, mapping = self.checked(form.cleaned_data["confirm"])
        report = self.run(asked, data=data, mapping=mapping, dry_run=False, reason=form.cleaned_data["reason"])
        return applied(report)

    def checked(self, confirm: str) -> tuple[dict[str, Any], bytes, str]:
        """What the dry run was about, its file and its mapping. Raises `ValidationError` where they are gone."""
        try:
            asked = signing.loads(confirm, salt=SALT, max_age=waiting.KEPT_FOR)
            if asked["user"] != self.request.user.pk:
                raise signing.BadSignature("somebody else's")
            return asked, waiting.load(asked["file"]), waiting.load(asked["mapping"]).decode()
        except (signing.BadSignature, blobs.BlobMissing, blobs.BlobDamaged) as error:
            said = _("This is no dry run of yours of the last day: run it again.")
            raise ValidationError({"confirm": said}) from error


urlpatterns = [
    *records(
        "imports",
        name="importbatch",
        list=views.ImportBatchList,
        create=ImportConfirm,
        detail=views.ImportBatchDetail,
    ),
    deed("imports/check/", ImportCheck, name="importbatch_check", shape=CheckShape),
]
