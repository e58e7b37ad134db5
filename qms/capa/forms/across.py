"""Where else the same may be."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form
from qms.capa.forms.common import text
from qms.capa.models import ReadAcross


class AcrossForm(Form):
    """Something that no app knows of."""

    where = forms.CharField(label=_("Where else"), max_length=300, help_text=_("A site, a supplier, a process."))
    why = forms.CharField(label=_("Why there"), max_length=300)


class AcrossAnswerForm(Form):
    """Whether it applies there too."""

    answer = forms.ChoiceField(label=_("Answer"), choices=ReadAcross.Answer.choices[1:], widget=forms.RadioSelect)
    rationale = text(_("Why so"), help_text=_("Where it applies: what is done there."))
