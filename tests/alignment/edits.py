"""Random edits of a company, each through its service, as people make them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from django.core.exceptions import ValidationError

from alignment.models import Link
from alignment.services import links
from alignment.services.nightly import recompute_when_stale
from lib.errors import RefusedError
from strategy.enums import GoalStatus
from strategy.models import Goal, Measure, Strategy
from strategy.services import goals, measures, missions, strategies
from teams.enums import InitiativeKind, InitiativeStatus, Stance, SupportSize, SupportStatus
from teams.models import Initiative, Person, Support, Team
from teams.services import initiatives, stance, support, teams

ONE = dt.timedelta(days=1)


class Editor:
    """`actor` may do everything. What a service refuses is an edit too: nothing may change by it."""

    def __init__(self, random: Random, actor: Person, at: dt.datetime) -> None:
        self.random, self.actor, self.at = random, actor, at

    def edit(self) -> str:
        """Does one thing; returns which."""
        thing: Callable[[], object] = self.random.choice(THINGS).__get__(self)
        try:
            thing()
        except (RefusedError, ValidationError) as refused:
            return f"{thing.__name__}, refused: {refused}"
        return thing.__name__

    @property
    def _by(self) -> dict[str, Any]:
        return {"actor": self.actor, "at": self.at}

    def _day(self, first: int, last: int) -> dt.date:
        return self.at.date() + self.random.randint(first, last) * ONE

    def _any(self, rows: Any) -> Any:
        """One of `rows`. Raises RefusedError where there is none."""
        found = list(rows.order_by("pk"))
        if not found:
            raise RefusedError("there is none")
        return self.random.choice(found)

    def _or_none(self, value: Any) -> Any:
        return self.random.choice([None, value])

    def make_team(self) -> None:
        teams.create_team(name="Team", parent=self._or_none(Team.objects.order_by("pk").first()), **self._by)

    def move_team(self) -> None:
        team = self._any(Team.objects)
        teams.move_team(team, version=team.version, parent=self._or_none(self._any(Team.objects)), **self._by)

    def remove_team(self) -> None:
        team = self._any(Team.objects)
        teams.remove_team(team, version=team.version, **self._by)

    def set_stance(self) -> None:
        team = self._any(Team.objects)
        value = self.random.choice(Stance.values)
        until = None if value == Stance.CORE else self._or_none(self._day(1, 5))
        stance.set_stance(team, version=team.version, stance=value, reason="now", until=until, **self._by)

    def set_mission(self) -> None:
        team = self._any(Team.objects)
        chosen = self.random.sample(list(Goal.objects.order_by("pk")), min(Goal.objects.count(), 2))
        missions.set_mission(
            team, version=team.version, mission=self.random.choice(["", "To help."]), goals=chosen, **self._by
        )

    def make_strategy(self) -> None:
        strategies.create_strategy(title="Plan", ends_on=self._or_none(self._day(-3, 20)), **self._by)

    def publish(self) -> None:
        plan = self._any(Strategy.objects)
        strategies.publish_strategy(plan, version=plan.version, **self._by)

    def unpublish(self) -> None:
        strategies.unpublish_strategy(self._any(Strategy.objects), **self._by)

    def archive(self) -> None:
        plan = self._any(Strategy.objects)
        strategies.archive_strategy(plan, version=plan.version, **self._by)

    def restore(self) -> None:
        strategies.restore_strategy(self._any(Strategy.objects), **self._by)

    def date_strategy(self) -> None:
        plan = self._any(Strategy.objects)
        strategies.edit_strategy(
            plan, version=plan.version, starts_on=None, ends_on=self._or_none(self._day(-20, 5)), **self._by
        )

    def make_goal(self) -> None:
        place = self.random.choice(["strategy", "parent", "parent", "team"])
        rows = {"strategy": Strategy.objects, "parent": Goal.objects, "team": Team.objects}[place]
        active = self.random.random() < 0.5 if place == "team" else False
        goals.create_goal(
            title="Goal",
            why=self.random.choice(["", "Because."]),
            weight=self.random.choice([1, 5]),
            active=active,
            **{place: self._any(rows)},
            **self._by,
        )

    def edit_goal(self) -> None:
        goal = self._any(Goal.objects)
        goals.edit_goal(
            goal,
            version=goal.version,
            meaning_changed=self.random.random() < 0.5,
            why=self.random.choice(["", "Because.", "As things are."]),
            weight=self.random.choice([1, 2, 9]),
            ends_on=self._or_none(self._day(-20, 5)),
            **self._by,
        )

    def activate_goal(self) -> None:
        goal = self._any(Goal.objects)
        goals.activate_goal(goal, version=goal.version, **self._by)

    def close_goal(self) -> None:
        goal = self._any(Goal.objects)
        status = self.random.choice([GoalStatus.ACHIEVED, GoalStatus.MISSED, GoalStatus.DROPPED])
        goals.close_goal(goal, version=goal.version, status=status, reason="It is over.", **self._by)

    def reopen_goal(self) -> None:
        goals.reopen_goal(self._any(Goal.objects), **self._by)

    def move_goal(self) -> None:
        goal = self._any(Goal.objects)
        place = self.random.choice(["parent", "parent", "strategy"])
        to = {place: self._any({"parent": Goal.objects, "strategy": Strategy.objects}[place])}
        goals.move_goal(goal, version=goal.version, **to, **self._by)

    def remove_goal(self) -> None:
        goal = self._any(Goal.objects)
        goals.remove_goal(goal, version=goal.version, **self._by)

    def make_measure(self) -> None:
        measures.create_measure(self._any(Goal.objects), title="Orders", target=Decimal(5), **self._by)

    def remove_measure(self) -> None:
        measure = self._any(Measure.objects)
        measures.remove_measure(measure, version=measure.version, **self._by)

    def check_in(self) -> None:
        measure = self._any(Measure.objects)
        measures.check_in(measure, version=measure.version, value=Decimal(3), **self._by)

    def make_initiative(self) -> None:
        initiatives.create_initiative(
            self._any(Team.objects),
            title="Work",
            status=self.random.choice([InitiativeStatus.ACTIVE, InitiativeStatus.ACTIVE, InitiativeStatus.PROPOSED]),
            effort=self.random.choice([None, Decimal(1), Decimal("2.5"), Decimal(8)]),
            origin=self.random.choice(["team", "assigned"]),
            **self._by,
        )

    def edit_initiative(self) -> None:
        work = self._any(Initiative.objects)
        initiatives.edit_initiative(
            work,
            version=work.version,
            effort=self.random.choice([None, Decimal(1), Decimal(13)]),
            team=self._any(Team.objects),
            **self._by,
        )

    def declare(self) -> None:
        work = self._any(Initiative.objects)
        kind = self.random.choice(InitiativeKind.values)
        ends = self._day(0, 5) if kind == InitiativeKind.EXPLORE else None
        initiatives.declare_kind(
            work, version=work.version, kind=kind, declaration="What if?", ends_on=ends, **self._by
        )

    def change_status(self) -> None:
        work = self._any(Initiative.objects)
        status = self.random.choice([*InitiativeStatus.values, InitiativeStatus.ACTIVE])
        initiatives.change_status(work, version=work.version, status=status, reason="So it is.", **self._by)

    def confirm_initiative(self) -> None:
        work = self._any(Initiative.objects)
        initiatives.confirm_initiative(work, version=work.version, **self._by)

    def link(self) -> None:
        links.make_link(
            self._any(Initiative.objects),
            self._any(Goal.objects),
            "It moves it.",
            share=self._or_none(Decimal(self.random.choice(["0.2", "0.5", "1"]))),
            review_on=self._or_none(self._day(0, 4)),
            **self._by,
        )

    def set_shares(self) -> None:
        link = self._any(Link.objects)
        share = self._or_none(Decimal("0.3"))
        links.edit_link(link, version=link.version, share=share, **self._by)

    def remove_link(self) -> None:
        links.remove_link(self._any(Link.objects), **self._by)

    def judge(self) -> None:
        link = self._any(Link.objects)
        judged = self.random.choice([links.endorse_link, links.dispute_link])
        judged(link, note="As I see it.", **self._by)

    def withdraw_judgement(self) -> None:
        links.withdraw_judgement(self._any(Link.objects), **self._by)

    def record_outcome(self) -> None:
        link = self._any(Link.objects)
        outcome = self.random.choice(["held", "failed", "unclear", "untested"])
        links.record_outcome(link, version=link.version, outcome=outcome, **self._by)

    def confirm_link(self) -> None:
        links.confirm_link(self._any(Link.objects), **self._by)

    def ask(self) -> None:
        support.ask_support(
            self._any(Initiative.objects), team=self._any(Team.objects), ask="Help", size=SupportSize.SMALL, **self._by
        )

    def answer(self) -> None:
        ask = self._any(Support.objects)
        status = self.random.choice([SupportStatus.PLEDGED, SupportStatus.DECLINED])
        support.answer_support(ask, version=ask.version, status=status, answer="So we do.", **self._by)

    def pass_days(self) -> None:
        self.at += self.random.choice([1, 1, 2, 9]) * ONE
        recompute_when_stale(at=self.at)


THINGS: list[Any] = [thing for name, thing in vars(Editor).items() if not name.startswith("_") and name != "edit"]
OFTEN = [Editor.make_goal, Editor.make_initiative, Editor.link, Editor.link]
THINGS += 3 * OFTEN
