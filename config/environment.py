"""Typed access to the environment (spec/interfaces.md, Environment).

A missing or malformed value stops the start with one line that says what is expected. The line quotes the value, unless
the variable may contain a secret.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

from lib.http.hosts import is_loopback

T = TypeVar("T")

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
SECRETS = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"}
SYSTEM_ZONES = Path("/usr/share/zoneinfo")
HOST_NAME = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*\.?|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
PREFIX = re.compile(r"[\w.-]{1,40}", re.ASCII)

DATABASE_SCHEMES = {"postgres", "postgresql"}
DATABASE_EXAMPLE = "an address such as postgres://user:password@host:5432/throughline"
REDIS_SCHEMES = {"redis", "rediss", "unix"}
REDIS_EXAMPLE = "an address such as redis://host:6379/0 or unix:///path/to/socket"
SMTP_SCHEMES = {"smtp", "smtps", "smtp+tls", "smtp+ssl"}
LOCAL_MAIL_SCHEMES = {"filemail", "consolemail", "memorymail", "dummymail"}
EMAIL_EXAMPLE = "an address such as smtp+tls://user:password@host:587"


class MissingEnvironment(SystemExit):
    """Ends the process with a line on stderr and exit code 1, without a traceback."""


def stop(name: str, expected: str, got: str | None = None) -> NoReturn:
    """Raises MissingEnvironment, without showing a secret's value."""
    if got is None:
        state = "is not set"
    elif name in SECRETS:
        state = "is malformed"
    else:
        state = f"is {got!r}"
    raise MissingEnvironment(f"throughline: {name} {state}; expected {expected}")


def text(name: str) -> str | None:
    """The value of NAME or, for a secret, the content of the file named by NAME_FILE. Empty counts as unset."""
    value = os.environ.get(name, "").strip()
    path = os.environ.get(f"{name}_FILE", "").strip() if name in SECRETS else ""
    if value and path:
        stop(f"{name}_FILE", f"it to be unset, because {name} is set", path)
    if not path:
        return value or None
    try:
        return Path(path).read_text(encoding="utf-8").strip() or stop(f"{name}_FILE", f"a file with {name} in it", path)
    except (OSError, UnicodeDecodeError):
        stop(f"{name}_FILE", f"a readable text file with {name} in it", path)


def parsed(name: str, parse: Callable[[str], T], expected: str) -> T | None:
    """NAME converted by `parse`, None where unset; a ValueError stops the start."""
    raw = text(name)
    if raw is None:
        return None
    try:
        return parse(raw)
    except (ValueError, ImproperlyConfigured):
        stop(name, expected, raw)


def boolean(name: str, *, default: bool) -> bool:
    def parse(raw: str) -> bool:
        return _demand(raw.lower(), TRUE | FALSE) in TRUE

    value = parsed(name, parse, "1 or 0")
    return default if value is None else value


def choice(name: str, default: str, allowed: Sequence[str]) -> str:
    """One of `allowed`, which are in lower case; the environment may use any case."""
    expected = f"{', '.join(allowed[:-1])} or {allowed[-1]}"
    return parsed(name, lambda raw: _demand(raw.lower(), set(allowed)), expected) or default


def number(name: str, default: int, least: int, most: int) -> int:
    def parse(raw: str) -> int:
        if not least <= int(raw) <= most:
            raise ValueError
        return int(raw)

    value = parsed(name, parse, f"a number from {least} to {most}")
    return default if value is None else value


def folder(name: str, default: Path) -> Path:
    """An absolute path. It need not exist, but must not be anything other than a folder."""

    def parse(raw: str) -> Path:
        if (path := Path(raw)).exists() and not path.is_dir():
            raise ValueError
        return path

    return (parsed(name, parse, "the path of a folder") or default).resolve()


def host_names(name: str, default: list[str]) -> list[str]:
    def parse(raw: str) -> list[str]:
        names = [word.strip() for word in raw.split(",") if word.strip()]
        if not names or not all(HOST_NAME.fullmatch(word) for word in names):
            raise ValueError
        return names

    return (
        parsed(name, parse, "host names separated by commas, such as throughline.example.com,.example.org") or default
    )


def time_zone(name: str, default: str) -> str:
    def parse(raw: str) -> str:
        """Django also checks the system's own list, where there is one."""
        _demand(raw, available_timezones())
        if SYSTEM_ZONES.exists() and not (SYSTEM_ZONES / raw).exists():
            raise ValueError
        return raw

    return parsed(name, parse, "an IANA time zone such as Europe/Paris") or default


def prefix(name: str, default: str) -> str:
    def parse(raw: str) -> str:
        if not PREFIX.fullmatch(raw):
            raise ValueError
        return raw

    return parsed(name, parse, "up to 40 letters, digits, dots, dashes or underscores") or default


