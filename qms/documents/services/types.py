"""Document types: what numbers look like, who reviews, how long documents are kept."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext as _

from core.kernel.deeds import service
from core.kernel.errors import Blocked, Blocker
from core.organization.models import Site
from core.organization.services import draw_numbers, require
from qms.documents.models import Document, DocumentKind, DocumentType, RetentionClass

CHANGE = "qms_documents.change_documenttype"
STANDARD = {
    DocumentKind.WORK_INSTRUCTION: ("WI", "WI-{seq:6}"),
    DocumentKind.PROCEDURE: ("PRO", "PRO-{seq:6}"),
    DocumentKind.FORM: ("FRM", "FRM-{seq:6}"),
    DocumentKind.SPECIFICATION: ("SPC", "SPC-{seq:6}"),
}
_SEQUENCE = re.compile(r"\{seq:([1-9])\}$")
_PART = re.compile(r"\{(dept|site)\}")
_DEPARTMENT = re.compile(r"[A-Z0-9]{1,12}")
_LONGEST_PREFIX = 24


def standard_type(kind: str) -> DocumentType:
    """The type of a kind where nobody names one; made when it is needed first. Belongs inside a service."""
    found = DocumentType.objects.filter(kind=kind, is_standard=True).first()
    if found is not None:
        return found
    code, scheme = STANDARD[DocumentKind(kind)]
    taken = DocumentType.objects.filter(code=code).exists()
    made = DocumentType(
        code=f"{code}-STD" if taken else code, name=str(DocumentKind(kind).label), kind=kind, scheme=scheme,
        is_standard=True,
    )  # fmt: skip
    made.save()
    return made


def next_document_number(document_type: DocumentType, *, site: Site | None, department: str) -> str:
    """Draw the next number of a type, without gaps: a deed that is rolled back gives its number back.

    A number that came along with an imported document is passed over. Raises `Blocked` where the scheme asks for a
    department or a site that is not given.
    """
    prefix = _filled(document_type, site, department)
    digits = _SEQUENCE.search(document_type.scheme)
    width = int(digits[1]) if digits else 1
    while True:
        number = f"{prefix}{draw_numbers(None, prefix.rstrip('-') or prefix, 1):0{width}d}"
        if not Document.objects.filter(number=number).exists():
            return number


def _filled(document_type: DocumentType, site: Site | None, department: str) -> str:
    scheme = document_type.scheme
    if "{dept}" in scheme and not department:
        raise Blocked(
            Blocker(
                "department_needed",
                _("Numbers of %(type)s name a department.") % {"type": document_type},
                record=document_type,
                remedy=_("Say which department it is."),
            )
        )
    if "{site}" in scheme and site is None:
        raise Blocked(
            Blocker(
                "site_needed",
                _("Numbers of %(type)s name a site.") % {"type": document_type},
                record=document_type,
                remedy=_("Choose the site, or a type for all sites."),
            )
        )
    words = {"dept": department, "site": site.code if site is not None else ""}
    prefix = _PART.sub(lambda part: words[part[1]], _SEQUENCE.sub("", scheme))
    if len(prefix) > _LONGEST_PREFIX:
        raise Blocked(
            Blocker(
                "number_too_long",
                _("“%(prefix)s” is too long for a number.") % {"prefix": prefix},
                record=document_type,
                remedy=_("Choose a shorter department, or another scheme."),
            )
        )
    return prefix


def checked_department(department: str) -> str:
    """A department as numbers write it. Raises `Blocked` for anything but capital letters and digits."""
    department = department.strip().upper()
    if department and not _DEPARTMENT.fullmatch(department):
        raise Blocked(
            Blocker(
                "department",
                _("“%(department)s” is no department.") % {"department": department},
                remedy=_("Use up to 12 letters and digits."),
            )
        )
    return department


def _checked_scheme(scheme: str) -> str:
    scheme = scheme.strip()
    fixed = _PART.sub("", _SEQUENCE.sub("", scheme))
    if not _SEQUENCE.search(scheme) or "{" in fixed or "}" in fixed or not scheme[0].isalnum():
        raise Blocked(
            Blocker(
                "scheme",
                _("“%(scheme)s” is no numbering scheme.") % {"scheme": scheme},
                remedy=_("Begin with a letter and end with {seq:4}; before it may stand {dept} and {site}."),
            )
        )
    return scheme


@service
def create_document_type(
    *, code: str, name: str, kind: str, scheme: str, actor: Any, review_mode: str = "parallel",
    reviewers_needed: int = 0, review_months: int | None = None, copy_hours: int | None = None,
    retention_class: RetentionClass | None = None, reason: str = "",
) -> DocumentType:  # fmt: skip
    """Set up a type of documents. Raises `Blocked` for a code that is taken and a scheme that cannot be filled."""
    require(actor, CHANGE)
    _refuse_taken(DocumentType.objects.filter(code=code.strip()).first(), code)
    made = DocumentType(
        code=code.strip(), name=name.strip(), kind=kind, scheme=_checked_scheme(scheme), review_mode=review_mode,
        reviewers_needed=reviewers_needed, review_months=review_months, copy_hours=copy_hours,
        retention_class=retention_class,
    )  # fmt: skip
    made.save()
    return made


@service
def change_document_type(
    *, document_type: DocumentType, name: str, scheme: str, review_mode: str, reviewers_needed: int,
    review_months: int | None, copy_hours: int | None, retention_class: RetentionClass | None, is_active: bool,
    actor: Any, reason: str,
) -> DocumentType:  # fmt: skip
    """Change a type; documents keep the numbers they have. The standard type of a kind stays in use."""
    require(actor, CHANGE)
    locked = DocumentType.objects.select_for_update().get(pk=document_type.pk)
    if locked.is_standard and not is_active:
        raise Blocked(
            Blocker(
                "standard_type",
                _("%(type)s is the standard of its kind.") % {"type": locked},
                record=locked,
                remedy=_("It stays in use: documents get it where nobody names a type."),
            )
        )
    locked.name, locked.scheme, locked.review_mode = name.strip(), _checked_scheme(scheme), review_mode
    locked.reviewers_needed, locked.review_months, locked.copy_hours = reviewers_needed, review_months, copy_hours
    locked.retention_class, locked.is_active = retention_class, is_active
    locked.save()
    return locked


@service
def create_retention_class(
    *, code: str, name: str, years: int | None, basis: str, actor: Any, reason: str = ""
) -> RetentionClass:
    """Say how long documents of a class are kept, and by which rule."""
    require(actor, CHANGE)
    _refuse_taken(RetentionClass.objects.filter(code=code.strip()).first(), code)
    made = RetentionClass(code=code.strip(), name=name.strip(), years=years, basis=basis.strip())
    made.save()
    return made


@service
def change_retention_class(
    *, retention_class: RetentionClass, name: str, years: int | None, basis: str, actor: Any, reason: str
) -> RetentionClass:
    """Change how long documents of a class are kept, with a reason."""
    require(actor, CHANGE)
    locked = RetentionClass.objects.select_for_update().get(pk=retention_class.pk)
    locked.name, locked.years, locked.basis = name.strip(), years, basis.strip()
    locked.save()
    return locked


def _refuse_taken(known: DocumentType | RetentionClass | None, code: str) -> None:
    if known is not None:
        raise Blocked(
            Blocker(
                "code_taken",
                _("There is %(code)s already.") % {"code": code},
                record=known,
                remedy=_("Choose another code."),
            )
        )
