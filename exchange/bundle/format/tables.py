"""The files of the company’s rows with their columns; import and export both use them."""

from __future__ import annotations

from decimal import Decimal

from alignment.enums import FlagCode, LinkState, Outcome, Subject
from exchange.bundle.format.columns import Column, Table
from exchange.bundle.format.kinds import (
    REFERENCE_LIMIT,
    Amount,
    Day,
    Email,
    Instant,
    Key,
    Labels,
    Line,
    Lines,
    Reference,
    References,
    Web,
    YesOrNo,
    Zone,
    choice,
)
from lib.db import fields
from strategy.enums import (
    Confidence,
    DecisionStatus,
    GoalKind,
    GoalStatus,
    Lens,
    MeasureKind,
    StrategyStatus,
    Visibility,
)
from strategy.models.decision import DECISION_TEXTS
from strategy.models.goal import POSITIONS
from teams.enums import (
    InitiativeKind,
    InitiativeStatus,
    Origin,
    Role,
    Stance,
    SupportSize,
    SupportStatus,
    TeamRole,
)

KEY = Column("key", Key(), required=True)
OWNER = Column("owner", Reference("people"))
STARTS_ON, ENDS_ON = Column("starts_on", Day()), Column("ends_on", Day())
MEASURED = Amount(15, 6)
COMPANY_DAY = "(t.at AT TIME ZONE (SELECT timezone FROM teams_company))::date"
WHAT_IT_IS_ABOUT = "give the key of the initiative, goal, strategy or team that it is about"
NUMBER_TO_REACH = "give the number to reach: 1 for a result that is there or is not"
PATH = ("path", "ARRAY[]::bigint[]")


def _title(name: str = "title") -> Column:
    return Column(name, Line(), required=True)


