"""Lists of the worklist."""

from __future__ import annotations

import django_tables2 as tables

from core.web.tables import LinkColumn, NumberColumn, Table
from core.worklist.models import EscalationRule


class EscalationRuleTable(Table):
    """The rules, kind by kind."""

    kind = LinkColumn()
    step = NumberColumn()
    after = NumberColumn()
    to_role = tables.Column()
    is_active = tables.BooleanColumn()

    class Meta(Table.Meta):
        model = EscalationRule
        fields = ("kind", "step", "after", "to_role", "is_active")
