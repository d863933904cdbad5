"""The home page's own queries: the current state, and what happened in the past week."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject
from django.db.models.lookups import Exact, GreaterThanOrEqual

from alignment.engine.flags import ENDING_DAYS
from alignment.enums import FlagCode
from alignment.history.movements import Movements, changes_by_team
from alignment.models import Flag, GoalFigures, InitiativeFigures, Link
from alignment.selectors.company import CompanyFigures, company_figures_of, with_company_figures
from alignment.selectors.goals import Priorities, priorities
from alignment.selectors.named import Named, names_of, with_names
from alignment.selectors.people.own import OwnTeam, own_teams
from alignment.waiting.support import ask_of_told, told_ask
from digest.models import DigestSettings
from digest.selectors.compared import when_it_began
from lib.db.arrays import AnyOf
from lib.services.dates import day_in
from strategy.enums import StrategyStatus
from strategy.models import Strategy
from strategy.progress import Overview
from strategy.selectors.changes import MEANING, OPENING
from strategy.selectors.clarity import Clarity, clarity_counts, clarity_of
from strategy.selectors.measures import overviews, top_measures
from strategy.selectors.seen import Confidential, confidential
from teams.enums import InitiativeStatus, TeamRole
from teams.models import Company, Initiative, LogEntry, Person, Support, Team
from teams.selectors.asks import awaited_asks
from teams.selectors.company import company
from teams.selectors.people import people_counts
from teams.selectors.stances import of_stances, with_stances

ORPHANS, ASKS, ENDED, WORK, SHOWN = 6, 40, 3, 4, 5
"""How many of each are read, SHOWN of any other; WORK is per change of a goal."""
KEEPING = (FlagCode.UNEXPLAINED, FlagCode.UNMEASURED)
LATELY = dt.timedelta(days=28)
"""How long a publication counts as news."""


@dataclass(frozen=True)
class Begun:
    """What a company that begins has already; `first_work` is the key of an active or proposed initiative, ''
    without one, `under_way` is whether any work has been active."""

    named: bool
    strategy: bool
    team: bool
    first_work: str
    under_way: bool
    link: bool


@dataclass(frozen=True)
class Uncovered:
    """Goals of published strategies without work that the reader may see: the first ones, how many are awake, and how
    many are snoozed."""

    goals: list[Mapping[str, Any]]
    count: int
    asleep: int


@dataclass(frozen=True)
class Front:
    """`since` is when the period began, that of the reader's last digest; `mark` is the id of the last log entry before
    it (0: none); `kept` tells whether figures of that time are stored, so that there is something to compare with;
    `has_goals` whether any goal leads to a published strategy, `has_strategy` whether there is one.
    `gaps` is the number of open flags about goals without work, whoever may see them.
    `goals` is None for readers who are not shown the company's goals; `asks` wait for others, of the teams that the
    reader leads; `orphans` are the initiatives with the largest orphaned effort; `ended` are the published strategies
    at or past their end that no flag is open about, `ending` those that one is open about; `begun` is for leaders and
    administrators; `keeping` counts goals by housekeeping flag; `people` (by state) and `digests` (started and not
    paused) are for administrators. `going` is, by key and title of a strategy, what the own measures of its top goals
    say. `clarity` is for leaders and administrators."""

    now: CompanyFigures
    since: dt.datetime
    mark: int
    kept: bool
    has_goals: bool
    has_strategy: bool
    gaps: int
    goals: Priorities | None
    confidential: Confidential
    teams: list[OwnTeam]
    asks: list[Support]
    orphans: list[Mapping[str, Any]]
    ended: list[Mapping[str, Any]]
    ending: list[Mapping[str, Any]]
    uncovered: Uncovered
    keeping: Mapping[FlagCode, int]
    people: Mapping[str, int]
    digests: bool
    going: Mapping[tuple[str, str], Overview] = field(default_factory=dict)
    begun: Begun | None = None
    clarity: Clarity | None = None

    @property
    def led(self) -> list[OwnTeam]:
        return [own for own in self.teams if own.leads]

    @property
    def here(self) -> list[OwnTeam]:
        """The reader's teams that are here; nothing is asked of the others."""
        return [own for own in self.teams if own.is_here]

    def asks_of(self, person: Person) -> bool:
        """Whether anything is asked of the reader: not if all their teams are not here, unless they see everything."""
        return bool(self.here) or not self.teams or person.sees_everything


