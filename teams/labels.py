"""Labels of initiatives: short words that a company groups its work by, across teams and goals.

They are stored in one text, in lower case, sorted, each once, as people read them: "checkout, mobile".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import F, Func, TextField, Value

from lib.text.clean import tidy

APART = ", "
AT_MOST = 10
LONGEST = 40
LIMIT = AT_MOST * (LONGEST + len(APART))
MANY = f"Give at most {AT_MOST} labels."


def several(field: str) -> Func:
    """The labels in `field` as an array: what the index is of."""
    return Func(F(field), Value(APART), function="string_to_array", output_field=ArrayField(TextField()))


def labels_in(text: str) -> list[str]:
    """What `text` says, whose labels are apart by commas or semicolons. Raises ValidationError where there are more
    than AT_MOST, or one is longer than LONGEST.
    """
    found = {" ".join(tidy(each).lower().split()) for each in re.split("[,;]", text)} - {""}
    if len(found) > AT_MOST:
        raise ValidationError(MANY)
    if long := next((label for label in found if len(label) > LONGEST), ""):
        raise ValidationError(f"“{long[:LONGEST]}…” is longer than {LONGEST} characters. A label is a word or two.")
    return sorted(found)


def is_label(text: str) -> bool:
    """Whether `text` is one label as it is stored."""
    try:
        return "\0" not in text and labels_in(text) == [text]
    except ValidationError:
        return False


def joined(labels: Iterable[str]) -> str:
    return APART.join(labels)


def labels_of(text: str) -> list[str]:
    """Those of a stored text."""
    return text.split(APART) if text else []
