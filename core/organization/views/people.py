"""Pages about people, and a person's own secrets."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import update_session_auth_hash
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from core.organization import forms, tables
from core.organization.models import Grant, User
from core.organization.queries import may, scoped, sites_of
from core.organization.queries.factors import factors_of, signed_in_at
from core.organization.queries.tokens import tokens_of
from core.organization.services import people
from core.organization.views.adapter import is_by_provider
from core.web.access import Access
from core.web.forms import Form
from core.web.views import Action, DetailPage, Fact, FormPage, ListPage, MovePage, Tab
from core.web.views.form import DeedMixin
from core.web.views.record import Text

SEE, CHANGE = "core_organization.view_user", "core_organization.change_user"
END = "core_organization.grant_role"


class UserList(ListPage):
    """Everybody at the visitor's sites."""

    model, permission = User, SEE
    table_class = tables.UserTable
    search_fields = ("full_name", "username", "badge", "email")
    order = ("full_name",)
    title = _("People")
    create_url_name, create_permission = "core_organization:user_create", CHANGE
    empty_title, empty_text = _("Nobody yet"), _("Add the people who work with the plant's records.")

    def get_queryset(self) -> Any:
        return User.objects.filter(is_system=False).select_related("home_site")


class UserDetail(DetailPage):
    """One person: roles, API tokens."""

    model, permission = User, SEE
    timeline_later = True

    def get_queryset(self) -> Any:
        return User.objects.filter(is_system=False).select_related("home_site", "manager")

    def badges(self) -> list[Any]:
        return [] if self.record.is_active else [(_("Deactivated"), "bad", "ban")]

    def facts(self) -> list[Fact]:
        user, account = self.record, self.record.provider_account
        return [
            Fact(_("User name"), user.username),
            Fact(_("E-mail"), user.email),
            Fact(_("Badge"), user.badge),
            Fact(_("PIN for terminals"), _("set") if user.pin_hash else _("not set; the person sets it")),
            Fact(_("Home site"), user.home_site),
            Fact(_("Manager"), user.manager),
            Fact(_("Second factors"), ", ".join(str(one) for one in factors_of(user)) or _("none")),
            *([Fact(_("Signs in"), _("by the identity provider only"))] if user.provider_only else []),
            *([Fact(_("Account at the identity provider"), account)] if account else []),
        ]

    def actions(self) -> list[Action]:
        def to(name: str) -> str:
            return reverse(f"core_organization:user_{name}", args=[self.record.pk])

        found = [
            Action(_("Change"), to("change"), "pencil", permission=CHANGE),
            Action(
                _("Give a role"),
                reverse("core_organization:grant_create", args=[self.record.pk]),
                "plus",
                permission="core_organization.grant_role",
            ),
            Action(_("New first password"), to("password"), "lock", permission=CHANGE),
            Action(_("Remove second factors"), to("factors"), "shield-x", permission=CHANGE),
            Action(_("End sessions"), to("sessions"), "logout", permission=CHANGE),
        ]
        if self.record.provider_account:
            found.append(Action(_("Forget the provider account"), to("provider"), "logout", permission=CHANGE))
        if self.record.is_active:
            found.append(Action(_("Deactivate"), to("deactivate"), "ban", permission=CHANGE))
        else:
            found.append(Action(_("Reactivate"), to("reactivate"), "check", permission=CHANGE))
        return found

    def tabs(self) -> list[Tab]:
        return [
            Tab("roles", _("Roles"), "core/organization/_user_grants.html"),
            Tab("tokens", _("API tokens"), "core/organization/_user_tokens.html"),
            Tab("sessions", _("Signed in at"), "core/organization/_user_sessions.html"),
        ]

    @cached_property
    def grants(self) -> list[Grant]:
        """The roles of the person at places that the visitor may see."""
        held = Grant.objects.filter(user=self.record).select_related("role", "site", "area", "work_center__area")
        return list(scoped(held, self.request.user, self.permission))

    def context(self, **more: Any) -> dict[str, Any]:
        endable = [grant for grant in self.grants if may(self.request.user, END, grant)]
        tokens, may_revoke = tokens_of(self.record), may(self.request.user, CHANGE, self.record)
        if self.request.GET.get("tab") == "sessions":
            more["sessions"] = signed_in_at(self.record)
        return super().context(grants=self.grants, endable=endable, tokens=tokens, may_revoke=may_revoke, **more)


