"""Addresses of the page that asks about something."""

from __future__ import annotations

from dataclasses import replace

from django.urls import reverse

from lib.http.access import query
from strategy.counters import COUNTER
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from teams.models import Person
from web.figures.figures import Figure

ASK = "conversations.open_thread"


def ask_url(kind: str, key: str | int = "", aspect: str = "") -> str:
    """The page that asks about it; for the company without a key."""
    return reverse("thread_new") + query({}, **({kind: str(key)} if key else {}), aspect=aspect)


def counter_url(goal: Goal, reader: Person) -> str:
    """The page that proposes something else than a company goal that counts; '' where nobody could take it up."""
    counts = goal.team_id is None and goal.status == GoalStatus.ACTIVE
    return reverse("thread_new") + query({}, goal=goal.key, kind=COUNTER) if counts and reader.has_perm(ASK) else ""


def propose_url(reader: Person, place: Strategy | Goal | None = None) -> str:
    """The page that proposes a goal, at the top of a strategy or below a goal; '' where nobody could take it up."""
    if not reader.has_perm(ASK) or (isinstance(place, Strategy) and place.status != StrategyStatus.PUBLISHED):
        return ""
    if isinstance(place, Goal) and (place.team_id is not None or place.status != GoalStatus.ACTIVE):
        return ""
    where = query({}, **{str(place._meta.model_name): place.key}) if place else ""
    return reverse("proposal_new") + where


def askable(figure: Figure, reader: Person, aspect: str, kind: str, key: str | int = "") -> Figure:
    """The figure, with the address that asks about it for those who write."""
    return replace(figure, ask_url=ask_url(kind, key, aspect)) if reader.has_perm(ASK) else figure