def front(person: Person, *, at: dt.datetime, with_goals: bool) -> Front:
    """The state at `at`, and what happened since the day that the reader's digest compares with. Three queries
    at most."""
    row = _company(person, at)
    now = company_figures_of(row)
    return Front(
        now=now,
        since=row.since,
        mark=row.mark,
        kept=any(week.as_of <= day_in(row.timezone, row.since) for week in now.weeks),
        has_goals=row.has_goals,
        has_strategy=row.has_strategy,
        gaps=row.gaps,
        goals=priorities(person) if with_goals else None,
        confidential=Confidential({}) if person.sees_everything else confidential(),
        teams=own_teams(person),
        asks=[_ask(told) for told in row.asks],
        orphans=row.orphans,
        ended=row.ended,
        ending=row.ending,
        uncovered=Uncovered(row.uncovered, row.n_uncovered, row.n_asleep),
        keeping={code: count for code in KEEPING if (count := getattr(row, f"n_{code}", 0))},
        people=getattr(row, "people", {}),
        digests=getattr(row, "digests", False),
        going=overviews(row.going, row.timezone),
        begun=_begun(row) if person.sees_everything else None,
        clarity=clarity_of(row) if person.sees_everything else None,
    )


def _company(person: Person, at: dt.datetime) -> Any:
    """The company's figures, with counts and short lists in the same row. One query."""
    anchored = GoalFigures.objects.filter(anchored=True)
    published = Strategy.objects.filter(status=StrategyStatus.PUBLISHED)
    uncovered: Any = Flag.objects.open().filter(code=FlagCode.UNCOVERED).order_by()
    on = day_in(getattr(person, "company_zone", None) or company().timezone, at)
    row = with_company_figures().annotate(
        has_goals=Exists(anchored),
        has_strategy=Exists(published),
        gaps=Subquery(uncovered.values(n=Func(F("pk"), function="COUNT"))),
        **when_it_began(person, at),
        ended=ArraySubquery(_ended(person)),
        ending=ArraySubquery(_ending(person)),
        **_uncovered(person),
        going=ArraySubquery(top_measures(person)),
        asks=ArraySubquery(_asks(person)),
        orphans=ArraySubquery(_orphans()),
    )
    if person.sees_everything:
        row = row.annotate(**_keeping(), **_beginning(), **clarity_counts(on))
    if person.is_admin:
        running = DigestSettings.objects.filter(started_at__isnull=False, paused_at=None)
        row = row.annotate(digests=Exists(running), people=Subquery(people_counts()))
    return row.get(pk=1)


def _ended(person: Person) -> QuerySet[Strategy, Any]:
    """Those of which links to goals still count, and all others while no published strategy runs; for leaders and its
    owner also one that ends within ENDING_DAYS; the last first."""
    published = Strategy.objects.filter(status=StrategyStatus.PUBLISHED).order_by()
    as_of, counting = OuterRef("as_of"), ExpressionWrapper(F("ends_on") + OuterRef("grace_days"), DateField())
    running = published.exclude(starts_on__gt=OuterRef(as_of)).exclude(ends_on__lt=OuterRef(as_of))
    flagged = Flag.objects.open().filter(code=FlagCode.ENDING, strategy=OuterRef("pk"))
    soon = ExpressionWrapper(OuterRef("as_of") + ENDING_DAYS, DateField())
    ends = Q(ends_on__gte=as_of, ends_on__lte=soon) & (Q() if person.sees_everything else Q(owner=person))
    over = Q(ends_on__lt=as_of) & (Q(GreaterThanOrEqual(counting, as_of)) | ~Exists(running))
    rows = published.filter(~Exists(flagged), ends | over)
    return rows.order_by("-ends_on", "-id").values(row=JSONObject(key="key", title="title", ends_on="ends_on"))[:ENDED]


def _ending(person: Person) -> QuerySet[Flag, Any]:
    flags: Any = Flag.objects
    rows = flags.awake(OuterRef("as_of")).visible_to(person).filter(code=FlagCode.ENDING)
    row = {"key": "strategy__key", "title": "strategy__title", "ends_on": "strategy__ends_on", "since": "first_seen"}
    return rows.order_by("first_seen", "id").values(row=JSONObject(**row))[:ENDED]  # type: ignore[no-any-return]


def _uncovered(person: Person) -> dict[str, Any]:
    flags: Any = Flag.objects
    seen = flags.visible_to(person).filter(code=FlagCode.UNCOVERED).order_by()
    awake, asleep = seen.awake(OuterRef("as_of")), seen.snoozed(OuterRef("as_of"))
    row = JSONObject(key="goal__key", title="goal__title", since="first_seen")
    counted = Func(F("pk"), function="COUNT")
    return {
        "uncovered": ArraySubquery(awake.order_by("first_seen", "id").values(row=row)[:SHOWN]),
        "n_uncovered": Subquery(awake.values(n=counted)),
        "n_asleep": Subquery(asleep.values(n=counted)),
    }


