"""Pages of disposals: propose, sign, see what was carried out."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.retention.forms import DisposalForm
from core.retention.models import Disposal
from core.retention.services import propose_disposal
from core.retention.tables import DisposalTable
from core.web.markup import site_time
from core.web.views import DetailPage, Fact, FormPage, ListPage, MovePage
from core.web.views.record import zone_of

VIEW = "core_retention.view_disposal"
ADD = "core_retention.add_disposal"


class DisposalList(ListPage):
    """Every disposal, newest first."""

    model, permission = Disposal, VIEW
    table_class = DisposalTable
    search_fields = ("table", "basis")
    order = ("-pk",)
    create_url_name, create_permission = "core_retention:disposal_create", ADD
    create_label = gettext_lazy("Propose a disposal")
    empty_title = gettext_lazy("Nothing was disposed of")
    empty_text = gettext_lazy("After retention, sealed rows may be deleted on a signature; their leaf hashes stay.")
    empty_icon = "lock"


class DisposalDetail(DetailPage):
    """One disposal: which rows, on what basis, who signed."""

    model, permission = Disposal, VIEW

    def get_queryset(self) -> QuerySet[Disposal]:
        return Disposal.objects.select_related("proposed_by")

    def facts(self) -> Sequence[Fact]:
        found: Disposal = self.record
        return [
            Fact(_("Table"), found.table),
            Fact(_("Written before"), site_time(found.before, zone_of(self.request))),
            Fact(_("Rows"), found.rows),
            Fact(_("Runs of keys"), len(found.ranges)),
            Fact(_("Proposed by"), found.proposed_by),
            Fact(_("Digest of keys and leaf hashes"), found.digest, wide=True),
            Fact(_("Basis"), found.basis, wide=True),
        ]


class DisposalCreate(FormPage):
    """Name old rows to be disposed of."""

    model, permission, form_class = Disposal, ADD, DisposalForm
    title = gettext_lazy("Propose a disposal")
    submit_label = gettext_lazy("Propose")

    def deed(self, form: DisposalForm) -> Disposal:
        return propose_disposal(**form.cleaned_data, actor=self.request.user)


class DisposalMove(MovePage):
    """Approve or withdraw."""

    model, permission = Disposal, VIEW

    def get_queryset(self) -> QuerySet[Disposal]:
        return Disposal.objects.select_related("proposed_by")

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Table"), self.record.table), Fact(_("Rows"), self.record.rows)]
