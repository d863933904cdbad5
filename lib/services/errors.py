"""The errors that services raise. Each message is a sentence for the person who asked."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A rule forbids the edit; nothing was changed. The message says which rule, and what to do instead."""


class StaleError(RefusedError):
    """The row has changed since the page was drawn; nothing was saved. `current` is the row as it is now, or its form
    values by field; `row` is then the row. `version` is the one that the page was drawn with.
    """

    def __init__(self, message: str, *, current: Any, row: Any = None, version: int = 0) -> None:
        super().__init__(message)
        self.current = current
        self.row = current if row is None else row
        self.version = version


class NotSentError(Exception):
    """The mail server did not accept a mail. Everything else that was requested is saved."""
