"""Back-briefs: whoever works on what was just published says in their own words what it asks, and why.

When an edition brings a company goal, or changes what one means, the teams that work on it are asked, one conversation
a team and edition. Their answer confirms their links again. Whoever answers for the strategy says whether that is what
was meant; it approves no plan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from alignment.models import Link
from alignment.rules import was_confirmed_before
from alignment.services.links import confirm_link
from conversations.enums import Side
from conversations.kinds import Ending, ThreadKind, register_thread_kind
from conversations.models import Message, Thread
from conversations.rules import is_on
from conversations.services.threads import begun, ended, open_threads, write_message
from conversations.topics import answered_rows, leads_of
from lib.services.edits import locked
from lib.services.errors import RefusedError
from lib.services.finishing import Written
from lib.services.writes import writes
from strategy.enums import EditionKind, StrategyStatus
from strategy.models import Edition, EditionGoal, Goal, Strategy
from teams.enums import InitiativeStatus
from teams.models import Person, Team
from teams.selectors.company import company_day

BACK_BRIEF = "back_brief"
UNDERSTOOD, CHANGED, ANEW, GONE = "understood", "changed", "anew", "gone"
DAYS = 5
QUESTION = (
    "In your own words: what does this edition ask of you, and why? What will you do, and what do you need for it?"
)
NOT_THE_LAST = "Teams are asked about the last edition of a published strategy. Ask about that one."
NOT_ASKED = "{} was asked about it already, is not here, or has nobody who leads it."
ASKING = frozenset({"strategy.published", "strategy.amended", "goal.activated"})
ENDING = frozenset({"strategy.unpublished", "strategy.edition_taken_back", "strategy.archived"})
"""Actions after which teams are asked, and after which nobody is any more."""

register_thread_kind(
    ThreadKind(
        code=BACK_BRIEF,
        label="Back-brief",
        about=("strategy",),
        days=DAYS,
        endings={
            UNDERSTOOD: Ending("Yes, that is it", "understood as it was meant"),
            CHANGED: Ending("You changed my mind", "it changed the plan"),
        },
        settled={ANEW: "asked anew with a later edition", GONE: "no longer asked"},
        asked_by=lambda person: answered_rows(Strategy.objects.all(), person),
        asked_owner="owner",
    )
)


def ask_for_back_briefs(written: Written) -> None:
    """The step at the end of every write that published something (`lib.services.finishing`). One query where nothing
    was; what a bundle or the system published asks nobody.
    """
    entries = [entry for entry, _refs in written.entries]
    for entry in entries:
        if entry.action in ENDING and entry.actor is not None:
            _end(_open_of(entry.subject_id or 0), GONE, actor=entry.actor, at=entry.at)
    if any(entry.action in ASKING or "meaning_changed_on" in entry.changes for entry in entries):
        kinds = (EditionKind.PUBLISHED, EditionKind.AMENDED)
        made = Edition.objects.filter(entry__in=entries, kind__in=kinds).exclude(person=None)
        for edition in made.select_related("person", "strategy"):
            _ask(edition)


def _ask(edition: Edition) -> None:
    actor, teams = edition.person, list(asked_teams(edition))
    if actor is None or not teams:
        return
    former = _open_of(edition.strategy_id).filter(answers_kind="team", answers_id__in=[team.pk for team in teams])
    _end(former, ANEW, actor=actor, at=edition.at)
    day = company_day(edition.at)
    threads = [_begun(edition, team, actor, edition.at, day) for team in teams]
    open_threads(threads, QUESTION, actor=actor, at=edition.at)


@writes(permission="strategy.amend_strategy", of="strategy")
def ask_back_brief(edition: Edition, team: Team, *, actor: Person, at: dt.datetime) -> Thread:
    """Asks a team that was not asked when the edition was published, as leaders would have it say what it means for it.

    Raises RefusedError where a later edition rests on this one, its strategy is not published, or the team was asked
    about it or cannot answer.
    """
    locked(team)
    if edition.strategy.status != StrategyStatus.PUBLISHED or edition.number != edition.strategy.editions.count():
        raise RefusedError(NOT_THE_LAST)
    if not may_be_asked(edition).filter(pk=team.pk).exists():
        raise RefusedError(NOT_ASKED.format(team))
    _end(_open_of(edition.strategy_id).filter(answers_kind="team", answers_id=team.pk), ANEW, actor=actor, at=at)
    thread = _begun(edition, team, actor, at, company_day(at))
    open_threads([thread], QUESTION, actor=actor, at=at)
    return thread


def may_be_asked(edition: Edition) -> QuerySet[Team]:
    """Teams that are here, have leads, and were not asked about the edition, unordered."""
    asked = back_briefs(edition).filter(answers_kind="team").values("answers_id")
    return Team.objects.current().here().filter(Exists(leads_of())).exclude(pk__in=asked)


def _begun(edition: Edition, team: Team, actor: Person, at: dt.datetime, day: dt.date) -> Thread:
    about, aspect = ("strategy", edition.strategy_id), edition_aspect(edition)
    return begun(actor, at, day, kind=BACK_BRIEF, about=about, aspect=aspect, answers=("team", team.pk))


def asked_teams(edition: Edition) -> QuerySet[Team]:
    """Teams with leads and with active work linked to a goal that is new in the edition or means something else since,
    or to one below it.
    """
    earlier = EditionGoal.objects.filter(
        goal_id=OuterRef("goal_id"), edition__strategy=edition.strategy_id, edition__number__lt=edition.number
    )
    said = EditionGoal.objects.filter(edition=edition, says__isnull=False)
    if edition.kind != EditionKind.PUBLISHED:
        means_another = Goal.objects.filter(meaning_changed_at=edition.at).values("pk")
        said = said.filter(~Exists(earlier) | Q(goal_id__in=means_another))
    goals = ArraySubquery(said.order_by().values("goal_id"))
    work = Link.objects.filter(goal__path__overlap=goals, initiative__status=InitiativeStatus.ACTIVE)
    teams = Team.objects.current().here().filter(pk__in=work.order_by().values("initiative__team"))
    return teams.filter(Exists(leads_of())).order_by("pk")


def edition_aspect(edition: Edition) -> str:
    """What of the strategy the threads are about."""
    return f"edition-{edition.number}"


def back_briefs(edition: Edition) -> QuerySet[Thread]:
    """Those of an edition, one a team."""
    about = {"about_kind": "strategy", "about_id": edition.strategy_id, "aspect": edition_aspect(edition)}
    return Thread.objects.filter(kind=BACK_BRIEF, **about)


def with_asked(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Adds `asked`, how many teams were asked about each."""
    aspect = Concat(Value("edition-"), Cast(OuterRef("number"), CharField()))
    rows = Thread.objects.filter(
        kind=BACK_BRIEF, about_kind="strategy", about_id=OuterRef("strategy_id"), aspect=aspect
    )
    return editions.annotate(asked=Subquery(rows.order_by().values(n=Func("pk", function="COUNT"))))


