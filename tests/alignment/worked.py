"""Small companies whose figures and flags were worked out by hand from `spec/alignment.md`, for every implementation.

All are as of T, 2026-06-15, and were imported that day; grace is 14 days unless a company sets its own, so that
2026-06-01 is the last day of grace and 2026-05-31 a day too late. The helpers below give rows that raise no flag of
their own: a goal has a why, a team a mission that serves `g`, an initiative an effort of 1, a link a rationale.
Whatever a case is about is spelled out in its rows.

A core team that explores and wastes nothing has no room left, so every fully aligned core team here is `squeezed`.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

Row = dict[str, str]
Bundle = dict[str, list[Row]]

T = date(2026, 6, 15)
LATER = "2026-12-31"

INITIATIVE_CODES = frozenset(
    [
        "orphan",
        "disconnected",
        "partly_orphaned",
        "exploration_overrun",
        "unreasoned",
        "reconfirm",
        "review_due",
        "belief_failed",
        "unsized",
        "silent",
    ]
)
GOAL_CODES = frozenset(["uncovered", "unexplained", "unmeasured", "expired", "island", "starved", "crowded"])
ASKED_CODES = frozenset(["unanswered", "unanswered_goal", "unanswered_strategy", "unanswered_team"])
"""Of the four kinds of subjects: they rest on conversations, and no bundle of rows has them."""
STRATEGY_CODES = frozenset(["ending"])
TEAM_CODES = frozenset(
    [
        "no_mission",
        "untied_mission",
        "under_aligned",
        "over_exploring",
        "squeezed",
        "directed",
        "over_sustaining",
        "stance_expired",
        "unsupported",
    ]
)
REASONS = frozenset(
    [
        "disputed",
        "goal_draft",
        "goal_closed",
        "goal_not_started",
        "goal_expired",
        "ancestor_not_live",
        "team_root",
        "strategy_not_published",
        "strategy_out_of_dates",
    ]
)
RATIOS = ("coverage", "reasoned_coverage", "endorsed_coverage", "autonomy", "aligned_autonomy")


@dataclass(frozen=True)
class Worked:
    """A company and what is true of it.

    Figures not named are not checked; `flags` (code to subjects) and `reasons` (by disconnected initiative) are
    complete.
    """

    name: str
    bundle: Bundle
    flags: dict[str, set[str]]
    reasons: dict[str, dict[str, str]] = field(default_factory=dict)
    company: dict[str, float | None] = field(default_factory=dict)
    own: dict[str, dict[str, float | None]] = field(default_factory=dict)
    subtree: dict[str, dict[str, float | None]] = field(default_factory=dict)
    goals: dict[str, dict[str, float | bool | None]] = field(default_factory=dict)
    initiatives: dict[str, dict[str, float | None]] = field(default_factory=dict)
    as_of: date = T
    imported_on: date = T


def differences(case: Worked, report: dict[str, Any]) -> list[str]:
    """What the report says otherwise than the case, one line each. Figures may differ by 1e-9."""
    found = different_figures("company", case.company, report["company"])
    for team, expected in case.own.items():
        found += different_figures(f"team {team}, own", expected, report["teams"][team]["own"])
    for team, expected in case.subtree.items():
        found += different_figures(f"team {team}, subtree", expected, report["teams"][team]["subtree"])
    for goal, expected in case.goals.items():
        found += different_figures(f"goal {goal}", expected, report["goals"][goal])
    for initiative, expected in case.initiatives.items():
        found += different_figures(f"initiative {initiative}", expected, report["initiatives"][initiative])
    return found + different_keys(case, report) + different_flags(case, report["flags"])


def different_figures(where: str, expected: dict[str, Any], figures: dict[str, Any]) -> list[str]:
    return [
        f"{where}: {name} is {figures[name]}, not {value}"
        for name, value in expected.items()
        if not is_same(value, figures[name])
    ]


def is_same(expected: Any, actual: Any) -> bool:
    if expected is None or isinstance(expected, bool):
        return actual is expected
    return (
        actual is not None and not isinstance(actual, bool) and abs(actual - expected) <= 1e-9 * max(1, abs(expected))
    )


def different_keys(case: Worked, report: dict[str, Any]) -> list[str]:
    """Every team and goal is reported, and of the initiatives the active ones."""
    expected = {
        "teams": {row["key"] for row in case.bundle.get("teams", [])},
        "goals": {row["key"] for row in case.bundle.get("goals", [])},
        "initiatives": {row["key"] for row in case.bundle.get("initiatives", []) if row["status"] == "active"},
    }
    return [
        f"{table}: {sorted(report[table])}, not {sorted(keys)}"
        for table, keys in expected.items()
        if set(report[table]) != keys
    ]


def different_flags(case: Worked, flags: list[dict[str, Any]]) -> list[str]:
    expected = {(code, subject_type(code), subject) for code, subjects in case.flags.items() for subject in subjects}
    listed = [(flag["code"], flag["subject_type"], flag["subject"]) for flag in flags]
    actual = set(listed)
    found = [f"flag missing: {flag}" for flag in sorted(expected - actual)]
    found += [f"flag not expected: {flag}" for flag in sorted(actual - expected)]
    found += [f"flag twice: {flag}" for flag in sorted(actual) if listed.count(flag) > 1]
    reasons = {flag["subject"]: flag["links"] for flag in flags if flag["code"] == "disconnected"}
    found += [
        f"links on a flag other than disconnected: {flag}"
        for flag in flags
        if "links" in flag and flag["code"] != "disconnected"
    ]
    return found if reasons == case.reasons else [*found, f"reasons are {reasons}, not {case.reasons}"]


def subject_type(code: str) -> str:
    if code in INITIATIVE_CODES:
        return "initiative"
    if code in STRATEGY_CODES:
        return "strategy"
    return "goal" if code in GOAL_CODES else "team"


def settings(**values: str) -> list[Row]:
    """Company settings; `__` stands for the point in a stance's setting."""
    return [{"setting": name.replace("__", "."), "value": value} for name, value in values.items()]


