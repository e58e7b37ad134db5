"""Columns of the lists of training."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.web.markup import badge
from core.web.tables import DueColumn, LinkColumn, NumberColumn, StateColumn, Table, TimeColumn, YesNoColumn
from qms.training.models import (
    Curriculum,
    Qualification,
    Quiz,
    ShiftAssignment,
    SigningPolicy,
    TrainingAssignment,
    TrainingRecord,
)
from qms.training.queries import standing


class QualificationTable(Table):
    """One line per qualification: who may do what, until when."""

    user = LinkColumn(verbose_name=_("Person"), accessor="user__full_name")
    curriculum = tables.Column(verbose_name=_("May do"), accessor="curriculum__name")
    level = tables.Column(verbose_name=_("Level"))
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


class TrainingAssignmentTable(Table):
    """One line per assignment: who learns what by when."""

    what = LinkColumn(verbose_name=_("What to learn"), accessor="what", orderable=False)
    user = tables.Column(verbose_name=_("Person"), accessor="user__full_name")
    kind = tables.Column(verbose_name=_("Training"))
    status = StateColumn()
    due_at = DueColumn(verbose_name=_("Due"))
    cause = tables.Column(verbose_name=_("Why"))

    class Meta(Table.Meta):
        model = TrainingAssignment
        fields = ()


class TrainingRecordTable(Table):
    """One line per record: who learned what, how, and until when it counts."""

    user = LinkColumn(verbose_name=_("Person"), accessor="user__full_name")
    what = tables.Column(verbose_name=_("What was learned"), empty_values=(), orderable=False)
    how = tables.Column(verbose_name=_("How"))
    completed_at = TimeColumn(verbose_name=_("Completed"))
    valid_until = TimeColumn(verbose_name=_("Valid until"))
    trainer = tables.Column(verbose_name=_("Attested by"), accessor="attestation__printed_name", orderable=False)

    class Meta(Table.Meta):
        model = TrainingRecord
        fields = ()

    def render_what(self, record: Any) -> str:
        return str(record.document_revision or record.requirement or "–")

    def value_what(self, record: Any) -> str:
        return self.render_what(record)


class QuizTable(Table):
    """One line per version of a quiz."""

    document = LinkColumn(verbose_name=_("Document"), accessor="document__title")
    version = NumberColumn(verbose_name=_("Version"))
    pass_percent = NumberColumn(verbose_name=_("Pass mark, percent"))
    status = StateColumn()

    class Meta(Table.Meta):
        model = Quiz
        fields = ()


class ShiftTable(Table):
    """One line per person and shift."""

    user = tables.Column(verbose_name=_("Person"), accessor="user__full_name")
    shift = tables.Column(verbose_name=_("Shift"))
    work_center = tables.Column(verbose_name=_("Work center"), accessor="work_center__name")
    starts_at = TimeColumn(verbose_name=_("From"))
    ends_at = TimeColumn(verbose_name=_("Until"))
    change = tables.Column(verbose_name=_("Change"), empty_values=(), orderable=False)

    class Meta(Table.Meta):
        model = ShiftAssignment
        fields = ()

    def render_change(self, record: Any) -> SafeString:
        url = reverse("qms_training:shiftassignment_cancel", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, _("Take out"))

    def value_change(self, record: Any) -> str:
        return ""


class SigningPolicyTable(Table):
    """One line per site."""

    site = tables.Column(verbose_name=_("Site"), accessor="site__name")
    document = tables.Column(verbose_name=_("Document"), accessor="document__title")
    is_on = YesNoColumn(verbose_name=_("Switched on"))

    class Meta(Table.Meta):
        model = SigningPolicy
        fields = ()