def _beginning() -> dict[str, Any]:
    begun = (InitiativeStatus.ACTIVE, InitiativeStatus.PROPOSED)
    work = Initiative.objects.filter(status__in=begun).order_by("id").values("key")
    never = (InitiativeStatus.PROPOSED, InitiativeStatus.DROPPED)
    return {
        "has_team": Exists(Team.objects.current()),
        "has_link": Exists(Link.objects.all()),
        "first_work": Subquery(work[:1]),
        "under_way": Exists(Initiative.objects.exclude(status__in=never)),
    }


def _begun(row: Any) -> Begun:
    """A company is named once somebody has saved its settings, or an import has given another name."""
    named = row.version > 1 or row.name != Company._meta.get_field("name").default
    return Begun(named, row.has_strategy, row.has_team, row.first_work or "", row.under_way, row.has_link)


def _keeping() -> dict[str, Subquery]:
    flags: Any = Flag.objects
    awake = flags.awake(OuterRef("as_of")).order_by()
    counted = Func(F("pk"), function="COUNT")
    return {f"n_{code}": Subquery(awake.filter(code=code).values(n=counted)) for code in KEEPING}


def _asks(person: Person) -> QuerySet[Support, Any]:
    led = [team for team, role in person.team_roles.items() if role == TeamRole.LEAD]
    return awaited_asks(led).values(row=told_ask())[:ASKS]


def _ask(told: Mapping[str, Any]) -> Support:
    return ask_of_told(told)


def _orphans() -> QuerySet[InitiativeFigures, Any]:
    largest = InitiativeFigures.objects.filter(orphaned__gt=0).order_by("-orphaned", "-initiative_id")
    named = {"key": "initiative__key", "title": "initiative__title", "team": "initiative__team__name"}
    return largest.values(row=JSONObject(**named, effort="orphaned", unsized="unsized"))[:ORPHANS]


@dataclass(frozen=True)
class Week:
    """What happened: `movements` of the company and of teams (None where they were not asked for), and the `entries`
    that caused them or say what became of goals and strategies, oldest first. An entry about a goal has as `bears_on`
    the work of the reader's teams that rests on the goal. `opened` tells whether a goal may have become visible to more
    people, also through entries that are not listed."""

    movements: Movements | None
    entries: list[Any] = field(default_factory=list)

    @property
    def opened(self) -> bool:
        return any(entry.opened for entry in self.entries)

    def names(self, _entries: Iterable[LogEntry]) -> Named:
        """The names in all entries; no query."""
        return names_of(self.entries)


def past_week(of: Front, *, moved: bool, stances: bool) -> Week:
    """`stances` adds entries about other stances, `moved` what moved the figures of the company and of the teams that
    the reader leads. Two queries, one without it or where no earlier figures are stored."""
    led = [own.team.pk for own in of.led]
    changed = changes_by_team(of.mark, led) if moved and of.kept else {}
    causes = {cause for by_cause in changed.values() for cause in by_cause}
    goals = Q(action__in=("goal.closed", "goal.reopened", "goal.edited"), pk__gt=of.mark)
    meant = ~Q(action="goal.edited") | Q(changes__has_any_keys=MEANING)
    published = Q(action__in=_OF_STRATEGIES, at__gt=of.since - LATELY)
    of_teams = of_stances() & Q(pk__gt=of.mark) if stances else Q(pk__in=[])
    wanted = Q(pk__in=causes) | goals & meant | published | of_teams
    rows = with_stances(LogEntry.objects.filter(wanted).select_related("actor"))
    seen_by_others = Q(action__in=OPENING) | Q(action="goal.edited", changes__has_key="visibility")
    opened = LogEntry.objects.filter(seen_by_others, pk__gt=of.mark)
    told = rows.annotate(bears_on=_work_on(led), opened=Exists(opened))
    entries = list(with_names(told).order_by("id"))
    of_causes = {entry.pk: entry for entry in entries if entry.pk in causes}
    return Week(Movements(changed, of_causes) if moved and of.kept else None, entries)


_OF_STRATEGIES = ("strategy.published", "strategy.unpublished", "strategy.archived", "strategy.restored")


def _work_on(teams: list[int]) -> ArraySubquery:
    """For an entry about a goal: active work of `teams` that is linked to it or to a goal below it."""
    rests = Link.objects.filter(
        Exact(Value("goal"), OuterRef("subject_kind")),
        AnyOf(OuterRef("subject_id"), F("goal__path")),
        initiative__team__in=[0, *teams],
        initiative__status=InitiativeStatus.ACTIVE,
    )
    named = JSONObject(key="initiative__key", title="initiative__title", team="initiative__team_id")
    return ArraySubquery(rests.order_by("initiative_id").values(row=named)[:WORK])
