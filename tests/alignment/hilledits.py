"""What people of the hills do, each through its service, a day after the figures (tests/alignment/hills.py)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from alignment.selectors.shares import shares_version
from alignment.services import links
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from strategy.services import archiving, goals, measures, missions, strategies
from teams.enums import InitiativeStatus, Stance, SupportSize, SupportStatus
from teams.models import Initiative, LogEntry, Support, Team
from teams.services import initiatives, pledges, presence, stance, support, teams
from tests import factories as make
from tests.alignment.hills import Hills
from tests.factories import DAY

Edit = Callable[[Hills], object]


def goal(key: str) -> Goal:
    return Goal.objects.get(key=key)


def unlink(hills: Hills) -> None:
    links.remove_link(hills.links["climb"], **hills.by)


def link_again(hills: Hills) -> None:
    links.restore_link(LogEntry.objects.get(action="link.removed"), **hills.by)


def link_to_middle(hills: Hills) -> None:
    links.make_link(hills.work["climb"], goal("middle"), "It is on the way.", **hills.by)


def dispute(hills: Hills) -> None:
    links.dispute_link(hills.links["climb"], note="It does not.", **hills.by)


def confirm(hills: Hills) -> None:
    links.confirm_link(hills.links["climb"], **hills.by)


def share(hills: Hills) -> None:
    """Half of what went to `third` goes to `beside`: the parts of the initiative stay as they are."""
    held = list(hills.work["split"].links.order_by("pk"))
    given = {hills.links["split"].pk: Decimal("0.5")}
    links.set_shares(hills.work["split"], given, version=shares_version(held), **hills.by)


def close(key: str) -> Edit:
    def closed(hills: Hills) -> None:
        version = goal(key).version
        goals.close_goal(goal(key), version=version, status=GoalStatus.DROPPED, reason="Enough.", **hills.by)

    return closed


def reopen(key: str) -> Edit:
    return lambda hills: goals.reopen_goal(goal(key), **hills.by)


def edit_goal(key: str, **values: Any) -> Edit:
    return lambda hills: goals.edit_goal(
        goal(key), version=goal(key).version, **{"meaning_changed": False, **values}, **hills.by
    )


def move(key: str, parent: str) -> Edit:
    return lambda hills: goals.move_goal(goal(key), version=goal(key).version, parent=goal(parent), **hills.by)


def measure(key: str) -> Edit:
    return lambda hills: measures.create_measure(goal(key), title="Metres", target=Decimal(9), **hills.by)


def unmeasure(key: str) -> Edit:
    def removed(hills: Hills) -> None:
        made = goal(key).measures.get()
        measures.remove_measure(made, version=made.version, **hills.by)

    return removed


def draft_below_beside(hills: Hills) -> None:
    draft = goals.create_goal(title="Some day", parent=goal("beside"), **hills.by)
    measure(draft.key)(hills)


def remove_draft(hills: Hills) -> None:
    draft = Goal.objects.get(title="Some day")
    goals.remove_goal(draft, version=draft.version, **hills.by)


def teams_goal(hills: Hills) -> None:
    goals.create_goal(title="Ours", team=hills.crew, active=True, **hills.by)


def edit_work(key: str, **values: Any) -> Edit:
    def edited(hills: Hills) -> None:
        row = Initiative.objects.get(key=key)
        initiatives.edit_initiative(row, version=row.version, **values, **hills.by)

    return edited


def pause(hills: Hills) -> None:
    row = Initiative.objects.get(key="steady")
    initiatives.change_status(row, version=row.version, status=InitiativeStatus.PAUSED, **hills.by)


def more_work(hills: Hills) -> None:
    initiatives.create_initiative(
        hills.others, title="Tidy", effort=Decimal(4), status=InitiativeStatus.ACTIVE, **hills.by
    )


def hand_over(hills: Hills) -> None:
    edit_work("steady", team=hills.crew)(hills)


def serve_nothing(hills: Hills) -> None:
    missions.set_mission(hills.others, version=1, mission="We stay.", goals=[], **hills.by)


def serve_leaf(hills: Hills) -> None:
    missions.set_mission(hills.others, version=1, mission="We stay.", goals=[goal("leaf")], **hills.by)


def spotlight(hills: Hills) -> None:
    stance.set_stance(hills.crew, version=1, stance=Stance.SPOTLIGHT, reason="Now.", until=None, **hills.by)


def give(key: str, to: str) -> Edit:
    return lambda hills: edit_work(key, team=getattr(hills, to))(hills)


def mark(key: str, *, is_here: bool) -> Edit:
    def marked(hills: Hills) -> None:
        row = Team.objects.get(pk=getattr(hills, key).pk)
        presence.set_presence(row, version=row.version, is_here=is_here, **hills.by)

    return marked


def hang(key: str, above: str | None) -> Edit:
    def moved(hills: Hills) -> None:
        row, parent = Team.objects.get(pk=getattr(hills, key).pk), getattr(hills, above) if above else None
        teams.move_team(row, version=row.version, parent=parent, **hills.by)

    return moved


def ask(hills: Hills) -> None:
    support.ask_support(hills.work["climb"], team=hills.others, ask="A rope.", size=SupportSize.SMALL, **hills.by)


def ask_others_still(hills: Hills) -> None:
    """Of a team that has nothing of its own."""
    asked = make.TeamFactory(key="porters")
    support.ask_support(hills.work["climb"], team=asked, ask="A rope.", size=SupportSize.SMALL, **hills.by)


def archive_asked(hills: Hills) -> None:
    asked = Team.objects.get(key="porters")
    archiving.archive_team(asked, version=asked.version, **hills.by)


def decline(hills: Hills) -> None:
    row = Support.objects.get()
    pledges.answer_support(row, version=row.version, status=SupportStatus.DECLINED, answer="We have none.", **hills.by)


def archive(hills: Hills) -> None:
    strategies.archive_strategy(hills.plan, version=Strategy.objects.get(key="plan").version, **hills.by)


def end_plan(days: int) -> Edit:
    """So many days after the day of the figures."""

    def ended(hills: Hills) -> None:
        version = Strategy.objects.get(key="plan").version
        strategies.edit_strategy(hills.plan, version=version, ends_on=DAY + dt.timedelta(days=days), **hills.by)

    return ended


def draft_plan(_hills: Hills) -> None:
    plan = make.StrategyFactory(key="next", status=StrategyStatus.DRAFT)
    make.GoalFactory(key="fourth", strategy=plan, status=GoalStatus.DRAFT)


def publish(hills: Hills) -> None:
    plan = Strategy.objects.get(key="next")
    strategies.publish_strategy(plan, version=plan.version, **hills.by)
