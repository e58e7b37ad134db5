"""Pages around the content of a revision: file, fields, preview, rendition, redline."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.files import blobs
from core.files.views import damaged, harden
from core.web.forms import LONGEST_TEXT, row_id
from core.web.views import RecordPage
from qms.documents.forms import reviewing as forms
from qms.documents.forms.registers import NothingForm
from qms.documents.models import DocumentRevision, Rendition
from qms.documents.queries import revision_before
from qms.documents.queries.prose import markdown
from qms.documents.queries.redline import compared_text, form_changes, redline
from qms.documents.services import content
from qms.documents.views.revisions import VIEW_REVISION, WRITE, RevisionPage, WithoutReason


class RevisionFile(RevisionPage, WithoutReason):
    """Choose a file as the content of a draft."""

    model, permission, form_class = DocumentRevision, WRITE, forms.FileForm
    title = gettext_lazy("Choose a file")
    submit_label = gettext_lazy("Take this file")
    changes_record = False
    lead = gettext_lazy(
        "Headings, text, lists and tables of Word and the values of Excel are made into text and PDF. Pictures, "
        "headers and exact layout stay in the file only. A PDF stays as it is."
    )

    def deed(self, form: Any) -> DocumentRevision:
        file = form.cleaned_data["file"]
        return content.attach_content(revision=self.record, file=file, name=file.name, actor=self.request.user)


class RevisionFileRemove(RevisionPage, WithoutReason):
    """Take the file out of a draft again."""

    model, permission, form_class = DocumentRevision, WRITE, NothingForm
    title = gettext_lazy("Take the file out")
    submit_label = gettext_lazy("Take the file out")
    changes_record = False
    lead = gettext_lazy("The text of the draft is its content again. The file stays in its trail.")

    def deed(self, form: Any) -> DocumentRevision:
        return content.remove_content(revision=self.record, actor=self.request.user)


class FormFieldAdd(RevisionPage, WithoutReason):
    """Add a field to a form."""

    model, permission, form_class = DocumentRevision, WRITE, forms.FormFieldForm
    title = gettext_lazy("Add a field")
    submit_label = gettext_lazy("Add the field")
    changes_record = False

    def deed(self, form: Any) -> DocumentRevision:
        fields = [{**one, "choices": "|".join(one["choices"])} for one in self.record.form_fields or ()]
        return content.set_form_fields(
            revision=self.record, fields=[*fields, form.cleaned_data], actor=self.request.user
        )


class FormFieldRemove(RevisionPage, WithoutReason):
    """Take a field out of a form."""

    model, permission, form_class = DocumentRevision, WRITE, forms.FormFieldRemoveForm
    title = gettext_lazy("Take a field out")
    submit_label = gettext_lazy("Take it out")
    changes_record = False

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "revision": self.record}

    def deed(self, form: Any) -> DocumentRevision:
        fields = [
            {**one, "choices": "|".join(one["choices"])}
            for one in self.record.form_fields or ()
            if one["code"] != form.cleaned_data["code"]
        ]
        return content.set_form_fields(revision=self.record, fields=fields, actor=self.request.user)


class RevisionPreview(RecordPage):
    """What the text that is being written will look like; nothing is kept."""

    model, permission = DocumentRevision, WRITE
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(markdown(self.record and request.POST.get("body", "")[:LONGEST_TEXT], 3))


class RenditionDownload(RevisionPage, RecordPage):
    """The PDF made from the content; no controlled copy."""

    model, permission = DocumentRevision, VIEW_REVISION

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        rendition = Rendition.objects.filter(revision=self.record).exclude(pdf_sha256="").first()
        if rendition is None:
            raise Http404(_("There is no PDF of this revision yet; it is made when the revision is submitted."))
        try:
            file = blobs.open_checked(rendition.pdf_sha256)
        except (blobs.BlobMissing, blobs.BlobDamaged):
            return damaged(request, rendition.pdf_sha256)
        name = f"{self.record.document.number}_{self.record.revision}.pdf".replace("/", "-")
        return harden(FileResponse(file, as_attachment=True, filename=name, content_type="application/pdf"))


class RevisionRedline(RevisionPage, RecordPage):
    """What differs between this revision and another one of the document (`?against=`)."""

    model, permission = DocumentRevision, VIEW_REVISION
    template_name = "qms/documents/documentrevision_redline.html"
    title = gettext_lazy("Redline")

    @cached_property
    def against(self) -> DocumentRevision | None:
        """The revision that is compared with: the one asked for, or the one before."""
        asked = row_id(self.request.GET.get("against", ""))
        others = DocumentRevision.objects.filter(document=self.record.document_id).select_related("document", "file")
        return others.filter(pk=asked).first() if asked else revision_before(self.record)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render()

    @cached_property
    def found(self) -> Any:
        """The differences, from the other revision to this one."""
        return redline(compared_text(self.against or self.record), compared_text(self.record))

    def context(self, **more: Any) -> dict[str, Any]:
        others = DocumentRevision.objects.filter(document=self.record.document_id).exclude(pk=self.record.pk)
        return super().context(
            record=self.record,
            against=self.against,
            others=others.order_by("-pk")[:100],
            redline=self.found,
            form_changes=form_changes(self.against, self.record) if self.against is not None else [],
            **more,
        )
