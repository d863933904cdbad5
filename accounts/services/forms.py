"""Forms that were sent (lib.forms.sending): each is saved once, and what could not be taken is kept for who typed it.

What is kept is bounded: it needs a token that this deployment signed for the person, MOST forms of one person and SIZE
characters of each are kept, and LIFETIME after they were sent they are gone. Secrets are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from accounts.models import SentForm
from lib.forms.sending import SECRET, Sending, SentBeforeError, Unsaved
from lib.services.dates import now
from lib.services.writes import in_one
from teams.models import Person

Result = TypeVar("Result")

LIFETIME = dt.timedelta(days=60)
MOST, SIZE = 20, 300_000


class Keeper:
    """For lib.forms.sending."""

    def once(self, sending: Sending, work: Callable[[], Result], url_of: Callable[[Result], str]) -> Result:
        """A second sending of the same form waits here until the first has ended."""

        def save() -> Result:
            at = now()
            SentForm.objects.bulk_create(
                [SentForm(nonce=sending.nonce, person_id=sending.person, at=at)], ignore_conflicts=True
            )
            row = SentForm.objects.select_for_update().get(pk=sending.nonce)
            if row.url:
                raise SentBeforeError(row.url)
            result = work()
            row.at, row.url, row.typed = at, url_of(result), None
            row.save()
            return result

        return in_one(save)

    def unsaved(self, person: int, page: str) -> Unsaved | None:
        rows = SentForm.objects.filter(person=person, typed__isnull=False, address__startswith=f"{page}?")
        row = rows.order_by("-at", "pk").only("at", "address").first()
        return Unsaved(row.pk, row.at, row.address) if row else None


def keep_form(sending: Sending, address: str, data: Mapping[str, Sequence[str]], *, at: dt.datetime) -> bool:
    """Returns False where it is too long to be kept, or its person is gone."""
    typed = {name: [*values] for name, values in data.items() if not SECRET.search(name)}
    size = sum(len(name) + sum(map(len, values)) for name, values in typed.items())
    if size > SIZE or len(address) > SIZE or not Person.objects.filter(pk=sending.person, is_active=True).exists():
        return False
    with transaction.atomic():
        new = SentForm(nonce=sending.nonce, person_id=sending.person, at=at)
        SentForm.objects.bulk_create([new], ignore_conflicts=True)
        SentForm.objects.filter(pk=sending.nonce, url="").update(at=at, address=address, typed=typed)
        kept = SentForm.objects.filter(person=sending.person, typed__isnull=False).order_by("-at", "pk")
        SentForm.objects.filter(pk__in=[*kept.values_list("pk", flat=True)[MOST:]]).delete()
    return True


@dataclass(frozen=True)
class KeptForm:
    """`url` is where it led, if it was saved meanwhile."""

    person: Person
    address: str
    typed: Mapping[str, Sequence[str]]
    url: str


def kept_form(nonce: UUID) -> KeptForm | None:
    """One query."""
    row = SentForm.objects.select_related("person").filter(pk=nonce).first()
    return KeptForm(row.person, row.address, row.typed or {}, row.url) if row else None


def discard_form(person: Person, nonce: UUID) -> str:
    """Forgets what the person typed into a form and did not save. Returns the path of its page, '' for none."""
    row = SentForm.objects.filter(pk=nonce, person=person, typed__isnull=False).first()
    if row is None:
        return ""
    row.delete()
    return row.address.partition("?")[0]


def clear_sent_forms(*, at: dt.datetime) -> int:
    """Deletes forms that were sent more than LIFETIME ago, and returns their number."""
    gone, _ = SentForm.objects.filter(at__lt=at - LIFETIME).delete()
    return gone
