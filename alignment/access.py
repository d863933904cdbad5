"""How a page or the API comes to a link or a flag: one function an object.

Each returns the one row that `person` may see, and raises Http404 otherwise: whether there is none or it is not for
them is the same.
"""

from __future__ import annotations

from typing import Any

from alignment.models import Flag, Link
from lib.http.access import visible_or_404
from teams.models import Person


def link_for(person: Person, pk: int) -> Link:
    """With its initiative, its goal with its figures, their teams, and who judged it."""
    found: Any = Link.objects.select_related("initiative__team", "goal__team", "goal__figures", "judged_by")
    row: Link = visible_or_404(found, person, pk=pk)
    return row


def flag_for(person: Person, pk: int) -> Flag:
    """With its subject and the subject's team."""
    found = Flag.objects.select_related("initiative__team", "goal__team", "strategy", "team")
    return visible_or_404(found, person, pk=pk)
