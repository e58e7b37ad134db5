"""Columns of the lists of training."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.web.markup import badge
from core.web.tables import LinkColumn, NumberColumn, Table, TimeColumn, YesNoColumn
from qms.training.models import Curriculum, Qualification
from qms.training.queries import standing


class QualificationTable(Table):
    """One line per qualification: who may do what, until when."""

    user = LinkColumn(verbose_name=_("Person"), accessor="user__full_name")
    curriculum = tables.Column(verbose_name=_("May do"), accessor="curriculum__name")
    standing = tables.Column(verbose_name=_("Standing"), accessor="status", orderable=False)
    valid_from = TimeColumn(verbose_name=_("From"))
    valid_until = TimeColumn(verbose_name=_("Until"))
    granted_by = tables.Column(verbose_name=_("Granted by"), accessor="granted_by__full_name")

    class Meta(Table.Meta):
        model = Qualification
        fields = ()

    def render_standing(self, record: Any) -> SafeString:
        state = standing(record)
        return badge(state.label, state.tone, state.icon)

    def value_standing(self, record: Any) -> str:
        return str(standing(record).label)


class CurriculumTable(Table):
    """One line per curriculum."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    valid_months = NumberColumn(verbose_name=_("Valid for months"))
    is_active = YesNoColumn(verbose_name=_("Still used"))

    class Meta(Table.Meta):
        model = Curriculum
        fields = ()
