"""Registers the log's kinds and actions for strategies, goals, measures and the business context."""

from __future__ import annotations

from lib.log.actions import Action, Telling, Undo, register
from lib.log.kinds import register_kind
from strategy.models import Amendment, CheckIn, ContextPage, Decision, Goal, Measure, Persona, Strategy
from strategy.services.missions import revert_mission
from strategy.services.personas import set_personas


def editing_goal() -> Telling:
    """Returns a new Telling per action, so that edits of different kinds are not counted together."""
    return Telling("Editing {goal}", "Editing {count} goals")


def editing_strategy() -> Telling:
    """As `editing_goal`."""
    return Telling("Editing {strategy}", "Editing {count} strategies")


def register_kinds() -> None:
    register_kind("strategy", Strategy, visible_to=Strategy.objects.visible_to)
    register_kind("amendment", Amendment, visible_to=Amendment.objects.visible_to, parents=("strategy",))
    register_kind("goal", Goal, visible_to=Goal.objects.visible_to)
    register_kind("measure", Measure, visible_to=Measure.objects.visible_to, parents=("goal",))
    register_kind("checkin", CheckIn, visible_to=CheckIn.objects.visible_to, parents=("measure",))
    register_kind("persona", Persona, visible_to=Persona.objects.visible_to)
    register_kind("contextpage", ContextPage, visible_to=ContextPage.objects.visible_to)
    register_kind("decision", Decision, visible_to=Decision.objects.visible_to)


def register_actions() -> None:
    _register_strategies()
    _register_amendments()
    _register_goals()
    _register_measures()
    _register_context()
    _register_decisions()


def _register_strategies() -> None:
    published = Telling("Publishing {strategy}", "Publishing {count} strategies")
    unpublished = Telling("Taking back the publication of {strategy}", "Taking back {count} publications")
    archived = Telling("Archiving {strategy}", "Archiving {count} strategies")
    restored = Telling("Restoring {strategy}", "Restoring {count} strategies")
    carried = Telling("Carrying goals over to {strategy}", "Carrying goals over to {count} strategies")
    dates = Telling("New dates of {strategy}", "New dates of {count} strategies")
    register(
        Action("strategy.created", "strategy", "Began a draft.", carried),
        Action("strategy.edited", "strategy", "Changed what a strategy says, or its dates.", dates),
        Action("strategy.published", "strategy", "Published a draft with its goals.", published),
        Action("strategy.unpublished", "strategy", "Took a publication back.", unpublished),
        Action("strategy.archived", "strategy", "Archived a published strategy.", archived),
        Action("strategy.restored", "strategy", "Published a strategy again that was archived.", restored),
        Action("strategy.goals_ordered", "strategy", "Put its goals in another order."),
        Action("strategy.removed", "strategy", "Removed a draft with its goals.", editing_strategy()),
    )


def _register_amendments() -> None:
    amended = Telling("Amending {strategy}", "Amending {count} strategies")
    taken_back = Telling("Taking back an edition of {strategy}", "Taking back {count} editions")
    register(
        Action("strategy.amended", "strategy", "Published an amendment: all that it planned, at once.", amended),
        Action("strategy.edition_taken_back", "strategy", "Took its last edition back.", taken_back),
        Action("amendment.opened", "amendment", "Began an amendment of a published strategy."),
        Action("amendment.planned", "amendment", "Added an edit to an amendment, or planned it otherwise."),
        Action("amendment.withdrawn", "amendment", "Took an edit out of an amendment."),
        Action("amendment.explained", "amendment", "Wrote what an amendment changes, and why."),
        Action("amendment.dropped", "amendment", "Dropped an amendment; nothing of it was published."),
        Action("amendment.published", "amendment", "Ended an amendment by publishing it."),
    )


def _register_goals() -> None:
    activated = Telling("Activating {goal}", "Activating {count} goals")
    deactivated = Telling("Making {goal} a draft again", "Making {count} goals drafts again")
    closed = Telling("Closing {goal}", "Closing {count} goals")
    reopened = Telling("Reopening {goal}", "Reopening {count} goals")
    moved = Telling("Moving {goal}", "Moving {count} goals")
    register(
        Action("goal.created", "goal", "Wrote down a goal.", editing_goal()),
        Action("goal.edited", "goal", "Changed what a goal says or means.", editing_goal()),
        Action("goal.activated", "goal", "Made a draft active.", activated),
        Action("goal.deactivated", "goal", "Made an active goal a draft again.", deactivated),
        Action("goal.closed", "goal", "Closed a goal: achieved, missed or dropped.", closed),
        Action("goal.reopened", "goal", "Made a closed goal active again.", reopened),
        Action("goal.moved", "goal", "Hung a goal elsewhere, with all below it.", moved),
        Action("goal.related", "goal", "Said whom a goal is for, and what it rests on."),
        Action("goal.goals_ordered", "goal", "Put the goals below it in another order."),
        Action("goal.removed", "goal", "Removed a draft or a mistake, with its measures.", editing_goal()),
    )


def _register_measures() -> None:
    register(
        Action("measure.created", "measure", "Wrote down how one would see that a goal is reached."),
        Action("measure.edited", "measure", "Changed what a measure says."),
        Action("measure.removed", "measure", "Removed a measure that nobody had checked in."),
        Action("measure.checked_in", "measure", "Said what a measure stands at, or took the last check-in back."),
        Action("measure.corrected", "measure", "Corrected a check-in, which stays to be read."),
    )


def _register_context() -> None:
    register(
        Action(
            "team.mission_set",
            "team",
            "Said what a team is for, and which goals that serves.",
            undo=Undo(revert_mission, own=True),
        ),
        Action("team.personas_set", "team", "Said whom a team serves.", undo=Undo(set_personas, own=True)),
        Action("persona.created", "persona", "Described a persona."),
        Action("persona.edited", "persona", "Changed what a persona says."),
        Action("persona.removed", "persona", "Removed a persona; no team serves it any more."),
        Action("context_page.created", "contextpage", "Wrote a page of the business context."),
        Action("context_page.edited", "contextpage", "Changed a page of the business context."),
        Action("context_page.confirmed", "contextpage", "Said that a page is still true."),
        Action("context_page.removed", "contextpage", "Removed a page of the business context."),
        Action("context_page.restored", "contextpage", "Brought a removed page back."),
    )


def _register_decisions() -> None:
    register(
        Action("decision.created", "decision", "Began the draft of a decision."),
        Action("decision.edited", "decision", "Changed what a decision says."),
        Action("decision.related", "decision", "Said what a decision touches and rests on."),
        Action("decision.concluded", "decision", "Said that something is decided."),
        Action("decision.reopened", "decision", "Made a decision a draft again."),
        Action("decision.removed", "decision", "Removed the draft of a decision."),
    )


register_kinds()
register_actions()
