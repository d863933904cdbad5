"""The first page: what matters now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.engine import Figures
from alignment.enums import FlagCode, Reason
from alignment.models import InitiativeFigures
from alignment.selectors.company import CompanyFigures, company_figures
from alignment.selectors.goals import Priorities, Uncovered, priorities, uncovered_goals
from alignment.selectors.orphans import largest_orphans
from alignment.selectors.own import OwnLink, OwnTeam, OwnWork, own_teams, own_work
from alignment.views.figures import Explained, Figure, initiatives_url, priority_fit, strategy_coverage
from alignment.views.trends import trend
from alignment.wording import CONFIDENTIAL, FLAG_WORDS
from lib.http import query
from lib.numbers import number, weeks
from strategy.views.rows import count
from strategy.views.words import FlagRow, flag_row
from teams.forms.filters import YES
from teams.views.readers import reader_of

SHOWN = 5


@dataclass(frozen=True)
class Gaps:
    """The largest gaps of one kind, with the way to all of them ('' where all are here). `hidden` tells of goals that
    are not for the reader, `none` what is true where there are no gaps, `snoozed` of those that were put off."""

    question: str
    rows: list[FlagRow] | list[Orphan]
    all_text: str
    all_url: str
    none: str
    hidden: str = ""
    snoozed: str = ""
    snoozed_url: str = ""


@dataclass(frozen=True)
class Orphan:
    title: str
    url: str
    team: str
    effort: str


@dataclass(frozen=True)
class Lead:
    """Where a piece of one's own work leads; `url` is '' for what is not for the reader, `why_not` where it counts."""

    label: str
    url: str
    strategy: str
    why_not: str


@dataclass(frozen=True)
class Own:
    """`rest` says what the leads leave open: work without links, several links that do not count."""

    title: str
    url: str
    leads: list[Lead]
    rest: str


@dataclass(frozen=True)
class OwnTeamRow:
    name: str
    url: str
    figures: Figures
    coverage: Figure


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    person = reader_of(request)
    now, goals = company_figures(), priorities(person)
    uncovered, orphans = uncovered_goals(person, limit=SHOWN, on=now.as_of), largest_orphans(limit=SHOWN + 1)
    teams, work = own_teams(person, limit=SHOWN), own_work(person, limit=SHOWN)
    return render(
        request,
        "alignment/home.html",
        {
            "as_of": now.as_of,
            "updating": now.updating,
            "company": now.company,
            "empty": not now.figures.initiatives and not goals.anchored,
            "sentence": sentence(now.figures),
            "parts": now.figures,
            "lead": Explained(now.figures, {}, now.company.default_effort).coverage,
            "figures": company_ratios(now, goals),
            "trend": trend(now.weeks, now.figures, now.as_of),
            "uncovered": uncovered_gaps(goals, uncovered),
            "orphans": orphan_gaps(orphans, now.figures.orphaned),
            "own": [own_row(one) for one in work],
            "teams": [team_row(one, now) for one in teams],
        },
    )


def sentence(figures: Figures) -> str:
    """The company in one breath."""
    if not figures.initiatives:
        return "There is no active work yet: figures come with the first active initiative."
    reaching = f"Of {weeks(figures.effort)} of active work, {_reaching(figures.aligned)} a published strategy"
    rest = f"; {_reaching(figures.orphaned)} nothing yet." if figures.orphaned > 0 else ", and nothing is left over."
    return reaching + rest


def _reaching(effort: float) -> str:
    return f"{number(effort)} {'reaches' if number(effort) == '1' else 'reach'}"


def company_ratios(now: CompanyFigures, goals: Priorities) -> list[Figure]:
    """Beside coverage, which carries the note on what is not sized for all of them."""
    shares = [(root.title, goals.wanted[root.id], goals.actual.get(root.id, 0.0)) for root in goals.roots]
    return [
        strategy_coverage(goals.covered, goals.anchored),
        priority_fit(goals.fit, shares),
        replace(Explained(now.figures, {}, now.company.default_effort).autonomy, note=""),
    ]


def uncovered_gaps(goals: Priorities, found: Uncovered) -> Gaps:
    missing = goals.anchored - goals.covered
    rows = [
        flag_row(flag.code, flag.first_seen, label=flag.goal.title, url=reverse("goal_detail", args=[flag.goal.key]))
        for flag in found.oldest
        if flag.goal
    ]
    hidden = max(missing - found.awake - found.snoozed, 0) if len(rows) < SHOWN else 0
    every = "Every goal of a published strategy has work that reaches it."
    return Gaps(
        question=FLAG_WORDS[FlagCode.UNCOVERED].question,
        rows=rows,
        all_text=f"All {found.awake}" if found.awake > len(rows) else "",
        all_url=reverse("flag_list") + query({}, code=FlagCode.UNCOVERED),
        none=every if goals.anchored else "There is no live goal in a published strategy yet.",
        hidden=count(hidden, "confidential goal") if hidden else "",
        snoozed=f"{found.snoozed} snoozed" if found.snoozed else "",
        snoozed_url=reverse("flag_list") + query({}, code=FlagCode.UNCOVERED, snoozed=YES),
    )


def orphan_gaps(rows: list[InitiativeFigures], orphaned: float) -> Gaps:
    """`orphaned` is the effort of all such work, also of what is not among `rows`."""
    return Gaps(
        question=FLAG_WORDS[FlagCode.ORPHAN].question,
        rows=[orphan_row(row) for row in rows[:SHOWN]],
        all_text=f"All {weeks(orphaned)}" if len(rows) > SHOWN else "",
        all_url=initiatives_url(part="orphaned"),
        none="All active work reaches the strategy, explores, or keeps things running.",
    )


def orphan_row(row: InitiativeFigures) -> Orphan:
    work = row.initiative
    return Orphan(work.title, reverse("initiative_detail", args=[work.key]), work.team.name, weeks(row.orphaned))


def own_row(work: OwnWork) -> Own:
    leads = [lead(link) for link in work.links]
    broken = [each for each in leads if each.why_not]
    if len(broken) > 1:
        leads, rest = [each for each in leads if not each.why_not], f"{count(len(broken), 'link')} that do not count"
    elif leads:
        rest = ""
    else:
        rest = "reaches nothing yet" if work.figures.orphaned > 0 else "is linked to no goal, and accounted for"
    return Own(title=work.title, url=reverse("initiative_detail", args=[work.key]), leads=leads, rest=rest)


def lead(link: OwnLink) -> Lead:
    if not link.goal_key:
        return Lead(CONFIDENTIAL, "", "", "")
    why_not = Reason(link.reason).label if link.reason else ""
    return Lead(link.goal_title, reverse("goal_detail", args=[link.goal_key]), link.strategy, why_not)


def team_row(own: OwnTeam, now: CompanyFigures) -> OwnTeamRow:
    coverage = Explained(own.figures, {"team": own.team.key}, now.company.default_effort).coverage
    return OwnTeamRow(own.team.name, reverse("team_detail", args=[own.team.key]), own.figures, coverage)
