"""Log formats: every line is an event with its request or task.

JSON in production, readable lines elsewhere. A line identifies people only by id. URLs are logged as routes, because
they may contain a searched name or a token; e-mail addresses and rows quoted by PostgreSQL are removed from error
messages.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from pythonjsonlogger.core import RESERVED_ATTRS
from pythonjsonlogger.json import JsonFormatter

from config import environment

FORMATS: tuple[str, ...] = ("json", "text")
LEVELS: tuple[str, ...] = ("debug", "info", "warning", "error")
OTHERS = {"debug": "DEBUG", "info": "WARNING"}
"""The log level of libraries, where it differs from Throughline's."""
NO_ROUTE = "(no page)"

_NOT_FIELDS = {"request", "data", "server_time", "taskName"}
_QUOTED_ROWS = re.compile(r"^(?:DETAIL:|CONTEXT:  COPY).*\n?", re.MULTILINE)
_BETWEEN = r"\s@<>'\"=,;()\[\]{}/:"
# Tried once for each word and never again from within it: a request's address of 8,000 letters took seconds otherwise.
_ADDRESS = re.compile(rf"(?<![^{_BETWEEN}])[^{_BETWEEN}]++(?::[^\s@/]{{0,1000}}+)?@[\w.-]+")
_ASCII_NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)

_request: ContextVar[HttpRequest | None] = ContextVar("request", default=None)
_task: ContextVar[dict[str, str]] = ContextVar("task", default={})  # noqa: B039 -- replaced as a whole, never changed


def chosen_format() -> str:
    """LOG_FORMAT, else JSON where the environment names a database and DEBUG is off."""
    named = any(os.environ.get(name) for name in ("DATABASE_URL", "DATABASE_URL_FILE"))
    production = named and not environment.boolean("DEBUG", default=False)
    return environment.choice("LOG_FORMAT", "json" if production else "text", FORMATS)


def settings(style: str, level: str) -> dict[str, Any]:
    """Django's LOGGING. RequestLog already logs each response, so Django logs only errors."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"context": {"()": Context}},
        "formatters": {"line": {"()": formatter, "style": style}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["context"]},
        },
        "root": {"handlers": ["console"], "level": OTHERS.get(level, level.upper())},
        "loggers": {
            "throughline": {"level": level.upper()},
            "django": {"handlers": []},
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},  # RequestLog logs these too
            "waitress": {"level": "WARNING"},
            "waitress.queue": {"level": "ERROR"},  # a line whenever a request waits for a thread
        },
    }


def formatter(style: str | None = None) -> logging.Formatter:
    """JSON lines or text, as LOG_FORMAT chooses where `style` is None."""
    return JsonLines() if (style or chosen_format()) == "json" else TextLines()


class Context(logging.Filter):
    """Adds the request or task to each record as fields; never drops a record."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None) or _request.get()
        fields = _task.get()
        if isinstance(request, HttpRequest):
            fields = {**fields, **about(request)}
            path = request.path
            if isinstance(record.args, tuple):
                record.args = tuple(route_of(request) if arg == path else arg for arg in record.args)
        record.__dict__.update(fields)
        return True


class JsonLines(JsonFormatter):
    """One object per line: time (UTC), level, logger, message, fields of the request or task, and the stack."""

    def __init__(self) -> None:
        super().__init__(
            "%(levelname)s %(name)s %(message)s",
            rename_fields={"levelname": "level", "name": "logger", "exc_info": "stack"},
            reserved_attrs=[*RESERVED_ATTRS, *_NOT_FIELDS],
            timestamp="time",
            json_ensure_ascii=False,
        )

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        return {name: clean(value) if isinstance(value, str) else value for name, value in log_data.items()}


class TextLines(logging.Formatter):
    """`time LEVEL logger: message (request or task)`, then the stack."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- the library's name
        line = super().formatMessage(record)
        where = getattr(record, "request_id", None) or getattr(record, "task_id", None)
        return f"{line} ({where})" if where else line

    def format(self, record: logging.LogRecord) -> str:
        return clean(super().format(record))


def clean(text: str) -> str:
    """Removes e-mail addresses, passwords in server URLs, and rows that PostgreSQL quotes."""
    return _ADDRESS.sub("(withheld)", _QUOTED_ROWS.sub("", text))


def request_id(given: str | None, made: str) -> str:
    """The id sent with the request, where it is up to 64 letters, digits, dots, dashes or underscores; else `made`."""
    return given if given and _ASCII_NAME.fullmatch(given) else made


def about(request: HttpRequest) -> dict[str, str]:
    """The request's id, and the person's where the session is already loaded: logging never queries the database, which
    may have just failed.
    """
    session = vars(getattr(request, "session", None) or object).get("_session_cache") or {}
    found = {"request_id": getattr(request, "request_id", ""), "person": session.get(SESSION_KEY, "")}
    return {name: value for name, value in found.items() if value}


def route_of(request: HttpRequest) -> str:
    """`teams/<slug:key>/` for `/teams/checkout/`."""
    match = request.resolver_match
    return match.route or "/" if match else NO_ROUTE


@contextmanager
def in_request(request: HttpRequest) -> Iterator[None]:
    """Attributes everything logged inside to the request."""
    token = _request.set(request)
    try:
        yield
    finally:
        _request.reset(token)


def is_in_request() -> bool:
    """Whether this is called on behalf of a request, by its own thread."""
    return _request.get() is not None


def enter_task(task: str, task_id: str) -> None:
    """Attributes everything logged in this process to the task, until `leave_task`."""
    _task.set({"task": task, "task_id": task_id})


def leave_task() -> None:
    _task.set({})
