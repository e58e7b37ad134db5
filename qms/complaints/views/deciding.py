"""The page on which one decision tree is answered and signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.kernel.errors import Blocker
from core.web.views import Fact
from core.web.views.record import found_in
from qms.complaints import services
from qms.complaints.forms import JudgeForm
from qms.complaints.models import DecisionTreeVersion, ReportabilityDecision
from qms.complaints.queries import AnswersError, TreeError, Walk, decisions_of, due_day, read_tree, walk
from qms.complaints.views.common import complaints
from qms.complaints.views.deeds import FactPage


class ComplaintJudge(FactPage):
    """Question by question; every answer is a step of the address, so that going back is easy."""

    about = "decision_tree"

    template_name = "qms/complaints/complaint_judge.html"
    label = _("Sign the decision")
    explanation = _("You sign whether it has to be reported, by these answers and for this reason.")
    deed_permission = "qms_complaints.decide_complaint"
    meaning = services.DECISION_MEANING
    form_class = JudgeForm

    @cached_property
    def version(self) -> DecisionTreeVersion:
        """The version that is answered."""
        rows = DecisionTreeVersion.objects.select_related("tree").exclude(status="draft")
        return found_in(rows, self.kwargs["part"], _("There is no such decision tree."))

    @cached_property
    def before(self) -> ReportabilityDecision | None:
        """What was decided by this tree before, in this cycle."""
        found = decisions_of(self.record)
        return next((one for one in found if one.tree_version.tree_id == self.version.tree_id), None)

    @property
    def needs_reason(self) -> bool:
        return self.before is not None

    @cached_property
    def walk(self) -> Walk:
        """How far the answers lead."""
        source = self.request.POST if self.request.method == "POST" else self.request.GET
        try:
            tree = read_tree(self.version.content)
            try:
                return walk(tree, source.get("answers", ""))
            except AnswersError:
                return walk(tree, "")
        except TreeError:
            return Walk()

    def get_queryset(self) -> Any:
        return complaints()

    def page_title(self) -> Any:
        return self.version.tree.name

    def get_initial(self) -> dict[str, Any]:
        return {"answers": self.walk.answers}

    def is_offered(self) -> bool:
        return True

    def blockers(self) -> Sequence[Blocker]:
        return ()

    def covered(self) -> Sequence[Fact]:
        result = self.walk.result
        if result is None:
            return ()
        facts = [Fact(_("Result"), result.title, tone="bad" if result.is_reportable else "good")]
        if result.is_reportable:
            facts += [
                Fact(_("Clock"), result.clock),
                Fact(_("Clock runs from"), self.record.aware_on),
                Fact(_("To be reported by"), due_day(self.record.aware_on, result.days, result.count)),
            ]
        return [*facts, Fact(_("Clause"), result.clause or "–"), Fact(_("Decision tree"), self.version)]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(walk=self.walk, version=self.version, before=self.before, **more)

    def deed(self, form: Any) -> ReportabilityDecision:
        return services.decide_reportability(
            complaint=self.record,
            version=self.version,
            **form.cleaned_data,
            actor=self.request.user,
            signature=self.proof(),
        )

    def success_url(self, result: Any) -> str:
        return self.record_url()
