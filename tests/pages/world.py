"""The World of the permission table with more going on in it, so that pages have something of everything."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from alignment.enums import FlagCode, LinkState
from alignment.models import Flag, Link
from alignment.refresh.recompute import recompute_alignment
from conversations.enums import Side
from digest.enums import DigestState
from digest.models import Digest, DigestSettings
from strategy.enums import GoalStatus, Lens, StrategyStatus
from strategy.models import CheckIn, ContextPage, Goal, Strategy
from teams.enums import InitiativeKind, Origin, Stance, SupportStatus, TeamRole
from teams.models import Initiative, Person, Support, Team
from tests import factories as make
from tests.permissions.table import World, build_world

LINES = "Two *words*.\n\nAnd two more."


@dataclass
class Lively:
    world: World
    links: dict[str, Link]
    flags: dict[str, Flag]
    asks: dict[str, Support]


def today() -> dt.date:
    return timezone.localdate()


def in_days(days: int) -> dt.date:
    return today() + dt.timedelta(days=days)


def build_lively() -> Lively:
    """`worker` is a plain member of the crew; the goals `half-open` and `unlinked` are the member's and nobody's."""
    world = build_world()
    world.people["worker"] = make.PersonFactory(name="Will Worker")
    make.MembershipFactory(team=world.team, person=world.people["worker"])
    _company(world)
    _teams(world)
    links = _work(world)
    asks = _support(world)
    recompute_alignment(as_of=today(), at=timezone.now())
    flags = _flags(world)
    _digests(world)
    world.team.refresh_from_db()
    world.initiative.refresh_from_db()
    return Lively(world, links, flags, asks)


def _company(world: World) -> None:
    Strategy.objects.filter(pk=world.strategy.pk).update(
        narrative=LINES, starts_on=in_days(-90), ends_on=in_days(90), title="Open strategy"
    )
    make.StrategyFactory(key="old", title="Old strategy", status=StrategyStatus.ARCHIVED)
    make.GoalFactory(key="old-goal", strategy__key="older", strategy__status=StrategyStatus.ARCHIVED)
    make.StrategyFactory(key="bare", title="Bare draft", status=StrategyStatus.DRAFT)
    closed = make.GoalFactory(key="closed", strategy=world.strategy, title="Closed goal")
    make.MeasureFactory(key="of-closed", goal=closed)
    Goal.objects.filter(pk=closed.pk).update(
        status=GoalStatus.MISSED, closed_on=in_days(-1), closing_reason="Too late.\n\nAnd too dear."
    )
    make.GoalFactory(key="drafted", title="Drafted goal", strategy=world.strategy, status=GoalStatus.DRAFT, why="")
    make.GoalFactory(key="own-draft", title="Drafted goal of ours", team=world.team, status=GoalStatus.DRAFT)
    make.MeasureFactory(key="untouched", goal=world.goal, title="Untouched", unit="a week")
    below = make.GoalFactory(key="below-open", title="Below", parent=world.goal, team=world.team)
    Goal.objects.filter(key="half-open").update(owner=world.people["member"])
    Goal.objects.filter(pk=world.team_goal.pk).update(owner=world.people["outsider"])
    Goal.objects.filter(pk=world.goal.pk).update(title="Open goal", ends_on=in_days(60), weight=3)
    make.MissionGoalFactory(team=world.team, goal=world.goal)
    make.MissionGoalFactory(team=world.team, goal=below)
    CheckIn.objects.create(measure=world.measure, at=make.NOW, value=Decimal(4), person=None, note="First.")
    CheckIn.objects.create(
        measure=world.measure, at=make.NOW, value=Decimal(4), person=world.people["leader"], note="Then."
    )
    ContextPage.objects.filter(pk=world.context_page.pk).update(title="Prices")
    former = make.DecidedFactory(key="own-sales", title="Own sales")
    decision = make.DecidedFactory(key="partners-sell", title="Partners sell", supersedes=former, context=LINES)
    make.DecisionGoalFactory(decision=decision, goal=world.goal)
    make.DecisionPersonFactory(decision=decision, person=world.people["leader"])
    make.DecisionFactory(key="to-decide", title="To decide", options=LINES)
    asked = make.ThreadFactory(
        key="question-why", about_id=world.goal.pk, asker=world.people["worker"], turn=Side.ASKS, aspect="effort"
    )
    make.MessageFactory(thread=asked, text="Why this goal, and not **another**?")
    asked.pinned = make.MessageFactory(thread=asked, text=LINES, author=world.people["leader"])
    asked.save()
    for lens in Lens:
        make.ContextPageFactory(
            key=f"{lens}-page", lens=lens, title=f"About {lens}", body=LINES, owner=world.people["leader"]
        )


def _teams(world: World) -> None:
    fleet = make.TeamFactory(key="fleet", name="Fleet")
    crew = Team.objects.get(pk=world.team.pk)
    crew.parent, crew.name, crew.mission = fleet, "Crew", LINES
    crew.stance, crew.stance_reason, crew.stance_until = Stance.SPOTLIGHT, "It is the year.", in_days(-1)
    crew.save()
    busy = make.TeamFactory(key="busy", name="Busy", parent=crew)
    make.TeamFactory(key="idle", name="Idle", parent=crew)
    make.InitiativeFactory(key="busy-work", title="Busy work", team=busy, effort=2)
    make.TeamPersonaFactory(team=crew, persona__key="buyers", persona__name="Buyers", persona__problem=LINES)
    make.TeamPersonaFactory(team=crew, persona__key="quiet", persona__name="Quiet ones")
    make.PersonaFactory(key="unserved", name="Unserved")
    for number in range(10):
        make.MembershipFactory(team=crew, person__name=f"Zoe {number}")
    make.MembershipFactory(team=fleet, person__name="Fay Fleet", role=TeamRole.LEAD)


def _work(world: World) -> dict[str, Link]:
    """Of the crew: `work`, with a link that is due and to be confirmed, one endorsed and one disputed."""
    Initiative.objects.filter(pk=world.initiative.pk).update(
        title="The work",
        problem=LINES,
        kind=InitiativeKind.EXPLORE,
        declaration="Does it?\n\nOr does it not?",
        origin=Origin.ASSIGNED,
        starts_on=in_days(-30),
        ends_on=in_days(30),
        url="https://example.com/work",
        effort=8,
    )
    for key, status in (("idea", "proposed"), ("resting", "paused"), ("finished", "done"), ("given-up", "dropped")):
        make.InitiativeFactory(key=key, title=key.capitalize(), team=world.team, status=status)
    make.InitiativeFactory(key="upkeep", team=world.team, kind=InitiativeKind.SUSTAIN, declaration="It keeps going.")
    loose = make.InitiativeFactory(key="loose", title="Loose", team=world.team, effort=None, owner=None)
    Initiative.objects.filter(pk=loose.pk).update(touched_on=in_days(-100))
    Goal.objects.filter(pk=world.goal.pk).update(meaning_changed_on=in_days(-2))
    due = Link.objects.get(initiative=world.initiative, goal=world.goal)
    Link.objects.filter(pk=due.pk).update(
        confirmed_on=in_days(-20), review_on=in_days(-1), evidence="More orders", measure=world.measure, share="0.25"
    )
    judged: dict[str, Any] = {"judged_by": world.people["leader"], "judged_on": in_days(-3), "note": "Well.\nYes."}
    kept = make.LinkFactory(
        initiative=world.initiative,
        goal=Goal.objects.get(key="below-open"),
        state=LinkState.ENDORSED,
        review_on=in_days(20),
        confirmed_on=today(),
        **judged,
    )
    doubted = make.LinkFactory(
        initiative=world.foreign, goal=world.goal, state=LinkState.DISPUTED, confirmed_on=today(), **judged
    )
    silent = make.LinkFactory(
        initiative=Initiative.objects.get(key="upkeep"), goal=world.goal, rationale="", confirmed_on=today()
    )
    paused = make.LinkFactory(initiative=Initiative.objects.get(key="resting"), goal=world.goal, confirmed_on=today())
    return {"due": due, "kept": kept, "doubted": doubted, "silent": silent, "paused": paused}


def _support(world: World) -> dict[str, Support]:
    """One of each kind on each side of the crew."""
    asks = {"asked": world.asked_by_crew, "to-answer": world.asked_of_crew}
    for status in (SupportStatus.PLEDGED, SupportStatus.DECLINED, SupportStatus.DELIVERED):
        answer = {"status": status, "answer": f"We say {status}."}
        asks[status] = make.SupportFactory(initiative=world.initiative, ask=f"Ask {status}", **answer)
        asks[f"their-{status}"] = make.SupportFactory(team=world.team, ask=f"Their {status}", **answer)
    return asks


def _flags(world: World) -> dict[str, Flag]:
    """Beside those that hold, one of each kind of thing that is snoozed."""
    Flag.objects.filter(snoozed_until__isnull=False).delete()
    snoozed = {"snoozed_until": in_days(14), "snooze_reason": "Not now.", "snoozed_by": world.people["leader"]}
    loose = Initiative.objects.get(key="loose")
    Flag.objects.filter(initiative=loose, code=FlagCode.ORPHAN).update(**snoozed)
    unmeasured = Flag.objects.get(goal__key="below-open", code=FlagCode.UNMEASURED)
    for name, value in snoozed.items():
        setattr(unmeasured, name, value)
    unmeasured.save()
    of_team = Flag.objects.get(team=world.team, code=FlagCode.STANCE_EXPIRED)
    for name, value in snoozed.items():
        setattr(of_team, name, value)
    of_team.save()
    return {"work": Flag.objects.get(initiative=loose, code=FlagCode.ORPHAN), "goal": unmeasured, "team": of_team}


def _digests(world: World) -> None:
    """Digests run; of this week one failed, of one before as well, and one address was refused."""
    monday = today() - dt.timedelta(days=today().weekday())
    start = dt.datetime.combine(monday, dt.time(8), tzinfo=dt.UTC)
    DigestSettings.objects.update(previewed_at=make.NOW, started_at=make.NOW)
    week = {"week": monday, "due_at": start, "ends_at": start + dt.timedelta(days=7), "not_before": start}
    before = {name: value - dt.timedelta(days=7) for name, value in week.items()}
    failed = {"state": DigestState.FAILED, "attempts": 3, "problem": "421 Too busy"}
    for who in ("worker", "leader"):
        make.DigestFactory(person=world.people[who], **week, **failed)
    make.DigestFactory(person=world.people["viewer"], **week, state=DigestState.DUE)
    make.DigestFactory(person=world.people["worker"], **before, **failed)
    make.DigestFactory(person=world.people["member"], **before, state=DigestState.NOTHING)
    Person.objects.filter(pk=world.people["outsider"].pk).update(refused_at=make.NOW, refusal="550 Unknown")
    assert Digest.objects.count() == 5
