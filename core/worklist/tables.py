"""Lists of the worklist."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, NumberColumn, Table, YesNoColumn
from core.worklist.models import EscalationRule


class EscalationRuleTable(Table):
    """The rules, kind by kind."""

    kind = LinkColumn(verbose_name=_("Kind of work"))
    step = NumberColumn(verbose_name=_("Step"))
    after = NumberColumn(verbose_name=_("After"))
    to_role = tables.Column(verbose_name=_("Goes to"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = EscalationRule
        fields = ("kind", "step", "after", "to_role", "is_active")
