"""Who may see a page. The rights themselves are decided by core.organization, which installs its policy here."""

from __future__ import annotations

import uuid
from enum import Enum
from http import HTTPStatus
from typing import Any, ClassVar, Protocol, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.generic import View

from core.web.cookies import cookie_name
from core.web.once import FIELD

M = TypeVar("M", bound=Model)
ACCEPTED = "trueline_accepted"
"""The cookie with the client id of the form that was accepted last; `drafts.js` reads it."""


class Policy(Protocol):
    """What core.organization.queries offers to the pages."""

    def may(self, user: Any, permission: str, scope: Any = None) -> bool:
        """Whether the user holds the permission at the scope; None means anywhere."""

    def scoped(self, queryset: QuerySet[M], user: Any, permission: str) -> QuerySet[M]:
        """Only the rows that the user may see by this permission."""

    def permissions_of(self, user: Any) -> frozenset[str]:
        """Every permission that the user holds somewhere."""


_policies: list[Policy] = []


def install(policy: Policy) -> None:
    """Put the policy in place; core.organization does it while Django starts."""
    _policies[:] = [policy]


def policy() -> Policy:
    """The installed policy."""
    if not _policies:
        raise ImproperlyConfigured("no access policy: core.organization must call core.web.access.install()")
    return _policies[0]


def held(request: HttpRequest) -> frozenset[str]:
    """Every permission that the visitor holds somewhere; read once per request."""
    known: frozenset[str] | None = getattr(request, "_trueline_held", None)
    if known is None:
        known = policy().permissions_of(request.user) if request.user.is_authenticated else frozenset()
        request._trueline_held = known  # type: ignore[attr-defined]
    return known


def may(user: Any, permission: str, scope: Any = None) -> bool:
    """Whether the user holds the permission at the scope; nobody does when signed out."""
    return bool(user.is_authenticated) and policy().may(user, permission, scope)


def scoped(queryset: QuerySet[M], user: Any, permission: str) -> QuerySet[M]:
    """Only the rows that the user may see by this permission."""
    return policy().scoped(queryset, user, permission)


class Forbidden(PermissionDenied):
    """The signed-in user lacks a permission; the page for 403 names it and says who can grant it."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class Access(Enum):
    """What a page asks of its visitor; the access crawler reads it."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    PERMISSION = "permission"


def came_from(request: HttpRequest) -> str:
    """The page to show after signing in: the one asked for, or the one whose form was sent."""
    page = request.headers.get("Referer", "")
    if request.method == "POST" and url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        parts = urlsplit(page)
        return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()


def sign_in(request: HttpRequest) -> HttpResponse:
    """Send the visitor to the sign-in page and back afterwards; a fragment request reloads the whole page."""
    is_fragment = bool(request.headers.get("HX-Request"))
    following = request.headers.get("HX-Current-URL", "/") if is_fragment else came_from(request)
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': following})}"
    if is_fragment:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return HttpResponseRedirect(address)


def accepted(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Tell the browser which form was accepted, so that it forgets its draft; a refusal or a sign-in says nothing."""
    if request.method == "POST" and response.status_code < HTTPStatus.BAD_REQUEST:
        try:
            client_id = uuid.UUID(request.POST.get(FIELD, ""))
        except ValueError:
            return response
        response.set_cookie(
            cookie_name(ACCEPTED), str(client_id), max_age=60, secure=settings.SESSION_COOKIE_SECURE, samesite="Strict"
        )
    return response


class PageMixin(View):
    """Every page of ours: says what it asks of its visitor and refuses everybody else.

    Set `permission`, or `access` to PUBLIC or SIGNED_IN. Anonymous → sign-in and back; permission held nowhere → 403;
    an object outside the places where it is held → 404 (`get_object` of the generic pages reads scoped).
    """

    access: ClassVar[Access] = Access.PERMISSION
    permission: ClassVar[str] = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        if cls.access is Access.PERMISSION and not (cls.permission or initkwargs.get("permission")):
            raise ImproperlyConfigured(f"{cls.__qualname__}: set `permission`, or `access` to PUBLIC or SIGNED_IN")
        return super().as_view(**initkwargs)

    @classmethod
    def is_open_to(cls, request: HttpRequest, pk: int | None) -> bool:
        """Whether a link to this page is offered to the visitor: they hold what it declares, somewhere.

        A page that asks for more about the record of its address (`pk`) says so here.
        """
        if cls.access is not Access.PERMISSION:
            return True
        rights = (cls.permission, getattr(cls, "view_permission", ""), getattr(cls, "deed_permission", ""))
        return all(right in held(request) for right in rights if right)

    def refusal(self, request: HttpRequest) -> HttpResponse | None:
        """The way to the sign-in page, or None when the visitor may go on; `Forbidden` when they never may."""
        if self.access is not Access.PUBLIC and not request.user.is_authenticated:
            return sign_in(request)
        if self.access is Access.PERMISSION and self.permission not in held(request):
            raise Forbidden(self.permission)
        return None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.refusal(request) or accepted(request, super().dispatch(request, *args, **kwargs))
