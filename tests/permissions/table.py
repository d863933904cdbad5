"""Every URL × method, and what each role gets there: the one table of who may do what.

A row for each url name and method. `args` makes the arguments of the address from the World (below), `data` what is
posted. Statuses are those for nobody signed in, a viewer, a member, a leader and an administrator, in this order.
An address whose answer depends on the object has a row for each case (own, confidential, missing …), named by `case`.
`queries` are further query strings to fetch a GET with (filters, searches, sorts) when looking for secrets; {word} in
one is replaced by a secret word, {key} by what the keys of secret rows begin with. A method without a row must be
answered with 405.

To add a page: add its rows to ROWS. To need a new object: add a field to World.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils.http import int_to_base36

from alignment.enums import FlagCode
from strategy.enums import StrategyStatus, Visibility
from strategy.models import Goal, Strategy
from teams.enums import TeamRole
from teams.models import Initiative, Person, Team
from teams.services.links import LinkTokens
from tests import factories as make

ROLES = ("anonymous", "viewer", "member", "leader", "admin")

# Every secret text holds both words, every secret key the first. Pages may repeat what was asked for, so the first word
# is asked for and the second looked for.
WORD, OTHER_WORD = "zanzibarium", "quaggafoil"
SECRET = f"{WORD} {OTHER_WORD}"
SECRET_KEY = f"{WORD}-row"


@dataclass
class World:
    """A company with something of everybody's, and secrets: a draft strategy, confidential goals, their links."""

    people: dict[str, Person]
    imported: Person
    team: Team
    initiative: Initiative
    strategy: Strategy
    goal: Goal
    draft: Strategy
    draft_goal: Goal
    confidential: Goal
    below_confidential: Goal


@dataclass(frozen=True)
class Row:
    name: str
    statuses: tuple[int, int, int, int, int]
    method: str = "get"
    case: str = ""
    args: Callable[[World], dict[str, Any]] = lambda world: {}
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    queries: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.name}{f' ({self.case})' if self.case else ''}"


EVERYBODY = (302, 200, 200, 200, 200)  # signed in; others are sent to the sign-in page
OPEN = (200, 200, 200, 200, 200)
MISSING = (302, 404, 404, 404, 404)
CONFIDENTIAL = (302, 404, 404, 200, 200)  # leaders and administrators
API_EVERYBODY = (401, 200, 200, 200, 200)
API_CONFIDENTIAL = (401, 404, 404, 200, 200)
API_MISSING = (401, 404, 404, 404, 404)
NOWHERE = (404, 404, 404, 404, 404)
ADMINISTRATORS = (302, 403, 403, 403, 302)  # a POST, which ends in a redirect


def person(world: World) -> dict[str, Any]:
    return {"pk": world.people["outsider"].pk}


def imported(world: World) -> dict[str, Any]:
    return {"pk": world.imported.pk}


def nobody(_world: World) -> dict[str, Any]:
    return {"pk": 2**40}


def one_time_link(world: World) -> dict[str, Any]:
    outsider = world.people["outsider"]
    return {"uidb36": int_to_base36(outsider.pk), "key": LinkTokens().make_token(outsider)}


def key(of: str) -> Callable[[World], dict[str, Any]]:
    """The address of the World's object of this name."""
    return lambda world: {"key": getattr(world, of).key}


def no_key(_world: World) -> dict[str, Any]:
    return {"key": "there-is-no-such-thing"}


def new_role(world: World) -> dict[str, Any]:
    return {"role": "leader", "version": world.people["outsider"].version}


SIGNED_OUT_ONLY = (200, 302, 302, 302, 302)

