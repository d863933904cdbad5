"""Health checks for `/readyz`, and the heartbeat of workers."""

from __future__ import annotations

import logging
from functools import cache

from django.conf import settings
from django.db import Error, connection
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from lib.programs.commands import is_behind

logger = logging.getLogger("throughline.health")

SEEN_FOR = 180
"""Seconds until a worker without a heartbeat counts as gone: three sweeps. Redis measures them, so clocks may
differ.
"""
PATIENCE = 1.0
"""Timeout for Redis in seconds."""


def note_worker() -> None:
    """Called by a worker at every sweep."""
    _redis().set(_worker_key(), "seen", ex=SEEN_FOR)


def checks() -> dict[str, bool]:
    """The dependencies of pages and digests, and whether each works. Reasons for failures are only logged."""
    database, migrations = _database()
    redis, worker = _redis_and_worker()
    return {"database": database, "redis": redis, "migrations": migrations, "worker": worker}


def _database() -> tuple[bool, bool]:
    """Whether it answers, and whether its migrations are up to date."""
    try:
        connection.ensure_connection()
        behind = is_behind()
    except Error as error:
        logger.warning("the database does not answer (%s)", error)
        return False, False
    if behind:
        logger.warning("the database is behind this release; `manage.py migrate` is missing")
    return True, not behind


def _redis_and_worker() -> tuple[bool, bool]:
    try:
        seen = bool(_redis().exists(_worker_key()))
    except RedisError as error:
        logger.warning("Redis does not answer (%s)", error)
        return False, False
    if not seen:
        logger.warning("no worker was seen for %d seconds", SEEN_FOR)
    return True, seen


@cache
def _redis() -> Redis:
    """One client per process; its connection pool is thread-safe."""
    return Redis.from_url(
        settings.REDIS_URL, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=Retry(NoBackoff(), 0)
    )


def _worker_key() -> str:
    return f"{settings.REDIS_PREFIX}.worker-seen"
