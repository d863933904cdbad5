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


class MeasureKind(TextChoices):
    """What would show that it is reached: a number that is come to from a baseline, up or down; one that stays on its
    side of a limit, as health does; or a result that is there or is not.
    """

    TARGET = "target", "A number to reach"
    AT_LEAST = "at_least", "Keep at or above"
    AT_MOST = "at_most", "Keep at or below"
    MILESTONE = "milestone", "A milestone"


AT_A_LIMIT = frozenset({MeasureKind.AT_LEAST, MeasureKind.AT_MOST})
"""The kinds of measures that are met or not at any moment, without a way to go."""


class Confidence(TextChoices):
    """A person's own judgement of whether a measure will get there, the surest first."""

    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    OFF_TRACK = "off_track", "Off track"


class Visibility(TextChoices):
    COMPANY = "company", "Everyone in the company"
    LEADERS = "leaders", "Leaders only"


class DecisionStatus(TextChoices):
    DRAFT = "draft", "Draft"
    DECIDED = "decided", "Decided"


class Lens(TextChoices):
    """The side of the business that a page describes."""

    STRATEGY = "strategy", "Strategy"
    PRODUCT = "product", "Product"
    OPERATIONS = "operations", "Operations"


class EditionKind(TextChoices):
    """How an edition came about. `TAKEN_BACK`: the strategy is a draft again. `REVERTED`: it says what was said before
    the last edition. `BEGUN`: it holds what was published when editions began to be kept."""

    PUBLISHED = "published", "Published"
    AMENDED = "amended", "Amended"
    CLOSED = "closed", "Goal closed"
    UNDONE = "undone", "Change undone"
    TAKEN_BACK = "taken_back", "Publication taken back"
    REVERTED = "reverted", "Edition taken back"
    IMPORTED = "imported", "Imported"
    BEGUN = "begun", "As it was when editions began"


class AmendmentState(TextChoices):
    OPEN = "open", "Open"
    PUBLISHED = "published", "Published"
    DROPPED = "dropped", "Dropped"


class EditKind(TextChoices):
    """What an edit of an amendment does."""

    STRATEGY = "strategy", "Edit the strategy"
    GOAL = "goal", "Edit a goal"
    MOVE = "move", "Move a goal"
    CLOSING = "closing", "Close a goal"
    ACTIVATION = "activation", "Add a goal"
    NEW_MEASURE = "new_measure", "Add a measure"
    MEASURE = "measure", "Edit a measure"
    NO_MEASURE = "no_measure", "Remove a measure"
