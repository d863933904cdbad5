"""The steps of the guided path: what to see or do, as whom, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import F, OuterRef, Subquery
from django.http import HttpRequest
from django.urls import reverse

from alignment.enums import FlagCode, LinkState
from alignment.models import InitiativeFigures, Link
from alignment.selectors.people.own import OwnWork, own_work
from demo.cast import ADMIN, LEAD, LEADER, MEMBER, VIEWER, Part
from demo.people import BY_EMAIL
from digest.enums import DigestState
from digest.models import Digest
from lib.http.access import query
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from teams.enums import InitiativeStatus
from teams.models import Person
from web.figures.figures import initiatives_url

OWN_WORK = 30
"""How many of a person's initiatives are searched for one that reaches something, and one that does not."""


@dataclass(frozen=True)
class Place:
    """A page, and what the link to it says."""

    url: str
    label: str


class Seen:
    """Caches what one request for the path looks up, so that each query runs once."""

    def __init__(self, people: dict[str, Person]) -> None:
        self.people = people
        self._work: dict[int, list[OwnWork]] = {}

    def work(self, person: Person) -> list[OwnWork]:
        if person.pk not in self._work:
            self._work[person.pk] = own_work(person, limit=OWN_WORK)
        return self._work[person.pk]


Find = Callable[[Person, Seen], Place | None]
Visit = Callable[[HttpRequest], bool]


def _no_visit(_request: HttpRequest) -> bool:
    return False


@dataclass(frozen=True)
class Step:
    """Something to see or to do as `part`. `find` looks for the place in today's data; where it finds nothing, `gone`
    says why and `otherwise` is the place. Without `find`, `otherwise` is the place. A step is done by a `visit` of a
    page, or by one of the log's actions in `deeds`, by anybody of the cast or, where it is `own`, by the part."""

    key: str
    part: Part
    title: str
    why: str
    otherwise: Callable[[], Place]
    find: Find | None = None
    gone: str = ""
    visit: Visit = _no_visit
    deeds: frozenset[str] = frozenset()
    own: bool = False

    def is_of(self, email: str) -> bool:
        return email == self.part.email if self.own else email in BY_EMAIL


def _reach(work: OwnWork) -> float:
    return work.figures.aligned - work.figures.orphaned


def _reaching(person: Person, seen: Seen) -> Place | None:
    """The work that reaches the strategy with most effort."""
    work = max((one for one in seen.work(person) if one.figures.aligned > 0), key=_reach, default=None)
    return Place(reverse("initiative_detail", args=[work.key]), f"“{work.title}”") if work else None


def _to_link(person: Person, seen: Seen) -> Place | None:
    """The work that reaches nothing with most effort."""
    work = min((one for one in seen.work(person) if one.figures.orphaned > 0), key=_reach, default=None)
    return Place(reverse("link_new", args=[work.key]), f"Link “{work.title}” to a goal") if work else None


def _digest(person: Person, _seen: Seen) -> Place | None:
    sent = Digest.objects.visible_to(person).filter(state=DigestState.SENT).defer("content")
    digest = sent.order_by("-week").first()
    return Place(reverse("digest_detail", args=[digest.iso_week]), f"“{digest.subject}”") if digest else None


def _to_judge(person: Person, _seen: Seen) -> Place | None:
    """An unjudged bet on a goal of theirs, of the largest work."""
    claimed = Link.objects.visible_to(person).filter(
        goal__owner=person, state=LinkState.CLAIMED, initiative__status=InitiativeStatus.ACTIVE
    )
    link = claimed.select_related("initiative").order_by("-initiative__figures__aligned", "pk").first()
    return Place(reverse("link_endorsement", args=[link.pk]), f"The bet of “{link.initiative}”") if link else None


def _to_publish(person: Person, _seen: Seen) -> Place | None:
    """A draft goal of a published strategy, the company's before the teams'; otherwise one of a draft strategy, as
    "draft" sorts before "published"."""
    root = Strategy.objects.filter(goals__pk=OuterRef("path__0"))
    drafts = (
        Goal.objects.visible_to(person)
        .filter(status=GoalStatus.DRAFT)
        .annotate(**{f"strategy_{name}": Subquery(root.values(name)) for name in ("key", "title", "status")})
        .exclude(strategy_status=StrategyStatus.ARCHIVED)
    )
    by_strategy = F("strategy_status").desc(nulls_last=True)
    goal: Any = drafts.order_by(by_strategy, F("team").asc(nulls_first=True), "pk").first()
    if goal is None:
        return None
    if goal.strategy_status == StrategyStatus.DRAFT:
        return Place(reverse("strategy_publication", args=[goal.strategy_key]), f"Publish “{goal.strategy_title}”")
    return Place(reverse("goal_activation", args=[goal.key]), f"Publish “{goal}”")


def _tree(person: Person, _seen: Seen) -> Place | None:
    """The goals of what is published, the last strategy first."""
    rows = Strategy.objects.visible_to(person).filter(status=StrategyStatus.PUBLISHED)
    strategy = rows.order_by(F("starts_on").desc(nulls_last=True), "pk").first()
    if strategy is None:
        return None
    return Place(reverse("strategy_goals", args=[strategy.key]), f"The goals of “{strategy}”, as a tree")


def _opens(*url_names: str, **asked: str) -> Visit:
    """A visit of one of these pages, with `asked` in its query string."""

    def visit(request: HttpRequest) -> bool:
        match = request.resolver_match
        wanted = all(request.GET.get(name) == value for name, value in asked.items())
        return match is not None and match.url_name in url_names and wanted

    return visit


def _sees_a_line(request: HttpRequest) -> bool:
    """A visit of an initiative that reaches the strategy."""
    match = request.resolver_match
    if match is None or match.url_name != "initiative_detail":
        return False
    return InitiativeFigures.objects.filter(initiative__key=match.kwargs["key"], aligned__gt=0).exists()


