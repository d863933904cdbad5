"""Querysets of the API's resources: one query each, references by key, with the stored figures where there are any.

A reference to what `person` may not see is empty (DESIGN.md, *Visibility*); efforts include everything.
"""

from __future__ import annotations

from typing import Any, TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, Prefetch, QuerySet, Subquery, When, Window
from django.db.models.functions import JSONObject, RowNumber

from alignment.engine import Figures
from alignment.engine.work_figures import SUMS
from alignment.models import GoalFigures, Proposal
from alignment.selectors.goals import with_effort
from conversations.models import Message, Thread
from conversations.selectors.threads import with_keys
from strategy.models import (
    CheckIn,
    ContextPage,
    Decision,
    DecisionPerson,
    Goal,
    GoalPage,
    GoalPersona,
    Measure,
    Persona,
    Strategy,
)
from strategy.selectors.measures import POINTS
from teams.labels import several
from teams.models import Contributor, Initiative, Person, Support, Team
from teams.selectors.asks import ASKS

SUPPORT_COLUMNS = (
    *("key", "ask", "size", "status", "asked_on", "answer", "needed_on", "due_on", "unconfirmed", "thanks", "offered"),
)


class GoalReport(TypedDict):
    """A goal's entry in the report. `covered` is None unless the goal is anchored."""

    live: bool
    anchored: bool
    effort: float
    initiatives: int
    teams: int
    covered: bool | None


def team_resources(person: Person) -> QuerySet[Team]:
    """Rows with `parent_key`, and sorted `mission_goal_keys` and `persona_keys`; figures are of the team's own work."""
    goals = Goal.objects.visible_to(person).filter(missions__team=OuterRef("pk")).order_by("key")
    personas = Persona.objects.filter(teams=OuterRef("pk")).order_by("key")
    rows: QuerySet[Team] = Team.objects.select_related("figures")
    return rows.annotate(
        parent_key=F("parent__key"),
        mission_goal_keys=ArraySubquery(goals.values("key")),
        persona_keys=ArraySubquery(personas.values("key")),
    )


def goal_resources(person: Person) -> QuerySet[Goal]:
    """Rows with `parent_key`, `strategy_key`, `team_key`, `owner_email`, sorted `page_keys`, `persona_keys` and
    `successor_keys`, and `effort`, that of the goal and all below."""
    pages = GoalPage.objects.filter(goal=OuterRef("pk")).order_by("page__key")
    personas = GoalPersona.objects.filter(goal=OuterRef("pk")).order_by("persona__key")
    parents = Goal.objects.visible_to(person).filter(pk=OuterRef("parent_id"))
    strategies = Strategy.objects.visible_to(person).filter(pk=OuterRef("strategy_id"))
    after = Goal.objects.visible_to(person).filter(follows=OuterRef("pk"))
    rows: QuerySet[Goal] = Goal.objects.visible_to(person)
    return with_effort(rows.select_related("figures")).annotate(
        parent_key=Subquery(parents.values("key")),
        strategy_key=Subquery(strategies.values("key")),
        team_key=F("team__key"),
        owner_email=F("owner__email"),
        page_keys=ArraySubquery(pages.values("page__key")),
        persona_keys=ArraySubquery(personas.values("persona__key")),
        successor_keys=ArraySubquery(after.order_by("key").values("key")),
    )


def measure_resources(person: Person) -> QuerySet[Measure]:
    """Rows with `goal_key`, `keeper_email`, `carries_on_key`, and as `check_ins` the last POINTS, without those that
    were corrected."""
    said = CheckIn.objects.filter(measure=OuterRef("pk")).uncorrected().order_by("-moment", "-id")
    row = JSONObject(at="moment", value="value", confidence="confidence", note="note", by="person__email")
    seen = Measure.objects.visible_to(person)
    rows: QuerySet[Measure] = Measure.objects.visible_to(person)
    return rows.annotate(
        goal_key=F("goal__key"),
        keeper_email=F("keeper__email"),
        carries_on_key=Subquery(seen.filter(pk=OuterRef("carries_on_id")).values("key")),
        check_in_rows=ArraySubquery(said.values(row=row)[:POINTS]),
    )


