"""Forms of the seals."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.web.forms import Form


class VerifyForm(Form):
    """A head that was kept outside, if there is one."""

    outside_head = forms.RegexField(
        r"^\s*[0-9A-Fa-f]{64}\s*$",
        label=_("Head kept outside"),
        required=False,
        help_text=_("From a sealed PDF, an export or an e-mail. Without it, a change by somebody who also"
                    " computed every seal anew cannot be found."),
        error_messages={"invalid": _("A head has 64 characters, 0 to 9 and a to f.")},
    )  # fmt: skip
