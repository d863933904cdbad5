"""Measures that are to be checked in this week, for whoever keeps them, or else owns their goal.

Each digest names them once: in the company's part, else in the reader's own, else in their first team's.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section, without
from lib.text.names import path_of
from lib.text.numbers import number
from lib.text.spans import Line, Span
from strategy.models import Measure
from strategy.narrative import measure_line
from strategy.selectors.measures import kept_measures, points_of, series_of
from teams.models import Team
from teams.rules import writes

SHOWN = 5
WEEK_LEFT = dt.timedelta(days=6)
ToSay = Callable[[Recipient], Section | None]


@section(Kind.COMPANY, "checking_in", order=60, asks=True)
def of_leaders(batch: Batch) -> Says:
    say = batch.once(_due)
    return lambda recipient, _team: say(recipient)


@section(Kind.TEAM, "checking_in", order=90, to=without(Kind.COMPANY, Kind.OWN), asks=True)
def of_leads(batch: Batch) -> Says:
    say = batch.once(_due)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        return say(recipient) if team == recipient.leads[0] else None

    return says


@section(Kind.OWN, "checking_in", order=40, to=without(Kind.COMPANY), asks=True)
def of_others(batch: Batch) -> Says:
    say = batch.once(_due)
    return lambda recipient, _team: say(recipient)


def _due(batch: Batch) -> ToSay:
    """What is due before the next digest comes."""
    company, due = batch.company.company, defaultdict[int, list[Measure]](list)
    for kept in kept_measures(
        [person.pk for person in batch.people],
        on=batch.today,
        by=batch.today + WEEK_LEFT,
        rhythm=company.check_in_rhythm,
        timezone=company.timezone,
    ):
        if kept.is_due:
            due[kept.measure.by].append(kept.measure)

    def say(recipient: Recipient) -> Section | None:
        person = recipient.person
        own = [
            measure
            for measure in due.get(person.pk, [])
            if writes(person) and not batch.confidential.hides(person, measure.goal.path, measure.goal.owner_id)
        ]
        if not own:
            return None
        more = f"Check in, and {number(len(own) - SHOWN)} more" if len(own) > SHOWN else "Check in"
        return Section(
            "checking_in",
            "Measures to check in this week",
            lines=tuple(_line(measure, company.timezone) for measure in own[:SHOWN]),
            more=Span(more, path_of("check_ins_due")),
            quiet=True,
            asks=len(own),
        )

    return say


def _line(measure: Measure, timezone: str) -> Line:
    """With how it went."""
    return replace(measure_line(measure), series=series_of(measure, points_of(measure), timezone))
