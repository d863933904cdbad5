"""Strategies: a published narrative for a period, with its goals."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from lib.db import fields
from lib.db.named import Named
from lib.db.triggers import Versioned, counted_version
from strategy.enums import StrategyStatus
from strategy.models.hiding import followed_by_strategy
from teams.models import Person


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, person: Person) -> Self:
        """A draft is visible to leaders, administrators and its owner (DESIGN.md, *Visibility*)."""
        if person.sees_everything:
            return self
        return self.filter(~Q(status=StrategyStatus.DRAFT) | Q(owner=person))


class Strategy(Named, Versioned):
    key = fields.KeyField()
    first_key = fields.FirstKeyField()
    title = fields.LineField()
    narrative = fields.LinesField()
    status = models.CharField(max_length=10, choices=StrategyStatus, default=StrategyStatus.DRAFT)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="strategies")

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "strategies"
        constraints = [
            fields.slug_key("strategy_strategy"),
            fields.filled("strategy_strategy", "title"),
            *fields.one_line("strategy_strategy", "title"),
            *fields.at_most("strategy_strategy", fields.MARKDOWN_LIMIT, "narrative"),
            fields.one_of("strategy_strategy", "status", StrategyStatus.values),
            fields.in_order("strategy_strategy"),
            *fields.days("strategy_strategy", "starts_on", "ends_on"),
        ]
        triggers = [counted_version(), *followed_by_strategy()]

    def __str__(self) -> str:
        return self.title
