"""The REST bindings of EPCIS 2.0 (§12) as far as they apply: capture, its job, and the query of events.

Bodies and answers are EPCIS documents, JSON-LD or XML, so these operations have bodies of their own kind; who may do
what, the one service call and the refusals are those of every other operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.kernel.clock import now
from core.organization.models import Site
from core.organization.queries import sites_of
from core.web.api import ApiView
from core.web.api.problems import Problem
from core.web.api.schema import FormSchema
from core.web.services import report_export
from integrations.formats.epcis import Trouble, writing_json, writing_xml
from integrations.formats.epcis.documents import JSON_TYPE, MAX_BYTES, MAX_EVENTS, XML_TYPE
from integrations.models import EpcisCapture
from integrations.queries import BadToken, Wrong, events_page, read_query
from integrations.queries.asking import PARAMETERS
from integrations.services.epcis import CAPTURE, EpcisRefused, capture_document
from integrations.views.epcis import SEE, EpcisEvents
from integrations.views.epcis_captures import EpcisCaptureCreate, EpcisCaptureDetail

JSON_TYPES = ("application/ld+json", "application/json")
XML_TYPES = ("application/xml", "text/xml")
VERSIONS = {"GS1-EPCIS-Version": "2.0.0", "GS1-CBV-Version": "2.0.0"}
LIMITS = {
    "GS1-EPCIS-Min": "2.0.0",
    "GS1-EPCIS-Max": "2.0.0",
    "GS1-EPCIS-Capture-Limit": str(MAX_EVENTS),
    "GS1-EPCIS-Capture-File-Size-Limit": str(MAX_BYTES),
    "GS1-Capture-Error-Behaviour": "rollback",
}
Json = dict[str, Any]


class EpcisSchema(FormSchema):
    """The description of an operation whose bodies are EPCIS documents."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        found = super().get_operation(path, path_regex, path_prefix, method, registry)
        if found is None:
            return None
        view: Any = self.view
        found["summary"] = (view.__doc__ or "").strip().partition("\n")[0]
        kept = [one for one in found["parameters"] if one["in"] == "path"]
        texts = [{"name": n, "in": "query", "schema": {"type": "string"}} for n in view.query_texts]
        found["parameters"] = [*kept, *texts]
        document: Json = {"schema": {"type": "object"}}
        text: Json = {"schema": {"type": "string"}}
        if method == "POST":
            found["requestBody"] = {
                "required": True,
                "content": {**dict.fromkeys(JSON_TYPES, document), **dict.fromkeys(XML_TYPES, text)},
            }
        status, said = view.done
        answers = {code: one for code, one in found["responses"].items() if code == "4XX"}
        contents = {"application/json": document} | ({JSON_TYPE: document, XML_TYPE: text} if view.negotiates else {})
        found["responses"] = {status: {"description": said, "content": contents}, **answers}
        return found

    def _answers(self, view: Any, page: type[Any], method: str) -> Json:
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        return {"4XX": {"description": "Refused, in words; nothing changed.", "content": content}}

    def _contents(self, page: type[Any], body: Json) -> Json:
        return {}


class EpcisView(ApiView):
    """What these operations share: the versions in headers, and bodies in two forms."""

    schema = EpcisSchema()
    query_texts: ClassVar[tuple[str, ...]] = ()
    done: ClassVar[tuple[str, str]] = ("200", "Found.")
    negotiates: ClassVar[bool] = False

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """The form of the answer is chosen by `wants_xml`: a refusal is problem+json whatever is accepted."""
        return self.renderer_classes[0](), "application/json"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        version = str(request.META.get("HTTP_GS1_EPCIS_VERSION", "2.0"))
        if not (version == "2" or version.startswith("2.0")):
            raise Problem(406, _("The version of EPCIS here is 2.0."))
        method = request.method or "GET"
        if method in self.pages():
            self.opened(self.pages()[method], method)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        found = super().finalize_response(request, response, *args, **kwargs)
        for name, value in VERSIONS.items():
            found[name] = value
        return found

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        headers = {"Allow": ", ".join(self.allowed_methods), **VERSIONS, **LIMITS}
        return HttpResponse(status=204, headers=headers)

    def wants_xml(self) -> bool:
        """Whether the answer is XML: the first form in `Accept` that is known here."""
        for part in str(self.request.META.get("HTTP_ACCEPT", "")).split(","):
            kind = part.partition(";")[0].strip().lower()
            if kind in XML_TYPES:
                return True
            if kind in (*JSON_TYPES, "*/*", "application/*"):
                return False
        return False

    def parameters(self) -> Mapping[str, list[str]]:
        """The parameters of the address; a character that cannot be searched for is refused."""
        self.refuse_unknown(self.query_texts)
        given = self.request._request.GET
        return {name: given.getlist(name) for name in given}


