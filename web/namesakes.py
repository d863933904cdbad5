"""Tells things of one name apart on every page that names them together: "Grow (Plan A)" and "Grow (Plan B)".

Names are drawn in many places, and only the whole page knows which of them meet on it. So it is read once more when it
is drawn: links to the pages of goals, work, teams, strategies and people with a name in `<bdi>`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import unescape

from django.http import HttpRequest, HttpResponse

from lib.text.isolation import drawn
from strategy.models import Goal
from strategy.selectors.namesakes import Places, twins_of
from teams.models import Person

LINK = re.compile(
    r'<a\b[^>]*\bhref="(/(?:goals|initiatives|teams|strategies|people)/[a-z0-9-]+/)(?:[?#][^"]*)?"[^>]*>(.*?)</a>',
    re.DOTALL,
)
NAME = re.compile(r"<bdi>([^<]+)</bdi>”?+(?! \()")
"""A name with the quotation mark behind it, but where a digest has told it apart already."""
Named = tuple[re.Match[str], re.Match[str]]
"""A link, and the name in it."""


class Namesakes:
    """The innermost middleware. It asks nothing, not even who reads, where no two things have one name; otherwise at
    most two queries.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._get_response(request)
        if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
            return response
        page = response.content.decode()
        links = [(found, name) for found in LINK.finditer(page) if (name := NAME.search(found[2]))]
        groups = twins_of({found[1]: unescape(name[1]) for found, name in links})
        if groups and isinstance(request.user, Person):
            response.content = _told_apart(page, links, groups, request.user).encode()
        return response


def _told_apart(page: str, links: Sequence[Named], groups: Sequence[Sequence[str]], reader: Person) -> str:
    places = Places([path for group in groups for path in group], Goal.objects.visible_to(reader))
    told = {path: place for group in groups for path, place in places.told(group, reader).items()}
    pieces: list[str] = []
    at = 0
    for link, name in links:
        if link[1] in told:
            end = link.start(2) + name.end()
            pieces += [page[at:end], f' <bdi class="soft">({drawn(told[link[1]])})</bdi>']
            at = end
    return "".join([*pieces, page[at:]])
