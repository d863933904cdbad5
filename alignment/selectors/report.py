"""The alignment report (spec/interfaces.md, *alignment_report*): the engine's results as plain values."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np

from alignment.engine import Alignment, Figures, compute
from alignment.engine.model import Bools, day_number
from alignment.engine.parts import PARTS
from alignment.enums import FlagCode, Subject
from alignment.flags import kind_of
from alignment.selectors.columns import company_columns, one_snapshot
from alignment.selectors.unanswered import CODES, unanswered
from strategy.models import Goal, Strategy
from teams.models import Initiative, Person, Team

Report = dict[str, Any]

FIGURES = (
    "total",
    "aligned",
    "reasoned",
    "endorsed",
    "exploring",
    "sustaining",
    "orphaned",
    "discretionary",
    "coverage",
    "reasoned_coverage",
    "endorsed_coverage",
    "autonomy",
    "aligned_autonomy",
    "initiatives",
)


def alignment_report(*, on: dt.date, person: Person | None = None) -> Report:
    """The report as of `on`, computed from the current database. For a `person` who does not see everything it omits
    the goals they may not see, their keys and the reasons that name them; every sum includes them."""
    with one_snapshot():
        alignment = compute(company_columns(), day_number(on))
        keys = {
            Subject.INITIATIVE: _keys(Initiative, alignment.company.initiatives.id),
            Subject.GOAL: _keys(Goal, alignment.company.goals.id),
            Subject.STRATEGY: _keys(Strategy, alignment.company.strategies.id),
            Subject.TEAM: _keys(Team, alignment.company.teams.id),
        }
        goals = alignment.company.goals.id
        asked = _unanswered(on, person)
        seen = np.ones(len(goals), dtype=bool)
        if person is not None and not person.sees_everything:
            seen = np.isin(goals, list(Goal.objects.visible_to(person).values_list("id", flat=True)))
    report = report_of(alignment, keys, seen, on)
    report["flags"] += asked
    return report


def report_of(alignment: Alignment, keys: dict[Subject, list[str]], seen: Bools, on: dt.date) -> Report:
    """`alignment` as a report, with the `keys` of each table's rows by position; `seen` marks the goals that may be
    named."""
    return {
        "as_of": on.isoformat(),
        "company": company_part(alignment),
        "teams": _teams(alignment, keys[Subject.TEAM]),
        "goals": _goals(alignment, keys[Subject.GOAL], seen),
        "initiatives": _initiatives(alignment, keys[Subject.INITIATIVE]),
        "flags": _flags(alignment, keys, seen),
    }


def _keys(model: Any, ids: Any) -> list[str]:
    by_id = dict(model.objects.values_list("id", "key"))
    return [by_id[row] for row in ids.tolist()]


def _figures(figures: Figures) -> Report:
    return {name: getattr(figures, name) for name in FIGURES}


def company_part(alignment: Alignment) -> Report:
    """With `teams` and `teams_here` where some team is not here."""
    goal_statuses, here = alignment.goal_statuses, alignment.company.teams.here
    present = {} if here.all() else {"teams": len(here), "teams_here": int(here.sum())}
    return (
        _figures(alignment.total)
        | present
        | {
            "goals_anchored": int(goal_statuses.anchored.sum()),
            "goals_covered": int((alignment.covered & goal_statuses.anchored).sum()),
            "strategy_coverage": alignment.strategy_coverage,
            "priority_fit": alignment.priority_fit,
        }
    )


def _teams(alignment: Alignment, keys: list[str]) -> Report:
    rows = zip(keys, alignment.team_sums.tolist(), alignment.team_subtree_sums.tolist(), strict=True)
    return {
        key: {"own": _figures(Figures.of(own)), "subtree": _figures(Figures.of(all_below))}
        for key, own, all_below in rows
    }


def _goals(alignment: Alignment, keys: list[str], seen: Bools) -> Report:
    goal_statuses = alignment.goal_statuses
    columns = (
        goal_statuses.live.tolist(),
        goal_statuses.anchored.tolist(),
        alignment.goal_effort.tolist(),
        alignment.contributors().tolist(),
        alignment.contributors(team=True).tolist(),
        alignment.covered.tolist(),
    )
    result = {}
    for at in np.flatnonzero(seen).tolist():
        live, anchored, effort, initiatives, teams, covered = (column[at] for column in columns)
        result[keys[at]] = {
            "live": live,
            "anchored": anchored,
            "effort": effort,
            "initiatives": initiatives,
            "teams": teams,
            "covered": covered if anchored else None,
        }
    return result


def _initiatives(alignment: Alignment, keys: list[str]) -> Report:
    active = np.flatnonzero(alignment.parts.active)
    rows = zip(active.tolist(), *(getattr(alignment.parts, part)[active].tolist() for part in PARTS), strict=True)
    return {keys[at]: dict(zip(PARTS, values, strict=True)) for at, *values in rows}


def _flags(alignment: Alignment, keys: dict[Subject, list[str]], seen: Bools) -> list[Report]:
    result: list[Report] = []
    reasons = alignment.reasons_by_initiative
    for found in alignment.flags:
        for at in found.at.tolist():
            if found.subject is Subject.GOAL and not seen[at]:
                continue
            flag: Report = {
                "code": found.code.value,
                "subject_type": found.subject.value,
                "subject": keys[found.subject][at],
            }
            if found.code is FlagCode.DISCONNECTED:
                flag["links"] = {
                    keys[Subject.GOAL][goal]: reason.value for goal, reason in reasons[at].items() if seen[goal]
                }
            result.append(flag)
    return result


def _unanswered(on: dt.date, person: Person | None) -> list[Report]:
    """Flags that rest on conversations, about what `person` may see."""
    found: dict[Subject, Any] = {**unanswered(on)}
    return [
        {"code": kind_of(CODES[subject]).public_name, "subject_type": subject.value, "subject": row.key}
        for subject, rows in found.items()
        for row in (rows if person is None else rows.visible_to(person)).order_by("key")
    ]
