"""How a page or the API comes to a strategy, a goal, a measure, or the business context: one function an object.

Each returns the one row that `person` may see, of `rows` where these carry more than the row itself, and raises Http404
otherwise: whether there is none or it is not for them is the same.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Subquery

from lib.http.access import visible_or_404
from strategy.enums import AmendmentState
from strategy.models import (
    Amendment,
    AmendmentEdit,
    CheckIn,
    ContextPage,
    Decision,
    Edition,
    Goal,
    Measure,
    Persona,
    Strategy,
)
from teams.models import Person


def strategy_for(person: Person, key: str, *, rows: Any = None) -> Any:
    """With its owner."""
    return visible_or_404(Strategy.objects.select_related("owner") if rows is None else rows, person, key=key)


def edition_for(person: Person, strategy: Strategy, number: int, *, rows: Any = None) -> Any:
    """Of a strategy that `person` may see, with who made it and, as `followed_by`, the kind of the next one."""
    found = Edition.objects.all() if rows is None else rows
    following = Edition.objects.filter(strategy=strategy, number=number + 1)
    found = found.select_related("person").annotate(followed_by=Subquery(following.values("kind")))
    edition: Edition = visible_or_404(found, person, strategy=strategy, number=number)
    edition.strategy = strategy
    return edition


def amendment_for(person: Person, strategy: Strategy) -> Amendment:
    """The open one of a strategy that `person` may see, with who began it."""
    rows = Amendment.objects.select_related("opened_by")
    amendment: Amendment = visible_or_404(rows, person, strategy=strategy, state=AmendmentState.OPEN)
    return amendment


def amendment_edit_for(person: Person, pk: int) -> AmendmentEdit:
    """With its amendment and the amendment's strategy."""
    rows = AmendmentEdit.objects.select_related("amendment__strategy")
    edit: AmendmentEdit = visible_or_404(rows, person, pk=pk)
    return edit


def goal_for(person: Person, *, rows: Any = None, **lookup: Any) -> Any:
    """`lookup` is its key or its pk. With its team, its owner, its strategy and the goal above it."""
    found = Goal.objects.select_related("team", "owner", "strategy", "parent") if rows is None else rows
    return visible_or_404(found, person, **lookup)


def measure_for(person: Person, key: str, *, rows: Any = None) -> Measure:
    """With its keeper, its goal and the goal's team."""
    found = Measure.objects.select_related("goal__team", "keeper") if rows is None else rows
    row: Measure = visible_or_404(found, person, key=key)
    return row


def check_in_for(person: Person, pk: int) -> CheckIn:
    """With its measure, the measure's goal and the goal's team."""
    row: CheckIn = visible_or_404(CheckIn.objects.select_related("measure__goal__team"), person, pk=pk)
    return row


def context_page_for(person: Person, key: str, *, rows: Any = None) -> Any:
    """With its owner."""
    return visible_or_404(ContextPage.objects.select_related("owner") if rows is None else rows, person, key=key)


def decision_for(person: Person, key: str, *, rows: Any = None) -> Any:
    """With its owner."""
    return visible_or_404(Decision.objects.select_related("owner") if rows is None else rows, person, key=key)


def persona_for(person: Person, key: str, *, rows: Any = None) -> Any:
    return visible_or_404(Persona.objects if rows is None else rows, person, key=key)
