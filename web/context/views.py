"""Shows the business context: all pages by lens, and each page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.selectors.citations import links_citing
from lib.paging.keyset import Page, keyset_page
from lib.services.dates import day_in, today
from lib.text.days import day
from lib.text.markdown import excerpt
from strategy.access import context_page_for
from strategy.enums import Lens
from strategy.models import ContextPage, Persona
from strategy.narrative import not_confirmed
from strategy.selectors.citations import citing_page
from strategy.selectors.context import also_under, context_pages, is_old, last_changes, old_pages
from teams.models import LogEntry, Person
from teams.selectors.company import company
from web.context.forms import LENSES
from web.filters import YES
from web.people.naming import person_fact
from web.readers import reader_of, zone_of
from web.threads.asking import ask_url
from web.threads.subjects import conversations_about

NOT_CHANGED = "Not since it was imported"
SIZE, WORDS, PERSONAS_SHOWN = 25, 32, 10

EMPTY = {
    Lens.STRATEGY: (
        "Here belongs what the plans take for granted: the market, the competition, the bets behind the goals.",
        "Whoever knows the reasons can decide without asking, and can say when one of them no longer holds.",
    ),
    Lens.PRODUCT: (
        "Here belongs what the product is to its customers: what they buy it for, what they do with it, and what they "
        "still do without it.",
        "A team that knows what a customer’s day looks like finds the work that nobody would have thought to assign.",
    ),
    Lens.OPERATIONS: (
        "Here belongs how the company earns its living: how it finds and keeps customers, what supporting one takes, "
        "and how it is paid for.",
        "Whoever knows what a sale or a call for help costs builds something else.",
    ),
}
"""What belongs under a lens and why it matters, for a lens without pages."""


@dataclass(frozen=True)
class LastChange:
    day: str
    actor: Person | None


@dataclass(frozen=True)
class PageRow:
    page: ContextPage
    excerpt: str
    changed: LastChange | None
    old: str


@dataclass(frozen=True)
class Shelf:
    """A lens with its pages. `add_url` is '' for readers who may not write."""

    lens: Lens
    line: str
    page: Page[ContextPage]
    listed: list[PageRow]
    add_url: str
    what: str
    why: str


@require_safe
def context_list(request: HttpRequest) -> HttpResponse:
    person = reader_of(request)
    firm = company()
    zone, on, only_old = zone_of(person), today(firm), request.GET.get("old") == YES
    found = context_pages(person).filter(pk__in=old_pages(on).values("pk")) if only_old else context_pages(person)
    pages = {lens: _page_of(lens, found, request.GET) for lens, _option in LENSES}
    rows = [row for page in pages.values() for row in page.rows]
    changes = last_changes(rows)
    listed = {row.pk: _row(row, last_change(changes.get(row.pk), zone), on) for row in rows}
    may_write = person.has_perm("strategy.write_context_page")
    personas = list(Persona.objects.visible_to(person).order_by("name__folded", "id")[: PERSONAS_SHOWN + 1])
    return render(
        request,
        "context/context_list.html",
        {
            "shelves": [_shelf(lens, option.hint, pages[lens], listed, may_write=may_write) for lens, option in LENSES],
            "personas": personas[:PERSONAS_SHOWN],
            "only_old": only_old,
            "more_personas": len(personas) > PERSONAS_SHOWN,
        },
    )


@require_safe
def context_detail(request: HttpRequest, key: str) -> HttpResponse:
    person = reader_of(request)
    page, firm = context_page_for(person, key), company()
    shelf = f"{reverse('context_list')}#{page.lens}"
    return render(
        request,
        "context/context_detail.html",
        {
            "page": page,
            "crumbs": [("Business context", reverse("context_list"))],
            "actions": _actions(person, page),
            "facts": [
                ("Lens", Lens(page.lens).label, shelf),
                person_fact("Owner", page.owner, "Nobody yet"),
                ("Last confirmed", day(page.confirmed_on) if page.confirmed_on else "Not yet", None),
            ],
            "old": old_text(page, today(firm)),
            "changed": last_change(last_changes([page]).get(page.pk), zone_of(person)),
            "not_changed": NOT_CHANGED,
            "also": also_under(person, page),
            "citing": citing_page(person, page),
            "links": links_citing(person, page),
            "conversations": conversations_about(person, ask_url("contextpage", page.key), ("contextpage", page.pk)),
        },
    )


def old_text(page: ContextPage, on: dt.date) -> str:
    """'' for a page that somebody confirmed lately, or that says nothing."""
    if not page.body or not is_old(page, on):
        return ""
    said = not_confirmed(page.confirmed_on)
    return f"{said[0].upper()}{said[1:]}."


def last_change(entry: LogEntry | None, zone: str) -> LastChange | None:
    """None for a page that was imported and never changed here."""
    return LastChange(day(day_in(zone, entry.at)), entry.actor) if entry else None


def _page_of(lens: Lens, found: QuerySet[ContextPage], params: Mapping[str, str]) -> Page[ContextPage]:
    rows = found.filter(lens=lens)
    return keyset_page(rows, order=("title__folded", "id"), params=params, size=SIZE, parameter=f"{lens}_after")


def _shelf(lens: Lens, line: str, page: Page[ContextPage], listed: Mapping[int, PageRow], *, may_write: bool) -> Shelf:
    what, why = EMPTY[lens]
    return Shelf(
        lens=lens,
        line=line,
        page=page,
        listed=[listed[row.pk] for row in page.rows],
        add_url=f"{reverse('context_new')}?lens={lens}" if may_write else "",
        what=what,
        why=why if may_write else f"{why} Leaders write these pages.",
    )


def _row(page: ContextPage, changed: LastChange | None, on: dt.date) -> PageRow:
    return PageRow(page, _beginning(page.body), changed, old_text(page, on))


def _beginning(text: str) -> str:
    """The first words of the first block that is not a heading."""
    blocks = (block for block in text.split("\n\n") if not block.startswith("#"))
    return excerpt(next(blocks, text), WORDS)


def _actions(person: Person, page: ContextPage) -> list[tuple[str, str, int]]:
    """Triples for components/_actions.html."""
    edits = person.has_perm("strategy.edit_context_page", page)
    offered = [
        ("Edit", "context_edit", 0, edits),
        ("It is still true", "context_confirmation", page.version, edits),
        ("Remove", "context_removal", 0, person.has_perm("strategy.write_context_page", page)),
    ]
    return [(label, reverse(name, args=[page.key]), version) for label, name, version, may in offered if may]
