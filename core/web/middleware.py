"""What holds for every request: which door it came through, and how a refused deed is shown."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.kernel.deeds import through
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import asked_once


class DoorMiddleware:
    """Names the door (method and path) that a request's deeds come through, and shows a refusal, or an input
    that makes no sense, which no page caught.

    A page that only shows (GET, HEAD) asks the other apps the same question once.
    """

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self._later(request)
        with through(f"{request.method} {request.path}"), _answers_kept(request):
            return self.get_response(request)

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        with through(f"{request.method} {request.path}"), _answers_kept(request):
            response: HttpResponseBase = await self.get_response(request)
            return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Blocked):
            return refused(request, exception)
        if isinstance(exception, ValidationError):
            invalid = Blocked([Blocker("invalid", message) for message in exception.messages])
            return refused(request, invalid, status=422)
        return None


def _answers_kept(request: HttpRequest) -> AbstractContextManager[None]:
    return asked_once() if request.method in ("GET", "HEAD") else nullcontext()


def refused(request: HttpRequest, blocked: Blocked, status: int = 409) -> HttpResponse:
    """A refusal as a page, or as a fragment for the page's notice area; never a server error."""
    context = {"blockers": blocked.blockers}
    if request.headers.get("HX-Request"):
        response = render(request, "ui/blockers.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#tl-notices", "innerHTML show:window:top"
        return response
    return render(request, "generic/refused.html", context, status=status)
