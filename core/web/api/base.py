"""The base of all operations: who asks, with which rights, and which page stands behind."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from core.kernel.deeds import through
from core.web.api.authentication import CookieAuthentication, Throttle, TokenAuthentication
from core.web.api.bodies import is_text
from core.web.api.encoding import encoded
from core.web.api.problems import Problem, of_exception
from core.web.api.schema import FormSchema
from core.web.api.shapes import shape_of
from core.web.keeping import keeper

PageClass = type[Any]


class ApiView(APIView):
    """Base of all operations. `pages` says which page stands behind each method; what it asks of its visitor holds."""

    authentication_classes = (TokenAuthentication, CookieAuthentication)
    throttle_classes = (Throttle,)
    permission_classes = ()
    parser_classes = ()
    renderer_classes = (JSONRenderer,)
    schema = FormSchema()
    query_names: ClassVar[tuple[str, ...]] = ()

    def pages(self) -> Mapping[str, PageClass]:
        """The page behind each HTTP method of this operation."""
        raise NotImplementedError

    def page_settings(self, method: str) -> dict[str, Any]:
        """What the address fixes about the page, such as its move."""
        return {}

    @property
    def allowed_methods(self) -> list[str]:
        return [*self.pages(), "OPTIONS"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with ExitStack() as stack:
            self.stack = stack
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse whoever is not signed in, and let a token give no more than it names."""
        if settings.SECURE_SSL_REDIRECT and not request.is_secure():
            raise Problem(403, _("The API is served over HTTPS only. Revoke the token that was sent over plain HTTP."))
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise Problem(401, _("Send a token, or sign in."), headers={"WWW-Authenticate": "Bearer"})
        if getattr(request.user, "must_change_password", False):
            raise Problem(403, _("A new password is due: sign in on a page and choose one."))
        if request.auth is None and keeper().factor_is_due(request.user):
            raise Problem(403, _("A second factor is due: sign in on a page and set it up."))
        if request.auth is not None:
            plain: Any = request._request
            plain.api_token = request.auth
            self.stack.enter_context(keeper().narrowed(request.auth))
            self.stack.enter_context(through(f"{plain.method} {plain.path} (API token {request.auth.pk})"))

    def handle_exception(self, exc: Exception) -> Any:
        problem = of_exception(exc)
        if problem is None:
            raise exc
        return problem.response()

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        allowed = ", ".join(self.allowed_methods)
        return Problem(405, headers={"Allow": allowed}).response()

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.allowed_methods)})

    def opened(
        self,
        page_class: PageClass,
        method: str = "GET",
        data: QueryDict | None = None,
        files: MultiValueDict[str, Any] | None = None,
    ) -> Any:
        """The page as this visitor would open it, or post to it; refused as the page would refuse."""
        plain = copy.copy(self.request._request)
        plain.method = method
        if method == "POST":
            values: Any = plain
            values._post = QueryDict() if data is None else data
            values._files = MultiValueDict() if files is None else files
        page = page_class(**self.page_settings(self.request.method or "GET"))
        page.setup(plain, **self.kwargs)
        if page.refusal(plain) is not None:
            raise Problem(401, headers={"WWW-Authenticate": "Bearer"})
        return page

    def refuse_unknown(self, known: tuple[str, ...]) -> None:
        """Parameters that the operation does not have are refused, not ignored."""
        given = self.request._request.GET
        unknown = sorted(set(given) - set(known))
        if unknown:
            lines = [
                {"field": name[:80], "code": "unknown", "message": _("There is no such filter.")} for name in unknown
            ]
            raise Problem(400, _("The address names what this operation does not have."), errors=lines)
        if not all(is_text(value) for name in given for value in given.getlist(name)):
            raise Problem(400, _("The address holds a character that cannot be searched for."))

    def answer(self, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
        """JSON out."""
        return HttpResponse(encoded(body), status=status, content_type="application/json", headers=dict(headers or {}))

    def shown(self, record: models.Model) -> tuple[dict[str, Any], dict[str, str]]:
        """A record as JSON, with its version as ETag where it has one."""
        body = dict(shape_of(type(record))(record).data)
        version = getattr(record, "row_version", None)
        return body, {} if version is None else {"ETag": f'"{version}"'}
