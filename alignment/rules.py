"""Permissions on links and flags, and what the stored figures give for a link."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from rules.permissions import add_perm
from rules.predicates import predicate

from alignment.engine.model import Bools, Floats, Ints, day_number, instant_number
from alignment.enums import FlagCode, LinkState, Outcome, UncountedReason
from alignment.flags import kind_of
from alignment.models import Flag, Link
from alignment.proposals import PROPOSAL
from conversations.models import Thread
from strategy.models import Goal
from strategy.rules import edits_goal
from teams.models import Person
from teams.rules import edits_initiative, is_admin, is_leader, leads, writes


def link_reason(state: str, goal_reason: str | None) -> UncountedReason | None:
    """Why a link in `state` does not count, None where it does (spec/alignment.md, *Why a link does not count*).

    `goal_reason` is GoalFigures.reason of its goal, None where it was never computed: then only a dispute is a reason.
    """
    if state == LinkState.DISPUTED:
        return UncountedReason.DISPUTED
    return UncountedReason(goal_reason) if goal_reason else None


def reason_of(link: Link) -> UncountedReason | None:
    """Like `link_reason`, for a link loaded with its goal and the goal's figures."""
    figures = getattr(link.goal, "figures", None)
    return link_reason(link.state, figures.reason if figures else None)


def counts(link: Link) -> bool:
    return reason_of(link) is None


def meaning_changed_on(goal: Goal) -> dt.date | None:
    """The last day on which the meaning of the goal, or of one above it as last computed, changed."""
    return _last_change(goal)[0]


def _last_change(goal: Goal) -> tuple[dt.date | None, dt.datetime | None]:
    changes = [
        (each.meaning_changed_on, each.meaning_changed_at)
        for each in (goal, getattr(goal, "figures", goal))
        if each.meaning_changed_on is not None
    ]
    return max(changes, key=lambda change: (change[0], instant_number(change[1])), default=(None, None))


_OUTCOMES = tuple(Outcome)


@dataclass(frozen=True)
class _FewLinks:
    """A few links, loaded with their goals, as LinkFacts of alignment.engine.flags. Fields are read only when a
    condition needs them, so that the others can be deferred."""

    links: Sequence[Link]

    @property
    def reasoned(self) -> Bools:
        return np.array([bool(link.rationale) or link.state == LinkState.ENDORSED for link in self.links], dtype=bool)

    @property
    def outcome(self) -> Ints:
        return np.array([_OUTCOMES.index(Outcome(link.outcome)) for link in self.links], dtype=np.int64)

    @property
    def confirmed_on(self) -> Ints:
        return _days([link.confirmed_on for link in self.links])

    @property
    def confirmed_at(self) -> Floats:
        return _instants([link.confirmed_at for link in self.links])

    @property
    def meaning_changed_on(self) -> Ints:
        return _days([_last_change(link.goal)[0] for link in self.links])

    @property
    def meaning_changed_at(self) -> Floats:
        return _instants([_last_change(link.goal)[1] for link in self.links])

    @property
    def review_on(self) -> Ints:
        return _days([link.review_on for link in self.links])


def _days(days: Sequence[dt.date | None]) -> Ints:
    return np.array([day_number(day) for day in days], dtype=np.int64)


def _instants(instants: Sequence[dt.datetime | None]) -> Floats:
    return np.array([instant_number(at) for at in instants], dtype=np.float64)


def links_about(code: str, links: Sequence[Link], on: dt.date | None) -> list[Link]:
    """Those of `links` (which count and have their goals loaded) that a flag of `code` on day `on` is about, by the
    engine's own condition."""
    condition = kind_of(code).of_links
    if condition is None or not links:
        return []
    marked = condition(_FewLinks(links), day_number(on))
    return [link for link, is_marked in zip(links, marked.tolist(), strict=True) if is_marked]


def is_about(code: str, link: Link, on: dt.date | None) -> bool:
    return bool(links_about(code, [link], on))


def was_confirmed_before(link: Link) -> bool:
    """Whether it was confirmed before the meaning of its goal, or of one above it, changed (spec/alignment.md, *Flags*,
    `reconfirm`)."""
    return is_about(FlagCode.RECONFIRM, link, None)


def edits_link(person: Person, link: Link | None) -> bool:
    """Anyone who may edit the initiative."""
    return link is not None and edits_initiative(person, link.initiative)


def judges_link(person: Person, link: Link | None) -> bool:
    """Who may endorse and dispute: the goal's owner; where it has none, leaders, or those who lead its team."""
    if link is None or not writes(person):
        return False
    if link.goal.owner_id is not None:
        return link.goal.owner_id == person.pk
    return is_leader(person) or leads(person, link.goal.team)


def snoozes_flag(person: Person, flag: Flag | None) -> bool:
    """Anyone who may act on what it is about."""
    if flag is None:
        return False
    acts = edits_initiative(person, flag.initiative) or edits_goal(person, flag.goal) or leads(person, flag.team)
    return acts or (flag.strategy_id is not None and is_leader(person))


def accepts_proposal(person: Person, thread: Thread | None) -> bool:
    """Leaders, who add goals to strategies; nobody accepts what they proposed themselves."""
    if thread is None or thread.kind != PROPOSAL or thread.asker_id == person.pk:
        return False
    return is_leader(person)


add_perm("alignment.accept_proposal", predicate(accepts_proposal))
add_perm("alignment.link_work", predicate(writes))
add_perm("alignment.edit_link", predicate(edits_link))
add_perm("alignment.judge_link", predicate(judges_link))
add_perm("alignment.snooze_flag", predicate(snoozes_flag))
add_perm("alignment.recompute", predicate(is_admin))
