"""Documents of EPCIS events that come: chosen, looked at, taken in whole or not at all."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.files import blobs, waiting
from core.files.queries import attachments_of
from core.kernel.errors import Blocked
from core.organization.models import Site
from core.organization.queries import sites_of
from core.web.markup import site_time
from core.web.views import Fact
from core.web.views.record import RecordPage, zone_of
from integrations.formats.epcis.documents import MAX_BYTES, MAX_EVENTS
from integrations.forms.epcis import CaptureForm
from integrations.models import EpcisCapture
from integrations.queries import CAPTURED, read_content
from integrations.queries.sources import Told
from integrations.services.epcis import CAPTURE, EpcisRefused, Looked, capture_document, look_at_document
from integrations.views.epcis import ROWS, EpcisBase

SALT = "trueline.epcis"


class EpcisCaptureCreate(EpcisBase):
    """Choose a document of events; the next page says what would become of each."""

    permission = CAPTURE
    template_name = "integrations/epciscapture_create.html"
    title = _("Take in events")
    form_class = CaptureForm

    def make_form(self) -> CaptureForm:
        """The form of this request."""
        bound = self.request.method == "POST"
        given: Any = (self.request.POST, self.request.FILES) if bound else ()
        return CaptureForm(*given, sites=sites_of(self.request.user, CAPTURE))

    def context(self, **more: Any) -> dict[str, Any]:
        limits = {"mb": MAX_BYTES // 1024 // 1024, "events": f"{MAX_EVENTS:,}"}
        return super().context(limits=limits, **more)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.render(form=self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        form = self.make_form()
        if not form.is_valid():
            return self.render(form=form, status=422)
        file, site = form.cleaned_data["file"], form.cleaned_data["site"]
        try:
            sha256 = waiting.keep(file.chunks(), limit=MAX_BYTES)
        except blobs.TooLarge:
            form.add_error("file", _t("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1024 // 1024})
            return self.render(form=form, status=422)
        told = [request.user.pk, site.pk, sha256, file.name[:200], form.cleaned_data["source"]]
        word_of = signing.dumps(told, salt=SALT, compress=True)
        return HttpResponseRedirect(f"{reverse('integrations:epciscapture_check')}?{urlencode({'check': word_of})}")


class EpcisCaptureCheck(EpcisBase):
    """What would become of each event of a document; then all of them are taken in, or none."""

    permission = CAPTURE
    template_name = "integrations/epciscapture_check.html"
    title = _("What becomes of each event")

    @cached_property
    def given(self) -> tuple[Site, bytes, str, str]:
        """Site, document, name and sender of the address: the visitor's own, for a day. `ValidationError` without."""
        try:
            user, site, sha256, name, source = signing.loads(
                self.request.GET.get("check", ""), salt=SALT, max_age=waiting.KEPT_FOR
            )
            if user != self.request.user.pk:
                raise signing.BadSignature("somebody else's")
            found = sites_of(self.request.user, CAPTURE).get(pk=site)
            return found, waiting.load(sha256), name, source
        except (signing.BadSignature, Site.DoesNotExist, blobs.BlobMissing, blobs.BlobDamaged) as gone:
            raise ValidationError(_t("The document is no longer there. Choose it again.")) from gone

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refusal = self.refusal(request)
        if refusal is not None:
            return refusal
        try:
            return super().dispatch(request, *args, **kwargs)
        except ValidationError as gone:
            status = 410 if "check" in request.GET else 409 if request.method == "POST" else 200
            return self.render(gone=" ".join(gone.messages), status=status)

    def looked(self) -> tuple[Looked | None, Any]:
        """What it holds, or the reasons why it is refused."""
        site, data, _name, _source = self.given
        try:
            return look_at_document(data, site), ()
        except EpcisRefused as refused:
            return None, refused.troubles

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        site, _data, name, source = self.given
        looked, troubles = self.looked()
        lines: list[Any] = []
        new = 0
        if looked is not None:
            told = tuple(Told((event.event_time, 0, 0), event, CAPTURED) for event in looked.document.events)
            fresh = {digest for _event, digest in looked.new()}
            new = len(fresh)
            for line, digest in zip(self.lines(told[:ROWS]), looked.digests, strict=False):
                lines.append((line, digest in fresh))
        return self.render(
            lines=lines,
            new=new,
            total=len(looked.digests) if looked is not None else 0,
            troubles=troubles,
            name=name,
            source=source,
            site=site,
            status=200 if looked is not None else 422,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        site, data, name, source = self.given
        try:
            found = capture_document(site=site, data=data, source=source, file_name=name, actor=request.user)
        except EpcisRefused as refused:
            return self.render(troubles=refused.troubles, name=name, source=source, site=site, status=409)
        except Blocked as refused:
            return self.render(blockers=refused.blockers, name=name, source=source, site=site, status=409)
        return HttpResponseRedirect(reverse("integrations:epciscapture_detail", args=[found.pk]))


class EpcisCaptureDetail(EpcisBase, RecordPage):
    """One document that was taken in, with its events."""

    model = EpcisCapture
    template_name = "integrations/epciscapture_detail.html"

    def get_queryset(self) -> QuerySet[EpcisCapture]:
        return EpcisCapture.objects.select_related("actor", "site")

    def page_title(self) -> str:
        return _t("Events told by %(who)s") % {"who": self.record}

    def crumbs(self) -> list[tuple[Any, str]]:
        return [*self.listed(), (self.page_title(), "")]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        capture = self.record
        events = capture.events.order_by("pk")[:ROWS]
        told = tuple(Told((row.event_time, 0, row.pk), read_content(row), CAPTURED) for row in events)
        facts = [
            Fact(_("Told by"), capture.source),
            Fact(_("File"), capture.file_name),
            Fact(_("By"), capture.actor),
            Fact(_("When"), site_time(capture.stamped_at, zone_of(request))),
            Fact(_("Site"), capture.site),
            Fact(_("New events"), capture.new_events),
            Fact(_("Events known before"), capture.known_events),
            Fact(_("SHA-256 of the document"), capture.file_sha256, wide=True),
        ]
        return self.render(
            record=capture, facts=facts, lines=self.lines(told), attachments=attachments_of(capture),
            more=max(capture.new_events - ROWS, 0),
        )  # fmt: skip
