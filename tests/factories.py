"""One factory for every model, each for the ordinary case: published, active, joined, on `DAY`.

Traits: `PersonFactory(imported=True)` has no password and was never invited, `invited=True` has a digest waiting;
`GoalFactory(parent=goal)` hangs below it, `GoalFactory(team=team)` is a team's own, otherwise it is a company goal.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, TypeVar

import factory
from django.contrib.auth.hashers import make_password
from django.db.models import Model
from factory.django import DjangoModelFactory

from alignment.enums import FlagCode
from alignment.models import (
    CompanyWeek,
    Flag,
    GoalFigures,
    GoalWeek,
    InitiativeFigures,
    InitiativeHistory,
    Link,
    LinkFigures,
    LinkHistory,
    LinkPage,
    LinkPersona,
    Proposal,
    ProposalWork,
    Recompute,
    TeamFigures,
    TeamWeek,
)
from conversations.enums import Side
from conversations.models import Following, Mention, Message, Thread
from digest.models import Digest, TurnMail
from strategy.enums import DecisionStatus, GoalStatus, Lens, StrategyStatus
from strategy.models import (
    Amendment,
    AmendmentEdit,
    ContextPage,
    Decision,
    DecisionGoal,
    DecisionPage,
    DecisionPerson,
    DecisionPersona,
    Edition,
    EditionGoal,
    Goal,
    GoalPage,
    GoalPersona,
    GoalSuccessor,
    Measure,
    MissionGoal,
    Persona,
    Strategy,
    TeamPersona,
)
from teams.enums import InitiativeStatus, Role
from teams.models import Contributor, Initiative, LogEntry, LogRef, Membership, Person, Support, Team

DAY = dt.date(2026, 3, 16)
NOW = dt.datetime(2026, 3, 16, 9, tzinfo=dt.UTC)
PASSWORD = "a long walk by the river"


AnyModel = TypeVar("AnyModel", bound=Model)


class ModelFactory(DjangoModelFactory[AnyModel]):
    """Its call makes a row: factory_boy's metaclass sees to that, which a type checker cannot know."""

    if TYPE_CHECKING:

        def __new__(cls, **values: Any) -> AnyModel: ...  # type: ignore[misc]  # not a factory, by design

    class Meta:
        abstract = True


class PersonFactory(ModelFactory[Person]):
    """A member who has joined and signs in with PASSWORD."""

    class Meta:
        model = Person

    class Params:
        imported = factory.Trait(
            password=factory.LazyFunction(lambda: make_password(None)), joined_at=None, invited_at=None
        )
        invited = factory.Trait(
            password=factory.LazyFunction(lambda: make_password(None)), joined_at=None, invited_at=NOW
        )

    email = factory.Sequence(lambda n: f"person-{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n:03}")
    role = Role.MEMBER
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    invited_at = NOW
    joined_at = NOW


class ViewerFactory(PersonFactory):
    role = Role.VIEWER


class LeaderFactory(PersonFactory):
    role = Role.LEADER


class AdminFactory(PersonFactory):
    role = Role.ADMIN


class LogEntryFactory(ModelFactory[LogEntry]):
    class Meta:
        model = LogEntry

    at = NOW
    action = "company.tested"


class LogRefFactory(ModelFactory[LogRef]):
    class Meta:
        model = LogRef

    kind = "team"
    object_id = 1
    entry = factory.SubFactory(LogEntryFactory)


class TreeFactory(ModelFactory[AnyModel]):
    """The database sets `path`; the row that comes back has it."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **values: Any) -> Any:
        row = super()._create(model_class, *args, **values)
        row.refresh_from_db(fields=["path"])
        return row


class TeamFactory(TreeFactory[Team]):
    class Meta:
        model = Team

    key = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"Team {n:03}")


class MembershipFactory(ModelFactory[Membership]):
    class Meta:
        model = Membership

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(PersonFactory)


class InitiativeFactory(ModelFactory[Initiative]):
    """Active goal work of the team's own choice, sized at one person-week."""

    class Meta:
        model = Initiative

    key = factory.Sequence(lambda n: f"initiative-{n}")
    team = factory.SubFactory(TeamFactory)
    title = factory.Sequence(lambda n: f"Initiative {n:03}")
    effort = 1
    status = InitiativeStatus.ACTIVE
    touched_on = DAY


class ContributorFactory(ModelFactory[Contributor]):
    class Meta:
        model = Contributor

    initiative = factory.SubFactory(InitiativeFactory)
    person = factory.SubFactory(PersonFactory)


