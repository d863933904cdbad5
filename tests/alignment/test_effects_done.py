"""A preview against what then happens: on random companies, each step that says what it would do is done by its
service, and what it said is what is so afterwards.
"""

from __future__ import annotations

import datetime as dt
import inspect
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment import edition_effects, effects, link_effects, team_effects, work_effects
from alignment.effects import Effect, FlagEffect
from alignment.engine import Alignment, compute
from alignment.engine.comparison import Comparison, coverage
from alignment.engine.model import day_number
from alignment.enums import LinkState
from alignment.models import Link
from alignment.narrative.effects import HEADLINES
from alignment.selectors.columns import company_columns
from alignment.selectors.shares import shares_version
from alignment.services import links
from alignment.services.successions import take_successor
from lib.services.errors import RefusedError
from strategy.enums import CLOSED, GoalStatus, StrategyStatus
from strategy.models import Edition, Goal, GoalSuccessor, Strategy
from strategy.selectors.amendments import amendment_version
from strategy.selectors.archiving import work_of
from strategy.selectors.strategies import open_goals
from strategy.services import goals, strategies
from strategy.services.archiving import Fate, archive_team
from strategy.services.carrying_over import CARRY, LEAVE, carry_over
from strategy.services.preparing import amendments
from strategy.services.preparing.taking_back import take_back_edition
from teams.enums import InitiativeKind, InitiativeStatus, Origin, Role
from teams.models import Company, Initiative, StanceRange, Team
from teams.selectors.company import company_day
from teams.services import initiatives
from teams.services.company import edit_company, edit_stance_range
from tests import factories as make
from tests.alignment.companies import Drawn, companies
from tests.alignment.edits import Editor
from tests.alignment.stored import assert_no_drift
from tests.alignment.test_report import move_in
from tests.examples import examples

pytestmark = pytest.mark.django_db

EFFORTS = [None, Decimal("0.01"), Decimal(7), Decimal(400)]
SHARES = [None, Decimal("0.000001"), Decimal("0.25"), Decimal("0.5"), Decimal(1)]
QUICKLY = (Phase.explicit, Phase.reuse, Phase.generate)
"""Not shrunk: an example takes long, and what was drawn is told."""
PROPOSAL = "Proposal of new work"
WORDS = ["", "So we believe.", "It removes a step."]
JUDGE = {LinkState.ENDORSED: links.endorse_link, LinkState.DISPUTED: links.dispute_link}


class NothingError(Exception):
    """There is nothing that the step could be done to."""


