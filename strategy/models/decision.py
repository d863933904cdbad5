"""Decisions: what was decided about the business, by whom, and for which reasons."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Deferrable, F, Q, UniqueConstraint

from lib.db import fields
from lib.db.named import Named
from lib.db.triggers import Versioned, counted_version
from strategy.enums import DecisionStatus, Visibility
from strategy.models.context import ContextPage
from strategy.models.goal import Goal
from strategy.models.persona import Persona
from teams.models import Person

DECISION_TEXTS = ("context", "options", "choice", "reasons", "consequences")
"""What a decision says, in the order in which it is read."""


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, person: Person) -> Self:
        """A draft, and one that is for leaders, is visible to leaders, administrators and its owner (DESIGN.md,
        *Visibility*)."""
        if person.sees_everything:
            return self
        return self.filter(Q(owner=person) | self.model.open_to_all())


class Decision(Named, Versioned):
    """`supersedes` is the decision whose place it takes: each has at most one before it and one after it. The texts are
    Markdown. `decided_by` is who decided, `owner` who keeps what it says."""

    key = fields.KeyField()
    first_key = fields.FirstKeyField()
    title = fields.LineField()
    context = fields.LinesField()
    options = fields.LinesField()
    choice = fields.LinesField()
    reasons = fields.LinesField()
    consequences = fields.LinesField()
    status = models.CharField(max_length=10, choices=DecisionStatus, default=DecisionStatus.DRAFT)
    visibility = models.CharField(max_length=10, choices=Visibility, default=Visibility.COMPANY)
    decided_on = models.DateField(null=True, blank=True)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions")
    supersedes = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_by = models.ManyToManyField(Person, through="strategy.DecisionPerson", related_name="+")
    goals = models.ManyToManyField(Goal, through="strategy.DecisionGoal", related_name="decisions")
    pages = models.ManyToManyField(ContextPage, through="strategy.DecisionPage", related_name="decisions")
    personas = models.ManyToManyField(Persona, through="strategy.DecisionPersona", related_name="decisions")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            fields.slug_key("strategy_decision"),
            fields.filled("strategy_decision", "title"),
            *fields.one_line("strategy_decision", "title"),
            *fields.at_most("strategy_decision", fields.MARKDOWN_LIMIT, *DECISION_TEXTS),
            fields.one_of("strategy_decision", "status", DecisionStatus.values),
            fields.one_of("strategy_decision", "visibility", Visibility.values),
            *fields.days("strategy_decision", "decided_on"),
            UniqueConstraint(
                fields=["supersedes"], name="strategy_decision_one_successor", deferrable=Deferrable.DEFERRED
            ),
            CheckConstraint(condition=~Q(supersedes=F("id")), name="strategy_decision_not_itself"),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def open_to_all() -> Q:
        """Matches those that everybody in the company may read."""
        return Q(status=DecisionStatus.DECIDED, visibility=Visibility.COMPANY)


class DecisionPerson(models.Model):
    """Somebody who decided."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["decision", "person"], name="strategy_decisionperson_once")]

    def __str__(self) -> str:
        return f"{self.person_id} decided {self.decision_id}"


class DecisionGoal(models.Model):
    """A goal that a decision touches."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    goal = models.ForeignKey(Goal, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["decision", "goal"], name="strategy_decisiongoal_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} touches {self.goal_id}"


class DecisionPage(models.Model):
    """A page of the business context that a decision cites."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    page = models.ForeignKey(ContextPage, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["decision", "page"], name="strategy_decisionpage_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} cites {self.page_id}"


class DecisionPersona(models.Model):
    """A persona that a decision is about."""

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="+")
    persona = models.ForeignKey(Persona, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=["decision", "persona"], name="strategy_decisionpersona_once")]

    def __str__(self) -> str:
        return f"{self.decision_id} cites {self.persona_id}"
