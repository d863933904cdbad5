"""Decides which `manage.py` commands need the servers: all but a list of exceptions."""

from __future__ import annotations

from collections.abc import Sequence

WITHOUT_SERVERS = frozenset(
    {
        "collectstatic",
        "compilemessages",
        "demo",  # starts them itself, once its port is known to be free
        "diffsettings",
        "findstatic",
        "generate_company",  # writes files only
        "help",
        "makemessages",
        "sendtestemail",
        "spectacular",
        "startapp",
        "startproject",
        "version",
    }
)
HELP = {"-h", "--help", "--version"}


def needs_servers(arguments: Sequence[str]) -> bool:
    """Whether `manage.py *arguments` will use a database or Redis. Assumed of unknown commands."""
    if not arguments or arguments[0].startswith("-") or not HELP.isdisjoint(arguments):
        return False
    command, options = arguments[0], arguments[1:]
    if command == "check":
        return any(option.startswith("--database") for option in options)
    if command == "makemigrations":
        return "--check" not in options and "--dry-run" not in options
    return command not in WITHOUT_SERVERS
