"""Actions of the story about the company: people join, write strategy and goals, and say what a team is for.

Each function returns a call of a service, as the acting person and with their permissions.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accounts.services import invitations, leaving
from demo.story.telling import Does, Scene, When
from digest.selectors.digests import digest_settings
from digest.services import running as digest
from digest.services import subscriptions
from strategy.enums import AmendmentState, Confidence, EditKind, MeasureKind
from strategy.models import Amendment
from strategy.selectors.reading import asking_last
from strategy.services import context, goals, measures, missions, reading, strategies
from strategy.services.preparing import amendments
from teams.enums import TeamRole
from teams.services import members, presence, stance, teams


def joins() -> Does:
    """The person who acts accepts their invitation."""
    return lambda scene: invitations.join(scene.actor, **scene.by)


def ends_access(name: str, *, to: str) -> Does:
    """Somebody leaves, and what they own goes `to` another."""

    def end(scene: Scene) -> None:
        leaving.deactivate_person(scene.person(name), **scene.by, to=leaving.everything_to(scene.person(to)))

    return end


def joins_team(team: str, *names: str, role: str = TeamRole.MEMBER) -> Does:
    def add(scene: Scene) -> None:
        row = scene.team(team)
        for name in names:
            members.add_member(row, **scene.by, person=scene.person(name), role=role)

    return add


def previews_digests() -> Does:
    def preview(scene: Scene) -> None:
        digest.note_preview(**scene.by)

    return preview


def starts_digests() -> Does:
    def start(scene: Scene) -> None:
        digest.start_digest(**scene.by, version=digest_settings().version)

    return start


def wants_digests(*, weekday: int | None = None, hour: int | None = None, wanted: bool = True) -> Does:
    """Sets the acting person's ISO weekday and hour."""
    return lambda scene: subscriptions.choose_digests(
        scene.actor,
        **scene.by,
        digests=wanted,
        digests_always=False,
        digest_weekday=weekday,
        digest_hour=hour,
        timezone=scene.actor.timezone,
    )


