"""Open flags: their number by code, the rows of one code, and housekeeping as one line per team or strategy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from alignment import rules
from alignment.enums import FlagCode, Subject, UncountedReason
from alignment.flags import FLAGS, HOUSEKEEPING, INITIATIVE_FLAGS, NOT_COUNTING, TEAM_FLAGS
from alignment.models import Flag, Link
from alignment.models.flag import FlagQuerySet
from alignment.selectors.successions import Succession, live_successors, successions_of
from lib.db import counting
from lib.db.counting import CappedCount
from lib.db.triggers import subtree
from lib.paging.keyset import Page, keyset_page
from strategy.enums import StrategyStatus
from strategy.models import Goal, Strategy
from strategy.models.goal import goals_seen_by
from teams.models import Company, Membership, Person, Team
from teams.selectors.initiatives import of_person
from teams.selectors.teams import BY_NAME

LINES = 40
MANY_OF_A_TEAM = 100
"""Where counting one team's flags stops: they are scattered among those of all others."""
STRATEGIES = 20
ABOUT_LINKS = {FlagCode.DISCONNECTED, *(code for code, kind in FLAGS.items() if kind.of_links)}
_WORK_KEEPING = [code for code in INITIATIVE_FLAGS if code in HOUSEKEEPING]
_TEAM_KEEPING = [code for code in TEAM_FLAGS if code in HOUSEKEEPING]


@dataclass(frozen=True)
class Findings:
    """Selects flags: `team` with its sub-teams (of goals, those that teams own), and `of` a person: their work, teams,
    goals and strategies. Those awake on day `on`, or, with `snoozed`, the others. `grace` are the company's days of
    grace."""

    team: Team | None = None
    of: Person | None = None
    on: dt.date | None = None
    grace: int = 0
    snoozed: bool = False

    @property
    def is_everything(self) -> bool:
        return self.team is None and self.of is None

    def flags(self) -> FlagQuerySet:
        """Awake or snoozed flags, without the filter by team and person."""
        flags: Any = Flag.objects
        rows: FlagQuerySet = flags.snoozed(self.on) if self.snoozed else flags.awake(self.on)
        return rows


def open_flags(code: FlagCode, findings: Findings, reader: Person) -> QuerySet[Flag]:
    """Flags of one code that `reader` may see, unordered."""
    return _of_subject(FLAGS[code].subject, findings.flags().filter(code=code), findings, reader)


def _of_subject(subject: Subject, rows: FlagQuerySet, findings: Findings, reader: Person) -> QuerySet[Flag]:
    """Filters `rows`, which are all about `subject`, by the team and person of `findings` and by what `reader` may
    see."""
    if subject in {Subject.GOAL, Subject.STRATEGY}:
        rows = rows.visible_to(reader)
    if findings.team is not None:
        if subject is Subject.STRATEGY:
            return rows.filter(strategy__isnull=True)
        prefix = "team__" if subject is Subject.TEAM else f"{subject}__team__"
        rows = rows.filter(subtree(findings.team.path, prefix))
    if findings.of is not None:
        rows = rows.filter(_whose(subject, findings.of))
    return rows


def _whose(subject: Subject, person: Person) -> Q:
    if subject is Subject.INITIATIVE:
        return Q(initiative__in=of_person(person))
    if subject in {Subject.GOAL, Subject.STRATEGY}:
        return Q(**{f"{subject}__owner": person})
    return Q(team__in=Membership.objects.filter(person=person).values("team"))


def counted_to(findings: Findings) -> int:
    """Where the counts of `flag_counts` stop."""
    return MANY_OF_A_TEAM if findings.team is not None else counting.MANY


@dataclass(frozen=True)
class FlagCounts:
    """The number of flags by code, at most `counted_to` + 1, without zeros; and how many of `snoozed_of` are
    snoozed."""

    by_code: dict[FlagCode, int]
    snoozed: int


def flag_counts(
    codes: Iterable[FlagCode], findings: Findings, reader: Person, *, snoozed_of: Iterable[FlagCode] = ()
) -> FlagCounts:
    """Counts the flags that `reader` may see; one query."""
    codes, most = list(codes), counted_to(findings)
    counts = {f"n_{code}": CappedCount(open_flags(code, findings, reader), most) for code in codes}
    snoozed = {f"snoozed_{at}": CappedCount(rows) for at, rows in enumerate(_snoozed(snoozed_of, findings, reader))}
    row = Company.objects.annotate(**counts, **snoozed).values("pk", *counts, *snoozed).get(pk=1)
    by_code = {code: row[f"n_{code}"] for code in codes if row[f"n_{code}"]}
    return FlagCounts(by_code, sum(row[name] for name in snoozed))


def _snoozed(codes: Iterable[FlagCode], findings: Findings, reader: Person) -> list[QuerySet[Flag]]:
    """One query per subject."""
    by_subject: dict[Subject, list[FlagCode]] = {}
    for code in codes:
        by_subject.setdefault(FLAGS[code].subject, []).append(code)
    rows = replace(findings, snoozed=True).flags()
    return [_of_subject(subject, rows.filter(code__in=of), findings, reader) for subject, of in by_subject.items()]


