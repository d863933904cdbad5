"""Pages of editions: the list, one as it was read then, and what changed between two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.history.past import figures_on
from alignment.history.weeks import goals_then
from alignment.selectors.links import work_on
from alignment.services.back_briefs import with_asked
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.services.dates import day_in, now
from lib.text.days import day, period
from strategy.access import edition_for, strategy_for
from strategy.enums import EditionKind
from strategy.models import Edition, Goal, Strategy
from strategy.models.edition import Snapshot
from strategy.narrative import strategy_said
from strategy.selectors.differences import difference
from strategy.selectors.editions import editions_of, visible_goals
from strategy.selectors.measures import points_while
from strategy.selectors.reading import asked_to_read, readership
from strategy.selectors.snapshots import day_of, goal_ids, in_order, seen_of, snapshot_of
from teams.models import Person
from teams.selectors.company import company
from web.editions.briefs import brief_fact
from web.editions.reading import Went, changed_goals, held_goals, measures_in
from web.editions.taking_back import offered_to
from web.figures.figures import Figure, divided
from web.people.naming import person_fact
from web.readers import reader_of

SIZE = 100
"""Goals on a page."""
OFFERED = 200
"""Editions to compare with."""
WORK_NAMED = 5
PLACE, FROM = "goals_after", "from"
SYSTEM = "The system"
Row = TypeVar("Row")


@dataclass(frozen=True)
class Part(Generic[Row]):
    """Some of many rows, with what components/_pager.html needs."""

    rows: list[Row]
    next_url: str
    first_url: str


@require_safe
def edition_list(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    strategy: Strategy = strategy_for(reader, key)
    page = keyset_page(editions_of(reader, strategy), order=("-number",), params=request.GET)
    context = {
        "strategy": strategy,
        "crumbs": _crumbs(strategy),
        "editions": page,
        "first": page.rows[-1].number if page.rows and not page.next_url else 0,
    }
    return render(request, "editions/edition_list.html", context)


@require_safe
def edition_detail(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """What the strategy said, with the figures of the day."""
    reader = reader_of(request)
    strategy: Strategy = strategy_for(reader, key)
    edition = edition_for(reader, strategy, number, rows=with_asked(Edition.objects.all()))
    held, today = _held(reader, edition)
    firm = company()
    snapshot, on = held[0], day_in(firm.timezone, edition.at)
    part = _part(list(in_order(snapshot)), request.GET)
    then = goals_then([0, *(pk for pk, _depth in part.rows)], on)
    context = {
        "strategy": strategy,
        "edition": edition,
        "said": snapshot,
        "crumbs": [*_crumbs(strategy), ("Editions", reverse("edition_list", args=[strategy.key]))],
        "facts": [*_facts(edition, snapshot, on), *filter(None, [brief_fact(edition, reader)])],
        "figures": [coverage_then(on)],
        "goals": held_goals(snapshot, part.rows, today, then, _went(edition, snapshot, part.rows, firm.timezone)),
        "part": part,
        **_reading(edition, reader),
        **_taking_back(edition, reader),
    }
    return render(request, "editions/edition_detail.html", context)


@require_safe
def edition_changes(request: HttpRequest, key: str, number: int) -> HttpResponse:
    """What changed since the edition `?from=`, which is the one before where none is given."""
    reader = reader_of(request)
    strategy: Strategy = strategy_for(reader, key)
    edition = edition_for(reader, strategy, number)
    offered = list(editions_of(reader, strategy).exclude(number=number).order_by("-number")[:OFFERED])
    before = _chosen(request.GET.get(FROM, ""), offered, number)
    held, today = _held(reader, before or edition, edition)
    found = difference(*held)
    part = _part(found.goals, request.GET)
    work = work_on([0, *(change.pk for change in part.rows if change.pk in today)], each=WORK_NAMED)
    context = {
        "title": _title(edition, before),
        "strategy": strategy,
        "edition": edition,
        "before": before,
        "offered": offered,
        "crumbs": [*_crumbs(strategy), ("Editions", reverse("edition_list", args=[strategy.key]))],
        "said": strategy_said(found),
        "goals": changed_goals(part.rows, today, work),
        "part": part,
    }
    return render(request, "editions/edition_changes.html", context)


def _went(edition: Edition, snapshot: Snapshot, listed: Sequence[tuple[int, int]], zone: str) -> Went:
    return Went(points_while(edition, measures_in(snapshot, listed)), zone)


def _reading(edition: Edition, reader: Person) -> dict[str, Any]:
    """Whether it asks to be read, and by how many it was; one query, or four for leaders."""
    found = asked_to_read(edition, reader)
    if found is None or not reader.sees_everything:
        return {"asked": found}
    return {"asked": found, "readership": readership(edition)}


def _taking_back(edition: Any, reader: Person) -> dict[str, Any]:
    """Whether it was taken back, can be, or why not."""
    url, stays = offered_to(reader, edition, now(), followed=edition.followed_by is not None)
    return {"is_reverted": edition.followed_by == EditionKind.REVERTED, "taking_back_url": url, "stays": stays}


def _held(reader: Person, *editions: Edition) -> tuple[list[Snapshot], dict[int, Goal]]:
    """What of each edition the reader may know, and the goals in them that they may see today. One query for each
    edition, and one more."""
    held = [snapshot_of(edition) for edition in editions]
    today = visible_goals(reader, goal_ids(*held))
    return [seen_of(each, None if reader.sees_everything else today.keys()) for each in held], today


def _chosen(typed: str, offered: Sequence[Edition], number: int) -> Edition | None:
    """The edition that was asked for, otherwise the one before; None for the first."""
    asked = next((each for each in offered if str(each.number) == typed), None)
    return asked or next((each for each in offered if each.number < number), None)


def _title(edition: Edition, before: Edition | None) -> str:
    if before is None or before.number == edition.number - 1:
        return f"What changed in edition {edition.number}"
    return f"From edition {before.number} to edition {edition.number}"


def _part(rows: Sequence[Row], params: QueryDict) -> Part[Row]:
    """The rows are those of an edition, which does not change, so a place in them is a number."""
    typed = params.get(PLACE, "")
    start = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    following = query(params, **{PLACE: str(start + SIZE)}) if start + SIZE < len(rows) else ""
    return Part(list(rows[start : start + SIZE]), following, query(params, **{PLACE: None}) if start else "")


def _facts(edition: Edition, snapshot: Snapshot, on: dt.date) -> list[tuple[str, str, str | None]]:
    starts_on, ends_on = (day_of(snapshot[name]) for name in ("starts_on", "ends_on"))
    changes = reverse("edition_changes", args=[edition.strategy.key, edition.number])
    return [
        ("Made on", day(on), None),
        person_fact("By", edition.person, SYSTEM),
        ("What it is", edition.get_kind_display(), changes),
        ("Period", period(starts_on, ends_on), None),
    ]


def coverage_then(on: dt.date) -> Figure:
    """The company's coverage on that day, from the history of work."""
    found = figures_on(on)
    coverage = found.coverage
    return Figure(
        label="Coverage of the company on that day",
        value=coverage,
        unit="percent",
        formula="effort that reaches a published strategy ÷ discretionary effort, on that day",
        worked=divided(found.aligned, found.discretionary, coverage),
        missing="Nothing was counted by then.",
    )


def _crumbs(strategy: Any) -> list[tuple[str, str]]:
    return [
        ("Strategy", reverse("strategy_list")),
        (strategy.title, reverse("strategy_detail", args=[strategy.key])),
    ]