class SupportFactory(ModelFactory[Support]):
    class Meta:
        model = Support

    initiative = factory.SubFactory(InitiativeFactory)
    team = factory.SubFactory(TeamFactory)
    asked_on = DAY


class StrategyFactory(ModelFactory[Strategy]):
    class Meta:
        model = Strategy

    key = factory.Sequence(lambda n: f"strategy-{n}")
    title = factory.Sequence(lambda n: f"Strategy {n:03}")
    status = StrategyStatus.PUBLISHED


class GoalFactory(TreeFactory[Goal]):
    """An active company goal in a published strategy, unless `parent` or `team` says otherwise."""

    class Meta:
        model = Goal

    key = factory.Sequence(lambda n: f"goal-{n}")
    parent = None
    team = None
    strategy = factory.Maybe("parent", None, factory.Maybe("team", None, factory.SubFactory(StrategyFactory)))
    title = factory.Sequence(lambda n: f"Goal {n:03}")
    why = "Because customers ask for it."
    status = GoalStatus.ACTIVE


class GoalSuccessorFactory(ModelFactory[GoalSuccessor]):
    class Meta:
        model = GoalSuccessor

    goal = factory.SubFactory(GoalFactory)
    successor = factory.SubFactory(GoalFactory)


class MissionGoalFactory(ModelFactory[MissionGoal]):
    class Meta:
        model = MissionGoal

    team = factory.SubFactory(TeamFactory)
    goal = factory.SubFactory(GoalFactory)


class MeasureFactory(ModelFactory[Measure]):
    class Meta:
        model = Measure

    key = factory.Sequence(lambda n: f"measure-{n}")
    goal = factory.SubFactory(GoalFactory)
    title = factory.Sequence(lambda n: f"Measure {n:03}")
    target = 10
    current = 4


class EditionFactory(ModelFactory[Edition]):
    class Meta:
        model = Edition

    strategy = factory.SubFactory(StrategyFactory)
    number = 1
    at = NOW
    kind = "published"
    says = {"title": "The plan", "narrative": "", "starts_on": None, "ends_on": None}
    of_strategy = True


class EditionGoalFactory(ModelFactory[EditionGoal]):
    class Meta:
        model = EditionGoal

    edition = factory.SubFactory(EditionFactory)
    goal_id = factory.Sequence(lambda n: 10_000 + n)
    says = None
    hidden = False


class AmendmentFactory(ModelFactory[Amendment]):
    class Meta:
        model = Amendment

    strategy = factory.SubFactory(StrategyFactory)
    opened_at = NOW


class AmendmentEditFactory(ModelFactory[AmendmentEdit]):
    class Meta:
        model = AmendmentEdit

    amendment = factory.SubFactory(AmendmentFactory)
    kind = "strategy"
    changes = factory.LazyFunction(lambda: {"title": ["The plan", "Another plan"]})
    at = NOW


class PersonaFactory(ModelFactory[Persona]):
    class Meta:
        model = Persona

    key = factory.Sequence(lambda n: f"persona-{n}")
    name = factory.Sequence(lambda n: f"Persona {n:03}")


class TeamPersonaFactory(ModelFactory[TeamPersona]):
    class Meta:
        model = TeamPersona

    team = factory.SubFactory(TeamFactory)
    persona = factory.SubFactory(PersonaFactory)


class ContextPageFactory(ModelFactory[ContextPage]):
    class Meta:
        model = ContextPage

    key = factory.Sequence(lambda n: f"context-{n}")
    lens = Lens.PRODUCT
    title = factory.Sequence(lambda n: f"Context {n:03}")


class DecisionFactory(ModelFactory[Decision]):
    """A draft."""

    class Meta:
        model = Decision

    key = factory.Sequence(lambda n: f"decision-{n}")
    title = factory.Sequence(lambda n: f"Decision {n:03}")


class DecidedFactory(DecisionFactory):
    """One that everybody may read."""

    status = DecisionStatus.DECIDED
    choice = "We do it."
    reasons = "Customers ask for it."
    decided_on = DAY


class DecisionPersonFactory(ModelFactory[DecisionPerson]):
    class Meta:
        model = DecisionPerson

    decision = factory.SubFactory(DecisionFactory)
    person = factory.SubFactory(PersonFactory)


class DecisionGoalFactory(ModelFactory[DecisionGoal]):
    class Meta:
        model = DecisionGoal

    decision = factory.SubFactory(DecisionFactory)
    goal = factory.SubFactory(GoalFactory)


