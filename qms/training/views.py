"""Pages of training: who may do what, until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.queries import people_at, sites_of
from core.web.access import may
from core.web.markup import Text, site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from core.web.views.record import Page, zone_of
from core.web.words import words_of
from qms.training import services
from qms.training.filters import QualificationFilters
from qms.training.forms import CurriculumChangeForm, CurriculumForm, GrantForm, RenewForm
from qms.training.models import Curriculum, Qualification
from qms.training.queries import matrix, qualifications_of, standing
from qms.training.tables import CurriculumTable, QualificationTable

VIEW = "qms_training.view_qualification"
ADD = "qms_training.add_qualification"
CHANGE_CURRICULUM = "qms_training.change_curriculum"
PEOPLE_PER_PAGE = 100


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


class QualificationMatrix(Page):
    """Person × curriculum at the visitor's sites."""

    permission = VIEW
    template_name = "qms/training/qualification_matrix.html"
    title = gettext_lazy("Who may do what")

    def get(self, request: HttpRequest) -> HttpResponse:
        words = words_of(request)
        people = people_at(sites_of(request.user, VIEW))
        if words:
            people = people.filter(full_name__icontains=words)
        shown = list(people[: PEOPLE_PER_PAGE + 1])
        return self.render(
            matrix=matrix(shown[:PEOPLE_PER_PAGE]),
            words=words,
            is_cut=len(shown) > PEOPLE_PER_PAGE,
            limit=PEOPLE_PER_PAGE,
            may_grant=may(request.user, ADD),
        )


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


class CurriculumList(ListPage):
    """What people can be qualified for."""

    model, permission = Curriculum, VIEW
    table_class = CurriculumTable
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name, create_permission = "qms_training:curriculum_create", CHANGE_CURRICULUM
    empty_title = gettext_lazy("No curricula yet")
    empty_text = gettext_lazy("Name what takes training to do; operations then ask for it.")
    empty_icon = "school"


class CurriculumDetail(DetailPage):
    """One curriculum and who holds it."""

    model, permission = Curriculum, VIEW
    template_name = "qms/training/curriculum_detail.html"

    def page_title(self) -> Text:
        return str(self.record.name)

    def facts(self) -> Sequence[Fact]:
        months = self.record.valid_months
        return [
            Fact(_("Valid for months"), months or _("no end")),
            Fact(_("Still used"), _("yes") if self.record.is_active else _("no")),
            Fact(_("What it teaches"), self.record.description or "–", wide=True),
        ]

    def actions(self) -> Sequence[Action]:
        grant = reverse("qms_training:qualification_create")
        change = reverse("qms_training:curriculum_change", args=[self.record.pk])
        return [
            Action(_("Grant to somebody"), f"{grant}?curriculum={self.record.pk}", "plus", ADD, primary=True),
            Action(_("Change"), change, "pencil", CHANGE_CURRICULUM),
        ]

    @cached_property
    def holders(self) -> list[tuple[Qualification, Any]]:
        """Open qualifications with their standing, soonest end first."""
        people = people_at(sites_of(self.request.user, VIEW))
        found = (
            self.record.qualifications.filter(status__in=("active", "suspended"), user__in=people)
            .select_related("user", "curriculum")
            .order_by("valid_until", "user__full_name")[:PEOPLE_PER_PAGE]
        )
        return [(qualification, standing(qualification)) for qualification in found]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(holders=self.holders, **more)


class CurriculumCreate(FormPage):
    """A new curriculum."""

    model, permission, form_class = Curriculum, CHANGE_CURRICULUM, CurriculumForm
    title = gettext_lazy("New curriculum")

    def deed(self, form: CurriculumForm) -> Curriculum:
        return services.create_curriculum(**form.cleaned_data, actor=self.request.user)


class CurriculumChange(FormPage):
    """Change a curriculum, with a reason."""

    model, permission, form_class = Curriculum, CHANGE_CURRICULUM, CurriculumChangeForm

    def get_initial(self) -> dict[str, Any]:
        return CurriculumChangeForm.values_of(self.record)

    def deed(self, form: CurriculumChangeForm) -> Curriculum:
        return services.change_curriculum(curriculum=self.record, **form.cleaned_data, actor=self.request.user)
