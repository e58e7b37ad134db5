"""What people enter about routings: the pages' forms and the small ones of the builder."""

from mes.routing.forms.builder import (
    AssignLineForm,
    CopyForm,
    DataPointForm,
    MaterialForm,
    NewOperationForm,
    OmitLineForm,
    OperationForm,
    PositionForm,
    QuantityForm,
    RequirementForm,
    SummaryForm,
    requirement_choices,
)
from mes.routing.forms.records import RevisionForm, RoutingForm, RoutingNameForm, ScrapReasonForm

__all__ = [
    "AssignLineForm",
    "CopyForm",
    "DataPointForm",
    "MaterialForm",
    "NewOperationForm",
    "OmitLineForm",
    "OperationForm",
    "PositionForm",
    "QuantityForm",
    "RequirementForm",
    "RevisionForm",
    "RoutingForm",
    "RoutingNameForm",
    "ScrapReasonForm",
    "SummaryForm",
    "requirement_choices",
]
