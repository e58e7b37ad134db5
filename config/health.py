"""The health page that the supervisor, a load balancer or a container asks."""

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse


def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database and the cache both answer; any failure is an ordinary server error."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    cache.set("health", "ok", timeout=5)
    return JsonResponse({"status": "ok"})