class DecisionPageFactory(ModelFactory[DecisionPage]):
    class Meta:
        model = DecisionPage

    decision = factory.SubFactory(DecisionFactory)
    page = factory.SubFactory(ContextPageFactory)


class DecisionPersonaFactory(ModelFactory[DecisionPersona]):
    class Meta:
        model = DecisionPersona

    decision = factory.SubFactory(DecisionFactory)
    persona = factory.SubFactory(PersonaFactory)


class GoalPageFactory(ModelFactory[GoalPage]):
    class Meta:
        model = GoalPage

    goal = factory.SubFactory(GoalFactory)
    page = factory.SubFactory(ContextPageFactory)


class GoalPersonaFactory(ModelFactory[GoalPersona]):
    class Meta:
        model = GoalPersona

    goal = factory.SubFactory(GoalFactory)
    persona = factory.SubFactory(PersonaFactory)


class LinkFactory(ModelFactory[Link]):
    """A claimed link with a reason, taking all of the initiative that other links leave."""

    class Meta:
        model = Link

    initiative = factory.SubFactory(InitiativeFactory)
    goal = factory.SubFactory(GoalFactory)
    rationale = "Fewer steps, so more people finish."
    confirmed_on = DAY


class LinkPageFactory(ModelFactory[LinkPage]):
    class Meta:
        model = LinkPage

    link = factory.SubFactory(LinkFactory)
    page = factory.SubFactory(ContextPageFactory)


class ProposalFactory(ModelFactory[Proposal]):
    """Of a thread about a strategy, which its owner answers."""

    class Meta:
        model = Proposal

    thread = factory.SubFactory(
        "tests.factories.ThreadFactory",
        kind="proposal",
        about_kind="strategy",
        answers_kind="strategy",
        about_id=factory.LazyFunction(lambda: StrategyFactory().pk),
    )
    title = "Be found"


class ProposalWorkFactory(ModelFactory[ProposalWork]):
    class Meta:
        model = ProposalWork

    proposal = factory.SubFactory(ProposalFactory)
    initiative = factory.SubFactory(InitiativeFactory)


class LinkPersonaFactory(ModelFactory[LinkPersona]):
    class Meta:
        model = LinkPersona

    link = factory.SubFactory(LinkFactory)
    persona = factory.SubFactory(PersonaFactory)


class FlagFactory(ModelFactory[Flag]):
    """An orphaned initiative; give `goal` or `team` with its `code`, and `initiative=None`, for another subject."""

    class Meta:
        model = Flag

    code = FlagCode.ORPHAN
    initiative = factory.SubFactory(InitiativeFactory)
    first_seen = DAY


class InitiativeFiguresFactory(ModelFactory[InitiativeFigures]):
    """One person-week, aligned and reasoned."""

    class Meta:
        model = InitiativeFigures

    initiative = factory.SubFactory(InitiativeFactory)
    team = factory.SelfAttribute("initiative.team")
    own_choice = True
    unsized = False
    effort = aligned = reasoned = 1.0
    endorsed = exploring = sustaining = orphaned = 0.0


class TeamFiguresFactory(ModelFactory[TeamFigures]):
    """One initiative of one person-week, aligned and reasoned."""

    class Meta:
        model = TeamFigures

    team = factory.SubFactory(TeamFactory)
    effort = aligned = reasoned = own_choice = own_choice_aligned = 1.0
    endorsed = exploring = sustaining = orphaned = 0.0
    initiatives = 1
    unsized = 0


class LinkFiguresFactory(ModelFactory[LinkFigures]):
    """One person-week that a link brings."""

    class Meta:
        model = LinkFigures

    link = factory.SubFactory(LinkFactory)
    goal = factory.SelfAttribute("link.goal")
    initiative = factory.SelfAttribute("link.initiative")
    amount = 1.0


class GoalFiguresFactory(ModelFactory[GoalFigures]):
    """Anchored and covered by one person-week of one initiative."""

    class Meta:
        model = GoalFigures

    goal = factory.SubFactory(GoalFactory)
    live = anchored = covered = True
    reason = ""
    effort = 1.0
    initiatives = teams = 1
    unsized = 0


