"""What somebody owns who leaves, and rows as they are stored now."""

from __future__ import annotations

from typing import Any

from teams.enums import TeamRole
from teams.models import Person
from tests import factories as make


def now(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def owned(of: Person) -> dict[str, Any]:
    """One of each part."""
    team = make.TeamFactory(name="Harbour")
    make.MembershipFactory(team=team, person=of, role=TeamRole.LEAD)
    return {
        "strategies": make.StrategyFactory(owner=of),
        "goals": make.GoalFactory(owner=of),
        "measures": make.MeasureFactory(keeper=of),
        "initiatives": make.InitiativeFactory(owner=of),
        "context_pages": make.ContextPageFactory(owner=of),
        "decisions": make.DecisionFactory(owner=of),
        "teams": team,
    }


def holder(row: Any) -> Person | None:
    """Who owns the row now, or keeps it."""
    return getattr(now(row), "keeper" if hasattr(row, "keeper") else "owner")
