"""The enumerations of spec/alignment.md."""

from __future__ import annotations

from django.db.models import TextChoices


class LinkState(TextChoices):
    CLAIMED = "claimed", "Claimed"
    ENDORSED = "endorsed", "Endorsed"
    DISPUTED = "disputed", "Disputed"


class Outcome(TextChoices):
    UNTESTED = "untested", "Untested"
    HELD = "held", "Held"
    FAILED = "failed", "Failed"
    UNCLEAR = "unclear", "Unclear"


class UncountedReason(TextChoices):
    """Why a link does not count (spec/alignment.md), in the order of the checks; the first that applies is used."""

    DISPUTED = "disputed", "the goal's owner disputes the link"
    GOAL_DRAFT = "goal_draft", "the goal is still a draft"
    GOAL_CLOSED = "goal_closed", "the goal is closed"
    GOAL_NOT_STARTED = "goal_not_started", "the goal has not started"
    GOAL_EXPIRED = "goal_expired", "the goal's end has passed"
    ANCESTOR_NOT_LIVE = "ancestor_not_live", "a goal above it is not live"
    TEAM_ROOT = "team_root", "it leads to a team's own goal, not to a company goal"
    STRATEGY_NOT_PUBLISHED = "strategy_not_published", "its strategy is not published"
    STRATEGY_OUT_OF_DATES = "strategy_out_of_dates", "its strategy is out of its dates"


class Subject(TextChoices):
    INITIATIVE = "initiative", "Initiative"
    GOAL = "goal", "Goal"
    STRATEGY = "strategy", "Strategy"
    TEAM = "team", "Team"


class FlagCode(TextChoices):
    """Every flag of spec/alignment.md, *Flags*, in its order; alignment/flags.py defines them. `unanswered` has a code
    for each kind of subject."""

    ORPHAN = "orphan", "Reaches nothing"
    DISCONNECTED = "disconnected", "Linked, and reaches nothing"
    PARTLY_ORPHANED = "partly_orphaned", "Reaches the strategy in part"
    EXPLORATION_OVERRUN = "exploration_overrun", "Exploration past its end"
    UNREASONED = "unreasoned", "A link without a reason"
    RECONFIRM = "reconfirm", "The goal's meaning changed"
    REVIEW_DUE = "review_due", "A bet is due for review"
    BELIEF_FAILED = "belief_failed", "The bet failed, the work goes on"
    UNSIZED = "unsized", "Not sized"
    SILENT = "silent", "Nobody has touched it"
    UNANSWERED = "unanswered", "A question waits"
    UNCOVERED = "uncovered", "Nobody works on it"
    UNEXPLAINED = "unexplained", "No why"
    UNMEASURED = "unmeasured", "No measure"
    EXPIRED = "expired", "Past its end, still active"
    ISLAND = "island", "Leads to no company goal"
    ENDING = "ending", "Ends, and none follows"
    STARVED = "starved", "Less work than its weight"
    CROWDED = "crowded", "More work than its weight"
    UNANSWERED_GOAL = "unanswered_goal", "A question about the goal waits"
    UNANSWERED_STRATEGY = "unanswered_strategy", "A question about the strategy waits"
    NO_MISSION = "no_mission", "No mission"
    UNTIED_MISSION = "untied_mission", "Mission serves no company goal"
    UNDER_ALIGNED = "under_aligned", "Less alignment than its stance asks"
    OVER_EXPLORING = "over_exploring", "More exploration than its stance asks"
    SQUEEZED = "squeezed", "No room left to explore"
    DIRECTED = "directed", "Little of its work is its own choice"
    OVER_SUSTAINING = "over_sustaining", "Mostly upkeep"
    STANCE_EXPIRED = "stance_expired", "Its stance has ended"
    UNSUPPORTED = "unsupported", "In the spotlight, without the support it asked for"
    UNANSWERED_TEAM = "unanswered_team", "A question about the team waits"


class Stale(TextChoices):
    """Which figures are to be recomputed. `of` is the id of the row (None for the company and the fit)."""

    INITIATIVE = "initiative", "an initiative, and what its effort reaches"
    GOAL = "goal", "a goal and all below it, with the work linked to them"
    TEAM = "team", "a team"
    COMPANY = "company", "everything"
    COUNTS = "counts", "how many contribute to the goals of large trees"
    FIT = "fit", "which top goals are starved or crowded"
