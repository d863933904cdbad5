"""What each flag means, in plain words, and the question it asks: never a verdict."""

from __future__ import annotations

from dataclasses import dataclass

from alignment.enums import FlagCode

CONFIDENTIAL = "a confidential goal"
"""Where a name would stand that is not for the reader."""


@dataclass(frozen=True)
class Words:
    """`meaning` explains the code; `one` and `many` follow their subject ("Search" is …, "3 initiatives" are …)."""

    meaning: str
    one: str
    many: str
    question: str


FLAG_WORDS = {
    FlagCode.ORPHAN: Words(
        "Active work that is linked to no goal, and is neither a running exploration nor upkeep."
        " It may well be worth doing; nobody can tell from here.",
        "is linked to no goal, and is neither exploration nor upkeep.",
        "are linked to no goal, and are neither exploration nor upkeep.",
        "Link it, declare it an exploration, propose a goal for it, or stop it?",
    ),
    FlagCode.DISCONNECTED: Words(
        "Active work that has links, none of which reaches a published strategy now: a goal was closed, or is a draft,"
        " or leads nowhere.",
        "has links, and none of them reaches a published strategy.",
        "have links, and none of them reaches a published strategy.",
        "Has the goal moved on, or has the work?"
        " Link it anew, declare it an exploration, propose a goal for it, or stop it?",
    ),
    FlagCode.PARTLY_ORPHANED: Words(
        "Active work of which a part reaches a published strategy, and the rest reaches nothing.",
        "reaches the strategy with a part of its effort only.",
        "reach the strategy with a part of their effort only.",
        "What is the rest of the effort for?",
    ),
    FlagCode.EXPLORATION_OVERRUN: Words(
        "An exploration that goes on after the day on which it was to end.",
        "was to be explored until a day that has passed.",
        "were to be explored until a day that has passed.",
        "What was learned: go on with it as goal work, give it a new end, or stop?",
    ),
    FlagCode.UNREASONED: Words(
        "A link that counts, without a word on how the work moves the goal.",
        "has a link without a reason.",
        "have a link without a reason.",
        "How does the work move the goal?",
    ),
    FlagCode.RECONFIRM: Words(
        "The goal's meaning changed after the team last confirmed its link to it.",
        "is linked to a goal whose meaning has changed since the link was confirmed.",
        "are linked to a goal whose meaning has changed since the link was confirmed.",
        "Does the work still move the goal as it is now?",
    ),
    FlagCode.REVIEW_DUE: Words(
        "The day on which the team wanted to look at its bet has passed, and nobody has said how it turned out.",
        "has a bet whose review day has passed.",
        "have a bet whose review day has passed.",
        "What did you see: did the bet hold?",
    ),
    FlagCode.BELIEF_FAILED: Words(
        "The team found that its bet did not hold, and the work is still active.",
        "goes on, although its bet did not hold.",
        "go on, although their bet did not hold.",
        "What does the work rest on now?",
    ),
    FlagCode.UNSIZED: Words(
        "Active work without an effort. It counts with the company's default.",
        "is not sized.",
        "are not sized.",
        "About how many person-weeks are still to do?",
    ),
    FlagCode.SILENT: Words(
        "Active work that nobody has updated, edited or confirmed for a while.",
        "has not been updated or confirmed for a while.",
        "have not been updated or confirmed for a while.",
        "Is it still going on?",
    ),
    FlagCode.UNCOVERED: Words(
        "A goal of a published strategy that no work reaches.",
        "has no work that reaches it.",
        "have no work that reaches them.",
        "Who could take it on, or is it not wanted now?",
    ),
    FlagCode.UNEXPLAINED: Words(
        "A goal of a published strategy that does not say why it is wanted.",
        "does not say why it is wanted.",
        "do not say why they are wanted.",
        "What would be lost without it?",
    ),
    FlagCode.UNMEASURED: Words(
        "A goal of a published strategy without a measure, its own or of a goal below it.",
        "has no measure.",
        "have no measure.",
        "How would one see that it is reached?",
    ),
    FlagCode.EXPIRED: Words(
        "A goal that is still active although its end has passed.",
        "is still active after its end.",
        "are still active after their end.",
        "Was it achieved, was it missed, or does it go on until another day?",
    ),
    FlagCode.ISLAND: Words(
        "A live goal from which no line leads to a company goal: work linked to it reaches no strategy.",
        "leads to no company goal.",
        "lead to no company goal.",
        "Which company goal does it serve?",
    ),
    FlagCode.STARVED: Words(
        "A company goal that gets less than half of the effort that its weight asks for.",
        "gets less than half of the effort that its weight asks for.",
        "get less than half of the effort that their weight asks for.",
        "Is the weight right, or does the goal need more work?",
    ),
    FlagCode.CROWDED: Words(
        "A company goal that gets more than twice the effort that its weight asks for.",
        "gets more than twice the effort that its weight asks for.",
        "get more than twice the effort that their weight asks for.",
        "Is the weight right, or is some of this work wanted elsewhere?",
    ),
    FlagCode.NO_MISSION: Words(
        "A team with active work that has not said what it is for.",
        "has active work and no mission.",
        "have active work and no mission.",
        "What is the team for, in its own words?",
    ),
    FlagCode.UNTIED_MISSION: Words(
        "A team whose mission serves no goal of a published strategy.",
        "has a mission that serves no goal of a published strategy.",
        "have a mission that serves no goal of a published strategy.",
        "Which goals does the mission serve?",
    ),
    FlagCode.UNDER_ALIGNED: Words(
        "A team whose work reaches the strategy less than its stance asks for.",
        "reaches the strategy with less of its work than its stance asks for.",
        "reach the strategy with less of their work than their stance asks for.",
        "What is missing: a link, a goal that nobody wrote down, or a talk about what the work is for?",
    ),
    FlagCode.OVER_EXPLORING: Words(
        "A team that explores more than its stance asks for.",
        "explores more than its stance asks for.",
        "explore more than their stance asks for.",
        "Which exploration has shown enough to become goal work, or to stop? Or is it the stance that should change?",
    ),
    FlagCode.SQUEEZED: Words(
        "A team that explores less than its stance leaves room for, with next to nothing unlinked either.",
        "has no room left to explore.",
        "have no room left to explore.",
        "What could wait, so that there is some?",
    ),
    FlagCode.DIRECTED: Words(
        "A team that was given more of its work than its stance leaves to others.",
        "chose little of its work itself.",
        "chose little of their work themselves.",
        "Which of the assigned work could the team take on in its own way?",
    ),
    FlagCode.OVER_SUSTAINING: Words(
        "A team that spends more on upkeep than its stance expects.",
        "spends more on upkeep than its stance expects.",
        "spend more on upkeep than their stance expects.",
        "What makes the upkeep so large, and what would make it smaller?",
    ),
    FlagCode.STANCE_EXPIRED: Words(
        "A team whose stance has ended; until somebody sets it anew, the team counts as core.",
        "has a stance whose end has passed; it counts as core.",
        "have a stance whose end has passed; they count as core.",
        "What does the company need of the team now?",
    ),
    FlagCode.UNSUPPORTED: Words(
        "A team in the spotlight that was declined support, or has waited for an answer for more than 14 days.",
        "is in the spotlight; support that it asked for was declined, or has waited for more than 14 days.",
        "are in the spotlight; support that they asked for was declined, or has waited for more than 14 days.",
        "Who can answer, and what would make it possible?",
    ),
}
