"""Choices for strategies, goals and context, as in spec/bundle.md."""

from __future__ import annotations

from django.db.models import TextChoices


class StrategyStatus(TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    ARCHIVED = "archived", "Archived"


class GoalKind(TextChoices):
    COMMITTED = "committed", "Committed"
    ASPIRATIONAL = "aspirational", "Aspirational"


class GoalStatus(TextChoices):
    DRAFT = "draft", "Draft"
    ACTIVE = "active", "Active"
    ACHIEVED = "achieved", "Achieved"
    MISSED = "missed", "Missed"
    DROPPED = "dropped", "Dropped"


CLOSED = frozenset({GoalStatus.ACHIEVED, GoalStatus.MISSED, GoalStatus.DROPPED})


class Visibility(TextChoices):
    COMPANY = "company", "Everyone in the company"
    LEADERS = "leaders", "Leaders only"


class Lens(TextChoices):
    """The side of the business that a page describes."""

    STRATEGY = "strategy", "Strategy"
    PRODUCT = "product", "Product"
    OPERATIONS = "operations", "Operations"


class EditionKind(TextChoices):
    """How an edition came about. `BEGUN`: it holds what was published when editions began to be kept."""

    PUBLISHED = "published", "Published"
    AMENDED = "amended", "Amended"
    CLOSED = "closed", "Goal closed"
    UNDONE = "undone", "Change undone"
    TAKEN_BACK = "taken_back", "Publication taken back"
    IMPORTED = "imported", "Imported"
    BEGUN = "begun", "As it was when editions began"
