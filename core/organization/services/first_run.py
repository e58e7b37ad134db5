"""The first minutes of an empty installation: a one-time token opens the page that makes the first two people."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from core.kernel.deeds import acting
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import ALL_TEMPLATES
from core.kernel.wiring import publish
from core.organization.events import PlantSetUp
from core.organization.models import Site, User
from core.organization.services import system_user
from core.organization.services.people import create_role_from_template, create_user, grant_role
from core.organization.services.places import create_area, create_site


def token_file() -> Path:
    """Where the one-time token lies until the first run is done."""
    return Path(settings.DATA_DIR) / "setup-token"


def is_pending() -> bool:
    """Whether the installation has no person yet."""
    return not User.objects.filter(is_system=False).exists()


def setup_token() -> str:
    """The one-time token, made on first use; empty when the first run is done."""
    if not is_pending():
        return ""
    path = token_file()
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


def token_fits(token: str) -> bool:
    """Whether the first run may go on with this token."""
    expected = setup_token()
    return bool(expected) and hmac.compare_digest(expected, token)


def set_up_path() -> str:
    """The path of the first-run page with its one-time token; empty when the first run is done."""
    token = setup_token()
    return f"{reverse('core_organization:first_run')}?{urlencode({'token': token})}" if token else ""


@contextmanager
def _at(fields: dict[str, str], found: dict[str, list[Any]]) -> Iterator[None]:
    """Keep what is wrong under the name that the field has on the first-run page: the page tells all of it at once."""
    try:
        yield
    except ValidationError as error:
        for name, errors in error.error_dict.items():
            found.setdefault(fields.get(name, name), []).extend(errors)


def set_up(
    *,
    token: str,
    site_code: str,
    site_name: str,
    time_zone: str,
    area_name: str,
    admin_username: str,
    admin_name: str,
    admin_password: str,
    quality_username: str,
    quality_name: str,
    quality_password: str,
    admin_email: str = "",
) -> Site:
    """Make the first site and area, an administrator and a head of quality (two people), and every role.

    The administrator is who sets up and chooses their own password. The head of quality is somebody else: what is given
    here is a first password, which they must replace at the first sign-in and which signs nothing (21 CFR 11.300).

    Raises `Blocked` when the token is wrong or somebody was faster, ValidationError for values that do not fit.
    """
    actor = system_user("setup")
    wrong: dict[str, list[Any]] = {}
    with transaction.atomic(), acting(actor, reason=_("first run")):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first run'))")
        if not token_fits(token):
            raise Blocked(
                Blocker(
                    "setup_token",
                    _("The set-up token is wrong, or the set-up is done already."),
                    remedy=_("Read the address of this page again with: manage.py setup_token"),
                )
            )
        site: Site | None = None
        with _at({"code": "site_code", "name": "site_name"}, wrong):
            site = create_site(code=site_code, name=site_name, time_zone=time_zone, actor=actor)
        if site is not None:
            with _at({"name": "area_name"}, wrong):
                create_area(site=site, code="A1", name=area_name, actor=actor)
        roles = {name: create_role_from_template(template=name, actor=actor) for name in ALL_TEMPLATES}
        for role, whose, username, name, email, password in (
            ("admin", "admin", admin_username, admin_name, admin_email, admin_password),
            ("quality_head", "quality", quality_username, quality_name, "", quality_password),
        ):
            fields = {"full_name": f"{whose}_name"}
            fields |= {field: f"{whose}_{field}" for field in ("username", "password", "email")}
            with _at(fields, wrong):
                user = create_user(
                    username=username,
                    full_name=name,
                    email=email,
                    password=password,
                    home_site=site,
                    must_change_password=whose == "quality",
                    actor=actor,
                )
                if site is not None:
                    grant_role(user=user, role=roles[role], place=site, actor=actor)
        if wrong or site is None:
            raise ValidationError(wrong)
        publish(PlantSetUp(site.pk))
    token_file().unlink(missing_ok=True)
    return site
