"""Generates a synthetic company for load tests: the same bytes for the same arguments, on any day and any machine.

It uses only `Random.random`, whose numbers are the same in all versions of Python. All days lie in 2025 and 2026.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

from exchange.bundle.files.writing import Writer, write_rows, writing
from exchange.bundle.format.contents import BY_NAME, COMPANY_FILE, FILES
from exchange.synthetic import phrases

T = TypeVar("T")
Row = tuple[str, ...]
AMENDED_AT = ASKED_AT = "2025-12-01T08:00:00Z"
ANSWERED_AT = "2025-12-02T09:30:00Z"
YEAR_STARTS, YEAR_ENDS = "2026-01-01", "2026-12-31"
PEOPLE_PER_TEAM, PEOPLE_LIMIT = 3, 20_000
CHILDREN = 6
LEADERS = 20
_KINDS = {2: "at_least", 6: "at_most", 10: "milestone"}
"""By the number of a goal modulo 20, the kind of its measure where that is none to reach."""
_SURE = ("on_track", "at_risk", "off_track", "")


def generate_bundle(path: Path, *, teams: int, initiatives: int, goals: int, seed: int = 0) -> None:
    """Writes a folder or a zip with about two links per initiative. Raises ValueError for impossible sizes,
    BundleTargetError."""
    if min(teams, initiatives, goals) < 0:
        raise ValueError("give numbers of 0 or more")
    if initiatives and not teams:
        raise ValueError("initiatives need at least one team")
    with writing(Path(path)) as writer:
        _Company(Random(seed), teams, initiatives, goals).write(writer)  # noqa: S311 - nothing secret


@dataclass
class _Company:
    """Generates rows one by one without storing them: only their numbers, the team of each initiative, and which active
    ones have no size."""

    random: Random
    teams: int
    initiatives: int
    goals: int
    owners: list[int] = field(default_factory=list)
    unsized: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.people = min(self.teams * PEOPLE_PER_TEAM + 2, PEOPLE_LIMIT)
        self.roots = max(1, min(12, 9 + self.goals // 4_000, self.goals))
        self.personas = len(phrases.CUSTOMERS)

    def write(self, writer: Writer) -> None:
        makers: dict[str, Callable[[], Iterator[Row]]] = {name: getattr(self, f"_{name}") for name in BY_NAME}
        write_rows(writer, COMPANY_FILE, ("setting", "value"), (("name", "Meridian Instruments"), ("timezone", "UTC")))
        for name in (file.removesuffix(".csv") for file in FILES[1:]):
            write_rows(writer, f"{name}.csv", [column.name for column in BY_NAME[name].columns], makers[name]())

    def _below(self, count: int) -> int:
        return int(self.random.random() * count)

    def _pick(self, options: Sequence[T]) -> T:
        return options[int(self.random.random() * len(options))]

    def _chance(self, chance: float) -> bool:
        return self.random.random() < chance

    def _day(self, first: date, days: int) -> str:
        return (first + timedelta(days=self._below(days))).isoformat()

    def _somebody(self) -> str:
        return _email(self._below(self.people))

    def _people(self) -> Iterator[Row]:
        for number in range(self.people):
            role = (
                "admin"
                if number == 0
                else "leader"
                if number <= LEADERS
                else "viewer"
                if number % 50 == 49
                else "member"
            )
            name = f"{self._pick(phrases.FIRST_NAMES)} {self._pick(phrases.LAST_NAMES)}"
            yield _email(number), name, role, self._pick(phrases.ZONES), "yes", "yes", "no", "", ""

    def _personas(self) -> Iterator[Row]:
        for number, (name, problem) in enumerate(phrases.CUSTOMERS):
            yield _persona(number), name, problem

    def _context(self) -> Iterator[Row]:
        for key, lens, title, body in phrases.CONTEXT:
            yield key, lens, title, body, _email(0), YEAR_STARTS

    def _teams(self) -> Iterator[Row]:
        for number in range(self.teams):
            stance = "spotlight" if number % 13 == 5 else "explore" if number % 11 == 7 else "core"
            yield (
                _team(number),
                f"{self._pick(phrases.AREAS)} {self._pick(phrases.CRAFTS)} {number + 1}",
                _team((number - 1) // CHILDREN) if number >= CHILDREN else "",
                "" if self._chance(0.1) else self._pick(phrases.MISSIONS),
                self._several(_goal, self.goals, 3),
                self._several(_persona, self.personas, 3),
                stance,
                "" if stance == "core" else self._pick(phrases.REASONS),
                self._day(date(2026, 9, 1), 120) if stance == "spotlight" else "",
                "",
                "yes",
            )

    def _several(self, name: Callable[[int], str], count: int, at_most: int) -> str:
        chosen = {self._below(count) for _ in range(self._below(at_most + 1))} if count else set()
        return ";".join(sorted(name(number) for number in chosen))

    def _memberships(self) -> Iterator[Row]:
        for number in range(self.teams):
            first = number * PEOPLE_PER_TEAM % self.people
            for place in range(min(PEOPLE_PER_TEAM, self.people)):
                yield _team(number), _email((first + place) % self.people), "lead" if place == 0 else "member"

    def _strategies(self) -> Iterator[Row]:
        yield "strategy-2026", "Strategy 2026", phrases.NARRATIVE, "published", YEAR_STARTS, YEAR_ENDS, _email(0)
        yield "strategy-2027", "Strategy 2027", phrases.NEXT_NARRATIVE, "draft", "2027-01-01", "2027-12-31", _email(0)

    def _goals(self) -> Iterator[Row]:
        """Roots first; the last one is in next year's draft. One in fifty of the others is a team's own root, an
        island."""
        for number in range(self.goals):
            root = number < self.roots
            own = not root and bool(self.teams) and number % 50 == 49
            parent = "" if root or own else _goal((number - self.roots) // CHILDREN)
            strategy = ("strategy-2027" if number and number == self.roots - 1 else "strategy-2026") if root else ""
            team = _team(self._below(self.teams)) if own or (not root and self.teams and self._chance(0.3)) else ""
            yield (_goal(number), strategy, parent, team, *self._goal_texts(), *self._goal_state(root=root))

    def _goal_texts(self) -> Row:
        title = f"{self._pick(phrases.VERBS)} {self._pick(phrases.OUTCOMES)} for {self._pick(phrases.GROUPS)}"
        return (
            title,
            "" if self._chance(0.05) else self._pick(phrases.WHYS),
            "aspirational" if self._chance(0.2) else "committed",
        )

    def _goal_state(self, *, root: bool) -> Row:
        status = "active" if root or self._chance(0.9) else self._pick(("draft", "achieved", "missed", "dropped"))
        ends_on = YEAR_ENDS if root or self._chance(0.8) else self._day(date(2026, 3, 31), 270)
        visibility = "leaders" if not root and self._chance(0.01) else "company"
        changed = self._day(date(2025, 10, 1), 60) if self._chance(0.1) else ""
        return (
            str(1 + self._below(5)) if root else "1",
            status,
            YEAR_STARTS,
            ends_on,
            self._somebody() if self.people else "",
            visibility,
            changed,
            self._day(date(2025, 10, 1), 60) if status not in ("active", "draft") else "",
            self._pick(phrases.WHYS) if status not in ("active", "draft") else "",
            "",
            _goal(0) if status not in ("active", "draft") else "",
            "",
            "",
            _persona(self._below(self.personas)) if root and self.personas else "",
            *("", ""),
        )

    def _decisions(self) -> Iterator[Row]:
        """One of each goal at the top; every other one takes the place of the one before it."""
        for number in range(min(self.roots, self.goals)):
            former = _decision(number - 1) if number % 2 else ""
            texts = (self._pick(phrases.PROBLEMS), "", self._pick(phrases.MISSIONS), self._pick(phrases.WHYS), "")
            by, day = self._somebody() if self.people else "", self._day(date(2025, 10, 1), 60)
            state = "decided", "leaders" if number % 10 == 9 else "company"
            yield (
                _decision(number),
                f"Decision {number + 1}",
                *texts,
                *state,
                by,
                day,
                by,
                former,
                _goal(number),
                "",
                "",
            )

    def _measures(self) -> Iterator[Row]:
        """One for each goal with an even number, by which links of initiatives find it."""
        for number in range(0, self.goals, 2):
            baseline, target = self._below(50), 60 + self._below(40)
            title, unit = self._pick(phrases.MEASURES), self._pick(phrases.UNITS)
            values = str(baseline), str(target), str(baseline + self._below(target - baseline))
            kind = _KINDS.get(number % 20, "target")
            if kind == "milestone":
                unit, values = "", ("0", "1", str(number // 20 % 2))
            keeper = _email(number % self.people) if self.people and number % 6 == 0 else ""
            yield _measure(number), _goal(number), title, unit, *values, kind, keeper, ""

    def _initiatives(self) -> Iterator[Row]:
        for number in range(self.initiatives):
            kind = "explore" if number % 8 == 3 else "sustain" if number % 6 == 4 else "goal"
            starts_on = self._day(date(2026, 1, 1), 150)
            explores = kind == "explore"
            self.owners.append(self._below(self.teams))
            cells = (
                _initiative(number),
                _team(self.owners[-1]),
                f"{self._pick(phrases.VERBS)} {self._pick(phrases.THINGS)} for {self._pick(phrases.GROUPS)}",
                self._pick(phrases.PROBLEMS) if self._chance(0.6) else "",
                kind,
                "assigned" if self._chance(0.15) else "team",
                f"{(1 + self._below(60)) / 2:g}" if self._chance(0.85) else "",
                "active" if self._chance(0.8) else self._pick(("proposed", "paused", "done", "dropped")),
                starts_on,
                self._day(date(2026, 7, 1), 180) if explores or self._chance(0.5) else "",
                self._somebody() if self._chance(0.9) else "",
                f"https://tracker.example.org/work/{number + 1}" if self._chance(0.5) else "",
                self._day(date(2025, 11, 1), 60),
                "" if kind == "goal" else self._pick(phrases.PROBLEMS),
            )
            if "active" in cells and not cells[6]:
                self.unsized.append(number)
            labels = ", ".join(sorted(phrases.LABELS[number % step] for step in (3, 5) if number % step == 1))
            yield (
                *cells,
                phrases.DROPPED[number % len(phrases.DROPPED)] if "dropped" in cells else "",
                phrases.LEARNED[number % len(phrases.LEARNED)] if explores and {"done", "dropped"} & {*cells} else "",
                labels,
                _email(number % self.people) if self.people and number % 4 == 1 else "",
            )

    def _links(self) -> Iterator[Row]:
        """0 to 4 for each initiative, 2 on average."""
        if not self.goals:
            return
        for number in range(self.initiatives):
            chosen = sorted({self._below(self.goals) for _ in range(self._pick((0, 1, 2, 2, 2, 3, 4)))})
            explicit = self._chance(0.3)
            for goal in chosen:
                yield (
                    _initiative(number),
                    _goal(goal),
                    "0.25" if explicit else "",
                    *self._bet(goal),
                    *self._cited(number),
                )

    def _bet(self, goal: int) -> Row:
        measured = goal % 2 == 0 and self._chance(0.4)
        states = ("claimed", "claimed", "claimed", "endorsed", "endorsed", "disputed")
        state = self._pick(states) if self._chance(0.5) else "claimed"
        judged = state != "claimed"
        return (
            self._pick(phrases.BELIEFS) if self._chance(0.8) else "",
            state,
            self._pick(phrases.EVIDENCE) if self._chance(0.4) else "",
            self._day(date(2026, 4, 1), 240) if self._chance(0.4) else "",
            self._pick(("untested", "held", "failed", "unclear")) if self._chance(0.1) else "untested",
            self._day(date(2025, 11, 1), 60),
            _measure(goal) if measured else "",
            str(1 + self._below(20)) if measured else "",
            self._pick(phrases.EVIDENCE) if judged else "",
            self._somebody() if judged else "",
            self._day(date(2025, 11, 1), 60) if judged else "",
            "",
        )

    def _cited(self, number: int) -> Row:
        """Every tenth piece of work rests on a page, every seventh is about somebody."""
        page = phrases.CONTEXT[number // 10 % len(phrases.CONTEXT)][0] if number % 10 == 0 else ""
        return page, _persona(number // 7 % self.personas) if number % 7 == 0 else ""

    def _support(self) -> Iterator[Row]:
        """One initiative in ten asks another team."""
        for number, team in enumerate(self.owners):
            if self.teams < 2 or not self._chance(0.1):
                continue
            asked = _team((team + 1 + self._below(self.teams - 1)) % self.teams)
            size, status = (
                self._pick(("small", "medium", "medium", "large")),
                self._pick(("asked", "pledged", "pledged", "declined", "delivered")),
            )
            answer = "" if status == "asked" else self._pick(phrases.REASONS)
            asked_on = self._day(date(2025, 11, 1), 60)
            due_on = self._day(date(2026, 1, 1), 90) if status in {"pledged", "delivered"} else ""
            about = (_initiative(number), asked, self._pick(phrases.ASKS), size, status, asked_on, answer)
            yield (*about, "", "", due_on, "no", "", "no")
            if number % 8 == 0:
                offer = ("", "small", "asked", asked_on, self._pick(phrases.REASONS))
                yield (*about[:2], *offer, "offer", "", self._day(date(2026, 1, 1), 90), "no", "", "yes")

    def _editions(self) -> Iterator[Row]:
        """None: the import writes the first edition of what is published."""
        yield from ()

    _edition_goals = _editions

    def _amendments(self) -> Iterator[Row]:
        if self.people:
            yield "strategy-2026", AMENDED_AT, _email(0), ""

    def _amendment_edits(self) -> Iterator[Row]:
        """Another text of the strategy."""
        planned = json.dumps({"narrative": [phrases.NARRATIVE, f"{phrases.NARRATIVE} {phrases.NEXT_NARRATIVE}"]})
        if self.people:
            yield "strategy-2026", "1", "strategy", "", "", planned, "", _email(0), AMENDED_AT

    def _threads(self) -> Iterator[Row]:
        """A question about every sixteenth goal, and a counter-proposal to those between, which waits for whoever made
        it."""
        for number in self._asked():
            about, kind = ("goal", _goal(number)), "counter" if number % 16 else "question"
            turn, turned_at, due_on = ("asks", ANSWERED_AT, "") if number % 16 else ("answers", ASKED_AT, "2025-12-08")
            asker, opened = self._asker(number), (ASKED_AT, turn, turned_at, due_on)
            yield _thread(number), kind, *about, "", asker, *about, *opened, "", "", ""

    def _messages(self) -> Iterator[Row]:
        for number in self._asked():
            asker = self._asker(number)
            yield _thread(number), "1", asker, ASKED_AT, self._pick(phrases.QUESTIONS), "no", "", "", ""
            if number % 16:
                answer = f"[@Somebody](/people/{asker}/): {self._pick(phrases.WHYS)}"
                yield _thread(number), "2", self._somebody(), ANSWERED_AT, answer, "yes", "", "", ""

    def _proposals(self) -> Iterator[Row]:
        """None: they need leaders who answer."""
        yield from ()

    def _asker(self, number: int) -> str:
        """The administrator counters."""
        return _email(0 if number % 16 else number % self.people)

    def _asked(self) -> range:
        return range(0, self.goals if self.people else 0, 8)

    def _check_ins(self) -> Iterator[Row]:
        """Two of every other measure."""
        for number in range(0, self.goals, 4):
            for first in (date(2025, 10, 1), date(2025, 11, 1)):
                note = self._pick(phrases.EVIDENCE) if self._chance(0.5) else ""
                day, value, sure = self._day(first, 30), str(self._below(100)), _SURE[number // 4 % len(_SURE)]
                yield _measure(number), day, value, sure, note, self._somebody(), "", ""

    def _flags(self) -> Iterator[Row]:
        """Work without a size, which is flagged on any day; every fourth is snoozed."""
        for number in self.unsized:
            snooze = ("", "", "")
            if self._chance(0.25):
                snooze = (self._day(date(2026, 7, 1), 180), self._pick(phrases.REASONS), self._somebody())
            yield "unsized", _initiative(number), self._day(date(2025, 11, 1), 60), *snooze


def _email(number: int) -> str:
    return f"person-{number + 1:05d}@example.org"


def _persona(number: int) -> str:
    return f"persona-{number + 1}"


def _team(number: int) -> str:
    return f"team-{number + 1:05d}"


def _goal(number: int) -> str:
    return f"goal-{number + 1:06d}"


def _decision(number: int) -> str:
    return f"decision-{number + 1:05d}"


def _measure(goal: int) -> str:
    return f"measure-{goal + 1:06d}"


def _thread(goal: int) -> str:
    return f"thread-{goal + 1:06d}"


def _initiative(number: int) -> str:
    return f"initiative-{number + 1:07d}"
