"""The first minutes of an empty installation: a one-time token opens the page that makes the first two people."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
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
) -> Site:
    """Make the first site and area, an administrator and a head of quality (two people), and every role.

    Raises `Blocked` when the token is wrong or somebody was faster, ValidationError for values that do not fit.
    """
    actor = system_user("setup")
    with transaction.atomic(), acting(actor, reason=_("first run")):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('first run'))")
        if not token_fits(token):
            raise Blocked(
                Blocker(
                    "setup_token",
                    _("The set-up token is wrong, or the set-up is done already."),
                    remedy=_("Read the token with: manage.py setup_token"),
                )
            )
        site = create_site(code=site_code, name=site_name, time_zone=time_zone, actor=actor)
        create_area(site=site, code="A1", name=area_name, actor=actor)
        roles = {name: create_role_from_template(template=name, actor=actor) for name in ALL_TEMPLATES}
        for role, username, name, password in (
            ("admin", admin_username, admin_name, admin_password),
            ("quality_head", quality_username, quality_name, quality_password),
        ):
            user = create_user(
                username=username,
                full_name=name,
                password=password,
                home_site=site,
                must_change_password=False,
                actor=actor,
            )
            grant_role(user=user, role=roles[role], place=site, actor=actor)
        publish(PlantSetUp(site.pk))
    token_file().unlink(missing_ok=True)
    return site