class Stepper:
    """Draws steps. Each method returns what the step would do, and doing it; both are called later."""

    def __init__(self, data: st.DataObject, at: dt.datetime) -> None:
        self.data, self.at, self.day = data, at, company_day(at)
        self.actor = make.PersonFactory(role=Role.ADMIN)
        self.by: dict[str, Any] = {"actor": self.actor, "at": at}
        self.asks: dict[str, Any] = {"reader": self.actor, "on": self.day}
        self.asks_at: dict[str, Any] = {"reader": self.actor, "at": at}

    def pick(self, options: Any) -> Any:
        return self.data.draw(st.sampled_from(list(options)))

    def any(self, rows: Any, **fitting: Any) -> Any:
        """One of `rows`, of the `fitting` where there are any."""
        found = list(rows.filter(**fitting).order_by("pk")) or list(rows.order_by("pk"))
        if not found:
            raise NothingError
        return self.pick(found)

    def near(self) -> dt.date | None:
        days = self.pick([None, -400, -15, -1, 0, 1, 30])
        return None if days is None else self.day + dt.timedelta(days=days)

    def publishing(self) -> Any:
        plan = self.any(Strategy.objects, status=StrategyStatus.DRAFT)
        return (
            lambda: effects.publishing(plan, **self.asks),
            lambda: strategies.publish_strategy(plan, version=plan.version, **self.by),
        )

    def restoring(self) -> Any:
        plan = self.any(Strategy.objects, status=StrategyStatus.ARCHIVED)
        return (
            lambda: effects.restoring(plan, **self.asks),
            lambda: strategies.restore_strategy(plan, version=plan.version, **self.by),
        )

    def archiving(self) -> Any:
        plan = self.any(Strategy.objects, status=StrategyStatus.PUBLISHED)
        return (
            lambda: effects.archiving(plan, **self.asks),
            lambda: strategies.archive_strategy(plan, version=plan.version, **self.by),
        )

    def closing(self) -> Any:
        goal, status = self.any(Goal.objects, status=GoalStatus.ACTIVE), self.pick(sorted(CLOSED))
        return (
            lambda: effects.closing(goal, **self.asks),
            lambda: goals.close_goal(goal, version=goal.version, status=status, reason="It is over.", **self.by),
        )

    def carrying(self) -> Any:
        """At least one is carried over. The draft counts for nothing; it is removed, so that the tables compare."""
        plan = self.any(Strategy.objects, status=StrategyStatus.PUBLISHED)
        rows = list(open_goals(plan))
        if not rows or plan.status == StrategyStatus.DRAFT:
            raise NothingError
        ways = [CARRY, LEAVE, *sorted(CLOSED)]
        fates = {rows[0].pk: CARRY} | {goal.pk: self.pick(ways) for goal in rows[1:]}
        closed = [goal.pk for goal in rows if fates[goal.pk] in CLOSED and goal.status == GoalStatus.ACTIVE]
        values: dict[str, Any] = {"title": "Next", "starts_on": None, "ends_on": None, "reason": "It is over."}

        def do() -> None:
            draft = carry_over(plan, version=plan.version, fates=fates, **values, **self.by)
            strategies.remove_strategy(draft, version=draft.version, **self.by)

        return lambda: effects.carrying(closed, **self.asks), do

    def activating(self) -> Any:
        goal = self.any(Goal.objects, status=GoalStatus.DRAFT)
        return (
            lambda: effects.activating(goal, **self.asks),
            lambda: goals.activate_goal(goal, version=goal.version, **self.by),
        )

    def moving(self) -> Any:
        goal = self.any(Goal.objects)
        to: dict[str, Any] = {"parent": None, "strategy": None}
        kind = self.pick(["parent", "strategy", "top"])
        if kind != "top":
            to[kind] = self.any({"parent": Goal.objects, "strategy": Strategy.objects}[kind])
        return (
            lambda: effects.moving(goal, **to, **self.asks),
            lambda: goals.move_goal(goal, version=goal.version, **to, **self.by),
        )

    def amending(self) -> Any:
        """Several edits, drawn as they are elsewhere; those that are refused are not planned."""
        plan = self.any(Strategy.objects, status=StrategyStatus.PUBLISHED)
        editor = Editor(Random(self.data.draw(st.integers(0, 2**32))), self.actor, self.at)
        if plan.status != StrategyStatus.PUBLISHED:
            raise NothingError
        amendment = amendments.open_amendment(plan, **self.by)
        for _ in range(6):
            with suppress(RefusedError, ValidationError):
                editor.plan_edit()
        version = amendment_version(amendment)
        return (
            lambda: edition_effects.amending(amendment, reader=self.actor, at=self.at),
            lambda: amendments.publish_amendment(amendment, version=version, because="We learned.", **self.by),
        )

    def taking_back(self) -> Any:
        """Of an amendment that was published just now."""
        _effect, publish = self.amending()
        tried(publish)
        last = Edition.objects.filter(kind="amended").order_by("-pk").first()
        if last is None:
            raise NothingError
        return (
            lambda: edition_effects.taking_back(last, reader=self.actor, at=self.at),
            lambda: take_back_edition(last, because="Too early.", **self.by),
        )

    def judging(self) -> Any:
        link, state = self.any(Link.objects), self.pick(LinkState)
        by = {**self.by, "actor": link.goal.owner or make.LeaderFactory()}
        if state == link.state:
            raise NothingError
        if state == LinkState.CLAIMED:
            done: Callable[[], object] = lambda: links.withdraw_judgement(link, **by)  # noqa: E731
        else:
            done = lambda: JUDGE[state](link, note="As I see it.", **by)  # noqa: E731
        return lambda: effects.judging(link, state, **self.asks), done

    def editing(self) -> Any:
        return self.pick([self._work, self._kind, self._status, self._goal, self._strategy])()

    def _work(self) -> Any:
        work = self.any(Initiative.objects)
        values = {
            "effort": self.pick([work.effort, *EFFORTS]),
            "ends_on": self.pick([work.ends_on, self.near()]),
            "origin": self.pick([work.origin, *Origin.values]),
            "team": self.pick([work.team, self.any(Team.objects)]),
            "title": self.pick([work.title, "Another title"]),
        }
        return (
            lambda: effects.editing(work, values, **self.asks),
            lambda: initiatives.edit_initiative(work, version=work.version, **values, **self.by),
        )

    def _kind(self) -> Any:
        work, kind = self.any(Initiative.objects), self.pick(InitiativeKind.values)
        values: dict[str, Any] = {"kind": kind, "declaration": "" if kind == InitiativeKind.GOAL else "What if?"}
        if kind == InitiativeKind.EXPLORE:
            values["ends_on"] = self.near()
        return (
            lambda: effects.editing(work, values, **self.asks),
            lambda: initiatives.declare_kind(work, version=work.version, **values, **self.by),
        )

    def _status(self) -> Any:
        work = self.any(Initiative.objects)
        values = {"status": self.pick(InitiativeStatus.values), "reason": "So it is."}
        return (
            lambda: effects.editing(work, values, **self.asks),
            lambda: initiatives.change_status(work, version=work.version, **values, **self.by),
        )

    def _goal(self) -> Any:
        goal = self.any(Goal.objects)
        values = {
            "weight": self.pick([goal.weight, Decimal("0.25"), Decimal(9)]),
            "starts_on": self.pick([goal.starts_on, self.near()]),
            "ends_on": self.pick([goal.ends_on, self.near()]),
            "why": self.pick([goal.why, *WORDS]),
            "meaning_changed": self.pick([False, True]),
        }
        return (
            lambda: effects.editing(goal, values, **self.asks),
            lambda: goals.edit_goal(goal, version=goal.version, **values, **self.by),
        )

    def _strategy(self) -> Any:
        plan = self.any(Strategy.objects)
        values: dict[str, Any] = {"starts_on": self.near(), "ends_on": self.near()}
        return (
            lambda: effects.editing(plan, values, **self.asks),
            lambda: strategies.edit_strategy(plan, version=plan.version, **values, **self.by),
        )

    def starting(self) -> Any:
        """What is done is done to a proposal, so that the tables compare."""
        team, goal, kind = self.any(Team.objects), self.any(Goal.objects), self.pick(InitiativeKind.values)
        values: dict[str, Any] = {
            "kind": kind,
            "declaration": "What if?",
            "effort": self.pick(EFFORTS),
            "ends_on": self.day + dt.timedelta(days=9) if kind == InitiativeKind.EXPLORE else None,
        }
        bet = {"rationale": self.pick(WORDS), "share": self.pick(SHARES)}
        proposal = initiatives.create_initiative(team, title=PROPOSAL, **values, **self.by)

        def begin() -> Initiative:
            status = InitiativeStatus.ACTIVE
            work = initiatives.create_initiative(team, title="New work", status=status, **values, **self.by)
            links.make_link(work, goal, **bet, **self.by)
            return work

        def do() -> None:
            links.make_link(proposal, goal, **bet, **self.by)
            row = Initiative.objects.get(pk=proposal.pk)
            initiatives.change_status(row, version=row.version, status=InitiativeStatus.ACTIVE, **self.by)

        return lambda: work_effects.starting(begin, **self.asks_at), do

    def setting(self) -> Any:
        firm = Company.objects.get()
        values = {
            "default_effort": self.pick([firm.default_effort, Decimal("0.01"), Decimal(3), Decimal(99999)]),
            "grace_days": self.pick([firm.grace_days, 0, 90]),
            "silent_days": self.pick([firm.silent_days, 1, 365]),
            "timezone": self.pick([firm.timezone, "Pacific/Kiritimati", "Pacific/Pago_Pago"]),
        }
        return (
            lambda: effects.setting(**values, **self.asks_at),
            lambda: edit_company(firm, version=firm.version, name=firm.name, **values, **self.by),
        )

    def linking(self) -> Any:
        work, goal = self.any(Initiative.objects), self.any(Goal.objects)
        bet = {
            "rationale": self.pick(WORDS),
            "evidence": "",
            "review_on": self.near(),
            "share": self.pick(SHARES),
        }
        return (
            lambda: link_effects.linking(work, goal, bet, **self.asks_at),
            lambda: links.make_link(work, goal, **bet, **self.by),
        )

    def succeeding(self) -> Any:
        link, goal = self.any(Link.objects), self.any(Goal.objects)
        if goal == link.goal:
            raise NothingError
        GoalSuccessor.objects.get_or_create(goal=link.goal, successor=goal)
        bet = {"rationale": self.pick(WORDS), "share": self.pick([link.share, *SHARES])}
        return (
            lambda: link_effects.succeeding(link, goal, bet, **self.asks_at),
            lambda: take_successor(link, goal, version=link.version, **bet, **self.by),
        )

    def expecting(self) -> Any:
        row = self.pick(list(StanceRange.objects.order_by("stance")))
        parts = [Decimal(0), Decimal("0.25"), Decimal("0.6"), Decimal(1)]
        low, high = sorted((self.pick(parts), self.pick(parts)))
        values = {
            "exploring_floor": low,
            "exploring_ceiling": high,
            **{name: self.pick(parts) for name in ("coverage_floor", "autonomy_floor", "sustaining_ceiling")},
        }
        return (
            lambda: team_effects.expecting(row.stance, values, **self.asks),
            lambda: edit_stance_range(row, version=row.version, **values, **self.by),
        )

    def archiving_team(self) -> Any:
        team = self.any(Team.objects)
        status = self.pick([InitiativeStatus.DONE, InitiativeStatus.DROPPED])
        to = self.any(Team.objects.exclude(pk=team.pk))
        fates = {work.pk: self.pick([Fate(team=to), Fate(status=status)]) for work in work_of(team)}
        moved = {pk: fate.team for pk, fate in fates.items() if fate.team is not None}
        ended = {pk: fate.status for pk, fate in fates.items() if fate.team is None}
        return (
            lambda: team_effects.archiving_team(team, moved=moved, ended=ended, **self.asks),
            lambda: archive_team(team, version=team.version, fates=fates, reason="It is over.", **self.by),
        )

    def rewriting(self) -> Any:
        link = self.any(Link.objects)
        values = {
            "rationale": self.pick([link.rationale, *WORDS]),
            "review_on": self.pick([link.review_on, self.near()]),
            "share": self.pick([link.share, *SHARES]),
        }
        return (
            lambda: link_effects.rewriting(link, values, **self.asks_at),
            lambda: links.edit_link(link, version=link.version, **values, **self.by),
        )

    def unlinking(self) -> Any:
        """Of one that was there, or was made a moment ago."""
        link = self.any(Link.objects)
        if self.pick([False, True]):
            links.remove_link(link, **self.by)
            link = links.make_link(link.initiative, link.goal, "Made a moment ago.", **self.by)
        return (
            lambda: link_effects.unlinking(link, **self.asks_at),
            lambda: links.remove_link(link, version=link.version, **self.by),
        )

    def dividing(self) -> Any:
        work = self.any(Initiative.objects, links__isnull=False)
        held = list(work.links.order_by("pk"))
        shares = {link.pk: self.pick([link.share, *SHARES]) for link in held}
        return (
            lambda: link_effects.dividing(work, shares, **self.asks_at),
            lambda: links.set_shares(work, shares, version=shares_version(held), **self.by),
        )


