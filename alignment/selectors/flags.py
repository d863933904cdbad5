"""Open flags: how many there are of each code, the rows of one code, and housekeeping folded to one line a team or
strategy.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from alignment import rules
from alignment.enums import GOAL_FLAGS, HOUSEKEEPING, INITIATIVE_FLAGS, FlagCode, Reason, Subject
from alignment.models import Flag, Link
from lib import counting
from lib.counting import CappedCount
from lib.keyset import Page, keyset_page
from lib.triggers import subtree
from strategy.enums import StrategyStatus
from strategy.models import Goal, Strategy
from strategy.models.goal import goals_seen_by
from teams.models import Company, Membership, Person, Team
from teams.selectors.initiatives import of_person
from teams.selectors.teams import BY_NAME

LINES = 40
MANY_OF_A_TEAM = 100
"""Where a count of one team's flags stops: they lie scattered among those of all others."""
STRATEGIES = 20
_WORK_KEEPING = [code for code in INITIATIVE_FLAGS if code in HOUSEKEEPING]


@dataclass(frozen=True)
class Findings:
    """Which flags: `team` with its sub-teams (of goals, those that teams own), and `of` a person: their work, their
    teams, their goals.
    """

    team: Team | None = None
    of: Person | None = None


def subject_of(code: FlagCode) -> Subject:
    if code in INITIATIVE_FLAGS:
        return Subject.INITIATIVE
    return Subject.GOAL if code in GOAL_FLAGS else Subject.TEAM


def open_flags(code: FlagCode, findings: Findings, reader: Person) -> QuerySet[Flag]:
    """Flags of one code that `reader` may see, in no order."""
    rows, subject = Flag.objects.open().filter(code=code), subject_of(code)
    if subject is Subject.GOAL:
        rows = rows.visible_to(reader)
    if findings.team is not None:
        prefix = "team__" if subject is Subject.TEAM else f"{subject}__team__"
        rows = rows.filter(subtree(findings.team.path, prefix))
    if findings.of is not None:
        rows = rows.filter(_whose(subject, findings.of))
    return rows


def _whose(subject: Subject, person: Person) -> Q:
    if subject is Subject.INITIATIVE:
        return Q(initiative__in=of_person(person))
    if subject is Subject.GOAL:
        return Q(goal__owner=person)
    return Q(team__in=Membership.objects.filter(person=person).values("team"))


def counted_to(findings: Findings) -> int:
    """Where the counts of `flag_counts` stop."""
    return MANY_OF_A_TEAM if findings.team is not None else counting.MANY


def flag_counts(codes: Iterable[FlagCode], findings: Findings, reader: Person) -> dict[FlagCode, int]:
    """How many open flags `reader` may see of each code, at most `counted_to` + 1; without the codes that have none.
    One query.
    """
    codes, most = list(codes), counted_to(findings)
    counts = {f"n_{code}": CappedCount(open_flags(code, findings, reader), most) for code in codes}
    row = Company.objects.annotate(**counts).values(*counts).get(pk=1)
    return {code: row[f"n_{code}"] for code in codes if row[f"n_{code}"]}


def flag_page(code: FlagCode, findings: Findings, reader: Person, params: Mapping[str, str]) -> Page[Flag]:
    """A page of the flags of one code with their subjects, the longest known first."""
    rows = open_flags(code, findings, reader).select_related("initiative__team", "goal", "team__figures")
    return keyset_page(rows, order=("id",), params=params, size=50)


@dataclass(frozen=True)
class Broken:
    """A link that does not count; `goal` and `reason` are None where the reader may not see the goal."""

    goal: Goal | None
    reason: Reason | None


def broken_links(flags: Iterable[Flag], reader: Person) -> dict[int, list[Broken]]:
    """By initiative of `flags`: its links that do not count, and why; one query."""
    initiatives = [
        0,
        *(flag.initiative_id for flag in flags if flag.initiative_id and flag.code == FlagCode.DISCONNECTED),
    ]
    seen = ExpressionWrapper(goals_seen_by(reader, "goal__"), BooleanField())
    links: QuerySet[Any] = (
        Link.objects.filter(initiative__in=initiatives)
        .annotate(seen=seen)
        .select_related("goal__figures")
        .order_by("id")
    )
    result: dict[int, list[Broken]] = {}
    for link in links:
        figures = getattr(link.goal, "figures", None)
        reason = rules.link_reason(link.state, figures.reason if figures else None)
        if reason:
            broken = Broken(link.goal, reason) if link.seen else Broken(None, None)
            result.setdefault(link.initiative_id, []).append(broken)
    return result


