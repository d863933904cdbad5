"""The table of flags: what each is about, how it is computed, its words, its prompt and its answers.

A new flag is a code (alignment/enums.py), its mask in the engine (alignment/engine/flags.py) and an entry here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from alignment.engine.flags import (
    Holds,
    LinkCondition,
    confirmed_before_change,
    did_not_hold,
    fit_flags,
    goal_flags,
    initiative_flags,
    review_day_passed,
    strategy_flags,
    team_flags,
    unreasoned,
)
from alignment.enums import FlagCode, Subject


@dataclass(frozen=True)
class Way:
    """A page that answers a flag; `url_name` and `permission` apply to the subject or, with `of_link`, to each link
    that the flag is about. `posts` marks an address that a button posts to, `bare` one that names no subject."""

    label: str
    url_name: str
    permission: str
    of_link: bool = False
    posts: bool = False
    bare: bool = False
    fragment: str = ""


@dataclass(frozen=True)
class FlagKind:
    """`condition` is the engine's function that computes it, None where it rests on more than the engine reads.
    `of_links` selects the counting links of an initiative that it is about. Where space is limited, flags of the lowest
    `rank` come first.

    `meaning` explains it; `one` and `many` follow their subject ("Search" is …, "3 initiatives" are …); `prompt` is a
    question, never a verdict. `figure` names the figure of the team that it is about, '' for none. Housekeeping is
    shown as one line per team or strategy.
    """

    code: FlagCode
    subject: Subject
    condition: Callable[..., Holds] | None
    rank: int
    meaning: str
    one: str
    many: str
    prompt: str
    answers: tuple[Way, ...]
    housekeeping: bool = False
    of_links: LinkCondition | None = None
    figure: str = ""
    name: str = ""

    @property
    def public_name(self) -> str:
        """The name in reports: its code, but for those that are one flag of several kinds of subjects."""
        return self.name or self.code.value

    @property
    def label(self) -> str:
        return str(self.code.label)

    def said(self, count: int = 1) -> str:
        """The words after its subject, or after the number of its subjects."""
        return self.one if count == 1 else self.many


WORK, LINK, GOAL, DECIDE, STRATEGY, TEAM = (
    "teams.edit_initiative",
    "alignment.edit_link",
    "strategy.edit_goal",
    "strategy.decide_goal",
    "strategy.write_strategy",
    "teams.edit_team",
)
PUBLISH = "strategy.publish_strategy"
LINK_IT = Way("Link it", "link_new", WORK)
DECLARE_IT = Way("Declare it", "initiative_kind", WORK)
PROPOSE_IT = Way("Propose a goal", "proposal_new_from_work", WORK)
STOP_IT = Way("Stop it", "initiative_status", WORK)
SAY_HOW_IT_WENT = Way("Say how it turned out", "link_outcome", LINK, of_link=True)
SET_THE_STANCE = Way("Set the stance", "team_stance", TEAM)
LOOK_AT_THE_WORK = Way("Look at its work", "team_detail", TEAM, fragment="#work")
WRITE_THE_MISSION = Way("Write the mission", "team_mission", TEAM)
SET_THE_WEIGHT = Way("Change its weight", "goal_edit", GOAL)
TAKE_IT_ON = Way("Link work to it", "link_new_from_goal", "alignment.link_work")


def _unanswered(code: FlagCode, subject: Subject, rank: int, what: str, permission: str) -> FlagKind:
    """A question that waits: one flag, with a code for each kind of subject. It rests on conversations."""
    return FlagKind(
        code=code,
        subject=subject,
        condition=None,
        rank=rank,
        name="unanswered",
        meaning=f"A question about {what} that has waited for more than five working days.",
        one="has a question that nobody has answered for more than five working days.",
        many="have a question that nobody has answered for more than five working days.",
        prompt="What is the answer, or when will there be one?",
        answers=(Way("See what was asked", f"{subject}_detail", permission, fragment="#conversations"),),
    )


KINDS = (
    FlagKind(
        code=FlagCode.ORPHAN,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        rank=20,
        meaning=(
            "Active work that is linked to no goal, and is neither a running exploration nor upkeep. It may well"
            " be worth doing; nobody can tell from here."
        ),
        one="is linked to no goal, and is neither exploration nor upkeep.",
        many="are linked to no goal, and are neither exploration nor upkeep.",
        prompt="Link it, declare it an exploration, propose a goal for it, or stop it?",
        answers=(LINK_IT, DECLARE_IT, PROPOSE_IT, STOP_IT),
    ),
    FlagKind(
        code=FlagCode.DISCONNECTED,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        rank=10,
        meaning=(
            "Active work that has links, none of which reaches a published strategy now: a goal was closed, or is"
            " a draft, or leads nowhere."
        ),
        one="has links, and none of them reaches a published strategy.",
        many="have links, and none of them reaches a published strategy.",
        prompt=(
            "Has the goal moved on, or has the work? Link it anew, declare it an exploration, propose a goal for"
            " it, or stop it?"
        ),
        answers=(LINK_IT, DECLARE_IT, PROPOSE_IT, STOP_IT),
    ),
    FlagKind(
        code=FlagCode.PARTLY_ORPHANED,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        rank=30,
        meaning="Active work of which a part reaches a published strategy, and the rest reaches nothing.",
        one="reaches the strategy with a part of its effort only.",
        many="reach the strategy with a part of their effort only.",
        prompt="What is the rest of the effort for?",
        answers=(LINK_IT, DECLARE_IT, PROPOSE_IT, STOP_IT),
    ),
    FlagKind(
        code=FlagCode.EXPLORATION_OVERRUN,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        rank=70,
        meaning="An exploration that goes on after the day on which it was to end.",
        one="was to be explored until a day that has passed.",
        many="were to be explored until a day that has passed.",
        prompt="What was learned: go on with it as goal work, give it a new end, or stop?",
        answers=(
            Way("Give it a new end", "initiative_kind", WORK),
            Way("Finish it", "initiative_status", WORK),
        ),
    ),
    FlagKind(
        code=FlagCode.UNREASONED,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        of_links=unreasoned,
        rank=230,
        housekeeping=True,
        meaning="A link that counts, without a word on how the work moves the goal.",
        one="has a link without a reason.",
        many="have a link without a reason.",
        prompt="How does the work move the goal?",
        answers=(Way("Give the reason", "link_edit", LINK, of_link=True),),
    ),
    FlagKind(
        code=FlagCode.RECONFIRM,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        of_links=confirmed_before_change,
        rank=60,
        meaning="The meaning of the goal, or of one above it, changed after the team last confirmed its link to it.",
        one="has a link that was confirmed before the meaning of its goal, or of one above it, changed.",
        many="have a link that was confirmed before the meaning of its goal, or of one above it, changed.",
        prompt="Does the work still move the goal as it is now?",
        answers=(
            Way("It still holds", "link_confirmation", LINK, of_link=True, posts=True),
            Way("Change the link", "link_edit", LINK, of_link=True),
        ),
    ),
    FlagKind(
        code=FlagCode.REVIEW_DUE,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        of_links=review_day_passed,
        rank=80,
        meaning=(
            "The day on which the team wanted to look at its bet has passed, and nobody has said how it turned out."
        ),
        one="has a bet whose review day has passed.",
        many="have a bet whose review day has passed.",
        prompt="What did you see: did the bet hold?",
        answers=(SAY_HOW_IT_WENT,),
    ),
    FlagKind(
        code=FlagCode.BELIEF_FAILED,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        of_links=did_not_hold,
        rank=50,
        meaning="The team found that its bet did not hold, and the work is still active.",
        one="goes on, although its bet did not hold.",
        many="go on, although their bet did not hold.",
        prompt="What does the work rest on now?",
        answers=(
            LINK_IT,
            STOP_IT,
            Way("Look at the outcome again", "link_outcome", LINK, of_link=True),
        ),
    ),
    FlagKind(
        code=FlagCode.UNSIZED,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        rank=240,
        housekeeping=True,
        meaning="Active work without an effort. It counts with the company's default.",
        one="is not sized.",
        many="are not sized.",
        prompt="About how many person-weeks are still to do?",
        answers=(Way("Size it", "initiative_edit", WORK),),
    ),
    FlagKind(
        code=FlagCode.SILENT,
        subject=Subject.INITIATIVE,
        condition=initiative_flags,
        rank=220,
        housekeeping=True,
        meaning="Active work that nobody has updated, edited or confirmed for a while.",
        one="has not been updated or confirmed for a while.",
        many="have not been updated or confirmed for a while.",
        prompt="Is it still going on?",
        answers=(
            Way("It is still going on", "initiative_confirmation", WORK, posts=True),
            STOP_IT,
        ),
    ),
    _unanswered(FlagCode.UNANSWERED, Subject.INITIATIVE, 55, "the work, or about one of its links,", WORK),
    FlagKind(
        code=FlagCode.UNCOVERED,
        subject=Subject.GOAL,
        condition=goal_flags,
        rank=110,
        meaning="A goal of a published strategy that no work reaches.",
        one="has no work that reaches it.",
        many="have no work that reaches them.",
        prompt="Who could take it on, or is it not wanted now?",
        answers=(
            TAKE_IT_ON,
            Way("Close it", "goal_closure", DECIDE),
        ),
    ),
    FlagKind(
        code=FlagCode.UNEXPLAINED,
        subject=Subject.GOAL,
        condition=goal_flags,
        rank=120,
        meaning="A goal of a published strategy that does not say why it is wanted.",
        one="does not say why it is wanted.",
        many="do not say why they are wanted.",
        prompt="What would be lost without it?",
        answers=(Way("Say why", "goal_edit", GOAL),),
    ),
    FlagKind(
        code=FlagCode.UNMEASURED,
        subject=Subject.GOAL,
        condition=goal_flags,
        rank=260,
        housekeeping=True,
        meaning="A goal of a published strategy without a measure, its own or of a goal below it.",
        one="has no measure.",
        many="have no measure.",
        prompt="How would one see that it is reached?",
        answers=(Way("Add a measure", "measure_new", GOAL),),
    ),
    FlagKind(
        code=FlagCode.EXPIRED,
        subject=Subject.GOAL,
        condition=goal_flags,
        rank=100,
        meaning="A goal that is still active although its end has passed.",
        one="is still active after its end.",
        many="are still active after their end.",
        prompt="Was it achieved, was it missed, or does it go on until another day?",
        answers=(
            Way("Close it", "goal_closure", DECIDE),
            Way("Give it a new end", "goal_edit", GOAL),
        ),
    ),
    FlagKind(
        code=FlagCode.ISLAND,
        subject=Subject.GOAL,
        condition=goal_flags,
        rank=90,
        meaning="A live goal from which no line leads to a company goal: work linked to it reaches no strategy.",
        one="leads to no company goal.",
        many="lead to no company goal.",
        prompt="Which company goal does it serve?",
        answers=(Way("Put it below a company goal", "goal_position", DECIDE),),
    ),
    FlagKind(
        code=FlagCode.ENDING,
        subject=Subject.STRATEGY,
        condition=strategy_flags,
        rank=5,
        meaning=(
            "A published strategy that ends within 30 days or has just ended, while no published strategy runs on the"
            " day after. Once its days of grace are over, links to its goals do not count."
        ),
        one="ends soon or has just ended, and no published strategy follows it.",
        many="end soon or have just ended, and no published strategy follows them.",
        prompt="What comes after it: a next strategy, a later end, or nothing?",
        answers=(
            Way("Carry it over", "strategy_next", STRATEGY),
            Way("Write the next one", "strategy_new", STRATEGY, bare=True),
            Way("Give it another end", "strategy_edit", STRATEGY),
            Way("Archive it", "strategy_archive", PUBLISH),
        ),
    ),
    FlagKind(
        code=FlagCode.STARVED,
        subject=Subject.GOAL,
        condition=fit_flags,
        rank=130,
        meaning="A company goal that gets less than half of the effort that its weight asks for.",
        one="gets less than half of the effort that its weight asks for.",
        many="get less than half of the effort that their weight asks for.",
        prompt="Is the weight right, or does the goal need more work?",
        answers=(TAKE_IT_ON, SET_THE_WEIGHT),
    ),
    FlagKind(
        code=FlagCode.CROWDED,
        subject=Subject.GOAL,
        condition=fit_flags,
        rank=140,
        meaning="A company goal that gets more than twice the effort that its weight asks for.",
        one="gets more than twice the effort that its weight asks for.",
        many="get more than twice the effort that their weight asks for.",
        prompt="Is the weight right, or is some of this work wanted elsewhere?",
        answers=(SET_THE_WEIGHT,),
    ),
    _unanswered(FlagCode.UNANSWERED_GOAL, Subject.GOAL, 92, "the goal", GOAL),
    _unanswered(FlagCode.UNANSWERED_STRATEGY, Subject.STRATEGY, 94, "the strategy", STRATEGY),
    FlagKind(
        code=FlagCode.NO_MISSION,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=160,
        meaning="A team with active work that has not said what it is for.",
        one="has active work and no mission.",
        many="have active work and no mission.",
        prompt="What is the team for, in its own words?",
        answers=(WRITE_THE_MISSION,),
    ),
    FlagKind(
        code=FlagCode.UNTIED_MISSION,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=250,
        housekeeping=True,
        meaning="A team whose mission serves no goal of a published strategy.",
        one="has a mission that serves no goal of a published strategy.",
        many="have a mission that serves no goal of a published strategy.",
        prompt="Which goals does the mission serve?",
        answers=(Way("Say which goals it serves", "team_mission", TEAM),),
    ),
    FlagKind(
        code=FlagCode.UNDER_ALIGNED,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=150,
        figure="coverage",
        meaning="A team whose work reaches the strategy less than its stance asks for.",
        one="reaches the strategy with less of its work than its stance asks for.",
        many="reach the strategy with less of their work than their stance asks for.",
        prompt="What is missing: a link, a goal that nobody wrote down, or a talk about what the work is for?",
        answers=(LOOK_AT_THE_WORK, SET_THE_STANCE),
    ),
    FlagKind(
        code=FlagCode.OVER_EXPLORING,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=190,
        figure="exploring_share",
        meaning="A team that explores more than its stance asks for.",
        one="explores more than its stance asks for.",
        many="explore more than their stance asks for.",
        prompt=(
            "Which exploration has shown enough to become goal work, or to stop? Or is it the stance that should"
            " change?"
        ),
        answers=(SET_THE_STANCE,),
    ),
    FlagKind(
        code=FlagCode.SQUEEZED,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=180,
        figure="exploring_share",
        meaning="A team that explores less than its stance leaves room for, with next to nothing unlinked either.",
        one="has no room left to explore.",
        many="have no room left to explore.",
        prompt="What could wait, so that there is some?",
        answers=(SET_THE_STANCE,),
    ),
    FlagKind(
        code=FlagCode.DIRECTED,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=170,
        figure="autonomy",
        meaning="A team that was given more of its work than its stance leaves to others.",
        one="chose little of its work itself.",
        many="chose little of their work themselves.",
        prompt="Which of the assigned work could the team take on in its own way?",
        answers=(SET_THE_STANCE,),
    ),
    FlagKind(
        code=FlagCode.OVER_SUSTAINING,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=200,
        figure="sustaining_share",
        meaning="A team that spends more on upkeep than its stance expects.",
        one="spends more on upkeep than its stance expects.",
        many="spend more on upkeep than their stance expects.",
        prompt="What makes the upkeep so large, and what would make it smaller?",
        answers=(SET_THE_STANCE,),
    ),
    FlagKind(
        code=FlagCode.STANCE_EXPIRED,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=210,
        meaning="A team whose stance has ended; until somebody sets it anew, the team counts as core.",
        one="has a stance whose end has passed; it counts as core.",
        many="have a stance whose end has passed; they count as core.",
        prompt="What does the company need of the team now?",
        answers=(SET_THE_STANCE,),
    ),
    FlagKind(
        code=FlagCode.UNSUPPORTED,
        subject=Subject.TEAM,
        condition=team_flags,
        rank=40,
        meaning=(
            "A team in the spotlight that was declined support, or has waited for an answer for more than 14 days."
        ),
        one="is in the spotlight; support that it asked for was declined, or has waited for more than 14 days.",
        many=("are in the spotlight; support that they asked for was declined, or has waited for more than 14 days."),
        prompt="Who can answer, and what would make it possible?",
        answers=(Way("See what it asks for", "team_detail", TEAM, fragment="#support"),),
    ),
    _unanswered(FlagCode.UNANSWERED_TEAM, Subject.TEAM, 96, "the team", TEAM),
)
FLAGS = {kind.code: kind for kind in KINDS}
"""By code, in the order of spec/alignment.md. Ranks put effort that reaches nothing, failed bets and support, and what
is overdue before what is rather discussed; housekeeping is last."""

BY_RANK = tuple(sorted(FLAGS, key=lambda code: FLAGS[code].rank))
HOUSEKEEPING = frozenset(code for code, kind in FLAGS.items() if kind.housekeeping)
REACH_NOTHING = frozenset({FlagCode.ORPHAN, FlagCode.DISCONNECTED})
"""Flags of work of which no part reaches a published strategy, explores or sustains."""
PROPOSABLE = frozenset(code for code, kind in FLAGS.items() if PROPOSE_IT in kind.answers)
"""Flags of work for which one may propose a goal. They ask nobody while one is proposed."""
NOT_COUNTING = frozenset({FlagCode.DISCONNECTED, FlagCode.PARTLY_ORPHANED})
"""Flags that are based on links which do not count."""


def kind_of(code: str) -> FlagKind:
    return FLAGS[FlagCode(code)]


def codes_of(subject: Subject) -> tuple[FlagCode, ...]:
    return tuple(code for code, kind in FLAGS.items() if kind.subject is subject)


INITIATIVE_FLAGS, GOAL_FLAGS, STRATEGY_FLAGS, TEAM_FLAGS = map(codes_of, Subject)
LEADERS_FLAGS = (*STRATEGY_FLAGS, *GOAL_FLAGS)
"""Those that leaders answer; the others are the teams'."""
