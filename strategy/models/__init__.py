from strategy.models.context import ContextPage
from strategy.models.goal import Goal, MissionGoal
from strategy.models.measure import Measure
from strategy.models.persona import Persona, TeamPersona
from strategy.models.strategy import Strategy

__all__ = ["ContextPage", "Goal", "Measure", "MissionGoal", "Persona", "Strategy", "TeamPersona"]
