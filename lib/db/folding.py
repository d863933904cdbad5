"""Texts as people look for them and sort them: without case, accents and typographic marks.

PostgreSQL does this itself wherever it compares (`title__folded`), because collations that do it need ICU, which not
every PostgreSQL has. Its indexes are of the same expression, so whatever writes a title keeps them. The function
`throughline_folded` is made by migrations; a change of it comes with a migration that makes it and its indexes anew.
Text of ASCII alone is only lowered: the rest takes twenty times as long. PL/pgSQL takes a third of the time of SQL,
and its cost says that it takes as long as reading a page: with the usual cost a search for two words read 100,000
titles (524 ms) instead of the index (8 ms).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Final

from django.db.models import CharField, F, Func, Transform
from django.db.models.functions import Collate

FUNCTION: Final = "throughline_folded"
MARKS: Final = (
    r"[\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u2060\u2066-\u2069\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f]"
)
"""Combining marks of Latin, Greek, Cyrillic, Hebrew and Arabic, and characters that show nothing."""
SPELLED: Final = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
PLAIN: Final = dict(zip("łøđðħıŧ", "loddhit", strict=True)) | {
    "\u03c2": "\u03c3",  # the sigma at the end of a word
    **dict.fromkeys("\u2018\u2019\u201a\u201b", "'"),
    **dict.fromkeys("\u201c\u201d\u201e«»", '"'),
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014", "-"),
}
"""Letters that Unicode does not take apart, and the typographic forms of what keyboards have."""
LONGEST: Final = 600
"""Characters: an entry of an index has room for no more, and some letters are taken apart into eighteen."""
_TABLE: Final[dict[int, Any]] = str.maketrans(SPELLED | PLAIN)


class Folded(Transform):
    """`name__folded`, for `filter` and `order_by`."""

    lookup_name = "folded"
    template = f'({FUNCTION}(%(expressions)s) COLLATE "C")'


CharField.register_lookup(Folded)


def folded_index(field: str) -> Collate:
    """The expression of an index on `<field>__folded`, of Django's own classes, as migrations need it."""
    return Collate(Func(F(field), function=FUNCTION), "C")


def folded(text: str) -> str:
    """The same in Python."""
    bare = re.sub(MARKS, "", unicodedata.normalize("NFKD", text))
    lowered = "".join(letter.lower() for letter in bare)
    return lowered.translate(_TABLE)[:LONGEST]
