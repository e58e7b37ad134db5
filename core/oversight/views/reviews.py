"""Pages of the periodic review of access."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.organization.models import Site
from core.organization.queries import sites_of
from core.oversight.forms import DecideForm, OpenForm
from core.oversight.models import AccessReview
from core.oversight.queries import grants_beyond
from core.oversight.services import decide_lines, open_reviews, take_in_new_grants
from core.oversight.tables import AccessReviewTable
from core.web.markup import site_time
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage
from core.web.views.record import zone_of

VIEW = "core_oversight.view_accessreview"
ADD = "core_oversight.add_accessreview"


class AccessReviewList(ListPage):
    """Every review of who holds which role, newest first."""

    model, permission = AccessReview, VIEW
    table_class = AccessReviewTable
    search_fields = ("number", "site__code", "site__name")
    order = ("-pk",)
    create_url_name, create_permission = "core_oversight:accessreview_create", ADD
    create_label = gettext_lazy("Review access")
    empty_title = gettext_lazy("No access was reviewed yet")
    empty_text = gettext_lazy(
        "A review lists who holds which role where; each line is kept or ended, the whole signed."
    )
    empty_icon = "users"

    def get_queryset(self) -> QuerySet[AccessReview]:
        return AccessReview.objects.select_related("site", "opened_by")


class AccessReviewOpen(FormPage):
    """Write down who holds which role at a site, or at every site, to be decided about."""

    model, permission, form_class = AccessReview, ADD, OpenForm
    title = gettext_lazy("Review access")
    submit_label = gettext_lazy("Open the review")
    are_several = False

    def sites(self) -> QuerySet[Site]:
        """Where the visitor may review."""
        return sites_of(self.request.user, ADD).filter(is_active=True).order_by("code")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": self.sites()}

    def deed(self, form: OpenForm) -> AccessReview:
        chosen = form.cleaned_data["site"]
        opened = open_reviews(
            sites=[chosen] if chosen is not None else list(self.sites()),
            repeat_months=form.cleaned_data["repeat_months"],
            actor=self.request.user,
        )
        self.are_several = len(opened) > 1
        return opened[0]

    def success_url(self, result: Any) -> str:
        return self.list_url() if self.are_several else super().success_url(result)


class AccessReviewDetail(DetailPage):
    """Who held which role where, what was decided about it, and who signed."""

    model, permission = AccessReview, VIEW
    template_name = "core/oversight/accessreview_detail.html"
    timeline_later = True

    def get_queryset(self) -> QuerySet[AccessReview]:
        return AccessReview.objects.select_related("site", "previous", "opened_by")

    def page_title(self) -> str:
        return _("Access at %(site)s") % {"site": self.record.site}

    def facts(self) -> Sequence[Fact]:
        review, zone = self.record, zone_of(self.request)
        before = review.previous
        return [
            Fact(_("Site"), review.site, review.site.get_absolute_url()),
            Fact(_("Opened"), site_time(review.opened_at, zone)),
            Fact(_("Opened by"), review.opened_by),
            Fact(_("Review before it"), before or _("none"), before.get_absolute_url() if before else ""),
            Fact(_("Next review due"), site_time(review.next_due, zone)),
            Fact(_("Ended since the review before it"), review.ended or _("nothing"), wide=True),
        ]

    def actions(self) -> Sequence[Action]:
        review = self.record
        found = []
        if review.status == "open":
            decide = reverse("core_oversight:accessreview_decide", args=[review.pk])
            found.append(Action(_("Decide about lines"), decide, "list-check", ADD))
            if grants_beyond(review).exists():
                take_in = reverse("core_oversight:accessreview_take_in", args=[review.pk])
                found.append(Action(_("Take in new grants"), take_in, "plus", ADD))
        elif not AccessReview.objects.filter(site=review.site, pk__gt=review.pk).exists():
            again = f"{reverse('core_oversight:accessreview_create')}?site={review.site_id}"
            found.append(Action(_("Review access again"), again, "refresh", ADD))
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        lines = list(self.record.lines.select_related("person", "decided_by"))
        return super().context(lines=lines, undecided=sum(not line.decision for line in lines), **more)


class AccessReviewDecide(FormPage):
    """Keep or end the grants of several lines, with a reason."""

    model, permission, form_class = AccessReview, ADD, DecideForm
    title = gettext_lazy("Decide about access")
    submit_label = gettext_lazy("Decide")
    lead = gettext_lazy("Nothing ends before the review is signed. About one's own access somebody else decides.")
    change_needs_reason = False
    changes_record = False

    def get_queryset(self) -> QuerySet[AccessReview]:
        return AccessReview.objects.select_related("site")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "review": self.record}

    def deed(self, form: DecideForm) -> AccessReview:
        return decide_lines(review=self.record, **form.cleaned_data, actor=self.request.user)


class AccessReviewTakeIn(MovePage):
    """Adds a line for each grant that came after the review was opened."""

    model, permission = AccessReview, VIEW
    deed_permission = ADD
    label = gettext_lazy("Take in new grants")
    explanation = gettext_lazy("Adds a line for each grant that came after the review was opened.")

    def get_queryset(self) -> QuerySet[AccessReview]:
        return AccessReview.objects.select_related("site")

    def deed(self, form: Any) -> AccessReview:
        return take_in_new_grants(review=self.record, actor=self.request.user, reason=form.cleaned_data["reason"])


class AccessReviewMove(MovePage):
    """Sign or withdraw."""

    model, permission = AccessReview, VIEW

    def get_queryset(self) -> QuerySet[AccessReview]:
        return AccessReview.objects.select_related("site")

    def covered(self) -> Sequence[Fact]:
        lines = list(self.record.lines.select_related("person"))
        ending = [str(line) for line in lines if line.decision == "end"]
        return [
            Fact(_("Lines"), len(lines)),
            Fact(_("Kept"), sum(line.decision == "keep" for line in lines)),
            Fact(_("Ended"), "; ".join(ending) or _("none"), wide=True),
        ]
