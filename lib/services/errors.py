"""The errors that services raise. Each message is a sentence for the person who asked."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A rule forbids the edit; nothing was changed. The message says which rule, and what to do instead."""


class StaleError(RefusedError):
    """The row has changed since the form was opened; nothing was saved. `current` is the row as it is now."""

    def __init__(self, message: str, *, current: Any) -> None:
        super().__init__(message)
        self.current = current


class NotSentError(Exception):
    """The mail server did not accept a mail. Everything else that was requested is saved."""
