"""Forms with a field `find` (form_find.html): what is looked for is added to the choices, what was typed stays, and
nothing is saved. Saving with words still in `find` looks for them first.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from lib.db.fields import NAME_LIMIT
from lib.text.counts import count_text


def sought(request: HttpRequest) -> str | None:
    """The words to look for ('' where there are none); None where the form is sent to be saved, or only opened."""
    words = request.POST.get("find", "").replace("\0", "").strip()[:NAME_LIMIT]
    return words if request.method == "POST" and (words or "look" in request.POST) else None


def sent(request: HttpRequest) -> QueryDict | None:
    """What the form was sent with, without what was looked for: that is answered already."""
    if request.method != "POST":
        return None
    data = request.POST.copy()
    data["find"] = ""
    return data


def found_text(words: str | None, count: int, one: str, many: str, advice: str) -> dict[str, Any]:
    """What form_find.html says of a search."""
    if words is None:
        return {}
    if not words:
        return {"found": f"Type words to find {many} by."}
    if not count:
        return {"found": f"No {one} has “{words}” in it. Try fewer words, or a part of one."}
    return {"found": f"{count_text(count, one, many)} found for “{words}”. {advice}"}
