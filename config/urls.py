"""Every page of ours lies at ``/<storey>/<app>/<records>/…``; each app's own ``urls.py`` holds the rest."""

from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView

from config.accounts import account_addresses
from config.apps import OUR_APPS, WITH_API, WITHOUT_PAGES
from core.organization.admin import tables_site
from core.printing.views import VerifyPage
from core.web.api.views import nothing

TERMINAL: list[URLPattern | URLResolver] = [
    *import_module("core.organization.urls.terminal").urlpatterns,
    *import_module("mes.execution.urls.terminal").urlpatterns,
]
"""What an enrolled device shows: signing on, and the floor's pages."""

API: list[URLPattern | URLResolver] = [
    path(f"{app.replace('.', '/')}/", include((f"{app}.api", app.replace(".", "_")))) for app in WITH_API
]
"""What programs ask for and do: each app's `api.py`."""

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include(account_addresses())),
    path("admin/", tables_site().urls),
    path("", RedirectView.as_view(pattern_name="core_worklist:assignment_inbox"), name="home"),
    path("t/<slug:terminal>/", include((TERMINAL, "terminal"))),
    path("api/v1/", include((API, "api"))),
    re_path("^api/", nothing),
    path("v/", VerifyPage.as_view(), name="verify_file"),
    path("v/<slug:token>/", VerifyPage.as_view(), name="verify_record"),
    *(path(f"{app.replace('.', '/')}/", include(f"{app}.urls")) for app in OUR_APPS if app not in WITHOUT_PAGES),
]

handler400 = "core.web.views.errors.bad_request"
handler403 = "core.web.views.errors.permission_denied"
handler404 = "core.web.views.errors.page_not_found"
handler500 = "core.web.failures.server_error"