class Capture(EpcisView):
    """Take in a document of EPCIS 2.0 events, all of them or none; known events are not kept again.

    The site is named by `site` (its code) where the caller may capture at several. The answer is the capture job: it
    is finished when the answer comes.
    """

    query_texts = ("site", "source")
    done = ("202", "Taken in.")

    def pages(self) -> Mapping[str, Any]:
        return {"POST": EpcisCaptureCreate}

    def post(self, request: Request, **kwargs: Any) -> HttpResponse:
        """Take it in."""
        given = self.parameters()
        plain = request._request
        if plain.META.get("HTTP_CONTENT_ENCODING", "identity") not in ("", "identity"):
            raise Problem(415, _("Send the document as it is, not packed."))
        if plain.content_type not in (*JSON_TYPES, *XML_TYPES):
            raise Problem(415, _("Send an EPCIS document as application/ld+json, application/json or application/xml."))
        if plain.META.get("HTTP_GS1_CAPTURE_ERROR_BEHAVIOUR", "rollback") != "rollback":
            raise Problem(400, _("A document is taken in whole or not at all: the behaviour is “rollback”."))
        if len(plain.body) > MAX_BYTES:
            raise Problem(413)
        try:
            found = capture_document(
                site=self.site(given.get("site", [""])[-1]),
                data=plain.body,
                source=given.get("source", [""])[-1],
                actor=request.user,
            )
        except EpcisRefused as refused:
            raise Problem(400, str(refused.troubles[0]), errors=list(map(line_of, refused.troubles))) from refused
        found.refresh_from_db()  # its time is the database's
        address = reverse("api:integrations:epcis_capture_detail", args=[found.pk])
        return self.answer(job_of(found), 202, {"Location": address})

    def site(self, code: str) -> Site:
        """The site of the caller's right, or the one that is named."""
        sites = sites_of(self.request.user, CAPTURE)
        found = list(sites.filter(code=code) if code else sites[:2])
        if len(found) == 1:
            return found[0]
        line = {"field": "site", "code": "required", "message": _("Name one of your sites by its code.")}
        raise Problem(400, _("At which site?"), errors=[line])


def line_of(trouble: Trouble) -> dict[str, str]:
    """A reason, with the event and its field as a program finds them."""
    place = f"eventList[{trouble.event - 1}]" if trouble.event else ""
    field = ".".join(filter(None, (place, trouble.field)))
    return {"field": field, "code": trouble.code, "message": str(trouble)}


def job_of(capture: EpcisCapture) -> Json:
    """A capture as the standard tells of its job (§12.6.2), and how many events were new."""
    at = capture.stamped_at.isoformat()
    return {
        "captureID": str(capture.pk),
        "createdAt": at,
        "finishedAt": at,
        "running": False,
        "success": True,
        "captureErrorBehaviour": "rollback",
        "errors": [],
        "newEvents": capture.new_events,
        "knownEvents": capture.known_events,
    }


class CaptureJob(EpcisView):
    """One capture: when it was, and how many of its events were new."""

    model = EpcisCapture

    def pages(self) -> Mapping[str, Any]:
        return {"GET": EpcisCaptureDetail}

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        """The job."""
        self.parameters()
        return self.answer(job_of(self.opened(EpcisCaptureDetail).record))


class Events(EpcisView):
    """Events by the standard's query parameters: our own rows as events, and captured ones, oldest first.

    The next page is named by the header Link. XML where Accept asks for it, else JSON-LD.
    """

    query_texts = PARAMETERS
    negotiates = True

    def pages(self) -> Mapping[str, Any]:
        return {"GET": EpcisEvents}

    @cached_property
    def sites(self) -> list[int]:
        """The sites whose events the caller may see."""
        return list(sites_of(self.request.user, SEE).values_list("pk", flat=True))

    def get(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """The events."""
        given = self.parameters()
        try:
            asked = read_query(given)
            page = events_page(
                asked.wanted, self.sites, limit=asked.limit, token=asked.token, descending=asked.descending
            )
        except Wrong as wrong:
            raise self.wrong(wrong.name, wrong.message) from wrong
        except BadToken as bad:
            raise self.wrong("nextPageToken", _("The token was not made by this query.")) from bad
        plain = request._request
        report_export(
            page=plain.path, query=plain.GET.urlencode(), format="epcis", rows=len(page.events), actor=request.user
        )
        is_xml = self.wants_xml()
        writer: Any = writing_xml.write_query if is_xml else writing_json.write_query
        parts: Iterable[str] = writer(page.events, created=now())
        answer = HttpResponse("".join(parts), content_type=XML_TYPE if is_xml else JSON_TYPE)
        if page.next:
            query = plain.GET.copy()
            query["nextPageToken"] = page.next
            answer["Link"] = f'<{plain.build_absolute_uri(plain.path)}?{query.urlencode()}>; rel="next"'
        return answer

    def wrong(self, name: str, message: str) -> Problem:
        """A parameter that is refused."""
        line = {"field": name, "code": "invalid", "message": message}
        return Problem(400, f"{name}: {message}", errors=[line])
