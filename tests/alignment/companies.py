"""Random companies that an import accepts (`spec/bundle.md`), crowded into the corners of `spec/alignment.md`.

Days are drawn around the limits the figures are judged by: the last day of grace, the day of the report and the days
next to it. Magnitudes are drawn in three styles, so that no drawn amount comes near a thousand-millionth of what it is
measured against: what "zero" is measured against is a case for `worked.py`, where it can be said in words.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

Row = dict[str, str]
Bundle = dict[str, list[Row]]
Window = tuple[str, str]

DAYS_OF_REPORT = (date(2026, 6, 15), date(2024, 2, 29), date(2026, 1, 1), date(2025, 12, 31))
BLANK_TEXTS = ("", " ", " \n ", "\u00a0")
GRACES = (14, 0, 1, 30)
SILENCES = (28, 1, 3)

# Efforts, and whether shares may be as small as a millionth.
STYLES = (
    (("1", "2", "4", "0.01", "0.1", "0.3", "0.7", "2.5", "13.37", "20"), False),
    (("1", "2", "3", "5", "10", "20"), True),
    (("5000", "12345.67", "50000", "99999.99"), True),
)
PLAIN_SHARES = {
    1: (("",), ("1",), ("0.5",), ("0.25",)),
    2: (("", ""), ("0.5", ""), ("1", ""), ("0.3", "0.7"), ("0.25", "0.25"), ("0.9", ""), ("0.7", "0.3")),
    3: (
        ("", "", ""),
        ("0.5", "", ""),
        ("0.7", "0.2", "0.1"),
        ("0.1", "0.9", ""),
        ("0.3", "0.3", "0.3"),
        ("0.3", "0.6", "0.05"),
        ("1", "", ""),
        ("0.2", "", "0.1"),
    ),
}
SMALL_SHARES = {
    1: (("0.000001",), ("0.999999",)),
    2: (("0.999999", ""), ("0.000001", "0.999999"), ("0.000001", "")),
    3: (("0.333333", "0.333333", "0.333333"), ("0.333333", "0.666666", ""), ("0.333333", "0.666667", "")),
}

STANCE_COLUMNS = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")
STANCE_RANGES = (
    ("0", "0", "0", "0", "0"),
    ("1", "0.5", "1", "1", "1"),
    ("0.5", "0.25", "0.25", "0.5", "0.5"),
    ("0.3", "0.1", "0.3", "0.7", "0.25"),
)

# First and last day around the day of the report; "grace" is minus the days of grace, None no day.
ALWAYS = ((None, None), (None, None), (None, None), (-400, 400)) * 6
EDGES = ((None, -1), (None, 0), (0, 0), (1, None), (0, None), (-1, "grace"), (None, "grace"), (None, "beyond grace"))
EXPLORING = ((None, 0), (None, 0), (-30, 90), (None, 1), (None, -1), (None, "grace"))


@dataclass(frozen=True)
class Drawn:
    """A bundle to import when it is `today`, and the day to report on, which may lie either side of it."""

    bundle: Bundle
    as_of: date
    today: date


@lru_cache(maxsize=4096)
def among(options: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    return st.sampled_from(options)


@st.composite
def companies(draw: st.DrawFn) -> Drawn:
    """Up to 4 strategies, 14 goals, 6 teams, 14 initiatives with up to 3 links each; shrinks to a plain company."""

    def pick(*options: Any) -> Any:
        return draw(among(options))

    maker = Maker(pick)
    bundle = maker.bundle()
    return Drawn(bundle, maker.as_of, maker.today)


def write_folder(bundle: Bundle, path: Path) -> Path:
    """Writes a file for each table that has rows; a column is there when some row has it."""
    path.mkdir(parents=True, exist_ok=True)
    for table, rows in bundle.items():
        if not rows:
            continue
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (path / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return path


def some(pick: Callable[..., Any], options: list[str], count: int) -> list[str]:
    """So many different ones in any order, or all of them when they are fewer."""
    left = list(options)
    return [left.pop(left.index(pick(*left))) for _ in range(min(count, len(options)))]


@dataclass
class Maker:
    """Makes one company, table by table; `pick` draws one of its arguments, of which the first is the plainest."""

    pick: Callable[..., Any]
    strategies: list[Row] = field(default_factory=list)
    teams: list[Row] = field(default_factory=list)
    goals: list[Row] = field(default_factory=list)
    measures: list[Row] = field(default_factory=list)
    initiatives: list[Row] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    support: list[Row] = field(default_factory=list)

    def __post_init__(self) -> None:
        pick = self.pick
        self.as_of: date = pick(*DAYS_OF_REPORT)
        self.today: date = self.as_of + timedelta(days=pick(0, 0, 1, -1, 40, -40))
        self.grace: int = pick(*GRACES)
        self.silence: int = pick(*SILENCES)
        self.efforts, self.small_shares = pick(*STYLES)

    def bundle(self) -> Bundle:
        pick = self.pick
        settings = self.settings()
        self.strategies = [self.strategy(number) for number in range(pick(1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 0))]
        self.add_teams(pick(*(1, 2, 3, 4, 5, 6) * 3, 0))
        self.add_goals(pick(*range(1, 15), *range(4, 15), 0))
        self.add_missions()
        for number in range(pick(*range(1, 15), *range(4, 15), 0) if self.teams else 0):
            self.add_initiative(number)
        bundle = {
            "company": settings,
            "people": [
                {"email": "ada@example.org", "name": "Ada", "role": "admin"},
                {"email": "Grace@example.org", "name": "Grace"},
            ],
            "teams": self.teams,
            "memberships": [{"team": team["key"], "email": "grace@example.org"} for team in self.teams[::2]],
            "strategies": self.strategies,
            "goals": self.goals,
            "measures": self.measures,
            "initiatives": self.initiatives,
            "links": self.links,
            "support": self.support,
        }
        if pick(False, True):
            bundle = {table: rows[::-1] for table, rows in bundle.items()}
        return without_blank_columns(bundle) if pick(False, True) else bundle

    def settings(self) -> list[Row]:
        pick = self.pick
        values = {"name": "Example", "default_effort": pick("", *self.efforts)}
        values["grace_days"] = str(self.grace) if self.grace != GRACES[0] or pick(False, True) else ""
        values["silent_days"] = str(self.silence) if self.silence != SILENCES[0] else ""
        for stance in ("core", "spotlight", "explore"):
            ranges = pick((), (), *STANCE_RANGES)
            values |= {f"{stance}.{column}": value for column, value in zip(STANCE_COLUMNS, ranges, strict=False)}
        return [{"setting": name, "value": value} for name, value in values.items() if value]

    def day(self, offset: int | str | None) -> str:
        if offset is None:
            return ""
        days = {"grace": -self.grace, "beyond grace": -self.grace - 1}.get(str(offset), offset)
        return (self.as_of + timedelta(days=int(days))).isoformat()

    def past_day(self, offset: int | None) -> str:
        """The day, or today should that be earlier: nobody touches, confirms, asks or changes anything tomorrow."""
        return "" if offset is None else min(self.day(offset), self.today.isoformat())

    def window(self, *windows: tuple[int | str | None, int | str | None]) -> Window:
        starts, ends = self.pick(*windows)
        starts_on, ends_on = self.day(starts), self.day(ends)
        return (min(starts_on, ends_on) if ends_on else starts_on, ends_on)

    def strategy(self, number: int) -> Row:
        pick = self.pick
        starts_on, ends_on = self.window(*ALWAYS, *EDGES, *EDGES)
        return {
            "key": f"s{number}",
            "title": f"Strategy {number}",
            "status": pick(*("published",) * 24, "draft", "", "archived"),
            "starts_on": starts_on,
            "ends_on": ends_on,
        }

    def add_teams(self, count: int) -> None:
        pick = self.pick
        for number in range(count):
            stance = pick("core", "", "spotlight", "spotlight", "explore")
            self.teams.append(
                {
                    "key": f"t{number}",
                    "name": f"Team {number}",
                    "parent": pick("", *(team["key"] for team in self.teams)),
                    "mission": pick(*("Make it easy.",) * 8, *BLANK_TEXTS),
                    "stance": stance,
                    "stance_until": self.day(pick(None, None, -1, 0, 1)),
                    "here": pick(*("", "yes") * 3, "no"),
                }
            )

    def add_goals(self, count: int) -> None:
        for number in range(count if self.strategies or self.teams else 0):
            goal = self.place_in_tree() | self.goal(number)
            self.goals.append(goal)
            if self.pick(True, False):
                self.measures.append({"key": f"m{number}", "goal": goal["key"], "title": "Orders", **self.measured()})

    def measured(self) -> Row:
        """A measure of any kind; a milestone has no numbers but 0 and 1."""
        kind = self.pick("", "target", "at_least", "at_most", "milestone")
        keeper = self.pick("", "ada@example.org")
        if kind == "milestone":
            return {"kind": kind, "target": "1", "current": self.pick("", "0", "1"), "keeper": keeper}
        return {"kind": kind, "unit": "a week", "target": "10.5", "keeper": keeper}

    def place_in_tree(self) -> Row:
        pick = self.pick
        teams = [team["key"] for team in self.teams]
        parent = pick("", "", *(goal["key"] for goal in self.goals))
        if parent:
            root = self.root(parent)
            return {
                "parent": parent,
                "strategy": pick("", "", root["strategy"]),
                "team": pick("", "", "", *teams),
            }
        if self.strategies and not (teams and pick(*(False,) * 5, True)):
            return {"parent": "", "strategy": pick(*(row["key"] for row in self.strategies)), "team": ""}
        return {"parent": "", "strategy": "", "team": pick(*teams)}

    def root(self, key: str) -> Row:
        goal = next(row for row in self.goals if row["key"] == key)
        return self.root(goal["parent"]) if goal["parent"] else goal

    def goal(self, number: int) -> Row:
        pick = self.pick
        starts_on, ends_on = self.window(*ALWAYS, *EDGES)
        return {
            "key": f"g{number}",
            "title": f"Goal {number}",
            "why": pick(*("Customers ask.",) * 8, *BLANK_TEXTS),
            "kind": ("", "aspirational", "committed")[number % 3],
            "weight": pick("", "1", "2", "0.5", "10"),
            "status": pick(*("active",) * 20, "draft", "", "achieved", "missed", "dropped"),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "owner": ("", "ADA@example.org")[number % 2],
            "visibility": ("", "company", "leaders")[number % 3],
            "meaning_changed_on": self.past_day(pick(None, None, -5, 0)),
            "closed_on": self.past_day(pick(None, None, -5)),
            "closing_reason": pick("", "", "Nobody wants it."),
            "learned": ("", "Ask first.")[number % 2],
            "situation": ("", "Two of three leave.")[number // 2 % 2],
            "boundaries": ("", "Not by lower prices.")[number // 3 % 2],
            "successors": self.goals[-1]["key"] if self.goals and number % 3 == 1 else "",
        }

    def add_missions(self) -> None:
        goals = [goal["key"] for goal in self.goals]
        for team in self.teams:
            team["mission_goals"] = ";".join(some(self.pick, goals, self.pick(0, 1, 2)))

    def add_initiative(self, number: int) -> None:
        pick = self.pick
        kind = pick("goal", "goal", "", "explore", "explore", "sustain")
        starts_on, ends_on = self.window(*EXPLORING) if kind == "explore" else self.window(*ALWAYS, *EDGES)
        initiative = {
            "key": f"i{number}",
            "team": pick(*(team["key"] for team in self.teams)),
            "title": f"Initiative {number}",
            "kind": kind,
            "origin": pick("team", "team", "", "assigned"),
            "effort": pick(*self.efforts, ""),
            "status": pick(*("active",) * 12, "paused", "done", "", "dropped"),
            "starts_on": starts_on,
            "ends_on": ends_on,
            "touched_on": self.past_day(pick(None, None, -self.silence - 1, -self.silence, 0)),
            "declaration": pick("", "Does it hold?"),
            "status_reason": pick("", "Others need the people more."),
            "learned": pick("", "It holds in the north."),
            "labels": pick("", "mobile", "Mobile; research"),
        }
        self.initiatives.append(initiative)
        self.add_links(initiative["key"])
        self.add_asks(initiative)

    def add_links(self, initiative: str) -> None:
        pick = self.pick
        goals = some(pick, [goal["key"] for goal in self.goals], pick(1, 1, 2, 2, 3, 3, 0))
        if not goals:
            return
        options = PLAIN_SHARES[len(goals)] + (SMALL_SHARES[len(goals)] if self.small_shares else ())
        for goal, share in zip(goals, pick(*options), strict=True):
            self.links.append({"initiative": initiative, "goal": goal, "share": share} | self.belief(goal))

    def belief(self, goal: str) -> Row:
        pick = self.pick
        row = next(row for row in self.goals if row["key"] == goal)
        changed_on = row["meaning_changed_on"]
        changed = (date.fromisoformat(changed_on) - self.as_of).days if changed_on else -10
        measures = [measure["key"] for measure in self.measures if measure["goal"] == goal]
        measure = measures[0] if measures and len(self.links) % 2 else ""
        return {
            "rationale": pick(*("It removes a step.",) * 5, *BLANK_TEXTS),
            "state": pick("claimed", "claimed", "", "endorsed", "endorsed", "disputed"),
            "evidence": ("", "Fewer calls.")[len(self.links) % 2],
            "review_on": self.day(pick(None, None, -1, 0, 1)),
            "outcome": pick("untested", "", "untested", "held", "failed", "unclear"),
            "confirmed_on": self.past_day(pick(None, changed, changed - 1)),
            "measure": measure,
            "expected_change": "-2.5" if measure else "",
            "note": pick("", "Show me the numbers."),
            "judged_by": pick("", "ada@example.org"),
            "judged_on": self.past_day(pick(None, 0, -3)),
            "outcome_note": pick("", "Nobody called."),
        }

    def add_asks(self, initiative: Row) -> None:
        pick = self.pick
        others = [team["key"] for team in self.teams if team["key"] != initiative["team"]]
        for other in some(pick, others, pick(0, 1)):
            self.support.append(
                {
                    "initiative": initiative["key"],
                    "team": other,
                    "ask": "Look at the design.",
                    "status": pick("asked", "", "asked", "pledged", "declined", "delivered"),
                    "asked_on": self.past_day(pick(None, -15, -14, -13)),
                    "answer": pick("", "In May."),
                }
            )


def without_blank_columns(bundle: Bundle) -> Bundle:
    """The same company with the columns left out in which no row has a value."""
    return {
        table: [
            {column: value for column, value in row.items() if any(other.get(column, "").strip() for other in rows)}
            for row in rows
        ]
        for table, rows in bundle.items()
    }
