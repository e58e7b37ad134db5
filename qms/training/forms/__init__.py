"""What people enter about training."""

from qms.training.forms.learning import (
    AnswerForm,
    AssignForm,
    AudienceForm,
    EvidenceForm,
    PolicyForm,
    QuestionForm,
    QuestionRemoveForm,
    QuizForm,
    RequirementForm,
    ShiftForm,
)
from qms.training.forms.qualifications import CurriculumChangeForm, CurriculumForm, GrantForm, RenewForm

__all__ = [
    "AnswerForm",
    "AssignForm",
    "AudienceForm",
    "CurriculumChangeForm",
    "CurriculumForm",
    "EvidenceForm",
    "GrantForm",
    "PolicyForm",
    "QuestionForm",
    "QuestionRemoveForm",
    "QuizForm",
    "RenewForm",
    "RequirementForm",
    "ShiftForm",
]
