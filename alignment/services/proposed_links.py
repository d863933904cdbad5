"""The links of the work that is evidence for a proposed goal: made when the goal is published, and taken back with its
publication. Nothing here is called by pages.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from alignment.models import Link, Proposal
from alignment.proposals import ACCEPTED, DECLINED, GONE, WITHDRAWN
from alignment.selectors.shares import given_shares
from alignment.services.links import make_link, remove_link
from lib.services.edits import revise
from strategy.enums import AmendmentState, EditKind, GoalStatus, StrategyStatus
from strategy.models import AmendmentEdit, Goal, Strategy
from teams.enums import GOES_ON
from teams.models import Initiative, Person
from teams.services.log import record


def _proposals() -> QuerySet[Proposal]:
    return Proposal.objects.select_related("thread__asker", "goal").order_by("pk")


def to_link() -> list[Proposal]:
    """Those whose goal is active, and whose work is not linked to it yet."""
    rows = _proposals().filter(linked_at=None, goal__status=GoalStatus.ACTIVE)
    return list(rows.exclude(thread__outcome__in=(DECLINED, WITHDRAWN, GONE)))


def links_made() -> list[Proposal]:
    """Those whose work was linked to a goal that is a draft again, as its publication was taken back."""
    return list(_proposals().filter(linked_at__isnull=False, goal__status=GoalStatus.DRAFT))


def of_strategies_that_ended() -> list[Proposal]:
    """Those of which nothing has come yet, and whose strategy is not published any more."""
    published = Strategy.objects.filter(status=StrategyStatus.PUBLISHED).order_by().values("pk")
    rows = _proposals().filter(linked_at=None, thread__outcome__in=("", ACCEPTED))
    return list(rows.exclude(thread__answers_id__in=published))


def to_prepare_again() -> list[Proposal]:
    """Those that were accepted, and whose goal is gone or in no open amendment."""
    plans: QuerySet[Any] = AmendmentEdit.objects.planned().filter(
        kind=EditKind.ACTIVATION, goal=OuterRef("goal"), amendment__state=AmendmentState.OPEN
    )
    rows = _proposals().filter(Q(goal=None) | Q(goal__status=GoalStatus.DRAFT), linked_at=None)
    return list(rows.filter(~Exists(plans), thread__outcome=ACCEPTED))


def link_work(proposal: Proposal, *, actor: Person, at: dt.datetime) -> None:
    """Links what of its work goes on; the share is left to the team. Work that is linked to the goal by now, or whose
    whole effort was given to other goals meanwhile, is left as it is."""
    goal: Any = proposal.goal
    work = Initiative.objects.filter(proposed_for__proposal=proposal, status__in=GOES_ON).select_related("team")
    for initiative in work.order_by("pk"):
        links = list(Link.objects.filter(initiative=initiative))
        if given_shares(links) < 1 and all(link.goal_id != goal.pk for link in links):
            make_link(initiative, goal, proposal.because, actor=_linker(proposal, initiative, goal, actor), at=at)
    changes = revise(proposal, linked_at=at)
    record("proposal.linked", actor=actor, at=at, subject=proposal, changes=changes, refs=[("goal", goal.pk)])


def _linker(proposal: Proposal, initiative: Initiative, goal: Goal, actor: Person) -> Person:
    """Whoever proposed it made the bet; where they may not any more, whoever published the goal does so for them."""
    asker = proposal.thread.asker
    may = asker.has_perm("teams.edit_initiative", initiative)
    return asker if may and Goal.objects.visible_to(asker).filter(pk=goal.pk).exists() else actor


def take_links_back(proposal: Proposal, *, actor: Person, at: dt.datetime) -> None:
    """Removes the links that its publication made."""
    links = Link.objects.filter(goal=proposal.goal, initiative__proposed_for__proposal=proposal)
    for link in links.filter(confirmed_at=proposal.linked_at).select_related("initiative__team").order_by("pk"):
        remove_link(link, actor=actor, at=at)
    changes = revise(proposal, linked_at=None)
    record("proposal.unlinked", actor=actor, at=at, subject=proposal, changes=changes)