@writes(permission="conversations.write_message")
def answer_back_brief(thread: Thread, *, actor: Person, at: dt.datetime, text: str) -> Message:
    """The team's answer, which confirms those of its links to goals of the strategy that were to be confirmed again;
    anybody else's message is a remark. Raises as `write_message` does.
    """
    answers = thread.turn == Side.ANSWERS and is_on(actor, thread, Side.ANSWERS)
    message = write_message(thread, actor=actor, at=at, text=text)
    if answers:
        for link in _to_confirm(thread):
            if actor.has_perm("alignment.edit_link", link):
                confirm_link(link, actor=actor, at=at)
    return message


def _to_confirm(thread: Thread) -> list[Link]:
    tops = Goal.objects.filter(strategy=thread.about_id, parent=None).order_by().values("pk")
    links = Link.objects.filter(
        initiative__team=thread.answers_id, initiative__status=InitiativeStatus.ACTIVE, goal__path__0__in=tops
    )
    found = links.select_related("initiative__team", "goal__figures").order_by("pk")
    return [link for link in found if was_confirmed_before(link)]


def _open_of(strategy: int) -> QuerySet[Thread]:
    return Thread.objects.open().filter(kind=BACK_BRIEF, about_kind="strategy", about_id=strategy)


def _end(threads: Iterable[Thread], outcome: str, *, actor: Person, at: dt.datetime) -> None:
    for thread in threads:
        ended(thread, outcome, actor=actor, at=at)