STEPS = [name for name in vars(Stepper) if name.endswith(("ing", "ing_team", "taking_back"))]
REFUSING = {"amending", "taking_back", "starting", "linking", "succeeding", "rewriting", "unlinking", "dividing"}
"""Steps whose preview refuses what the step refuses."""


def test_every_step_with_a_preview_is_drawn():
    found = {
        name
        for module in (edition_effects, effects, link_effects, team_effects, work_effects)
        for name, thing in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and thing.__annotations__.get("return") == "Effect"
    }
    assert found - {"effect_of", "compared", "activating_now"} == {*STEPS}


@pytest.mark.slow
@pytest.mark.parametrize("name", STEPS)
def test_step_does_what_its_preview_said(name):
    @settings(max_examples=examples(5), deadline=None, phases=QUICKLY, suppress_health_check=list(HealthCheck))
    @given(companies(), st.data())
    def on_a_company(drawn: Drawn, data: st.DataObject) -> None:
        with transaction.atomic():
            move_in(drawn.bundle, drawn.today)
            at = dt.datetime.combine(drawn.today, dt.time(12, 30), dt.UTC)
            stepper = Stepper(data, at)
            prepare(name, stepper)
            try:
                look, do = getattr(stepper, name)()
                check(name, look, do, at)
            except NothingError:
                pass
            transaction.set_rollback(True)

    on_a_company()


