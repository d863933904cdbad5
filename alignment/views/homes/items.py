"""The parts of the home page: each a dataclass that the template it names draws."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse

from alignment.digest.content import Line
from alignment.digest.sections.judgements import to_judge_line
from alignment.digest.sections.support import ask_line
from alignment.engine import Figures
from alignment.enums import FlagCode, Reason
from alignment.models import Flag
from alignment.selectors.flags import FlagLinks
from alignment.selectors.own import OwnLink, OwnTeam, OwnWork
from alignment.views.answers import Answer, answers, is_about, subject_address
from alignment.views.figures import Explained, Figure
from alignment.views.flags import broken
from alignment.views.trends import Trend
from alignment.wording import CONFIDENTIAL, FLAG_WORDS
from lib.numbers import weeks
from strategy.views.words import day
from teams.models import Person, Support
from teams.rules import answers_support

SHOWN = 5
ENDS = 2
"""Of a long line of goals the first and the last so many are named."""


@dataclass(frozen=True)
class Said:
    """Some words; with `url`, they lead there."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Item:
    """A sentence; what explains it or asks, and what can be done about it. `aside` is a day or an effort."""

    said: tuple[Said, ...]
    detail: str = ""
    details: Sequence[str] = ()
    answers: Sequence[Answer] = ()
    aside: str = ""

    @property
    def text(self) -> str:
        return "".join(said.text for said in self.said)


@dataclass(frozen=True)
class Listed:
    """A list with its heading. `all_url` leads to all of it, `none` is what is true where there is nothing; `rest` are
    pairs (text, url or '') below it, `keeping` is one line of housekeeping: pairs (text, url)."""

    template: ClassVar[str] = "alignment/_home_list.html"

    id: str
    title: str
    items: Sequence[Item]
    question: str = ""
    all_text: str = ""
    all_url: str = ""
    none: str = ""
    rest: Sequence[tuple[str, str]] = ()
    keeping: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Moved:
    """How coverage changed in a week, in words, and what moved it; `none` is said where nothing can be told."""

    change: str
    causes: Sequence[Item]
    none: str = ""


@dataclass(frozen=True)
class CompanyPart:
    template: ClassVar[str] = "alignment/_home_company.html"

    since: str
    parts: Figures
    lead: Figure
    figures: Sequence[Figure]
    trend: Trend
    moved: Moved


@dataclass(frozen=True)
class TeamRow:
    name: str
    url: str
    figures: Figures
    coverage: Figure


@dataclass(frozen=True)
class TeamPart:
    """A team that the reader leads; `start_url` is where work of it begins."""

    template: ClassVar[str] = "alignment/_home_team.html"

    id: str
    team: TeamRow
    moved: Moved
    start_url: str
    lists: Sequence[Listed]


@dataclass(frozen=True)
class OwnPart:
    """One's own work: the largest that leads to the strategy, drawn with its `line` (_line_of_sight.html; None where
    nothing leads there), and the others in a list."""

    template: ClassVar[str] = "alignment/_home_own.html"

    first: Said | None
    line: Mapping[str, Any] | None
    rest: Listed


@dataclass(frozen=True)
class TeamsPart:
    """Teams, or the company, with their coverage in a line each."""

    template: ClassVar[str] = "alignment/_home_teams.html"

    id: str
    title: str
    rows: Sequence[TeamRow]


@dataclass(frozen=True)
class Teaching:
    """What belongs here, why it matters, and the one button."""

    template: ClassVar[str] = "alignment/_home_teaching.html"

    id: str
    title: str
    what: str
    why: str
    action_url: str
    action_label: str


def line_item(line: Line, aside: str = "", of_answers: Sequence[Answer] = ()) -> Item:
    """A line of a letter; its answers are those of pages."""
    return Item(tuple(Said(span.text, span.path) for span in line.said), line.detail, (), of_answers, aside)


def flag_item(flag: Flag, reader: Person, links: FlagLinks, on: dt.date | None) -> Item:
    label, url = subject_address(flag)
    code = FlagCode(flag.code)
    about = [link for link in links.counting if is_about(code, link, on)]
    return Item(
        said=(Said(label, url), Said(f" {FLAG_WORDS[code].one}")),
        detail=FLAG_WORDS[code].question,
        details=[broken(link) for link in links.broken] if code == FlagCode.DISCONNECTED else _meanings(code, about),
        answers=answers(flag, reader, about),
        aside=f"first seen {day(flag.first_seen)}",
    )


