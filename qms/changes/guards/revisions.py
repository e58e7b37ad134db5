"""What changes forbid below: documents without a change, and configuration that no change covers."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext_lazy

from core.kernel.deeds import Deed
from core.kernel.errors import Blocker
from core.kernel.wiring import guard
from qms.changes.queries import change_blockers, configuration_blockers
from qms.documents.models import DocumentRevision
from traceability.models import LabelTemplate

DOCUMENT = "qms_documents.DocumentRevision"
BY_CHANGE = gettext_lazy("By an approved change")


@guard(DOCUMENT, "submit", "approve", title=BY_CHANGE)
def a_document_is_written_for_a_change(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Kinds of documents that need a change are submitted and approved for an approved one (21 CFR 820.40(b))."""
    yield from change_blockers(record, deed, "approve")


@guard(DOCUMENT, "make_effective", title=BY_CHANGE)
def its_change_makes_a_document_effective(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """What a change names becomes effective together with all that the change names."""
    yield from change_blockers(record, deed, "make_effective")


@guard(DOCUMENT, "make_obsolete", title=BY_CHANGE)
def its_change_ends_a_document(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """The same for what ends."""
    yield from change_blockers(record, deed, "make_obsolete")


@guard(DOCUMENT, "retire", "restore", title=BY_CHANGE)
def only_a_change_retires_or_restores_a_document(record: DocumentRevision, deed: Deed) -> Iterator[Blocker]:
    """Without the signatures of a change nobody retires or restores a revision."""
    yield from change_blockers(record, deed, "retire")


@guard("traceability.LabelTemplate", "make_effective", title=gettext_lazy("Configuration changes by a change"))
def a_label_template_changes_by_a_change(record: LabelTemplate, deed: Deed) -> Iterator[Blocker]:
    """Label templates are configuration: in production mode a change covers them (EU GMP Annex 11 clause 10)."""
    yield from configuration_blockers(LabelTemplate)