def initiative_resources() -> QuerySet[Initiative]:
    """Rows with `team_key`, `owner_email`, `label_list`, sorted `contributor_emails`, and as `support_rows` what others
    are asked for it and offer, the latest first. Everybody sees every initiative.
    """
    people = Contributor.objects.filter(initiative=OuterRef("pk")).order_by("person__email")
    said = {name: F(name) for name in SUPPORT_COLUMNS}
    asks = Support.objects.filter(initiative=OuterRef("pk")).order_by("-asked_on", "-id")
    return Initiative.objects.select_related("figures").annotate(
        team_key=F("team__key"),
        owner_email=F("owner__email"),
        label_list=several("labels"),
        contributor_emails=ArraySubquery(people.values("person__email")),
        support_rows=ArraySubquery(asks.values(row=JSONObject(team=F("team__key"), **said))[:ASKS]),
    )


def context_resources(person: Person) -> QuerySet[ContextPage]:
    """Rows with `owner_email`."""
    return ContextPage.objects.visible_to(person).annotate(owner_email=F("owner__email"))


def decision_resources(person: Person) -> QuerySet[Decision]:
    """Rows with `owner_email`, `supersedes_key`, and sorted `decided_by_emails`, `goal_keys`, `page_keys` and
    `persona_keys`."""
    deciders = DecisionPerson.objects.filter(decision=OuterRef("pk")).order_by("person__email")
    earlier = Decision.objects.visible_to(person).filter(pk=OuterRef("supersedes_id"))
    goals = Goal.objects.visible_to(person).filter(decisions=OuterRef("pk")).order_by("key")
    pages = ContextPage.objects.filter(decisions=OuterRef("pk")).order_by("key")
    personas = Persona.objects.filter(decisions=OuterRef("pk")).order_by("key")
    return Decision.objects.visible_to(person).annotate(
        owner_email=F("owner__email"),
        supersedes_key=Subquery(earlier.values("key")),
        decided_by_emails=ArraySubquery(deciders.values("person__email")),
        goal_keys=ArraySubquery(goals.values("key")),
        page_keys=ArraySubquery(pages.values("key")),
        persona_keys=ArraySubquery(personas.values("key")),
    )


def thread_resources(person: Person) -> QuerySet[Any]:
    """Rows with `asker_email`, `about_key` and `answers_key`."""
    rows: QuerySet[Any] = Thread.objects.visible_to(person).annotate(asker_email=F("asker__email"))
    return with_keys(rows, person)


def message_resources() -> Prefetch[Any]:
    """The messages of threads, in their order, with `number`, `pinned`, `author` and `removed_by_email`."""
    rows = Message.objects.select_related("author").annotate(
        number=Window(RowNumber(), partition_by="thread", order_by=("at", "id")),
        pinned=Case(When(thread__pinned=F("pk"), then=True), default=False),
        removed_by_email=F("removed_by__email"),
    )
    return Prefetch("messages", rows.order_by("at", "id"))


def proposal_resources(person: Person) -> Prefetch[Any]:
    """What threads propose, with the keys of its work, and `goal_key` as far as `person` may see the goal."""
    work = Initiative.objects.filter(proposed_for__proposal=OuterRef("pk")).order_by("key").values("key")
    goals = Goal.objects.visible_to(person).filter(pk=OuterRef("goal")).values("key")
    return Prefetch("proposal", Proposal.objects.annotate(work_keys=ArraySubquery(work), goal_key=Subquery(goals)))


def own_figures(team: Team) -> Figures | None:
    """The stored figures; None before the team's first recompute."""
    stored = getattr(team, "figures", None)
    return None if stored is None else Figures.of([getattr(stored, name) for name in SUMS])


def goal_report(goal: Any) -> GoalReport | None:
    """The stored figures of a row of `goal_resources`; None before the goal's first recompute."""
    stored: GoalFigures | None = getattr(goal, "figures", None)
    if stored is None:
        return None
    return {
        "live": stored.live,
        "anchored": stored.anchored,
        "effort": goal.effort,
        "initiatives": stored.initiatives,
        "teams": stored.teams,
        "covered": stored.covered if stored.anchored else None,
    }