ROWS = [
    # Signing in
    Row("account_login", SIGNED_OUT_ONLY),
    Row("account_login", SIGNED_OUT_ONLY, "post"),
    Row("account_logout", (302, 200, 200, 200, 200)),
    Row("account_logout", (302, 302, 302, 302, 302), "post"),
    Row("account_inactive", OPEN),
    Row("account_change_password", EVERYBODY),
    Row("account_change_password", EVERYBODY, "post"),
    Row("account_reset_password", OPEN),
    Row("account_reset_password", OPEN, "post"),
    Row("account_reset_password_done", OPEN),
    Row("account_reset_password_from_key", (302, 302, 302, 302, 302), args=one_time_link),
    Row("account_reset_password_from_key", OPEN, case="ended", args=lambda world: {"uidb36": "1", "key": "abc-def"}),
    Row("account_reset_password_from_key", OPEN, "post", args=lambda world: {"uidb36": "1", "key": "set-password"}),
    # People
    Row("person_list", EVERYBODY, queries=("q={word}", "role=admin", "state=not_invited", "after=bm9uc2Vuc2U")),
    Row("invitations", (302, 403, 403, 403, 422), "post", case="blank"),
    Row(
        "invitations",
        ADMINISTRATORS,
        "post",
        data=lambda world: {"name": "New", "email": "new@example.com", "role": "viewer"},
    ),
    Row("person_invitation", ADMINISTRATORS, "post", args=imported),
    Row("person_invitation", MISSING, "post", case="missing", args=nobody),
    Row("person_role", ADMINISTRATORS, "post", args=person, data=new_role),
    Row("person_role", ADMINISTRATORS, "post", case="own", args=lambda world: {"pk": world.people["viewer"].pk}),
    Row("person_role", MISSING, "post", case="missing", args=nobody),
    # Strategy
    Row("home", EVERYBODY),
    Row(
        "flag_list",
        EVERYBODY,
        queries=("code=disconnected", "code=expired", "code=uncovered", "subject=goal", "team=crew", "mine=yes"),
    ),
    Row("strategy_list", EVERYBODY, queries=("q={word}",)),
    Row("strategy_detail", EVERYBODY, args=key("strategy")),
    Row("strategy_detail", CONFIDENTIAL, case="draft", args=key("draft")),
    Row("strategy_detail", MISSING, case="missing", args=no_key),
    Row("goal_detail", EVERYBODY, args=key("goal")),
    Row("goal_detail", CONFIDENTIAL, case="in a draft", args=key("draft_goal")),
    Row("goal_detail", CONFIDENTIAL, case="confidential", args=key("confidential")),
    Row("goal_detail", CONFIDENTIAL, case="below a confidential one", args=key("below_confidential")),
    Row("goal_detail", MISSING, case="missing", args=no_key),
    # Teams and their work
    Row("team_list", EVERYBODY, queries=("q={word}",)),
    Row("team_detail", EVERYBODY, args=key("team")),
    Row("team_detail", MISSING, case="missing", args=no_key),
    Row(
        "initiative_list",
        EVERYBODY,
        queries=(
            *(f"sort={sort}" for sort in ("effort", "-effort", "-touched", "nonsense")),
            *(f"goal={{key}}-{name}" for name in ("confidential", "below", "in-draft", "own")),
            *("part=aligned", "flag=disconnected", "status=any", "team=crew", "mine=yes", "after=W10"),
        ),
    ),
    Row("initiative_detail", EVERYBODY, args=key("initiative")),
    Row("initiative_detail", MISSING, case="missing", args=no_key),
    # API
    Row("api_schema", API_EVERYBODY),
    Row("api_report", API_EVERYBODY, queries=("as_of=2026-03-16", "as_of=2030-01-01")),
    Row("api_team_list", API_EVERYBODY, queries=("mission_goals={key}-confidential",)),
    Row("api_team_detail", API_EVERYBODY, args=key("team")),
    Row("api_team_detail", API_MISSING, case="missing", args=no_key),
    Row(
        "api_goal_list",
        API_EVERYBODY,
        queries=(
            "parent={key}-confidential",
            "strategy={key}-draft",
            "team=crew",
            "visibility=leaders",
            "key={key}-own",
        ),
    ),
    Row("api_goal_detail", API_EVERYBODY, args=key("goal")),
    Row("api_goal_detail", API_CONFIDENTIAL, case="in a draft", args=key("draft_goal")),
    Row("api_goal_detail", API_CONFIDENTIAL, case="confidential", args=key("confidential")),
    Row("api_goal_detail", API_CONFIDENTIAL, case="below a confidential one", args=key("below_confidential")),
    Row("api_goal_detail", API_MISSING, case="missing", args=no_key),
    Row("api_initiative_list", API_EVERYBODY, queries=("team=crew", "status=active")),
    Row("api_initiative_detail", API_EVERYBODY, args=key("initiative")),
    Row("api_initiative_detail", API_MISSING, case="missing", args=no_key),
    *(Row("api_nothing_here", NOWHERE, method) for method in ("get", "post", "put", "patch", "delete")),
]


