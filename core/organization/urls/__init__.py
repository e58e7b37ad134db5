from django.urls import path

from core.organization.views import access, first_run, people, places, tokens

app_name = "core_organization"

urlpatterns = [
    path("users/", people.UserList.as_view(), name="user_list"),
    path("users/create/", people.UserCreate.as_view(), name="user_create"),
    path("users/<int:pk>/", people.UserDetail.as_view(), name="user_detail"),
    path("users/<int:pk>/change/", people.UserChange.as_view(), name="user_change"),
    path("users/<int:pk>/password/", people.UserPassword.as_view(), name="user_password"),
    path("users/<int:pk>/deactivate/", people.UserDeactivate.as_view(), name="user_deactivate"),
    path("users/<int:pk>/reactivate/", people.UserReactivate.as_view(), name="user_reactivate"),
    path("users/<int:pk>/grant/", access.GrantCreate.as_view(), name="grant_create"),
    path("grants/<int:pk>/end/", access.GrantEnd.as_view(), name="grant_end"),
    path("roles/", access.RoleList.as_view(), name="role_list"),
    path("roles/<int:pk>/", access.RoleDetail.as_view(), name="role_detail"),
    path("roles/<int:pk>/change/", access.RoleChange.as_view(), name="role_change"),
    path("sites/", places.SiteList.as_view(), name="site_list"),
    path("sites/create/", places.SiteCreate.as_view(), name="site_create"),
    path("sites/<int:pk>/", places.SiteDetail.as_view(), name="site_detail"),
    path("sites/<int:pk>/change/", places.SiteChange.as_view(), name="site_change"),
    path("sites/<int:pk>/area/", places.AreaCreate.as_view(), name="area_create"),
    path("areas/<int:pk>/work-center/", places.WorkCenterCreate.as_view(), name="workcenter_create"),
    path("work-centers/", places.WorkCenterList.as_view(), name="workcenter_list"),
    path("work-centers/<int:pk>/", places.WorkCenterDetail.as_view(), name="workcenter_detail"),
    path("work-centers/<int:pk>/terminal/", places.TerminalCreate.as_view(), name="terminal_create"),
    path("work-centers/<int:pk>/equipment/", places.EquipmentCreate.as_view(), name="equipment_create"),
    path("partners/", places.PartnerList.as_view(), name="partner_list"),
    path("partners/<int:pk>/", places.PartnerDetail.as_view(), name="partner_detail"),
    path("terminals/", places.TerminalList.as_view(), name="terminal_list"),
    path("terminals/<int:pk>/", places.TerminalDetail.as_view(), name="terminal_detail"),
    path("terminals/<int:pk>/enrol/", places.TerminalEnrol.as_view(), name="terminal_enrol"),
    path("terminals/<int:pk>/withdraw/", places.TerminalWithdraw.as_view(), name="terminal_withdraw"),
    path("me/password/", people.OwnPassword.as_view(), name="own_password"),
    path("me/pin/", people.OwnPin.as_view(), name="own_pin"),
    path("me/tokens/", tokens.OwnTokens.as_view(), name="apitoken_list"),
    path("me/tokens/create/", tokens.TokenCreate.as_view(), name="apitoken_create"),
    path("me/tokens/revoke/", tokens.TokenRevoke.as_view(), name="apitoken_revoke_own"),
    path("tokens/<int:pk>/revoke/", tokens.UserTokenRevoke.as_view(), name="apitoken_revoke"),
    path("first-run/", first_run.FirstRun.as_view(), name="first_run"),
]
