"""What waits for whom (`alignment/waiting/`), against a list made by asking the rules of each thing, one by one."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.enums import LinkState
from alignment.flags import HOUSEKEEPING
from alignment.models import Flag, Link, ProposalWork
from alignment.rules import edits_link, judges_link, snoozes_flag
from alignment.waiting.asks import Held
from alignment.waiting.lists import waiting_for
from conversations.models import Thread
from digest.registry import Batch
from digest.sections.judgements import of_leaders
from strategy.models import ContextPage, EditionGoal, Goal, Measure, Strategy
from strategy.rules import checks_in, edits_context_page
from strategy.selectors.context import is_old
from strategy.selectors.measures import kept_measures
from strategy.selectors.reading import to_read
from teams.enums import GOES_ON, InitiativeStatus, Role, Stance
from teams.models import Company, Initiative, LogEntry, Person, Support, Team
from teams.rules import answers_support, asks_support, is_leader
from tests import factories as make
from tests.alignment.companies import Drawn, companies
from tests.alignment.test_report import move_in
from tests.examples import examples

pytestmark = pytest.mark.django_db

WEEK, DAYS = dt.timedelta(days=7), dt.timedelta(days=3)
ROLES = (Role.ADMIN, Role.LEADER, Role.MEMBER, Role.MEMBER, Role.MEMBER, Role.MEMBER, Role.VIEWER)


class Naive:
    """The company as it is, and what each thing asks of a person on the day `today`."""

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.talked: Counter[int] = Counter()
        """By person, how many links in dispute that they judge were changed, and are talked about."""
        self.teams = {team.pk: team for team in Team.objects.all()}
        fresh = dt.datetime.combine(today - DAYS + dt.timedelta(days=1), dt.time(), dt.UTC)
        told = EditionGoal.objects.filter(edition__at__gte=fresh, edition__kind__in=("published", "amended"))
        self.published = {row.goal_id for row in told}

    def is_here(self, team: Team) -> bool:
        return all(self.teams[pk].is_here for pk in team.path)

    def is_own(self, person: Person, team: Team) -> bool:
        """Whether the person is on the team, or leads one above it."""
        roles = dict(person.memberships.filter(team__archived_on=None).values_list("team_id", "role"))
        return team.pk in roles or any(roles.get(pk) == "lead" for pk in team.path)

    def asks(self, person: Person) -> set[tuple[str, int]]:
        teams = [self.teams[pk] for pk in person.team_roles]
        if teams and not person.sees_everything and not any(map(self.is_here, teams)):
            return set()
        parts = (self.flags, self.links, self.support, self.check_ins, self.pages, self.threads)
        return {ask for part in parts for ask in part(person)}

    def flags(self, person: Person) -> Iterator[tuple[str, int]]:
        for flag in Flag.objects.filter(resolved_on=None).exclude(code__in=HOUSEKEEPING):
            seen = Flag.objects.visible_to(person).filter(pk=flag.pk).exists()
            asleep = flag.snoozed_until is not None and flag.snoozed_until > self.today
            held = self.is_held(person, flag) or self.is_proposed(flag)
            if seen and not asleep and snoozes_flag(person, flag) and not held:
                yield "flag", flag.pk

    def is_proposed(self, flag: Flag) -> bool:
        """Whether its work waits for what becomes of a goal that was proposed."""
        if flag.code not in {"orphan", "disconnected", "partly_orphaned"}:
            return False
        of_work = [row.proposal for row in ProposalWork.objects.filter(initiative=flag.initiative)]
        return any(
            each.thread.outcome == "" or (each.thread.outcome == "accepted" and each.linked_at is None)
            for each in of_work
        )

    def is_held(self, person: Person, flag: Flag) -> bool:
        if flag.first_seen > self.today - DAYS and (flag.code == "reconfirm" or flag.goal_id in self.published):
            return True
        if not is_leader(person) or flag.first_seen <= self.today - WEEK:
            return False
        if flag.initiative is not None:
            return flag.initiative.owner != person and not self.is_own(person, flag.initiative.team)
        return flag.team is not None and not self.is_own(person, flag.team)

    def links(self, person: Person) -> Iterator[tuple[str, int]]:
        for link in Link.objects.filter(initiative__status=InitiativeStatus.ACTIVE):
            if not Goal.objects.visible_to(person).filter(pk=link.goal_id).exists():
                continue
            said = LogEntry.objects.filter(subject_kind="link", subject_id=link.pk).order_by("-id")
            last = said.filter(action__in=("link.disputed", "link.edited")).first()
            talked = Thread.objects.filter(kind="dispute", about_kind="link", about_id=link.pk, outcome="").exists()
            in_dispute = link.state == LinkState.DISPUTED and link.goal.figures.anchored
            disputed = in_dispute and not talked
            answered = last is not None and last.action == "link.edited"
            counts = link.state == LinkState.CLAIMED and hasattr(link, "figures")
            team = None if link.goal.owner or is_leader(person) else link.goal.team
            asks = counts or (disputed and answered)
            if asks and judges_link(person, link) and (team is None or self.is_here(team)):
                yield "judgement", link.pk
            elif in_dispute and answered and judges_link(person, link) and (team is None or self.is_here(team)):
                self.talked[person.pk] += 1
            work = link.initiative
            own = work.owner == person or self.is_own(person, work.team)
            if disputed and not answered and edits_link(person, link) and own and self.is_here(work.team):
                yield "dispute", link.pk

    def support(self, person: Person) -> Iterator[tuple[str, int]]:
        for ask in Support.objects.filter(initiative__status__in=GOES_ON):
            work = ask.initiative
            helps = answers_support(person, ask) and self.is_here(ask.team)
            own = work.owner == person or self.is_own(person, work.team)
            asking = own and asks_support(person, ask) and self.is_here(work.team)
            helping = helps and self.is_own(person, ask.team)
            late = ask.status == "pledged" and ask.due_on is not None and ask.due_on < self.today
            if ask.status == "asked" and not ask.answer:
                waits = helping or (helps and is_leader(person) and self.is_urgent(ask))
            else:
                waits = asking if ask.status == "asked" or ask.unconfirmed else late and (helping or asking)
            if waits:
                yield "support", ask.pk

    def is_urgent(self, ask: Support) -> bool:
        team, active = ask.initiative.team, ask.initiative.status == InitiativeStatus.ACTIVE
        holds = team.stance_until is None or team.stance_until >= self.today
        return active and team.stance == Stance.SPOTLIGHT and holds and self.is_here(team)

    def check_ins(self, person: Person) -> Iterator[tuple[str, int]]:
        asked: dict[str, Any] = {"on": self.today, "by": self.today, "rhythm": "week", "timezone": "UTC"}
        for kept in kept_measures([person.pk], seen_by=person, **asked):
            fresh = kept.said is None and kept.measure.goal_id in self.published
            if kept.is_due and not fresh and checks_in(person, kept.measure):
                yield "check_in", kept.measure.pk

    def pages(self, person: Person) -> Iterator[tuple[str, int]]:
        yield from (("edition", edition.pk) for edition in to_read(person))
        for page in ContextPage.objects.filter(owner=person).exclude(body=""):
            if is_old(page, self.today) and edits_context_page(person, page):
                yield "old_page", page.pk
        for draft in Strategy.objects.filter(owner=person, status="draft"):
            if is_leader(person):
                yield "draft", draft.pk

    def threads(self, person: Person) -> Iterator[tuple[str, int]]:
        for thread in Thread.objects.filter(outcome="").exclude(kind="support"):
            row = TALKED_ABOUT[thread.about_kind].objects.get(pk=thread.about_id)
            seen = type(row).objects.visible_to(person).filter(pk=row.pk).exists()
            if seen and self.is_in_turn(person, thread, row):
                yield "thread", thread.pk

    def is_in_turn(self, person: Person, thread: Thread, row: Any) -> bool:
        if thread.kind == "dispute" and thread.turn == "asks":
            return self.answers(person, row.goal.owner, row.goal.team)
        if thread.turn == "asks":
            return thread.asker_id == person.pk
        if thread.kind == "proposal":
            return self.answers(person, Strategy.objects.get(pk=thread.answers_id).owner, None)
        work = getattr(row, "initiative", row)
        team = work if isinstance(work, Team) else getattr(work, "team", None)
        return self.answers(person, getattr(work, "owner", None), team)

    def answers(self, person: Person, owner: Person | None, team: Team | None) -> bool:
        """The owner, else the leads of the team, else leaders; none of them reads only."""
        if owner is not None and owner.is_active and owner.role != "viewer":
            return owner == person
        places = team.memberships.filter(role="lead") if team and not team.archived_on else ()
        if leads := [each.person for each in places if each.person.is_active and each.person.role != "viewer"]:
            return person in leads
        return is_leader(person)


def help_each_other(rng: Random, today: dt.date, people: list[Person]) -> None:
    """Support that is late or not, terms and offers, what is to be confirmed; and conversations about some, which ask
    nothing by themselves."""
    for ask in Support.objects.order_by("pk"):
        ask.due_on = rng.choice((None, today, today - dt.timedelta(days=1)))
        ask.unconfirmed = ask.status == "delivered" and rng.random() < 0.5
        ask.offered = rng.random() < 0.2
        ask.save()
        if rng.random() < 0.5:
            about = {"kind": "support", "about_kind": "support", "answers_kind": "support", "about_id": ask.pk}
            make.ThreadFactory(**about, asker=rng.choice(people), turn=rng.choice(("asks", "answers", "")))


def talk(rng: Random, today: dt.date, people: list[Person]) -> None:
    """Questions about anything, and disputes, in the turn of either side or ended."""
    at = dt.datetime.combine(today, dt.time(8), dt.UTC)
    for kind, model in TALKED_ABOUT.items():
        for row in rng.sample(list(model.objects.order_by("pk")), k=min(3, model.objects.count())):
            ends = rng.random() < 0.2
            thread = make.ThreadFactory(
                kind="dispute" if kind == "link" and rng.random() < 0.5 else "question",
                about_kind=kind,
                answers_kind=kind,
                about_id=row.pk,
                asker=rng.choice(people),
                turn="" if ends else rng.choice(("asks", "answers")),
                outcome="answered" if ends else "",
                closed_at=at if ends else None,
                turned_at=at,
            )
            make.MessageFactory(thread=thread)


def propose(rng: Random, today: dt.date, people: list[Person]) -> None:
    """Goals, with some work as evidence: in the turn of either side, ended in each way, and published."""
    at = dt.datetime.combine(today, dt.time(8), dt.UTC)
    work, goals = list(Initiative.objects.order_by("pk")), list(Goal.objects.order_by("pk"))
    for strategy in Strategy.objects.order_by("pk")[:4]:
        about = rng.choice([strategy, *strategy.goals.order_by("pk")[:1]])
        outcome = rng.choice(("", "", "accepted", "declined", "withdrawn"))
        thread = make.ThreadFactory(
            kind="proposal",
            about_kind=about._meta.model_name,
            about_id=about.pk,
            answers_kind="strategy",
            answers_id=strategy.pk,
            asker=rng.choice(people),
            turn="" if outcome else rng.choice(("asks", "answers")),
            outcome=outcome,
            closed_at=at if outcome else None,
            turned_at=at,
        )
        make.MessageFactory(thread=thread)
        published = outcome == "accepted" and bool(goals) and rng.random() < 0.5
        given: dict[str, Any] = {"goal": goals.pop(), "linked_at": at} if published else {}
        row = make.ProposalFactory(thread=thread, **given)
        for each in rng.sample(work, k=min(len(work), rng.choice((0, 1, 2)))):
            make.ProposalWorkFactory(proposal=row, initiative=each)


TALKED_ABOUT: dict[str, Any] = {
    "goal": Goal,
    "link": Link,
    "initiative": Initiative,
    "team": Team,
    "strategy": Strategy,
    "contextpage": ContextPage,
}


def populate(rng: Random, today: dt.date) -> list[Person]:
    """People of all roles on the teams and with things of their own, and findings of several ages."""
    people = [make.PersonFactory(role=role) for role in ROLES]
    Company.objects.update(timezone="UTC", check_in_rhythm="week")
    for person in people[1:]:
        teams = list(Team.objects.order_by("pk"))
        for team in rng.sample(teams, k=min(rng.choice((0, 1, 1, 2)), len(teams))):
            make.MembershipFactory(team=team, person=person, role=rng.choice(("member", "lead")))
    anybody: list[Any] = [*people, None]
    for rows, field in ((Initiative, "owner"), (Goal, "owner"), (Strategy, "owner"), (Measure, "keeper")):
        for row in rows.objects.order_by("pk"):
            rows.objects.filter(pk=row.pk).update(**{field: rng.choice(anybody)})
    for flag in Flag.objects.order_by("pk"):
        until = today + dt.timedelta(days=1) if rng.random() < 0.1 else None
        seen = today - dt.timedelta(days=rng.choice((0, 2, 3, 6, 7, 20)))
        Flag.objects.filter(pk=flag.pk).update(
            first_seen=seen, snoozed_until=until, snooze_reason="So." if until else ""
        )
    for link in Link.objects.filter(state=LinkState.DISPUTED).order_by("pk"):
        make.LogEntryFactory(
            action=rng.choice(("link.disputed", "link.edited")), subject_kind="link", subject_id=link.pk
        )
    _publish(rng, today, people)
    talk(rng, today, people)
    propose(rng, today, people)
    help_each_other(rng, today, people)
    return people


def _publish(rng: Random, today: dt.date, people: list[Person]) -> None:
    for strategy in Strategy.objects.filter(status="published").order_by("pk"):
        at = dt.datetime.combine(today - dt.timedelta(days=rng.choice((0, 2, 3, 9))), dt.time(8), dt.UTC)
        number = strategy.editions.count() + 1
        edition = make.EditionFactory(strategy=strategy, number=number, at=at, because="So.", person=people[0])
        for goal in Goal.objects.filter(path__0__in=strategy.goals.values("pk")).order_by("pk"):
            if rng.random() < 0.5:
                make.EditionGoalFactory(edition=edition, goal_id=goal.pk)
    for person in people:
        old = today - dt.timedelta(days=rng.choice((0, 180, 181)))
        make.StrategyFactory(owner=person, status="draft")
        make.ContextPageFactory(owner=person, body=rng.choice(("", "So.")), confirmed_on=rng.choice((None, old)))


def found_for(person: Person, at: dt.datetime, as_of: dt.date) -> Any:
    return waiting_for(person, Company.objects.get(), as_of=as_of, at=at)


def told_to_judge(person: Person, at: dt.datetime) -> int:
    """How many links their digest says wait for their endorsement."""
    batch = Batch([person], since=at, at=at)
    [recipient] = batch.recipients
    section = of_leaders(batch)(recipient, None)
    return int(section.news.split()[0]) if section and section.news and recipient.is_asked else 0


@pytest.mark.slow
@settings(
    max_examples=examples(8),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
@given(companies(), st.integers(0, 2**32))
def test_each_thing_is_on_the_lists_of_those_who_can_act_on_it_and_on_no_other(drawn: Drawn, seed: int):
    with transaction.atomic():
        move_in(drawn.bundle, drawn.today)
        at = dt.datetime.combine(drawn.today, dt.time(12, 30), dt.UTC)
        people, naive = populate(Random(seed), drawn.today), Naive(drawn.today)
        for person in people:
            found = found_for(person, at, drawn.today)
            asks = [(ask.source, ask.pk) for entry in found.entries for ask in entry.asks]
            assert len(asks) == len(set(asks))
            there = Person.objects.get(pk=person.pk)
            assert set(asks) == naive.asks(there), (person.role, person.team_roles)
            judged = sum(1 for source, _pk in asks if source == "judgement")
            assert judged + naive.talked[person.pk] == told_to_judge(there, at)
        transaction.set_rollback(True)


@pytest.fixture
def leader(firm):
    return firm.leader


def waiting(person: Person, *, after: int = 8) -> Any:
    return found_for(person, make.NOW + dt.timedelta(days=after), make.DAY)


def weights(found: Any) -> list[tuple[str, float]]:
    return [(entry.name, round(entry.weight, 6)) for entry in found.entries]


def test_what_most_effort_hangs_on_comes_first(firm):
    """Worked by hand from tests/firm.py: teams by the effort of their work, links by what they bring to their goals
    (Faster gives 3 of its 4 weeks to Retention), lost work by what reaches nothing."""
    found = waiting(firm.leader)
    name = {f"team-{team.pk}": team.key for team in Team.objects.all()}
    name |= {f"goal-{goal.pk}": goal.key for goal in Goal.objects.all()}
    name |= {f"initiative-{work.pk}": work.key for work in Initiative.objects.all()}

    assert [(name[which], weight) for which, weight in weights(found)] == [
        ("search", 8),
        ("product", 6),
        ("ops", 5),
        ("retention", 3),
        ("lost", 3),
        ("hidden", 2),
        ("growth", 1),
        ("loose", 1),
        ("half", 1),
    ]


def test_goal_without_work_weighs_what_its_roots_weight_asks_for(firm):
    """Two roots of weights 1 and 3 share the 6 aligned weeks, so that the new one asks for 4.5, and the goal without
    work below it for one of two parts of that."""
    root = make.GoalFactory(strategy=firm.strategy, weight=3)
    below = make.GoalFactory(parent=root)
    for goal in (firm.secret, firm.draft):
        Link.objects.filter(goal=goal).delete()
        goal.delete()
    firm.compute()
    aligned = sum(work.figures.aligned for work in Initiative.objects.filter(status="active"))
    found = dict(weights(waiting(firm.leader)))

    assert found[f"goal-{below.pk}"] == pytest.approx(aligned * 3 / 4 / 2)


def test_new_finding_is_its_teams_own_for_a_week(firm):
    """It is first seen on DAY, and on the leader's list from the eighth day on."""
    of_teams = {"initiative", "team"}
    held = waiting(firm.leader, after=6)

    assert not of_teams & {entry.thing[0] for entry in held.entries}
    assert held.held[Held.TEAMS] == 6
    assert of_teams <= {entry.thing[0] for entry in waiting(firm.leader, after=7).entries}
    make.MembershipFactory(team=firm.search, person=firm.member)
    assert "initiative" in {entry.thing[0] for entry in waiting(firm.member, after=0).entries}


def test_asks_about_one_thing_are_one_entry_the_strongest_first(firm):
    [search] = [entry for entry in waiting(firm.leader).entries if entry.thing == ("team", firm.search.pk)]
    codes = dict(Flag.objects.values_list("pk", "code"))

    assert [codes[ask.pk] for ask in search.asks] == ["under_aligned", "no_mission"]


def test_links_of_teams_that_are_not_here_ask_no_lead_for_a_judgement(firm):
    make.MembershipFactory(team=firm.product, person=firm.member, role="lead")
    below = make.GoalFactory(parent=firm.growth, team=firm.search)
    make.LinkFactory(initiative=firm.work["loose"], goal=below)
    firm.compute()
    person = Person.objects.get(pk=firm.member.pk)

    def told() -> tuple[int, int]:
        found = waiting(person, after=0)
        judged = sum(ask.source == "judgement" for entry in found.entries for ask in entry.asks)
        return judged, told_to_judge(person, make.NOW)

    assert told() == (1, 1)
    Team.objects.filter(pk=firm.search.pk).update(is_here=False)
    assert told() == (0, 0)
