"""The team tree and its memberships."""

from __future__ import annotations

from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from lib.db import fields
from lib.db.folding import folded_index
from lib.db.named import Named
from lib.db.triggers import TREE_DEPTH_LIMIT, Tree, TreeQuerySet, Versioned, counted_version, tree_path
from teams.enums import Stance, TeamRole
from teams.models.person import Person


class TeamQuerySet(TreeQuerySet):
    def current(self) -> Self:
        """Teams that are not archived."""
        return self.filter(archived_on=None)

    def visible_to(self, person: Person) -> Self:
        """Everybody in the company sees every team (DESIGN.md, *Visibility*)."""
        return self if person.is_active else self.none()

    def here(self) -> Self:
        """Teams that are here. Nothing is asked of the others (docs/figures.md)."""
        return self.exclude(not_here())


def not_here(prefix: str = "") -> Q:
    """Matches teams that are marked as not here yet, and all below them; `prefix` reaches the team ("team__")."""
    marked = Team.objects.filter(is_here=False).order_by().values("pk")
    return Q(**{f"{prefix}path__overlap": ArraySubquery(marked)})


class Team(Named, Tree, Versioned):
    """A team; its stance says how much alignment it needs now and, with `stance_until`, up to which day. `is_here` is
    what it was marked as: one that is here may be below one that is not (`TeamQuerySet.here`).

    One that was archived keeps what it says, its people and its past. It has no work that goes on, and below it are
    archived teams only (strategy.services.archiving).
    """

    key = fields.KeyField()
    name = fields.LineField()
    mission = fields.LinesField(fields.LINES_LIMIT)
    stance = models.CharField(max_length=10, choices=Stance, default=Stance.CORE)
    stance_reason = fields.LineField(fields.SENTENCE_LIMIT, blank=True, default="")
    stance_until = models.DateField(null=True, blank=True)
    archived_on = models.DateField(null=True, blank=True)
    is_here = models.BooleanField(default=True, db_default=True)
    people = models.ManyToManyField(Person, through="teams.Membership", related_name="teams")

    objects = TeamQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("path", name="teams_team_path"),
            models.Index(folded_index("name"), "id", name="teams_team_by_name"),
            models.Index("id", name="teams_team_not_here", condition=Q(is_here=False)),
        ]
        constraints = [
            fields.slug_key("teams_team"),
            fields.filled("teams_team", "name"),
            *fields.one_line("teams_team", "name", "stance_reason"),
            *fields.nothing_or_something("teams_team", "mission"),
            *fields.at_most("teams_team", fields.LINES_LIMIT, "mission"),
            fields.one_of("teams_team", "stance", Stance.values),
            *fields.days("teams_team", "stance_until", "archived_on"),
            CheckConstraint(condition=Q(path__len__lte=TREE_DEPTH_LIMIT), name="teams_team_depth"),
        ]
        triggers = [*tree_path(), counted_version()]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        """Places on teams that are not archived."""
        return self.filter(team__archived_on=None)

    def visible_to(self, person: Person) -> Self:
        """Everybody in the company sees who is on which team (DESIGN.md, *Visibility*)."""
        return self if person.is_active else self.none()


class Membership(Versioned):
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=TeamRole, default=TeamRole.MEMBER)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            UniqueConstraint(fields=["team", "person"], name="teams_membership_once"),
            fields.one_of("teams_membership", "role", TeamRole.values),
        ]
        triggers = [counted_version()]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.team_id}"
