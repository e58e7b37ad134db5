"""Lists of the worklist."""

from __future__ import annotations

from functools import cached_property

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, NumberColumn, Table, TimeColumn, YesNoColumn
from core.worklist.models import Assignment, Delegation, EscalationRule, Kind
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
    """The steps, ladder by ladder."""

    kind = LinkColumn(verbose_name=_("Kind of work"))
    record_type = tables.Column(verbose_name=_("Kind of record"), empty_values=())
    severity = tables.Column(verbose_name=_("Severity"))
    site = tables.Column(verbose_name=_("Site"))
    step = NumberColumn(verbose_name=_("Step"))
    after = tables.Column(verbose_name=_("When"))
    whom = tables.Column(verbose_name=_("Whom"))
    to_role = tables.Column(verbose_name=_("Role"))
    by_mail = YesNoColumn(verbose_name=_("By mail at once"))
    is_active = YesNoColumn(verbose_name=_("Active"))
    effect = LinkColumn(verbose_name=_("What it would do"), url="preview_url", accessor="pk", orderable=False)

    class Meta(Table.Meta):
        model = EscalationRule
        fields = (
            "kind", "record_type", "severity", "site", "step", "after", "whom", "to_role", "by_mail", "is_active",
            "effect",
        )  # fmt: skip

    @cached_property
    def _roles(self) -> dict[str, str]:
        return role_names()

    def render_to_role(self, value: str) -> str:
        """The role as people call it."""
        return self._roles.get(value, value)

    def render_record_type(self, record: EscalationRule) -> str:
        """The kind of record as people call it."""
        model = None if record.record_type is None else record.record_type.model_class()
        return str(_("every record") if model is None else model._meta.verbose_name)

    def value_record_type(self, record: EscalationRule) -> str:
        """The same in an export."""
        return self.render_record_type(record)

    def render_after(self, record: EscalationRule) -> str:
        """When, in words."""
        return record.when

    def value_after(self, value: int) -> int:
        """Minutes, in an export."""
        return value

    def render_whom(self, record: EscalationRule) -> str:
        """Whom, with the named person."""
        return str(record.to_user or record.get_whom_display())

    def render_effect(self) -> str:
        """The words of the link."""
        return str(_("Preview"))

    def value_effect(self, record: EscalationRule) -> str:
        """Its address, in an export."""
        return record.preview_url()


class DelegationTable(Table):
    """Who does whose work, from when until when."""

    from_user = tables.Column(verbose_name=_("Work of"))
    to_user = tables.Column(verbose_name=_("Done by"))
    is_absence = YesNoColumn(verbose_name=_("Is away"))
    kinds = tables.Column(verbose_name=_("Kinds of work"), orderable=False)
    starts = TimeColumn(verbose_name=_("From"))
    ends = TimeColumn(verbose_name=_("Until"))
    reason = tables.Column(verbose_name=_("Reason"))
    end = LinkColumn(verbose_name=_("End it"), url="end_url", accessor="pk", orderable=False)

    class Meta(Table.Meta):
        model = Delegation
        fields = ("from_user", "to_user", "is_absence", "kinds", "starts", "ends", "reason", "end")

    def render_kinds(self, value: list[str]) -> str:
        """The kinds as people call them."""
        return ", ".join(str(Kind(one).label) for one in value) or "–"

    def value_kinds(self, value: list[str]) -> str:
        """The same in an export."""
        return self.render_kinds(value)

    def render_end(self, record: Delegation) -> str:
        """Offered while it runs or has not begun."""
        return str(_("End it")) if record.is_open else "–"

    def value_end(self, record: Delegation) -> str:
        """Whether it still runs or will, in an export."""
        return "" if record.is_open else str(_("ended"))