def strategy(key: str = "plan", **cells: str) -> Row:
    return {"key": key, "title": key, "status": "published"} | cells


def root(key: str, strategy: str = "plan", **cells: str) -> Row:
    return {"key": key, "strategy": strategy, "title": key, "why": "Customers ask for it.", "status": "active"} | cells


def child(key: str, parent: str, **cells: str) -> Row:
    return {"key": key, "parent": parent, "title": key, "why": "It is the first step.", "status": "active"} | cells


def team_root(key: str, team: str, **cells: str) -> Row:
    return {"key": key, "team": team, "title": key, "why": "We want it.", "status": "active"} | cells


def measure(goal: str) -> Row:
    return {"key": f"of-{goal}", "goal": goal, "title": "Orders a week", "target": "10"}


def team(key: str, **cells: str) -> Row:
    return {"key": key, "name": key, "mission": "Make it easy to buy.", "mission_goals": "g"} | cells


def work(key: str, team: str = "t", effort: str = "1", **cells: str) -> Row:
    return {"key": key, "team": team, "title": key, "effort": effort, "status": "active"} | cells


def link(initiative: str, goal: str, share: str = "", **cells: str) -> Row:
    return {"initiative": initiative, "goal": goal, "share": share, "rationale": "It removes a step."} | cells


def ask(initiative: str, team: str, status: str, asked_on: str) -> Row:
    return {"initiative": initiative, "team": team, "status": status, "asked_on": asked_on}


SHARES = Worked(
    # a: 4 weeks. g takes its explicit 0.5; h and the closed goal divide the other half, 0.25 each.
    #    aligned 4 * (0.5 + 0.25) = 3, and the closed goal's quarter, 1 week, is orphaned.
    #    g's link is endorsed, so reasoned although it has no rationale: endorsed 2, reasoned 2. h's rationale is
    #    white space: not reasoned.
    # b: 2 weeks to g, assigned, with a rationale: aligned 2, reasoned 2, endorsed 0.
    # team: 6 weeks, aligned 5, reasoned 4, endorsed 2, orphaned 1. Coverage 5/6, reasoned 4/6, endorsed 2/6.
    #    Of origin team is a only: autonomy 4/6, aligned 3/6. Nothing explored, but 1/6 orphaned is more than 5 %: not
    #    squeezed.
    # g: 2 + 2 = 4 weeks, h: 1. p = 3/4 and 1/4, e = 4/5 and 1/5: fit 1 - ½ (0.05 + 0.05) = 0.95; e/p 16/15 and 4/5.
    # h has neither a measure nor a why (white space). The closed goal is not anchored and raises nothing.
    name="shares, some explicit, one of them to a closed goal",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g", weight="3"), root("h", weight="1", why=" \n "), root("old", status="achieved")],
        "measures": [measure("g")],
        "teams": [team("t")],
        "initiatives": [work("a", effort="4"), work("b", effort="2", origin="assigned")],
        "links": [
            link("a", "g", "0.5", state="endorsed", rationale=""),
            link("a", "h", rationale=" \n "),
            link("a", "old"),
            link("b", "g"),
        ],
    },
    company={
        "total": 6.0,
        "aligned": 5.0,
        "reasoned": 4.0,
        "endorsed": 2.0,
        "exploring": 0.0,
        "sustaining": 0.0,
        "orphaned": 1.0,
        "discretionary": 6.0,
        "coverage": 0.8333333333333334,
        "reasoned_coverage": 0.6666666666666666,
        "endorsed_coverage": 0.3333333333333333,
        "autonomy": 0.6666666666666666,
        "aligned_autonomy": 0.5,
        "initiatives": 2,
        "goals_anchored": 2,
        "goals_covered": 2,
        "strategy_coverage": 1.0,
        "priority_fit": 0.95,
    },
    goals={
        "g": {"live": True, "anchored": True, "effort": 4.0, "initiatives": 2, "teams": 1, "covered": True},
        "h": {"live": True, "anchored": True, "effort": 1.0, "initiatives": 1, "teams": 1, "covered": True},
        "old": {"live": False, "anchored": False, "effort": 0.0, "initiatives": 0, "teams": 0, "covered": None},
    },
    initiatives={
        "a": {
            "effort": 4.0,
            "aligned": 3.0,
            "reasoned": 2.0,
            "endorsed": 2.0,
            "exploring": 0.0,
            "sustaining": 0.0,
            "orphaned": 1.0,
        },
        "b": {"effort": 2.0, "aligned": 2.0, "reasoned": 2.0, "endorsed": 0.0, "orphaned": 0.0},
    },
    flags={"partly_orphaned": {"a"}, "unreasoned": {"a"}, "unmeasured": {"h"}, "unexplained": {"h"}},
)

