"""Prepares a digest for `digests/_digest.html`."""

from __future__ import annotations

from typing import Any

from digest.content import Content
from digest.rendering import drawn, subject
from teams.models import Person


def digest_view(content: Content, person: Person) -> dict[str, Any]:
    """`person` is the recipient. The subject and the signed addresses of the answers are those of the mail."""
    return drawn(content, person.pk, site="") | {"subject": subject(content)}
