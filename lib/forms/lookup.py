"""Forms with a search field `find` (form_find.html): a search adds its results to the choices, preserves what was typed
and saves nothing. Saving with text in `find` searches first.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from lib.db.fields import NAME_LIMIT
from lib.forms.sending import typed
from lib.text.counts import count_text


def sought(request: HttpRequest) -> str | None:
    """The words to search for ('' for none), or None where the form is being saved or opened."""
    words = request.POST.get("find", "").replace("\0", "").strip()[:NAME_LIMIT]
    return words if request.method == "POST" and (words or "look" in request.POST) else None


def sent(request: HttpRequest) -> QueryDict | None:
    """The submitted form data with `find` emptied, because the search has already run."""
    given = typed(request)
    if given is None:
        return None
    data = given.copy()
    data["find"] = ""
    return data


def found_text(words: str | None, count: int, one: str, many: str, advice: str) -> dict[str, Any]:
    """The search message that form_find.html shows."""
    if words is None:
        return {}
    if not words:
        return {"found": f"Type words to find {many} by."}
    if not count:
        return {"found": f"No {one} has “{words}” in it. Try fewer words, or a part of one."}
    return {"found": f"{count_text(count, one, many)} found for “{words}”. {advice}"}
