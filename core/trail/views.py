"""The seals on screen: the chain, one seal, its export, a verification, the proof of one row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.permissions import view_permission
from core.kernel.records import RecordClass, record_class
from core.kernel.wiring import ask
from core.trail.forms import VerifyForm
from core.trail.models import Seal
from core.trail.queries.exporting import exported_lines
from core.trail.queries.proving import proof_of, sealable_table
from core.trail.queries.sealed import SealableTable, newest_seal
from core.trail.queries.sources import VIEW_TRAIL, Reach, sources
from core.trail.queries.watching import Finding, last_verification, oldest_unsealed, stall_findings
from core.trail.questions import Verification, VerificationAsked
from core.trail.services.verification import note_export, request_verification
from core.trail.services.watching import running_alarm
from core.trail.tables import SealTable
from core.web.access import Access, PageMixin, may, scoped
from core.web.export import streamed
from core.web.markup import site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage
from core.web.views.record import zone_of

VIEW = "core_trail.view_seal"
VERIFY = "core_trail.verify_seal"


class SealList(ListPage):
    """The chain, newest seal first, and how it is with sealing."""

    model = Seal
    permission = VIEW
    table_class = SealTable
    template_name = "core/trail/seal_list.html"
    search_fields = ("head",)
    order = ("-number",)
    title = gettext_lazy("Seals of the trail")
    empty_title = gettext_lazy("Nothing is sealed yet")
    empty_text = gettext_lazy("The sealing worker seals new history and facts every ten seconds.")
    empty_icon = "shield-check"

    def state_of_sealing(self) -> dict[str, Any]:
        """What the card above the list says."""
        findings: list[Finding] = stall_findings()
        alarm = running_alarm()
        return {
            "newest": newest_seal(),
            "waiting": oldest_unsealed(),
            "findings": findings,
            "alarm": None if alarm is None or findings else alarm,
            "verified": last_verification(),
            "may_verify": may(self.request.user, VERIFY),
        }

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**self.state_of_sealing(), **more)


class SealDetail(DetailPage):
    """One seal: its place in the chain, its window, its tables."""

    model = Seal
    permission = VIEW
    template_name = "core/trail/seal_detail.html"
    show_timeline = False
    list_url_name = "core_trail:seal_list"

    def page_title(self) -> str:
        return _("Seal %(number)d") % {"number": self.record.number}

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Seals of the trail"), reverse("core_trail:seal_list")), (str(self.record.number), "")]

    def facts(self) -> Sequence[Fact]:
        seal: Seal = self.record
        return [
            Fact(_("Sealed"), site_time(seal.sealed_at, zone_of(self.request))),
            Fact(_("Rows"), seal.rows),
            Fact(_("Transactions"), f"{seal.tx_from} – {seal.tx_to - 1}"),
            Fact(_("Epoch"), seal.epoch),
            Fact(_("Cluster"), seal.system_identifier),
            Fact(_("Timeline"), seal.timeline),
        ]

    def actions(self) -> Sequence[Action]:
        return [Action(_("Export the chain"), reverse("core_trail:seal_export"), "download", permission=VIEW)]

    def context(self, **more: Any) -> dict[str, Any]:
        parts = list(self.record.tables.all())
        stamps = list(self.record.time_stamps.defer("token"))
        return super().context(parts=parts, time_stamps=stamps, **more)


class SealExport(PageMixin):
    """The whole chain as a file; that it was taken is itself noted."""

    permission = VIEW

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        note_export(what=_("The chain of seals"), actor=request.user)
        return streamed(exported_lines(), request, content_type="application/jsonl", name="seals.jsonl")


class SealVerify(FormPage):
    """Asks for a verification; it runs in the background."""

    model = Seal
    permission = VERIFY
    form_class = VerifyForm
    title = gettext_lazy("Verify all sealed records")
    submit_label = gettext_lazy("Verify now")

    def page_title(self) -> Any:
        return self.title

    def crumbs(self) -> list[tuple[Any, str]]:
        return [(_("Seals of the trail"), reverse("core_trail:seal_list")), (self.title, "")]

    def cancel_url(self) -> str:
        return reverse("core_trail:seal_list")

    def deed(self, form: Any) -> Verification:
        request_verification(outside_head=form.cleaned_data["outside_head"], actor=self.request.user)
        return next(iter(ask(VerificationAsked(int(self.request.user.pk or 0)))))

    def success_url(self, result: Verification) -> str:
        return result.url


class Proof(PageMixin):
    """The inclusion proof of one row, for whoever may see the record that the row tells of."""

    access: ClassVar[Access] = Access.SIGNED_IN

    @cached_property
    def table(self) -> SealableTable:
        """The table of the address, if the visitor may see what its row tells of; 404 otherwise."""
        table = sealable_table(self.kwargs["table"])
        if table is None or not self._may_see(table, self.kwargs["key"]):
            raise Http404(_("There is no such row here."))
        return table

    def _may_see(self, table: SealableTable, key: int) -> bool:
        row = table.model._base_manager.filter(pk=key).first()
        if row is None:
            return False
        if record_class(table.model) is RecordClass.HISTORY:
            model, pk = table.model.instance_type, row.id  # type: ignore[attr-defined]
        else:
            model, pk = table.model, key
        if scoped(model._default_manager.filter(pk=pk), self.request.user, view_permission(model)).exists():
            return True
        return self._may_see_in_the_trail(table, key)

    def _may_see_in_the_trail(self, table: SealableTable, key: int) -> bool:
        """Whether the row stands in the timeline of whoever may see the trail."""
        if not may(self.request.user, VIEW_TRAIL):
            return False
        source = next(one for one in sources() if one.model is table.model)
        rows = Reach(self.request.user).rows(source)
        return rows is not None and rows.filter(pk=key).exists()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        proof = proof_of(self.table, self.kwargs["key"])
        if proof is None:
            words = {"error": _("This row is not sealed yet: try again in a minute.")}
            return HttpResponse(json.dumps(words), content_type="application/json", status=404)
        note_export(what=_("Proof of %(table)s row %(key)d") % self.kwargs, actor=request.user)
        response = HttpResponse(json.dumps(proof, indent=2), content_type="application/json")
        name = f"proof_{self.table.name}_{self.kwargs['key']}.json"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
