"""The addresses of the embedded servers. Nothing here starts, creates or searches for anything."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from config.devserver.layout import DATABASE, PORT, ROLE, Layout, Server


def needed(*, database_url: str | None, redis_url: str | None) -> frozenset[Server]:
    """The servers without a configured address; empty where both have one."""
    given = {Server.POSTGRES: database_url, Server.VALKEY: redis_url}
    return frozenset(server for server, url in given.items() if not url)


def database_url(data_dir: Path) -> str:
    """A URL that libpq also understands: `psql "$(that)"` works."""
    return f"postgres://{ROLE}@:{PORT}/{DATABASE}?host={quote(str(Layout(data_dir).run))}"


def redis_url(data_dir: Path) -> str:
    return f"unix://{quote(str(Layout(data_dir).valkey_socket))}"


def broker_url(redis_url: str) -> str:
    """The same server as a Celery URL: `unix:///path?db=1` becomes `redis+socket:///path?virtual_host=1`."""
    parts = urlsplit(redis_url)
    if parts.scheme != "unix":
        return redis_url
    query = {("virtual_host" if name == "db" else name): values[-1] for name, values in parse_qs(parts.query).items()}
    return f"redis+socket://{parts.netloc}{parts.path}{'?' if query else ''}{urlencode(query)}"
