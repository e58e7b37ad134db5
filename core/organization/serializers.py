"""How people and places look in the API. No secret is ever part of it."""

from __future__ import annotations

from rest_framework import serializers

from core.organization.models import (
    ApiToken,
    Area,
    Equipment,
    EquipmentClass,
    Grant,
    Partner,
    Role,
    Site,
    Terminal,
    User,
    WorkCenter,
)
from core.web.api import Shape, ValueShape


class SiteShape(Shape):
    class Meta:
        model = Site
        fields = ("id", "code", "name", "time_zone", "is_active", "requires_second_factor", "version")


class AreaShape(Shape):
    class Meta:
        model = Area
        fields = ("id", "site", "code", "name", "is_active", "version")


class WorkCenterShape(Shape):
    class Meta:
        model = WorkCenter
        fields = ("id", "area", "code", "name", "is_active", "origin", "external_id", "version")


class PartnerShape(Shape):
    class Meta:
        model = Partner
        fields = (
            "id", "code", "name", "is_supplier", "is_customer", "is_active", "origin", "external_id", "version",
        )  # fmt: skip


class TerminalShape(Shape):
    class Meta:
        model = Terminal
        fields = ("id", "work_center", "code", "name", "enrolled_at", "idle_lock_seconds", "is_active", "version")


class EquipmentClassShape(Shape):
    class Meta:
        model = EquipmentClass
        fields = ("id", "code", "name", "version")


class EquipmentShape(Shape):
    class Meta:
        model = Equipment
        fields = ("id", "work_center", "equipment_class", "code", "name", "is_active", "version")


class UserShape(Shape):
    class Meta:
        model = User
        fields = (
            "id", "username", "full_name", "email", "badge", "home_site", "manager", "is_active",
            "must_change_password",
            "provider_only", "version",
        )  # fmt: skip


class RoleShape(Shape):
    class Meta:
        model = Role
        fields = ("id", "code", "name", "template", "is_active", "requires_second_factor", "version")


class GrantShape(Shape):
    class Meta:
        model = Grant
        fields = ("id", "user", "role", "site", "area", "work_center", "starts", "ends", "version")


class ApiTokenShape(Shape):
    class Meta:
        model = ApiToken
        fields = ("id", "user", "name", "permissions", "expires_at", "revoked_at", "version")


class RightShape(ValueShape):
    """A permission that a role gives."""

    permission = serializers.CharField()
    title = serializers.CharField()


class SignedInAtShape(ValueShape):
    """Where a person is signed in."""

    handle = serializers.CharField()
    device = serializers.CharField()
    since = serializers.DateTimeField()
    last_used = serializers.DateTimeField()