REASONS_NOT_COUNTING = Worked(
    # 11 initiatives of 1 week, none reaches g: 11 weeks orphaned, coverage 0, below 70 %.
    # The order decides where several reasons apply: a dispute before all; draft before a start to come; the goal's
    # own end before its ancestor; an ancestor not live before a team's root; a strategy's status before its dates.
    # zero: the draft goal takes all of the split, so the link to g has 0. That link counts: it is not among the
    #    reasons, and g gets nothing.
    # Only g is anchored: covered 0 of 1, and with no effort at all there is no priority fit.
    # Islands: children of closed goals, and what stands under a team's root. Goals of strategies not published or out
    #    of dates are none.
    name="every reason why a link does not count",
    bundle={
        "strategies": [
            strategy(),
            strategy("next", status="draft"),
            strategy("shelf", status="archived", ends_on="2026-05-31"),
            strategy("last", ends_on="2026-05-31"),
        ],
        "goals": [
            root("g"),
            child("in-draft", "g", status="draft", starts_on="2026-06-16"),
            child("closed", "g", status="missed"),
            child("future", "g", starts_on="2026-06-16"),
            child("past", "g", ends_on="2026-05-31"),
            child("kid", "closed"),
            child("past-kid", "closed", ends_on="2026-05-31"),
            team_root("ours", "t"),
            team_root("ours-dropped", "t", status="dropped"),
            child("ours-kid", "ours-dropped"),
            root("next-root", "next"),
            root("shelf-root", "shelf"),
            root("last-root", "last"),
        ],
        "measures": [measure("g")],
        "teams": [team("t")],
        "initiatives": [
            work(key)
            for key in [
                "disputed",
                "draft",
                "closed",
                "future",
                "past",
                "ancestor",
                "team",
                "unpublished",
                "dates",
                "zero",
                "order",
            ]
        ],
        "links": [
            link("disputed", "g", state="disputed"),
            link("disputed", "in-draft", state="disputed"),
            link("draft", "in-draft"),
            link("closed", "closed"),
            link("future", "future"),
            link("past", "past"),
            link("ancestor", "kid"),
            link("team", "ours"),
            link("unpublished", "next-root"),
            link("unpublished", "shelf-root"),
            link("dates", "last-root"),
            link("zero", "in-draft", "1"),
            link("zero", "g"),
            link("order", "past-kid"),
            link("order", "ours-kid"),
        ],
    },
    company={
        "total": 11.0,
        "aligned": 0.0,
        "orphaned": 11.0,
        "coverage": 0.0,
        "autonomy": 1.0,
        "aligned_autonomy": 0.0,
        "goals_anchored": 1,
        "goals_covered": 0,
        "strategy_coverage": 0.0,
        "priority_fit": None,
    },
    goals={
        "g": {"anchored": True, "effort": 0.0, "initiatives": 0, "teams": 0, "covered": False},
        "in-draft": {"live": False, "anchored": False, "covered": None},
        "future": {"live": False, "anchored": False},
        "past": {"live": False, "anchored": False},
        "kid": {"live": True, "anchored": False, "effort": 0.0, "covered": None},
        "ours": {"live": True, "anchored": False, "covered": None},
        "next-root": {"live": True, "anchored": False, "covered": None},
        "shelf-root": {"live": True, "anchored": False, "covered": None},
        "last-root": {"live": True, "anchored": False, "covered": None},
    },
    flags={
        "disconnected": {
            "disputed",
            "draft",
            "closed",
            "future",
            "past",
            "ancestor",
            "team",
            "unpublished",
            "dates",
            "zero",
            "order",
        },
        "expired": {"past", "past-kid"},
        "island": {"kid", "ours", "ours-kid"},
        "uncovered": {"g"},
        "under_aligned": {"t"},
    },
    reasons={
        "disputed": {"g": "disputed", "in-draft": "disputed"},
        "draft": {"in-draft": "goal_draft"},
        "closed": {"closed": "goal_closed"},
        "future": {"future": "goal_not_started"},
        "past": {"past": "goal_expired"},
        "ancestor": {"kid": "ancestor_not_live"},
        "team": {"ours": "team_root"},
        "unpublished": {"next-root": "strategy_not_published", "shelf-root": "strategy_not_published"},
        "dates": {"last-root": "strategy_out_of_dates"},
        "zero": {"in-draft": "goal_draft"},
        "order": {"past-kid": "goal_expired", "ours-kid": "ancestor_not_live"},
    },
)

BOUNDARY_DAYS = Worked(
    # g and its strategy ended on 1 June: with 14 days of grace, T is their last day. h and n's strategy start on T.
    # All are anchored.
    # late ended on 31 May: expired, and the goal below it an island.
    # x-last explores until T: 1 week exploring. x-linked and x-lost explored until the day before: overrun; the one
    # is aligned, the other orphaned.
    # b: 5 weeks, 0.6 of it to h = 3, the rest to n = 2.
    # team: 1 + 1 + 1 + 5 = 8, aligned 1 + 5 = 6, exploring 1, orphaned 1. Coverage 0.75, exploring share 0.125:
    #    within 5 to 30 %.
    # g: x-linked 1 + h's 3 = 4 of 6, n 2 of 6; weights 2 and 1: a perfect fit.
    # Nothing runs on 2 June, the day after the strategy's end: it is ending until T.
    name="grace, the first day, the last day",
    bundle={
        "strategies": [strategy(starts_on="2026-01-01", ends_on="2026-06-01"), strategy("now", starts_on="2026-06-15")],
        "goals": [
            root("g", weight="2", ends_on="2026-06-01"),
            child("h", "g", starts_on="2026-06-15"),
            child("late", "g", ends_on="2026-05-31"),
            child("below-late", "late"),
            root("n", "now"),
        ],
        "measures": [measure("h"), measure("n")],
        "teams": [team("t", mission_goals="h")],
        "initiatives": [
            work("x-last", kind="explore", ends_on="2026-06-15"),
            work("x-linked", kind="explore", ends_on="2026-06-14"),
            work("x-lost", kind="explore", ends_on="2026-06-14"),
            work("b", effort="5"),
        ],
        "links": [link("x-linked", "g"), link("b", "h", "0.6"), link("b", "n")],
    },
    company={
        "total": 8.0,
        "aligned": 6.0,
        "exploring": 1.0,
        "orphaned": 1.0,
        "coverage": 0.75,
        "goals_anchored": 3,
        "goals_covered": 3,
        "strategy_coverage": 1.0,
        "priority_fit": 1.0,
    },
    goals={
        "g": {"live": True, "anchored": True, "effort": 4.0, "initiatives": 2, "teams": 1, "covered": True},
        "h": {"live": True, "anchored": True, "effort": 3.0, "initiatives": 1, "covered": True},
        "late": {"live": False, "anchored": False, "effort": 0.0, "covered": None},
        "below-late": {"live": True, "anchored": False, "covered": None},
        "n": {"anchored": True, "effort": 2.0},
    },
    initiatives={
        "x-last": {"aligned": 0.0, "exploring": 1.0, "orphaned": 0.0},
        "x-linked": {"aligned": 1.0, "exploring": 0.0, "orphaned": 0.0},
        "x-lost": {"aligned": 0.0, "exploring": 0.0, "orphaned": 1.0},
        "b": {"effort": 5.0, "aligned": 5.0},
    },
    flags={
        "exploration_overrun": {"x-linked", "x-lost"},
        "orphan": {"x-lost"},
        "ending": {"plan"},
        "expired": {"late"},
        "island": {"below-late"},
    },
)

