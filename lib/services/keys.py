"""Keys for new rows: a slug of the title, for URLs, the bundle and the API."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Sequence

from django.db.models import CharField, F, Func, Model, Q, QuerySet, Value
from django.utils.text import slugify

from lib.db.fields import KEY_LIMIT
from lib.db.locks import take_turns

RESERVED = frozenset({"new"})
"""Words that URLs use in the place of a key."""

_STEM = KEY_LIMIT - 6
"""The characters before a number: "-2" to "-99999"."""
_UNGUESSED = 8
"""Bytes of chance in a key that cannot be guessed."""
_SPELLED_OUT = str.maketrans({"æ": "ae", "ð": "d", "ø": "o", "þ": "th", "đ": "d", "ł": "l", "œ": "oe", "_": "-"})


def free_key(model: type[Model], title: str) -> str:
    """The slug of `title`, or of the model's name where the title has no usable character; with -2, -3 … appended where
    it is taken.

    Call it inside the transaction that saves the row: keys with the same stem are locked until it ends, so that no
    other row gets this key.
    """
    stem = _stem(model, title)
    take_turns(model.__name__, stem.rstrip("-0123456789"))  # "plan" and "Plan 2" share a lock
    rows: QuerySet[Model] = QuerySet(model).filter(key__regex=rf"^{re.escape(stem)}(-[0-9]+)?$")
    return _free(stem, RESERVED | set(rows.values_list("key", flat=True)))


def key_among(taken: set[str], text: str, other: str) -> str:
    """As `free_key` where only the keys `taken` matter; `other` takes the place of a text without a usable
    character.
    """
    return _free(slug(text)[:_STEM].rstrip("-") or other, RESERVED | taken)


def has_key(model: type[Model], key: str) -> Q:
    """Matches the row of `model` with this key, or that had it while not everybody might see it."""
    former = any(field.name == "first_key" for field in model._meta.fields)
    return Q(key=key) | Q(first_key=key) if former else Q(key=key)


def unguessable_key(model: type[Model]) -> str:
    """A key for something that not everybody may see: it does not tell a title, and nobody comes by chance to it."""
    return f"{slug(model.__name__)}-{secrets.token_hex(_UNGUESSED)}"


def readable_keys(rows: QuerySet[Model], seen: QuerySet[Model], titles: Sequence[str]) -> list[str | None]:
    """For each of `titles` the slug or the first free number, as `free_key`. `rows` are all that have keys, `seen`
    those of them that everybody may see. None where that key is taken by something hidden: another number would tell
    that it is there. The caller has the company locked alone. Two queries.
    """
    stems = [_stem(rows.model, title) for title in titles]
    taken, all_taken = ({*RESERVED, *_with_stems(each, stems)} for each in (seen, rows))
    keys: list[str | None] = []
    for stem in stems:
        key = _free(stem, taken)
        keys.append(None if key in all_taken else key)
        taken.add(key)
        all_taken.add(key)
    return keys


def _stem(model: type[Model], title: str) -> str:
    return slug(title)[:_STEM].rstrip("-") or slug(model.__name__)


def _with_stems(rows: QuerySet[Model], stems: Iterable[str]) -> list[str]:
    """Keys that are one of `stems`, with or without a number."""
    unnumbered = Func(F("key"), Value("-[0-9]+$"), Value(""), function="REGEXP_REPLACE", output_field=CharField())
    wanted = {*stems}
    found = rows.alias(stem=unnumbered).filter(Q(key__in=wanted) | Q(stem__in=wanted))
    return list(found.values_list("key", flat=True))


def _free(stem: str, taken: set[str] | frozenset[str]) -> str:
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def slug(text: str) -> str:
    """The text as a key; '' where no character of it is of use."""
    return slugify(text.casefold().translate(_SPELLED_OUT))[:KEY_LIMIT].rstrip("-")
