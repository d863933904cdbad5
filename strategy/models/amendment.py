"""Amendments: what is prepared of a published strategy, to be published at once."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from strategy.enums import AmendmentState, EditKind
from strategy.models.goal import Goal
from strategy.models.measure import Measure
from strategy.models.strategy import Strategy
from teams.models import Person

Changes = dict[str, list[Any]]
"""By field, its value when the edit was planned and the one that it is to have, as in the log."""


class AmendmentQuerySet(models.QuerySet["Amendment"]):
    def visible_to(self, person: Person) -> Self:
        """An amendment is visible to leaders, administrators and the strategy's owner."""
        return self if person.sees_everything else self.filter(strategy__owner=person)


class Amendment(Versioned):
    """A strategy has one `open` at a time. `because` is the reason that its edition will have. Whoever opened or ended
    it is None for the system."""

    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="amendments")
    state = models.CharField(max_length=10, choices=AmendmentState, default=AmendmentState.OPEN)
    opened_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    because = fields.LinesField(fields.LINES_LIMIT)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["strategy"], condition=Q(state=AmendmentState.OPEN), name="strategy_amendment_one_open"
            ),
            CheckConstraint(
                condition=Q(state=AmendmentState.OPEN, ended_at__isnull=True)
                | ~Q(state=AmendmentState.OPEN) & Q(ended_at__isnull=False),
                name="strategy_amendment_ended",
            ),
            fields.one_of("strategy_amendment", "state", AmendmentState.values),
            *fields.at_most("strategy_amendment", fields.LINES_LIMIT, "because"),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return f"amendment of {self.strategy_id}"


class AmendmentEditQuerySet(models.QuerySet["AmendmentEdit"]):
    def visible_to(self, person: Person) -> Self:
        """An edit is visible to those who see its amendment and, where it is of a goal, that goal."""
        if person.sees_everything:
            return self
        goals = Goal.objects.visible_to(person).order_by().values("pk")
        return self.filter(Q(goal__isnull=True) | Q(goal__in=goals), amendment__strategy__owner=person)

    def planned(self) -> Self:
        """Without those that were taken out again."""
        return self.exclude(changes={})


class AmendmentEdit(Versioned):
    """One edit: of the strategy itself where `goal` is None, of the `measure` where there is one. Goals and measures
    appear by id, as they may be gone by then. One that was taken out stays without `changes`, so that its version goes
    on. `meaning_changed` is whether teams are to look at their links to the goal again; None where that is not asked.
    """

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="edits")
    kind = models.CharField(max_length=12, choices=EditKind)
    goal = models.ForeignKey(
        Goal, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    measure = models.ForeignKey(
        Measure, null=True, blank=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    changes: models.JSONField[Changes, Changes] = models.JSONField(default=dict)
    meaning_changed = models.BooleanField(null=True, blank=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AmendmentEditQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=["amendment", "kind", "goal", "measure"],
                condition=~Q(kind=EditKind.NEW_MEASURE),
                nulls_distinct=False,
                name="strategy_amendmentedit_once",
            ),
            CheckConstraint(
                condition=Q(kind=EditKind.STRATEGY, goal__isnull=True)
                | ~Q(kind=EditKind.STRATEGY) & Q(goal__isnull=False),
                name="strategy_amendmentedit_goal",
            ),
            fields.one_of("strategy_amendmentedit", "kind", EditKind.values),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return f"{self.kind} in {self.amendment_id}"