def flag_page(code: FlagCode, findings: Findings, reader: Person, params: Mapping[str, str]) -> Page[Flag]:
    """A page of the flags of one code with their subjects, the oldest first."""
    rows = open_flags(code, findings, reader)
    rows = rows.select_related("initiative__team", "goal__team", "strategy", "team__figures", "snoozed_by")
    return keyset_page(rows, order=("id",), params=params, size=50)


@dataclass(frozen=True)
class Broken:
    """A link that does not count; `goal` and `reason` are None where the reader may not see the goal."""

    goal: Goal | None
    reason: UncountedReason | None


@dataclass
class FlagLinks:
    """The links of a flagged initiative: those that do not count, with what may be taken in their place, and those that
    count and whose goal the reader sees."""

    broken: list[Broken] = field(default_factory=list)
    counting: list[Link] = field(default_factory=list)
    after: list[Succession] = field(default_factory=list)


def flag_links(flags: Iterable[Flag], reader: Person) -> dict[int, FlagLinks]:
    """By initiative, for those of `flags` that are about links; each link has its initiative and goal loaded. One
    query."""
    work = {0: None} | {
        flag.initiative_id: flag.initiative for flag in flags if flag.code in ABOUT_LINKS | NOT_COUNTING
    }
    seen = ExpressionWrapper(goals_seen_by(reader, "goal__"), BooleanField())
    links: QuerySet[Any] = (
        Link.objects.filter(initiative__in=list(work))
        .annotate(seen=seen, after=live_successors(reader))
        .select_related("goal__figures")
        .order_by("id")
    )
    result: dict[int, FlagLinks] = {}
    for link in links:
        of = result.setdefault(link.initiative_id, FlagLinks())
        reason = rules.reason_of(link)
        if reason:
            of.broken.append(Broken(link.goal, reason) if link.seen else Broken(None, None))
            if link.seen and reason is not UncountedReason.DISPUTED:
                of.after += successions_of(link, link.after)
        elif link.seen:
            link.initiative = work[link.initiative_id]
            of.counting.append(link)
    return result


@dataclass(frozen=True)
class TeamKeeping:
    """The housekeeping flags of one team, counted by code."""

    team: Team
    counts: dict[FlagCode, int]


def housekeeping_by_team(
    codes: Iterable[FlagCode], findings: Findings, params: Mapping[str, str], *, many: bool
) -> tuple[Page[Team], list[TeamKeeping]]:
    """A page of the teams with housekeeping of `codes`, by name, with the counts of each; two queries.

    The counts are of a team's own initiatives and of the team itself; `many` is whether most teams will have some.
    """
    codes = set(codes)
    work = _work_keeping(codes & set(_WORK_KEEPING), findings)
    own = findings.flags().filter(code__in=codes & set(_TEAM_KEEPING))
    if findings.of is not None:
        own = own.filter(_whose(Subject.TEAM, findings.of))
    teams = _with_any(work, own, many=many)
    if findings.team is not None:
        teams = teams.filter(subtree(findings.team.path))
    page = keyset_page(teams, order=BY_NAME, params=params, size=LINES)
    return page, _counted(page.rows, work, own)


def _with_any(work: QuerySet[Flag], own: QuerySet[Flag], *, many: bool) -> QuerySet[Team]:
    """The teams that have a flag of `work` or `own`. With `many`, a correlated subquery for each team is quickest,
    because most have one (a subquery that gives a value is not turned into a hash of all flags); otherwise the few are
    gathered first."""
    if not many:
        return Team.objects.filter(Q(pk__in=work.values("initiative__team")) | Q(pk__in=own.values("team")))
    of_work = work.filter(initiative__team=OuterRef("pk")).order_by().values("pk")[:1]
    of_own = own.filter(team=OuterRef("pk")).order_by().values("pk")[:1]
    asked = Team.objects.annotate(of_work=Subquery(of_work), of_own=Subquery(of_own))
    return asked.filter(Q(of_work__isnull=False) | Q(of_own__isnull=False))


def _work_keeping(codes: set[FlagCode], findings: Findings) -> QuerySet[Flag]:
    rows = findings.flags().filter(code__in=codes, initiative__isnull=False)
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
    """Strategies with goals without a measure that `reader` may see; `unmeasured` is their number, at most
    lib.db.counting.MANY + 1. One query."""
    flags = open_flags(FlagCode.UNMEASURED, findings, reader)
    roots = Goal.objects.filter(parent=None, strategy=OuterRef(OuterRef("pk"))).values("pk")
    unmeasured = CappedCount(flags.filter(goal__path__0__in=roots))
    published: QuerySet[Any] = (
        Strategy.objects.visible_to(reader).filter(status=StrategyStatus.PUBLISHED).annotate(unmeasured=unmeasured)
    )
    return [strategy for strategy in published.order_by("title__folded", "id")[:STRATEGIES] if strategy.unmeasured]