NOTHING_DISCRETIONARY = Worked(
    # Two sustaining initiatives, 1 + 2 weeks: no discretionary effort, so no ratio at all; all of the effort
    # sustains, above 50 %.
    # The other team has no active work: no effort, no ratio, and no flag although it has no mission.
    # No goals: nothing to cover, nothing to fit.
    name="no discretionary effort and no goals",
    bundle={
        "teams": [team("t", mission="", mission_goals=""), team("idle", mission="", mission_goals="")],
        "initiatives": [
            work("a", kind="sustain"),
            work("b", effort="2", kind="sustain"),
            work("c", "idle", status="proposed"),
        ],
    },
    company={
        "total": 3.0,
        "sustaining": 3.0,
        "discretionary": 0.0,
        **dict.fromkeys(RATIOS),
        "initiatives": 2,
        "goals_anchored": 0,
        "goals_covered": 0,
        "strategy_coverage": None,
        "priority_fit": None,
    },
    own={
        "t": {"total": 3.0, **dict.fromkeys(RATIOS)},
        "idle": {"total": 0.0, "discretionary": 0.0, "initiatives": 0, **dict.fromkeys(RATIOS)},
    },
    flags={"no_mission": {"t"}, "over_sustaining": {"t"}},
)

TOLERANCE = Worked(
    # lit (spotlight): a's 1 week is 0.3 + 0.3 + 0.3 aligned, and the closed goal's blank takes the remaining 0.1.
    #    Summed as binary floats that is 0.8999999999999999; it still meets the floor of 90 %. Exploring 0 is not
    #    below a floor of 0.
    # t (core): seven tenths of a week aligned and three exploring: coverage 0.7 meets the floor of 70 %; exploring,
    #    summed as floats 0.30000000000000004, is not above the ceiling of 30 %.
    # company: 2 weeks, aligned 0.9 + 0.7 = 1.6, exploring 0.3, orphaned 0.1. Coverage 0.8.
    # g: a's 0.6 (itself and its child k) + 3 * 0.1 = 0.9; h: 0.3 + 4 * 0.1 = 0.7. p ½ each, e 9/16 and 7/16: fit 1 -
    #    1/16 = 0.9375.
    name="figures that meet their limits exactly",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g"), child("k", "g"), root("h"), root("old", status="dropped")],
        "measures": [measure("k"), measure("h")],
        "teams": [team("lit", stance="spotlight"), team("t")],
        "initiatives": [
            work("a", "lit"),
            *(work(f"b{number}", effort="0.1") for number in range(7)),
            *(work(f"x{number}", effort="0.1", kind="explore", ends_on=LATER) for number in range(3)),
        ],
        "links": [
            link("a", "g", "0.3"),
            link("a", "h", "0.3"),
            link("a", "k", "0.3"),
            link("a", "old"),
            *(link(f"b{number}", "g") for number in range(3)),
            *(link(f"b{number}", "h") for number in range(3, 7)),
        ],
    },
    company={"total": 2.0, "aligned": 1.6, "exploring": 0.3, "orphaned": 0.1, "coverage": 0.8, "priority_fit": 0.9375},
    own={"lit": {"coverage": 0.9, "orphaned": 0.1}, "t": {"total": 1.0, "coverage": 0.7, "exploring": 0.3}},
    goals={"g": {"effort": 0.9, "initiatives": 4, "teams": 2}, "k": {"effort": 0.3, "initiatives": 1, "teams": 1}},
    flags={"partly_orphaned": {"a"}},
)

HALF_AND_DOUBLE = Worked(
    # Weights 0.1 and 0.2, so p = 1/3 and 2/3; efforts 0.2 and 0.1, so e = 2/3 and 1/3. e/p is exactly 2 and exactly
    # 0.5: neither crowded nor starved. Fit 1 - ½ (1/3 + 1/3) = 2/3.
    name="priorities at exactly half and double",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g", weight="0.1"), root("h", weight="0.2")],
        "measures": [measure("g"), measure("h")],
        "teams": [team("t")],
        "initiatives": [work("a", effort="0.2"), work("b", effort="0.1")],
        "links": [link("a", "g"), link("b", "h")],
    },
    company={"total": 0.3, "coverage": 1.0, "strategy_coverage": 1.0, "priority_fit": 0.6666666666666666},
    flags={"squeezed": {"t"}},
)

