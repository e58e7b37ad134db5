"""Lists of people and places."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from core.web.tables import LinkColumn, Table, TimeColumn, YesNoColumn


class UserTable(Table):
    full_name = LinkColumn(verbose_name=_("Name"))
    username = tables.Column(verbose_name=_("User name"))
    badge = tables.Column(verbose_name=_("Badge"))
    home_site = tables.Column(accessor="home_site__code", verbose_name=_("Home site"))
    is_active = YesNoColumn(verbose_name=_("Active"))


class RoleTable(Table):
    name = LinkColumn(verbose_name=_("Role"))
    code = tables.Column(verbose_name=_("Code"))
    is_active = YesNoColumn(verbose_name=_("Active"))


class SiteTable(Table):
    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    time_zone = tables.Column(verbose_name=_("Time zone"))
    is_active = YesNoColumn(verbose_name=_("Active"))


class WorkCenterTable(Table):
    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    area = tables.Column(accessor="area__name", verbose_name=_("Area"))
    site = tables.Column(accessor="area__site__code", verbose_name=_("Site"))


class EquipmentClassTable(Table):
    code = tables.Column(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))


class PartnerTable(Table):
    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    is_supplier = YesNoColumn(verbose_name=_("Supplier"))
    is_customer = YesNoColumn(verbose_name=_("Customer"))
    is_active = YesNoColumn(verbose_name=_("Active"))


class TerminalTable(Table):
    code = LinkColumn(verbose_name=_("Code"))
    name = tables.Column(verbose_name=_("Name"))
    work_center = tables.Column(accessor="work_center__name", verbose_name=_("Work center"))
    enrolled_at = TimeColumn(verbose_name=_("Enrolled"))
    is_active = YesNoColumn(verbose_name=_("Active"))


class ApiTokenTable(Table):
    name = tables.Column(verbose_name=_("Program"))
    expires_at = TimeColumn(verbose_name=_("Expires"))
    revoked_at = TimeColumn(verbose_name=_("Revoked"))
