"""Tasks of the installation itself."""

from celery import shared_task
from django.core.cache import cache

from config.celery import HEARTBEAT_KEY
from core.kernel.clock import now


@shared_task  # type: ignore[untyped-decorator]
def heartbeat() -> None:
    """Show that beat gives work and a worker does it; `manage.py doctor` looks at the time left here."""
    cache.set(HEARTBEAT_KEY, now().isoformat(), timeout=None)
