"""A digest on a page: what `digests/_digest.html` draws."""

from __future__ import annotations

from typing import Any

from digest.content import Content
from digest.rendering import drawn, subject
from teams.models import Person


def digest_view(content: Content, person: Person) -> dict[str, Any]:
    """`person` is whose digest it is: its subject and the signed addresses of its answers are those of the mail."""
    return drawn(content, person.pk, site="") | {"subject": subject(content)}
