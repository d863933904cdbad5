"""Measures every page of the URL conf, as a member and as an administrator, with every variant it offers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlencode
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from alignment.models import Link
from teams.enums import Role
from teams.models import Membership, Person
from tools.bench.pace import pace
from tools.bench.probe import POST_ONLY, Reader
from tools.bench.report import Row
from tools.bench.samples import Samples
from tools.bench.variants import of_page, of_resource, offered, walk

NOT_PAGES = re.compile(r"account_.*|api_(schema|docs|nothing_here)|healthz|readyz|digest_outbox.*|proposal_acceptance")
"""What is no page, and what is of rows that a generated company has none of."""
WHOLE_COMPANY = {
    *("api_report", "goal_activation", "goal_closure", "strategy_archive", "strategy_publication"),
    *("digest_next", "digest_preview", "edition_taking_back"),
}
"""Pages that read every row, or take as much to write as a digest: measured with FEW requests and without the limits of
pages.
"""
FOR_LEADERS = {"amendments", "outcomes"}
FEW, WALKED = 5, 3
PLACED = "to a place"
"""The second step of moving a goal, which also reads every row."""


@dataclass(frozen=True)
class Address:
    """A URL pattern; `noun` is its resource ("teams" of "v1/teams/" and "teams/<slug:key>/goals/new/"), that of its
    last parameter where there are several.
    """

    name: str
    route: str
    parameters: tuple[str, ...]

    @property
    def of_nothing(self) -> str:
        """An address that it may have, of something that is not there."""
        nothing = str(UUID(int=0)) if "<uuid:" in self.route else "1"
        return reverse(self.name, args=[nothing] * len(self.parameters))

    @property
    def noun(self) -> str:
        if "/amendment/" in self.route:
            return "amendments"
        before = self.route.rpartition("<")[0] if len(self.parameters) > 1 else self.route.partition("<")[0]
        return before.rstrip("/").rpartition("/")[2]


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[Address]:
    """The URL patterns that may be pages, each once. Excludes `/admin/`, the only one with a namespace."""
    seen = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from () if pattern.namespace else addresses(pattern.url_patterns)
        elif pattern.name and pattern.name not in seen and not NOT_PAGES.fullmatch(pattern.name):
            seen.add(pattern.name)
            yield Address(pattern.name, str(pattern.pattern), tuple(pattern.pattern.regex.groupindex))


def measured(*, requests: int, sql_ms: float, whole: bool) -> list[Row]:
    """Without `whole`, only lists without parameters, for comparison with another company's."""
    longest = sql_ms * pace().figures["times"]
    readers = [Reader.signed_in(person, requests, longest) for person in people()]
    found = [address for address in addresses() if whole or address.name.endswith("_list")]
    return [row for address in found for reader in readers for row in (series(address, reader, whole=whole))]


def people() -> list[Person]:
    """An administrator, and a member who owns a goal with links and is on a team, as its lead if possible."""
    owners = Membership.objects.filter(person__role=Role.MEMBER, person__in=Link.objects.values("goal__owner"))
    member = next((membership.person for membership in owners.order_by("role", "id").select_related("person")), None)
    admin = Person.objects.filter(role=Role.ADMIN).order_by("id").first()
    return [person for person in (member, admin) if person]


def series(address: Address, reader: Reader, *, whole: bool) -> Iterator[Row]:
    count = len(address.parameters)
    if address.noun in FOR_LEADERS and not reader.person.sees_everything:
        return
    if count and reader.get(address.of_nothing).status == POST_ONLY:
        return
    if count and not any(Samples(reader.person).keys(address.noun).values()):
        yield Row("pages", f"{address.name}, {reader.person.role}", note=f"not measured: no samples of {address.route}")
        return
    for what, asked in ways(address, reader, whole=whole):
        of_everything = address.name in WHOLE_COMPANY or what.endswith(PLACED)
        asking = replace(reader, requests=min(reader.requests, FEW)) if of_everything else reader
        title = " ".join([address.name, *what.split()])
        row = asking.series(title, asked, {} if of_everything else reader.limits) if asked else None
        if row is None and not what and not address.parameters:
            return
        if row:
            yield row


def ways(address: Address, reader: Reader, *, whole: bool) -> Iterator[tuple[str, list[str]]]:
    samples = Samples(reader.person)
    if address.parameters:
        for shape, keys in samples.keys(address.noun).items():
            asked = [reverse(address.name, args=key.split("/")) for key in keys]
            yield shape, asked
            if address.name == "goal_position":
                yield f"{shape} {PLACED}", [place for first in asked[:FEW] for place in places(reader, first)]
            if address.name in WHOLE_COMPANY:
                continue
            if whole and not address.name.startswith("api_"):
                firsts = asked[: min(WALKED, reader.requests)]
                yield f"{shape} further pages", [later for first in firsts for later in walk(reader, first)]
        return
    path = reverse(address.name)
    yield "", [path]
    if not whole:
        return
    more = of_resource if path.startswith("/api/") else of_page
    if address.name not in WHOLE_COMPANY:
        yield from more(reader, path, address.noun, samples)
    if deep := samples.deep(address.name):
        yield "deep in the middle", [path + deep]


def places(reader: Reader, position: str) -> list[str]:
    """The second step of a move to the first place offered, if any."""
    offers = offered(position, reader.get(position).text).options.get("to", [])
    return [f"{position}?{urlencode({'to': to})}" for to in offers[:1]]
