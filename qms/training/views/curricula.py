"""Pages of curricula: what they take, who needs them, who holds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.models import WorkCenter
from core.organization.queries import people_at, sites_of
from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from qms.documents.queries import documents_for
from qms.training import services
from qms.training.forms import AudienceForm, CurriculumChangeForm, CurriculumForm, RequirementForm
from qms.training.models import Curriculum, CurriculumAudience, Qualification, TrainingRequirement
from qms.training.queries import standing
from qms.training.queries.audience import people_who_need
from qms.training.tables import CurriculumTable

VIEW = "qms_training.view_qualification"
ADD = "qms_training.add_qualification"
CHANGE_CURRICULUM = "qms_training.change_curriculum"
PEOPLE_PER_PAGE = 100


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
    timeline_later = signatures_later = True
    template_name = "qms/training/curriculum_detail.html"

    def page_title(self) -> Text:
        return str(self.record.name)

    def facts(self) -> Sequence[Fact]:
        months = self.record.valid_months
        return [
            Fact(_("Valid for months"), months or _("no end")),
            Fact(_("Days without practice"), self.record.inactivity_days or _("no limit")),
            Fact(_("People who need it now"), len(people_who_need(self.record))),
            Fact(_("Still used"), _("yes") if self.record.is_active else _("no")),
            Fact(_("What it teaches"), self.record.description or "–", wide=True),
        ]

    def actions(self) -> Sequence[Action]:
        grant = reverse("qms_training:qualification_create")
        change = reverse("qms_training:curriculum_change", args=[self.record.pk])
        return [
            Action(_("Grant to somebody"), f"{grant}?curriculum={self.record.pk}", "plus", ADD, primary=True),
            Action(_("Change"), change, "pencil", CHANGE_CURRICULUM),
            Action(
                _("Add what it takes"),
                reverse("qms_training:trainingrequirement_create", args=[self.record.pk]),
                "plus",
                CHANGE_CURRICULUM,
            ),
            Action(
                _("Say who needs it"),
                reverse("qms_training:curriculumaudience_create", args=[self.record.pk]),
                "users",
                CHANGE_CURRICULUM,
            ),
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
        return super().context(
            holders=self.holders,
            requirements=self.record.requirements.filter(is_active=True).select_related("document"),
            audiences=self.record.audiences.select_related("role", "work_center"),
            **more,
        )


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


class _BelowCurriculum(FormPage):
    """Something that is added to a curriculum."""

    model, permission, changes_record, change_needs_reason = Curriculum, CHANGE_CURRICULUM, False, False


class TrainingRequirementCreate(_BelowCurriculum):
    """One thing more that the curriculum takes."""

    form_class = RequirementForm
    title = gettext_lazy("Add what it takes")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "documents": documents_for(self.request.user)}

    def deed(self, form: RequirementForm) -> TrainingRequirement:
        return services.add_requirement(curriculum=self.record, **form.cleaned_data, actor=self.request.user)


class CurriculumAudienceCreate(_BelowCurriculum):
    """Who needs the curriculum."""

    form_class = AudienceForm
    title = gettext_lazy("Say who needs it")

    def get_form_kwargs(self) -> dict[str, Any]:
        centers = WorkCenter.objects.filter(is_active=True, area__site__in=sites_of(self.request.user, VIEW))
        return {**super().get_form_kwargs(), "work_centers": centers}

    def deed(self, form: AudienceForm) -> Curriculum:
        services.add_audience(curriculum=self.record, **form.cleaned_data, actor=self.request.user)
        return self.record  # type: ignore[no-any-return]


class TrainingRequirementRetire(MovePage):
    """Stop asking for something."""

    model, permission, deed_permission = TrainingRequirement, VIEW, CHANGE_CURRICULUM
    label, asks_reason = gettext_lazy("No longer asked"), True
    explanation = gettext_lazy("Nobody is asked for it any more; what was learned by it stays on record.")

    def get_queryset(self) -> QuerySet[TrainingRequirement]:
        return TrainingRequirement.objects.select_related("curriculum")

    def deed(self, form: Any) -> Curriculum:
        reason = form.cleaned_data["reason"]
        return services.retire_requirement(requirement=self.record, reason=reason, actor=self.request.user)


class CurriculumAudienceRemove(MovePage):
    """These people need the curriculum no longer."""

    model, permission, deed_permission = CurriculumAudience, VIEW, CHANGE_CURRICULUM
    label, asks_reason = gettext_lazy("They no longer need it"), True
    explanation = gettext_lazy("They are no longer asked for it; what they learned stays on record.")

    def get_queryset(self) -> QuerySet[CurriculumAudience]:
        return CurriculumAudience.objects.select_related("curriculum", "role", "work_center")

    def record_url(self) -> str:
        return str(self.record.curriculum.get_absolute_url())

    def deed(self, form: Any) -> Curriculum:
        reason = form.cleaned_data["reason"]
        return services.remove_audience(audience=self.record, reason=reason, actor=self.request.user)
