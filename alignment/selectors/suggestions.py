"""Suggests goals that an initiative may serve, and initiatives that may serve a goal, for the form of a new link."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add, or_
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Count, Exists, F, FloatField, Func, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from alignment.enums import LinkState
from alignment.models import Link
from alignment.selectors.goals import figures_or_none
from lib.db.arrays import AnyOf
from lib.db.folding import folded
from lib.db.search import TRIGRAM, has_words
from lib.text.counts import counted, plural
from strategy.enums import CLOSED
from strategy.models import Goal, MissionGoal
from teams.enums import GOES_ON, TeamRole
from teams.models import Initiative, Person, Team
from teams.rules import is_leader

CANDIDATES = 40
"""The most candidates of each kind that are ranked together."""
OFFERED = 8
"""The most goals from a team's other work, where no words are compared: enough to have one that the initiative is not
linked to and the reader may see."""
WORDS, COMPARED, TEXT = 10, 120, 400
"""Limits: words of an initiative's title that are looked for, goals with them that are compared, and characters of
title and problem used for that."""

MISSION, WORK, WORDING, TOP = range(4)
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "about after also and before better both by each faster first for from goal have improve into less more most "
        "new not our out over than that the their them then they this through until was what when which with work your",
    )
)


@dataclass(frozen=True)
class Suggestion:
    """`why` is a sentence without a full stop; '' for a search result. `reason` is why links to the goal do not count,
    '' where they do, None where that was not computed yet."""

    goal: Goal
    why: str
    reason: str | None


def suggested_goals(initiative: Initiative, reader: Person, *, limit: int = 8) -> list[Suggestion]:
    """Goals that are live, visible to `reader` and not linked yet, those to which links count first; two queries. The
    initiative need not be saved, nor have a team yet.

    Ranked by words in common, the team's other work and its mission. Remaining places go to the company's top goals.
    """
    found = _candidates(initiative, reader)
    goals = _linkable(initiative, reader).filter(pk__in=found, figures__live=True).select_related("figures")
    ranked = sorted(
        goals, key=lambda goal: (not _anchored(goal), -_points(found[goal.pk]), folded(goal.title), goal.pk)
    )
    team = initiative.team if initiative.team_id else None
    return [Suggestion(goal, _why(found[goal.pk], team), _reason(goal)) for goal in ranked[:limit]]


def found_goals(initiative: Initiative, reader: Person, words: str, *, limit: int = 20) -> list[Suggestion]:
    """Open goals with every one of `words` in their title, those to which links count first."""
    goals = _linkable(initiative, reader).filter(has_words("title", words)).exclude(status__in=CLOSED)
    anchored = Coalesce(F("figures__anchored"), False)
    rows = goals.select_related("figures").order_by(anchored.desc(), "title__folded", "id")[:limit]
    return [Suggestion(goal, "", _reason(goal)) for goal in rows]


def own_work(goal: Goal | None, person: Person, *, words: str = "", limit: int = 8) -> list[Initiative]:
    """Open initiatives not linked to `goal`, if one is given, that `person` may link, with their team; most orphaned
    effort first. For a leader, who may link every team's, those outside their own teams need `words`; two queries."""
    work = Initiative.objects.filter(has_words("title", words), status__in=GOES_ON)
    if not (is_leader(person) and words.strip()):
        led = [team for team, role in person.team_roles.items() if role == TeamRole.LEAD]
        teams = Team.objects.filter(Q(path__overlap=led) | Q(pk__in=[*person.team_roles]))
        work = work.filter(Q(owner=person) | Q(team__in=list(teams.values_list("pk", flat=True))))
    linked = Link.objects.filter(initiative=OuterRef("pk"), goal=goal)
    first = _most_orphaned(work.filter(~Exists(linked)), limit)
    orphaned = Coalesce(F("figures__orphaned"), 0.0)
    rows = Initiative.objects.filter(AnyOf(F("pk"), ArraySubquery(first))).select_related("team")
    return list(rows.order_by(orphaned.desc(), "-touched_on", "id")[:limit])


def _most_orphaned(work: QuerySet[Initiative], limit: int) -> QuerySet[Any, Any]:
    """The ids of the first `limit` with orphaned effort, and, only where these are fewer, of as many without: so that
    PostgreSQL walks the index of orphaned effort, and sorts no work of a whole tree of teams."""
    orphans = work.filter(figures__orphaned__gt=0).order_by("-figures__orphaned", "-figures__initiative")
    without = work.filter(Q(figures__isnull=True) | Q(figures__orphaned__lte=0), ~Exists(orphans[limit - 1 : limit]))
    rest = without.order_by("-touched_on", "id").values("pk")
    return orphans.values("pk")[:limit].union(rest[:limit], all=True)


def suggested_for(initiatives: Iterable[Initiative], linked: Collection[tuple[int, int]]) -> dict[int, list[Goal]]:
    """By initiative, goals that its team's other work or its mission serves and to which links count, without those
    that it is `linked` to (ids of both): those with words of its title first, then by strength. Callers check who may
    see them. Two queries."""
    work = list(initiatives)
    speaking = _speaking({0, *(each.team_id for each in work)})
    ranked = {
        team: sorted(found, key=lambda goal: (-_points(found[goal]), goal))[:OFFERED]
        for team, found in speaking.items()
    }
    goals = Goal.objects.only("title", "path", "owner_id").in_bulk(
        {0, *(of for first in ranked.values() for of in first)}
    )
    return {
        each.pk: _worded_first(
            each, [goals[goal] for goal in ranked.get(each.team_id, []) if (each.pk, goal) not in linked]
        )
        for each in work
    }


