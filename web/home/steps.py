"""The first steps of a company: from its name to the first active piece of work that is linked to a goal."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from teams.models import Person
from web.home.front import Begun


@dataclass(frozen=True)
class Step:
    title: str
    why: str
    url: str
    label: str
    done: bool


@dataclass(frozen=True)
class FirstSteps:
    """In an order in which each can be taken; `next` is the first that is not."""

    steps: list[Step]

    @property
    def next(self) -> Step:
        return next(step for step in self.steps if not step.done)


def first_steps(reader: Person, begun: Begun | None) -> FirstSteps | None:
    """None for those who do not take them, and once the first work is linked and active."""
    if begun is None or (begun.strategy and begun.team and begun.under_way and begun.link):
        return None
    steps = [_strategy(begun), _team(begun), _work(begun), _link(begun)]
    if begun.first_work and not begun.under_way:
        steps.append(_begin(begun))
    return FirstSteps([_name(begun), *steps] if reader.is_admin else steps)


def _name(begun: Begun) -> Step:
    why = "The name stands on everybody’s first page, the time zone decides when a day begins."
    return Step("Name the company", why, reverse("company_settings"), "Give its name and time zone", begun.named)


def _strategy(begun: Begun) -> Step:
    why = "What the company wants in a period, and why, with its first goals. Teams see it once it is published."
    return Step("Publish the strategy", why, reverse("strategy_list"), "Begin with the strategy", begun.strategy)


def _team(begun: Begun) -> Step:
    why = "Work belongs to a team. Say who leads it: they can then do the rest themselves."
    return Step("Make the first team", why, reverse("team_new"), "Make the first team", begun.team)


def _work(begun: Begun) -> Step:
    why = "A piece of work that the team has chosen. Make it active if it goes on today: figures are of active work."
    done, url = bool(begun.first_work) or begun.under_way, reverse("initiative_start")
    return Step("Start an initiative", why, url, "Start an initiative", done)


def _link(begun: Begun) -> Step:
    why = "Which goal does it move, and how would one see it?"
    url = reverse("link_new", args=[begun.first_work]) if begun.first_work else reverse("initiative_list")
    return Step("Link it to a goal", why, url, "Link it to a goal", begun.link)


def _begin(begun: Begun) -> Step:
    why = "It is proposed, and figures are of active work. Make it active once the team works on it."
    return Step("Begin with it", why, reverse("initiative_status", args=[begun.first_work]), "Make it active", False)
