"""The parts of the home page: dataclasses, each with the template that draws it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.urls import reverse

from alignment.engine import Figures
from alignment.enums import FlagCode
from alignment.flags import NOT_COUNTING
from alignment.models import Flag, Link
from alignment.narrative.flags import flag_line, other_meaning, why_not
from alignment.narrative.judgements import to_judge_line
from alignment.narrative.proposals import standing_text
from alignment.narrative.work import KEEPS_RUNNING, beside_the_way, explores, way_up
from alignment.rules import links_about
from alignment.selectors.flags import FlagLinks
from alignment.selectors.people.own import OwnLink, OwnTeam, OwnWork
from lib.text.days import day
from lib.text.isolation import isolated
from lib.text.names import CONFIDENTIAL
from lib.text.numbers import weeks
from lib.text.spans import Line, Span
from teams.models import Person
from web.figures.figures import Explained, Figure
from web.figures.trends import Trend
from web.flags.answers import Answer, answers, subject_address
from web.flags.views import broken
from web.links.lines import purpose_step

SHOWN = 5


@dataclass(frozen=True)
class Text:
    """Words, with a link where there is a `url`."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Item:
    """A sentence with its explanation or prompt, and its answers. `aside` is a day or an effort."""

    said: tuple[Text, ...]
    detail: str = ""
    details: Sequence[str] = ()
    answers: Sequence[Answer] = ()
    aside: str = ""

    @property
    def text(self) -> str:
        return "".join(isolated(said.text) if said.url else said.text for said in self.said)


@dataclass(frozen=True)
class ClarityPart:
    """What leaders owe the company: each a label, how many of how many, and the address of what is missing."""

    template: ClassVar[str] = "home/_home_clarity.html"

    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True)
class ItemList:
    """A list with its heading; `prompt` applies to the whole list. `all_url` leads to all of it, `none` is shown where
    it is empty; `rest` are pairs (text, url or '') below it, `keeping` is one line of housekeeping: pairs (text,
    url). `here` says beside it how many teams are here, '' where all are."""

    template: ClassVar[str] = "home/_home_list.html"

    id: str
    title: str
    items: Sequence[Item]
    prompt: str = ""
    all_text: str = ""
    all_url: str = ""
    none: str = ""
    rest: Sequence[tuple[str, str]] = ()
    keeping: Sequence[tuple[str, str]] = ()
    here: str = ""


@dataclass(frozen=True)
class Moved:
    """How coverage changed in a week, in words, and its causes; `none` is shown where there are none."""

    change: str
    causes: Sequence[Item]
    none: str = ""


@dataclass(frozen=True)
class CompanyPart:
    """`going` are the strategies, each with what the measures of its top goals say."""

    template: ClassVar[str] = "home/_home_company.html"

    since: str
    parts: Figures
    lead: Figure
    figures: Sequence[Figure]
    trend: Trend
    moved: Moved
    here: str
    going: Sequence[Item] = ()


@dataclass(frozen=True)
class TeamRow:
    name: str
    url: str
    figures: Figures
    coverage: Figure

    @property
    def aligned(self) -> float:
        """The aligned part of all its effort, as its bar shows it; coverage leaves upkeep out."""
        return self.figures.aligned / self.figures.effort if self.figures.effort else 0.0


@dataclass(frozen=True)
class TeamPart:
    """A team that the reader leads; `start_url` is the page for a new initiative, '' where the team is not here."""

    template: ClassVar[str] = "home/_home_team.html"

    id: str
    team: TeamRow
    moved: Moved
    start_url: str
    lists: Sequence[ItemList]


@dataclass(frozen=True)
class OwnPart:
    """The reader's own work: `first` reaches the strategy with most effort and is drawn with its `line`
    (_line_of_sight.html); both are None where nothing does. `rest` lists the others."""

    template: ClassVar[str] = "home/_home_own.html"

    first: Text | None
    line: Mapping[str, Any] | None
    rest: ItemList


@dataclass(frozen=True)
class TeamsPart:
    """Teams, or the company, each with its coverage in a line. `here` is as in ItemList, `going` as in CompanyPart."""

    template: ClassVar[str] = "home/_home_teams.html"

    id: str
    title: str
    rows: Sequence[TeamRow]
    here: str = ""
    going: Sequence[Item] = ()


@dataclass(frozen=True)
class Teaching:
    """What belongs here, why it matters, and the one button."""

    template: ClassVar[str] = "home/_home_teaching.html"

    id: str
    title: str
    what: str
    why: str
    action_url: str
    action_label: str


