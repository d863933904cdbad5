"""Choices for people, teams and initiatives, as in spec/bundle.md."""

from __future__ import annotations

from enum import StrEnum

from django.db.models import TextChoices


class Role(TextChoices):
    ADMIN = "admin", "Administrator"
    LEADER = "leader", "Leader"
    MEMBER = "member", "Member"
    VIEWER = "viewer", "Viewer"


class TeamRole(TextChoices):
    LEAD = "lead", "Lead"
    MEMBER = "member", "Member"


class Stance(TextChoices):
    """How much alignment a team needs now (spec/alignment.md, *Stance*)."""

    SPOTLIGHT = "spotlight", "In the spotlight"
    CORE = "core", "Core"
    EXPLORE = "explore", "Exploring"


class InitiativeKind(TextChoices):
    GOAL = "goal", "Goal work"
    EXPLORE = "explore", "Exploration"
    SUSTAIN = "sustain", "Upkeep"


class Origin(TextChoices):
    TEAM = "team", "Chosen by the team"
    ASSIGNED = "assigned", "Assigned"


class InitiativeStatus(TextChoices):
    PROPOSED = "proposed", "Proposed"
    ACTIVE = "active", "Active"
    PAUSED = "paused", "Paused"
    DONE = "done", "Done"
    DROPPED = "dropped", "Dropped"


GOES_ON = (InitiativeStatus.ACTIVE, InitiativeStatus.PROPOSED, InitiativeStatus.PAUSED)
"""Statuses other than done and dropped."""


class SupportSize(TextChoices):
    SMALL = "small", "Small"
    MEDIUM = "medium", "Medium"
    LARGE = "large", "Large"


class SupportStatus(TextChoices):
    ASKED = "asked", "Asked"
    PLEDGED = "pledged", "Pledged"
    DECLINED = "declined", "Declined"
    DELIVERED = "delivered", "Delivered"


class AskTurn(StrEnum):
    """Whose turn it is in an ask for support: one of the two teams, or neither."""

    NOBODY = ""
    ASKED = "asked"
    ASKING = "asking"


class Rhythm(TextChoices):
    """How often the company's measures are checked in."""

    WEEK = "week", "Every week"
    TWO_WEEKS = "two_weeks", "Every two weeks"
    MONTH = "month", "Every month"
