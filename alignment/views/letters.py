"""A letter on a page: what `alignment/_letter.html` draws."""

from __future__ import annotations

from typing import Any

from alignment.digest.content import Content
from alignment.digest.rendering import drawn
from teams.models import Person


def letter_view(content: Content, person: Person) -> dict[str, Any]:
    """`person` is whose letter it is: its answers have the same signed addresses as in the mail."""
    return drawn(content, person.pk, site="")
