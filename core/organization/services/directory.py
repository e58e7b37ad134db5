"""Sign-in with the password of the plant's directory (LDAP), typed on the ordinary page for signing in.

The directory is asked about people who sign in by it: the entry is searched with an account of ours, then its own
password is tried. It is an extra: pyproject.toml, `ldap`; the library needs a C compiler where it is installed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from core.kernel.errors import Blocked
from core.organization.models import User
from core.organization.services import identified
from core.organization.services.identified import LOCAL, SECONDS, Identified, log, unreachable

FULL_NAMES = ("displayName", "cn")


@dataclass(frozen=True)
class Entry:
    """What the directory has under a name."""

    dn: str
    id: str
    name: str
    full_name: str


def is_configured() -> bool:
    """Whether this installation has a directory, and the extra that speaks with it."""
    return bool(settings.TRUELINE_LDAP_URL) and find_spec("ldap") is not None


def trouble() -> str:
    """What keeps the configured directory from working, in words for whoever runs the server; else ""."""
    if not settings.TRUELINE_LDAP_URL:
        return ""
    if find_spec("ldap") is None:
        return "TRUELINE_LDAP_URL is set, but the extra “ldap” is not installed"
    try:
        with _connected():
            return ""
    except Blocked:
        return "the directory does not let us in from here: the log says why"


def person_of(*, name: str, password: str) -> User | None:
    """The active person whose name and password the directory confirms; None where it does not.

    Their password is shown to it only where they sign in by it: it is their account already, or they have no password
    here that opens anything, or nobody here has the name and people are made. Raises `Blocked` where the directory is
    silent, whoever is asked for, so that nobody learns who is known.
    """
    if not name or not password:  # a bind without a password succeeds, as nobody (RFC 4513, 5.1.2)
        return None
    with _connected() as link:
        entry = _entry(link, name)
        if entry is None or not _is_asked(entry) or not _confirms(link, entry.dn, password):
            return None
    return identified.person_of(
        Identified(
            issuer=_issuer(), subject=entry.id, value=entry.name, field="username", full_name=entry.full_name,
            makes=settings.TRUELINE_LDAP_CREATE,
        )
    )  # fmt: skip


def _issuer() -> str:
    """The directory itself, whichever server speaks for it (an RFC 4516 address without a host)."""
    return f"ldap:///{quote(settings.TRUELINE_LDAP_BASE, safe='=,')}"


def _is_asked(entry: Entry) -> bool:
    """Whether the directory may see the password that was typed under this entry's name."""
    if identified.holder_of(f"{_issuer()} {entry.id}") is not None:
        return True
    named = User.objects.filter(is_system=False, username__iexact=entry.name).first()
    if named is None:
        return bool(settings.TRUELINE_LDAP_CREATE)
    return named.is_active and (named.provider_only or not named.has_usable_password())


@contextmanager
def _connected() -> Iterator[Any]:
    """A connection that searches: encrypted but to this machine itself. What goes wrong raises `Blocked`."""
    ldap = import_module("ldap")
    address = urlsplit(settings.TRUELINE_LDAP_URL)
    link = ldap.initialize(settings.TRUELINE_LDAP_URL)
    try:
        for option, value in (
            (ldap.OPT_PROTOCOL_VERSION, 3), (ldap.OPT_NETWORK_TIMEOUT, SECONDS), (ldap.OPT_TIMEOUT, SECONDS),
            (ldap.OPT_REFERRALS, 0),  # a password goes to no server that another one names
            (ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND),
            *([(ldap.OPT_X_TLS_CACERTFILE, settings.TRUELINE_LDAP_CA)] if settings.TRUELINE_LDAP_CA else []),
            (ldap.OPT_X_TLS_PROTOCOL_MIN, ldap.OPT_X_TLS_PROTOCOL_TLS1_2), (ldap.OPT_X_TLS_NEWCTX, 0),
        ):  # fmt: skip
            link.set_option(option, value)
        if address.scheme == "ldap" and address.hostname not in LOCAL:
            link.start_tls_s()
        link.simple_bind_s(settings.TRUELINE_LDAP_BIND_DN, settings.TRUELINE_LDAP_BIND_PASSWORD)
        yield link
    except (ldap.LDAPError, ValueError) as problem:  # ValueError: a certificate file that cannot be used
        log.warning("the directory does not answer", problem=type(problem).__name__)
        raise unreachable() from problem
    finally:
        link.unbind_s()


def _entry(link: Any, name: str) -> Entry | None:
    """The one entry of this name."""
    ldap, by_name = import_module("ldap"), settings.TRUELINE_LDAP_NAME
    wanted = import_module("ldap.filter").filter_format(f"({by_name}=%s)", [name])
    asked = [settings.TRUELINE_LDAP_ID, by_name, *FULL_NAMES]
    rows = link.search_ext_s(settings.TRUELINE_LDAP_BASE, ldap.SCOPE_SUBTREE, wanted, asked, timeout=SECONDS)
    found = [(dn, {key.lower(): values for key, values in more.items()}) for dn, more in rows if dn]
    if len(found) != 1:
        return None
    ((dn, more),) = found
    # A directory finds names that are written otherwise (spaces, width of letters); attempts are counted by the name
    # as it was typed, so only that one counts.
    called = [one for one in _texts(more, by_name) if one.casefold() == name.casefold()]
    id = _id(more)
    if not id or not called:
        return None
    return Entry(dn, id, called[0], next((one for key in FULL_NAMES for one in _texts(more, key)), ""))


def _texts(more: dict[str, list[bytes]], attribute: str) -> list[str]:
    return [value.decode("utf-8", errors="replace").strip() for value in more.get(attribute.lower(), [])]


def _id(more: dict[str, list[bytes]]) -> str:
    """The entry's own name that never changes; Active Directory's has 16 bytes."""
    values = more.get(settings.TRUELINE_LDAP_ID.lower(), [])
    if len(values) != 1:
        return ""
    if settings.TRUELINE_LDAP_ID.lower() == "objectguid":
        return str(uuid.UUID(bytes_le=values[0]))
    return _texts(more, settings.TRUELINE_LDAP_ID)[0]


def _confirms(link: Any, dn: str, password: str) -> bool:
    """Whether the directory takes this password for the entry; it refuses locked and expired ones by itself."""
    ldap = import_module("ldap")
    try:
        link.simple_bind_s(dn, password)
    except (
        ldap.INVALID_CREDENTIALS, ldap.INAPPROPRIATE_AUTH, ldap.UNWILLING_TO_PERFORM, ldap.CONSTRAINT_VIOLATION,
        ldap.INSUFFICIENT_ACCESS, ldap.NO_SUCH_OBJECT,
    ) as problem:  # fmt: skip
        log.info("the directory refused a password", problem=type(problem).__name__)
        return False
    return True