PRIORITIES = Worked(
    # Weights 1, 1, 2: p = 1/4, 1/4, 1/2. Efforts 5 (through its child k), 0, 1: e = 5/6, 0, 1/6.
    # e/p = 10/3 crowded, 0 starved, 1/3 starved. Fit 1 - ½ (7/12 + 3/12 + 4/12) = 1 - 7/12 = 5/12.
    # A draft root with all the weight of the world is not anchored and takes no part.
    # Four goals are anchored (g, k, h, m), three covered: 0.75. k has the measure that g lacks.
    # team: 5 + 1 aligned and 1 exploring of 7: coverage 6/7, exploring share 1/7.
    name="starved and crowded goals",
    bundle={
        "strategies": [strategy()],
        "goals": [
            root("g", weight="1"),
            child("k", "g"),
            root("h"),
            root("m", weight="2"),
            root("someday", weight="100", status="draft"),
        ],
        "measures": [measure("k"), measure("h"), measure("m")],
        "teams": [team("t")],
        "initiatives": [work("a", effort="5"), work("b"), work("x", kind="explore", ends_on=LATER)],
        "links": [link("a", "k"), link("b", "m")],
    },
    company={
        "coverage": 0.8571428571428571,
        "goals_anchored": 4,
        "goals_covered": 3,
        "strategy_coverage": 0.75,
        "priority_fit": 0.4166666666666667,
    },
    goals={
        "g": {"effort": 5.0, "covered": True},
        "k": {"effort": 5.0, "covered": True},
        "h": {"effort": 0.0, "covered": False},
        "m": {"effort": 1.0, "covered": True},
        "someday": {"live": False, "anchored": False, "covered": None},
    },
    flags={"crowded": {"g"}, "starved": {"h", "m"}, "uncovered": {"h"}},
)

AUTONOMY = Worked(
    # t (core): assigned 7 to g, its own 2 to g and 1 exploring. Autonomy (2 + 1) / 10 = 0.3, below 40 %: directed.
    #    Aligned autonomy 0.2.
    # lit (spotlight): assigned 4 to g, its own 1 to g: autonomy 0.2 meets the floor of 20 %. 100 % aligned; exploring
    #    0 is in its range.
    # company: 15 weeks, aligned 9 + 5 = 14; autonomy (3 + 1) / 15 = 4/15; aligned autonomy (2 + 1) / 15 = 0.2.
    name="work that was given",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g")],
        "measures": [measure("g")],
        "teams": [team("t"), team("lit", stance="spotlight")],
        "initiatives": [
            work("a", effort="7", origin="assigned"),
            work("b", effort="2"),
            work("x", kind="explore", ends_on=LATER),
            work("c", "lit", "4", origin="assigned"),
            work("d", "lit"),
        ],
        "links": [link("a", "g"), link("b", "g"), link("c", "g"), link("d", "g")],
    },
    company={
        "total": 15.0,
        "coverage": 0.9333333333333333,
        "autonomy": 0.26666666666666666,
        "aligned_autonomy": 0.2,
        "priority_fit": 1.0,
    },
    own={
        "t": {"coverage": 0.9, "autonomy": 0.3, "aligned_autonomy": 0.2},
        "lit": {"coverage": 1.0, "autonomy": 0.2, "aligned_autonomy": 0.2},
    },
    goals={"g": {"effort": 14.0, "initiatives": 4, "teams": 2}},
    flags={"directed": {"t"}},
)

STANCES = Worked(
    # lit, spotlight until T, so still: 8 aligned, 2 exploring. Coverage 0.8 < 0.9, exploring 0.2 > 0.1. Asked on 31
    #    May, and 14 days later is 14 June, before T: unsupported.
    # was-lit, spotlight until the day before, counts as core: the same 0.8 and 0.2 are in core's ranges; its declined
    #    ask is no flag.
    # calm, spotlight: all aligned. Asked on 1 June: the fourteenth day is T, not yet late. Its declined ask is of
    #    work only proposed.
    # let-down, spotlight: an ask was declined.
    # free, explore: 3 aligned, 7 exploring: 0.3 and 0.7 are just within. tight, explore: 9 and 1: exploring 0.1 <
    #    0.2, nothing orphaned: squeezed.
    # loose, explore: 2 and 8: coverage 0.2 < 0.3, exploring 0.8 > 0.7.
    # room, explore: 18 aligned, 1 exploring, 1 orphaned: exploring 0.05 < 0.2 and orphaned 0.05 is at most 5 %:
    #    squeezed.
    # company: 10 + 10 + 10 + 1 + 10 + 10 + 10 + 20 = 81; aligned 8 + 8 + 10 + 1 + 3 + 9 + 2 + 18 = 59; exploring 2 +
    #    2 + 7 + 1 + 8 + 1 = 21.
    name="stances, their ends and their asks",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g")],
        "measures": [measure("g")],
        "teams": [
            team("lit", stance="spotlight", stance_until="2026-06-15"),
            team("was-lit", stance="spotlight", stance_until="2026-06-14"),
            team("calm", stance="spotlight"),
            team("let-down", stance="spotlight"),
            team("free", stance="explore"),
            team("tight", stance="explore"),
            team("loose", stance="explore"),
            team("room", stance="explore"),
        ],
        "initiatives": [
            work("lit-a", "lit", "8"),
            work("lit-x", "lit", "2", kind="explore", ends_on=LATER),
            work("was-lit-a", "was-lit", "8"),
            work("was-lit-x", "was-lit", "2", kind="explore", ends_on=LATER),
            work("calm-a", "calm", "10"),
            work("calm-idea", "calm", status="proposed"),
            work("let-down-a", "let-down"),
            work("free-a", "free", "3"),
            work("free-x", "free", "7", kind="explore", ends_on=LATER),
            work("tight-a", "tight", "9"),
            work("tight-x", "tight", "1", kind="explore", ends_on=LATER),
            work("loose-a", "loose", "2"),
            work("loose-x", "loose", "8", kind="explore", ends_on=LATER),
            work("room-a", "room", "18"),
            work("room-x", "room", "1", kind="explore", ends_on=LATER),
            work("room-o", "room", "1"),
        ],
        "links": [
            link(f"{key}-a", "g") for key in ["lit", "was-lit", "calm", "let-down", "free", "tight", "loose", "room"]
        ],
        "support": [
            ask("lit-a", "free", "asked", "2026-05-31"),
            ask("was-lit-a", "free", "declined", "2026-06-14"),
            ask("calm-a", "free", "asked", "2026-06-01"),
            ask("calm-a", "tight", "pledged", "2026-01-01"),
            ask("calm-idea", "free", "declined", "2026-06-14"),
            ask("let-down-a", "free", "declined", "2026-06-14"),
        ],
    },
    company={
        "total": 81.0,
        "aligned": 59.0,
        "exploring": 21.0,
        "orphaned": 1.0,
        "coverage": 0.7283950617283951,
        "initiatives": 15,
    },
    own={"free": {"coverage": 0.3}, "room": {"coverage": 0.9}},
    goals={"g": {"effort": 59.0, "initiatives": 8, "teams": 8}},
    flags={
        "under_aligned": {"lit", "loose"},
        "over_exploring": {"lit", "loose"},
        "squeezed": {"tight", "room"},
        "stance_expired": {"was-lit"},
        "unsupported": {"lit", "let-down"},
        "orphan": {"room-o"},
    },
)

