"""What links cite, and the links that cite a page of the business context or a persona."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import JSONObject

from alignment.models import Link, LinkPage, LinkPersona
from lib.db.folding import folded
from strategy.models import ContextPage, Persona
from strategy.selectors.citations import Cited
from teams.models import Person

CITING_SHOWN = 10


@dataclass(frozen=True)
class Citable:
    """What a link may cite, and the keys of what it does, by field of its form."""

    offered: Cited
    cited: dict[str, list[str]]


def citable_by_link(reader: Person, link: Link | None = None) -> Citable:
    """Without `link`, for a new one. All by name, and no more of each than its key and name. One query."""
    pages = ContextPage.objects.visible_to(reader).annotate(
        kind=Value("pages"), label=F("title"), cited=Exists(LinkPage.objects.filter(link=link, page=OuterRef("pk")))
    )
    personas = Persona.objects.visible_to(reader).annotate(
        kind=Value("personas"),
        label=F("name"),
        cited=Exists(LinkPersona.objects.filter(link=link, persona=OuterRef("pk"))),
    )
    first, second = (rows.order_by().values_list("kind", "pk", "key", "label", "cited") for rows in (pages, personas))
    rows = sorted(first.union(second, all=True), key=lambda row: (folded(row[3]), row[1]))
    return Citable(
        Cited(
            pages=[ContextPage(pk=pk, key=key, title=title) for kind, pk, key, title, _is in rows if kind == "pages"],
            personas=[Persona(pk=pk, key=key, name=name) for kind, pk, key, name, _is in rows if kind == "personas"],
        ),
        {name: [row[2] for row in rows if row[0] == name and row[4]] for name in ("pages", "personas")},
    )


@dataclass(frozen=True)
class LinksCiting:
    """Links that cite something, with initiative and goal: at most CITING_SHOWN, and whether there are more."""

    links: list[Link]
    more: bool


def links_citing(reader: Person, page: ContextPage) -> LinksCiting:
    """Those that `reader` may see, by the title of the work. One query."""
    rows = Link.objects.visible_to(reader).filter(page_citations__page=page).select_related("initiative", "goal")
    found = list(rows.order_by("initiative__title__folded", "id")[: CITING_SHOWN + 1])
    return LinksCiting(found[:CITING_SHOWN], len(found) > CITING_SHOWN)


def with_work(personas: QuerySet[Any], reader: Person) -> QuerySet[Any]:
    """Adds as `work` the initiatives (key and name) of the first CITING_SHOWN + 1 links about the persona, by title, as
    far as `reader` may see these."""
    links = Link.objects.visible_to(reader).filter(persona_citations__persona=OuterRef("pk"))
    rows = links.order_by("initiative__title__folded", "initiative_id").distinct(
        "initiative__title__folded", "initiative_id"
    )
    row = JSONObject(key="initiative__key", name="initiative__title")
    told: QuerySet[Any] = personas.annotate(work=ArraySubquery(rows.values(row=row)[: CITING_SHOWN + 1]))
    return told


def with_link_citations(links: QuerySet[Any]) -> QuerySet[Any]:
    """Adds `cited` and `customers`, as `with_citations` does for goals."""
    pages = ContextPage.objects.filter(link_citations__link=OuterRef("pk")).order_by("title__folded", "pk")
    personas = Persona.objects.filter(link_citations__link=OuterRef("pk")).order_by("name__folded", "pk")
    told: QuerySet[Any] = links.annotate(
        cited=ArraySubquery(pages.values(row=JSONObject(key="key", name="title"))),
        customers=ArraySubquery(personas.values(row=JSONObject(key="key", name="name"))),
    )
    return told
