"""Pages of work instructions: reading one as the operator sees it, and building it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel.errors import Blocked
from core.lifecycle.queries import check
from core.web.forms import row_id
from core.web.markup import Text
from core.web.views import FormPage, found_in
from core.web.views.record import RecordPage
from mes.instructions import services
from mes.instructions.forms import DEEDS, BeginForm, DataPointForm, PictureForm, StepForm
from mes.instructions.models import DataPoint, InstructionPicture, InstructionStep, WorkInstruction
from mes.instructions.queries import steps_of
from qms.documents.models import DocumentRevision

VIEW = "mes_instructions.view_workinstruction"
BUILD = "mes_instructions.change_workinstruction"


def build_url(instruction_id: int, anchor: str = "") -> str:
    """The address of the building page, at one of its steps."""
    return reverse("mes_instructions:workinstruction_build", args=[instruction_id]) + (f"#{anchor}" if anchor else "")


class _InstructionPage(RecordPage):
    """What the pages of one instruction share."""

    model = WorkInstruction

    def get_queryset(self) -> QuerySet[WorkInstruction]:
        return WorkInstruction.objects.select_related("document_revision__document__site", "document_revision__author")

    @property
    def revision(self) -> DocumentRevision:
        """The document revision whose content this is."""
        revision: DocumentRevision = self.record.document_revision
        return revision

    def number(self) -> str:
        return f"{self.revision.document.number}/{self.revision.revision}"

    def page_title(self) -> Text:
        return self.revision.title

    def crumbs(self) -> list[tuple[Text, str]]:
        documents = reverse("qms_documents:document_list")
        return [(_("Documents"), documents), (self.number(), self.revision.get_absolute_url()), (self.title, "")]

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            record=self.record, revision=self.revision, number=self.number(), steps=steps_of(self.record), **more
        )


class WorkInstructionDetail(_InstructionPage):
    """The instruction as the operator sees it: one step at a time (`?step=`), or all below each other."""

    permission = VIEW
    template_name = "mes/instructions/workinstruction_detail.html"
    title = gettext_lazy("Work instruction")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        context = self.context()
        steps: list[InstructionStep] = context["steps"]
        wanted = request.GET.get("step", "")
        current = next((step for step in steps if str(step.sequence) == wanted), None)
        if wanted and current is None:
            raise Http404(_("The instruction has no such step."))
        position = steps.index(current) if current is not None else 0
        return self.render(
            current=current,
            shown=[current] if current is not None else steps,
            before=steps[position - 1] if current is not None and position > 0 else None,
            after=steps[position + 1] if current is not None and position + 1 < len(steps) else None,
        )


class WorkInstructionBuild(_InstructionPage):
    """Build the instruction of a draft: its steps, pictures and what it records."""

    permission = BUILD
    template_name = "mes/instructions/workinstruction_build.html"
    title = gettext_lazy("Build the work instruction")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        refused = check(self.revision, "edit", request.user)
        return self.render(blockers=[blocker for result in refused for blocker in result.blockers])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """One small deed of the page: move or delete a step, a picture, a data point."""
        instruction = self.record  # whoever may not see it learns nothing of what could be done there
        verb, _sep, key = request.POST.get("deed", "").partition(":")
        if verb not in DEEDS:
            raise ValidationError(_("Say what shall be done: move or delete a step, a picture or a data point."))
        try:
            anchor = self.arrange(verb, row_id(key))
        except Blocked as refused:
            return self.render(blockers=refused.blockers, status=409)
        return HttpResponseRedirect(build_url(instruction.pk, anchor))

    def arrange(self, verb: str, key: int) -> str:
        """Do it by one service; returns the anchor of the step that is shown next. 404 for what is not here."""
        actor = self.request.user
        if verb in ("step-up", "step-down", "step-delete"):
            step = self._part(InstructionStep.objects.filter(work_instruction=self.record), key)
            if verb == "step-delete":
                services.delete_step(step=step, actor=actor)
                return ""
            position = max(1, step.sequence + (-1 if verb == "step-up" else 1))
            services.move_step(step=step, position=position, actor=actor)
            return f"step-{step.pk}"
        if verb == "picture-remove":
            pictures = InstructionPicture.objects.filter(step__work_instruction=self.record)
            picture = self._part(pictures.select_related("step__work_instruction__document_revision"), key)
            services.remove_picture(picture=picture, actor=actor)
            return f"step-{picture.step_id}"
        points = DataPoint.objects.filter(step__work_instruction=self.record).select_related("step")
        point = self._part(points, key)
        if verb == "point-delete":
            services.delete_data_point(data_point=point, actor=actor)
        else:
            position = max(1, point.sequence + (-1 if verb == "point-up" else 1))
            services.move_data_point(data_point=point, position=position, actor=actor)
        return f"step-{point.step_id}"

    @staticmethod
    def _part(parts: QuerySet[Any], key: int) -> Any:
        return found_in(parts, key, _("That part of the instruction no longer exists."))


class _BuildForm(FormPage):
    """A form of the building page. A draft is changed without a reason."""

    permission = BUILD
    change_needs_reason = False

    def instruction_id(self) -> int:
        """The instruction that is built."""
        return int(self.record.pk)

    def crumbs(self) -> list[tuple[Text, str]]:
        return [
            (_("Documents"), reverse("qms_documents:document_list")),
            (_("Work instruction"), build_url(self.instruction_id())),
            (self.page_title(), ""),
        ]

    def cancel_url(self) -> str:
        return build_url(self.instruction_id())


class WorkInstructionCreate(_BuildForm):
    """Begin the instruction of a draft revision."""

    model, form_class = DocumentRevision, BeginForm
    changes_record = False
    title = gettext_lazy("Begin the work instruction")
    submit_label = gettext_lazy("Begin")
    lead = gettext_lazy("The steps are signed, approved and become effective together with this revision.")

    def get_queryset(self) -> QuerySet[DocumentRevision]:
        return DocumentRevision.objects.select_related("document")

    def deed(self, form: BeginForm) -> WorkInstruction:
        return services.create_instruction(revision=self.record, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return build_url(result.pk)

    def crumbs(self) -> list[tuple[Text, str]]:
        documents = reverse("qms_documents:document_list")
        return [(_("Documents"), documents), (str(self.record), self.record_url()), (self.page_title(), "")]

    def cancel_url(self) -> str:
        return self.record_url()


class StepCreate(_BuildForm):
    """Add a step at the end."""

    model, form_class = WorkInstruction, StepForm
    changes_record = False
    title = gettext_lazy("New step")

    def get_queryset(self) -> QuerySet[WorkInstruction]:
        return WorkInstruction.objects.select_related("document_revision__document")

    def deed(self, form: StepForm) -> InstructionStep:
        values = {name: form.cleaned_data[name] for name in ("title", "text", "caution", "must_be_confirmed")}
        return services.add_step(work_instruction=self.record, **values, actor=self.request.user)

    def success_url(self, result: Any) -> str:
        return build_url(self.record.pk, f"step-{result.pk}")


class _StepPage(_BuildForm):
    """A form about one step."""

    model = InstructionStep

    def get_queryset(self) -> QuerySet[Any]:
        return InstructionStep.objects.select_related("work_instruction__document_revision__document")

    def instruction_id(self) -> int:
        return int(self.record.work_instruction_id)

    def success_url(self, result: Any) -> str:
        return build_url(self.instruction_id(), f"step-{self.record.pk}")


class StepChange(_StepPage):
    """Change what a step says."""

    form_class = StepForm
    title = gettext_lazy("Change the step")

    def get_initial(self) -> dict[str, Any]:
        return StepForm.values_of(self.record)

    def deed(self, form: StepForm) -> InstructionStep:
        return services.edit_step(step=self.record, **form.cleaned_data, actor=self.request.user)


class PictureCreate(_StepPage):
    """Show a picture at a step."""

    form_class = PictureForm
    changes_record = False
    title = gettext_lazy("Add a picture")

    def deed(self, form: PictureForm) -> InstructionPicture:
        return services.add_picture(step=self.record, **form.cleaned_data, actor=self.request.user)


class DataPointCreate(_StepPage):
    """Record something at a step."""

    form_class = DataPointForm
    changes_record = False
    template_name = "mes/instructions/datapoint_change.html"
    title = gettext_lazy("Something to record")

    def deed(self, form: DataPointForm) -> DataPoint:
        values = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        return services.add_data_point(step=self.record, **values, actor=self.request.user)


class DataPointChange(_BuildForm):
    """Change what is recorded."""

    model, form_class = DataPoint, DataPointForm
    template_name = "mes/instructions/datapoint_change.html"
    title = gettext_lazy("Change what is recorded")

    def get_queryset(self) -> QuerySet[DataPoint]:
        return DataPoint.objects.select_related("step__work_instruction__document_revision__document", "unit")

    def instruction_id(self) -> int:
        return int(self.record.step.work_instruction_id)

    def get_initial(self) -> dict[str, Any]:
        return DataPointForm.values_of(self.record)

    def deed(self, form: DataPointForm) -> DataPoint:
        changes = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        version = form.cleaned_data["version"]
        return services.edit_data_point(
            data_point=self.record, version=version, changes=changes, actor=self.request.user
        )

    def success_url(self, result: Any) -> str:
        return build_url(self.instruction_id(), f"step-{self.record.step_id}")
