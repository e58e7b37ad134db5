"""What people enter about types, copies, filled forms, external documents and holds."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.organization.models import Role, Site, User
from core.web.forms import DayField, Form, MomentField, ReasonField
from qms.documents.models import DocumentKind, DocumentRevision, DocumentType, ExternalDocument, RetentionClass


class TypeForm(Form):
    """How documents of a type are numbered, reviewed, printed and kept."""

    name = forms.CharField(label=_("Name"), max_length=120)
    scheme = forms.CharField(
        label=_("Numbering scheme"),
        max_length=60,
        help_text=_("Such as SOP-{dept}-{seq:4}: department {dept}, site {site}, at the end the running number."),
    )
    review_mode = forms.ChoiceField(label=_("Review"), choices=DocumentType.ReviewMode.choices, initial="parallel")
    reviewers_needed = forms.IntegerField(
        label=_("Reviewers needed"),
        min_value=0,
        max_value=4,
        initial=0,
        help_text=_("So many people sign a review before somebody approves it."),
    )
    review_months = forms.IntegerField(
        label=_("Months between periodic reviews"),
        min_value=1,
        max_value=120,
        required=False,
        help_text=_("Empty: no periodic review."),
    )
    copy_hours = forms.IntegerField(
        label=_("Hours that a controlled copy is valid"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Empty: until it is replaced."),
    )
    retention_class = forms.ModelChoiceField(
        label=_("Retention class"), queryset=RetentionClass.objects.all(), required=False
    )


class TypeCreateForm(TypeForm):
    """A new type."""

    code = forms.CharField(label=_("Code"), max_length=24)
    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind.choices)
    field_order = ("code", "name", "kind", "scheme")


class TypeChangeForm(TypeForm):
    """A type that documents have."""

    is_active = forms.BooleanField(label=_("In use"), required=False)

    @staticmethod
    def values_of(one: DocumentType) -> dict[str, Any]:
        """What the form starts with."""
        names = ("name", "scheme", "review_mode", "reviewers_needed", "review_months", "copy_hours", "retention_class")
        return {name: getattr(one, name) for name in (*names, "is_active")}


class RetentionForm(Form):
    """How long documents of a class are kept."""

    name = forms.CharField(label=_("Name"), max_length=120)
    years = forms.IntegerField(
        label=_("Years after it became obsolete"),
        min_value=1,
        max_value=200,
        required=False,
        help_text=_("Empty: for ever."),
    )
    basis = forms.CharField(
        label=_("Basis"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2_000,
        help_text=_("The law, standard or contract that says so."),
    )


class RetentionCreateForm(RetentionForm):
    """A new class."""

    code = forms.CharField(label=_("Code"), max_length=24)
    field_order = ("code",)


class CopyForm(Form):
    """For whom copies are printed."""

    holder = forms.CharField(
        label=_("For"), max_length=160, help_text=_("The place or person that keeps it, such as welding cell 2.")
    )
    count = forms.IntegerField(label=_("Copies"), min_value=1, max_value=50, initial=1)
    valid_until = MomentField(
        label=_("Valid until"), required=False, help_text=_("Empty: as long as the type of the document says.")
    )


class BeginForm(Form):
    """A form to be filled in."""

    site = forms.ModelChoiceField(label=_("Site"), queryset=Site.objects.none())
    about = forms.CharField(
        label=_("About"), max_length=160, required=False, help_text=_("Such as a lot, a machine, a day.")
    )

    def __init__(self, *args: Any, sites: QuerySet[Site] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["site"]
        if sites is not None:
            field.queryset = sites
            if sites.count() == 1:
                field.initial = sites.get()


class FillForm(Form):
    """The fields of a form's revision; none has to be filled in before it is completed."""

    def __init__(self, *args: Any, revision: DocumentRevision | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in (revision.form_fields or ()) if revision is not None else ():
            self.fields[one["code"]] = _field(one)


def _field(one: dict[str, Any]) -> forms.Field:
    unit = f" ({one['unit']})" if one["unit"] else ""
    low, high = one["low"], one["high"]
    limits = f"{low or '…'} – {high or '…'}{unit}" if low or high else ""
    common: dict[str, Any] = {"label": f"{one['label']}{unit}", "required": False, "help_text": limits}
    if one["kind"] == "check":
        return forms.BooleanField(**common)
    if one["kind"] == "choice":
        return forms.ChoiceField(choices=[("", "–"), *((word, word) for word in one["choices"])], **common)
    if one["kind"] == "date":
        return DayField(**common)
    if one["kind"] == "number":
        return forms.CharField(
            max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **common
        )
    return forms.CharField(max_length=2_000, **common)


class ExternalForm(Form):
    """What the register says about an external document."""

    title = forms.CharField(label=_("Title"), max_length=200)
    publisher = forms.CharField(label=_("Publisher"), max_length=120, help_text=_("Such as ISO, or a customer."))
    edition = forms.CharField(label=_("Edition in use"), max_length=60)
    place = forms.CharField(
        label=_("Kept at"), max_length=200, required=False, help_text=_("Where people find it, such as an address.")
    )
    check_months = forms.IntegerField(label=_("Months between checks"), min_value=1, max_value=120, initial=12)


class ExternalCreateForm(ExternalForm):
    """A new entry."""

    number = forms.CharField(label=_("Number"), max_length=60, help_text=_("As its publisher writes it: ISO 13485."))
    site = forms.ModelChoiceField(
        label=_("Site"), queryset=Site.objects.none(), required=False, empty_label=_("All sites")
    )
    field_order = ("number",)

    def __init__(self, *args: Any, sites: QuerySet[Site] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if sites is not None:
            self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class ExternalChangeForm(ExternalForm):
    """An entry that stands."""

    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())
    next_check_on = DayField(label=_("Next check"))
    is_active = forms.BooleanField(label=_("In use"), required=False)

    def __init__(self, *args: Any, people: QuerySet[User] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is not None:
            self.fields["owner"].queryset = people  # type: ignore[attr-defined]

    @staticmethod
    def values_of(one: ExternalDocument) -> dict[str, Any]:
        """What the form starts with."""
        names = ("title", "publisher", "edition", "place", "check_months", "owner", "next_check_on", "is_active")
        return {name: getattr(one, name) for name in names}


class EditionForm(Form):
    """Which edition is the latest."""

    latest_edition = forms.CharField(label=_("Latest edition"), max_length=60)
    source = forms.CharField(
        label=_("Found at"), max_length=200, help_text=_("Where you looked, such as the publisher's catalogue.")
    )
    conclusion = forms.CharField(
        label=_("Conclusion"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
        max_length=2_000,
        help_text=_("Needed where the plant uses another edition: what follows from it."),
    )


class ReaderForm(Form):
    """Who has to read a document: a person, or whoever holds a role."""

    user = forms.ModelChoiceField(label=_("Person"), queryset=User.objects.none(), required=False)
    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.filter(is_active=True), required=False)

    def __init__(self, *args: Any, people: QuerySet[User] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if people is not None:
            self.fields["user"].queryset = people  # type: ignore[attr-defined]


class NothingForm(Form):
    """A deed that needs nothing but the click."""


class HoldForm(Form):
    """Why a document is held, or no longer."""

    reason = ReasonField()
