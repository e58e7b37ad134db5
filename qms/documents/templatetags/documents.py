"""What pages of documents show: `{% load documents %}` … `{{ field.kind|field_kind }}`."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from qms.documents.queries.filling import FIELD_KINDS

register = template.Library()


@register.filter
def field_kind(kind: str) -> str | Promise:
    """The kind of value that a field of a form asks for, in words."""
    return FIELD_KINDS.get(kind, kind)
