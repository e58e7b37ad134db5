"""The API of work instructions: reading one, and building the one of a draft."""

from __future__ import annotations

from typing import Any

from core.web.api import Reading, deed, reading, records
from core.web.views.form import DeedMixin
from mes.instructions import views
from mes.instructions.forms import ArrangeForm
from mes.instructions.models import DataPoint, InstructionPicture, InstructionStep, WorkInstruction
from mes.instructions.queries import steps_of
from mes.instructions.serializers import InstructionStepShape


class Steps(Reading):
    """The steps in order, with their pictures and what they record."""

    page, shape = views.WorkInstructionDetail, InstructionStepShape

    def read(self, page: Any) -> list[InstructionStep]:
        return steps_of(page.record)


class Arrange(DeedMixin, views.WorkInstructionBuild):
    """Move or delete a step, a picture or a data point of a draft."""

    form_class = ArrangeForm

    def deed(self, form: Any) -> WorkInstruction:
        instruction: WorkInstruction = self.record  # whoever may not see it learns nothing of its parts
        self.arrange(form.cleaned_data["deed"], form.cleaned_data["part"])
        return instruction


urlpatterns = [
    deed(
        "revisions/<int:pk>/begin/",
        views.WorkInstructionCreate,
        name="workinstruction_create",
        returns=WorkInstruction,
        status=201,
    ),
    *records("instructions", name="workinstruction", detail=views.WorkInstructionDetail),
    reading("instructions/<int:pk>/steps/", Steps, name="instructionstep_list"),
    deed("instructions/<int:pk>/arrange/", Arrange, name="workinstruction_arrange"),
    deed(
        "instructions/<int:pk>/add-step/",
        views.StepCreate,
        name="instructionstep_create",
        returns=InstructionStep,
        status=201,
    ),
    *records("steps", name="instructionstep", change=views.StepChange),
    deed(
        "steps/<int:pk>/add-picture/",
        views.PictureCreate,
        name="instructionpicture_create",
        returns=InstructionPicture,
        status=201,
    ),
    deed(
        "steps/<int:pk>/add-data-point/",
        views.DataPointCreate,
        name="datapoint_create",
        returns=DataPoint,
        status=201,
    ),
    *records("data-points", name="datapoint", change=views.DataPointChange),
]
