"""Operations of the API: each is a page's second face, and a door: one service call, its result or refusal back."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, nullcontext
from typing import Any, ClassVar

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from core.kernel.deeds import through
from core.kernel.errors import Blocked
from core.kernel.records import TrailedModel
from core.kernel.stale import expecting
from core.web import slots
from core.web.access import Forbidden
from core.web.api.authentication import CookieAuthentication, Throttle, TokenAuthentication
from core.web.api.bodies import form_data, is_text, read_body
from core.web.api.encoding import encoded
from core.web.api.problems import Problem, of_blocked, of_exception, of_form, of_validation
from core.web.api.schema import FormSchema
from core.web.api.shapes import shape_of
from core.web.forms import SignatureForm
from core.web.keeping import Kept, keeper
from core.web.keyset import BadCursor, paginate
from core.web.views import FormPage, ListPage, MovePage, RecordPage
from core.web.views.form import VERSION

PageClass = type[Any]
ROWS, MOST_ROWS, LONGEST_KEY = 50, 200, 200
OF_LISTS = ("q", "sort", "after", "before", "limit")
KEPT_HEADERS = ("Location", "ETag")


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
        super().initial(request, *args, **kwargs)
        if not request.user.is_authenticated:
            raise Problem(401, _("Send a token, or sign in."), headers={"WWW-Authenticate": "Bearer"})
        if getattr(request.user, "must_change_password", False):
            raise Problem(403, _("A new password is due: sign in on a page and choose one."))
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

    def opened(self, page_class: PageClass, method: str = "GET", data: QueryDict | None = None) -> Any:
        """The page as this visitor would open it, or post to it; refused as the page would refuse."""
        plain = copy.copy(self.request._request)
        plain.method = method
        if method == "POST":
            values: Any = plain
            values._post, values._files = QueryDict() if data is None else data, MultiValueDict()
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


class Deeds(ApiView):
    """What changes something: strict body, version, idempotency key, one transaction with its answer."""

    returns: type[models.Model] | None = None

    def do(self, page_class: PageClass, *, status: int = 200, base: str = "") -> HttpResponse:
        """Check, identify, then do the deed of the page once, and keep the answer with it."""
        self.refuse_unknown(self.query_names)
        key, body = self.key(), read_body(self.request._request)
        fingerprint = self.fingerprint()
        if key and (kept := keeper().kept_answer(self.request.user, key)) is not None:
            return self.again(kept, fingerprint)
        page = self.ready(page_class, body)

        def run() -> HttpResponse:
            with self.seen_version(page):
                return self.told(page, page.perform(page.form), status, base)

        return self.once(key, fingerprint, run)

    def key(self) -> str:
        """The idempotency key of the request; every POST has one."""
        key = str(self.request.META.get("HTTP_IDEMPOTENCY_KEY", "")).strip()
        if not key and self.request.method == "POST":
            raise Problem(
                400, _("Give the header Idempotency-Key: a new value for each deed, the same when you repeat.")
            )
        if len(key) > LONGEST_KEY or not key.isprintable() or not key.isascii():
            raise Problem(
                400, _("The Idempotency-Key has at most %(limit)s plain characters.") % {"limit": LONGEST_KEY}
            )
        return key

    def fingerprint(self) -> str:
        """What was asked, as a keyed hash: the body may hold a secret."""
        plain = self.request._request
        asked = f"{plain.method} {plain.path}\n".encode() + plain.body
        return salted_hmac("trueline.api", asked, algorithm="sha256").hexdigest()

    def again(self, kept: Kept, fingerprint: str) -> HttpResponse:
        """The answer that the first request got; another request under its key is refused."""
        if kept.fingerprint != fingerprint:
            raise Problem(422, _("This Idempotency-Key was used for another request."))
        headers = {**kept.headers, "Idempotent-Replayed": "true"}
        return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=headers)

    def once(self, key: str, fingerprint: str, run: Callable[[], HttpResponse]) -> HttpResponse:
        """The deed and its answer in one transaction. A refused deed leaves its denial, and the key free."""
        user = self.request.user
        refusal: Problem | None = None
        with transaction.atomic():
            if key and not keeper().claim_key(user, key, fingerprint):
                kept = keeper().kept_answer(user, key)
                if kept is None:
                    raise Problem(409, _("The same request is being worked on."))
                return self.again(kept, fingerprint)
            try:
                answer = run()  # the service rolls its own work back when it refuses, and stores the denial after it
            except Blocked as blocked:
                refusal = of_blocked(blocked)
            except ValidationError as error:
                refusal = of_validation(error)
            if refusal is not None:
                if key:
                    keeper().release_key(user, key)
            elif key:
                headers = {name: answer[name] for name in KEPT_HEADERS if name in answer}
                kept = Kept(fingerprint, answer.status_code, headers, answer.content.decode())
                keeper().keep_answer(user, key, kept)
        if refusal is not None:
            raise refusal
        return answer

    def ready(self, page_class: PageClass, body: dict[str, Any]) -> Any:
        """The page with a valid form and, where something is signed, an identified signer."""
        signature = body.pop("signature", None)
        page = self.opened(page_class, "POST")
        record = page.record if "pk" in self.kwargs else None
        if isinstance(page, MovePage) and not page.may_do():
            raise Forbidden(page.required_permission())
        version = self.version_sent(page, record)
        data = form_data({k: f for k, f in page.form.fields.items() if k != VERSION}, body)
        if version is not None:
            data[VERSION] = str(version)
        page = self.opened(page_class, "POST", data)
        if record is not None:
            page.__dict__["record"] = record
        if not page.form.is_valid():
            raise of_form(page.form)
        self.identify(page, signature)
        return page

    def identify(self, page: Any, signature: Any) -> None:
        """Let the signer identify in a transaction of their own, before the deed's."""
        meaning = page.deed_meaning() if isinstance(page, MovePage) else ""
        if not meaning:
            if signature is not None:
                raise Problem(400, _("This deed is not signed: leave “signature” out."))
            return
        names = {"user_name", "secret", "meaning"}
        if (
            not isinstance(signature, dict)
            or set(signature) != names
            or not all(isinstance(value, str) for value in signature.values())
        ):
            line = {"field": "signature", "code": "required", "message": _("Give user_name, secret and meaning.")}
            raise Problem(422, _("This deed is signed."), errors=[line])
        if signature["meaning"] != meaning:
            said = _("This deed is signed with the meaning “%(meaning)s”.") % {"meaning": meaning}
            raise Problem(422, errors=[{"field": "signature.meaning", "code": "meaning", "message": said}])
        form = SignatureForm({"user_id": signature["user_name"], "secret": signature["secret"]}, first=True)
        if not form.is_valid():
            raise of_form(form)
        page.__dict__["signature_form"] = form
        proof = page.proof()
        page.__dict__["proof"] = lambda: proof

    def needs_version(self, page: Any) -> bool:
        """Whether the request must say which version it was made from: a change, or a move of the record."""
        if isinstance(page, FormPage):
            return page.names_version
        return isinstance(page, MovePage) and page.transition is not None

    def version_sent(self, page: Any, record: Any) -> int | None:
        """The version in `If-Match`; 428 where it is needed and missing, 412 where it is no longer the present one."""
        text = str(self.request.META.get("HTTP_IF_MATCH", "")).strip()
        if not isinstance(record, TrailedModel) or (not text and not self.needs_version(page)):
            return None
        if not text:
            raise Problem(428, _("Give the header If-Match with the ETag of the record that you saw."))
        bare = text.removeprefix("W/").strip('"')
        if not bare.isascii() or not bare.isdecimal() or len(bare) > 11:
            raise Problem(412, _("If-Match names no version of a record; send the ETag that you got."))
        if int(bare) != record.row_version:
            raise Problem(412, _("Read the record again, then decide again."))
        return int(bare)

    def seen_version(self, page: Any) -> Any:
        """The version that was seen, held against the record under the service's lock."""
        sent = page.request.POST.get(VERSION, "")
        return expecting(page.record, int(sent)) if sent else nullcontext()

    def told(self, page: Any, result: Any, status: int, base: str) -> HttpResponse:
        """What the deed made or changed, read anew."""
        wanted = self.returns or page.model
        if not isinstance(result, wanted):
            if "pk" not in self.kwargs or not isinstance(page.record, wanted):
                raise ImproperlyConfigured(f"{type(page).__qualname__}: deed() returns no {wanted.__name__}")
            result = page.record
        record = type(result)._default_manager.get(pk=result.pk)
        body, headers = self.shown(record)
        if base:
            headers["Location"] = f"{base}{record.pk}/"
        return self.answer(body, status, headers)


