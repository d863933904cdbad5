"""Goals that were proposed from below, and the work that is their evidence."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from conversations.models import Thread
from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from strategy.models import Goal
from teams.models import Initiative, Person


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def visible_to(self, person: Person) -> Self:
        """A proposal is visible to those who see its conversation."""
        return self.filter(thread__in=Thread.objects.visible_to(person).order_by().values("pk"))


class Proposal(Versioned):
    """What the conversation `thread` proposes: a goal with this `title`, where what the thread is about stands. Its why
    is the first message. `measure` says in words what would show that it is reached, `because` how its work moves it.

    `goal` is the draft that came of it. `linked_at` is the instant at which that was published, and its work linked.
    """

    thread = models.OneToOneField(Thread, on_delete=models.CASCADE, related_name="proposal")
    title = fields.LineField()
    measure = fields.LineField(blank=True, default="")
    because = fields.LinesField(fields.LINES_LIMIT)
    goal = models.OneToOneField(Goal, null=True, blank=True, on_delete=models.SET_NULL, related_name="proposal")
    linked_at = models.DateTimeField(null=True, blank=True)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            fields.filled("alignment_proposal", "title"),
            *fields.one_line("alignment_proposal", "title", "measure"),
            *fields.at_most("alignment_proposal", fields.LINES_LIMIT, "because"),
            CheckConstraint(
                condition=Q(linked_at__isnull=True) | Q(goal__isnull=False), name="alignment_proposal_linked_to_goal"
            ),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return self.title


class ProposalWork(models.Model):
    """An initiative that is evidence for a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="work")
    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="proposed_for")

    class Meta:
        constraints = [UniqueConstraint(fields=["initiative", "proposal"], name="alignment_proposalwork_once")]

    def __str__(self) -> str:
        return f"{self.initiative_id} is evidence for {self.proposal_id}"