NESTED_TEAMS = Worked(
    # squad: 3 to g and 1 sustaining: of 3 discretionary weeks 3 are aligned; squeezed. dept: 2 orphaned: coverage 0,
    #    under-aligned.
    # dept with squad: 6 weeks, aligned 3, sustaining 1, orphaned 2: coverage 3/5. crew: 4 to g; squeezed.
    # org has no work of its own: no ratio, no flag. With all below: 10 weeks, sustaining 1, aligned 7 of 9. No flag
    # looks at a subtree.
    name="teams within teams",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g")],
        "measures": [measure("g")],
        "teams": [
            team("squad", parent="dept"),
            team("dept", parent="org"),
            team("crew", parent="org"),
            team("org", mission="", mission_goals=""),
        ],
        "initiatives": [
            work("a", "squad", "3"),
            work("s", "squad", "1", kind="sustain"),
            work("d", "dept", "2"),
            work("c", "crew", "4"),
        ],
        "links": [link("a", "g"), link("c", "g")],
    },
    company={"total": 10.0, "coverage": 0.7777777777777778},
    own={
        "org": {"total": 0.0, "initiatives": 0, **dict.fromkeys(RATIOS)},
        "dept": {"total": 2.0, "coverage": 0.0, "initiatives": 1},
        "squad": {"total": 4.0, "sustaining": 1.0, "discretionary": 3.0, "coverage": 1.0},
    },
    subtree={
        "org": {"total": 10.0, "aligned": 7.0, "discretionary": 9.0, "coverage": 0.7777777777777778, "initiatives": 4},
        "dept": {
            "total": 6.0,
            "aligned": 3.0,
            "orphaned": 2.0,
            "discretionary": 5.0,
            "coverage": 0.6,
            "initiatives": 3,
        },
        "squad": {"total": 4.0, "coverage": 1.0, "initiatives": 2},
    },
    goals={"g": {"effort": 7.0, "initiatives": 2, "teams": 2}},
    flags={"orphan": {"d"}, "under_aligned": {"dept"}, "squeezed": {"squad", "crew"}},
)

AGEING = Worked(
    # g's meaning changed on 10 June. Each initiative is one week to g.
    # quiet was touched on 17 May: 28 days later is 14 June, before T: silent; still, on 18 May, is not yet.
    # stale was confirmed the day before the change, fresh on the day of it; a blank day is the day of the import, T.
    # due was to be reviewed the day before T and is untested; today is due only today; known was reviewed and held;
    # failed goes on regardless.
    # blank has no effort: the default, 1. off's link is disputed: it does not count and asks for nothing but itself.
    # over is done: whatever is wrong with it, it is not in the portfolio.
    # 10 active weeks, 9 aligned, 1 orphaned (10 %, so not squeezed).
    name="beliefs and updates grow old",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g", meaning_changed_on="2026-06-10")],
        "measures": [measure("g")],
        "teams": [team("t")],
        "initiatives": [
            work("quiet", touched_on="2026-05-17"),
            work("still", touched_on="2026-05-18"),
            *(work(key) for key in ["stale", "fresh", "due", "today", "known", "failed", "off"]),
            work("blank", effort=""),
            work("over", effort="", status="done", touched_on="2026-01-01"),
        ],
        "links": [
            link("quiet", "g"),
            link("still", "g"),
            link("stale", "g", confirmed_on="2026-06-09"),
            link("fresh", "g", confirmed_on="2026-06-10"),
            link("due", "g", review_on="2026-06-14"),
            link("today", "g", review_on="2026-06-15"),
            link("known", "g", review_on="2026-06-01", outcome="held"),
            link("failed", "g", review_on="2026-06-01", outcome="failed"),
            link("blank", "g"),
            link(
                "off",
                "g",
                state="disputed",
                rationale="",
                confirmed_on="2026-01-01",
                review_on="2026-01-02",
                outcome="failed",
            ),
            link("over", "g", outcome="failed", rationale=""),
        ],
    },
    company={"total": 10.0, "aligned": 9.0, "orphaned": 1.0, "coverage": 0.9, "initiatives": 10},
    goals={"g": {"effort": 9.0, "initiatives": 9}},
    initiatives={"blank": {"effort": 1.0, "aligned": 1.0}},
    flags={
        "silent": {"quiet"},
        "reconfirm": {"stale"},
        "review_due": {"due"},
        "belief_failed": {"failed"},
        "unsized": {"blank"},
        "disconnected": {"off"},
    },
    reasons={"off": {"g": "disputed"}},
)

