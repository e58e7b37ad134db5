"""Work of the beat."""

from __future__ import annotations

from celery import shared_task

from core.organization.services.api import forget_answers


@shared_task(name="core.organization.forget_api_answers")  # type: ignore[untyped-decorator]
def forget_api_answers() -> None:
    """Forget what repeated requests can no longer ask for."""
    forget_answers()
