"""What holds for every request: which door it came through, and how a refused deed is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from core.kernel.deeds import through
from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import asked_once


class AroundMiddleware:
    """Base of a middleware that keeps something open around each request, on either kind of server."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        if iscoroutinefunction(get_response):
            markcoroutinefunction(self)

    def prepare(self, request: HttpRequest) -> None:
        """What `around` needs to know from the database."""

    def around(self, request: HttpRequest) -> AbstractContextManager[Any]:
        """What is open while the request is answered."""
        raise NotImplementedError

    def __call__(self, request: HttpRequest) -> Any:
        if iscoroutinefunction(self):
            return self._later(request)
        self.prepare(request)
        with self.around(request):
            return self.get_response(request)

    async def _later(self, request: HttpRequest) -> HttpResponseBase:
        if type(self).prepare is not AroundMiddleware.prepare:
            await sync_to_async(self.prepare)(request)
        with self.around(request):
            response: HttpResponseBase = await self.get_response(request)
            return response


class DoorMiddleware(AroundMiddleware):
    """Names the door (method and path) that a request's deeds come through, and shows a refusal, or an input
    that makes no sense, which no page caught.

    A page that only shows (GET, HEAD) asks the other apps the same question once.
    """

    @contextmanager
    def around(self, request: HttpRequest) -> Iterator[None]:
        with through(f"{request.method} {request.path}"), asked_once() if only_shows(request) else nullcontext():
            yield

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, Blocked):
            return refused(request, exception)
        if isinstance(exception, ValidationError):
            invalid = Blocked([Blocker("invalid", message) for message in exception.messages])
            return refused(request, invalid, status=422)
        return None


def only_shows(request: HttpRequest) -> bool:
    """Whether the request reads: what it asks may be kept until it is answered."""
    return request.method in ("GET", "HEAD")


def refused(request: HttpRequest, blocked: Blocked, status: int = 409) -> HttpResponse:
    """A refusal as a page, or as a fragment for the page's notice area; never a server error."""
    context = {"blockers": blocked.blockers}
    if request.headers.get("HX-Request"):
        response = render(request, "ui/blockers.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#tl-notices", "innerHTML show:window:top"
        return response
    return render(request, "generic/refused.html", context, status=status)