def _meanings(code: FlagCode, links: Iterable[Any]) -> list[str]:
    """Of links that are to be confirmed anew: since when their goals mean something else."""
    if code != FlagCode.RECONFIRM:
        return []
    return [f"{link.goal.title}: means something else since {day(link.goal.meaning_changed_on)}" for link in links]


def judge_item(link: Any) -> Item:
    """A link that the reader judges."""
    endorse = Answer("Endorse", reverse("link_endorsement", args=[link.pk]))
    dispute = Answer("Dispute", reverse("link_dispute", args=[link.pk]))
    return line_item(to_judge_line(link), "", (endorse, dispute) if link.state != "disputed" else (endorse,))


def ask_item(ask: Support, team: Any, reader: Person) -> Item:
    """As the people of `team` read it."""
    asked = ask.team_id == team.pk and answers_support(reader, ask)
    answer = Answer("Promise or decline it", reverse("support_answer", args=[ask.pk]))
    return line_item(ask_line(ask, team, reader), of_answers=(answer,) if asked else ())


def uncovered_item(flag: Flag, reader: Person) -> Item:
    label, url = subject_address(flag)
    return Item((Said(label, url),), "", (), answers(flag, reader), f"first seen {day(flag.first_seen)}")


def orphan_item(row: Mapping[str, Any]) -> Item:
    url = reverse("initiative_detail", args=[row["key"]])
    return Item((Said(row["title"], url), Said(f" ({row['team']})")), aside=weeks(row["effort"]))


def own_item(work: OwnWork) -> Item:
    """The line from a piece of work to the strategy: along the first link that counts."""
    name = Said(work.title, reverse("initiative_detail", args=[work.key]))
    counting = [link for link in work.links if not link.reason]
    if counting:
        others = len(counting) - 1
        also = [f"It serves {others} other goal{'' if others == 1 else 's'} as well."] if others else []
        part = ["A part of its effort reaches nothing."] if work.figures.orphaned > 0 else []
        return Item((name, *_line(counting[0])), " ".join([*also, *part]))
    if work.figures.orphaned > 0:
        return Item((name, Said(" reaches no published strategy.")), details=[_why_not(link) for link in work.links])
    return Item((name, Said(" explores." if work.figures.exploring > 0 else " keeps things running.")))


def drawn_line(link: OwnLink) -> dict[str, Any]:
    """What components/_line_of_sight.html draws: the way up, without what the link says."""
    steps = [_step("Goal", "goal_detail", key, title) for key, title in link.goals]
    if link.strategy[0]:
        steps[-1]["kind"] = "Company goal"
        steps.append(_step("Strategy", "strategy_detail", *link.strategy))
    return {"counts": not link.reason, "share": None, "steps": steps}


def _step(kind: str, page: str, key: str, title: str) -> dict[str, Any]:
    return {"kind": kind, "label": title, "url": reverse(page, args=[key]) if key else None, "hidden": not key}


def _line(link: OwnLink) -> list[Said]:
    names = [_name("goal_detail", key, title) for key, title in link.goals]
    if len(names) > 2 * ENDS:
        names = [*names[:ENDS], Said("…"), *names[-ENDS:]]
    if link.strategy[0]:
        names.append(_name("strategy_detail", *link.strategy))
    return [said for name in names for said in (Said(" → "), name)]


def _name(page: str, key: str, title: str) -> Said:
    return Said(title, reverse(page, args=[key])) if key else Said(CONFIDENTIAL)


def _why_not(link: OwnLink) -> str:
    key, title = link.goals[0]
    return f"{title}: {Reason(link.reason).label}" if key else CONFIDENTIAL.capitalize()


def team_row(own: OwnTeam, default_effort: Any) -> TeamRow:
    coverage = Explained(own.figures, {"team": own.team.key}, default_effort).coverage
    return TeamRow(own.team.name, reverse("team_detail", args=[own.team.key]), own.figures, coverage)
