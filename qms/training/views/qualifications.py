"""Pages of qualifications: who may do what, until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import people_at, sites_of
from core.web.markup import Text, site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.record import zone_of
from qms.training import services
from qms.training.filters import QualificationFilters
from qms.training.forms import GrantForm, RenewForm
from qms.training.models import Qualification
from qms.training.queries import qualifications_of, standing
from qms.training.tables import QualificationTable

VIEW = "qms_training.view_qualification"
ADD = "qms_training.add_qualification"


class QualificationList(ListPage):
    """Every qualification that was ever granted."""

    model, permission = Qualification, VIEW
    table_class, filterset_class = QualificationTable, QualificationFilters
    search_fields = ("user__full_name", "user__username", "curriculum__code", "curriculum__name")
    order = ("-pk",)
    create_url_name, create_permission = "qms_training:qualification_create", ADD
    create_label = gettext_lazy("Grant a qualification")
    empty_title = gettext_lazy("Nobody is qualified yet")
    empty_text = gettext_lazy("Write a curriculum, then grant it to people on a stated basis.")
    empty_offers = ((gettext_lazy("See the curricula"), "qms_training:curriculum_list"),)
    empty_icon = "school"

    def get_queryset(self) -> QuerySet[Qualification]:
        return Qualification.objects.select_related("user", "curriculum", "granted_by")


class QualificationDetail(DetailPage):
    """One qualification: until when, on what basis, and its story."""

    model, permission = Qualification, VIEW
    timeline_later = True

    def get_queryset(self) -> QuerySet[Qualification]:
        return Qualification.objects.select_related("user", "curriculum", "granted_by")

    def badges(self) -> Sequence[tuple[Text, str, str]]:
        word = standing(self.record)
        return () if word.code == self.record.status else [(word.label, word.tone, word.icon)]

    def facts(self) -> Sequence[Fact]:
        found, zone = self.record, zone_of(self.request)
        return [
            Fact(_("Person"), found.user),
            Fact(_("May do"), found.curriculum, found.curriculum.get_absolute_url()),
            Fact(_("Level"), found.get_level_display()),
            Fact(_("From"), site_time(found.valid_from, zone)),
            Fact(_("Until"), site_time(found.valid_until, zone) if found.valid_until else _("no end")),
            Fact(_("Granted by"), found.granted_by),
            Fact(_("Basis"), found.basis, wide=True),
        ]

    def actions(self) -> Sequence[Action]:
        if self.record.status != "active":
            return []
        url = reverse("qms_training:qualification_renew", args=[self.record.pk])
        return [Action(_("Renew"), url, "refresh", ADD)]

    def related(self) -> Sequence[Related]:
        others = qualifications_of(self.record.user).exclude(pk=self.record.pk)
        return [Related(str(other.curriculum), other.get_absolute_url(), standing(other).label) for other in others]


class QualificationCreate(FormPage):
    """Let somebody do something, on a stated basis."""

    model, permission, form_class = Qualification, ADD, GrantForm
    title = gettext_lazy("Grant a qualification")
    submit_label = gettext_lazy("Grant")

    def get_form_kwargs(self) -> dict[str, Any]:
        myself: Any = self.request.user
        people = people_at(sites_of(myself, ADD)).exclude(pk=myself.pk)
        return {**super().get_form_kwargs(), "people": people}

    def deed(self, form: GrantForm) -> Qualification:
        return services.grant_qualification(**form.cleaned_data, actor=self.request.user)


class QualificationRenew(FormPage):
    """Extend a qualification on a new basis."""

    model, permission, form_class = Qualification, ADD, RenewForm
    title = gettext_lazy("Renew the qualification")
    submit_label = gettext_lazy("Renew")

    def get_queryset(self) -> QuerySet[Qualification]:
        return Qualification.objects.select_related("user", "curriculum")

    def get_initial(self) -> dict[str, Any]:
        return RenewForm.values_of(self.record)

    def deed(self, form: RenewForm) -> Qualification:
        return services.renew_qualification(qualification=self.record, **form.cleaned_data, actor=self.request.user)


class QualificationMove(MovePage):
    """Suspend, reinstate, revoke."""

    model, permission = Qualification, VIEW

    def get_queryset(self) -> QuerySet[Qualification]:
        return Qualification.objects.select_related("user", "curriculum", "granted_by")

    def covered(self) -> Sequence[Fact]:
        return [Fact(_("Person"), self.record.user), Fact(_("May do"), self.record.curriculum)]