def _worded_first(initiative: Initiative, goals: list[Goal]) -> list[Goal]:
    """Goals whose titles share most of the stems of the initiative's title first; otherwise in their order."""
    stems = _stems(initiative.title)
    return sorted(goals, key=lambda goal: -sum(stem in folded(goal.title) for stem in stems))


def _speaking(teams: Iterable[int]) -> dict[int, dict[int, dict[int, float]]]:
    """By team and anchored goal, its scores as of `_candidates`, from the team's counting links and its mission."""
    others = Link.objects.filter(initiative__team__in=teams, initiative__status__in=GOES_ON)
    counting = others.filter(goal__figures__anchored=True).exclude(state=LinkState.DISPUTED)
    served = counting.order_by().values_list("initiative__team", "goal")
    missions = MissionGoal.objects.filter(team__in=teams, goal__figures__anchored=True).values_list("team", "goal")
    rows = served.annotate(kind=Value(WORK), amount=Cast(Count("pk"), FloatField())).union(
        missions.annotate(kind=Value(MISSION), amount=Value(1.0)), all=True
    )
    found: dict[int, dict[int, dict[int, float]]] = {}
    for team, goal, kind, amount in rows:
        found.setdefault(team, {}).setdefault(goal, {})[kind] = amount
    return found


def _linkable(initiative: Initiative, reader: Person) -> QuerySet[Goal]:
    linked = Link.objects.filter(goal=OuterRef("pk"), initiative_id=initiative.pk or 0)
    return Goal.objects.visible_to(reader).filter(~Exists(linked))


def _candidates(initiative: Initiative, reader: Person) -> dict[int, dict[int, float]]:
    """By goal id, its scores: how many other initiatives of the team serve it, how similar the words are."""
    amount = Cast(Count("pk"), FloatField())
    team = initiative.team_id or 0
    others = Link.objects.filter(initiative__team=team, initiative__status__in=GOES_ON)
    served: Any = others.exclude(initiative_id=initiative.pk or 0).values("goal_id").annotate(amount=amount)
    missions = MissionGoal.objects.filter(team=team)
    top = Goal.objects.filter(parent=None, team=None, figures__anchored=True)
    kinds: list[QuerySet[Any, Any]] = [
        served.order_by("-amount", "goal_id").values_list("goal_id", Value(WORK), "amount")[:CANDIDATES],
        missions.order_by("goal_id").values_list("goal_id", Value(MISSION), Value(1.0))[:CANDIDATES],
        top.order_by("-weight", "id").values_list("id", Value(TOP), Value(0.0))[:CANDIDATES],
    ]
    if stems := _stems(initiative.title):
        kinds.append(_worded_alike(initiative, stems, reader))
    found: dict[int, dict[int, float]] = {}
    for goal, kind, count in kinds[0].union(*kinds[1:], all=True):
        found.setdefault(goal, {})[kind] = count
    return found


def _worded_alike(initiative: Initiative, stems: list[str], reader: Person) -> QuerySet[Any, Any]:
    """Goals with one of `stems` in their title, each an index lookup. Those with most of them are compared with the
    whole text, which is much more expensive."""
    has = [has_words("title", stem) for stem in stems]
    hits = [Case(When(each, then=1), default=0) for each in has]
    any_of: QuerySet[Any] = Goal.objects.visible_to(reader).filter(reduce(or_, has))
    most = any_of.annotate(hits=reduce(add, hits)).order_by("-hits", "id").values("pk")[:COMPARED]
    text = Value(f"{initiative.title} {initiative.problem}"[:TEXT])
    amount = Cast(Func(F("title"), text, function="WORD_SIMILARITY"), FloatField())
    goals: QuerySet[Any] = Goal.objects.filter(pk__in=most).annotate(amount=amount)
    return goals.order_by("-amount", "id").values_list("id", Value(WORDING), "amount")[:CANDIDATES]


def _stems(title: str) -> list[str]:
    """The significant words of a title without their endings."""
    words = [word for word in re.findall(r"\w+", folded(title)) if len(word) > TRIGRAM and word not in _COMMON]
    return list(dict.fromkeys(word[: max(TRIGRAM + 1, len(word) - 2)] for word in words))[:WORDS]


def _points(kinds: dict[int, float]) -> float:
    served = kinds.get(WORK, 0.0)
    return kinds.get(WORDING, 0.0) + served / (served + 2) + (0.5 if MISSION in kinds else 0.0)


def _why(kinds: dict[int, float], team: Team | None) -> str:
    count = round(kinds.get(WORK, 0.0))
    reasons = {
        WORK: f"{counted(count, 'other initiative')} of {team} {plural(count, 'serves', 'serve')} it",
        MISSION: "the team’s mission serves it",
        WORDING: "similar words",
    }
    said = " · ".join(text for kind, text in reasons.items() if kind in kinds) or "a top goal of the company"
    return said[0].upper() + said[1:]


def _anchored(goal: Goal) -> bool:
    figures = figures_or_none(goal)
    return figures is not None and figures.anchored


def _reason(goal: Goal) -> str | None:
    figures = figures_or_none(goal)
    return figures.reason if figures else None
