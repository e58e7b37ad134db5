from django.conf import settings
from django.urls import path

from core.web.gallery.views import KitDetail, KitEvents, KitPage, KitTerminal
from core.web.views.everywhere import PreferencesPage, ScanPage, SearchPage

app_name = "core_web"

urlpatterns = [
    path("search/", SearchPage.as_view(), name="search"),
    path("scan/", ScanPage.as_view(), name="scan"),
    path("preferences/", PreferencesPage.as_view(), name="preferences"),
]
if settings.TRUELINE_GALLERY:  # for whoever builds pages; nothing of it is served with real records
    urlpatterns += [
        path("kit/", KitPage.as_view(), name="kit"),
        path("kit/events/", KitEvents.as_view(), name="kit_events"),
        path("kit/detail/", KitDetail.as_view(), name="kit_detail"),
        path("kit/terminal/", KitTerminal.as_view(), name="kit_terminal"),
    ]
