"""Writes over people and places that every storey needs: numbers, system users, refusal without a right."""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core.kernel.deeds import acting
from core.kernel.errors import Blocked, Blocker
from core.kernel.permissions import catalogue
from core.organization.models import Site, User
from core.organization.queries import may, reach_of


def require(actor: Any, permission: str, scope: Any = None) -> None:
    """Refuse with a Blocker unless the actor holds the permission at the scope."""
    if may(actor, permission, scope):
        return
    declared = catalogue()[permission]
    place = reach_of(scope) if scope is not None else None
    words = {"who": actor, "where": place if place is not None else _("any site"), "right": declared.label}
    if isinstance(place, User):
        message = _("%(who)s has no right to do this for %(where)s, a person of another site: %(right)s.") % words
    else:
        message = _("%(who)s has no right to do this at %(where)s: %(right)s.") % words
    raise Blocked(
        Blocker(
            "permission",
            message,
            record=place,
            remedy=_("Ask an administrator for a role with this right, or a colleague who has it."),
        )
    )


def next_number(site: Site | None, prefix: str, *, width: int = 6) -> str:
    """Draw the next number of a record type at a site, such as NC-000001; never given twice, gaps are possible.

    The counter row stays locked until the deed's transaction ends.
    """
    number = draw_numbers(site, prefix, 1)
    return f"{prefix}-{number:0{width}d}"


def draw_numbers(site: Site | None, prefix: str, count: int) -> int:
    """Draw `count` consecutive numbers and return the first."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("numbers are drawn inside a deed")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_organization_numberseries (site_id, prefix, last_number) VALUES (%s, %s, %s)"
            " ON CONFLICT (site_id, prefix) DO UPDATE"
            " SET last_number = core_organization_numberseries.last_number + EXCLUDED.last_number"
            " RETURNING last_number",
            [None if site is None else site.pk, prefix, count],
        )
        row = cursor.fetchone()
    return int(row[0]) - count + 1


def system_user(name: str) -> User:
    """The named system user that jobs and timers act as; made on first use, acting for itself."""
    username = f"system.{name}"
    found = User.objects.filter(username=username).first()
    if found is not None:
        return found
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [username])
        found = User.objects.filter(username=username).first()
        if found is not None:
            return found
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(pg_get_serial_sequence('core_organization_user', 'id'))")
            pk = cursor.fetchone()[0]
        user = User(pk=pk, username=username, full_name=f"Trueline {name}", is_system=True)
        user.set_unusable_password()
        with acting(user):
            user.save(force_insert=True)
        return user