MISSIONS = Worked(
    # mute's mission is white space. adrift serves a closed goal only, loose none, tied a closed one and g. idle's
    # work is paused: not asked.
    # Each of the four has one week, all of it to g, and explores nothing: squeezed.
    name="missions",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g"), root("old", status="achieved")],
        "measures": [measure("g")],
        "teams": [
            team("mute", mission=" \n "),
            team("adrift", mission_goals="old"),
            team("loose", mission_goals=""),
            team("tied", mission_goals="old;g"),
            team("idle", mission="", mission_goals=""),
        ],
        "initiatives": [
            *(work(f"of-{key}", key) for key in ["mute", "adrift", "loose", "tied"]),
            work("of-idle", "idle", status="paused"),
        ],
        "links": [link(f"of-{key}", "g") for key in ["mute", "adrift", "loose", "tied", "idle"]],
    },
    company={"total": 4.0, "coverage": 1.0},
    goals={"g": {"effort": 4.0, "initiatives": 4, "teams": 4}},
    flags={
        "no_mission": {"mute"},
        "untied_mission": {"adrift", "loose"},
        "squeezed": {"mute", "adrift", "loose", "tied"},
    },
)

NOTHING_LEFT = Worked(
    # a: 2 weeks; the explicit 0.7 + 0.2 + 0.1 = 1 leave 0 for the blank link to h (as binary floats they leave
    #    1.1e-16). h gets no effort and no initiative; but the link counts, and its failed belief and missing
    #    rationale are flags.
    # b sustains 4 weeks, a quarter of which reaches g3: aligned 1, sustaining 3.
    # team: 6 weeks, sustaining 3 (50 %: not above the ceiling), aligned 2 + 1 of 3 discretionary: coverage 1;
    #    squeezed.
    # g: 1.4 + 0.4 + 0.2 + 1 = 3 of 3 weeks; weights 1 and 2: p = 1/3 and 2/3, e = 1 and 0: fit 1 - ½ (2/3 + 2/3) = 1/3;
    #    e/p 3 (crowded) and 0 (starved). 4 of 5 goals covered.
    name="explicit shares leave nothing for a blank one",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g"), child("g1", "g"), child("g2", "g"), child("g3", "g"), root("h", weight="2")],
        "measures": [measure(goal) for goal in ["g1", "g2", "g3", "h"]],
        "teams": [team("t")],
        "initiatives": [work("a", effort="2"), work("b", effort="4", kind="sustain")],
        "links": [
            link("a", "g1", "0.7"),
            link("a", "g2", "0.2"),
            link("a", "g3", "0.1"),
            link("a", "h", rationale="", outcome="failed"),
            link("b", "g3", "0.25"),
        ],
    },
    company={
        "total": 6.0,
        "aligned": 3.0,
        "sustaining": 3.0,
        "discretionary": 3.0,
        "coverage": 1.0,
        "goals_anchored": 5,
        "goals_covered": 4,
        "strategy_coverage": 0.8,
        "priority_fit": 0.3333333333333333,
    },
    goals={
        "g": {"effort": 3.0, "initiatives": 2, "covered": True},
        "g1": {"effort": 1.4},
        "g2": {"effort": 0.4},
        "g3": {"effort": 1.2, "initiatives": 2},
        "h": {"anchored": True, "effort": 0.0, "initiatives": 0, "teams": 0, "covered": False},
    },
    initiatives={"b": {"effort": 4.0, "aligned": 1.0, "sustaining": 3.0, "orphaned": 0.0}},
    flags={
        "unreasoned": {"a"},
        "belief_failed": {"a"},
        "uncovered": {"h"},
        "starved": {"h"},
        "crowded": {"g"},
        "squeezed": {"t"},
    },
)

ZERO_OF_A_SET = Worked(
    # 101 * 99,999.99 weeks sustain, 0.01 is left: in all 10,099,999.00. A thousand-millionth of it is 0.0101, so 0.01
    # is zero for the set: no discretionary effort, no ratio. For the initiative itself 0.01 is all of it: an orphan.
    name="an amount that is nothing for the company and everything for the initiative",
    bundle={
        "teams": [team("t", mission_goals="")],
        "initiatives": [
            work("tiny", effort="0.01"),
            *(work(f"run-{number}", effort="99999.99", kind="sustain") for number in range(101)),
        ],
    },
    company={
        "total": 10099999.0,
        "sustaining": 10099998.99,
        "orphaned": 0.01,
        **dict.fromkeys(RATIOS),
        "initiatives": 102,
    },
    initiatives={"tiny": {"effort": 0.01, "orphaned": 0.01}},
    flags={"orphan": {"tiny"}, "over_sustaining": {"t"}, "untied_mission": {"t"}},
)

OWN_SETTINGS = Worked(
    # No grace: g and its strategy end on T, g is live and the strategy ending; h ended the day before and is expired.
    # A blank effort weighs 2.5. Three
    # silent days: a was touched on 12 June, whose third day is T; b a day earlier: silent.
    # 5.5 weeks: a's 2.5 aligned, b's 2.5 orphaned, 0.5 sustaining. Coverage 0.5 is above this company's 20 %,
    # sustaining 1/11 below its 10 %, exploring nothing not below its floor of 0, and autonomy 0 not below its floor
    # of 0.
    name="the company's own settings",
    bundle={
        "company": settings(
            grace_days="0",
            silent_days="3",
            default_effort="2.5",
            core__coverage_floor="0.2",
            core__exploring_floor="0",
            core__autonomy_floor="0",
            core__sustaining_ceiling="0.1",
        ),
        "strategies": [strategy(ends_on="2026-06-15")],
        "goals": [root("g", ends_on="2026-06-15"), root("h", ends_on="2026-06-14")],
        "measures": [measure("g")],
        "teams": [team("t")],
        "initiatives": [
            work("a", effort="", origin="assigned", touched_on="2026-06-12"),
            work("b", effort="2.5", origin="assigned", touched_on="2026-06-11"),
            work("s", effort="0.5", kind="sustain"),
        ],
        "links": [link("a", "g")],
    },
    company={
        "total": 5.5,
        "aligned": 2.5,
        "sustaining": 0.5,
        "orphaned": 2.5,
        "coverage": 0.5,
        "autonomy": 0.0,
        "aligned_autonomy": 0.0,
    },
    initiatives={"a": {"effort": 2.5, "aligned": 2.5}},
    flags={"ending": {"plan"}, "expired": {"h"}, "unsized": {"a"}, "silent": {"b"}, "orphan": {"b"}},
)