class _PersonForm(FormPage):
    """A form about a person, whose home site is one of the visitor's."""

    model, permission = User, CHANGE

    def get_queryset(self) -> Any:
        return User.objects.filter(is_system=False)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "sites": sites_of(self.request.user, CHANGE)}


class UserCreate(_PersonForm):
    """Add a person; they choose their own password at the first sign-in."""

    form_class = forms.UserCreateForm
    title = _("Add a person")

    def deed(self, form: Any) -> User:
        return people.create_user(**form.cleaned_data, actor=self.request.user)


class UserChange(_PersonForm):
    """Change what is known about a person."""

    form_class = forms.UserForm

    def get_initial(self) -> dict[str, Any]:
        user = self.record
        return {
            "full_name": user.full_name,
            "email": user.email,
            "badge": user.badge,
            "home_site": user.home_site_id,
            "manager": user.manager_id,
            "provider_only": user.provider_only,
        }

    def deed(self, form: Any) -> User:
        return people.change_user(user=self.record, **form.cleaned_data, actor=self.request.user)


class UserPassword(FormPage):
    """Give a person a new first password."""

    model, permission, form_class = User, CHANGE, forms.PasswordForm
    changes_record = False
    title = _("New first password")

    def deed(self, form: Any) -> User:
        values = form.cleaned_data
        return people.set_first_password(
            user=self.record, password=values["password"], reason=values["reason"], actor=self.request.user
        )


class UserDeactivate(MovePage):
    """End a person's access, every session and token of theirs."""

    model, permission, deed_permission = User, SEE, CHANGE
    label = _("Deactivate")
    asks_reason = True
    explanation = _("Every session of this person ends now. Their records keep their name.")

    def deed(self, form: Any) -> User:
        return people.deactivate_user(user=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)


class UserReactivate(MovePage):
    """Let a person sign in again."""

    model, permission, deed_permission = User, SEE, CHANGE
    label = _("Reactivate")
    asks_reason = True
    explanation = _("The person may sign in again with the roles that are still running.")

    def deed(self, form: Any) -> User:
        return people.reactivate_user(user=self.record, reason=form.cleaned_data["reason"], actor=self.request.user)


class UserProviderAccount(MovePage):
    """Forget which account of the identity provider is this person's."""

    model, permission, deed_permission = User, SEE, CHANGE
    label = _("Forget the provider account")
    asks_reason = True
    explanation = _("The next account that the identity provider gives this person's name becomes theirs.")

    def is_offered(self) -> bool:
        return bool(self.record.provider_account)

    def covered(self) -> list[Fact]:
        return [Fact(_("Account at the identity provider"), self.record.provider_account or "–")]

    def deed(self, form: Any) -> User:
        reason = form.cleaned_data["reason"]
        return people.forget_provider_account(user=self.record, reason=reason, actor=self.request.user)


class OwnPage(DeedMixin):
    """A form about oneself."""

    access = Access.SIGNED_IN
    template_name = "generic/form.html"
    form_class = Form


class OwnPassword(OwnPage):
    title = _("Choose your password")
    form_class = forms.OwnPasswordForm
    success_message = _("Your password is changed.")

    @property
    def lead(self) -> Text:
        """Why this page comes before anything else, where it does."""
        user: Any = self.request.user
        if not user.must_change_password:
            return ""
        return _("Whoever gave you your first password knows it too. Choose one that you alone know, then go on.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "is_first": self.is_first}

    @cached_property
    def is_first(self) -> bool:
        """Whether the person has none yet, and the identity provider identified them just now: it is for signing."""
        user: Any = self.request.user
        return not user.has_usable_password() and is_by_provider(self.request, user)

    def deed(self, form: Any) -> str:
        if not self.is_first:
            people.identify_oneself(password=form.cleaned_data["present"], request=self.request)
        user = people.change_own_password(password=form.cleaned_data["password"], actor=self.request.user)
        update_session_auth_hash(self.request, user)
        return "/"


class OwnPin(OwnPage):
    title = _("Choose your PIN for terminals")
    form_class = forms.PinForm
    success_message = _("Your PIN is set.")

    def deed(self, form: Any) -> str:
        people.identify_oneself(password=form.cleaned_data["present"], request=self.request)
        people.set_pin(pin=form.cleaned_data["pin"], actor=self.request.user)
        return "/"
