"""Pages that show many people at once: the skills matrix, compliance, and one person's training with its PDF."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs.models import BackgroundJob
from core.organization.models import User, WorkCenter
from core.organization.queries import people_at, sites_of
from core.printing.models import PrintedRecord
from core.web.access import may
from core.web.markup import Text
from core.web.views import Action, DetailPage, Fact, MovePage, Related
from core.web.views.record import Page
from core.web.words import words_of
from qms.training import services
from qms.training.lifecycle import VIEW_TRAINING
from qms.training.queries import matrix, open_assignments, qualifications_of, records_of, standing
from qms.training.queries.figures import compliance, curricula_shown, working_at

VIEW = "qms_training.view_qualification"
ADD = "qms_training.add_qualification"
PEOPLE_PER_PAGE, CURRICULA_PER_PAGE, RECORDS_SHOWN = 100, 40, 100


class QualificationMatrix(Page):
    """Person × curriculum at the visitor's sites, as a heat map."""

    permission = VIEW
    template_name = "qms/training/qualification_matrix.html"
    title = gettext_lazy("Who may do what")

    def get(self, request: HttpRequest) -> HttpResponse:
        words, topic, place = words_of(request), request.GET.get("topic", "").strip()[:80], request.GET.get("place", "")
        sites = sites_of(request.user, VIEW)
        people = people_at(sites)
        centers = list(WorkCenter.objects.filter(area__site__in=sites, is_active=True).order_by("code")[:200])
        chosen = next((center for center in centers if str(center.pk) == place), None)
        if chosen is not None:
            people = working_at(people, chosen)
        if words:
            people = people.filter(full_name__icontains=words)
        shown = list(people[: PEOPLE_PER_PAGE + 1])
        curricula, curricula_cut = curricula_shown(topic, CURRICULA_PER_PAGE)
        return self.render(
            matrix=matrix(shown[:PEOPLE_PER_PAGE], curricula=curricula),
            words=words,
            topic=topic,
            centers=centers,
            chosen=chosen,
            is_cut=len(shown) > PEOPLE_PER_PAGE or curricula_cut,
            limit=PEOPLE_PER_PAGE,
            curricula_limit=CURRICULA_PER_PAGE,
            may_grant=may(request.user, ADD),
        )


class TrainingCompliance(Page):
    """How far training is, and what is overdue; each figure leads to its list."""

    permission = VIEW_TRAINING
    template_name = "qms/training/compliance.html"
    title = gettext_lazy("Training compliance")

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.render(figures=compliance(request.user))


class _PersonPage:
    """What the pages of a person's training share."""

    record: User

    def get_queryset(self) -> QuerySet[User]:
        return User.objects.filter(is_system=False).select_related("home_site")

    def list_url(self) -> str:
        return reverse("qms_training:qualification_matrix")

    def record_url(self) -> str:
        return reverse("qms_training:person_detail", args=[self.record.pk])


class PersonDetail(_PersonPage, DetailPage):
    """One person: what they may do, have learned, and still have to learn."""

    model, permission = User, VIEW_TRAINING
    template_name = "qms/training/person_detail.html"
    show_timeline = False

    def page_title(self) -> Text:
        return _("Training of %(who)s") % {"who": self.record}

    def facts(self) -> Sequence[Fact]:
        return [Fact(_("Person"), self.record), Fact(_("Home site"), self.record.home_site or "–")]

    def actions(self) -> Sequence[Action]:
        url = reverse("qms_training:person_print", args=[self.record.pk])
        return [Action(_("Sealed PDF"), url, "file-check", VIEW_TRAINING)]

    def related(self) -> Sequence[Related]:
        kind = ContentType.objects.get_for_model(User)
        prints = PrintedRecord.objects.filter(subject_type=kind, subject_id=self.record.pk, kind="training-records")
        return [Related(str(one), one.get_absolute_url(), one.state) for one in prints.order_by("-pk")[:5]]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            held=[(one, standing(one)) for one in qualifications_of(self.record)],
            todo=list(open_assignments(self.record)),
            records=list(records_of(self.record)[:RECORDS_SHOWN]),
            **more,
        )


class PersonPrint(_PersonPage, MovePage):
    """Seal a person's training records as PDF."""

    model, permission, deed_permission = User, VIEW_TRAINING, VIEW_TRAINING
    label = gettext_lazy("Render and seal")
    explanation = gettext_lazy("Everything the person has learned and may do, as it stands now.")

    def deed(self, form: Any) -> BackgroundJob:
        return services.request_print(person=self.record, actor=self.request.user)

    def crumbs(self) -> list[tuple[Text, str]]:
        return [(_("Who may do what"), self.list_url()), (str(self.record), self.record_url()), (self.label, "")]