class InitiativeHistoryFactory(ModelFactory[InitiativeHistory]):
    class Meta:
        model = InitiativeHistory

    initiative = factory.SubFactory(InitiativeFactory)
    team = factory.SelfAttribute("initiative.team")
    origin = factory.SelfAttribute("initiative.origin")
    effort = aligned = reasoned = 1.0
    endorsed = exploring = sustaining = orphaned = 0.0
    as_of = DAY
    cause = factory.SubFactory(LogEntryFactory)


class LinkHistoryFactory(ModelFactory[LinkHistory]):
    class Meta:
        model = LinkHistory

    link = factory.SubFactory(LinkFactory)
    initiative = factory.SelfAttribute("link.initiative")
    goal = factory.SelfAttribute("link.goal")
    state = factory.SelfAttribute("link.state")
    amount = 1.0
    as_of = DAY
    cause = factory.SubFactory(LogEntryFactory)


class CompanyWeekFactory(ModelFactory[CompanyWeek]):
    """One initiative of one person-week, aligned and reasoned, on the one goal there is; each a week after the one
    before."""

    class Meta:
        model = CompanyWeek

    week = factory.Sequence(lambda n: DAY + dt.timedelta(weeks=n))
    as_of = factory.SelfAttribute("week")
    at = NOW
    effort = aligned = reasoned = own_choice = own_choice_aligned = 1.0
    endorsed = exploring = sustaining = orphaned = 0.0
    initiatives = goals_anchored = goals_covered = 1
    unsized = 0
    priority_fit = 1.0


class TeamWeekFactory(ModelFactory[TeamWeek]):
    """A team's own initiative of one person-week, aligned and reasoned."""

    class Meta:
        model = TeamWeek

    team = factory.SubFactory(TeamFactory)
    week = DAY
    together = False
    effort = aligned = reasoned = own_choice = own_choice_aligned = 1.0
    endorsed = exploring = sustaining = orphaned = 0.0
    initiatives = 1
    unsized = 0


class GoalWeekFactory(ModelFactory[GoalWeek]):
    """Anchored, with one person-week of one initiative."""

    class Meta:
        model = GoalWeek

    goal = factory.SubFactory(GoalFactory)
    week = DAY
    effort = 1.0
    initiatives = teams = 1
    live = anchored = True


class RecomputeFactory(ModelFactory[Recompute]):
    """Figures stored as of DAY."""

    class Meta:
        model = Recompute

    as_of = DAY
    finished_at = NOW
    cause = factory.SubFactory(LogEntryFactory)


class DigestFactory(ModelFactory[Digest]):
    """Due on the Monday of `DAY` at 8:00 UTC, to somebody who has joined."""

    class Meta:
        model = Digest

    person = factory.SubFactory(PersonFactory)
    week = DAY
    due_at = dt.datetime(2026, 3, 16, 8, tzinfo=dt.UTC)
    ends_at = dt.datetime(2026, 3, 23, tzinfo=dt.UTC)
    not_before = factory.SelfAttribute("due_at")


class TurnMailFactory(ModelFactory[TurnMail]):
    """Due on `DAY` at 8:00 UTC."""

    class Meta:
        model = TurnMail

    person = factory.SubFactory(PersonFactory)
    day = DAY
    due_at = dt.datetime(2026, 3, 16, 8, tzinfo=dt.UTC)
    ends_at = dt.datetime(2026, 3, 17, tzinfo=dt.UTC)
    not_before = factory.SelfAttribute("due_at")


class ThreadFactory(ModelFactory[Thread]):
    """A question about a goal, which leaders answer."""

    class Meta:
        model = Thread

    key = factory.Sequence(lambda n: f"question-{n}")
    kind = "question"
    about_kind = answers_kind = "goal"
    about_id = factory.LazyFunction(lambda: GoalFactory().pk)
    answers_id = factory.SelfAttribute("about_id")
    asker = factory.SubFactory(PersonFactory)
    turn = Side.ANSWERS
    opened_at = turned_at = last_at = NOW


class MessageFactory(ModelFactory[Message]):
    class Meta:
        model = Message

    thread = factory.SubFactory(ThreadFactory)
    author = factory.SelfAttribute("thread.asker")
    at = NOW
    text = "Why this goal?"


class MentionFactory(ModelFactory[Mention]):
    class Meta:
        model = Mention

    message = factory.SubFactory(MessageFactory)
    kind = "person"
    object_id = factory.LazyFunction(lambda: PersonFactory().pk)


class FollowingFactory(ModelFactory[Following]):
    class Meta:
        model = Following

    thread = factory.SubFactory(ThreadFactory)
    person = factory.SubFactory(PersonFactory)
