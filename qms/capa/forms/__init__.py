"""Shapes of input of CAPAs."""

from qms.capa.forms.across import AcrossAnswerForm, AcrossForm
from qms.capa.forms.causes import CauseForm, JudgeForm, MethodForm
from qms.capa.forms.plan import ActionForm, CheckForm
from qms.capa.forms.records import ChangeForm, MemberForm, OwnerForm, RaiseForm, SourceForm
from qms.capa.forms.signing import (
    CloseForm,
    DeclineForm,
    ExtendForm,
    JudgeEffectForm,
    OpenForm,
    ReopenForm,
    VerifyForm,
)

__all__ = [
    "AcrossAnswerForm",
    "AcrossForm",
    "ActionForm",
    "CauseForm",
    "ChangeForm",
    "CheckForm",
    "CloseForm",
    "DeclineForm",
    "ExtendForm",
    "JudgeEffectForm",
    "JudgeForm",
    "MemberForm",
    "MethodForm",
    "OpenForm",
    "OwnerForm",
    "RaiseForm",
    "ReopenForm",
    "SourceForm",
    "VerifyForm",
]
