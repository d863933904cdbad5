"""Random edits of a company, each through its service, as people make them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from django.core.exceptions import ValidationError

from alignment.models import Flag, Link
from alignment.refresh.nightly import recompute_when_stale
from alignment.selectors.links import REMOVED
from alignment.selectors.shares import shares_version
from alignment.services import flags, links
from alignment.services.successions import take_successor
from lib.services.dates import LAST_DAY
from lib.services.errors import RefusedError
from strategy.enums import CLOSED, GoalStatus, StrategyStatus
from strategy.models import CheckIn, Edition, Goal, Measure, Persona, Strategy
from strategy.selectors.strategies import open_goals
from strategy.selectors.successors import possible_successors
from strategy.services import goals, measures, missions, personas, strategies
from strategy.services.carrying_over import CARRY, LEAVE, carry_over
from strategy.services.preparing import taking_back
from teams.enums import InitiativeKind, InitiativeStatus, Stance, SupportSize, TeamRole
from teams.models import Initiative, LogEntry, Membership, Person, Support, Team
from teams.services import initiatives, members, offers, pledges, presence, stance, support, teams
from teams.services.undo import undo
from tests.alignment.amending import Amending

ONE = dt.timedelta(days=1)
REFUSED = ", refused: "
LINE = ["Plain", " Blanks around it ", 'Ünïcode, “quotes” and "others"; =1+1', "semi;colon, comma", "名前"]
LINES = ["", "Because.", "As things are.", "First\r\n\r\n- second\rthird\n ", '"quoted", and\tmore']


def _last_editions() -> Any:
    return Edition.objects.order_by("strategy", "-number").distinct("strategy").values("pk")


class Editor(Amending):
    """`actor` may do everything. What a service refuses is an edit too: nothing may change by it."""

    def __init__(self, random: Random, actor: Person, at: dt.datetime) -> None:
        self.random, self.actor, self.at = random, actor, at

    def edit(self) -> str:
        """Does one thing; returns which."""
        thing: Callable[[], object] = self.random.choice(THINGS).__get__(self)
        try:
            thing()
        except (RefusedError, ValidationError) as refused:
            return f"{thing.__name__}{REFUSED}{refused}"
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

    def _mostly(self, rows: Any, **fitting: Any) -> Any:
        """One of the `fitting`, now and then any."""
        found = rows.filter(**fitting)
        return self._any(found if self.random.random() < 0.8 and found.exists() else rows)

    def _just_changed(self, rows: Any, noun: str) -> Any:
        """What one of the last edits was of."""
        last = LogEntry.objects.filter(subject_kind=noun).exclude(changes={})[:3]
        return self._mostly(rows, pk__in=[entry.subject_id for entry in last])

    def _or_none(self, value: Any) -> Any:
        return self.random.choice([None, value])

    def _line(self) -> str:
        return self.random.choice(LINE)

    def _lines(self) -> str:
        return self.random.choice(LINES)

    def make_team(self) -> None:
        teams.create_team(name=self._line(), parent=self._or_none(Team.objects.order_by("pk").first()), **self._by)

    def edit_team(self) -> None:
        team = self._any(Team.objects)
        teams.edit_team(team, version=team.version, name=self._line(), **self._by)

    def undo_team_change(self) -> None:
        team = self._just_changed(Team.objects, "team")
        undo(team, version=team.version, **self._by)

    def add_member(self) -> None:
        role = self.random.choice(TeamRole.values)
        members.add_member(self._any(Team.objects), person=self._any(Person.objects), role=role, **self._by)

    def change_member(self) -> None:
        member = self._any(Membership.objects)
        role = self.random.choice(TeamRole.values)
        members.change_member(member, version=member.version, role=role, **self._by)

    def remove_member(self) -> None:
        member = self._any(Membership.objects)
        members.remove_member(member, version=member.version, **self._by)

    def make_persona(self) -> None:
        personas.create_persona(name=self._line(), problem=self._lines(), **self._by)

    def edit_persona(self) -> None:
        persona = self._any(Persona.objects)
        personas.edit_persona(persona, version=persona.version, name=self._line(), problem=self._lines(), **self._by)

    def remove_persona(self) -> None:
        persona = self._any(Persona.objects)
        personas.remove_persona(persona, version=persona.version, **self._by)

    def set_personas(self) -> None:
        team = self._any(Team.objects)
        served = self.random.sample(list(Persona.objects.order_by("pk")), min(Persona.objects.count(), 2))
        personas.set_personas(team, version=team.version, personas=served, **self._by)

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
        stance.set_stance(team, version=team.version, stance=value, reason=self._line(), until=until, **self._by)

    def set_presence(self) -> None:
        team = self._any(Team.objects)
        presence.set_presence(team, version=team.version, is_here=not team.is_here, **self._by)

    def set_mission(self) -> None:
        team = self._any(Team.objects)
        chosen = self.random.sample(list(Goal.objects.order_by("pk")), min(Goal.objects.count(), 2))
        missions.set_mission(team, version=team.version, mission=self._lines(), goals=chosen, **self._by)

    def make_strategy(self) -> None:
        strategies.create_strategy(
            title=self._line(), narrative=self._lines(), ends_on=self._or_none(self._day(-3, 20)), **self._by
        )

    def edit_strategy(self) -> None:
        plan = self._any(Strategy.objects)
        owner = self._or_none(self.actor)
        strategies.edit_strategy(plan, version=plan.version, narrative=self._lines(), owner=owner, **self._by)

    def remove_strategy(self) -> None:
        plan = self._mostly(Strategy.objects, status=StrategyStatus.DRAFT)
        strategies.remove_strategy(plan, version=plan.version, **self._by)

    def publish(self) -> None:
        plan = self._mostly(Strategy.objects, status=StrategyStatus.DRAFT, goals__isnull=False)
        strategies.publish_strategy(plan, version=plan.version, **self._by)

    def unpublish(self) -> None:
        """Right after it was published: what is done to it meanwhile would refuse that."""
        plan = self._mostly(Strategy.objects, status=StrategyStatus.DRAFT, goals__isnull=False)
        published = strategies.publish_strategy(plan, version=plan.version, **self._by)
        strategies.unpublish_strategy(published, **self._by)

    def take_back(self) -> None:
        """What was published or amended last, mostly: whether it may be taken back rests on what was done since."""
        last = self._mostly(Edition.objects, kind__in=("published", "amended"), pk__in=_last_editions())
        taking_back.take_back_edition(last, because="It was too early.", **self._by)

    def archive(self) -> None:
        plan = self._mostly(Strategy.objects, status=StrategyStatus.PUBLISHED)
        strategies.archive_strategy(plan, version=plan.version, **self._by)

    def restore(self) -> None:
        """One that may have been archived just now."""
        plan = self._any(Strategy.objects.exclude(status=StrategyStatus.DRAFT))
        if plan.status == StrategyStatus.PUBLISHED:
            plan = strategies.archive_strategy(plan, version=plan.version, **self._by)
        strategies.restore_strategy(plan, **self._by)

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
            title=self._line(),
            why=self._lines(),
            weight=self.random.choice([Decimal(1), Decimal(5), Decimal("0.25")]),
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
            why=self._lines(),
            owner=self._or_none(self.actor),
            weight=self.random.choice([1, 2, 9]),
            ends_on=self._or_none(self._day(-20, 5)),
            **self._by,
        )

    def activate_goal(self) -> None:
        goal = self._mostly(Goal.objects, status=GoalStatus.DRAFT)
        goals.activate_goal(goal, version=goal.version, **self._by)

    def close_goal(self) -> None:
        goal = self._mostly(Goal.objects, status=GoalStatus.ACTIVE)
        status = self.random.choice([GoalStatus.ACHIEVED, GoalStatus.MISSED, GoalStatus.DROPPED])
        after = possible_successors(goal, self._by["actor"]).order_by("pk")[: self.random.choice([0, 2])]
        said: dict[str, Any] = {"status": status, "reason": "It is over.", "learned": self._lines()}
        goals.close_goal(goal, version=goal.version, successors=list(after), **said, **self._by)

    def carry_over(self) -> None:
        """One goal, so that most drafts stay those of published strategies."""
        plan = self._any(Strategy.objects)
        goals_there = list(open_goals(plan))
        fates = {goal.pk: self.random.choice([LEAVE, LEAVE, GoalStatus.MISSED]) for goal in goals_there}
        fates |= {goal.pk: CARRY for goal in goals_there[:1]}
        period: dict[str, Any] = {"starts_on": self._or_none(self._day(-2, 2)), "ends_on": None}
        said: dict[str, Any] = {"title": self._line(), "reason": "It is over."}
        carry_over(plan, version=plan.version, fates=fates, **said, **period, **self._by)

    def reopen_goal(self) -> None:
        goals.reopen_goal(self._mostly(Goal.objects, status__in=CLOSED), **self._by)

    def move_goal(self) -> None:
        goal = self._any(Goal.objects)
        place = self.random.choice(["parent", "parent", "strategy"])
        to = {place: self._any({"parent": Goal.objects, "strategy": Strategy.objects}[place])}
        goals.move_goal(goal, version=goal.version, **to, **self._by)

    def remove_goal(self) -> None:
        goal = self._mostly(Goal.objects, status=GoalStatus.DRAFT)
        goals.remove_goal(goal, version=goal.version, **self._by)

    def make_measure(self) -> None:
        measures.create_measure(
            self._any(Goal.objects), title=self._line(), unit="%", target=Decimal("5.125"), **self._by
        )

    def edit_measure(self) -> None:
        measure = self._any(Measure.objects)
        baseline = Decimal(self.random.choice(["0", "-3.5", "1e3"]))
        measures.edit_measure(
            measure,
            version=measure.version,
            title=self._line(),
            unit="days",
            baseline=baseline,
            target=Decimal(9),
            **self._by,
        )

    def undo_check_in(self) -> None:
        measures.undo_check_in(
            self._any(CheckIn.objects.filter(pk__in=CheckIn.objects.order_by("-pk").values("pk")[:1])), **self._by
        )

    def remove_measure(self) -> None:
        measure = self._any(Measure.objects)
        measures.remove_measure(measure, version=measure.version, **self._by)

    def correct_check_in(self) -> None:
        made = self._any(CheckIn.objects.uncorrected().filter(measure__goal__status="active"))
        version = made.measure.version
        measures.correct_check_in(made, version=version, value=Decimal(1), note="Not so.", **self._by)

    def check_in(self) -> None:
        measure = self._any(Measure.objects)
        measures.check_in(measure, version=measure.version, value=Decimal(3), **self._by)

    def make_initiative(self) -> None:
        initiatives.create_initiative(
            self._any(Team.objects),
            title=self._line(),
            problem=self._lines(),
            url=self.random.choice(["", "https://example.com/a?b=c,d"]),
            owner=self._or_none(self.actor),
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

    def undo_initiative_change(self) -> None:
        work = self._just_changed(Initiative.objects, "initiative")
        undo(work, version=work.version, **self._by)

    def confirm_initiative(self) -> None:
        work = self._any(Initiative.objects)
        initiatives.confirm_initiative(work, version=work.version, **self._by)

    def link(self) -> None:
        links.make_link(
            self._any(Initiative.objects),
            self._any(Goal.objects),
            self.random.choice(["It moves it.", "So we believe,\r\nand see."]),
            share=self._or_none(Decimal(self.random.choice(["0.2", "0.5", "1"]))),
            review_on=self._or_none(self._day(0, 4)),
            **self._by,
        )

    def edit_link(self) -> None:
        link = self._any(Link.objects)
        values = self.random.choice(
            [
                {"share": self._or_none(Decimal("0.3"))},
                {"rationale": "It moves it, we say."},
                {"measure": None, "expected_change": None},
            ]
        )
        links.edit_link(link, version=link.version, **values, **self._by)

    def take_successor(self) -> None:
        link = self._any(Link.objects.filter(goal__successors__isnull=False))
        goal = self._any(link.goal.successors)
        take_successor(link, goal, version=link.version, rationale="It moves it too.", share=link.share, **self._by)

    def aim_link(self) -> None:
        """At a measure."""
        aimed = [goal for path in Measure.objects.values_list("goal__path", flat=True) for goal in path]
        link = self._any(Link.objects.filter(goal__in=aimed))
        measure = self._any(Measure.objects.filter(goal__path__contains=[link.goal_id]))
        links.edit_link(link, version=link.version, measure=measure, expected_change=Decimal("-1.5"), **self._by)

    def set_shares(self) -> None:
        work = self._any(Initiative.objects.filter(links__isnull=False).distinct())
        held = list(work.links.order_by("pk"))
        each = self.random.choice([None, Decimal("0.25"), Decimal("0.333333")])
        links.set_shares(work, {link.pk: each for link in held}, version=shares_version(held), **self._by)

    def restore_link(self) -> None:
        """One that was removed just now, or any."""
        if self.random.random() < 0.5:
            self.remove_link()
        removals = LogEntry.objects.filter(action=REMOVED).order_by("-pk")
        links.restore_link(self._any(LogEntry.objects.filter(pk__in=removals.values("pk")[:2])), **self._by)

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
            self._any(Initiative.objects),
            team=self._any(Team.objects),
            ask=self._line(),
            size=SupportSize.SMALL,
            **self._by,
        )

    def answer(self) -> None:
        ask = self._any(Support.objects)
        status = self.random.choice(pledges.ANSWERS)
        values: dict[str, Any] = {"status": status, "answer": "So we do.", "due_on": LAST_DAY}
        pledges.answer_support(ask, version=ask.version, **values, **self._by)

    def offer(self) -> None:
        team, work = self._any(Team.objects), self._any(Initiative.objects)
        size = SupportSize.SMALL
        offers.offer_support(team, initiative=work, answer=self._line(), size=size, due_on=LAST_DAY, **self._by)

    def settle(self) -> None:
        ask = self._any(Support.objects)
        steps: list[tuple[Any, dict[str, str]]] = [
            (pledges.accept_terms, {}),
            (pledges.confirm_support, {}),
            (pledges.thank_support, {"thanks": "It helped."}),
            (offers.end_offer, {"reason": "Thank you, no."}),
        ]
        service, values = self.random.choice(steps)
        service(ask, version=ask.version, **values, **self._by)

    def ask_again(self) -> None:
        ask = self._any(Support.objects)
        support.ask_again(ask, version=ask.version, ask=self._line(), size=SupportSize.LARGE, **self._by)

    def deliver(self) -> None:
        ask = self._any(Support.objects)
        pledges.deliver_support(ask, version=ask.version, **self._by)

    def undo_support_change(self) -> None:
        ask = self._just_changed(Support.objects, "support")
        undo(ask, version=ask.version, **self._by)

    def withdraw(self) -> None:
        ask = self._any(Support.objects)
        support.withdraw_support(ask, version=ask.version, **self._by)

    def restore_support(self) -> None:
        entry = self._any(LogEntry.objects.filter(action="support.withdrawn"))
        work = Initiative.objects.get(pk=entry.changes["initiative"][0])
        support.restore_support(work, withdrawn=entry.subject_id, **self._by)

    def snooze(self) -> None:
        flag = self._any(Flag.objects)
        flags.snooze_flag(flag, until=self._day(1, 5), reason="Later.", **self._by)

    def wake(self) -> None:
        flags.wake_flag(self._any(Flag.objects), **self._by)

    def pass_days(self) -> None:
        self.at += self.random.choice([1, 1, 2, 9]) * ONE
        recompute_when_stale(at=self.at)


THINGS: list[Any] = [thing for name, thing in vars(Editor).items() if not name.startswith("_") and name != "edit"]
MAKING = [Editor.make_goal, Editor.make_measure, Editor.make_initiative, Editor.link, Editor.link, Editor.ask]
OFTEN = [
    *(Editor.aim_link, Editor.check_in, Editor.answer, Editor.activate_goal, Editor.remove_team),
    *(Editor.undo_initiative_change, Editor.undo_support_change),
]
AMENDING = [Editor.open_amendment, *3 * [Editor.plan_edit], Editor.settle_conflict, Editor.publish_amendment]
THINGS += [*AMENDING, Editor.withdraw_edit, Editor.drop_amendment]
THINGS += 4 * [*MAKING, Editor.move_goal] + 2 * OFTEN
