"""The shared cache, and the process's own memory while it is away: nobody meets an error for want of a cache.

What is counted in it, attempts to log in, is then counted in each process for itself: not exact, yet counted.
"""

import time
from collections.abc import Callable
from typing import Any

import structlog
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

AWAY_SECONDS = 5.0  # before it is asked again; each question to a server that hangs costs a second
logger = structlog.get_logger("portal.cache")


class SteadyCache(RedisCache):
    """Redis or Valkey; the cache `own` where that does not answer, and for some seconds after."""

    away_until = 0.0  # on this process's monotonic clock; the class's, so that all threads see it

    def _steadily(self, name: str, *words: Any, **more: Any) -> Any:
        shared: Callable[..., Any] = getattr(super(), name)
        if time.monotonic() >= SteadyCache.away_until:
            try:
                return shared(*words, **more)
            except (RedisError, OSError) as error:
                SteadyCache.away_until = time.monotonic() + AWAY_SECONDS
                logger.warning("the shared cache is away", error=type(error).__name__)
        return getattr(caches["own"], name)(*words, **more)

    def ping(self) -> None:
        """Ask the server itself. Raises RedisError or OSError."""
        self._cache.get_client().ping()
        SteadyCache.away_until = 0.0

    def add(self, *words: Any, **more: Any) -> Any:
        return self._steadily("add", *words, **more)

    def get(self, *words: Any, **more: Any) -> Any:
        return self._steadily("get", *words, **more)

    def set(self, *words: Any, **more: Any) -> Any:
        return self._steadily("set", *words, **more)

    def touch(self, *words: Any, **more: Any) -> Any:
        return self._steadily("touch", *words, **more)

    def delete(self, *words: Any, **more: Any) -> Any:
        return self._steadily("delete", *words, **more)

    def get_many(self, *words: Any, **more: Any) -> Any:
        return self._steadily("get_many", *words, **more)

    def has_key(self, *words: Any, **more: Any) -> Any:
        return self._steadily("has_key", *words, **more)

    def incr(self, *words: Any, **more: Any) -> Any:
        return self._steadily("incr", *words, **more)

    def set_many(self, *words: Any, **more: Any) -> Any:
        return self._steadily("set_many", *words, **more)

    def delete_many(self, *words: Any, **more: Any) -> Any:
        return self._steadily("delete_many", *words, **more)

    def clear(self, *words: Any, **more: Any) -> Any:
        return self._steadily("clear", *words, **more)
