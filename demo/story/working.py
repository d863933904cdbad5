"""Actions of the story about work, as in demo.story.leading: people start, link and judge it, and help."""

from __future__ import annotations

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from alignment.models import Flag
from alignment.services import flags, links
from demo.story.telling import Does, Scene, When
from teams.enums import InitiativeKind, InitiativeStatus, SupportStatus
from teams.models import Initiative
from teams.services import initiatives, support
from teams.services.offers import offer_support
from teams.services.pledges import TERMS, accept_terms, answer_support, confirm_support, deliver_support, thank_support


def starts(
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
        made = initiatives.create_initiative(
            row,
            **scene.by,
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


def edits(work: str, *, team: str | None = None, effort: str | None = None, **values: Any) -> Does:
    def edit(scene: Scene) -> None:
        row = scene.work(work)
        if team:
            values["team"] = scene.team(team)
        if effort:
            values["effort"] = Decimal(effort)
        initiatives.edit_initiative(row, **scene.by, version=row.version, **values)

    return edit


def _declares(work: str, kind: str, declaration: str, until: When | None) -> Does:
    def declare(scene: Scene) -> None:
        row = scene.work(work)
        initiatives.declare_kind(
            row,
            **scene.by,
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


def _goes(work: str, status: str, reason: str = "", learned: str | None = None) -> Does:
    def go(scene: Scene) -> None:
        row = scene.work(work)
        initiatives.change_status(row, **scene.by, version=row.version, status=status, reason=reason, learned=learned)

    return go


def begins(work: str) -> Does:
    return _goes(work, InitiativeStatus.ACTIVE)


def finishes(work: str) -> Does:
    return _goes(work, InitiativeStatus.DONE)


def pauses(work: str) -> Does:
    return _goes(work, InitiativeStatus.PAUSED)


def stops(work: str, reason: str, *, learned: str | None = None) -> Does:
    return _goes(work, InitiativeStatus.DROPPED, reason, learned)


def looks_over(*names: str, but: Collection[str] = ()) -> Does:
    """Confirms each active piece of work of these teams, `but` of those that are left out. What was touched on the day
    is left alone."""

    def look(scene: Scene) -> None:
        left = {scene.work(work).pk for work in but}
        for name in names:
            rows = Initiative.objects.filter(team=scene.team(name), status=InitiativeStatus.ACTIVE).exclude(pk__in=left)
            for row in rows.order_by("id"):
                initiatives.confirm_initiative(row, **scene.by, version=row.version)

    return look


def links_to(
    work: str,
    goal: str,
    because: str,
    *,
    share: str | None = None,
    evidence: str = "",
    review: When | None = None,
    measure: str | None = None,
    change: str | None = None,
    rests_on: str | None = None,
    about: str | None = None,
) -> Does:
    """`rests_on` is a page of the business context, `about` a persona."""

    def link(scene: Scene) -> None:
        links.make_link(
            scene.work(work),
            scene.goal(goal),
            because,
            **scene.by,
            share=Decimal(share) if share else None,
            evidence=evidence,
            review_on=scene.day(review),
            measure=scene.measure(measure) if measure else None,
            expected_change=Decimal(change) if change else None,
            pages=[scene.page(rests_on)] if rests_on else [],
            personas=[scene.persona(about)] if about else [],
        )

    return link


def unlinks(work: str, goal: str) -> Does:
    def unlink(scene: Scene) -> None:
        row = scene.link(work, goal)
        links.remove_link(row, **scene.by, version=row.version)

    return unlink


def relinks(work: str, old: str, new: str, because: str, **bet: Any) -> tuple[Does, Does]:
    """Unlinks it from a goal and links it to another, with a new reason."""
    return unlinks(work, old), links_to(work, new, because, **bet)


def edits_link(work: str, goal: str, **values: Any) -> Does:
    def edit(scene: Scene) -> None:
        row = scene.link(work, goal)
        links.edit_link(row, **scene.by, version=row.version, **values)

    return edit


def confirms(*works: str, goal: str) -> Does:
    def confirm(scene: Scene) -> None:
        for work in works:
            row = scene.link(work, goal)
            links.confirm_link(row, **scene.by)

    return confirm


def saw(work: str, goal: str, outcome: str, note: str) -> Does:
    """Records how a bet turned out."""

    def record(scene: Scene) -> None:
        row = scene.link(work, goal)
        links.record_outcome(row, **scene.by, version=row.version, outcome=outcome, note=note)

    return record


def endorses(goal: str, *works: str, note: str = "") -> Does:
    def endorse(scene: Scene) -> None:
        for work in works:
            row = scene.link(work, goal)
            links.endorse_link(row, **scene.by, version=row.version, note=note)

    return endorse


def disputes(goal: str, work: str, note: str) -> Does:
    def dispute(scene: Scene) -> None:
        row = scene.link(work, goal)
        links.dispute_link(row, **scene.by, version=row.version, note=note)

    return dispute


def asks(work: str, team: str, ask: str, *, size: str = "medium", needed: When | None = None) -> Does:
    def ask_for(scene: Scene) -> None:
        row, of = scene.work(work), scene.team(team)
        support.ask_support(row, **scene.by, team=of, ask=ask, size=size, needed_on=scene.day(needed))

    return ask_for


def _answers(work: str, team: str, status: str, answer: str, by: When | None = None) -> Does:
    def reply(scene: Scene) -> None:
        row, day = scene.ask(work, team), scene.day(by)
        answer_support(row, **scene.by, version=row.version, status=status, answer=answer, due_on=day)

    return reply


def pledges(work: str, team: str, answer: str = "", *, by: When) -> Does:
    return _answers(work, team, SupportStatus.PLEDGED, answer, by)


def has_terms(work: str, team: str, answer: str, *, by: When) -> Does:
    return _answers(work, team, TERMS, answer, by)


def declines(work: str, team: str, answer: str) -> Does:
    return _answers(work, team, SupportStatus.DECLINED, answer)


def accepts(work: str, team: str) -> Does:
    return _step(accept_terms, work, team)


def delivers(work: str, team: str) -> Does:
    return _step(deliver_support, work, team)


def receives(work: str, team: str) -> Does:
    return _step(confirm_support, work, team)


def thanks(work: str, team: str, text: str) -> Does:
    return _step(thank_support, work, team, thanks=text)


def _step(service: Callable[..., Any], work: str, team: str, **values: Any) -> Does:
    def do(scene: Scene) -> None:
        row = scene.ask(work, team)
        service(row, **scene.by, version=row.version, **values)

    return do


def offers(work: str, team: str, answer: str, *, by: When, size: str = "small") -> Does:
    def offer(scene: Scene) -> None:
        row, of = scene.work(work), scene.team(team)
        offer_support(of, **scene.by, initiative=row, answer=answer, size=size, due_on=scene.day(by))

    return offer


def snoozes(code: str, work: str, *, until: When, reason: str) -> Does:
    def snooze(scene: Scene) -> None:
        flag = Flag.objects.open().get(code=code, initiative=scene.work(work))
        flags.snooze_flag(flag, **scene.by, until=scene.calendar.day(*until), reason=reason)

    return snooze
