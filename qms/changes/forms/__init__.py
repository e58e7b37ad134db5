"""Shapes of input of changes."""

from qms.changes.forms.configuration import ChangeTypeForm, PolicyForm, ScopesForm, SwitchForm
from qms.changes.forms.orders import ChangeForm, ExtendForm, RaiseForm, ReleaseForm
from qms.changes.forms.parts import (
    AnswerForm,
    AssessForm,
    AssessorForm,
    DecideForm,
    DependencyForm,
    ItemForm,
    RiskForm,
    TaskForm,
)

__all__ = [
    "AnswerForm",
    "AssessForm",
    "AssessorForm",
    "ChangeForm",
    "ChangeTypeForm",
    "DecideForm",
    "DependencyForm",
    "ExtendForm",
    "ItemForm",
    "PolicyForm",
    "RaiseForm",
    "ReleaseForm",
    "RiskForm",
    "ScopesForm",
    "SwitchForm",
    "TaskForm",
]
