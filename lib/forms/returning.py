"""The way back to a list from which somebody answers: forms and buttons that were opened there lead back to it.

The list names itself in the addresses of its answers (`?back=`), with the row to open it at afterwards (`then`), and a
second one for where the first is not on it any more: so after each answer the next one is there.
"""

from __future__ import annotations

import re

from django.http import HttpRequest
from django.urls import reverse

from lib.http.access import query

LISTS = {"waiting": "waiting_list", "home": "home"}
"""By the name in an address, the page of the list."""
BACK, THEN = "back", "then"
_ROW = re.compile(r"[a-z_]{1,20}-\d{1,18}(,[a-z_]{1,20}-\d{1,18})?", re.ASCII)


def answered_from(url: str, back: str, then: str = "") -> str:
    """The address of an answer with the way back to the list `back`, which opens at the row `then`."""
    path, mark, fragment = url.partition("#")
    added = query({}, **{BACK: back, THEN: then})
    return path + (f"&{added[1:]}" if "?" in path else added) + mark + fragment


def returning(request: HttpRequest) -> dict[str, str]:
    """The way back that the address of the request has; empty without one."""
    back, then = request.GET.get(BACK, ""), request.GET.get(THEN, "")
    if back not in LISTS:
        return {}
    return {BACK: back} | ({THEN: then} if _ROW.fullmatch(then) else {})


def way_back(request: HttpRequest, url: str) -> str:
    """Where the request leads after it: to the list that it came from, or else to `url`."""
    way = returning(request)
    if not way:
        return url
    then = way.get(THEN, "")
    return reverse(LISTS[way[BACK]]) + (query({}, at=then) if then else "")


def undone_from(request: HttpRequest, undo: str) -> str:
    """The address of an undo, which leads back to the same list."""
    way = returning(request)
    return answered_from(undo, way[BACK]) if way and undo else undo
