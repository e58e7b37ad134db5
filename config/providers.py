"""What the settings of identity providers may not say."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

FIELDS = ("username", "email", "badge")
LOCAL = ("localhost", "127.0.0.1", "::1")
ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def problems(said: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is unfit, with what to do."""
    named = [name for name in ("TRUELINE_OIDC_ISSUER", "TRUELINE_SAML_IDP", "TRUELINE_LDAP_URL") if said[name]]
    if len(named) > 1:
        yield f"{' and '.join(named)} are set: people sign in by one of them, keep that one."
    for name in ("TRUELINE_OIDC_FIELD", "TRUELINE_SAML_FIELD"):
        if said[name] not in FIELDS:
            yield f"{name} is username, email or badge."
    if said["TRUELINE_SAML_IDP"]:
        yield from _saml(said)
    if said["TRUELINE_LDAP_URL"]:
        yield from _ldap(said)


def _saml(said: Mapping[str, Any]) -> Iterator[str]:
    address = urlsplit(said["TRUELINE_SAML_SSO_URL"])
    if not address.hostname or (address.scheme != "https" and address.hostname not in LOCAL):
        yield "TRUELINE_SAML_SSO_URL is an address that begins with https://."
    if not said["TRUELINE_SAML_CERTIFICATE"]:
        yield "TRUELINE_SAML_CERTIFICATE names the file with the provider's certificate."
    if bool(said["TRUELINE_SAML_KEY"]) != bool(said["TRUELINE_SAML_KEY_CERTIFICATE"]):
        yield "TRUELINE_SAML_KEY and TRUELINE_SAML_KEY_CERTIFICATE are set together."


def _ldap(said: Mapping[str, Any]) -> Iterator[str]:
    address = urlsplit(said["TRUELINE_LDAP_URL"])
    if address.scheme not in ("ldaps", "ldap") or not address.hostname or address.path.strip("/") or address.query:
        yield "TRUELINE_LDAP_URL is ldaps://host or ldap://host, with a port where it is another."
    if not said["TRUELINE_LDAP_BASE"]:
        yield "TRUELINE_LDAP_BASE names the entry below which people are searched."
    if bool(said["TRUELINE_LDAP_BIND_DN"]) != bool(said["TRUELINE_LDAP_BIND_PASSWORD"]):
        yield "TRUELINE_LDAP_BIND_DN and TRUELINE_LDAP_BIND_PASSWORD are set together."
    for name in ("TRUELINE_LDAP_NAME", "TRUELINE_LDAP_ID"):
        if not ATTRIBUTE.fullmatch(said[name]):
            yield f"{name} is the name of an attribute."


def refuse_unfit_providers(said: Mapping[str, Any]) -> None:
    """Raise ImproperlyConfigured with every problem, so that nobody is let in by half a configuration."""
    found = list(problems(said))
    if found:
        raise ImproperlyConfigured(" ".join(found))