PEOPLE = Table(
    "people",
    "teams_person",
    ("email",),
    (
        Column("email", Email(), required=True),
        _title("name"),
        Column("role", choice(Role.values), default=Role.MEMBER),
        Column("timezone", Zone()),
        Column("active", YesOrNo(), default="yes", field="is_active"),
        Column("digests", YesOrNo(), default="yes"),
        Column("digests_always", YesOrNo(), default="no"),
        Column("digest_weekday", Amount(1, 0, Decimal(1), Decimal(7))),
        Column("digest_hour", Amount(2, 0, Decimal(0), Decimal(23))),
    ),
    # Django's unusable password, different for each person so that links to set one differ.
    given=(("password", "'!' || gen_random_uuid()::text"),),
)
PERSONAS = Table("personas", "strategy_persona", ("key",), (KEY, _title("name"), Column("problem", Lines())))
CONTEXT = Table(
    "context",
    "strategy_contextpage",
    ("key",),
    (
        KEY,
        Column("lens", choice(Lens.values), required=True),
        _title(),
        Column("body", Lines()),
        OWNER,
        Column("confirmed_on", Day(past=True), keeps=True),
    ),
)
TEAMS = Table(
    "teams",
    "teams_team",
    ("key",),
    (
        KEY,
        _title("name"),
        Column("parent", Reference("teams")),
        Column("mission", Lines(fields.LINES_LIMIT)),
        Column("mission_goals", References("goals", "strategy_missiongoal"), field="goal_id"),
        Column("personas", References("personas", "strategy_teampersona"), field="persona_id"),
        Column("stance", choice(Stance.values), default=Stance.CORE),
        Column("stance_reason", Line(fields.SENTENCE_LIMIT)),
        Column("stance_until", Day()),
        Column("archived_on", Day(past=True)),
        Column("here", YesOrNo(), default="yes", field="is_here"),
    ),
    given=(PATH,),
)
MEMBERSHIPS = Table(
    "memberships",
    "teams_membership",
    ("team", "email"),
    (
        Column("team", Reference("teams"), required=True),
        Column("email", Reference("people"), required=True, field="person_id"),
        Column("role", choice(TeamRole.values), default=TeamRole.MEMBER),
    ),
)
STRATEGIES = Table(
    "strategies",
    "strategy_strategy",
    ("key",),
    (
        KEY,
        _title(),
        Column("narrative", Lines()),
        Column("status", choice(StrategyStatus.values), default=StrategyStatus.DRAFT),
        STARTS_ON,
        ENDS_ON,
        OWNER,
    ),
)
GOALS = Table(
    "goals",
    "strategy_goal",
    ("key",),
    (
        KEY,
        Column("strategy", Reference("strategies")),
        Column("parent", Reference("goals")),
        Column("team", Reference("teams")),
        _title(),
        Column("why", Lines()),
        Column("kind", choice(GoalKind.values), default=GoalKind.COMMITTED),
        Column("weight", Amount(4, 4, Decimal(0), Decimal("9999.9999"), above=True), default="1"),
        Column("status", choice(GoalStatus.values), default=GoalStatus.DRAFT),
        STARTS_ON,
        ENDS_ON,
        OWNER,
        Column("visibility", choice(Visibility.values), default=Visibility.COMPANY),
        Column("meaning_changed_on", Day(past=True), instant="meaning_changed_at"),
        Column("closed_on", Day(past=True)),
        Column("closing_reason", Lines(fields.LINES_LIMIT)),
        Column("learned", Lines(fields.LINES_LIMIT)),
        Column("successors", References("goals", "strategy_goalsuccessor", of="goal_id"), field="successor_id"),
        Column("position", Amount(4, 0, Decimal(1), Decimal(POSITIONS))),
        Column("pages", References("context", "strategy_goalpage", "goal_id"), field="page_id"),
        Column("personas", References("personas", "strategy_goalpersona", "goal_id"), field="persona_id"),
        Column("situation", Lines()),
        Column("boundaries", Lines()),
    ),
    given=(PATH,),
)
DECISIONS = Table(
    "decisions",
    "strategy_decision",
    ("key",),
    (
        KEY,
        _title(),
        *(Column(name, Lines()) for name in DECISION_TEXTS),
        Column("status", choice(DecisionStatus.values), default=DecisionStatus.DRAFT),
        Column("visibility", choice(Visibility.values), default=Visibility.COMPANY),
        Column("decided_by", References("people", "strategy_decisionperson", "decision_id"), field="person_id"),
        Column("decided_on", Day()),
        OWNER,
        Column("supersedes", Reference("decisions")),
        Column("goals", References("goals", "strategy_decisiongoal", "decision_id"), field="goal_id"),
        Column("pages", References("context", "strategy_decisionpage", "decision_id"), field="page_id"),
        Column("personas", References("personas", "strategy_decisionpersona", "decision_id"), field="persona_id"),
    ),
)
MEASURES = Table(
    "measures",
    "strategy_measure",
    ("key",),
    (
        KEY,
        Column("goal", Reference("goals"), required=True),
        _title(),
        Column("unit", Line(fields.UNIT_LIMIT)),
        Column("baseline", MEASURED, default="0"),
        Column(
            "target",
            MEASURED,
            required=True,
            advice=NUMBER_TO_REACH,
        ),
        Column("current", MEASURED, same_as="baseline"),
        Column("kind", choice(MeasureKind.values), default=MeasureKind.TARGET),
        Column("keeper", Reference("people")),
        Column("carries_on", Reference("measures")),
    ),
)
INITIATIVES = Table(
    "initiatives",
    "teams_initiative",
    ("key",),
    (
        KEY,
        Column("team", Reference("teams"), required=True),
        _title(),
        Column("problem", Lines()),
        Column("kind", choice(InitiativeKind.values), default=InitiativeKind.GOAL),
        Column("origin", choice(Origin.values), default=Origin.TEAM),
        Column("effort", Amount(5, 2, Decimal(0), Decimal("99999.99"), above=True)),
        Column("status", choice(InitiativeStatus.values), default=InitiativeStatus.PROPOSED),
        STARTS_ON,
        ENDS_ON,
        OWNER,
        Column("url", Web()),
        Column("touched_on", Day(past=True), keeps=True),
        Column("declaration", Lines(fields.LINES_LIMIT)),
        Column("status_reason", Lines(fields.LINES_LIMIT)),
        Column("learned", Lines(fields.LINES_LIMIT)),
        Column("labels", Labels()),
        Column("contributors", References("people", "teams_contributor", "initiative_id"), field="person_id"),
    ),
)
LINKS = Table(
    "links",
    "alignment_link",
    ("initiative", "goal"),
    (
        Column("initiative", Reference("initiatives"), required=True),
        Column("goal", Reference("goals"), required=True),
        Column("share", Amount(1, 6, Decimal(0), Decimal(1), above=True)),
        Column("rationale", Lines(fields.LINES_LIMIT)),
        Column("state", choice(LinkState.values), default=LinkState.CLAIMED),
        Column("evidence", Line(fields.SENTENCE_LIMIT)),
        Column("review_on", Day()),
        Column("outcome", choice(Outcome.values), default=Outcome.UNTESTED),
        Column("confirmed_on", Day(past=True), keeps=True, instant="confirmed_at"),
        Column("measure", Reference("measures")),
        Column("expected_change", MEASURED),
        Column("note", Lines(fields.LINES_LIMIT)),
        Column("judged_by", Reference("people")),
        Column("judged_on", Day(past=True)),
        Column("outcome_note", Lines(fields.LINES_LIMIT)),
        Column("pages", References("context", "alignment_linkpage", "link_id"), field="page_id"),
        Column("personas", References("personas", "alignment_linkpersona", "link_id"), field="persona_id"),
    ),
)
SUPPORT = Table(
    "support",
    "teams_support",
    ("initiative", "team", "key"),
    (
        Column("initiative", Reference("initiatives"), required=True),
        Column("team", Reference("teams"), required=True),
        Column("ask", Line(fields.SENTENCE_LIMIT)),
        Column("size", choice(SupportSize.values), default=SupportSize.MEDIUM),
        Column("status", choice(SupportStatus.values), default=SupportStatus.ASKED),
        Column("asked_on", Day(past=True), keeps=True),
        Column("answer", Line(fields.SENTENCE_LIMIT)),
        Column("key", Key()),
        Column("needed_on", Day()),
        Column("due_on", Day()),
        Column("unconfirmed", YesOrNo(), default="no"),
        Column("thanks", Line(fields.SENTENCE_LIMIT)),
        Column("offered", YesOrNo(), default="no"),
    ),
)
CHECK_INS = Table(
    "check_ins",
    "strategy_checkin",
    ("measure", "at"),
    (
        Column("measure", Reference("measures"), required=True),
        Column("on", Day(past=True), required=True, told=COMPANY_DAY),
        Column("value", MEASURED, required=True),
        Column("confidence", choice(Confidence.values)),
        Column("note", Lines(fields.LINES_LIMIT)),
        Column("by", Reference("people"), field="person_id"),
        Column("at", Instant()),
        Column("corrects", Instant()),
    ),
    immutable=True,
)
FLAG_SUBJECTS = {
    Subject.INITIATIVE: INITIATIVES,
    Subject.GOAL: GOALS,
    Subject.STRATEGY: STRATEGIES,
    Subject.TEAM: TEAMS,
}
ABOUT = ", ".join(
    f"(SELECT key FROM {table.target} WHERE id = t.{subject.value}_id)"  # noqa: S608 - our own names
    for subject, table in FLAG_SUBJECTS.items()
)
FLAGS = Table(
    "flags",
    "alignment_flag",
    ("code", "about"),
    (
        Column("code", choice(FlagCode.values), required=True),
        Column("about", Line(REFERENCE_LIMIT), required=True, told=f"coalesce({ABOUT})", advice=WHAT_IT_IS_ABOUT),
        Column("first_seen_on", Day(past=True), keeps=True, field="first_seen"),
        Column("snoozed_until", Day()),
        Column("snooze_reason", Line(fields.SENTENCE_LIMIT)),
        Column("snoozed_by", Reference("people")),
    ),
    computed=True,
    only="t.resolved_on IS NULL",
)
