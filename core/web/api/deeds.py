"""What changes something: strict body, version, signature, idempotency key, one transaction with its answer."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import IntegrityError, models, transaction
from django.forms import FileField
from django.http import HttpResponse
from django.utils.crypto import salted_hmac
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from core.kernel.deeds import deny, in_words
from core.kernel.errors import Blocked
from core.kernel.records import TrailedModel
from core.kernel.stale import expecting
from core.web.access import Forbidden
from core.web.api.base import ApiView, PageClass
from core.web.api.bodies import form_data, has_file, is_multipart, parts_data, read_body, read_parts, refuse_unknown
from core.web.api.problems import Problem, of_blocked, of_form, of_validation
from core.web.api.shapes import ValueShape
from core.web.forms import SignatureForm
from core.web.keeping import Kept, keeper
from core.web.views import MovePage
from core.web.views.form import VERSION

Files = MultiValueDict[str, Any]
LONGEST_KEY = 200
KEPT_HEADERS = ("Location", "ETag")


class Deeds(ApiView):
    """What changes something: strict body, version, idempotency key, one transaction with its answer."""

    returns: type[models.Model] | None = None
    shape: type[ValueShape] | None = None
    """The shape of what the deed returns, where that is no record."""

    def do(self, page_class: PageClass, *, status: int = 200, base: str = "") -> HttpResponse:
        """Check, identify, then do the deed of the page once, and keep the answer with it."""
        self.refuse_unknown(self.query_names)
        key, (body, files) = self.key(), self.body(page_class)
        fingerprint = self.fingerprint(body, files)
        if key and (kept := keeper().kept_answer(self.request.user, key)) is not None:
            return self.again(kept, fingerprint)
        page = self.ready(page_class, body, files)

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

    def body(self, page_class: PageClass) -> tuple[dict[str, Any], Files | None]:
        """The values of the body, and its files where it came in parts. Only who takes a file takes parts."""
        plain = self.request._request
        if is_multipart(plain) and has_file(getattr(page_class.form_class, "base_fields", {})):
            return read_parts(plain)
        return read_body(plain), None

    def fingerprint(self, body: dict[str, Any], files: Files | None) -> str:
        """What was asked, as a keyed hash: the body may hold a secret."""
        plain = self.request._request
        asked = hashlib.sha256(f"{plain.method} {plain.path}\n".encode())
        if files is None:
            asked.update(plain.body)
        else:
            asked.update(json.dumps(body, sort_keys=True).encode())
            for name in sorted(files):
                file: Any = files[name]
                asked.update(f"\n{name} {file.name} {file.size}\n".encode())
                for chunk in file.chunks():
                    asked.update(chunk)
        return salted_hmac("trueline.api", asked.digest(), algorithm="sha256").hexdigest()

    def again(self, kept: Kept, fingerprint: str) -> HttpResponse:
        """The answer that the first request got; another request under its key is refused."""
        if kept.fingerprint != fingerprint:
            raise Problem(422, _("This Idempotency-Key was used for another request."))
        headers = {**kept.headers, "Idempotent-Replayed": "true"}
        return HttpResponse(kept.body, status=kept.status, content_type="application/json", headers=headers)

    def once(self, key: str, fingerprint: str, run: Callable[[], HttpResponse]) -> HttpResponse:
        """The deed and its answer in one transaction. A refused deed leaves its denial, and the key free."""
        user = self.request.user
        try:
            return self._once(user, key, fingerprint, run)
        except IntegrityError as error:
            refused = in_words(error)
            if refused is None:
                raise
            deny(refused, user, self.request.path)
            raise of_blocked(refused) from error

    def _once(self, user: Any, key: str, fingerprint: str, run: Callable[[], HttpResponse]) -> HttpResponse:
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

    def ready(self, page_class: PageClass, body: dict[str, Any], files: Files | None = None) -> Any:
        """The page with a valid form and, where something is signed, an identified signer."""
        signature = body.pop("signature", None)
        page = self.opened(page_class, "POST")
        record = page.record if "pk" in self.kwargs else None
        if isinstance(page, MovePage) and not page.may_do():
            raise Forbidden(page.required_permission())
        version = self.version_sent(page, record)
        named = {name: field for name, field in page.form.fields.items() if name != VERSION}
        texts = {name: field for name, field in named.items() if not isinstance(field, FileField)}
        refuse_unknown(texts, body)
        refuse_unknown(set(named) - set(texts), files or ())
        data = form_data(texts, body) if files is None else parts_data(texts, body)
        if version is not None:
            data[VERSION] = str(version)
        page = self.opened(page_class, "POST", data, files)
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
            or set(signature) - {"code"} != names
            or not all(isinstance(value, str) for value in signature.values())
        ):
            line = {"field": "signature", "code": "required", "message": _("Give user_name, secret and meaning.")}
            raise Problem(422, _("This deed is signed."), errors=[line])
        if signature["meaning"] != meaning:
            said = _("This deed is signed with the meaning “%(meaning)s”.") % {"meaning": meaning}
            raise Problem(422, errors=[{"field": "signature.meaning", "code": "meaning", "message": said}])
        given = {"user_id": signature["user_name"], "secret": signature["secret"], "code": signature.get("code", "")}
        form = SignatureForm(given, first=True, with_code="code" in signature)
        if not form.is_valid():
            raise of_form(form)
        page.__dict__["signature_form"] = form
        proof = page.proof()
        page.__dict__["proof"] = lambda: proof

    def version_sent(self, page: Any, record: Any) -> int | None:
        """The version in `If-Match`; 428 where it is needed and missing, 412 where it is no longer the present one."""
        text = str(self.request.META.get("HTTP_IF_MATCH", "")).strip()
        overwritten = page.overwritten()
        record = overwritten or record
        if not isinstance(record, TrailedModel) or (not text and overwritten is None):
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
        return expecting(page.overwritten() or page.record, int(sent)) if sent else nullcontext()

    def told(self, page: Any, result: Any, status: int, base: str) -> HttpResponse:
        """What the deed made or changed, read anew."""
        if self.shape is not None:
            return self.answer(dict(self.shape(result).data), status)
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
