"""The goal tree. Company goals are roots without a team, each in a strategy; a team's own root goal is in none."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from lib.db import fields
from lib.db.folding import folded_index
from lib.db.named import Named
from lib.db.triggers import TREE_DEPTH_LIMIT, Tree, TreeQuerySet, Versioned, counted_version, tree_path
from strategy.enums import GoalKind, GoalStatus, StrategyStatus, Visibility
from strategy.models.hiding import followed_by_goals
from strategy.models.strategy import Strategy
from teams.enums import TeamRole
from teams.models import Membership, Person, Team


def goals_seen_by(person: Person, prefix: str = "") -> Q:
    """Matches the goals that `person` may see (DESIGN.md, *Visibility*): all for leaders and administrators; for others
    their own, and those that nothing hides from them (`Goal.hidden_by`). `prefix` reaches the goal over a relation
    ("goal__").
    """
    if person.sees_everything:
        return Q(**{f"{prefix}pk__isnull": False})
    opened = ArraySubquery(Goal.objects.hiding().filter(_opened_to(person)).order_by().values("id"))
    own = Q(**{f"{prefix}owner_id": person.pk})
    return Q(**{f"{prefix}hidden_by": []}) | own | Q(**{f"{prefix}hidden_by__contained_by": opened})


def _opened_to(person: Person) -> Q:
    """Which of the goals that hide themselves and what is below them `person` sees through: their own, goals of their
    own draft strategies, and draft goals of teams that they are on or lead. A marked goal is its owner's alone."""
    own, unmarked = Q(owner=person), Q(visibility=Visibility.COMPANY)
    seats = Membership.objects.filter(person=person).order_by()
    led = ArraySubquery(seats.filter(role=TeamRole.LEAD).values("team"))
    of_team = Q(team__in=seats.values("team")) | Q(team__path__overlap=led)
    in_draft = Q(strategy__isnull=False, strategy__status=StrategyStatus.DRAFT)
    of_draft = in_draft & Q(strategy__owner=person) & (unmarked | own)
    return of_draft | ~in_draft & (own | unmarked & Q(status=GoalStatus.DRAFT) & of_team)


POSITIONS = 9_999
EDITED = (
    *("key", "first_key", "strategy_id", "parent_id", "team_id", "title", "situation", "why", "boundaries", "kind"),
    *("weight", "status"),
    *("starts_on", "ends_on", "owner_id", "visibility", "meaning_changed_on", "meaning_changed_at"),
    *("closed_on", "closing_reason", "learned"),
)
"""All fields but `position`: a goal says the same wherever it stands among those beside it."""
BY_HAND = (F("position").asc(nulls_last=True), F("weight").desc(), F("title__folded").asc(), F("id").asc())
"""The order of goals that stand beside each other: by hand, then those that nobody placed, the heaviest first."""


class GoalQuerySet(TreeQuerySet):
    def hiding(self) -> Self:
        """Goals that hide themselves and what is below them from most people."""
        return self.filter(hidden_by__contains=[F("id")])

    def visible_to(self, person: Person) -> Self:
        """As `goals_seen_by`."""
        return self if person.sees_everything else self.filter(goals_seen_by(person))