def prepare(name: str, stepper: Stepper) -> None:
    """Of most random companies all strategies are published and all goals active."""
    wanted = {"publishing": StrategyStatus.DRAFT, "restoring": StrategyStatus.ARCHIVED}
    if name in wanted and (plan := Strategy.objects.order_by("pk").first()):
        Strategy.objects.filter(pk=plan.pk).update(status=wanted[name])
    if name in {"publishing", "activating"}:
        Goal.objects.filter(pk__in=Goal.objects.order_by("pk").values("pk")[:4]).update(status=GoalStatus.DRAFT)


def check(name: str, look: Callable[[], Effect], do: Callable[[], object], at: dt.datetime) -> None:
    before = as_it_is(at)
    effect, refused = tried(look)
    _done, was_refused = tried(do)
    if name in REFUSING:
        assert refused == was_refused
    if was_refused:
        return
    if name in {"amending", "taking_back"}:
        assert_no_drift()
    assert effect is not None
    assert_says(effect, Comparison(before, as_it_is(at)))


def tried(step: Callable[[], Any]) -> tuple[Any, str]:
    """What it returns, or None and why it was refused."""
    try:
        return step(), ""
    except (RefusedError, ValidationError) as refusal:
        return None, str(refusal)


def as_it_is(at: dt.datetime) -> Alignment:
    return compute(company_columns(), day_number(company_day(at)))


