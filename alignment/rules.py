"""Who may do what with links and flags, and what the stored figures say of a link."""

from __future__ import annotations

from rules.permissions import add_perm
from rules.predicates import predicate

from alignment.enums import LinkState, Reason
from alignment.models import Flag, Link
from strategy.rules import edits_goal
from teams.models import Person
from teams.rules import edits_initiative, is_admin, is_leader, leads, writes


def link_reason(state: str, goal_reason: str | None) -> Reason | None:
    """Why a link in `state` does not count, None where it does (spec/alignment.md, *Why a link does not count*).

    `goal_reason` is what GoalFigures holds of its goal; of a goal that was never computed (None) nothing is said.
    """
    if state == LinkState.DISPUTED:
        return Reason.DISPUTED
    return Reason(goal_reason) if goal_reason else None


def reason_of(link: Link) -> Reason | None:
    """As `link_reason`, of a link that knows its goal with the goal's figures."""
    figures = getattr(link.goal, "figures", None)
    return link_reason(link.state, figures.reason if figures else None)


def was_confirmed_before(link: Link) -> bool:
    """The day on which the meaning of its goal changed (spec/alignment.md, *Flags*, `reconfirm`)."""
    changed = link.goal.meaning_changed_on
    return changed is not None and link.confirmed_on < changed


def edits_link(person: Person, link: Link | None) -> bool:
    """Whoever edits the initiative."""
    return link is not None and edits_initiative(person, link.initiative)


def judges_link(person: Person, link: Link | None) -> bool:
    """Endorsing and disputing: the goal's owner; where it has none, leaders, or whoever leads its team."""
    if link is None or not writes(person):
        return False
    if link.goal.owner_id is not None:
        return link.goal.owner_id == person.pk
    return is_leader(person) or leads(person, link.goal.team)


def snoozes_flag(person: Person, flag: Flag | None) -> bool:
    """Whoever could do something about what it says."""
    if flag is None:
        return False
    return edits_initiative(person, flag.initiative) or edits_goal(person, flag.goal) or leads(person, flag.team)


add_perm("alignment.link_work", predicate(writes))
add_perm("alignment.edit_link", predicate(edits_link))
add_perm("alignment.judge_link", predicate(judges_link))
add_perm("alignment.snooze_flag", predicate(snoozes_flag))
add_perm("alignment.recompute", predicate(is_admin))
add_perm("alignment.run_digest", predicate(is_admin))
