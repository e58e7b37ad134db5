"""The API of people, roles and places. A person's own password, PIN and tokens are theirs alone, on their pages."""

from __future__ import annotations

from typing import Any

from core.organization.models import ApiToken, Area, Equipment, Grant, Terminal, WorkCenter
from core.organization.queries.factors import SignedInAt, signed_in_at
from core.organization.queries.tokens import tokens_of
from core.organization.serializers import (
    ApiTokenShape,
    AreaShape,
    EquipmentShape,
    GrantShape,
    RightShape,
    SignedInAtShape,
)
from core.organization.views import access, factors, partners, people, places, sessions, tokens
from core.web.api import Reading, deed, reading, records


class Grants(Reading):
    """The roles of a person, running and ended, at places that one may see."""

    page, shape = people.UserDetail, GrantShape

    def read(self, page: Any) -> list[Grant]:
        return list(page.grants)


class Tokens(Reading):
    """The API tokens of a person, without their secrets."""

    page, shape = people.UserDetail, ApiTokenShape

    def read(self, page: Any) -> list[ApiToken]:
        return list(tokens_of(page.record))


class Sessions(Reading):
    """Where a person is signed in: browsers and terminals."""

    page, shape = people.UserDetail, SignedInAtShape

    def read(self, page: Any) -> list[SignedInAt]:
        return list(signed_in_at(page.record))


class Rights(Reading):
    """The permissions that a role gives."""

    page, shape = access.RoleDetail, RightShape

    def read(self, page: Any) -> list[dict[str, Any]]:
        return [{"permission": code, "title": title} for code, title in page.rights]


class Areas(Reading):
    """The areas of a site."""

    page, shape = places.SiteDetail, AreaShape

    def read(self, page: Any) -> list[Area]:
        return list(page.record.areas.all())


class EquipmentAt(Reading):
    """The equipment at a work center."""

    page, shape = places.WorkCenterDetail, EquipmentShape

    def read(self, page: Any) -> list[Equipment]:
        return list(page.record.equipment.all())


CENTER = "work-centers/<int:pk>/"
urlpatterns = [
    *records(
        "users",
        name="user",
        list=people.UserList,
        create=people.UserCreate,
        detail=people.UserDetail,
        change=people.UserChange,
    ),
    reading("users/<int:pk>/grants/", Grants, name="grant_list"),
    reading("users/<int:pk>/tokens/", Tokens, name="apitoken_list"),
    reading("users/<int:pk>/sessions/", Sessions, name="session_list"),
    deed("users/<int:pk>/end-sessions/", sessions.UserSessionsEnd, name="user_sessions"),
    deed("users/<int:pk>/remove-factors/", factors.UserFactorsRemove, name="user_factors"),
    deed("users/<int:pk>/grant/", access.GrantCreate, name="grant_create", returns=Grant, status=201),
    deed("users/<int:pk>/password/", people.UserPassword, name="user_password"),
    deed("users/<int:pk>/deactivate/", people.UserDeactivate, name="user_deactivate"),
    deed("users/<int:pk>/provider/", people.UserProviderAccount, name="user_provider"),
    deed("users/<int:pk>/reactivate/", people.UserReactivate, name="user_reactivate"),
    deed("grants/<int:pk>/end/", access.GrantEnd, name="grant_end"),
    deed("tokens/<int:pk>/revoke/", tokens.UserTokenRevoke, name="apitoken_revoke"),
    *records("roles", name="role", list=access.RoleList, detail=access.RoleDetail, change=access.RoleChange),
    reading("roles/<int:pk>/permissions/", Rights, name="rolepermission_list"),
    *records(
        "sites",
        name="site",
        list=places.SiteList,
        create=places.SiteCreate,
        detail=places.SiteDetail,
        change=places.SiteChange,
    ),
    reading("sites/<int:pk>/areas/", Areas, name="area_list"),
    deed("sites/<int:pk>/area/", places.AreaCreate, name="area_create", returns=Area, status=201),
    deed(
        "areas/<int:pk>/work-center/", places.WorkCenterCreate, name="workcenter_create", returns=WorkCenter, status=201
    ),
    *records("work-centers", name="workcenter", list=places.WorkCenterList, detail=places.WorkCenterDetail),
    reading(f"{CENTER}equipment/", EquipmentAt, name="equipment_list"),
    deed(f"{CENTER}add-equipment/", places.EquipmentCreate, name="equipment_create", returns=Equipment, status=201),
    deed(f"{CENTER}add-terminal/", places.TerminalCreate, name="terminal_create", returns=Terminal, status=201),
    *records(
        "equipment-classes",
        name="equipmentclass",
        list=places.EquipmentClassList,
        create=places.EquipmentClassCreate,
    ),
    *records(
        "partners",
        name="partner",
        list=places.PartnerList,
        create=partners.PartnerCreate,
        detail=places.PartnerDetail,
        change=partners.PartnerChange,
    ),
    *records("terminals", name="terminal", list=places.TerminalList, detail=places.TerminalDetail),
    deed("terminals/<int:pk>/withdraw/", places.TerminalWithdraw, name="terminal_withdraw"),
]
