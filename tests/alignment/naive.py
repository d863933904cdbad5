"""`spec/alignment.md` a second time: slow, exact and one thing at a time.

It shares no code with the product's engine, so that a mistake has to be made twice, in two ways, before the tests
believe it. It reads a bundle's rows as they stand in the files (`spec/bundle.md`) and answers with the JSON structure
of `alignment_report` (`spec/interfaces.md`). Effort, shares and ratios are fractions, floats only in the answer.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

Row = dict[str, str]
Bundle = dict[str, list[Row]]
Flag = dict[str, Any]

TOLERANCE = Fraction(1, 10**9)
PARTS = ("aligned", "reasoned", "endorsed", "exploring", "sustaining", "orphaned")
CLOSED = ("achieved", "missed", "dropped")
PATIENCE_WITH_AN_ASK = timedelta(days=14)
BEFORE_AN_END = timedelta(days=30)
STANCES = {
    "spotlight": ("0.9", "0", "0.1", "0.2", "0.4"),
    "core": ("0.7", "0.05", "0.3", "0.4", "0.5"),
    "explore": ("0.3", "0.2", "0.7", "0.6", "0.6"),
}
STANCE_SETTINGS = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")


def report(bundle: Bundle, as_of: date, imported_on: date | None = None) -> dict[str, Any]:
    """What `alignment_report --format json` says of this company.

    A blank `touched_on`, `confirmed_on` or `asked_on` is `imported_on`, which is `as_of` unless given.
    """
    company = Company(bundle, as_of, imported_on or as_of)
    return {
        "as_of": as_of.isoformat(),
        "company": company.figures(company.active) | company.goals_side() | company.who_is_here(),
        "teams": {
            team: {
                "own": company.figures(company.initiatives_of(team)),
                "subtree": company.figures(company.initiatives_below(team)),
            }
            for team in company.teams
        },
        "goals": {goal: company.goal_figures(goal) for goal in company.goals},
        "initiatives": {
            initiative: {"effort": float(company.effort_of(initiative))}
            | {part: float(amount) for part, amount in company.parts(initiative).items()}
            for initiative in company.active
        },
        "flags": company.flags(),
    }


def cell(row: Row, column: str, default: str = "") -> str:
    return row.get(column, "").strip() or default


def day(row: Row, column: str) -> date | None:
    return date.fromisoformat(cell(row, column)) if cell(row, column) else None


def is_zero(amount: Fraction, whole: Fraction) -> bool:
    return amount <= TOLERANCE * whole


def is_equal(one: Fraction, other: Fraction) -> bool:
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other))


def is_below(one: Fraction, other: Fraction) -> bool:
    return one < other and not is_equal(one, other)


def is_above(one: Fraction, other: Fraction) -> bool:
    return one > other and not is_equal(one, other)


def is_at_most(one: Fraction, other: Fraction) -> bool:
    return one < other or is_equal(one, other)


class Company:
    def __init__(self, bundle: Bundle, t: date, imported_on: date) -> None:
        self.t = t
        self.imported_on = imported_on
        self.settings = {row["setting"]: row["value"].strip() for row in bundle.get("company", [])}
        self.grace = timedelta(days=int(self.settings.get("grace_days", "14")))
        self.silence = timedelta(days=int(self.settings.get("silent_days", "28")))
        self.strategies = {row["key"]: row for row in bundle.get("strategies", [])}
        self.goals = {row["key"]: row for row in bundle.get("goals", [])}
        self.teams = {row["key"]: row for row in bundle.get("teams", [])}
        self.initiatives = {row["key"]: row for row in bundle.get("initiatives", [])}
        self.measured = {row["goal"] for row in bundle.get("measures", [])}
        self.links = bundle.get("links", [])
        self.asks = bundle.get("support", [])
        self.active = [key for key, row in self.initiatives.items() if cell(row, "status") == "active"]

    # Goals

    def ancestors(self, goal: str) -> list[str]:
        parent = cell(self.goals[goal], "parent")
        return [parent, *self.ancestors(parent)] if parent else []

    def root(self, goal: str) -> str:
        return [goal, *self.ancestors(goal)][-1]

    def goal_and_below(self, goal: str) -> list[str]:
        children = [key for key, row in self.goals.items() if cell(row, "parent") == goal]
        return [goal] + [below for child in children for below in self.goal_and_below(child)]

    def has_started(self, row: Row) -> bool:
        starts_on = day(row, "starts_on")
        return starts_on is None or self.t >= starts_on

    def is_over(self, row: Row) -> bool:
        ends_on = day(row, "ends_on")
        return ends_on is not None and self.t > ends_on + self.grace

    def is_live(self, goal: str) -> bool:
        row = self.goals[goal]
        return cell(row, "status") == "active" and self.has_started(row) and not self.is_over(row)

    def has_dead_ancestor(self, goal: str) -> bool:
        return any(not self.is_live(ancestor) for ancestor in self.ancestors(goal))

    def has_team_root(self, goal: str) -> bool:
        return cell(self.goals[self.root(goal)], "team") != ""

    def strategy(self, goal: str) -> Row:
        return self.strategies[cell(self.goals[self.root(goal)], "strategy")]

    def is_anchored(self, goal: str) -> bool:
        if not self.is_live(goal) or self.has_dead_ancestor(goal) or self.has_team_root(goal):
            return False
        strategy = self.strategy(goal)
        return cell(strategy, "status") == "published" and self.has_started(strategy) and not self.is_over(strategy)

    def is_island(self, goal: str) -> bool:
        return self.is_live(goal) and (self.has_team_root(goal) or self.has_dead_ancestor(goal))

    # Links and shares

    def links_of(self, initiative: str) -> list[Row]:
        return [link for link in self.links if link["initiative"] == initiative]

    def share(self, link: Row) -> Fraction:
        siblings = self.links_of(link["initiative"])
        explicit = sum((Fraction(cell(each, "share", "0")) for each in siblings), Fraction(0))
        if cell(link, "share"):
            return Fraction(cell(link, "share")) / max(explicit, Fraction(1))
        blanks = sum(1 for each in siblings if not cell(each, "share"))
        return max(1 - explicit, Fraction(0)) / blanks

    def reason_not_counting(self, link: Row) -> str | None:
        goal = link["goal"]
        row = self.goals[goal]
        if cell(link, "state") == "disputed":
            return "disputed"
        if cell(row, "status", "draft") == "draft":
            return "goal_draft"
        if cell(row, "status") in CLOSED:
            return "goal_closed"
        if not self.has_started(row):
            return "goal_not_started"
        if self.is_over(row):
            return "goal_expired"
        if self.has_dead_ancestor(goal):
            return "ancestor_not_live"
        if self.has_team_root(goal):
            return "team_root"
        if cell(self.strategy(goal), "status") != "published":
            return "strategy_not_published"
        if not self.has_started(self.strategy(goal)) or self.is_over(self.strategy(goal)):
            return "strategy_out_of_dates"
        return None

    def counts(self, link: Row) -> bool:
        return self.is_anchored(link["goal"]) and cell(link, "state") != "disputed"

    def is_endorsed(self, link: Row) -> bool:
        return cell(link, "state") == "endorsed"

    def is_reasoned(self, link: Row) -> bool:
        return self.is_endorsed(link) or cell(link, "rationale") != ""

    # Effort

    def effort_of(self, initiative: str) -> Fraction:
        return Fraction(cell(self.initiatives[initiative], "effort") or self.settings.get("default_effort", "1"))

    def parts(self, initiative: str) -> dict[str, Fraction]:
        row = self.initiatives[initiative]
        effort = self.effort_of(initiative)
        parts = dict.fromkeys(PARTS, Fraction(0))
        for link in self.links_of(initiative):
            if not self.counts(link):
                continue
            amount = effort * self.share(link)
            parts["aligned"] += amount
            if self.is_reasoned(link):
                parts["reasoned"] += amount
            if self.is_endorsed(link):
                parts["endorsed"] += amount
        parts[self.part_of_the_rest(row)] = effort - parts["aligned"]
        return parts

    def part_of_the_rest(self, row: Row) -> str:
        ends_on = day(row, "ends_on")
        if cell(row, "kind") == "explore" and ends_on is not None and self.t <= ends_on:
            return "exploring"
        return "sustaining" if cell(row, "kind") == "sustain" else "orphaned"

    def sums(self, initiatives: list[str]) -> dict[str, Fraction]:
        """The amounts of a set; `autonomous` and `aligned_autonomous` are those of initiatives with origin `team`."""
        sums = dict.fromkeys(("total", *PARTS, "discretionary", "autonomous", "aligned_autonomous"), Fraction(0))
        for initiative in initiatives:
            effort = self.effort_of(initiative)
            parts = self.parts(initiative)
            sums["total"] += effort
            sums["discretionary"] += effort - parts["sustaining"]
            for part in PARTS:
                sums[part] += parts[part]
            if cell(self.initiatives[initiative], "origin", "team") == "team":
                sums["autonomous"] += effort - parts["sustaining"]
                sums["aligned_autonomous"] += parts["aligned"]
        return sums

    def figures(self, initiatives: list[str]) -> dict[str, float | int | None]:
        sums = self.sums(initiatives)
        figures: dict[str, float | int | None] = {
            name: float(sums[name]) for name in ("total", *PARTS, "discretionary")
        }
        for name, amount in (
            ("coverage", "aligned"),
            ("reasoned_coverage", "reasoned"),
            ("endorsed_coverage", "endorsed"),
            ("autonomy", "autonomous"),
            ("aligned_autonomy", "aligned_autonomous"),
        ):
            figures[name] = None if no_discretion(sums) else float(sums[amount] / sums["discretionary"])
        figures["initiatives"] = len(initiatives)
        return figures

    def initiatives_of(self, team: str) -> list[str]:
        return [key for key in self.active if self.initiatives[key]["team"] == team]

    def initiatives_below(self, team: str) -> list[str]:
        children = [key for key, row in self.teams.items() if cell(row, "parent") == team]
        return self.initiatives_of(team) + [below for child in children for below in self.initiatives_below(child)]

    # Goals' side

    def contributions(self, goal: str) -> dict[str, Fraction]:
        """By active initiative, the effort that its counting links bring to the goal or any below it, where above 0."""
        below = self.goal_and_below(goal)
        amounts = {
            initiative: sum(
                (
                    self.effort_of(initiative) * self.share(link)
                    for link in self.links_of(initiative)
                    if link["goal"] in below and self.counts(link)
                ),
                Fraction(0),
            )
            for initiative in self.active
        }
        return {key: amount for key, amount in amounts.items() if not is_zero(amount, self.effort_of(key))}

    def effort(self, goal: str) -> Fraction:
        return sum(self.contributions(goal).values(), Fraction(0))

    def goal_figures(self, goal: str) -> dict[str, Any]:
        contributions = self.contributions(goal)
        return {
            "live": self.is_live(goal),
            "anchored": self.is_anchored(goal),
            "effort": float(self.effort(goal)),
            "initiatives": len(contributions),
            "teams": len({self.initiatives[key]["team"] for key in contributions}),
            "covered": self.effort(goal) > 0 if self.is_anchored(goal) else None,
        }

    def goals_side(self) -> dict[str, Any]:
        anchored = [goal for goal in self.goals if self.is_anchored(goal)]
        covered = [goal for goal in anchored if self.effort(goal) > 0]
        return {
            "goals_anchored": len(anchored),
            "goals_covered": len(covered),
            "strategy_coverage": float(Fraction(len(covered), len(anchored))) if anchored else None,
            "priority_fit": self.priority_fit(),
        }

    def who_is_here(self) -> dict[str, int]:
        """Nothing where all teams are."""
        here = [team for team in self.teams if self.is_here(team)]
        return {"teams": len(self.teams), "teams_here": len(here)} if len(here) < len(self.teams) else {}

    def priorities(self) -> dict[str, tuple[Fraction, Fraction]]:
        """By anchored company root goal, p (its part of the weights) and e (of the effort); empty without effort."""
        roots = [goal for goal in self.goals if self.root(goal) == goal and self.is_anchored(goal)]
        weights = {goal: Fraction(cell(self.goals[goal], "weight", "1")) for goal in roots}
        efforts = {goal: self.effort(goal) for goal in roots}
        effort = sum(efforts.values(), Fraction(0))
        weight = sum(weights.values(), Fraction(0))
        return {goal: (weights[goal] / weight, efforts[goal] / effort) for goal in roots} if effort > 0 else {}

    def priority_fit(self) -> float | None:
        priorities = self.priorities().values()
        return float(1 - sum((abs(p - e) for p, e in priorities), Fraction(0)) / 2) if priorities else None

    # Flags

    def is_here(self, team: str) -> bool:
        """Whether neither it nor a team above it is marked as not here yet."""
        row = self.teams[team]
        return cell(row, "here", "yes") != "no" and (not cell(row, "parent") or self.is_here(cell(row, "parent")))

    def flags(self) -> list[Flag]:
        flags: list[Flag] = []
        for initiative in self.active:
            if not self.is_here(self.initiatives[initiative]["team"]):
                continue
            for code in self.initiative_codes(initiative):
                flag: Flag = {"code": code, "subject_type": "initiative", "subject": initiative}
                if code == "disconnected":
                    flag["links"] = self.reasons_not_counting(initiative)
                flags.append(flag)
        for goal, row in self.goals.items():
            if cell(row, "team") and not self.is_here(cell(row, "team")):
                continue
            flags += [{"code": code, "subject_type": "goal", "subject": goal} for code in self.goal_codes(goal)]
        flags += [
            {"code": "ending", "subject_type": "strategy", "subject": strategy}
            for strategy, row in self.strategies.items()
            if self.is_ending(row)
        ]
        for team in filter(self.is_here, self.teams):
            flags += [{"code": code, "subject_type": "team", "subject": team} for code in self.team_codes(team)]
        return flags

    def reasons_not_counting(self, initiative: str) -> dict[str, str]:
        reasons = {link["goal"]: self.reason_not_counting(link) for link in self.links_of(initiative)}
        return {goal: reason for goal, reason in reasons.items() if reason is not None}

    def initiative_codes(self, initiative: str) -> list[str]:
        row = self.initiatives[initiative]
        links = self.links_of(initiative)
        about_links = {code for link in links for code in self.link_codes(link)}
        ends_on = day(row, "ends_on")
        holds = self.lost_effort_codes(initiative) | {
            "exploration_overrun": cell(row, "kind") == "explore" and ends_on is not None and self.t > ends_on,
            **{code: code in about_links for code in ("unreasoned", "reconfirm", "review_due", "belief_failed")},
            "unsized": not cell(row, "effort"),
            "silent": (day(row, "touched_on") or self.imported_on) + self.silence < self.t,
        }
        return [code for code, does in holds.items() if does]

    def lost_effort_codes(self, initiative: str) -> dict[str, bool]:
        effort = self.effort_of(initiative)
        parts = self.parts(initiative)
        has_orphaned = not is_zero(parts["orphaned"], effort)
        has_aligned = not is_zero(parts["aligned"], effort)
        has_links = bool(self.links_of(initiative))
        return {
            "orphan": has_orphaned and not has_aligned and not has_links,
            "disconnected": has_orphaned and not has_aligned and has_links,
            "partly_orphaned": has_orphaned and has_aligned,
        }

    def link_codes(self, link: Row) -> list[str]:
        """The flags of its initiative that a link is one reason for, as long as the initiative is active."""
        holds = {
            "unreasoned": not self.is_reasoned(link),
            "reconfirm": self.needs_reconfirming(link),
            "review_due": self.is_review_due(link),
            "belief_failed": cell(link, "outcome") == "failed",
        }
        return [code for code, does in holds.items() if does and self.counts(link)]

    def needs_reconfirming(self, link: Row) -> bool:
        confirmed_on = day(link, "confirmed_on") or self.imported_on
        line = [link["goal"], *self.ancestors(link["goal"])]
        changes = [day(self.goals[goal], "meaning_changed_on") for goal in line]
        return any(changed_on is not None and confirmed_on < changed_on for changed_on in changes)

    def is_review_due(self, link: Row) -> bool:
        review_on = day(link, "review_on")
        return cell(link, "outcome", "untested") == "untested" and review_on is not None and review_on < self.t

    def is_ending(self, row: Row) -> bool:
        ends_on = day(row, "ends_on")
        if cell(row, "status", "draft") != "published" or ends_on is None:
            return False
        return ends_on - BEFORE_AN_END <= self.t <= ends_on + self.grace and not self.is_followed(row, ends_on)

    def is_followed(self, row: Row, ends_on: date) -> bool:
        """Whether another published strategy runs on the day after `ends_on`."""
        next_day = ends_on + timedelta(days=1)
        others = [other for other in self.strategies.values() if other is not row]
        return any(
            cell(other, "status", "draft") == "published"
            and (day(other, "starts_on") or next_day) <= next_day <= (day(other, "ends_on") or next_day)
            for other in others
        )

    def goal_codes(self, goal: str) -> list[str]:
        row = self.goals[goal]
        anchored = self.is_anchored(goal)
        priorities = self.priorities()
        p, e = priorities.get(goal, (Fraction(1), Fraction(1)))
        holds = {
            "uncovered": anchored and self.effort(goal) == 0,
            "unexplained": anchored and not cell(row, "why"),
            "unmeasured": anchored and not any(below in self.measured for below in self.goal_and_below(goal)),
            "expired": cell(row, "status") == "active" and self.is_over(row),
            "island": self.is_island(goal),
            "starved": len(priorities) >= 2 and is_below(e / p, Fraction(1, 2)),
            "crowded": len(priorities) >= 2 and is_above(e / p, Fraction(2)),
        }
        return [code for code, does in holds.items() if does]

    def team_codes(self, team: str) -> list[str]:
        row = self.teams[team]
        own = self.initiatives_of(team)
        has_mission = cell(row, "mission") != ""
        serves = [goal.strip() for goal in cell(row, "mission_goals").split(";") if goal.strip()]
        holds = {
            "no_mission": bool(own) and not has_mission,
            "untied_mission": bool(own) and has_mission and not any(self.is_anchored(goal) for goal in serves),
            "stance_expired": cell(row, "stance", "core") != "core" and self.stance_is_over(row),
            "unsupported": self.stance(team) == "spotlight" and any(self.is_let_down(initiative) for initiative in own),
        }
        return [code for code, does in (holds | self.stance_codes(team)).items() if does]

    def stance_is_over(self, row: Row) -> bool:
        until = day(row, "stance_until")
        return until is not None and self.t > until

    def stance(self, team: str) -> str:
        return "core" if self.stance_is_over(self.teams[team]) else cell(self.teams[team], "stance", "core")

    def expected(self, stance: str) -> dict[str, Fraction]:
        return {
            name: Fraction(self.settings.get(f"{stance}.{name}", default))
            for name, default in zip(STANCE_SETTINGS, STANCES[stance], strict=True)
        }

    def stance_codes(self, team: str) -> dict[str, bool]:
        sums = self.sums(self.initiatives_of(team))
        expected = self.expected(self.stance(team))
        total = sums["total"]
        codes = {
            "over_sustaining": total > 0 and is_above(sums["sustaining"] / total, expected["sustaining_ceiling"]),
        }
        if no_discretion(sums):
            return codes
        share = {name: amount / sums["discretionary"] for name, amount in sums.items()}
        has_little_room = is_below(share["exploring"], expected["exploring_floor"])
        return codes | {
            "under_aligned": is_below(share["aligned"], expected["coverage_floor"]),
            "over_exploring": is_above(share["exploring"], expected["exploring_ceiling"]),
            "squeezed": has_little_room and is_at_most(share["orphaned"], Fraction(5, 100)),
            "directed": is_below(share["autonomous"], expected["autonomy_floor"]),
        }

    def is_let_down(self, initiative: str) -> bool:
        for ask in self.asks:
            if ask["initiative"] != initiative:
                continue
            status = cell(ask, "status", "asked")
            asked_on = day(ask, "asked_on") or self.imported_on
            if status == "declined" or (status == "asked" and asked_on + PATIENCE_WITH_AN_ASK < self.t):
                return True
        return False


def no_discretion(sums: dict[str, Fraction]) -> bool:
    return is_zero(sums["discretionary"], sums["total"])