def assert_says(effect: Effect, real: Comparison) -> None:
    figures = {each.name: each for each in real.figures()}
    assert {each.name: (each.now, each.after) for each in effect.figures} == {
        name: (pytest.approx(each.now), pytest.approx(each.after)) for name, each in figures.items()
    }
    told = [text for text in effect.sentences if "headline figure" not in text]
    moving = {name for name, each in figures.items() if each.moves}
    assert {name for name in figures if any(text.startswith(f"{HEADLINES[name][0]} ") for text in told)} == moving
    assert effect.flags == [FlagEffect(code, *counts) for code, counts in real.flags().items()]

    company = real.before.company
    teams = dict(Team.objects.values_list("pk", "key"))
    now, after = coverage(real.before), coverage(real.after)
    assert {row.key: (row.now, row.after) for row in effect.teams.rows} == {
        teams[company.teams.id[at]]: (figure(now[at]), figure(after[at])) for at in real.teams().tolist()
    }
    work = dict(Initiative.objects.values_list("pk", "key"))
    for rows, found in ((effect.orphaned, real.orphaned()), (effect.regained, real.regained())):
        listed = {work[company.initiatives.id[at]] for at in found}
        assert {row.key for row in rows.rows} == {key for key in listed if not key.startswith("proposal-")}
    codes = [(teams[company.teams.id[each.at]], each.code, each.opens) for each in real.team_flags()]
    assert [(each.key, each.code, each.opens) for each in effect.team_flags.rows] == codes
    assert (effect.asked.links, sum(effect.asked.teams.values())) == (len(real.to_confirm()),) * 2
    titles = dict(Goal.objects.values_list("pk", "key"))
    assert {row.key for row in effect.uncovered.rows} == {titles[company.goals.id[at]] for at in real.uncovered()}


def figure(value: float) -> Any:
    return None if value != value else pytest.approx(value)