class Collection(Deeds):
    """A list of records, and the creation of one."""

    list_page: type[ListPage] | None = None
    create_page: type[FormPage] | None = None

    def pages(self) -> Mapping[str, PageClass]:
        found = {"GET": self.list_page, "POST": self.create_page}
        return {method: page for method, page in found.items() if page is not None}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """One page of the visible rows, filtered, searched and sorted as on the screen's list."""
        if self.list_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        page: Any = self.opened(self.list_page)
        filters = page.filters
        fields = filters.form.fields.items() if filters is not None else ()
        names = [
            f"{name}_{suffix}" if suffix else name
            for name, field in fields
            for suffix in getattr(field.widget, "suffixes", None) or [""]
        ]
        self.refuse_unknown((*OF_LISTS, *names))
        if filters is not None and not filters.form.is_valid():
            problem = of_form(filters.form)
            problem.status = 400
            raise problem
        if page.request.GET.get("sort") and not page.sorting()[0]:
            raise Problem(400, _("The list cannot be sorted by this."))
        return self.answer(self.paged(page, page.rows))

    def paged(self, page: Any, rows: Any) -> dict[str, Any]:
        """The rows with the cursors of the neighbouring pages."""
        asked = page.request.GET
        limit = asked.get("limit", str(ROWS))
        if not limit.isascii() or not limit.isdecimal() or len(limit) > 4 or not 1 <= int(limit) <= MOST_ROWS:
            raise Problem(400, _("“limit” is a number from 1 to %(most)s.") % {"most": MOST_ROWS})
        try:
            found: Any = paginate(
                rows, page.ordering(), int(limit), after=asked.get("after", ""), before=asked.get("before", "")
            )
        except BadCursor as error:
            raise Problem(400, _("The cursor was not made by this list in this order.")) from error
        shape = shape_of(page.model)
        return {
            "results": shape(found.rows, many=True).data,
            "next": found.next or None,
            "previous": found.previous or None,
            "total": found.total,
            "is_total_exact": found.is_total_exact,
        }

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Create a record."""
        if self.create_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        return self.do(self.create_page, status=201, base=request._request.path)


class Item(Deeds):
    """One record: read, and change as its form does."""

    detail_page: type[RecordPage] | None = None
    change_page: type[FormPage] | None = None

    def pages(self) -> Mapping[str, PageClass]:
        found = {"GET": self.detail_page, "PUT": self.change_page}
        return {method: page for method, page in found.items() if page is not None}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The record, with its version as ETag; 304 where `If-None-Match` names it."""
        if self.detail_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        self.refuse_unknown(())
        body, headers = self.shown(self.opened(self.detail_page).record)
        if headers and request.META.get("HTTP_IF_NONE_MATCH") == headers["ETag"]:
            return HttpResponse(status=304, headers=headers)
        return self.answer(body, headers=headers)

    def put(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Change the record; every field of the form is sent."""
        if self.change_page is None:
            return Problem(405, headers={"Allow": ", ".join(self.allowed_methods)}).response()
        return self.do(self.change_page)


class DeedView(Deeds):
    """A deed on a record, or a move of it."""

    page: PageClass | None = None
    move = ""
    status = 200

    def pages(self) -> Mapping[str, PageClass]:
        return {"POST": self.page} if self.page is not None else {}

    def page_settings(self, method: str) -> dict[str, Any]:
        return {"move": self.move} if self.move else {}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Do it."""
        return self.do(self.pages()["POST"], status=self.status)


class Reading(ApiView):
    """Something that is read beside the record itself. Give `page` (whose record and right it is), `shape`, `read`."""

    page: PageClass | None = None
    shape: ClassVar[type[Any]]
    query: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Parameters of the address with their permitted values; the first is meant where none is given."""

    def pages(self) -> Mapping[str, PageClass]:
        return {"GET": self.page} if self.page is not None else {}

    def read(self, page: Any) -> Iterator[Any] | list[Any]:
        """The rows."""
        raise NotImplementedError

    def asked(self, name: str) -> str:
        """The value of a parameter."""
        permitted = self.query[name]
        value = self.request._request.GET.get(name, permitted[0])
        if value not in permitted:
            raise Problem(400, _("“%(name)s” is one of: %(values)s.") % {"name": name, "values": ", ".join(permitted)})
        return str(value)

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Read it."""
        self.refuse_unknown(tuple(self.query))
        page: Any = self.opened(self.pages()["GET"])
        return self.answer({"results": self.shape(list(self.read(page)), many=True).data})


class Moves(ApiView):
    """The moves from the record's present state, and for each what stands against it for this person."""

    is_moves = True
    page: PageClass | None = None

    def pages(self) -> Mapping[str, PageClass]:
        return {"GET": self.page} if self.page is not None else {}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Why, and why not."""
        self.refuse_unknown(())
        record = self.opened(self.pages()["GET"]).record
        states = slots.mover().available_moves(record, request.user)
        found = [
            {
                "move": state.move.name,
                "label": str(state.move.label),
                "to": state.move.target,
                "meaning": state.move.signature,
                "reason_required": state.move.reason_required,
                "allowed": state.allowed,
                "blockers": [blocker.as_dict() for blocker in state.blockers],
            }
            for state in states
        ]
        return self.answer({"results": found})


def nothing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """An address below /api/ where nothing is."""
    problem = of_exception(Http404())
    assert problem is not None
    return problem.response()
