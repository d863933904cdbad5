"""Every page that the addresses name, as a member and as an administrator, in every way that it can be asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from teams.enums import Role
from teams.models import Membership, Person
from tools.bench.probe import LIMITS, Reader
from tools.bench.report import Row
from tools.bench.samples import Samples
from tools.bench.variants import of_page, of_resource, walk

NOT_PAGES = re.compile(r"account_.*|api_(schema|docs|nothing_here)|healthz|readyz")
WHOLE_COMPANY = {"api_report"}
"""Computed from every row there is: measured, and not held to what a page may take."""


@dataclass(frozen=True)
class Address:
    """A named address; `noun` is what it shows ("team" of "team_detail" and "api_team_list")."""

    name: str
    parameters: tuple[str, ...]

    @property
    def noun(self) -> str:
        return self.name.removeprefix("api_").rpartition("_")[0]

    @property
    def limits(self) -> dict[str, float]:
        return {} if self.name in WHOLE_COMPANY else LIMITS


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[Address]:
    """Those of the URL conf that may be pages, each once."""
    seen = set()
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns)
        elif pattern.name and pattern.name not in seen and not NOT_PAGES.fullmatch(pattern.name):
            seen.add(pattern.name)
            yield Address(pattern.name, tuple(pattern.pattern.regex.groupindex))


def measured(*, requests: int, whole: bool) -> list[Row]:
    """Without `whole`, only the lists as they open: what another company's are compared with."""
    readers = [Reader.signed_in(person, requests) for person in people()]
    found = [address for address in addresses() if whole or address.name.endswith("_list")]
    return [row for address in found for reader in readers for row in (series(address, reader, whole=whole))]


def people() -> list[Person]:
    """A member with teams and work of their own, and an administrator."""
    member = Person.objects.filter(role=Role.MEMBER, memberships__in=Membership.objects.all()).order_by("id").first()
    admin = Person.objects.filter(role=Role.ADMIN).order_by("id").first()
    return [person for person in (member, admin) if person]


def series(address: Address, reader: Reader, *, whole: bool) -> Iterator[Row]:
    if address.parameters and not Samples(reader.person).keys(address.noun):
        yield Row(
            "pages", f"{address.name}, {reader.person.role}", note=f"not measured: no samples of a {address.noun}"
        )
    for what, asked in ways(address, reader, whole=whole):
        row = reader.series(" ".join([address.name, *what.split()]), asked, address.limits) if asked else None
        if row is None and not what:
            return
        if row:
            yield row


def ways(address: Address, reader: Reader, *, whole: bool) -> Iterator[tuple[str, list[str]]]:
    samples = Samples(reader.person)
    if address.parameters:
        for shape, keys in samples.keys(address.noun).items():
            asked = [reverse(address.name, args=[key]) for key in keys]
            yield shape, asked
            if whole and not address.name.startswith("api_"):
                yield f"{shape} further pages", [later for first in asked[:3] for later in walk(reader, first)]
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
