"""What goals cite: pages of the business context, and the personas that they are for."""

from __future__ import annotations

from django.db import models
from django.db.models import UniqueConstraint

from strategy.models.context import ContextPage
from strategy.models.goal import Goal
from strategy.models.persona import Persona


class GoalPage(models.Model):
    """A page of the business context that a goal cites."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="page_citations")
    page = models.ForeignKey(ContextPage, on_delete=models.CASCADE, related_name="goal_citations")

    class Meta:
        constraints = [UniqueConstraint(fields=["goal", "page"], name="strategy_goalpage_once")]

    def __str__(self) -> str:
        return f"{self.goal_id} cites {self.page_id}"


class GoalPersona(models.Model):
    """A persona that a goal is for."""

    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="persona_citations")
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="goal_citations")

    class Meta:
        constraints = [UniqueConstraint(fields=["goal", "persona"], name="strategy_goalpersona_once")]

    def __str__(self) -> str:
        return f"{self.goal_id} is for {self.persona_id}"