class Goal(Named, Tree, Versioned):
    """A wanted outcome. Its intent brief is the `situation` that asks for it, its `title` and `why`, and `boundaries`,
    which is what is not wanted. `weight` is its relative weight among the company's root goals; `meaning_changed_on` is
    the day its intent last changed, `meaning_changed_at` the instant (None: the day came in a bundle). `closed_on` and
    `closing_reason` are set where it was closed in the browser, `learned` where somebody said what closing it taught.
    `successors` are goals that take its place once links to it count no more.

    `position` counts the goals beside each other, from 1 on; None where nobody has placed it (BY_HAND).

    `hidden_by` are the ids of the goals that hide it, from the root down: those marked `leaders` at or above it, and
    the first that is a draft or in a draft strategy, because what is below a draft is seen by those who see the draft.
    Empty: everybody sees it. The database maintains it (strategy.models.hiding).
    """

    key = fields.KeyField()
    first_key = fields.FirstKeyField()
    strategy = models.ForeignKey(Strategy, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="goals")
    title = fields.LineField()
    situation = fields.LinesField(db_default="")
    why = fields.LinesField()
    boundaries = fields.LinesField(db_default="")
    kind = models.CharField(max_length=12, choices=GoalKind, default=GoalKind.COMMITTED)
    weight = models.DecimalField(max_digits=8, decimal_places=4, default=1)
    status = models.CharField(max_length=10, choices=GoalStatus, default=GoalStatus.DRAFT)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="goals")
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.COMPANY)
    position = models.PositiveSmallIntegerField(null=True, blank=True)
    meaning_changed_on = models.DateField(null=True, blank=True)
    meaning_changed_at = models.DateTimeField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closing_reason = fields.LinesField(fields.LINES_LIMIT, db_default="")
    learned = fields.LinesField(fields.LINES_LIMIT, db_default="")
    hidden_by: ArrayField[list[int], list[int]] = ArrayField(
        models.BigIntegerField(), default=list, db_default=[], editable=False
    )
    serving = models.ManyToManyField(Team, through="strategy.MissionGoal", related_name="served_goals")
    pages = models.ManyToManyField("strategy.ContextPage", through="strategy.GoalPage", related_name="goals")
    personas = models.ManyToManyField("strategy.Persona", through="strategy.GoalPersona", related_name="goals")
    successors = models.ManyToManyField(
        "self",
        through="strategy.GoalSuccessor",
        through_fields=("goal", "successor"),
        symmetrical=False,
        related_name="follows",
        editable=False,
    )

    objects = GoalQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("path", name="strategy_goal_path"),
            models.Index(folded_index("title"), "id", name="strategy_goal_by_title"),
            models.Index("id", name="strategy_goal_hiding", condition=Q(hidden_by__contains=[F("id")])),
            GinIndex(OpClass(folded_index("title"), name="gin_trgm_ops"), name="strategy_goal_title_trgm"),
        ]
        constraints = [
            fields.slug_key("strategy_goal"),
            fields.filled("strategy_goal", "title"),
            *fields.one_line("strategy_goal", "title"),
            *fields.nothing_or_something("strategy_goal", "situation", "why", "boundaries"),
            *fields.at_most("strategy_goal", fields.MARKDOWN_LIMIT, "situation", "why", "boundaries"),
            fields.one_of("strategy_goal", "kind", GoalKind.values),
            fields.one_of("strategy_goal", "status", GoalStatus.values),
            fields.one_of("strategy_goal", "visibility", Visibility.values),
            fields.between("strategy_goal", "weight", 0, "9999.9999", above=True),
            fields.between("strategy_goal", "position", 1, POSITIONS),
            fields.in_order("strategy_goal"),
            *fields.days("strategy_goal", "starts_on", "ends_on", "meaning_changed_on", "closed_on"),
            *fields.at_most("strategy_goal", fields.LINES_LIMIT, "closing_reason", "learned"),
            CheckConstraint(condition=Q(path__len__lte=TREE_DEPTH_LIMIT), name="strategy_goal_depth"),
            CheckConstraint(
                condition=Q(parent__isnull=False, strategy__isnull=True)
                | Q(parent__isnull=True, team__isnull=True, strategy__isnull=False)
                | Q(parent__isnull=True, team__isnull=False, strategy__isnull=True),
                name="strategy_goal_root",
                violation_error_message="A company goal at the top needs a strategy; any other goal has none.",
            ),
        ]
        triggers = [*tree_path(), *followed_by_goals(), counted_version(*EDITED)]

    def __str__(self) -> str:
        return self.title


class MissionGoal(models.Model):
    """A goal that a team's mission serves."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="mission_goals")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="missions")

    class Meta:
        constraints = [UniqueConstraint(fields=["team", "goal"], name="strategy_missiongoal_once")]

    def __str__(self) -> str:
        return f"{self.team_id} serves {self.goal_id}"


class GoalSuccessor(models.Model):
    """A goal that takes the place of another once links to that one count no more. Until a team takes it, nothing
    counts."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")
    successor = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            UniqueConstraint(fields=["goal", "successor"], name="strategy_goalsuccessor_once"),
            CheckConstraint(
                condition=~Q(goal=F("successor")),
                name="strategy_goalsuccessor_other",
                violation_error_message="A goal does not take its own place. Choose another one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.successor_id} follows {self.goal_id}"