def _as(part: Part, visit: Visit) -> Visit:
    return lambda request: getattr(request.user, "email", "") == part.email and visit(request)


STEPS = (
    Step(
        key="orphans",
        part=LEADER,
        title="Find the work that reaches nothing",
        why="Good work can serve no goal at all, and nobody notices as long as it is done well. Here each piece of "
        "work is followed upwards, and what reaches no published strategy gets a flag that asks, not a verdict.",
        otherwise=lambda: Place(
            reverse("flag_list") + query({}, code=FlagCode.ORPHAN), "The work that reaches no strategy"
        ),
        visit=_opens("flag_list", code=FlagCode.ORPHAN),
    ),
    Step(
        key="line",
        part=MEMBER,
        title="Follow today’s work to the purpose",
        why="Priya sees why her work matters without having to ask: from the initiative over its goals up to the "
        "strategy. Every link says in the team’s own words how the work moves the goal.",
        find=_reaching,
        otherwise=lambda: Place(initiatives_url(part="aligned"), "All work that reaches the strategy"),
        gone="None of Priya’s own work reaches the strategy at present, so look at that of others.",
        visit=_sees_a_line,
    ),
    Step(
        key="link",
        part=MEMBER,
        title="Link a piece of work",
        why="A piece of Priya’s work reaches nothing yet. Choose a goal, say in a sentence how the work moves it, and "
        "see what that would do. Once it is linked the figures follow at once, and the message takes it back.",
        find=_to_link,
        otherwise=lambda: Place(initiatives_url(part="orphaned"), "All work that reaches nothing"),
        gone="All of Priya’s work is accounted for by now. Choose a piece that still reaches nothing.",
        deeds=frozenset({"link.made"}),
    ),
    Step(
        key="answer",
        part=LEAD,
        title="Answer what waits for you",
        why="Whatever asks something of Tomasz is in one list, first what most effort hangs on. A team answers where "
        "it reads it: link it, declare it, confirm it, stop it, or put it off with a reason. Then the next one is "
        "there.",
        otherwise=lambda: Place(reverse("waiting_list"), "What waits for Tomasz"),
        deeds=frozenset(
            {
                *("link.made", "link.edited", "link.removed", "link.confirmed", "link.outcome_recorded"),
                *("initiative.edited", "initiative.confirmed", "initiative.kind_declared"),
                *("initiative.status_changed", "initiative.shares_set", "flag.snoozed"),
                *("team.mission_set", "team.stance_set"),
            }
        ),
        own=True,
    ),
    Step(
        key="digest",
        part=LEAD,
        title="Read Monday’s digest",
        why="Once a week a digest says what moved for the team and why, what changed for its work, and what waits, "
        "each answered in one click. When there is nothing new, no digest comes.",
        find=_digest,
        otherwise=lambda: Place(reverse("digest_next"), "The next digest, as it would be now"),
        gone="No digest has been sent yet. The next one can be read as a draft.",
        visit=_opens("digest_detail", "digest_next"),
    ),
    Step(
        key="judge",
        part=LEADER,
        title="Say whether you share a belief",
        why="A link is a team’s bet, and whoever owns the goal may endorse it or dispute it. Nobody approves plans "
        "here: a dispute says why, and what the team answers is theirs.",
        find=_to_judge,
        otherwise=lambda: Place(reverse("strategy_list"), "The strategy and its goals"),
        gone="Every bet on Ruth’s goals has been judged. What was said stands on the page of each goal.",
        deeds=frozenset({"link.endorsed", "link.disputed"}),
    ),
    Step(
        key="tree",
        part=LEADER,
        title="Write goals as a tree",
        why="All goals of a strategy stand on one page as they hang together. Add one, put another below it, give it a "
        "weight and an owner, and save the whole; what is published changes by an amendment, with its reason.",
        find=_tree,
        otherwise=lambda: Place(reverse("strategy_new"), "Begin a strategy"),
        visit=_as(LEADER, _opens("strategy_goals")),
    ),
    Step(
        key="publish",
        part=LEADER,
        title="Publish a goal",
        why="What publishing would do is shown before it is done: coverage of the company and of each team, the work "
        "that would be left without a goal, and the goals without work. Then it is one button.",
        find=_to_publish,
        otherwise=lambda: Place(reverse("strategy_new"), "Begin a strategy"),
        gone="Everything is published by now. Write a strategy of your own, add a goal, and see what publishing does.",
        deeds=frozenset({"goal.activated", "strategy.published"}),
    ),
    Step(
        key="glance",
        part=VIEWER,
        title="See the company at a glance",
        why="Helen reads where the effort goes and why, down to each piece of work, and changes nothing. Drafts and "
        "confidential goals stay out of her sight, while every sum includes them.",
        otherwise=lambda: Place(reverse("home"), "The company as the board sees it"),
        visit=_as(VIEWER, _opens("home")),
    ),
    Step(
        key="preview",
        part=ADMIN,
        title="Look at a digest before it leaves",
        why="Nothing is mailed before an administrator has seen it. Here are the next digests as a leader, a team lead "
        "and a member would get them.",
        otherwise=lambda: Place(reverse("digest_preview"), "The next digests"),
        visit=_opens("digest_preview"),
    ),
)
BY_KEY = {step.key: step for step in STEPS}


def seen_in(request: HttpRequest, done: frozenset[str]) -> frozenset[str]:
    """The steps, of those not done before, that a successful visit of this page does."""
    if request.method != "GET" or getattr(request.user, "email", "") not in BY_EMAIL:
        return frozenset()
    return frozenset(step.key for step in STEPS if step.key not in done and step.visit(request))