@dataclass(frozen=True)
class TeamKeeping:
    """What is to be tidied at one team: of each code, how many."""

    team: Team
    counts: dict[FlagCode, int]


def housekeeping_by_team(
    codes: Iterable[FlagCode], findings: Findings, params: Mapping[str, str], *, many: bool
) -> tuple[Page[Team], list[TeamKeeping]]:
    """A page of the teams that have housekeeping of `codes` to do, by name, with the counts of each; two queries.

    The counts are of a team's own initiatives, and of the team itself; `many` tells whether most teams will have some.
    """
    codes = set(codes)
    work = _work_keeping(codes & set(_WORK_KEEPING), findings)
    own = Flag.objects.open().filter(code__in=codes & {FlagCode.UNTIED_MISSION})
    if findings.of is not None:
        own = own.filter(_whose(Subject.TEAM, findings.of))
    teams = _with_any(work, own, many=many)
    if findings.team is not None:
        teams = teams.filter(subtree(findings.team.path))
    page = keyset_page(teams, order=BY_NAME, params=params, size=LINES)
    return page, _counted(page.rows, work, own)


def _with_any(work: QuerySet[Flag], own: QuerySet[Flag], *, many: bool) -> QuerySet[Team]:
    """The teams that have a flag of `work` or `own`. Where there are many, most teams do, and a page comes quickest
    from asking each in turn (a subquery that gives a value is not made a hash of all flags); few are gathered first.
    """
    if not many:
        return Team.objects.filter(Q(pk__in=work.values("initiative__team")) | Q(pk__in=own.values("team")))
    of_work = work.filter(initiative__team=OuterRef("pk")).order_by().values("pk")[:1]
    of_own = own.filter(team=OuterRef("pk")).order_by().values("pk")[:1]
    asked = Team.objects.annotate(of_work=Subquery(of_work), of_own=Subquery(of_own))
    return asked.filter(Q(of_work__isnull=False) | Q(of_own__isnull=False))


def _work_keeping(codes: set[FlagCode], findings: Findings) -> QuerySet[Flag]:
    rows = Flag.objects.open().filter(code__in=codes, initiative__isnull=False)
    if findings.team is not None:
        rows = rows.filter(subtree(findings.team.path, "initiative__team__"))
    return rows.filter(_whose(Subject.INITIATIVE, findings.of)) if findings.of is not None else rows


def _counted(teams: list[Team], work: QuerySet[Flag], own: QuerySet[Flag]) -> list[TeamKeeping]:
    ids = [0, *(team.pk for team in teams)]
    of_work = (
        work.filter(initiative__team__in=ids).order_by().values_list("initiative__team", "code").annotate(Count("pk"))
    )
    of_own = own.filter(team__in=ids).order_by().values_list("team", "code").annotate(Count("pk"))
    counts: dict[int, dict[FlagCode, int]] = {}
    for team, code, count in of_work.union(of_own, all=True):
        counts.setdefault(team, {})[FlagCode(code)] = count
    order = list(FlagCode)
    return [
        TeamKeeping(team, dict(sorted(counts.get(team.pk, {}).items(), key=lambda pair: order.index(pair[0]))))
        for team in teams
    ]


def housekeeping_by_strategy(findings: Findings, reader: Person) -> list[Any]:
    """Strategies with goals without a measure that `reader` may see: each with `unmeasured`, at most lib.counting.MANY
    + 1. One query.
    """
    flags = open_flags(FlagCode.UNMEASURED, findings, reader)
    roots = Goal.objects.filter(parent=None, strategy=OuterRef(OuterRef("pk"))).values("pk")
    unmeasured = CappedCount(flags.filter(goal__path__0__in=roots))
    published: QuerySet[Any] = (
        Strategy.objects.visible_to(reader).filter(status=StrategyStatus.PUBLISHED).annotate(unmeasured=unmeasured)
    )
    return [strategy for strategy in published.order_by("title", "id")[:STRATEGIES] if strategy.unmeasured]
