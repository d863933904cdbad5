"""Services of proposals, and the step that follows what becomes of the goals that were accepted.

An accepted goal is a draft, which teams do not see, and no work is linked to it. When it is published, its evidence is
linked, with the proposer's words as the reason. Where it will not be published after all, the conversation goes on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError

from alignment.models import Proposal, ProposalWork
from alignment.proposals import ACCEPTED, GONE, PROPOSAL
from alignment.services.proposed_links import (
    link_work,
    links_made,
    of_strategies_that_ended,
    take_links_back,
    to_link,
    to_prepare_again,
)
from conversations.enums import Side
from conversations.kinds import thread_kind
from conversations.models import Thread
from conversations.selectors.parties import party_of
from conversations.services.messages import added, check_text
from conversations.services.threads import ENDED, again, ended, open_thread, refs_of
from lib.log.kinds import Ref
from lib.log.values import made
from lib.services.dates import working_days_after
from lib.services.edits import locked, opened, revise
from lib.services.errors import RefusedError
from lib.services.finishing import Written
from lib.services.writes import writes
from lib.text.clean import tidy
from strategy.enums import EditKind, GoalStatus, MeasureKind, StrategyStatus
from strategy.models import Amendment, Goal, Strategy
from strategy.selectors.amendments import open_amendment_of
from strategy.services.goals import create_goal, edit_goal
from strategy.services.measures import create_measure
from strategy.services.preparing.amendments import open_amendment, plan_edit
from teams.enums import GOES_ON
from teams.models import Initiative, Person
from teams.selectors.company import company_day
from teams.services.log import record

MOST_WORK = 20
SAY_HOW = "Say how this work moves it: that is the reason of its links."
SAY_WHY = "Say why the company should want it."
OWN = "You answer for this strategy yourself, so nobody else would be asked. Add the goal to it."
NOT_HERE = "A goal is proposed for a published strategy, or below an active goal of one. Choose another place."
TOO_MUCH = f"Name at most {MOST_WORK} pieces of work."
ENDED_WORK = "“{}” has ended. Choose work that goes on."
PUBLISHING = frozenset({"goal.activated", "strategy.published"})
NOT_PREPARED = frozenset(
    {"goal.removed", "goal.deactivated", "strategy.unpublished", "amendment.dropped", "amendment.withdrawn"}
)
ENDING = frozenset({"strategy.archived", "strategy.unpublished"})
"""Actions after which an accepted goal may be published, may not be prepared any more, and is asked for no longer."""
Place = Strategy | Goal
By = dict[str, Any]


@writes(permission="conversations.open_thread")
def propose_goal(
    place: Place,
    *,
    actor: Person,
    at: dt.datetime,
    title: str,
    text: str,
    measure: str = "",
    because: str = "",
    work: Collection[Initiative] = (),
) -> Thread:
    """Proposes a goal at the top of a strategy or below a goal; `text` is its why, `because` how the `work` that is its
    evidence moves it.

    Raises ValidationError by field, RefusedError where no goal is wanted there or `actor` is the one to answer.
    """
    strategy = strategy_of(place)
    row = Proposal(title=tidy(title), measure=tidy(measure), because=tidy(because))
    _check(row, work, text, actor)
    if party_of("strategy", strategy.pk).person == actor:
        raise RefusedError(OWN)
    about: Ref = (str(place._meta.model_name), place.pk)
    row.thread = open_thread(
        actor=actor, at=at, kind=PROPOSAL, about=about, text=text, answers=("strategy", strategy.pk)
    )
    row.save(force_insert=True)
    ProposalWork.objects.bulk_create([ProposalWork(proposal=row, initiative=each) for each in work])
    refs = refs_of(row.thread) | {("initiative", each.pk) for each in work}
    record("proposal.made", actor=actor, at=at, subject=row, changes=made(row), refs=refs)
    return row.thread


def strategy_of(place: Place) -> Strategy:
    """The published strategy in which a goal is proposed. Raises RefusedError."""
    if isinstance(place, Strategy):
        strategy, wanted = place, True
    else:
        root = Goal.objects.select_related("strategy").get(pk=place.path[0])
        strategy, wanted = root.strategy, place.team_id is None and place.status == GoalStatus.ACTIVE
    if not wanted or strategy is None or strategy.status != StrategyStatus.PUBLISHED:
        raise RefusedError(NOT_HERE)
    return strategy


def _check(row: Proposal, work: Collection[Initiative], text: str, actor: Person) -> None:
    """Raises ValidationError by field, PermissionDenied for work that `actor` may not link."""
    row.clean_fields(exclude=["thread", "goal"])
    check_text(text, SAY_WHY)
    if len(work) > MOST_WORK:
        raise ValidationError({"work": TOO_MUCH})
    for each in work:
        if not actor.has_perm("teams.edit_initiative", each):
            raise PermissionDenied
        if each.status not in GOES_ON:
            raise ValidationError({"work": ENDED_WORK.format(each)})
    if work and not row.because:
        raise ValidationError({"because": SAY_HOW})


@writes(permission="alignment.accept_proposal", alone=True)
def accept_proposal(
    thread: Thread,
    *,
    actor: Person,
    at: dt.datetime,
    version: int,
    place: Place,
    title: str,
    why: str,
    measure: str = "",
    owner: Person | None = None,
    text: str = "",
) -> Proposal:
    """Makes the proposal a draft goal, which the open amendment of the strategy, or a new one, adds. `measure` is a
    milestone of the goal; `text` is said with it.

    Raises StaleError, ValidationError by field, RefusedError where the proposal has ended or the place is in another
    strategy.
    """
    row = opened(thread, version)
    if row.outcome:
        raise RefusedError(ENDED)
    proposal = locked(row.proposal)
    strategy = strategy_of(place)
    if strategy.pk != row.answers_id:
        raise RefusedError(NOT_HERE)
    by: By = {"actor": actor, "at": at}
    amendment = open_amendment_of(strategy) or open_amendment(strategy, **by)
    goal = _draft(proposal, place, by, title=title, why=why, owner=owner)
    if tidy(measure) and not goal.measures.exists():
        create_measure(goal, title=measure, kind=MeasureKind.MILESTONE, **by)
    _plan(amendment, goal, by)
    changes = revise(proposal, goal=goal)
    record("proposal.accepted", subject=proposal, changes=changes, refs=refs_of(row), **by)
    if tidy(text):
        added(row, check_text(text), **by)
    ended(row, ACCEPTED, **by)
    return proposal


def _draft(proposal: Proposal, place: Place, by: By, **values: Any) -> Goal:
    """The draft goal: a new one, or the one of before, where the proposal was accepted and is prepared no longer."""
    if proposal.goal is not None and proposal.goal.status == GoalStatus.DRAFT:
        return edit_goal(proposal.goal, version=proposal.goal.version, **values, **by)
    where: By = {"strategy": place} if isinstance(place, Strategy) else {"parent": place}
    return create_goal(**where, **values, **by)


def _plan(amendment: Amendment, goal: Goal, by: By) -> None:
    goal.refresh_from_db(fields=["version"])
    edit = amendment.edits.filter(kind=EditKind.ACTIVATION, goal=goal).first()
    version = goal.version + (edit.version if edit else 0)
    plan_edit(amendment, step=EditKind.ACTIVATION, version=version, goal=goal, **by)


def follow_proposals(written: Written) -> None:
    """The step at the end of every write that published a goal, or after which one may not be published
    (`lib.services.finishing`). No query after any other."""
    told = [entry for entry, _refs in written.entries if entry.action in PUBLISHING | NOT_PREPARED | ENDING]
    if not told or told[-1].actor is None:
        return
    actor, at, actions = told[-1].actor, told[-1].at, {entry.action for entry in told}
    if actions & PUBLISHING:
        link_published(actor=actor, at=at)
    if actions & NOT_PREPARED:
        unlink_taken_back(actor=actor, at=at)
    if actions & ENDING:
        for proposal in of_strategies_that_ended():
            ended(locked(proposal.thread), GONE, actor=actor, at=at)
    if actions & NOT_PREPARED:
        for proposal in to_prepare_again():
            day = working_days_after(company_day(at), thread_kind(PROPOSAL).days)
            again(locked(proposal.thread), Side.ANSWERS, day, actor=actor, at=at)


def link_published(*, actor: Person, at: dt.datetime) -> None:
    """Part of a service: links the work of all proposals whose goal is active now; one that was still talked about is
    accepted with it. Also for a preview, which takes it back."""
    for proposal in to_link():
        link_work(proposal, actor=actor, at=at)
        if not proposal.thread.outcome:
            ended(locked(proposal.thread), ACCEPTED, actor=actor, at=at)


def unlink_taken_back(*, actor: Person, at: dt.datetime) -> None:
    """Part of a service: as `link_published`, of those whose goal is a draft again."""
    for proposal in links_made():
        take_links_back(proposal, actor=actor, at=at)