def drafts_strategy(name: str, *, title: str, narrative: str, starts: When, ends: When) -> Does:
    def draft(scene: Scene) -> None:
        row = strategies.create_strategy(
            **scene.by,
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
        strategies.publish_strategy(row, **scene.by, version=row.version)

    return publish


def archives(strategy: str) -> Does:
    def archive(scene: Scene) -> None:
        row = scene.strategy(strategy)
        strategies.archive_strategy(row, **scene.by, version=row.version)

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
        row = goals.create_goal(
            **scene.by,
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
    """With `because` where it is a published goal of the company."""

    def edit(scene: Scene) -> None:
        row = scene.goal(goal)
        if owner:
            values["owner"] = scene.person(owner)
        goals.edit_goal(row, **scene.by, version=row.version, meaning_changed=meaning_changed, **values)

    return edit


def activates(goal: str, *, because: str | None = None) -> Does:
    def activate(scene: Scene) -> None:
        row = scene.goal(goal)
        goals.activate_goal(row, **scene.by, version=row.version, because=because)

    return activate


def closes(goal: str, *, status: str, reason: str, learned: str = "", successors: Sequence[str] = ()) -> Does:
    def close(scene: Scene) -> None:
        row, after = scene.goal(goal), [scene.goal(key) for key in successors]
        said: dict[str, Any] = {"status": status, "reason": reason, "learned": learned}
        goals.close_goal(row, **scene.by, version=row.version, successors=after, **said)

    return close


def moves_goal(goal: str, *, because: str, below: str | None = None, strategy: str | None = None) -> Does:
    def move(scene: Scene) -> None:
        row = scene.goal(goal)
        goals.move_goal(
            row,
            **scene.by,
            version=row.version,
            parent=scene.goal(below) if below else None,
            strategy=scene.strategy(strategy) if strategy else None,
            because=because,
        )

    return move


def begins_amendment(strategy: str) -> Does:
    return lambda scene: amendments.open_amendment(scene.strategy(strategy), **scene.by)


def plans_for(goal: str, *, meaning_changed: bool | None = None, **values: Any) -> Does:
    """Plans an edit of it in the open amendment of its strategy."""

    def plan(scene: Scene) -> None:
        row = scene.goal(goal)
        amendment = Amendment.objects.get(state=AmendmentState.OPEN, strategy__goals=row.path[0])
        given = {"meaning_changed": meaning_changed, **values}
        amendments.plan_edit(amendment, **scene.by, step=EditKind.GOAL, version=row.version, goal=row, **given)

    return plan


def measures_by(
    name: str,
    goal: str,
    title: str,
    unit: str,
    baseline: str,
    target: str,
    *,
    keeper: str | None = None,
    because: str | None = None,
) -> Does:
    """Adds a measure to `goal`, named `name` in the story."""
    numbers = {"unit": unit, "baseline": Decimal(baseline), "target": Decimal(target)}
    return _measures(name, goal, keeper, because, title=title, **numbers)


def keeps_at(
    name: str, goal: str, title: str, unit: str, *, kind: str, limit: str, now: str, because: str | None = None
) -> Does:
    """Adds one that is kept at a limit, above or below it as its `kind` says."""
    values = {"baseline": Decimal(now), "target": Decimal(limit)}
    return _measures(name, goal, None, because, title=title, unit=unit, kind=kind, **values)


def awaits(name: str, goal: str, title: str, *, keeper: str, because: str | None = None) -> Does:
    """Adds a milestone."""
    return _measures(name, goal, keeper, because, title=title, kind=MeasureKind.MILESTONE)


def _measures(name: str, goal: str, keeper: str | None, because: str | None, **values: Any) -> Does:
    def measure(scene: Scene) -> None:
        kept_by = scene.person(keeper) if keeper else None
        scene.name(
            name, measures.create_measure(scene.goal(goal), **scene.by, keeper=kept_by, because=because, **values)
        )

    return measure


def checks_in(measure: str, value: str, note: str = "", *, sure: str = Confidence.ON_TRACK) -> Does:
    def check(scene: Scene) -> None:
        row = scene.measure(measure)
        measures.check_in(row, **scene.by, version=row.version, value=Decimal(value), confidence=sure, note=note)

    return check


def creates_team(name: str, title: str, *, below: str | None = None) -> Does:
    def create(scene: Scene) -> None:
        scene.name(name, teams.create_team(**scene.by, name=title, parent=scene.team(below) if below else None))

    return create


def marks_not_here(team: str) -> Does:
    def mark(scene: Scene) -> None:
        row = scene.team(team)
        presence.set_presence(row, **scene.by, version=row.version, is_here=False)

    return mark


def sets_stance(team: str, to: str, *, reason: str, until: When | None = None) -> Does:
    def set_to(scene: Scene) -> None:
        row = scene.team(team)
        stance.set_stance(row, **scene.by, version=row.version, stance=to, reason=reason, until=scene.day(until))

    return set_to


def sets_mission(team: str, mission: str, *serves: str) -> Does:
    def set_to(scene: Scene) -> None:
        row = scene.team(team)
        served = [scene.goal(goal) for goal in serves]
        missions.set_mission(row, **scene.by, version=row.version, mission=mission, goals=served)

    return set_to


def reads(strategy: str) -> Does:
    """The last edition that asks for it."""

    def read(scene: Scene) -> None:
        edition = asking_last().get(strategy=scene.strategy(strategy))
        reading.mark_read(edition, **scene.by)

    return read


def rewrites_page(page: str, old: str, new: str) -> Does:
    """Replaces `old` by `new` in a page of the business context. Raises ValueError where it lacks `old`."""

    def rewrite(scene: Scene) -> None:
        row = scene.page(page)
        if old not in row.body:
            raise ValueError(f"the page {page} does not say: {old}")
        context.edit_context_page(row, **scene.by, version=row.version, body=row.body.replace(old, new))

    return rewrite