def build_world() -> World:
    """People are called after their role; `outsider` is a member on no team, who owns nothing."""
    people = {
        "viewer": make.ViewerFactory(),
        "member": make.PersonFactory(),
        "leader": make.LeaderFactory(),
        "admin": make.AdminFactory(),
        "outsider": make.PersonFactory(),
    }
    team = make.TeamFactory(key="crew")
    make.MembershipFactory(team=team, person=people["viewer"])
    make.MembershipFactory(team=team, person=people["member"], role=TeamRole.LEAD)
    strategy = make.StrategyFactory(key="open", owner=people["leader"])
    goal = make.GoalFactory(key="open-goal", strategy=strategy)
    initiative = make.InitiativeFactory(key="work", team=team, owner=people["member"])
    make.LinkFactory(initiative=initiative, goal=goal)
    draft = make.StrategyFactory(
        key=f"{SECRET_KEY}-draft", title=f"Draft {SECRET}", narrative=SECRET, status=StrategyStatus.DRAFT
    )
    draft_goal = _secret_goal("in-draft", strategy=draft)
    confidential = _secret_goal("confidential", strategy=strategy, visibility=Visibility.LEADERS)
    below = _secret_goal("below", parent=confidential)
    teams_own = _secret_goal("own", team=team, visibility=Visibility.LEADERS)
    for secret in (draft_goal, confidential, below, teams_own):
        measure = make.MeasureFactory(goal=secret, key=f"{secret.key}-measure", title=f"Measure {SECRET}", unit=WORD)
        make.LinkFactory(
            initiative=initiative,
            goal=secret,
            rationale=f"Because {SECRET}",
            evidence=f"We would see {SECRET}",
            measure=measure,
        )
        make.MissionGoalFactory(team=team, goal=secret)
        make.FlagFactory(initiative=None, goal=secret, code=FlagCode.UNCOVERED)
        make.FlagFactory(initiative=None, goal=secret, code=FlagCode.EXPIRED)
    make.FlagFactory(initiative=initiative, code=FlagCode.DISCONNECTED)
    _link_with_secret_measure(initiative, make.GoalFactory(key="half-open", strategy=strategy))
    return World(
        people,
        make.PersonFactory(imported=True),
        team,
        initiative,
        strategy,
        goal,
        draft,
        draft_goal,
        confidential,
        below,
    )


def _link_with_secret_measure(initiative: Initiative, goal: Goal) -> None:
    """A link that everybody sees, whose measure is of a confidential goal further down."""
    hidden = _secret_goal("deeper", parent=goal, visibility=Visibility.LEADERS)
    measure = make.MeasureFactory(goal=hidden, key=f"{SECRET_KEY}-deep", title=f"Measure {SECRET}", unit=WORD)
    make.LinkFactory(initiative=initiative, goal=goal, measure=measure, expected_change=5)


def _secret_goal(name: str, **values: Any) -> Goal:
    return make.GoalFactory(key=f"{SECRET_KEY}-{name}", title=f"Goal {SECRET} {name}", why=f"Why {SECRET}", **values)
