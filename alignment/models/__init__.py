from alignment.models.citation import LinkPage, LinkPersona
from alignment.models.dirty import Dirty
from alignment.models.figures import GoalFigures, InitiativeFigures, LinkFigures, Recompute, TeamFigures
from alignment.models.flag import Flag
from alignment.models.history import InitiativeHistory, LinkHistory
from alignment.models.link import Link
from alignment.models.proposal import Proposal, ProposalWork
from alignment.models.weeks import CompanyWeek, GoalWeek, TeamWeek

__all__ = [
    "CompanyWeek",
    "Dirty",
    "Flag",
    "GoalFigures",
    "GoalWeek",
    "InitiativeFigures",
    "InitiativeHistory",
    "Link",
    "LinkFigures",
    "LinkHistory",
    "LinkPage",
    "LinkPersona",
    "Proposal",
    "ProposalWork",
    "Recompute",
    "TeamFigures",
    "TeamWeek",
]
