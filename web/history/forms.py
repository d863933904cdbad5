"""Filters of what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q
from django.http import QueryDict

from alignment.selectors.timeline import OF_KIND, belonging_to
from lib.forms.inputs import Day
from lib.log.kinds import Ref
from lib.text.days import day
from lib.text.isolation import isolated
from strategy.models import Goal
from teams.models import Team
from web.filters import ListFilter, team_choices
from web.people.naming import PersonField

KINDS = [
    ("strategy", "Strategies and goals"),
    ("check_ins", "Check-ins"),
    ("work", "Work"),
    ("bets", "Bets"),
    ("outcomes", "Outcomes and lessons"),
    ("talk", "Conversations"),
    ("teams", "Teams and people"),
    ("support", "Support"),
    ("context", "Context and decisions"),
    ("flags", "Flags"),
]
SAID = {"since": "since {}", "until": "until {}"}


class HistoryFilter(ListFilter):
    """Of the history of one thing. `entry` is the latest one to be shown, for an address that leads to it."""

    kind = forms.ChoiceField(label="About", choices=[("", "Anything"), *KINDS])
    since = Day(label="Since", required=False)
    until = Day(label="Until", required=False)
    entry = forms.IntegerField(min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput())

    def matching(self, zone: str) -> list[Q]:
        """What the filters ask for; days are those of `zone`."""
        given: dict[str, Any] = self.given()
        found = [OF_KIND[given["kind"]]] if "kind" in given else []
        if "since" in given:
            found.append(Q(at__gte=_begin(given["since"], zone)))
        if "until" in given:
            found.append(Q(at__lt=_begin(given["until"] + dt.timedelta(days=1), zone)))
        return [*found, Q(pk__lte=given["entry"])] if "entry" in given else found

    def words(self) -> dict[str, str]:
        given: dict[str, Any] = self.given()
        days = {name: said.format(day(given[name])) for name, said in SAID.items() if name in given}
        read = {**super().words(), **days}
        return {**read, "entry": "from one entry on"} if "entry" in read else read


class FeedFilter(HistoryFilter):
    """Of what happened in the whole company."""

    team = forms.ChoiceField(label="Team", choices=[("", "Any team")])
    goal = forms.ChoiceField(label="Goal", choices=[("", "Any goal")])
    person = PersonField(label="Who")
    folded = ("since", "until")
    field_order = ("kind", "team", "goal", "person", "since", "until", "entry")

    def __init__(
        self, data: QueryDict, *, teams: Iterable[Team], goals: Iterable[Goal], labels: dict[int, str]
    ) -> None:
        """`labels` are what the goals to choose from are called."""
        self.by_key = {
            **{("team", team.key): team.pk for team in teams},
            **{("goal", goal.key): goal.pk for goal in goals},
        }
        choices = {"team": team_choices(teams), "goal": [(goal.key, labels[goal.pk]) for goal in goals]}
        super().__init__(data, choices)

    def matching(self, zone: str) -> list[Q]:
        given: dict[str, Any] = self.given()
        things: list[Ref] = [(name, self.by_key[name, given[name]]) for name in ("team", "goal") if name in given]
        if "person" in given:
            things.append(("person", given["person"].pk))
        return [*super().matching(zone), *(belonging_to(thing) for thing in things)]

    def words(self) -> dict[str, str]:
        given: dict[str, Any] = self.given()
        read = super().words()
        return {**read, "person": isolated(given["person"].name)} if "person" in given else read


def _begin(day: dt.date, zone: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), ZoneInfo(zone))