ENDS = Worked(
    # Thirty days after T is 15 July; the last day of grace of what ended on 1 June is T.
    # gone: nothing published runs on 2 June: kept waits for the 3rd, written is a draft, shelved is archived. Ending.
    # over: ended on 31 May, so that its grace is over as well. kept: ends on 20 June, and last begins the day after.
    # last: ends on 15 July; far begins on the 17th, a day too late. Ending. far: its end is 46 days away.
    # written, a draft, ends in ten days, and shelved never: neither is published.
    name="strategies that end",
    bundle={
        "strategies": [
            strategy("gone", ends_on="2026-06-01"),
            strategy("over", ends_on="2026-05-31"),
            strategy("kept", starts_on="2026-06-03", ends_on="2026-06-20"),
            strategy("last", starts_on="2026-06-21", ends_on="2026-07-15"),
            strategy("far", starts_on="2026-07-17", ends_on="2026-07-31"),
            strategy("written", status="draft", ends_on="2026-06-25"),
            strategy("shelved", status="archived"),
        ],
        "goals": [root("g", "kept")],
        "measures": [measure("g")],
        "teams": [team("t")],
        "initiatives": [work("a")],
        "links": [link("a", "g")],
    },
    flags={"ending": {"gone", "last"}, "squeezed": {"t"}},
)

MEANINGS = Worked(
    # g's meaning changed on 10 June, m's on 1 June, n's on 14 June; k, between g and m, and h, above n, kept theirs.
    # above: to k, confirmed the day before g changed: asked. same: on the day itself: not.
    # between: to m, after m's own change and before g's: asked. whole: to h, before n below it changed: not asked.
    # off: as above, and disputed: it asks for nothing but itself.
    # new: to n, confirmed on T. 6 active weeks, 5 aligned: more than 5 % orphaned, so not squeezed.
    name="goals above that mean something else",
    bundle={
        "strategies": [strategy()],
        "goals": [
            root("g", meaning_changed_on="2026-06-10"),
            child("k", "g"),
            child("m", "k", meaning_changed_on="2026-06-01"),
            root("h"),
            child("n", "h", meaning_changed_on="2026-06-14"),
        ],
        "measures": [measure("m"), measure("n")],
        "teams": [team("t")],
        "initiatives": [work(key) for key in ["above", "same", "between", "whole", "new", "off"]],
        "links": [
            link("above", "k", confirmed_on="2026-06-09"),
            link("same", "k", confirmed_on="2026-06-10"),
            link("between", "m", confirmed_on="2026-06-09"),
            link("whole", "h", confirmed_on="2026-06-13"),
            link("new", "n"),
            link("off", "k", confirmed_on="2026-06-09", state="disputed"),
        ],
    },
    company={"aligned": 5.0, "orphaned": 1.0},
    flags={"reconfirm": {"above", "between"}, "disconnected": {"off"}},
    reasons={"off": {"k": "disputed"}},
)

NOT_HERE = Worked(
    # away is marked as not here, below hangs below it: nothing is asked of both. here is here.
    # away: x, not sized (1 week), reaches nothing; no mission, unsupported if it were asked. below: 2 weeks on g.
    # here: 3 weeks on g, 1 week reaches nothing: coverage 3/4, so that all that is open about it is its orphan.
    # Figures are as ever: total 1 + 2 + 3 + 1 = 7, aligned 5, orphaned 2. Anchored are g and step, which away has below
    #    g: nobody works on step, it has no why and no measure, and away would be asked; of the company's goals, g is
    #    covered. own is away's own, and leads nowhere.
    name="teams that are not here",
    bundle={
        "strategies": [strategy()],
        "goals": [root("g"), child("step", "g", team="away", why=""), team_root("own", "away")],
        "measures": [measure("g")],
        "teams": [
            team("away", mission="", stance="spotlight", here="no"),
            team("below", parent="away", here="yes"),
            team("here"),
        ],
        "initiatives": [
            work("x", "away", effort=""),
            work("y", "below", "2", touched_on="2026-01-01"),
            work("z", "here", "3"),
            work("lost", "here"),
        ],
        "links": [link("y", "g", rationale=""), link("z", "g")],
        "support": [ask("x", "here", "declined", "2026-06-01")],
    },
    company={
        "total": 7.0,
        "aligned": 5.0,
        "orphaned": 2.0,
        "coverage": 0.7142857142857143,
        "goals_anchored": 2,
        "goals_covered": 1,
        "strategy_coverage": 0.5,
        "teams": 3,
        "teams_here": 1,
    },
    own={"away": {"coverage": 0.0}, "below": {"coverage": 1.0}, "here": {"coverage": 0.75}},
    goals={"g": {"effort": 5.0, "initiatives": 2, "teams": 2}, "step": {"effort": 0.0, "covered": False}},
    flags={"orphan": {"lost"}},
)

WORKED = (
    SHARES,
    REASONS_NOT_COUNTING,
    BOUNDARY_DAYS,
    NOTHING_DISCRETIONARY,
    TOLERANCE,
    HALF_AND_DOUBLE,
    PRIORITIES,
    AUTONOMY,
    STANCES,
    NESTED_TEAMS,
    AGEING,
    MISSIONS,
    NOTHING_LEFT,
    ZERO_OF_A_SET,
    OWN_SETTINGS,
    ENDS,
    MEANINGS,
    NOT_HERE,
)
