from teams.models.company import Company, StanceRange
from teams.models.initiative import Contributor, Initiative
from teams.models.log import LogEntry, LogRef
from teams.models.person import Person
from teams.models.support import Support
from teams.models.team import Membership, Team

__all__ = [
    "Company",
    "Contributor",
    "Initiative",
    "LogEntry",
    "LogRef",
    "Membership",
    "Person",
    "StanceRange",
    "Support",
    "Team",
]
