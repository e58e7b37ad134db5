"""Lists of the worklist."""

from __future__ import annotations

from functools import cached_property

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, NumberColumn, Table, TimeColumn, YesNoColumn
from core.worklist.models import Assignment, EscalationRule
from core.worklist.queries import role_names


class AssignmentTable(Table):
    """Open work; the columns that a program may sort by."""

    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind of work"))
    due_at = TimeColumn(verbose_name=_("Due"))

    class Meta(Table.Meta):
        model = Assignment
        fields = ("title", "kind", "due_at")


class EscalationRuleTable(Table):
    """The rules, kind by kind."""

    kind = LinkColumn(verbose_name=_("Kind of work"))
    step = NumberColumn(verbose_name=_("Step"))
    after = NumberColumn(verbose_name=_("Minutes after it was due"))
    to_role = tables.Column(verbose_name=_("Goes to"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = EscalationRule
        fields = ("kind", "step", "after", "to_role", "is_active")

    @cached_property
    def _roles(self) -> dict[str, str]:
        return role_names()

    def render_to_role(self, value: str) -> str:
        """The role as people call it."""
        return self._roles.get(value, value)
