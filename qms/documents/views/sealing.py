"""Pages that have a record of documents sealed as PDF."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from core.jobs.models import BackgroundJob
from core.web.views import FormPage
from qms.documents.forms.registers import NothingForm
from qms.documents.models import (
    ControlledCopy,
    DocumentRevision,
    ExternalDocument,
    FilledForm,
    LegalHold,
    PeriodicReview,
)
from qms.documents.services.sealing import request_sealed_pdf


class _Seal(FormPage):
    """Have the record rendered and sealed by a worker."""

    form_class = NothingForm
    title = gettext_lazy("Sealed PDF")
    submit_label = gettext_lazy("Make the PDF")
    lead = gettext_lazy("What the record says now, with its signatures and its data, sealed so that a change is found.")
    change_needs_reason = changes_record = False

    def deed(self, form: Any) -> BackgroundJob:
        return request_sealed_pdf(record=self.record, actor=self.request.user)


class RevisionSeal(_Seal):
    """A revision."""

    model, permission = DocumentRevision, "qms_documents.view_documentrevision"


class FilledFormSeal(_Seal):
    """A filled form."""

    model, permission = FilledForm, "qms_documents.view_filledform"


class ReviewSeal(_Seal):
    """A periodic review."""

    model, permission = PeriodicReview, "qms_documents.view_periodicreview"


class CopySeal(_Seal):
    """A controlled copy and its whereabouts."""

    model, permission = ControlledCopy, "qms_documents.view_controlledcopy"


class ExternalSeal(_Seal):
    """An external document and its checks."""

    model, permission = ExternalDocument, "qms_documents.view_externaldocument"


class HoldSeal(_Seal):
    """A legal hold."""

    model, permission = LegalHold, "qms_documents.view_legalhold"
