"""Keys for new rows: the slug of their title by which URLs, the bundle and the API name them."""

from __future__ import annotations

import re

from django.db.models import Model, QuerySet
from django.utils.text import slugify

from lib.db.fields import KEY_LIMIT
from lib.db.locks import take_turns

RESERVED = frozenset({"new"})
"""Said by an address in the place of a key."""

_ROOM = 6
"""Characters kept for a number: "-2" to "-99999"."""
_SPELLED_OUT = str.maketrans({"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ł": "l", "œ": "oe", "_": "-"})


def free_key(model: type[Model], title: str) -> str:
    """The slug of `title`, or of the model's name where it has no letter or digit that a key can hold; where that is
    taken, with -2, -3 … behind it.

    Call it inside the transaction that saves the row: keys of one stem take turns until it ends, so nobody is given
    the same one meanwhile.
    """
    stem = _slug(title) or _slug(model.__name__)
    take_turns(model.__name__, stem.rstrip("-0123456789"))  # however it is numbered: "plan", and a title "Plan 2"
    rows: QuerySet[Model] = QuerySet(model).filter(key__regex=rf"^{re.escape(stem)}(-[0-9]+)?$")
    taken = RESERVED | set(rows.values_list("key", flat=True))
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def _slug(text: str) -> str:
    return slugify(text.casefold().translate(_SPELLED_OUT))[: KEY_LIMIT - _ROOM].rstrip("-")
