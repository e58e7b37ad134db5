"""Half a configuration of an identity provider starts nothing, and each part that is missing is named."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from config.apps import BASE_DIR
from config.providers import problems, refuse_unfit_providers
from tests.config.test_production import _manage

SAML = {
    "TRUELINE_SAML_IDP": "https://idp.example/saml", "TRUELINE_SAML_SSO_URL": "https://idp.example/sso",
    "TRUELINE_SAML_CERTIFICATE": "/etc/trueline/idp.pem",
}  # fmt: skip
LDAP = {
    "TRUELINE_LDAP_URL": "ldaps://directory.example", "TRUELINE_LDAP_BASE": "dc=example",
    "TRUELINE_LDAP_BIND_DN": "cn=trueline,dc=example", "TRUELINE_LDAP_BIND_PASSWORD": "a secret",
}  # fmt: skip
OIDC = {"TRUELINE_OIDC_ISSUER": "https://idp.example"}


def said(*parts: dict[str, Any]) -> dict[str, Any]:
    """The settings of this installation, with these in them."""
    here = {name: getattr(settings, name) for name in dir(settings) if name.startswith("TRUELINE_")}
    for part in parts:
        here |= part
    return here


@pytest.mark.requirement("SIGNIN-09", "SIGNIN-11", "SIGNIN-12")
@pytest.mark.parametrize("parts", [[], [OIDC], [SAML], [LDAP], [LDAP, {"TRUELINE_LDAP_URL": "ldap://10.1.2.3:1389"}]])
def test_none_or_one_whole_provider_is_fit(parts: list[dict[str, Any]]) -> None:
    refuse_unfit_providers(said(*parts))


@pytest.mark.requirement("SIGNIN-09", "SIGNIN-11", "SIGNIN-12")
@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([OIDC, SAML], "TRUELINE_OIDC_ISSUER and TRUELINE_SAML_IDP are set"),
        ([OIDC, LDAP], "TRUELINE_OIDC_ISSUER and TRUELINE_LDAP_URL are set"),
        ([SAML, LDAP], "TRUELINE_SAML_IDP and TRUELINE_LDAP_URL are set"),
        ([{"TRUELINE_OIDC_FIELD": "full_name"}], "TRUELINE_OIDC_FIELD is username, email or badge"),
        ([SAML, {"TRUELINE_SAML_FIELD": "pk"}], "TRUELINE_SAML_FIELD is username, email or badge"),
        ([SAML, {"TRUELINE_SAML_SSO_URL": "http://idp.example/sso"}], "begins with https://"),
        ([SAML, {"TRUELINE_SAML_SSO_URL": ""}], "begins with https://"),
        ([SAML, {"TRUELINE_SAML_CERTIFICATE": ""}], "TRUELINE_SAML_CERTIFICATE names the file"),
        ([SAML, {"TRUELINE_SAML_KEY": "/etc/trueline/own.key"}], "are set together"),
        ([LDAP, {"TRUELINE_LDAP_URL": "directory.example"}], "TRUELINE_LDAP_URL is ldaps://host or ldap://host"),
        ([LDAP, {"TRUELINE_LDAP_URL": "ldapi:///run/ldapi"}], "TRUELINE_LDAP_URL is ldaps://host or ldap://host"),
        ([LDAP, {"TRUELINE_LDAP_BASE": ""}], "TRUELINE_LDAP_BASE names the entry"),
        ([LDAP, {"TRUELINE_LDAP_BIND_PASSWORD": ""}], "are set together"),
        ([LDAP, {"TRUELINE_LDAP_NAME": "uid=*)(cn"}], "TRUELINE_LDAP_NAME is the name of an attribute"),
        ([LDAP, {"TRUELINE_LDAP_ID": ""}], "TRUELINE_LDAP_ID is the name of an attribute"),
    ],
)
def test_what_is_missing_or_too_much_is_named(parts: list[dict[str, Any]], words: str) -> None:
    (problem,) = problems(said(*parts))
    assert words in problem
    with pytest.raises(ImproperlyConfigured):
        refuse_unfit_providers(said(*parts))


@pytest.mark.requirement("SIGNIN-11")
def test_nothing_starts_with_half_a_provider(tmp_path: Path) -> None:
    done = _manage({"TRUELINE_SAML_IDP": "https://idp.example/saml", "TRUELINE_DATA": str(tmp_path)})
    assert done.returncode != 0 and "TRUELINE_SAML_CERTIFICATE names the file" in done.stderr


@pytest.mark.requirement("SIGNIN-12")
def test_only_who_asks_for_the_directory_needs_a_compiler() -> None:
    said = tomllib.loads((BASE_DIR / "pyproject.toml").read_text(encoding="utf-8"))
    (compiled,) = said["project"]["optional-dependencies"]["ldap"]
    everyday = [*said["project"]["dependencies"], *said["dependency-groups"]["dev"]]
    assert compiled.startswith("python-ldap") and not [one for one in everyday if "ldap" in one]
    lock = tomllib.loads((BASE_DIR / "uv.lock").read_text(encoding="utf-8"))
    wheels = {package["name"]: bool(package.get("wheels")) for package in lock["package"]}
    assert not wheels["python-ldap"], "with a wheel it could be tested by everybody"
    assert wheels["xmlsec"] and wheels["python3-saml"]
