"""Markdown on pages and PDFs: `{% load markdown %}` … `{{ step.text|markdown }}`."""

from __future__ import annotations

from django import template

from qms.documents.queries.prose import markdown

register = template.Library()

register.filter("markdown", markdown, is_safe=True)
