"""Who it is here that an identity provider, or the plant's directory, identified: one rule for all of them.

An account at the provider belongs to one person from their first sign-in on. Until then the configured name finds them.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core.kernel.errors import Blocked, Blocker
from core.kernel.wiring import publish
from core.organization.events import IDENTITY_PROVIDER, SignOnRefused
from core.organization.models import User
from core.organization.services import system_user
from core.organization.services.people import bind_provider_account, create_user

log = structlog.get_logger("trueline.provider")
LOCAL = ("localhost", "127.0.0.1", "::1")
"""This machine itself: the only way to a provider that may go without TLS."""
SECONDS = 10
"""How long a provider may take for an answer."""


@dataclass(frozen=True)
class Identified:
    """What a provider says of somebody, after it was checked."""

    issuer: str
    subject: str
    """The provider's own name of the account, which is never given to somebody else."""
    value: str
    """What names the person at the first sign-in; empty where it may not be believed."""
    field: str
    """By what they are known here: username, email or badge."""
    full_name: str
    makes: bool
    """Whether an unknown person gets an account."""

    @property
    def account(self) -> str:
        """The account, in the words in which it is kept at the person."""
        return f"{self.issuer} {self.subject}"


def refused(code: str, message: str, remedy: str) -> Blocked:
    """A refusal of a sign-in."""
    return Blocked(Blocker(code, message, remedy=remedy))


def unreachable() -> Blocked:
    """The provider is silent, or answers in a way that no provider should."""
    return refused(
        "provider_unreachable",
        _("The identity provider does not answer, or not as it should."),
        _("Try again in a minute. If it stays so, tell an administrator; who has a password here can use that."),
    )


def unfit(why: str) -> Blocked:
    """The provider's answer is not believed; the trail and the log say why, in words without names."""
    log.warning("the identity provider's answer was refused", why=why)
    with transaction.atomic():
        publish(SignOnRefused(None, IDENTITY_PROVIDER, f"answer refused: {why}"[:200]))
    return refused(
        "provider_refused",
        _("The answer of the identity provider is not valid, so nobody was signed in."),
        _("Start again from the page for signing in. If it happens again, tell an administrator."),
    )


def holder_of(account: str) -> User | None:
    """The active person whose account at the provider this is."""
    return User.objects.filter(is_system=False, is_active=True, provider_account=account).first()


def _bound(user: User, account: str) -> User:
    """The person, whose account this is from now on. Raises `Blocked` where they have another."""
    try:
        return bind_provider_account(user=user, account=account, actor=system_user("sign-in"))
    except Blocked:
        with transaction.atomic():
            publish(SignOnRefused(user.pk, IDENTITY_PROVIDER, "another account of the provider has this name"))
        raise


def person_of(said: Identified) -> User:
    """The active person whose account this is, or, the first time, whom the configured name finds.

    They are made now only where that is configured. Raises `Blocked`.
    """
    if len(said.account) > (User._meta.get_field("provider_account").max_length or 0):
        raise unfit("its name of the account is too long")
    known = holder_of(said.account)
    if known is not None:
        return known
    people = User.objects.filter(is_system=False)
    found = list(people.filter(**{f"{said.field}__iexact": said.value})[:2]) if said.value else []
    if len(found) == 1 and found[0].is_active:
        return _bound(found[0], said.account)
    makes = said.makes and people.exists()  # the first two people are made by the set-up page
    if makes and not found and said.value and said.field == "username":
        try:
            made = create_user(
                username=said.value, full_name=(said.full_name or said.value)[:160], provider_only=True,
                actor=system_user("sign-in"),
            )  # fmt: skip
            return _bound(made, said.account)
        except ValidationError as problem:
            raise unfit("its name fits no user name") from problem
    with transaction.atomic():
        why = "unknown at the identity provider's sign-in" if not found else "deactivated, or not one person"
        publish(SignOnRefused(found[0].pk if len(found) == 1 else None, IDENTITY_PROVIDER, why))
    raise refused(
        "provider_unknown",
        _("The identity provider knows you, and this plant's system does not: there is no active account for you."),
        _("Ask an administrator to add you, with the user name that the identity provider has for you."),
    )
