"""Editions: what a published strategy said, from one change to the next."""

from __future__ import annotations

from typing import Any, Self

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Exists, OuterRef, Q, UniqueConstraint

from lib.db import fields
from lib.db.triggers import append_only
from strategy.enums import EditionKind, StrategyStatus
from strategy.models.goal import Goal, goals_seen_by
from strategy.models.strategy import Strategy
from teams.models import LogEntry, Person

STRATEGY_FIELDS = ("title", "narrative", "starts_on", "ends_on")
GOAL_FIELDS = (
    *("title", "situation", "why", "boundaries", "kind", "weight", "starts_on", "ends_on", "visibility"),
    *("status", "closing_reason", "learned"),
)
MEASURE_FIELDS = ("title", "kind", "unit", "baseline", "target")
"""What an edition holds of a strategy, of each goal (and the goal that it is below) and of each measure; a field that
is named here is in the next edition, in differences, on pages and in bundles. Owners and what a measure stands at are
in no edition."""

LATER_FIELDS = frozenset({"learned", "situation", "boundaries"})
"""Those that editions of an earlier release do not have."""

Snapshot = dict[str, Any]
"""What an edition holds: STRATEGY_FIELDS and, as `goals`, by id as text, what it says of each goal: GOAL_FIELDS, its
`key`, its `parent` (an id or None) and its `measures`, by id likewise, with MEASURE_FIELDS and `key`. Values are as in
the log."""


def numbered() -> pgtrigger.Trigger:
    """Refuses an edition that does not follow the last one of its strategy."""
    return pgtrigger.Trigger(
        name="numbered",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        declare=[("last", "integer")],
        func=pgtrigger.Func("""
            SELECT coalesce(max(number), 0) INTO last FROM {meta.db_table} WHERE strategy_id = NEW.strategy_id;
            IF NEW.number <> last + 1 THEN
                RAISE EXCEPTION 'edition % of strategy % cannot follow edition %', NEW.number, NEW.strategy_id, last
                    USING ERRCODE = 'check_violation', CONSTRAINT = '{meta.db_table}_gapless';
            END IF;
            RETURN NEW;
        """),
    )


class EditionQuerySet(models.QuerySet["Edition"]):
    def visible_to(self, person: Person) -> Self:
        """An edition is visible to those who see its strategy and something that it changed: the strategy's own text,
        or a goal that they may see and that was not for leaders then. One whose publication was taken back is visible
        to those who see everything.
        """
        if person.sees_everything:
            return self
        taken_back = Edition.objects.filter(
            strategy=OuterRef("strategy"), number__gte=OuterRef("number"), kind=EditionKind.TAKEN_BACK
        )
        unseen = Goal.objects.exclude(goals_seen_by(person)).order_by().values("pk")
        shown = EditionGoal.objects.filter(edition=OuterRef("pk"), hidden=False).exclude(goal_id__in=unseen)
        seen = Strategy.objects.visible_to(person).values("pk")
        return self.filter(Q(of_strategy=True) | Exists(shown), ~Exists(taken_back), strategy__in=seen)


class Edition(models.Model):
    """The strategy as it was from `at` until the next edition: `says` are STRATEGY_FIELDS, and of each goal holds what
    the last EditionGoal up to this one says. The database refuses UPDATE and DELETE; people appear by id, strategies
    and goals too, so that they may be erased or removed.

    `because` is what changed and why, in a person's words. `of_strategy`: the strategy's own text or dates changed.
    `entry` is the entry of the log that caused it, None for one from a bundle.
    """

    strategy = models.ForeignKey(
        Strategy, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="editions"
    )
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=EditionKind)
    because = fields.LinesField(fields.LINES_LIMIT)
    says: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField()
    of_strategy = models.BooleanField()
    entry = models.ForeignKey(LogEntry, null=True, on_delete=models.PROTECT, related_name="editions")

    objects = EditionQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["strategy", "number"], name="strategy_edition_number_once"),
            CheckConstraint(condition=Q(number__gte=1), name="strategy_edition_number_range"),
            fields.one_of("strategy_edition", "kind", EditionKind.values),
            *fields.at_most("strategy_edition", fields.LINES_LIMIT, "because"),
        ]
        triggers = [*append_only(), numbered()]

    def __str__(self) -> str:
        return f"edition {self.number} of {self.strategy_id}"


class EditionGoal(models.Model):
    """What an edition changed about a goal: what it `says` of it since, None where the goal is in the strategy no more.
    `hidden`: the goal, or one above it, was for leaders then (as it leaves, before that)."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, db_index=False, related_name="goals")
    goal = models.ForeignKey(
        Goal, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="editions"
    )
    says: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)
    hidden = models.BooleanField()

    class Meta:
        indexes = [models.Index(fields=["goal", "-id"], name="strategy_edition_of_goal")]
        constraints = [UniqueConstraint(fields=["edition", "goal"], name="strategy_editiongoal_once")]
        triggers = append_only()

    def __str__(self) -> str:
        return f"goal {self.goal_id} in {self.edition_id}"


def is_published(strategy: Strategy) -> bool:
    """Whether its changes make editions: an archived strategy is still read."""
    return strategy.status != StrategyStatus.DRAFT
