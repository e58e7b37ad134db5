"""Columns of the lists."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.web.markup import badge
from core.web.tables import DueColumn, LinkColumn, StateColumn, Table, TimeColumn, YesNoColumn
from qms.changes.models import ChangeOrder, ChangePolicy, ChangeType


class UrgencyColumn(tables.Column):  # type: ignore[misc]
    """Routine or emergency, as word + icon + tone."""

    def render(self, value: str, record: ChangeOrder) -> SafeString:
        return badge(value, "bad", "alarm") if record.is_emergency else badge(value, "neutral", "route")

    def value(self, value: str) -> str:
        return str(value)


class ChangeOrderTable(Table):
    """What changes, of which kind, where it stands, until when."""

    number = LinkColumn(verbose_name=_("Number"))
    title = tables.Column(verbose_name=_("Title"))
    status = StateColumn()
    urgency = UrgencyColumn(verbose_name=_("Class"))
    is_temporary = YesNoColumn(verbose_name=_("Temporary"))
    change_type = tables.Column(accessor="change_type__code", verbose_name=_("Type"))
    site = tables.Column(accessor="site__code", verbose_name=_("Site"))
    owner = tables.Column(accessor="owner__full_name", verbose_name=_("Owner"))
    due_at = DueColumn(verbose_name=_("Due"))
    released_at = TimeColumn(verbose_name=_("Released"))

    class Meta(Table.Meta):
        model = ChangeOrder
        fields = (
            "number", "title", "status", "urgency", "is_temporary", "change_type", "site", "owner", "due_at",
            "released_at",
        )  # fmt: skip


class ChangeTypeTable(Table):
    """The kinds of changes."""

    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    category = tables.Column(verbose_name=_("Category"))
    retrospective_days = tables.Column(verbose_name=_("Days for the retrospective approval"))
    is_active = YesNoColumn(verbose_name=_("Active"))

    class Meta(Table.Meta):
        model = ChangeType
        fields = ("code", "name", "category", "retrospective_days", "is_active")


class ChangePolicyTable(Table):
    """What needs a change."""

    revision_type = LinkColumn(accessor="revision_type__model", verbose_name=_("Kind of revision"))
    kind = tables.Column(verbose_name=_("Kind"))
    is_active = YesNoColumn(verbose_name=_("Needs a change"))

    class Meta(Table.Meta):
        model = ChangePolicy
        fields = ("revision_type", "kind", "is_active")

    def render_revision_type(self, value: str, record: ChangePolicy) -> str:
        return str(record.revision_type.name)

    def value_revision_type(self, value: str, record: ChangePolicy) -> str:
        return str(record.revision_type.name)
