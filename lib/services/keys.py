"""Keys for new rows: a slug of the title, for URLs, the bundle and the API."""

from __future__ import annotations

import re

from django.db.models import Model, QuerySet
from django.utils.text import slugify

from lib.db.fields import KEY_LIMIT
from lib.db.locks import take_turns

RESERVED = frozenset({"new"})
"""Words that URLs use in the place of a key."""

_STEM = KEY_LIMIT - 6
"""The characters before a number: "-2" to "-99999"."""
_SPELLED_OUT = str.maketrans({"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ł": "l", "œ": "oe", "_": "-"})


def free_key(model: type[Model], title: str) -> str:
    """The slug of `title`, or of the model's name where the title has no usable character; with -2, -3 … appended where
    it is taken.

    Call it inside the transaction that saves the row: keys with the same stem are locked until it ends, so that no
    other row gets this key.
    """
    stem = slug(title)[:_STEM].rstrip("-") or slug(model.__name__)
    take_turns(model.__name__, stem.rstrip("-0123456789"))  # "plan" and "Plan 2" share a lock
    rows: QuerySet[Model] = QuerySet(model).filter(key__regex=rf"^{re.escape(stem)}(-[0-9]+)?$")
    taken = RESERVED | set(rows.values_list("key", flat=True))
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def slug(text: str) -> str:
    """The text as a key; '' where no character of it is of use."""
    return slugify(text.casefold().translate(_SPELLED_OUT))[:KEY_LIMIT].rstrip("-")
