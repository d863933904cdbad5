"""What owes an answer: questions that have waited for too long, by what they are about or hang on.

A question about a link hangs on its work. One about a page of the context, a decision or the company hangs on nothing
that has flags; it shows on its page and in the list of whoever answers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from alignment.enums import Subject
from alignment.flags import KINDS
from alignment.models import Link
from conversations.kinds import thread_kinds
from conversations.models import Thread
from strategy.models import Goal, Strategy
from teams.models import Initiative, Team
from teams.models.team import not_here

CODES = {kind.subject: kind.code for kind in KINDS if kind.name == "unanswered"}


def late_threads(on: dt.date) -> QuerySet[Thread]:
    """Those of the kinds that are flagged."""
    flagged = [kind.code for kind in thread_kinds() if kind.flagged]
    return Thread.objects.late(on).filter(kind__in=flagged).order_by()


def unanswered(on: dt.date) -> dict[Subject, QuerySet[Any]]:
    """By kind, the rows about which a question waits since more than its working days; nothing is asked of teams that
    are not here.
    """
    late = late_threads(on)

    def about(kind: str) -> QuerySet[Any]:
        return late.filter(about_kind=kind).values("about_id")

    links = Link.objects.filter(pk__in=about("link")).order_by().values("initiative")
    work = Initiative.objects.filter(Q(pk__in=about("initiative")) | Q(pk__in=links))
    return {
        Subject.INITIATIVE: work.exclude(not_here("team__")),
        Subject.GOAL: Goal.objects.filter(Q(team=None) | ~not_here("team__"), pk__in=about("goal")),
        Subject.STRATEGY: Strategy.objects.filter(pk__in=about("strategy")),
        Subject.TEAM: Team.objects.here().filter(pk__in=about("team")),
    }
