"""Shapes of input of nonconformances, of the review board and of planned deviations."""

from qms.nonconformance.forms.board import (
    AuthorityForm,
    BoardRuleForm,
    CapaForm,
    ContainmentForm,
    MergeForm,
    OtherLotForm,
    OwnerForm,
    WitnessForm,
)
from qms.nonconformance.forms.deviations import DeviationForm, UseForm
from qms.nonconformance.forms.records import (
    CauseForm,
    CountForm,
    DefectCodeForm,
    ItemForm,
    PhotoForm,
    ProposeForm,
    RaiseForm,
    RecurrenceForm,
    SignForm,
    TriageForm,
)

__all__ = [
    "AuthorityForm",
    "BoardRuleForm",
    "CapaForm",
    "CauseForm",
    "ContainmentForm",
    "CountForm",
    "DefectCodeForm",
    "DeviationForm",
    "ItemForm",
    "MergeForm",
    "OtherLotForm",
    "OwnerForm",
    "PhotoForm",
    "ProposeForm",
    "RaiseForm",
    "RecurrenceForm",
    "SignForm",
    "TriageForm",
    "UseForm",
    "WitnessForm",
]
