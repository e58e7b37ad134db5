"""The cache of tests: in memory, but what goes in comes out as the serializer of Redis would give it back."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.locmem import LocMemCache

from config.caching import JsonSerializer


def kept(value: Any) -> Any:
    """A value after its way through the serializer."""
    written = JsonSerializer().dumps(value)
    return JsonSerializer().loads(str(written).encode())


class JsonLocMemCache(LocMemCache):
    """A cache in memory that takes only what Redis takes."""

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return bool(super().add(key, kept(value), *args, **kwargs))

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        super().set(key, kept(value), *args, **kwargs)
