"""People, as the people page shows them."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from lib.search import has_words
from teams.models import Membership, Person


def people(reader: Person, *, search: str = "", role: str = "", state: str = "") -> QuerySet[Person]:
    """Everybody whom `reader` may see, with their teams (by name) in one further query.

    Each word of `search` is part of the name or the address; `state` is `joined`, `invited`
    (a letter waits for them) or `not_invited`.
    """
    rows = Person.objects.visible_to(reader)
    for word in search.split():
        rows = rows.filter(has_words("name", word) | has_words("email", word))
    if role:
        rows = rows.filter(role=role)
    if state:
        rows = rows.filter(_STATES[state])
    memberships = Membership.objects.select_related("team").order_by("team__name", "team_id")
    return rows.prefetch_related(Prefetch("memberships", queryset=memberships))


_STATES = {
    "joined": Q(joined_at__isnull=False),
    "invited": Q(joined_at__isnull=True, invited_at__isnull=False),
    "not_invited": Q(joined_at__isnull=True, invited_at__isnull=True),
}


def may_have_link(email: str) -> Person | None:
    """The active person with this address who has joined or was invited: nobody else gets in by a mailed link."""
    invited = Q(invited_at__isnull=False) | Q(joined_at__isnull=False)
    return Person.objects.with_email(email).filter(invited, is_active=True).first()
