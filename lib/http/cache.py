"""A cache that falls back to process memory while Redis is down, so that pages and sign-in continue to work."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger("throughline.cache")

PAUSE = 10.0
"""Seconds before a Redis that failed is tried again, so that a hung one delays one request and not all."""

_left_alone: dict[str, float] = {}


class SteadyCache(BaseCache):
    """Redis, or this process's memory while Redis is down. Counters such as sign-in attempts restart there, so limits
    then apply per process.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {"retry": Retry(NoBackoff(), 0), **params.get("OPTIONS", {})}
        self._server = server
        self._redis = RedisCache(server, {**params, "OPTIONS": options})
        self._own = LocMemCache(server, {**params, "OPTIONS": {}})

    def _through(self, do: Callable[[BaseCache], Any]) -> Any:
        failed_until, began = _left_alone.get(self._server), time.monotonic()
        if failed_until is not None:
            if began < failed_until:
                return do(self._own)
            _left_alone[self._server] = began + PAUSE  # this request tries again, and no other does meanwhile
        try:
            found = do(self._redis)
        except RedisError as error:
            _left_alone[self._server] = time.monotonic() + PAUSE
            logger.warning("Redis does not answer (%s): for %d seconds each process goes by itself", error, PAUSE)
            return do(self._own)
        if failed_until is not None:
            _left_alone.pop(self._server, None)
        return found

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._through(lambda cache: cache.add(key, value, timeout, version)))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._through(lambda cache: cache.get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._through(lambda cache: cache.set(key, value, timeout, version))

    def touch(self, key: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return bool(self._through(lambda cache: cache.touch(key, timeout, version)))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return bool(self._through(lambda cache: cache.delete(key, version)))

    def clear(self) -> None:
        self._through(lambda cache: cache.clear())
