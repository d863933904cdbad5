"""What a service says no with. The message of each is a sentence for the person who asked."""

from __future__ import annotations

from typing import Any


class RefusedError(Exception):
    """A rule forbids it; nothing was changed. The message says which, and what would be right."""


class StaleError(RefusedError):
    """The row has changed since the form was opened; nothing was changed. `current` is the row as it is now."""

    def __init__(self, message: str, *, current: Any) -> None:
        super().__init__(message)
        self.current = current


class NotSentError(Exception):
    """A mail could not be handed to the mail server. Everything else that was asked for is done and kept."""
