"""Forms of people and places."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.utils.translation import gettext_lazy as _

from core.kernel.permissions import catalogue
from core.organization.models import ApiToken, Area, EquipmentClass, Role, Site, User, WorkCenter
from core.organization.queries import people_at
from core.web.forms import Form, MomentField, ZoneField

ONCE_MORE, STRONG = _("Once more"), _("At least 12 characters, none of the common ones.")


def _password(label: Any, help_text: Any = STRONG) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=help_text,
    )


def _compare(form: Form, password: str, again: str) -> None:
    """Refuse two that differ: nobody sees what they type."""
    first, second = form.cleaned_data.get(password), form.cleaned_data.get(again)
    if first and second and first != second:
        form.add_error(again, _("The two are not the same."))


class UserForm(Form):
    """A person as an administrator describes them."""

    full_name = forms.CharField(label=_("Full name"), max_length=160)
    email = forms.EmailField(label=_("E-mail"), required=False)
    badge = forms.CharField(label=_("Badge"), max_length=64, required=False, help_text=_("What the badge's code says."))
    home_site = forms.ModelChoiceField(label=_("Home site"), queryset=Site.objects.none(), required=False)
    manager = forms.ModelChoiceField(
        label=_("Manager"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Is asked when work of this person is overdue, and gets it when the person leaves."),
    )
    provider_only = forms.BooleanField(
        label=_("Signs in by the identity provider only"),
        required=False,
        help_text=_("The password then signs records and opens nothing."),
    )

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["home_site"].queryset = sites  # type: ignore[attr-defined]
        self.fields["manager"].queryset = people_at(sites)  # type: ignore[attr-defined]


class UserCreateForm(UserForm):
    """A new person; the first password is changed at the first sign-in."""

    username = forms.CharField(label=_("User name"), max_length=80, help_text=_("Never given to anybody else, ever."))
    password = _password(_("First password"))
    field_order = ("username", "full_name", "email", "badge", "home_site", "manager", "password", "provider_only")


class PasswordForm(Form):
    """A new password, twice."""

    password = _password(_("New password"))
    again = _password(ONCE_MORE, "")

    def clean(self) -> None:
        super().clean()
        _compare(self, "password", "again")


def _present() -> forms.CharField:
    return forms.CharField(
        label=_("Present password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class OwnPasswordForm(PasswordForm):
    """A new password of one's own; who knows only an open browser knows not enough."""

    present = _present()
    field_order = ("present", "password", "again")

    def __init__(self, *args: Any, is_first: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if is_first:
            del self.fields["present"]


def _code(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "none"}),
    )


class PresentPasswordForm(Form):
    """The present password, before a factor is set up or recovery codes are made anew."""

    present = _present()


class TotpForm(PresentPasswordForm):
    """The first code that the app shows."""

    code = _code(_("Code that the app shows"))
    field_order = ("code", "present")


class PasskeyForm(PresentPasswordForm):
    """A new passkey: what the person calls it, and what the browser got from it."""

    name = forms.CharField(
        label=_("Name of the passkey"), max_length=80, help_text=_("Such as “Phone” or “Key at the belt”.")
    )
    credential = forms.JSONField(
        widget=forms.HiddenInput(attrs={"data-passkey-answer": ""}),
        error_messages={"required": _("The browser gave no passkey. Try again, with the button below.")},
    )
    field_order = ("name", "present", "credential")


