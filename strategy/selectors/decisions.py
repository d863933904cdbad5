"""Decisions, with what they touch and rest on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, JSONObject

from lib.db.folding import folded
from lib.db.search import has_words
from strategy.enums import DecisionStatus
from strategy.models import ContextPage, Decision, Goal, Persona
from strategy.models.decision import DECISION_TEXTS
from teams.models import Person

LAST = dt.date(9999, 12, 31)
IN_FORCE, SUPERSEDED = "in_force", "superseded"
STATES = [
    (IN_FORCE, "In force"),
    (SUPERSEDED, "Superseded"),
    (DecisionStatus.DRAFT.value, DecisionStatus.DRAFT.label),
]
"""By which decisions are looked for. What is decided is superseded once the decision that takes its place is, too."""
SUGGESTED, FOUND = 100, 30


def decisions(reader: Person, *, words: str = "", state: str = "") -> QuerySet[Any]:
    """Those that `reader` may see, with their owners, `is_superseded`, and as `day` when they were decided: drafts, and
    those of which nobody knows, have the last day of all. Unordered.
    """
    later = Decision.objects.filter(supersedes=OuterRef("pk"), status=DecisionStatus.DECIDED)
    rows: QuerySet[Any] = Decision.objects.visible_to(reader).select_related("owner")
    rows = rows.annotate(is_superseded=Exists(later), day=Coalesce("decided_on", Value(LAST)))
    if state == DecisionStatus.DRAFT:
        rows = rows.filter(status=DecisionStatus.DRAFT)
    elif state in {IN_FORCE, SUPERSEDED}:
        rows = rows.filter(status=DecisionStatus.DECIDED, is_superseded=state == SUPERSEDED)
    return rows.filter(has_words("title", words)) if words else rows


def decision_pages(reader: Person) -> QuerySet[Any]:
    """Decisions for their own page: who decided (`people`: id and name), and what they touch as far as `reader` may see
    it (`touched`, `cited`, `customers`: key and name), each by name.
    """
    people = Person.objects.filter(pk__in=_paired("decided_by", "person"))
    goals = Goal.objects.visible_to(reader).filter(pk__in=_paired("goals", "goal"))
    cited = ContextPage.objects.visible_to(reader).filter(pk__in=_paired("pages", "page"))
    customers = Persona.objects.visible_to(reader).filter(pk__in=_paired("personas", "persona"))
    return Decision.objects.select_related("owner").annotate(
        people=_named(people, "name", key="pk"),
        touched=_named(goals, "title"),
        cited=_named(cited, "title"),
        customers=_named(customers, "name"),
    )


def _paired(name: str, column: str) -> QuerySet[Any, Any]:
    """The ids that the set `name` of the decision has."""
    pairs: Any = Decision._meta.get_field(name).remote_field.through  # type: ignore[union-attr]
    return QuerySet(pairs).filter(decision=OuterRef(OuterRef("pk"))).values(column)


def _named(rows: QuerySet[Any], name: str, *, key: str = "key") -> ArraySubquery:
    return ArraySubquery(rows.order_by(f"{name}__folded", "pk").values(row=JSONObject(key=key, name=name)))


def neighbours(reader: Person, decision: Decision) -> tuple[Decision | None, Decision | None]:
    """The decision that it supersedes and the one that takes its place, as far as `reader` may see them. One query."""
    either = Q(pk=decision.supersedes_id) | Q(supersedes=decision)
    found = list(Decision.objects.visible_to(reader).filter(either))
    before = next((row for row in found if row.pk == decision.supersedes_id), None)
    return before, next((row for row in found if row.supersedes_id == decision.pk), None)


def is_superseded(decision: Decision) -> bool:
    """Whether a later one was decided, whoever may see that. One query."""
    return Decision.objects.filter(supersedes=decision, status=DecisionStatus.DECIDED).exists()


def with_decisions(goals: QuerySet[Any], reader: Person) -> QuerySet[Any]:
    """Adds `decision_rows`, the decisions that touch a goal, which `touching` reads."""
    rows = decisions(reader).filter(goals=OuterRef("pk")).order_by("is_superseded", "-day", "-id")
    columns = ("key", "title", "status", "visibility", "decided_on", "is_superseded")
    found: QuerySet[Any] = goals.annotate(
        decision_rows=ArraySubquery(rows.values(row=JSONObject(**{name: name for name in columns})))
    )
    return found


def touching(goal: Any) -> list[Any]:
    """The decisions that touch a goal of `with_decisions`: those in force, the latest first, then those that are
    superseded. No query.
    """
    found = []
    for row in goal.decision_rows:
        superseded, day = row.pop("is_superseded"), row.pop("decided_on")
        decision: Any = Decision(**row, decided_on=dt.date.fromisoformat(day) if day else None)
        decision.is_superseded = superseded
        found.append(decision)
    return found


def supersedable(reader: Person, decision: Decision | None) -> list[Decision]:
    """Those that `decision`, or a new one, may take the place of: decided, and not superseded by another. The latest
    first.
    """
    own = {"pk": decision.pk} if decision else {"pk": None}
    others = Decision.objects.exclude(**own).filter(supersedes=OuterRef("pk"))
    rows = Decision.objects.visible_to(reader).filter(status=DecisionStatus.DECIDED).exclude(**own)
    return list(rows.filter(~Exists(others)).order_by("-decided_on", "-id"))


def decided_by_now(decision: Decision) -> list[Person]:
    """Who decided, by name. One query."""
    return list(
        Person.objects.filter(pk__in=decision.decided_by.order_by().values("pk")).order_by("name__folded", "pk")
    )


def form_values(decision: Decision) -> dict[str, Any]:
    """The values of its form. Three queries."""
    named = ("title", *DECISION_TEXTS, "visibility", "decided_on", "version")
    return {name: getattr(decision, name) for name in named} | {
        "owner": decision.owner,
        "supersedes": decision.supersedes.key if decision.supersedes else "",
        "decided_by": decided_by_now(decision),
    }


def goals_to_cite(reader: Person, *, chosen: Collection[str], search: str = "") -> list[Goal]:
    """Goals that `reader` may see, in one query: those of the keys `chosen`, FOUND goals with every word of `search` in
    their title, then SUGGESTED company goals from the top; each part by title.
    """
    seen = Goal.objects.visible_to(reader)
    found = seen.filter(has_words("title", search) if search else Q(pk=None)).order_by("title__folded", "id")
    suggested = seen.filter(team=None).order_by("path__len", "title__folded", "id")
    parts = Q(pk__in=found.values("pk")[:FOUND]) | Q(pk__in=suggested.values("pk")[:SUGGESTED])
    rows: QuerySet[Any] = seen.filter(Q(key__in=chosen) | parts)
    listed: list[Any] = list(rows.annotate(is_found=Exists(found.filter(pk=OuterRef("pk")))))
    return sorted(listed, key=lambda goal: (goal.key not in chosen, not goal.is_found, folded(goal.title), goal.pk))
