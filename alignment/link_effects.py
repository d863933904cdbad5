"""What a step with links (making, editing and removing one, dividing an initiative's effort) would do. It is checked as
the step is, so that nothing is shown of one that would be refused; nothing is locked or stored.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from alignment.effects import Edit, Effect, effect_of, figures_day, place_of
from alignment.engine import Change, Company, changed, with_link, without_link
from alignment.engine.model import MILLION, day_number, instant_number
from alignment.enums import LinkState, Outcome
from alignment.models import Link
from alignment.services.link_rules import (
    BET,
    LockedInitiative,
    check_bet,
    check_once,
    divide,
    made_just_now,
    rewrite,
)
from strategy.models import Goal
from teams.models import Initiative, Person

OF_BET = ("share", "state", "reasoned", "review_on")
"""The columns of a link that an edit of it bears on."""


def linking(
    initiative: Initiative,
    goal: Goal,
    bet: Mapping[str, Any],
    *,
    reader: Person,
    at: dt.datetime,
    links: Sequence[Link] | None = None,
) -> Effect:
    """As `make_link`; `links` are those of the initiative, where they were read already. Raises ValidationError by
    field, RefusedError."""
    read = _as_it_is(initiative, at, links)
    return effect_of(_linked(read, goal, bet, reader, at), reader, read.day)


def succeeding(link: Link, goal: Goal, bet: Mapping[str, Any], *, reader: Person, at: dt.datetime) -> Effect:
    """As `take_successor`. Raises ValidationError by field, RefusedError."""
    read = _as_it_is(link.initiative, at)
    others = LockedInitiative(read.initiative, [each for each in read.links if each.pk != link.pk], read.day)
    return effect_of(_linked(others, goal, bet, reader, at, without=read.link(link).pk), reader, read.day)


def rewriting(link: Link, values: Mapping[str, Any], *, reader: Person, at: dt.datetime) -> Effect:
    """As `edit_link`. Raises ValidationError by field, RefusedError."""
    read = _as_it_is(link.initiative, at)
    row = read.link(link)
    return _of_cells([row] if rewrite(row, values, read, reader) else [], read, reader)


def unlinking(link: Link, *, reader: Person, at: dt.datetime) -> Effect:
    """As `remove_link`. Raises RefusedError."""
    read = _as_it_is(link.initiative, at)
    undoes = made_just_now(read.link(link).pk, at)
    touched = read.touched_before(undoes) if undoes else read.day
    edit = _touching(lambda columns: without_link(columns, link.pk), link.initiative, touched)
    return effect_of(edit, reader, read.day)


def dividing(
    initiative: Initiative, shares: Mapping[int, Decimal | None], *, reader: Person, at: dt.datetime
) -> Effect:
    """As `set_shares`. Raises ValidationError, RefusedError."""
    read = _as_it_is(initiative, at)
    return _of_cells(divide(read.links, shares), read, reader)


def _linked(
    read: LockedInitiative, goal: Goal, bet: Mapping[str, Any], reader: Person, at: dt.datetime, *, without: int = 0
) -> Edit:
    """The company with a link more, and where it takes the place of one, without that. Raises as `linking`."""
    check_once(goal.pk, read.links)
    link = Link(initiative=read.initiative, goal=goal, confirmed_on=read.day, confirmed_at=at, **bet)
    check_bet(link, BET, read, reader)

    def edit(columns: Company) -> Company:
        rest = without_link(columns, without) if without else columns
        ends = {"initiative": place_of(rest.initiatives.id, read.initiative), "goal": place_of(rest.goals.id, goal)}
        return with_link(rest, id=0, **ends, **_cells(link))

    return _touching(edit, read.initiative, read.day)


def _as_it_is(initiative: Initiative, at: dt.datetime, links: Sequence[Link] | None = None) -> LockedInitiative:
    """What `lock_initiative` gives, without a lock, on the day of the stored figures."""
    if links is None:
        links = list(Link.objects.filter(initiative=initiative).order_by("pk"))
    return LockedInitiative(initiative, sorted(links, key=lambda link: link.pk), figures_day(at))


def _of_cells(links: Iterable[Link], read: LockedInitiative, reader: Person) -> Effect:
    """The effect of storing these rows as they are here."""
    cells = [(link.pk, name, _cells(link)[name]) for link in links for name in OF_BET]

    def edit(columns: Company) -> Company:
        return changed(columns, (Change("links", pk, name, value) for pk, name, value in cells))

    return effect_of(_touching(edit, read.initiative, read.day) if cells else edit, reader, read.day)


def _touching(edit: Edit, initiative: Initiative, day: dt.date) -> Edit:
    touched = Change("initiatives", initiative.pk, "touched_on", day_number(day))
    return lambda columns: changed(edit(columns), [touched])


def _cells(link: Link) -> dict[str, float | bool]:
    """Its columns but its id and its ends."""
    return {
        "share": -1 if link.share is None else round(link.share * MILLION),
        "state": tuple(LinkState).index(LinkState(link.state)),
        "outcome": tuple(Outcome).index(Outcome(link.outcome)),
        "reasoned": bool(link.rationale),
        "confirmed_on": day_number(link.confirmed_on),
        "confirmed_at": instant_number(link.confirmed_at),
        "review_on": day_number(link.review_on),
    }
