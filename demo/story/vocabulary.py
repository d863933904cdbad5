"""What people do in the story. Each word makes an event of a service, as the person who acts and only where they may."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from alignment.models import Flag
from alignment.services import digest, flags, links, subscriptions
from demo.story.telling import Does, Scene
from strategy.models import Goal
from strategy.services import goals, measures, missions, strategies
from teams.enums import InitiativeKind, InitiativeStatus, SupportStatus, TeamRole
from teams.models import Initiative
from teams.services import initiatives, members, people, stance, support, teams

When = tuple[int, int]
"""A day of the story: week and weekday."""


def _by(scene: Scene) -> dict[str, Any]:
    return {"actor": scene.actor, "at": scene.at}


# --- people -------------------------------------------------------------------------------------------------------


def joins() -> Does:
    """The person who acts accepts their invitation."""
    return lambda scene: people.join(scene.actor, at=scene.at)


def joins_team(team: str, *names: str, role: str = TeamRole.MEMBER) -> Does:
    def add(scene: Scene) -> None:
        row = scene.team(team)
        scene.may("teams.edit_team", row)
        for name in names:
            members.add_member(row, **_by(scene), person=scene.person(name), role=role)

    return add


def previews_letters() -> Does:
    def preview(scene: Scene) -> None:
        scene.may("alignment.run_digest")
        digest.note_preview(**_by(scene))

    return preview


def starts_letters() -> Does:
    def start(scene: Scene) -> None:
        scene.may("alignment.run_digest")
        digest.start_digest(**_by(scene), version=digest.digest().version)

    return start


def wants_letters(*, weekday: int | None = None, hour: int | None = None, wanted: bool = True) -> Does:
    """ISO weekday and hour, for oneself."""
    return lambda scene: subscriptions.choose_letters(
        scene.actor,
        **_by(scene),
        letters=wanted,
        letters_always=False,
        letter_weekday=weekday,
        letter_hour=hour,
        timezone=scene.actor.timezone,
    )


# --- strategy and goals -------------------------------------------------------------------------------------------


def drafts_strategy(name: str, *, title: str, narrative: str, starts: When, ends: When) -> Does:
    def draft(scene: Scene) -> None:
        scene.may("strategy.write_strategy")
        row = strategies.create_strategy(
            **_by(scene),
            title=title,
            narrative=narrative,
            starts_on=scene.day(starts),
            ends_on=scene.day(ends),
            owner=scene.actor,
        )
        scene.name(name, row)

    return draft


def publishes(strategy: str) -> Does:
    def publish(scene: Scene) -> None:
        row = scene.strategy(strategy)
        scene.may("strategy.publish_strategy", row)
        strategies.publish_strategy(row, **_by(scene), version=row.version)

    return publish


def archives(strategy: str) -> Does:
    def archive(scene: Scene) -> None:
        row = scene.strategy(strategy)
        scene.may("strategy.publish_strategy", row)
        strategies.archive_strategy(row, **_by(scene), version=row.version)

    return archive


def adds_goal(
    name: str,
    *,
    title: str,
    why: str = "",
    strategy: str | None = None,
    below: str | None = None,
    team: str | None = None,
    owner: str | None = None,
    starts: When | None = None,
    ends: When | None = None,
    **values: Any,
) -> Does:
    def add(scene: Scene) -> None:
        parent = scene.goal(below) if below else None
        scene.may("strategy.add_goal_below" if below else "strategy.write_strategy", parent)
        row = goals.create_goal(
            **_by(scene),
            title=title,
            why=why,
            strategy=scene.strategy(strategy) if strategy else None,
            parent=parent,
            team=scene.team(team) if team else None,
            owner=scene.person(owner) if owner else None,
            starts_on=scene.day(starts),
            ends_on=scene.day(ends),
            **values,
        )
        scene.name(name, row)

    return add


def edits_goal(goal: str, *, meaning_changed: bool | None = None, owner: str | None = None, **values: Any) -> Does:
    def edit(scene: Scene) -> None:
        row = scene.goal(goal)
        scene.may("strategy.edit_goal", row)
        if owner:
            values["owner"] = scene.person(owner)
        goals.edit_goal(row, **_by(scene), version=row.version, meaning_changed=meaning_changed, **values)

    return edit


def _decides(scene: Scene, goal: str) -> Goal:
    row = scene.goal(goal)
    scene.may("strategy.decide_goal", row)
    return row


def activates(goal: str) -> Does:
    def activate(scene: Scene) -> None:
        row = _decides(scene, goal)
        goals.activate_goal(row, **_by(scene), version=row.version)

    return activate


def closes(goal: str, *, status: str, reason: str) -> Does:
    def close(scene: Scene) -> None:
        row = _decides(scene, goal)
        goals.close_goal(row, **_by(scene), version=row.version, status=status, reason=reason)

    return close


def moves_goal(goal: str, *, below: str | None = None, strategy: str | None = None) -> Does:
    def move(scene: Scene) -> None:
        row = _decides(scene, goal)
        goals.move_goal(
            row,
            **_by(scene),
            version=row.version,
            parent=scene.goal(below) if below else None,
            strategy=scene.strategy(strategy) if strategy else None,
        )

    return move


def measures_by(name: str, goal: str, title: str, unit: str, baseline: str, target: str) -> Does:
    """Says how one would see that the goal is reached."""

    def measure(scene: Scene) -> None:
        row = scene.goal(goal)
        scene.may("strategy.edit_goal", row)
        made = measures.create_measure(
            row, **_by(scene), title=title, unit=unit, baseline=Decimal(baseline), target=Decimal(target)
        )
        scene.name(name, made)

    return measure


def checks_in(measure: str, value: str, note: str = "") -> Does:
    def check(scene: Scene) -> None:
        row = scene.measure(measure)
        scene.may("strategy.check_in", row)
        measures.check_in(row, **_by(scene), version=row.version, value=Decimal(value), note=note)

    return check


# --- teams --------------------------------------------------------------------------------------------------------


def creates_team(name: str, title: str, *, below: str | None = None) -> Does:
    def create(scene: Scene) -> None:
        scene.may("teams.create_team")
        scene.name(
            name, teams.create_team(**_by(scene), name=title, parent=scene.team(below) if below else None)
        )

    return create


def sets_stance(team: str, to: str, *, reason: str, until: When | None = None) -> Does:
    def set_to(scene: Scene) -> None:
        row = scene.team(team)
        scene.may("teams.edit_team", row)
        stance.set_stance(row, **_by(scene), version=row.version, stance=to, reason=reason, until=scene.day(until))

    return set_to


def sets_mission(team: str, mission: str, *serves: str) -> Does:
    def set_to(scene: Scene) -> None:
        row = scene.team(team)
        scene.may("teams.edit_team", row)
        served = [scene.goal(goal) for goal in serves]
        missions.set_mission(row, **_by(scene), version=row.version, mission=mission, goals=served)

    return set_to


# --- work ---------------------------------------------------------------------------------------------------------


def starts(  # noqa: PLR0913 -- what a form of the product asks for
    name: str,
    team: str,
    *,
    title: str,
    problem: str,
    effort: str | None = None,
    kind: str = InitiativeKind.GOAL,
    declaration: str = "",
    until: When | None = None,
    owner: str | None = None,
    origin: str = "team",
    status: str = InitiativeStatus.ACTIVE,
) -> Does:
    def start(scene: Scene) -> None:
        row = scene.team(team)
        scene.may("teams.work_on", row)
        made = initiatives.create_initiative(
            row,
            **_by(scene),
            title=title,
            problem=problem,
            kind=kind,
            declaration=declaration,
            effort=Decimal(effort) if effort else None,
            ends_on=scene.day(until),
            owner=scene.person(owner) if owner else scene.actor,
            origin=origin,
            status=status,
        )
        scene.name(name, made)

    return start


def _edited(scene: Scene, work: str) -> Initiative:
    row = scene.work(work)
    scene.may("teams.edit_initiative", row)
    return row


def edits(work: str, *, team: str | None = None, effort: str | None = None, **values: Any) -> Does:
    def edit(scene: Scene) -> None:
        row = _edited(scene, work)
        if team:
            values["team"] = scene.team(team)
        if effort:
            values["effort"] = Decimal(effort)
        initiatives.edit_initiative(row, **_by(scene), version=row.version, **values)

    return edit


def _declares(work: str, kind: str, declaration: str, until: When | None) -> Does:
    def declare(scene: Scene) -> None:
        row = _edited(scene, work)
        initiatives.declare_kind(
            row,
            **_by(scene),
            version=row.version,
            kind=kind,
            declaration=declaration,
            ends_on=scene.day(until),
        )

    return declare


def explores(work: str, question: str, until: When) -> Does:
    """Declares it an exploration."""
    return _declares(work, InitiativeKind.EXPLORE, question, until)


def keeps_up(work: str, why: str) -> Does:
    """Declares it upkeep."""
    return _declares(work, InitiativeKind.SUSTAIN, why, None)


def becomes_goal_work(work: str) -> Does:
    return _declares(work, InitiativeKind.GOAL, "", None)


def _goes(work: str, status: str, reason: str = "") -> Does:
    def go(scene: Scene) -> None:
        row = _edited(scene, work)
        initiatives.change_status(row, **_by(scene), version=row.version, status=status, reason=reason)

    return go


def begins(work: str) -> Does:
    return _goes(work, InitiativeStatus.ACTIVE)


def finishes(work: str) -> Does:
    return _goes(work, InitiativeStatus.DONE)


def pauses(work: str) -> Does:
    return _goes(work, InitiativeStatus.PAUSED)


def stops(work: str, reason: str) -> Does:
    return _goes(work, InitiativeStatus.DROPPED, reason)


def looks_over(*names: str, but: Collection[str] = ()) -> Does:
    """Says of each active piece of work of these teams that what it says is still true, `but` of those that nobody
    looks at. What was touched on the day is left alone."""

    def look(scene: Scene) -> None:
        left = {scene.work(work).pk for work in but}
        for name in names:
            rows = Initiative.objects.filter(team=scene.team(name), status=InitiativeStatus.ACTIVE).exclude(pk__in=left)
            for row in rows.order_by("id"):
                scene.may("teams.edit_initiative", row)
                initiatives.confirm_initiative(row, **_by(scene), version=row.version)

    return look


# --- links --------------------------------------------------------------------------------------------------------


def links_to(  # noqa: PLR0913 -- what a form of the product asks for
    work: str,
    goal: str,
    because: str,
    *,
    share: str | None = None,
    evidence: str = "",
    review: When | None = None,
    measure: str | None = None,
    change: str | None = None,
) -> Does:
    def link(scene: Scene) -> None:
        links.make_link(
            _edited(scene, work),
            scene.goal(goal),
            because,
            **_by(scene),
            share=Decimal(share) if share else None,
            evidence=evidence,
            review_on=scene.day(review),
            measure=scene.measure(measure) if measure else None,
            expected_change=Decimal(change) if change else None,
        )

    return link


def unlinks(work: str, goal: str) -> Does:
    def unlink(scene: Scene) -> None:
        row = scene.link(work, goal)
        scene.may("alignment.edit_link", row)
        links.remove_link(row, **_by(scene), version=row.version)

    return unlink


def relinks(work: str, old: str, new: str, because: str, **bet: Any) -> tuple[Does, Does]:
    """Takes it from a goal and gives it another, with a reason of its own."""
    return unlinks(work, old), links_to(work, new, because, **bet)


def edits_link(work: str, goal: str, **values: Any) -> Does:
    def edit(scene: Scene) -> None:
        row = scene.link(work, goal)
        scene.may("alignment.edit_link", row)
        links.edit_link(row, **_by(scene), version=row.version, **values)

    return edit


def confirms(*works: str, goal: str) -> Does:
    def confirm(scene: Scene) -> None:
        for work in works:
            row = scene.link(work, goal)
            scene.may("alignment.edit_link", row)
            links.confirm_link(row, **_by(scene))

    return confirm


def saw(work: str, goal: str, outcome: str, note: str) -> Does:
    """Says how a bet turned out."""

    def record(scene: Scene) -> None:
        row = scene.link(work, goal)
        scene.may("alignment.edit_link", row)
        links.record_outcome(row, **_by(scene), version=row.version, outcome=outcome, note=note)

    return record


def endorses(goal: str, *works: str, note: str = "") -> Does:
    def endorse(scene: Scene) -> None:
        for work in works:
            row = scene.link(work, goal)
            scene.may("alignment.judge_link", row)
            links.endorse_link(row, **_by(scene), version=row.version, note=note)

    return endorse


def disputes(goal: str, work: str, note: str) -> Does:
    def dispute(scene: Scene) -> None:
        row = scene.link(work, goal)
        scene.may("alignment.judge_link", row)
        links.dispute_link(row, **_by(scene), version=row.version, note=note)

    return dispute


# --- support and questions ----------------------------------------------------------------------------------------


def asks(work: str, team: str, ask: str, *, size: str = "medium") -> Does:
    return lambda scene: support.ask_support(
        _edited(scene, work), **_by(scene), team=scene.team(team), ask=ask, size=size
    )


def _answers(work: str, team: str, status: str, answer: str) -> Does:
    def reply(scene: Scene) -> None:
        row = scene.ask(work, team)
        scene.may("teams.answer_support", row)
        support.answer_support(row, **_by(scene), version=row.version, status=status, answer=answer)

    return reply


def pledges(work: str, team: str, answer: str = "") -> Does:
    return _answers(work, team, SupportStatus.PLEDGED, answer)


def declines(work: str, team: str, answer: str) -> Does:
    return _answers(work, team, SupportStatus.DECLINED, answer)


def delivers(work: str, team: str) -> Does:
    def deliver(scene: Scene) -> None:
        row = scene.ask(work, team)
        scene.may("teams.settle_support", row)
        support.deliver_support(row, **_by(scene), version=row.version)

    return deliver


def snoozes(code: str, work: str, *, until: When, reason: str) -> Does:
    def snooze(scene: Scene) -> None:
        flag = Flag.objects.open().get(code=code, initiative=scene.work(work))
        scene.may("alignment.snooze_flag", flag)
        flags.snooze_flag(flag, **_by(scene), until=scene.calendar.day(*until), reason=reason)

    return snooze
