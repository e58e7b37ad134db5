"""Pages of what stands around training: shifts, training before signing, staffing of a revision."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.clock import now
from core.organization.models import WorkCenter
from core.organization.queries import people_at, sites_of
from core.web.markup import Text, site_time
from core.web.views import Fact, FormPage, ListPage, MovePage
from core.web.views.record import zone_of
from qms.documents.models import DocumentRevision
from qms.documents.queries import documents_for
from qms.training import services
from qms.training.filters import ShiftFilters
from qms.training.forms import PolicyForm, ShiftForm
from qms.training.lifecycle import PLAN_SHIFTS, SET_POLICY, VIEW_TRAINING, WAIVE_STAFFING
from qms.training.models import ShiftAssignment, SigningPolicy
from qms.training.queries import Staffing, staffing_for_document, waivers_of
from qms.training.tables import ShiftTable, SigningPolicyTable

VIEW_POLICY = "qms_training.view_signingpolicy"


class ShiftList(ListPage):
    """Who is planned where and when."""

    model, permission, table_class, filterset_class = ShiftAssignment, VIEW_TRAINING, ShiftTable, ShiftFilters
    search_fields = ("user__full_name", "shift", "work_center__code")
    order = ("-starts_at",)
    create_url_name, create_permission = "qms_training:shiftassignment_create", PLAN_SHIFTS
    create_label = gettext_lazy("Plan a shift")
    empty_title = gettext_lazy("No shifts are planned")
    empty_text = gettext_lazy("Without planned shifts everybody who may work at a place counts as being there.")
    empty_icon = "calendar"

    def get_queryset(self) -> QuerySet[ShiftAssignment]:
        return ShiftAssignment.objects.select_related("user", "work_center__area")


class ShiftCreate(FormPage):
    """Plan a person for a shift."""

    model, permission, form_class = ShiftAssignment, PLAN_SHIFTS, ShiftForm
    title = gettext_lazy("Plan a shift")

    def get_form_kwargs(self) -> dict[str, Any]:
        sites = sites_of(self.request.user, PLAN_SHIFTS)
        places = WorkCenter.objects.filter(area__site__in=sites, is_active=True).order_by("code")
        return {**super().get_form_kwargs(), "people": people_at(sites), "places": places}

    def deed(self, form: ShiftForm) -> ShiftAssignment:
        return services.plan_shift(**form.cleaned_data, actor=self.request.user)


class ShiftCancel(MovePage):
    """Take a person out of a planned shift."""

    model, permission, deed_permission = ShiftAssignment, VIEW_TRAINING, PLAN_SHIFTS
    label, asks_reason = gettext_lazy("Take out of the plan"), True

    def get_queryset(self) -> QuerySet[ShiftAssignment]:
        return ShiftAssignment.objects.select_related("user", "work_center__area__site")

    def deed(self, form: Any) -> str:
        services.cancel_shift(shift_assignment=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)
        return reverse("qms_training:shiftassignment_list")


class SigningPolicyList(ListPage):
    """Where people sign only once they were trained."""

    model, permission, table_class = SigningPolicy, VIEW_POLICY, SigningPolicyTable
    order = ("-pk",)
    create_url_name, create_permission = "qms_training:signingpolicy_create", SET_POLICY
    create_label = gettext_lazy("Decide for a site")
    empty_title = gettext_lazy("Nobody needs training before signing")
    empty_text = gettext_lazy("Write a procedure on what signatures mean, train people on it, then ask for it here.")
    empty_icon = "signature"

    def get_queryset(self) -> QuerySet[SigningPolicy]:
        return SigningPolicy.objects.select_related("site", "document")


class SigningPolicyCreate(FormPage):
    """Decide for a site whether people sign only once they were trained; what was decided before is changed."""

    model, permission, form_class = SigningPolicy, SET_POLICY, PolicyForm
    title = gettext_lazy("Training before signing")

    def get_form_kwargs(self) -> dict[str, Any]:
        sites = sites_of(self.request.user, SET_POLICY)
        return {**super().get_form_kwargs(), "sites": sites, "documents": documents_for(self.request.user)}

    def deed(self, form: PolicyForm) -> SigningPolicy:
        return services.set_signing_policy(**form.cleaned_data, actor=self.request.user)


class StaffingPage(MovePage):
    """What planned work nobody could do by a revision, the earliest safe date, and the waiver by signature.

    A page for one kind of revision says where the answer comes from (`read`).
    """

    template_name = "qms/training/staffing.html"
    label, meaning, asks_reason = gettext_lazy("Waive by signature"), "approved", True
    deed_permission = WAIVE_STAFFING
    explanation = gettext_lazy("The revision may become effective although nobody could do exactly this planned work.")

    def read(self) -> Staffing:
        raise NotImplementedError

    @cached_property
    def found(self) -> Staffing:
        return self.read()

    def page_title(self) -> Text:
        return _("Who could work by %(revision)s") % {"revision": self.record}

    def covered(self) -> Sequence[Fact]:
        zone = zone_of(self.request)
        return [Fact(one.label, site_time(one.starts_at, zone), one.url) for one in self.found.uncovered]

    def deed(self, form: Any) -> Any:
        services.waive_staffing(
            revision=self.record,
            found=self.found,
            reason=form.cleaned_data["reason"],
            signature=self.proof(),
            actor=self.request.user,
        )
        return self.record

    def already_signed(self) -> Sequence[Any]:
        return ()

    def digest(self) -> str:
        return ""

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(found=self.found, waivers=waivers_of(self.record), **more)


class DocumentRevisionStaffing(StaffingPage):
    """Who could work by a document revision from now on."""

    model, permission = DocumentRevision, "qms_documents.view_documentrevision"

    def get_queryset(self) -> QuerySet[DocumentRevision]:
        return DocumentRevision.objects.select_related("document__site")

    def read(self) -> Staffing:
        return staffing_for_document(self.record, now())
