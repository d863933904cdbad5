from strategy.models.amendment import Amendment, AmendmentEdit
from strategy.models.citation import GoalPage, GoalPersona
from strategy.models.context import ContextPage
from strategy.models.decision import Decision, DecisionGoal, DecisionPage, DecisionPerson, DecisionPersona
from strategy.models.edition import Edition, EditionGoal
from strategy.models.goal import Goal, GoalSuccessor, MissionGoal
from strategy.models.measure import CheckIn, Measure
from strategy.models.persona import Persona, TeamPersona
from strategy.models.reading import EditionRead
from strategy.models.strategy import Strategy

__all__ = [
    "Amendment",
    "AmendmentEdit",
    "CheckIn",
    "ContextPage",
    "Decision",
    "DecisionGoal",
    "DecisionPage",
    "DecisionPerson",
    "DecisionPersona",
    "Edition",
    "EditionGoal",
    "EditionRead",
    "Goal",
    "GoalPage",
    "GoalPersona",
    "GoalSuccessor",
    "Measure",
    "MissionGoal",
    "Persona",
    "Strategy",
    "TeamPersona",
]
