"""How values stand in the cache: as JSON, so that whoever can write to Redis makes no code run here."""

from __future__ import annotations

import json
from typing import Any

CACHE: dict[str, Any] = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "OPTIONS": {"serializer": "config.caching.JsonSerializer"},
    "VERSION": 2,
}
"""How Redis is used as a cache. Of version 1 were pickles: they are never read again, and expire."""


class JsonSerializer:
    """The serializer of Django's Redis cache; whole numbers stay bare, for Redis counts with them."""

    def dumps(self, value: Any) -> int | str:
        """Raises TypeError for what JSON cannot say: keep its text or its key instead."""
        return value if type(value) is int else json.dumps(value)

    def loads(self, data: bytes) -> Any:
        return json.loads(data)
