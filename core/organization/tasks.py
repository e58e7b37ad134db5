"""Work of the beat."""

from __future__ import annotations

from celery import shared_task

from core.organization.services.api import forget_answers
from core.organization.services.saml import forget_assertions
from core.organization.services.sessions import forget_expired_sessions
from core.organization.services.sign_in import forget_attempts


@shared_task(name="core.organization.forget_api_answers")  # type: ignore[untyped-decorator]
def forget_api_answers() -> None:
    """Forget what repeated requests can no longer ask for, what no limit counts any more, and what expired."""
    forget_answers()
    forget_attempts()
    forget_assertions()
    forget_expired_sessions()