class FactorRemoveForm(PresentPasswordForm):
    """Which factor goes."""

    factor = forms.ModelChoiceField(label=_("Second factor"), queryset=Authenticator.objects.none())
    code = _code(_("Code of your app, or a recovery code"))
    field_order = ("factor", "present", "code")

    def __init__(self, *args: Any, factors: Any, with_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["factor"].queryset = factors  # type: ignore[attr-defined]
        if not with_code:
            del self.fields["code"]


class SessionEndForm(Form):
    """Which session ends."""

    session = forms.ChoiceField(label=_("Signed in at"))

    def __init__(self, *args: Any, choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["session"].choices = choices  # type: ignore[attr-defined]


class PinForm(Form):
    """A new PIN for terminals, twice."""

    present = _present()
    pin = forms.CharField(
        label=_("New PIN"),
        max_length=12,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("4 to 12 digits. You sign on with your badge and this PIN at terminals."),
    )
    again = forms.CharField(
        label=ONCE_MORE,
        max_length=12,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean(self) -> None:
        super().clean()
        _compare(self, "pin", "again")


class GrantForm(Form):
    """A role at a site, an area of it, or one work center."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.filter(is_active=True))
    place = forms.ChoiceField(label=_("Where"))
    ends = MomentField(label=_("Until"), required=False, help_text=_("Leave empty for no end."))

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centers = WorkCenter.objects.filter(area__site__in=sites).select_related("area__site")
        areas = Area.objects.filter(site__in=sites).select_related("site")
        self._places: dict[str, Any] = {f"site-{site.pk}": site for site in sites}
        self._places |= {f"area-{area.pk}": area for area in areas}
        self._places |= {f"work_center-{center.pk}": center for center in centers}
        choices = [(f"site-{site.pk}", str(site)) for site in sites]
        choices += [(f"area-{area.pk}", f"{area.site.code} · {area}") for area in areas]
        choices += [(f"work_center-{c.pk}", f"{c.area.site.code} · {c.area.code} · {c}") for c in centers]
        self.fields["place"].choices = choices  # type: ignore[attr-defined]

    def clean_place(self) -> Any:
        return self._places[self.cleaned_data["place"]]


def _requires_second_factor(help_text: Any) -> forms.BooleanField:
    return forms.BooleanField(label=_("Second factor required"), required=False, help_text=help_text)


class RoleForm(Form):
    """Exactly the permissions of a role, and whether its holders need a second factor."""

    requires_second_factor = _requires_second_factor(_("Who holds the role and has none sets it up first."))

    permissions = forms.MultipleChoiceField(
        label=_("Rights"), widget=forms.CheckboxSelectMultiple(), required=False, choices=()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (p.code, p.label) for p in sorted(catalogue().values(), key=lambda p: p.code)
        ]


class SiteForm(Form):
    """A site."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = ZoneField()


class SiteCreateForm(SiteForm):
    code = forms.CharField(label=_("Code"), max_length=12)
    field_order = ("code", "name", "time_zone")


class SiteChangeForm(SiteForm):
    is_active = forms.BooleanField(label=_("Active"), required=False)
    requires_second_factor = _requires_second_factor(_("Who holds a role here and has none sets it up first."))


class PlaceForm(Form):
    """An area or a work center."""

    code = forms.CharField(label=_("Code"), max_length=24)
    name = forms.CharField(label=_("Name"), max_length=120)


class PartnerChangeForm(Form):
    """What may change about a supplier or customer."""

    name = forms.CharField(label=_("Name"), max_length=160)
    is_supplier = forms.BooleanField(label=_("Supplier"), required=False)
    is_customer = forms.BooleanField(label=_("Customer"), required=False)
    is_active = forms.BooleanField(label=_("In use"), required=False)


class PartnerForm(Form):
    """A new supplier or customer."""

    code = forms.CharField(label=_("Code"), max_length=40, help_text=_("As it stands in the ERP, or one of your own."))
    name = forms.CharField(label=_("Name"), max_length=160)
    is_supplier = forms.BooleanField(label=_("Supplier"), required=False)
    is_customer = forms.BooleanField(label=_("Customer"), required=False)


class TerminalForm(Form):
    """A terminal at a work center."""

    code = forms.SlugField(label=_("Code"), max_length=24, help_text=_("Its address is /t/ and this code."))
    name = forms.CharField(label=_("Name"), max_length=120)
    idle_lock_seconds = forms.IntegerField(
        label=_("Idle lock"), min_value=120, max_value=300, initial=180, help_text=_("Seconds; 2 to 5 minutes.")
    )


class EquipmentForm(PlaceForm):
    equipment_class = forms.ModelChoiceField(label=_("Class"), queryset=EquipmentClass.objects.all(), required=False)


class FirstRunForm(Form):
    """The first site and the first two people: who sets up, and the head of quality."""

    site_code = forms.CharField(label=_("Code of the site"), max_length=12, help_text=_("Short, such as LNZ for Linz."))
    site_name = forms.CharField(label=_("Name of the site"), max_length=120)
    time_zone = ZoneField()
    area_name = forms.CharField(
        label=_("First area"), max_length=120, help_text=_("Such as “Assembly”. More are added later.")
    )
    admin_username = forms.CharField(
        label=_("Administrator: user name"), max_length=80, help_text=_("Never given to anybody else, ever.")
    )
    admin_name = forms.CharField(label=_("Administrator: full name"), max_length=160)
    admin_email = forms.EmailField(
        label=_("Administrator: e-mail"), required=False, help_text=_("Optional. A test mail can be sent to it later.")
    )
    admin_password = _password(_("Administrator: password"))
    admin_password_again = _password(_("Administrator: password once more"), "")
    quality_username = forms.CharField(label=_("Head of quality: user name"), max_length=80)
    quality_name = forms.CharField(label=_("Head of quality: full name"), max_length=160)
    quality_password = _password(
        _("Head of quality: first password"),
        _(
            "At least 12 characters, none of the common ones. Hand it over: they choose their own when they sign in,"
            " within three days. Nothing can be signed with this one."
        ),
    )
    sections = (
        (_("The plant"), ("site_code", "site_name", "time_zone", "area_name")),
        (
            _("You, the administrator"),
            ("admin_username", "admin_name", "admin_email", "admin_password", "admin_password_again"),
        ),
        (_("The head of quality, another person"), ("quality_username", "quality_name", "quality_password")),
    )
    """How the page groups the fields."""

    def clean(self) -> None:
        super().clean()
        _compare(self, "admin_password", "admin_password_again")
        self.cleaned_data.pop("admin_password_again", None)

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in self.sections]


class ApiTokenForm(Form):
    """A new API token: which program, for how long, with which of the person's rights."""

    name = forms.CharField(label=_("Program"), max_length=80, help_text=_("Which program uses it, and where it runs."))
    days = forms.IntegerField(label=_("Valid for, days"), min_value=1, max_value=366, initial=90)
    permissions = forms.MultipleChoiceField(
        label=_("Rights"),
        widget=forms.CheckboxSelectMultiple(),
        choices=(),
        help_text=_("Only what the program needs. It never has more rights than you have at that time."),
    )

    def __init__(self, *args: Any, held: frozenset[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = [  # type: ignore[attr-defined]
            (p.code, p.label) for p in sorted(catalogue().values(), key=lambda p: p.code) if p.code in held
        ]


class ApiTokenRevokeForm(Form):
    """Which token ends."""

    token = forms.ModelChoiceField(label=_("API token"), queryset=ApiToken.objects.none())

    def __init__(self, *args: Any, tokens: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].queryset = tokens  # type: ignore[attr-defined]
