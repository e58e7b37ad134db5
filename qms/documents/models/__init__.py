"""Documents, their revisions, and everything that is kept about them."""

from qms.documents.models.copies import ControlledCopy
from qms.documents.models.documents import Document, DocumentRevision
from qms.documents.models.external import EditionCheck, ExternalDocument
from qms.documents.models.forms import FilledForm
from qms.documents.models.keeping import LegalHold, Reader, RetentionClass
from qms.documents.models.renditions import Rendition
from qms.documents.models.reviews import PeriodicReview, ReviewComment, RevisionReviewer
from qms.documents.models.types import DocumentKind, DocumentType

__all__ = [
    "ControlledCopy",
    "Document",
    "DocumentKind",
    "DocumentRevision",
    "DocumentType",
    "EditionCheck",
    "ExternalDocument",
    "FilledForm",
    "LegalHold",
    "PeriodicReview",
    "Reader",
    "Rendition",
    "RetentionClass",
    "ReviewComment",
    "RevisionReviewer",
]
