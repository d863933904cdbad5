"""Flags: findings about an initiative, a goal, a strategy or a team, with the day each was first seen."""

from __future__ import annotations

import datetime as dt
from functools import reduce
from operator import or_
from typing import Self

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from alignment.enums import FlagCode, Subject
from lib.db import fields
from lib.db.triggers import Versioned, counted_version
from strategy.models import Goal, Strategy
from strategy.models.goal import goals_seen_by
from teams.models import Initiative, LogEntry, Person, Team


def asleep(on: dt.date | None) -> Q:
    """Snoozed on day `on` (None: on any day). A flag is awake again on its `snoozed_until` day."""
    snoozed = Q(snoozed_until__isnull=False)
    return snoozed if on is None else snoozed & Q(snoozed_until__gt=on)


def opened_since(mark: int) -> Q:
    """Opened by a log entry later than the one with id `mark`."""
    return Q(cause__gt=mark)


def _one_subject() -> Q:
    kinds = [Q(**{f"{kind}__isnull": kind != given for kind in Subject.values}) for given in Subject.values]
    return reduce(or_, kinds)


class FlagQuerySet(models.QuerySet["Flag"]):
    def open(self) -> Self:
        return self.filter(resolved_on__isnull=True)

    def awake(self, on: dt.date | None) -> Self:
        """Open, and not snoozed on day `on` (None, before the first recompute: any snooze counts)."""
        return self.open().exclude(asleep(on))

    def snoozed(self, on: dt.date | None) -> Self:
        """Open, and not awake."""
        return self.open().filter(asleep(on))

    def visible_to(self, person: Person) -> Self:
        """Flags of goals and strategies are visible to those who see these (DESIGN.md, *Visibility*); the reasons of
        `disconnected` are read from the links."""
        if person.sees_everything:
            return self
        seen = self.filter(Q(goal__isnull=True) | goals_seen_by(person, "goal__"))
        return seen.filter(Q(strategy__isnull=True) | Q(strategy__in=Strategy.objects.visible_to(person)))


class Flag(Versioned):
    """Open while `resolved_on` is None; resolved, never deleted. A snoozed flag is awake again on `snoozed_until`.
    `cause` is the log entry that opened it; None for flags older than that column, and for those that an import made
    older. `version` counts its snoozes."""

    code = models.CharField(max_length=20, choices=FlagCode)
    initiative = models.ForeignKey(Initiative, null=True, on_delete=models.CASCADE, related_name="flags")
    goal = models.ForeignKey(Goal, null=True, on_delete=models.CASCADE, related_name="flags")
    strategy = models.ForeignKey(Strategy, null=True, on_delete=models.CASCADE, related_name="flags")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="flags")
    first_seen = models.DateField()
    cause = models.ForeignKey(LogEntry, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    resolved_on = models.DateField(null=True, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snooze_reason = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="", db_default="")
    snoozed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)

    objects = FlagQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("code", "id", name="alignment_flag_open", condition=Q(resolved_on__isnull=True)),
            models.Index(
                "code",
                "id",
                name="alignment_flag_snoozed",
                condition=Q(resolved_on__isnull=True, snoozed_until__isnull=False),
            ),
        ]
        constraints = [
            fields.one_of("alignment_flag", "code", FlagCode.values),
            *(
                UniqueConstraint(
                    fields=[subject, "code"],
                    name=f"alignment_flag_{subject}_once",
                    condition=Q(resolved_on__isnull=True, **{f"{subject}__isnull": False}),
                )
                for subject in Subject.values
            ),
            CheckConstraint(
                condition=_one_subject(),
                name="alignment_flag_one_subject",
            ),
            CheckConstraint(
                condition=Q(resolved_on__isnull=True) | Q(resolved_on__gte=F("first_seen")),
                name="alignment_flag_dates_in_order",
            ),
            *fields.one_line("alignment_flag", "snooze_reason"),
            *fields.days("alignment_flag", "snoozed_until"),
            CheckConstraint(
                condition=Q(snoozed_until__isnull=True) | Q(snooze_reason__regex=fields.SOMETHING),
                name="alignment_flag_snoozed_for_a_reason",
                violation_error_message="Say why it can wait.",
            ),
        ]
        triggers = [counted_version("snoozed_until", "snooze_reason")]

    def __str__(self) -> str:
        return self.code

    @property
    def subject_ids(self) -> tuple[int | None, ...]:
        """The ids of its subject, by kind."""
        return (self.initiative_id, self.goal_id, self.strategy_id, self.team_id)

    def was_opened_since(self, mark: int) -> bool:
        """Like `opened_since`."""
        return self.cause_id is not None and self.cause_id > mark

    def is_snoozed(self, on: dt.date | None) -> bool:
        """The queryset's `snoozed` for one open flag."""
        return self.snoozed_until is not None and (on is None or self.snoozed_until > on)
