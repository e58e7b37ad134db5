"""Refusals as RFC 9457 problem+json: a status, a sentence, the blockers with their remedies, the fields at fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.http import Http404, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions

from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import catalogue
from core.web.access import Forbidden
from core.web.api.encoding import encoded

CONTENT_TYPE = "application/problem+json"
TITLES: Mapping[int, str | Promise] = {
    400: gettext_lazy("The request was not understood"),
    401: gettext_lazy("Nobody is signed in"),
    403: gettext_lazy("There is no right to do this"),
    404: gettext_lazy("There is no such record here"),
    405: gettext_lazy("There is no such method here"),
    406: gettext_lazy("The answer is JSON"),
    409: gettext_lazy("The deed was refused; nothing changed"),
    412: gettext_lazy("The record was changed meanwhile; nothing changed"),
    413: gettext_lazy("The request is too large"),
    415: gettext_lazy("The body must be JSON"),
    422: gettext_lazy("Some values are wrong; nothing changed"),
    428: gettext_lazy("The request must say from which version it was made"),
    429: gettext_lazy("Too many requests"),
    500: gettext_lazy("The server has a fault"),
    503: gettext_lazy("Something that the server needs does not work now"),
}
STATUS_OF_CODE = {"stale": 412, "version_missing": 428, "permission": 403}
"""Blockers that HTTP has a word of its own for, where they stand alone."""


class Problem(Exception):
    """The request is refused; becomes a problem+json answer."""

    def __init__(
        self,
        status: int,
        detail: str | Promise = "",
        *,
        blockers: Sequence[Blocker] = (),
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail
        self.blockers, self.errors = blockers, errors
        self.headers = dict(headers or {})

    def response(self) -> HttpResponse:
        """The answer."""
        body: dict[str, Any] = {"type": "about:blank", "title": str(TITLES[self.status]), "status": self.status}
        if self.detail:
            body["detail"] = str(self.detail)
        if self.blockers:
            body["blockers"] = [blocker.as_dict() for blocker in self.blockers]
        if self.errors:
            body["errors"] = list(self.errors)
        return HttpResponse(encoded(body), status=self.status, content_type=CONTENT_TYPE, headers=self.headers)


def of_blocked(blocked: Blocked) -> Problem:
    """A refused deed: 409 with every reason, or the status that says the only one."""
    found = {STATUS_OF_CODE.get(code, 409) for code in blocked.codes}
    status = found.pop() if len(found) == 1 else 409
    return Problem(status, " ".join(str(blocker.message) for blocker in blocked.blockers), blockers=blocked.blockers)


def _line(field: str, code: str | None, message: Any) -> dict[str, str]:
    return {"field": field, "code": code or "invalid", "message": str(message)}


def of_form(form: Any) -> Problem:
    """The errors of a form, each at its field."""
    lines = [
        _line("" if name == "__all__" else name, error.code, next(iter(error.messages), ""))
        for name, errors in form.errors.as_data().items()
        for error in errors
    ]
    return Problem(422, errors=lines)


def of_validation(error: ValidationError) -> Problem:
    """A value that a service refused."""
    named: Iterable[tuple[str, list[ValidationError]]] = (
        error.error_dict.items() if hasattr(error, "error_dict") else [("", error.error_list)]
    )
    lines = [
        _line("" if name == "__all__" else name, one.code, message)
        for name, errors in named
        for one in errors
        for message in one.messages
    ]
    return Problem(422, errors=lines)


def of_exception(error: Exception) -> Problem | None:
    """What the API says to an exception, or None where it is our own fault."""
    match error:
        case Problem():
            return error
        case Blocked():
            return of_blocked(error)
        case ValidationError():
            return of_validation(error)
        case Forbidden():
            known = catalogue().get(error.permission)
            label = known.label if known else error.permission
            return Problem(403, _("This needs the right “%(right)s”, which is not yours here.") % {"right": label})
        case PermissionDenied() | exceptions.PermissionDenied():
            return Problem(403, str(error))
        case Http404():
            return Problem(404, _("There is no such record, or it is at a place that you may not see."))
        case RequestDataTooBig():
            return Problem(413)
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            return Problem(401, str(error.detail), headers={"WWW-Authenticate": "Bearer"})
        case exceptions.Throttled():
            wait = max(1, round(getattr(error, "wait", None) or 1))
            return Problem(
                429, _("Try again in %(wait)s seconds.") % {"wait": wait}, headers={"Retry-After": str(wait)}
            )
        case exceptions.APIException() if error.status_code in TITLES:
            return Problem(error.status_code, str(error.detail))
        case SuspiciousOperation():
            return Problem(400)
    return None
