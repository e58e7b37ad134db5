"""Signed-in visits without the cost of a password."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from core.organization.models import User
from core.organization.services.sessions import SessionStore


def session_of(user: User) -> str:
    """The key of a session of this person, as signing in would leave it."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "core.organization.views.adapter.DeskBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def visit_as(user: User) -> Client:
    """A client signed in as this person."""
    client = Client()
    client.cookies["sessionid"] = session_of(user)
    return client


def seen(record: Any) -> dict[str, str]:
    """What a form that is opened now carries about the version of the record that it shows."""
    return {"version": str(type(record)._base_manager.get(pk=record.pk).row_version)}