def line_item(line: Line, aside: str = "", of_answers: Sequence[Answer] = ()) -> Item:
    """An Item from a digest's line, with the answers of pages."""
    return Item(tuple(Text(span.text, span.path) for span in line.said), line.detail, (), of_answers, aside)


def flag_item(flag: Flag, reader: Person, links: FlagLinks, on: dt.date | None, proposal: Any = None) -> Item:
    """`proposal` is the thread of a goal that was proposed for its work (`proposals_for`)."""
    about = links_about(flag.code, links.counting, on)
    after = links.after if flag.code in NOT_COUNTING else []
    proposed = [standing_text(proposal)] if proposal is not None else []
    said = line_item(flag_line(flag.code, Span(*subject_address(flag))))
    return replace(
        said,
        details=[*_rests_on(flag.code, links, about), *(each.said for each in after), *proposed],
        answers=answers(flag, reader, about, successions=after, proposal=proposal),
        aside=f"first seen {day(flag.first_seen)}",
    )


def _rests_on(code: str, links: FlagLinks, about: Iterable[Link]) -> list[str]:
    """Why links do not count, or since when the goals of links to reconfirm mean something else."""
    if code == FlagCode.DISCONNECTED:
        return [broken(link) for link in links.broken]
    return [other_meaning(link.goal) for link in about] if code == FlagCode.RECONFIRM else []


def judge_item(link: Any) -> Item:
    """A link that the reader judges."""
    endorse = Answer("Endorse", reverse("link_endorsement", args=[link.pk]))
    dispute = Answer("Dispute", reverse("link_dispute", args=[link.pk]))
    return line_item(to_judge_line(link), "", (endorse, dispute) if link.state != "disputed" else (endorse,))


def uncovered_item(row: Mapping[str, Any]) -> Item:
    name = Text(row["title"], reverse("goal_detail", args=[row["key"]]))
    return Item((name,), aside=f"first seen {day(dt.date.fromisoformat(row['since']))}")


def orphan_item(row: Mapping[str, Any]) -> Item:
    url = reverse("initiative_detail", args=[row["key"]])
    return Item(
        (Text(row["title"], url), Text(f" ({isolated(row['team'])})")),
        aside="not sized" if row["unsized"] else weeks(row["effort"]),
    )


def own_item(work: OwnWork) -> Item:
    """The line from a piece of work to the strategy: along the first link that counts."""
    name = Text(work.title, reverse("initiative_detail", args=[work.key]))
    counting = [link for link in work.links if not link.reason]
    if counting:
        way = way_up(Span(name.text, name.url), *_steps(counting[0]))
        beside = beside_the_way(others=len(counting) - 1, is_partly_lost=work.figures.orphaned > 0)
        return line_item(Line(way, beside))
    if work.figures.orphaned > 0:
        return Item((name, Text(" reaches no published strategy.")), details=[_why_not(link) for link in work.links])
    return Item((name, Text(explores() if work.figures.exploring > 0 else KEEPS_RUNNING)))


def drawn_line(link: OwnLink, purpose: str) -> dict[str, Any]:
    """What components/_line_of_sight.html draws, without what the link says, up to the company’s `purpose`."""
    steps = [_step("Goal", "goal_detail", key, title) for key, title in link.goals]
    if link.strategy[0]:
        steps[-1]["kind"] = "Company goal"
        steps += [_step("Strategy", "strategy_detail", *link.strategy), *purpose_step(purpose)]
    return {"counts": not link.reason, "share": None, "steps": steps}


def _step(kind: str, page: str, key: str, title: str) -> dict[str, Any]:
    return {"kind": kind, "label": title, "url": reverse(page, args=[key]) if key else None, "hidden": not key}


def _steps(link: OwnLink) -> tuple[list[Span], Span | None]:
    """The goals, and the strategy where the reader may see one."""
    goals = [_name("goal_detail", key, title) for key, title in link.goals]
    return goals, _name("strategy_detail", *link.strategy) if link.strategy[0] else None


def _name(page: str, key: str, title: str) -> Span:
    return Span(title, reverse(page, args=[key])) if key else Span(CONFIDENTIAL)


def _why_not(link: OwnLink) -> str:
    return why_not(link.goals[0][1], link.reason)


def team_row(own: OwnTeam, default_effort: Any) -> TeamRow:
    coverage = Explained(own.figures, {"team": own.team.key}, default_effort).coverage
    return TeamRow(own.team.name, reverse("team_detail", args=[own.team.key]), own.figures, coverage)
