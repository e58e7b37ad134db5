"""What people enter about documents."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.kernel.clock import now
from core.organization.models import Site
from core.web.forms import MOST, Form, MomentField
from qms.documents.models import Document, DocumentRevision, DocumentType


class DocumentForm(Form):
    """A new document with its first text."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Document.Kind.choices)
    type = forms.ModelChoiceField(
        label=_("Type"),
        queryset=DocumentType.objects.filter(is_active=True),
        required=False,
        empty_label=_("The standard type of the kind"),
        help_text=_("Says how the document is numbered, reviewed and kept."),
    )
    department = forms.CharField(
        label=_("Department"),
        max_length=12,
        required=False,
        help_text=_("Where numbers name one: QA, MFG."),
    )
    title = forms.CharField(label=_("Title"), max_length=200)
    site = forms.ModelChoiceField(
        label=_("Site"),
        queryset=Site.objects.none(),
        required=False,
        empty_label=_("All sites"),
    )
    body = forms.CharField(
        label=_("Content"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("Markdown: headings, lists, tables, links. Files, steps and the fields of a form come afterwards."),
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site: Any = self.fields["site"]
        site.queryset = sites


class RevisionForm(Form):
    """The text of a draft. `version` is what the writer read, so that nobody overwrites a colleague."""

    version = forms.IntegerField(max_value=MOST, widget=forms.HiddenInput)
    title = forms.CharField(label=_("Title"), max_length=200)
    change_summary = forms.CharField(
        label=_("What changed and why"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For readers of the revision before; not needed for the first one."),
    )
    body = forms.CharField(
        label=_("Content"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 24}),
        help_text=_("Markdown: headings, lists, tables, links."),
    )

    @staticmethod
    def values_of(revision: DocumentRevision) -> dict[str, Any]:
        """What the form starts with."""
        return {
            "version": revision.row_version,
            "title": revision.title,
            "change_summary": revision.change_summary,
            "body": revision.body,
        }


class RevisionBeginForm(Form):
    """Why a new revision is begun."""

    change_summary = forms.CharField(
        label=_("What will change and why"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class SubmitForm(Form):
    """What training the revision takes."""

    training_impact = forms.ChoiceField(
        label=_("Training it takes"),
        choices=[("", _("Choose")), *DocumentRevision.TrainingImpact.choices],
        help_text=_("Whoever works to the document needs it before this revision becomes effective."),
    )
    training_rationale = forms.CharField(
        label=_("Why this training"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: only spelling was corrected; the torque changed; a new movement is learned."),
    )

    @staticmethod
    def values_of(revision: DocumentRevision) -> dict[str, Any]:
        """What the form starts with."""
        return {"training_impact": revision.training_impact, "training_rationale": revision.training_rationale}


class EffectiveDateForm(Form):
    """From when an approved revision will be effective."""

    effective_from = MomentField(
        label=_("Effective from"), help_text=_("In the site's time. Until then the present revision stays effective.")
    )

    def clean_effective_from(self) -> dt.datetime:
        """A date in the future."""
        moment: dt.datetime = self.cleaned_data["effective_from"]
        if moment <= now():
            raise ValidationError(_("Choose a moment in the future."), code="past")
        return moment
