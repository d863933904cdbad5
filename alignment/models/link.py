"""Links: the bets that a piece of work moves a goal."""

from __future__ import annotations

from typing import Self

import pgtrigger
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from alignment.enums import LinkState, Outcome
from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from strategy.models import ContextPage, Goal, Measure, Persona
from strategy.models.goal import goals_seen_by
from teams.models import Initiative, Person

_SHARES_FIT = """
    PERFORM 1 FROM teams_initiative
        WHERE id IN (SELECT initiative_id FROM changed WHERE share IS NOT NULL) ORDER BY id FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM alignment_link
               WHERE initiative_id IN (SELECT initiative_id FROM changed WHERE share IS NOT NULL)
               GROUP BY initiative_id HAVING sum(share) > 1) THEN
        RAISE EXCEPTION 'the shares of one initiative add up to more than 1'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'alignment_link_shares_fit';
    END IF;
    RETURN NULL;
"""


def _shares_fit(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """After a statement, the explicit shares of each changed initiative sum to at most 1; concurrent writers of one
    initiative wait for each other."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(new="changed"),
        func=_SHARES_FIT,
    )


class LinkQuerySet(models.QuerySet["Link"]):
    def visible_to(self, person: Person) -> Self:
        """A link is visible to those who see its goal; everybody sees every initiative (DESIGN.md, *Visibility*)."""
        if person.sees_everything:
            return self
        return self.filter(goals_seen_by(person, "goal__"))


class Link(Versioned):
    """`initiative` moves `goal`, because of `rationale`; we would see `evidence` by `review_on`.

    `share` is the part of the initiative's effort (0 < share ≤ 1, millionths); None: an equal part of the remainder.
    `confirmed_at` orders what happened on the day `confirmed_on`; None: that day came in a bundle. `note` is the reason
    that the goal's owner gave for endorsing or disputing it (`judged_by`, `judged_on`), `outcome_note` what was seen
    of it.
    """

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="links")
    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="links")
    share = fields.ShareField(null=True, blank=True)  # type: ignore[misc]
    rationale = fields.LinesField(fields.LINES_LIMIT)
    state = models.CharField(max_length=10, choices=LinkState, default=LinkState.CLAIMED)
    evidence = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="")
    review_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.UNTESTED)
    outcome_note = fields.LinesField(fields.LINES_LIMIT, db_default="")
    confirmed_on = models.DateField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    measure = models.ForeignKey(Measure, null=True, blank=True, on_delete=models.SET_NULL, related_name="links")
    expected_change = fields.MeasureField(null=True, blank=True)  # type: ignore[misc]
    note = fields.LinesField(fields.LINES_LIMIT, db_default="")
    judged_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    judged_on = models.DateField(null=True, blank=True)
    pages = models.ManyToManyField(ContextPage, through="alignment.LinkPage", related_name="citing_links")
    personas = models.ManyToManyField(Persona, through="alignment.LinkPersona", related_name="citing_links")

    objects = LinkQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["initiative", "goal"], name="alignment_link_once"),
            UniqueConstraint(fields=["goal", "initiative"], name="alignment_link_by_goal"),
            fields.between("alignment_link", "share", 0, 1, above=True),
            *fields.nothing_or_something("alignment_link", "rationale"),
            *fields.at_most("alignment_link", fields.LINES_LIMIT, "rationale"),
            *fields.one_line("alignment_link", "evidence"),
            fields.one_of("alignment_link", "state", LinkState.values),
            fields.one_of("alignment_link", "outcome", Outcome.values),
            *fields.at_most("alignment_link", fields.LINES_LIMIT, "note", "outcome_note"),
            *fields.days("alignment_link", "review_on", "confirmed_on", "judged_on"),
            *fields.measured("alignment_link", "expected_change"),
            CheckConstraint(
                condition=Q(expected_change__isnull=True) | Q(measure__isnull=False),
                name="alignment_link_change_of_measure",
                violation_error_message="Say which measure this change is of.",
            ),
        ]
        triggers = [
            counted_version(),
            _shares_fit("shares_fit_insert", pgtrigger.Insert),
            _shares_fit("shares_fit_update", pgtrigger.Update),
            pgtrigger.Trigger(
                name="measure_below_goal",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("goal_id", "measure_id"),
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition("NEW.measure_id IS NOT NULL"),
                func="""
                    IF EXISTS (SELECT FROM alignment_link l
                               JOIN strategy_measure m ON m.id = l.measure_id
                               JOIN strategy_goal g ON g.id = m.goal_id
                               WHERE l.id = NEW.id AND NOT l.goal_id = ANY(g.path)) THEN
                        RAISE EXCEPTION 'a link names a measure of its goal or of one below it'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'alignment_link_measure_below';
                    END IF;
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.initiative_id} moves {self.goal_id}"
