"""Under /t/<terminal>/: signing on and locking; the floor's own pages are added by mes.execution."""

from django.urls import path

from core.organization.views.terminal import Lock, ScanAtTerminal, SignOn, Station

urlpatterns = [
    path("sign-on/", SignOn.as_view(), name="sign_on"),
    path("station/", Station.as_view(), name="station"),
    path("scan/", ScanAtTerminal.as_view(), name="scan"),
    path("lock/", Lock.as_view(), name="lock"),
]
