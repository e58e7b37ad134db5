"""Pages of decision trees and of the vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Related
from qms.complaints import services
from qms.complaints.filters import ComplaintCodeFilters
from qms.complaints.forms import CodeForm, TreeForm, VersionForm
from qms.complaints.models import ComplaintCode, DecisionTree, DecisionTreeVersion
from qms.complaints.queries import TreeError, read_tree
from qms.complaints.tables import ComplaintCodeTable, DecisionTreeTable

SEE = "qms_complaints.view_decisiontreeversion"
CHANGE = "qms_complaints.change_decisiontreeversion"
EXAMPLE = (_("Example, to be reviewed"), "warn", "alert")


class TreeList(ListPage):
    """The regimes under which events are reported."""

    model = DecisionTree
    permission = SEE
    table_class = DecisionTreeTable
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name = "qms_complaints:decisiontree_create"
    create_permission = CHANGE
    create_label = _("New decision tree")
    lead = _("A complaint cannot be closed before every tree in force is answered.")
    empty_title = _("No decision trees yet")
    empty_text = _("Begin with the examples: whoever answers for regulatory affairs judges, changes and approves them.")
    empty_icon = "git-branch"
    empty_offers = ((_("Add the examples"), "qms_complaints:decisiontree_examples"),)

    def get_queryset(self) -> QuerySet[Any]:
        effective = DecisionTreeVersion.objects.filter(tree=OuterRef("pk"), status="effective")
        return DecisionTree.objects.annotate(in_force=Subquery(effective.values("number")[:1]))


class TreeCreate(FormPage):
    """A new tree with its first draft."""

    model = DecisionTree
    permission = CHANGE
    form_class = TreeForm
    title = _("New decision tree")

    def deed(self, form: Any) -> Any:
        return services.create_tree(**form.cleaned_data, actor=self.request.user)


class TreeExamples(FormPage):
    """Add the examples that are not there yet."""

    model = DecisionTree
    permission = CHANGE
    form_class = Form
    title = _("Add the example trees")
    submit_label = _("Add them as drafts")
    lead = _("For medical devices in the United States and in Europe, for drug products, for aerospace customers.")

    def deed(self, form: Any) -> Any:
        services.create_examples(actor=self.request.user)
        return DecisionTree.objects.order_by("code").first()

    def success_url(self, result: Any) -> str:
        return self.list_url()


class TreeDetail(DetailPage):
    """One tree and its versions."""

    model = DecisionTree
    permission = SEE
    template_name = "qms/complaints/decisiontree_detail.html"

    def number(self) -> str:
        return str(self.record.code)

    def facts(self) -> Sequence[Fact]:
        return [Fact(_("Reported to"), self.record.authority)]

    def actions(self) -> Sequence[Action]:
        url = reverse("qms_complaints:decisiontree_revise", args=[self.record.pk])
        return [Action(_("New version"), url, "plus", CHANGE)]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(versions=self.record.versions.select_related("author", "tree"), **more)


class TreeRevise(MovePage):
    """Begin the next version."""

    model = DecisionTree
    permission = SEE
    deed_permission = CHANGE
    label = _("Begin a new version")
    explanation = _("It begins as a copy of the version in force. The reason is kept as what changes and why.")
    asks_reason = True

    def deed(self, form: Any) -> DecisionTreeVersion:
        reason = form.cleaned_data["reason"]
        return services.revise_tree(tree=self.record, change_summary=reason, reason=reason, actor=self.request.user)


def _versions() -> QuerySet[DecisionTreeVersion]:
    return DecisionTreeVersion.objects.select_related("tree", "author")


class VersionDetail(DetailPage):
    """One version: its questions, where answers lead, its results and clocks."""

    model = DecisionTreeVersion
    permission = SEE
    template_name = "qms/complaints/decisiontreeversion_detail.html"
    list_url_name = "qms_complaints:decisiontree_list"
    stepper_path = ("draft", "in_review", "approved", "effective")

    def get_queryset(self) -> QuerySet[Any]:
        return _versions()

    def number(self) -> str:
        return str(self.record)

    def page_title(self) -> str:
        return str(self.record.tree.name)

    def badges(self) -> Sequence[tuple[Any, str, str]]:
        return [EXAMPLE] if self.record.is_example else []

    def facts(self) -> Sequence[Fact]:
        record = self.record
        facts = [
            Fact(_("Decision tree"), record.tree, record.tree.get_absolute_url()),
            Fact(_("Reported to"), record.tree.authority),
            Fact(_("Author"), record.author),
        ]
        if record.change_summary:
            facts.append(Fact(_("What changed and why"), record.change_summary, wide=True))
        return facts

    def actions(self) -> Sequence[Action]:
        if self.record.status != "draft":
            return ()
        url = reverse("qms_complaints:decisiontreeversion_change", args=[self.record.pk])
        return [Action(_("Write"), url, "pencil", CHANGE)]

    def related(self) -> Sequence[Related]:
        number = self.record.decisions.count()
        return [Related(_t("Decisions made by it"), "", number)] if number else []

    def context(self, **more: Any) -> dict[str, Any]:
        tree, problems = None, list[str]()
        try:
            tree = read_tree(self.record.content)
        except TreeError as error:
            problems = list(error.problems)
        return super().context(tree=tree, problems=problems, **more)


class VersionChange(FormPage):
    """Write the text of a draft."""

    model = DecisionTreeVersion
    permission = CHANGE
    form_class = VersionForm
    change_needs_reason = False
    list_url_name = "qms_complaints:decisiontree_list"

    def get_queryset(self) -> QuerySet[Any]:
        return _versions()

    def number(self) -> str:
        return str(self.record)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "version": self.record}

    def deed(self, form: Any) -> Any:
        return services.write_version(version=self.record, **form.cleaned_data, actor=self.request.user)


class VersionMove(MovePage):
    """A move of a version."""

    model = DecisionTreeVersion
    permission = SEE
    list_url_name = "qms_complaints:decisiontree_list"

    def get_queryset(self) -> QuerySet[Any]:
        return _versions()

    def number(self) -> str:
        return str(self.record)

    def covered(self) -> Sequence[Fact]:
        try:
            tree = read_tree(self.record.content)
        except TreeError:
            return ()
        facts = [Fact(end.title, end.clock or _("not reported")) for end in tree.results.values()]
        return [Fact(_("Questions"), len(tree.questions)), *facts]


class CodeList(ListPage):
    """The vocabulary of complaints."""

    model = ComplaintCode
    permission = "qms_complaints.view_complaintcode"
    table_class = ComplaintCodeTable
    filterset_class = ComplaintCodeFilters
    search_fields = ("code", "name")
    order = ("code",)
    create_url_name = "qms_complaints:complaintcode_create"
    create_permission = "qms_complaints.change_complaintcode"
    empty_title = _("No complaint codes yet")
    empty_text = _("Without codes nothing can be counted or compared. Begin with a dozen.")
    empty_icon = "tag"


class CodeForms(FormPage):
    """Create a code, or change one with a reason."""

    model = ComplaintCode
    permission = "qms_complaints.change_complaintcode"
    form_class = CodeForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "complaint_code": self.instance}

    def deed(self, form: Any) -> Any:
        values = dict(form.cleaned_data)
        if self.is_change:
            chosen = {name: values[name] for name in ("name", "is_active", "reason")}
            return services.change_code(complaint_code=self.record, **chosen, actor=self.request.user)
        return services.create_code(**values, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return self.list_url()
