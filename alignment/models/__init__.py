from alignment.models.dirty import Dirty
from alignment.models.figures import GoalFigures, InitiativeFigures, Recompute, TeamFigures
from alignment.models.flag import Flag
from alignment.models.history import InitiativeHistory
from alignment.models.link import Link

__all__ = [
    "Dirty",
    "Flag",
    "GoalFigures",
    "InitiativeFigures",
    "InitiativeHistory",
    "Link",
    "Recompute",
    "TeamFigures",
]
