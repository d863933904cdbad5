from strategy.models.amendment import Amendment, AmendmentEdit
from strategy.models.context import ContextPage
from strategy.models.edition import Edition, EditionGoal
from strategy.models.goal import Goal, MissionGoal
from strategy.models.measure import CheckIn, Measure
from strategy.models.persona import Persona, TeamPersona
from strategy.models.strategy import Strategy

__all__ = [
    "Amendment",
    "AmendmentEdit",
    "CheckIn",
    "ContextPage",
    "Edition",
    "EditionGoal",
    "Goal",
    "Measure",
    "MissionGoal",
    "Persona",
    "Strategy",
    "TeamPersona",
]