def sender(name: str, default: str) -> str:
    """The From header of mails: `Name <address>`, or the address alone."""

    def parse(raw: str) -> str:
        local, _, domain = parseaddr(raw)[1].rpartition("@")
        if not local or not domain or "\n" in raw:
            raise ValueError
        return raw

    return parsed(name, parse, "an e-mail address such as Throughline <throughline@example.com>") or default


def site(name: str, default: str) -> str:
    """Scheme, host and port of the site's URL, without a trailing slash."""

    def parse(raw: str) -> str:
        parts = urlsplit(raw)
        _demand(parts.scheme, {"http", "https"})
        if (
            not parts.hostname
            or parts.path.strip("/")
            or parts.query
            or parts.fragment
            or parts.username
            or parts.port == 0
        ):
            raise ValueError
        return f"{parts.scheme}://{parts.netloc}"

    return parsed(name, parse, "an address such as https://throughline.example.com, without a path") or default


def database_url(name: str) -> str | None:
    def parse(raw: str) -> str:
        database(raw)
        return raw

    return parsed(name, parse, DATABASE_EXAMPLE)


def database(url: str) -> dict[str, Any]:
    """Django's settings for that URL. `?host=/folder` is a socket's folder. Raises ValueError."""
    _demand(urlsplit(url).scheme, DATABASE_SCHEMES)
    settings: dict[str, Any] = environ.Env.db_url_config(url)
    settings["HOST"] = settings.get("OPTIONS", {}).pop("host", settings["HOST"])
    if not settings["NAME"] or "/" in settings["NAME"]:
        raise ValueError
    return settings


def redis_url(name: str) -> str | None:
    def parse(raw: str) -> str:
        """`redis://host:port/number`, or `unix:///path`."""
        parts = urlsplit(raw)
        _demand(parts.scheme, REDIS_SCHEMES)
        number = parts.path.strip("/")
        if parts.scheme == "unix":
            if parts.hostname or not number:
                raise ValueError
        elif not parts.hostname or parts.port == 0 or (number and not number.isdecimal()):
            raise ValueError
        return raw

    return parsed(name, parse, REDIS_EXAMPLE)


def mail(name: str, kept_in: Path) -> dict[str, Any]:
    """Django's e-mail settings; without an address, mails are stored as files in `kept_in`."""

    def parse(raw: str) -> dict[str, Any]:
        parts = urlsplit(raw)
        _demand(parts.scheme, SMTP_SCHEMES | LOCAL_MAIL_SCHEMES)
        if (parts.scheme in SMTP_SCHEMES and not parts.hostname) or parts.port == 0:
            raise ValueError
        found: dict[str, Any] = environ.Env.email_url_config(raw)
        return found

    found = parsed(name, parse, EMAIL_EXAMPLE) or environ.Env.email_url_config("filemail://")
    return {
        "EMAIL_BACKEND": found["EMAIL_BACKEND"],
        "EMAIL_FILE_PATH": f"/{found['EMAIL_FILE_PATH']}" if found["EMAIL_FILE_PATH"] else str(kept_in),
        "EMAIL_HOST": found["EMAIL_HOST"] or "localhost",
        "EMAIL_PORT": found["EMAIL_PORT"]
        or (465 if found.get("EMAIL_USE_SSL") else 587 if found.get("EMAIL_USE_TLS") else 25),
        "EMAIL_HOST_USER": found["EMAIL_HOST_USER"] or "",
        "EMAIL_HOST_PASSWORD": found["EMAIL_HOST_PASSWORD"] or "",
        "EMAIL_USE_TLS": bool(found.get("EMAIL_USE_TLS")),
        "EMAIL_USE_SSL": bool(found.get("EMAIL_USE_SSL")),
    }


def demo(name: str, *, database_url: str | None, site_url: str, allowed_hosts: list[str]) -> bool:
    """Whether this is the demo, which lets anyone in without a password. It is therefore limited to this machine and
    its embedded database.
    """
    if not boolean(name, default=False):
        return False
    if database_url:
        stop(name, "it to be unset, because DATABASE_URL is set and the demo has a database of its own", "1")
    if not is_loopback(urlsplit(site_url).hostname or ""):
        stop("SITE_URL", f"an address of this machine such as http://localhost:8000, because {name} is set", site_url)
    if not all(is_loopback(host.removeprefix(".")) for host in allowed_hosts):
        names = f"names of this machine alone, such as localhost,127.0.0.1, because {name} is set"
        stop("ALLOWED_HOSTS", names, ",".join(allowed_hosts))
    return True


def _demand(value: str, allowed: set[str]) -> str:
    if value not in allowed:
        raise ValueError
    return value
