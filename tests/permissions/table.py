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

import datetime as dt
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.http import int_to_base36

from accounts.enums import InvitationState
from accounts.models import AddressChange, InvitationRound
from accounts.services.addresses import address_link
from accounts.services.tokens import LinkTokens
from alignment.enums import FlagCode, LinkState, Outcome
from alignment.models import GoalFigures, Link
from alignment.selectors.shares import shares_version
from alignment.services.links import remove_link
from alignment.services.removal import REMOVED
from alignment.services.successions import take_successor
from config.health import note_worker
from conversations.models import Message, Thread
from digest.content import Content
from digest.enums import DigestState
from digest.models import Digest
from digest.replies import Action, reply_path, stop_turn_mails_path, times_path, unsubscribe_path
from lib.services.dates import now
from strategy.enums import AmendmentState, GoalStatus, StrategyStatus, Visibility
from strategy.models import Amendment, CheckIn, ContextPage, Decision, Goal, GoalSuccessor, Measure, Strategy
from strategy.selectors.amendments import amendment_version
from strategy.selectors.snapshots import snapshots
from strategy.selectors.strategies import open_goals
from strategy.services.context import remove_context_page
from teams.enums import TeamRole
from teams.models import Company, Initiative, LogEntry, Person, StanceRange, Support, Team
from teams.services.log import record
from tests import factories as make
from tests.strategy.editions import add_edition

ROLES = ("anonymous", "viewer", "member", "leader", "admin")

# Every secret text holds both words, every secret key the first. Pages may repeat what was asked for, so the first word
# is asked for and the second looked for.
WORD, OTHER_WORD = "zanzibarium", "quaggafoil"
SECRET = f"{WORD} {OTHER_WORD}"
DECIDED = {"title": "Partners sell", "status": "decided", "choice": "It.", "reasons": "So."}
SECRET_KEY = f"{WORD}-row"


@dataclass
class World:
    """A company with something of everybody's, and secrets: a draft strategy, confidential goals, drafts in a published
    strategy, what hangs below them, their links."""

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
    planned: Goal
    below_planned: Goal
    empty_team: Team
    foreign: Initiative
    asked_by_crew: Support
    asked_of_crew: Support
    team_goal: Goal
    measure: Measure
    context_page: ContextPage


@dataclass(frozen=True)
class Row:
    name: str
    statuses: tuple[int, int, int, int, int]
    method: str = "get"
    case: str = ""
    args: Callable[[World], dict[str, Any]] = lambda world: {}
    data: Callable[[World], dict[str, Any]] = lambda world: {}
    queries: tuple[str, ...] = field(default=())

    def sent(self, world: World) -> dict[str, Any]:
        """What is posted. A button that has nothing else sends what it was drawn with."""
        data = self.data(world)
        return data if data or self.method != "post" or {200, 422} & {*self.statuses} else dict(DRAWN)

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.name}{f' ({self.case})' if self.case else ''}"


ANSWERED = (302, 403, 200, 403, 403)  # a link that was confirmed since its goal changed
DRAWN = {"version": 1, "goal_version": 1, "seen_at": 0, "until": "2026-03-01"}

EVERYBODY = (302, 200, 200, 200, 200)  # signed in; others are sent to the sign-in page
OPEN = (200, 200, 200, 200, 200)
MISSING = (302, 404, 404, 404, 404)
CONFIDENTIAL = (302, 404, 404, 200, 200)  # leaders and administrators
API_EVERYBODY = (401, 200, 200, 200, 200)
API_CONFIDENTIAL = (401, 404, 404, 200, 200)
API_MISSING = (401, 404, 404, 404, 404)
NOWHERE = (404, 404, 404, 404, 404)
ADMINISTRATORS = (302, 403, 403, 403, 302)  # a POST, which ends in a redirect
ADMINISTRATORS_READ = (302, 403, 403, 403, 200)
WRITTEN = (302, 302, 302, 302, 302)
LEADERS = (302, 403, 403, 200, 200)
LEADERS_WRITE = (302, 403, 403, 302, 302)
LEADS = (302, 403, 200, 200, 200)  # the member leads the World's team
LEADS_WRITE = (302, 403, 302, 302, 302)
WRITERS = (302, 403, 200, 200, 200)
OWN_STRATEGY = (302, 403, 302, 422, 302)  # the leader owns it, and adds the goal instead
SECRET_WRITE = (302, 404, 404, 302, 302)


def person(world: World) -> dict[str, Any]:
    return {"pk": world.people["outsider"].pk}


def whoever(role: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": world.people[role].pk}


def a_departure(world: World) -> dict[str, Any]:
    return {"version": world.people["outsider"].version, "nobody": "on"}


def who_left(_world: World) -> dict[str, Any]:
    email = "gone@example.com"
    return {"pk": (Person.objects.with_email(email).first() or make.PersonFactory(email=email, is_active=False)).pk}


def an_erasure(world: World) -> dict[str, Any]:
    return {"version": Person.objects.get(**who_left(world)).version, "address": "gone@example.com"}


def imported(world: World) -> dict[str, Any]:
    return {"pk": world.imported.pk}


def everybody(_world: World) -> dict[str, Any]:
    return {"whom": "everybody", "reach": "new", "new_role": "member"}


def invited(world: World) -> dict[str, Any]:
    """The number of invitations of which one failed."""
    sent = InvitationRound.objects.create(actor=world.people["admin"], at=make.NOW)
    sent.invitations.create(person=world.imported, asked_at=make.NOW, due_at=make.NOW, state=InvitationState.FAILED)
    return {"number": sent.pk}


def expired_link(world: World) -> dict[str, Any]:
    return {"uidb36": int_to_base36(world.imported.pk), "key": "abc-def"}


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


def team_form(of: str = "team", **values: str) -> Callable[[World], dict[str, Any]]:
    """What a form about the World's team of this name sends."""
    return lambda world: {"version": getattr(world, of).version, **values}


def a_member(world: World) -> dict[str, Any]:
    return {"person": world.people["outsider"].email, "role": "member"}


def a_flag(world: World) -> dict[str, Any]:
    return {"pk": world.initiative.flags.get(code=FlagCode.DISCONNECTED).pk}


def a_flag_of(name: str) -> Callable[[World], dict[str, Any]]:
    """About the World's initiative or goal of this name."""

    def address(world: World) -> dict[str, Any]:
        row = getattr(world, name)
        about = {"initiative": None, "goal": row} if isinstance(row, Goal) else {"initiative": row}
        return {"pk": (row.flags.order_by("pk").first() or make.FlagFactory(**about)).pk}

    return address


def a_snooze(_world: World) -> dict[str, Any]:
    return {"until": (timezone.localdate() + dt.timedelta(days=7)).isoformat(), "reason": "Later.", "version": 1}


def own_settings(world: World) -> dict[str, Any]:
    return {"timezone": "", "digests": "on", "turn_mails": "on", "version": world.people["member"].version}


def membership(world: World) -> dict[str, Any]:
    return {"key": "crew", "pk": world.team.memberships.get(person=world.people["viewer"]).pk}


def digest_of(world: World) -> Digest:
    """To the member, of the week of 16 March 2026."""
    person = world.people["member"]
    content = Content(person.name, "Firm", "2026-W12", since="2026-03-09").to_json()
    sent = {"state": DigestState.SENT, "sent_at": make.NOW, "subject": "Quiet", "content": content}
    return person.digests_of_weeks.first() or make.DigestFactory(person=person, **sent)


def a_week(world: World) -> dict[str, Any]:
    return {"week": digest_of(world).iso_week}


def a_worker(_world: World) -> dict[str, Any]:
    """One was seen."""
    note_worker()
    return {}


def first_version(_world: World) -> dict[str, Any]:
    return {"version": 1}


def edition(number: int, of: str = "strategy") -> Callable[[World], dict[str, Any]]:
    """The address of an edition of the World's strategy of this name."""
    return lambda world: {"key": getattr(world, of).key, "number": number}


def an_amendment(world: World) -> dict[str, Any]:
    """The address of the open one of the World's strategy."""
    rows = Amendment.objects.filter(strategy=world.strategy, state=AmendmentState.OPEN)
    return {"key": (rows.first() or make.AmendmentFactory(strategy=world.strategy)).strategy.key}


def an_edit(world: World) -> dict[str, Any]:
    """Of that amendment: of a goal's title."""
    an_amendment(world)
    (amendment,) = Amendment.objects.filter(strategy=world.strategy, state=AmendmentState.OPEN)
    planned = {"kind": "goal", "goal": world.goal, "changes": {"title": ["Another", "Sell more"]}}
    return {"pk": (amendment.edits.first() or make.AmendmentEditFactory(amendment=amendment, **planned)).pk}


def an_amendment_form(world: World) -> dict[str, Any]:
    an_edit(world)
    Goal.objects.filter(pk=world.goal.pk).update(title="Another")
    amendment = Amendment.objects.get(strategy=world.strategy, state=AmendmentState.OPEN)
    return {"version": amendment_version(amendment), "because": "We know more."}


def ask(of: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"pk": getattr(world, of).pk}


def no_member(_world: World) -> dict[str, Any]:
    return {"key": "crew", "pk": 2**40}


def a_persona(world: World) -> dict[str, Any]:
    return {"key": world.empty_team.personas.get().key}


def new_page(_world: World) -> dict[str, Any]:
    return {"title": "Prices", "lens": "operations", "version": 1}


def own_page(world: World) -> dict[str, Any]:
    """Of the member's own."""
    return {"key": make.ContextPageFactory(owner=world.people["member"]).key}


def decided(world: World) -> dict[str, Any]:
    """One that everybody may read, and that touches a goal which is for leaders."""
    row, made = Decision.objects.get_or_create(key="partners-sell", defaults=DECIDED)
    if made:
        make.DecisionGoalFactory(decision=row, goal=world.goal)
        make.DecisionGoalFactory(decision=row, goal=world.confidential)
    return {"key": row.key}


def drafted(_world: World) -> dict[str, Any]:
    """One that leaders see."""
    row, _made = Decision.objects.get_or_create(key=f"{SECRET_KEY}-decision", defaults={"title": f"Decision {SECRET}"})
    return {"key": row.key}


def own_draft(world: World) -> dict[str, Any]:
    """Of the member's own."""
    return {"key": make.DecisionFactory(owner=world.people["member"], choice="It.", reasons="So.").key}


def asked(world: World) -> dict[str, Any]:
    """A question of the member, which leaders answer."""
    thread = Thread.objects.filter(key="question-asked").first()
    if thread is None:
        thread = make.ThreadFactory(key="question-asked", about_id=world.goal.pk, asker=world.people["member"])
        make.MessageFactory(thread=thread, at=timezone.now())
    return {"key": thread.key}


def countered(world: World) -> dict[str, Any]:
    """A counter-proposal of the member, which leaders accept."""
    thread = Thread.objects.filter(kind="counter").first()
    if thread is None:
        thread = make.ThreadFactory(kind="counter", about_id=world.goal.pk, asker=world.people["member"])
        make.MessageFactory(thread=thread)
    return {"key": thread.key, "outcome": "accepted"}


def proposed(world: World) -> dict[str, Any]:
    """A proposal of the member, which leaders accept."""
    thread = Thread.objects.filter(kind="proposal").first()
    if thread is None:
        about = {"about_kind": "strategy", "about_id": world.strategy.pk, "answers_kind": "strategy"}
        thread = make.ThreadFactory(kind="proposal", **about, asker=world.people["member"])
        make.MessageFactory(thread=thread)
        make.ProposalWorkFactory(proposal__thread=thread, initiative=world.initiative)
    return {"key": thread.key}


def secretly_asked(world: World) -> dict[str, Any]:
    """About a goal that leaders see."""
    key = f"{SECRET_KEY}-question"
    thread = Thread.objects.filter(key=key).first()
    if thread is None:
        thread = make.ThreadFactory(key=key, about_id=world.confidential.pk, asker=world.people["leader"])
        make.MessageFactory(thread=thread, text=SECRET)
    return {"key": key}


def message_of(world: World) -> dict[str, Any]:
    """The question itself."""
    key = asked(world)
    return {**key, "pk": Message.objects.get(thread__key=key["key"]).pk}


def no_message(world: World) -> dict[str, Any]:
    return {**asked(world), "pk": 0}


def outcome_of(args: Callable[[World], dict[str, Any]]) -> Callable[[World], dict[str, Any]]:
    return lambda world: {**args(world), "outcome": "answered"}


def written(_world: World) -> dict[str, Any]:
    return {"text": "So that is why.", "version": 1}


def decision_form(_world: World) -> dict[str, Any]:
    return {"title": "Partners sell", "choice": "It.", "reasons": "So.", "visibility": "company", "version": 1}


def page_of_viewer(world: World) -> dict[str, Any]:
    return {"key": make.ContextPageFactory(owner=world.people["viewer"]).key}


def removed_page(world: World) -> dict[str, Any]:
    """The address that undoes the removal."""
    page = world.context_page
    return {"pk": remove_context_page(page, actor=world.people["leader"], at=now(), version=page.version).pk}


def link_to(of: str) -> Callable[[World], dict[str, Any]]:
    """The address of the link of the World's initiative to its goal of this name."""
    return lambda world: {"pk": Link.objects.get(initiative=world.initiative, goal=getattr(world, of)).pk}


def a_disputed_link(world: World) -> dict[str, Any]:
    """Of the World's initiative."""
    goal, judge = Goal.objects.get(key="unlinked"), world.people["leader"]
    judged = {"state": LinkState.DISPUTED, "judged_by": judge, "judged_on": timezone.localdate(), "note": "How?"}
    found = world.initiative.links.filter(goal=goal).first()
    return {"pk": (found or make.LinkFactory(initiative=world.initiative, goal=goal, **judged)).pk}


def succession(work: str, secret: str = "") -> Callable[[World], dict[str, Any]]:
    """The address that takes a goal in the place of a closed one, to which this work is linked."""

    def address(_world: World) -> dict[str, Any]:
        after = Goal.objects.get(key=f"{SECRET_KEY}-unlinked" if secret else "unlinked")
        before = Goal.objects.filter(key="over").first() or make.GoalFactory(key="over", status=GoalStatus.DROPPED)
        if not GoalFigures.objects.filter(goal=after).update(live=True, anchored=True, reason=""):
            make.GoalFiguresFactory(goal=after)
        GoalSuccessor.objects.get_or_create(goal=before, successor=after)
        initiative = Initiative.objects.get(key=work)
        initiative.links.filter(goal=after).delete()
        if not initiative.links.filter(goal=before).exists():
            make.LinkFactory(initiative=initiative, goal=before)
        return {"key": work, "goal_key": after.key}

    return address


def taken(work: str) -> Callable[[World], dict[str, Any]]:
    """The address that undoes that."""

    def address(world: World) -> dict[str, Any]:
        after = succession(work)(world)["goal_key"]
        link = Link.objects.select_related("goal", "initiative").get(initiative__key=work, goal__key="over")
        by: dict[str, Any] = {"actor": world.people["leader"], "at": now(), "version": link.version}
        row, _entry = take_successor(link, Goal.objects.get(key=after), rationale="Because.", **by)
        return {"pk": row.pk}

    return address


def removal(_world: World) -> dict[str, Any]:
    entry = LogEntry.objects.filter(action="link.removed").first()
    return {"version": "1", "removal": entry.pk if entry else 0}


def all_carried(world: World) -> dict[str, Any]:
    goals = {f"goal-{goal.pk}": "carry" for goal in open_goals(world.strategy)}
    return {"title": "What is next", "version": world.strategy.version, **goals}


def foreign_link(world: World) -> dict[str, Any]:
    """Of an initiative that only leaders may edit."""
    links = Link.objects.filter(initiative__key="foreign")
    initiative = Initiative.objects.get(key="foreign")
    return {"pk": (links.first() or make.LinkFactory(initiative=initiative, goal=world.goal)).pk}


def foreign_work(_world: World) -> dict[str, Any]:
    return {"key": "foreign"}


def removal_of(link: Callable[[World], dict[str, Any]]) -> Callable[[World], dict[str, Any]]:
    """The address that undoes a removal."""
    return lambda world: {"pk": remove_link(Link.objects.get(**link(world)), actor=world.people["leader"], at=now()).pk}


def reply(who: str, action: Action, *about: Callable[[World], int]) -> Callable[[World], dict[str, Any]]:
    """An address in the digest of the World's person of this name."""
    return lambda world: token(reply_path(world.people[who].pk, action, tuple(one(world) for one in about)))


def token(path: str) -> dict[str, Any]:
    return {"token": path.rstrip("/").rpartition("/")[2]}


def pk_of(address: Callable[[World], dict[str, Any]]) -> Callable[[World], int]:
    return lambda world: int(address(world)["pk"])


def digest_of_member(path: Callable[[int], str]) -> Callable[[World], dict[str, Any]]:
    return lambda world: token(path(world.people["member"].pk))


def wrong_token(_world: World) -> dict[str, Any]:
    return {"token": "W10:1:x"}


def an_answer_by_mail(world: World) -> dict[str, Any]:
    """What the page of any answer may send."""
    soon = (timezone.localdate() + dt.timedelta(days=7)).isoformat()
    said = {"rationale": "Because.", "declaration": "Why?", "reason": "Later.", "note": "Yes.", "outcome": "held"}
    return said | {"ends_on": soon, "until": soon, "due_on": soon, "status": "pledged", "version": 1}


def bet(**values: str) -> Callable[[World], dict[str, Any]]:
    return lambda world: {"rationale": "Because.", "version": "1"} | values


def given(values: dict[str, Any]) -> Callable[[World], dict[str, Any]]:
    return lambda world: values


def unlinked(_world: World) -> dict[str, Any]:
    return {"key": "unlinked"}


def all_shares(world: World) -> dict[str, Any]:
    return {"version": shares_version(world.initiative.links.all())}


def all_shares_of_foreign(world: World) -> dict[str, Any]:
    return {"version": shares_version(Link.objects.filter(initiative__key="foreign"))}


def link_to_own(world: World) -> dict[str, Any]:
    """To a goal of the member's own."""
    Goal.objects.filter(pk=world.goal.pk).update(owner=world.people["member"])
    return link_to("goal")(world)


def another_entry(world: World) -> dict[str, Any]:
    return {"pk": make.LogEntryFactory().pk}


def new_role(world: World) -> dict[str, Any]:
    return {"role": "leader", "version": world.people["outsider"].version}


def other_values(world: World) -> dict[str, Any]:
    return {**new_role(world), "name": "Other", "email": "other@example.com", "timezone": "Asia/Tokyo"}


def address(world: World) -> dict[str, Any]:
    """A link by which the member confirms another address."""
    values = {"email": "other@example.com", "asked_at": now(), "actor": world.people["admin"]}
    change, _ = AddressChange.objects.update_or_create(person=world.people["member"], defaults=values)
    return {"token": address_link(change).rstrip("/").rpartition("/")[2]}


def secret_measure(world: World) -> dict[str, Any]:
    return {"key": f"{world.confidential.key}-measure"}


def a_check_in(world: World) -> dict[str, Any]:
    return {"key": world.measure.key, "pk": world.measure.check_ins.get().pk}


def a_correction(world: World) -> dict[str, Any]:
    return {"pk": world.measure.check_ins.latest("id").pk}


def a_secret_correction(world: World) -> dict[str, Any]:
    return {"pk": CheckIn.objects.get(measure__goal=world.draft_goal).pk}


def measure_form(_world: World) -> dict[str, Any]:
    return {"title": "Sold", "kind": "target", "baseline": "1", "target": "2", "version": 1, "because": "We know more."}


def a_word(_world: World) -> dict[str, Any]:
    """What is said of a measure."""
    return {"current": "5", "confidence": "at_risk", "version": 1}


MEASURE_FORMS = ("measure_edit", "measure_removal")


def new_work(_world: World) -> dict[str, Any]:
    return {"title": "New work", "kind": "goal", "status": "active", "origin": "team"}


def quick_work(_world: World) -> dict[str, Any]:
    return {"title": "New work", "team": "crew", "goal": "unlinked", "rationale": "It helps."}


def work_form(world: World) -> dict[str, Any]:
    """What any of the forms about an initiative may send."""
    return {
        "version": world.initiative.version,
        "title": "Work",
        "origin": "team",
        "team": "crew",
        "kind": "sustain",
        "declaration": "It would stop.",
        "status": "paused",
    }


def an_ask(_world: World) -> dict[str, Any]:
    return {"version": 1, "ask": "Another ask", "size": "small"}


def a_removal(world: World) -> dict[str, Any]:
    """Of work of the member's own team."""
    entry = LogEntry(action=REMOVED, at=make.NOW, subject_kind="initiative", subject_id=2**40)
    entry.changes = {"team": [world.team.pk, None], "key": ["gone", None], "title": ["Gone", None]}
    entry.changes |= {"touched_on": [make.DAY.isoformat(), None]}
    entry.save()
    return {"pk": entry.pk}


def a_stance_range(_world: World) -> dict[str, Any]:
    names = ("coverage_floor", "exploring_floor", "exploring_ceiling", "autonomy_floor", "sustaining_ceiling")
    return {"version": StanceRange.objects.get(stance="core").version, **dict.fromkeys(names, "50")}


def an_answer(_world: World) -> dict[str, Any]:
    return {"version": 1, "status": "pledged", "due_on": "2100-05-01"}


def an_offer(_world: World) -> dict[str, Any]:
    return {"team": "crew", "answer": "Two of us", "due_on": "2100-05-01", "size": "small"}


def a_proposal(world: World) -> dict[str, Any]:
    return {"title": "Be found", "text": "So.", "place": f"strategy-{world.strategy.key}"}


def an_acceptance(world: World) -> dict[str, Any]:
    thread = Thread.objects.get(**proposed(world))
    return {"title": "Be found", "place": f"strategy-{world.strategy.key}", "version": thread.version}


WORK_FORMS = ("initiative_edit", "initiative_kind", "initiative_status")
WORK_CLICKS = ("initiative_confirmation", "initiative_undo", "support_restoration")
ASKING_CLICKS = ("support_acceptance", "support_confirmation")
TEAM_PLACES = ("team_position", "team_removal", "team_archival")
EDITION_MARKS = ("edition_read", "edition_unread")
DECISION_FORMS = ("decision_edit", "decision_relations", "decision_removal")
TEAM_MARKS = ("team_absence", "team_arrival")
TEAM_FORMS = ("team_edit", "team_mission", "team_stance", "team_personas", "team_members")

EDIT_CLICKS = ("amendment_edit_removal", "amendment_edit_decision", "amendment_edit_meaning")
STRATEGY_STEPS = (
    *("strategy_edit", "strategy_publication", "strategy_archive", "strategy_removal", "strategy_order"),
    *("goal_new", "strategy_next", "strategy_goals"),
)
GOAL_STEPS = (
    *("goal_edit", "goal_citations", "goal_activation", "goal_closure", "goal_position", "goal_removal", "goal_order"),
    "goal_reopening",
)
SECRET_GOALS = ("draft_goal", "confidential", "below_confidential", "planned", "below_planned")

TEAM_GET = (302, 403, 200, 200, 200)  # of the member's own team
TEAM_SAVES = (302, 403, 302, 302, 302)
TEAM_WRONG = (302, 403, 422, 422, 422)
FOREIGN_GET = (302, 403, 403, 200, 200)  # leaders and administrators, and others see that it is there
FOREIGN_SAVES = (302, 403, 403, 302, 302)
SECRET_SAVES = (302, 404, 404, 302, 302)

SIGNED_OUT_ONLY = (200, 302, 302, 302, 302)

OF_NOBODY = (302, 403, 403, 403, 403)
ANSWERS_BY_MAIL: dict[Action, tuple[Callable[[World], int], ...]] = {
    Action.LINK: (lambda world: world.initiative.pk, lambda world: Goal.objects.get(key="unlinked").pk),
    Action.EXPLORE: (lambda world: world.initiative.pk,),
    Action.SNOOZE: (pk_of(a_flag),),
    Action.ENDORSE: (pk_of(link_to_own),),
    Action.DISPUTE: (pk_of(link_to_own),),
    **dict.fromkeys((Action.HELD, Action.FAILED), (pk_of(link_to("goal")),)),
    Action.CONFIRM: (pk_of(link_to("goal")),),
    Action.CONTINUE: (lambda world: world.initiative.pk,),
    Action.ANSWER: (pk_of(ask("asked_of_crew")),),
    Action.CHANGE: (pk_of(a_disputed_link),),
}
SECRET_LINK = pk_of(link_to("confidential"))
MISSING_WORK = (Action.CONTINUE, lambda world: 2**40)

ROWS = [
    # For machines
    Row("healthz", OPEN),
    Row("readyz", OPEN, args=a_worker),
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
    Row("account_address", OPEN, args=address),
    Row("account_address", WRITTEN, "post", args=address),
    Row("account_address", OPEN, case="ended", args=lambda world: {"token": "nonsense"}),
    Row("account_invitation_renewal", WRITTEN, "post", args=expired_link),
    Row("account_reset_password_from_key", OPEN, "post", args=lambda world: {"uidb36": "1", "key": "set-password"}),
    # People
    Row(
        "person_list",
        EVERYBODY,
        queries=("q={word}", "role=admin", "state=left", "state=not_invited", "after=bm9uc2Vuc2U"),
    ),
    Row("person_suggestions", EVERYBODY, queries=("q={word}", "q=person&team={key}", "q=person&without={key}")),
    Row("person_detail", EVERYBODY, args=person),
    *(
        Row("person_detail", EVERYBODY, case=who, args=whoever(who), queries=("teams_after=WzFd",))
        for who in ("viewer", "member", "leader", "admin")
    ),
    Row("person_detail", MISSING, case="missing", args=nobody),
    Row("invitations", (302, 403, 403, 403, 422), "post", case="blank"),
    Row(
        "invitations",
        ADMINISTRATORS,
        "post",
        data=lambda world: {"name": "New", "email": "new@example.com", "role": "viewer"},
    ),
    Row("person_invite", ADMINISTRATORS_READ, queries=("team=crew", "team={word}")),
    Row("person_invite", (302, 403, 403, 403, 422), "post", case="blank"),
    Row("person_invite", ADMINISTRATORS_READ, "post", case="looked at", data=everybody),
    Row("person_rollout", ADMINISTRATORS_READ, queries=("answer=waiting", "q={word}")),
    Row("invite_round", ADMINISTRATORS_READ, args=invited),
    Row("invite_round", (302, 403, 403, 403, 404), case="missing", args=lambda world: {"number": 2**40}),
    Row("invite_round_again", ADMINISTRATORS, "post", args=invited),
    Row("invite_round_again", (302, 403, 403, 403, 404), "post", case="missing", args=lambda world: {"number": 2**40}),
    Row("person_invitation", ADMINISTRATORS, "post", args=imported),
    Row("person_invitation", MISSING, "post", case="missing", args=nobody),
    Row("person_edit", ADMINISTRATORS_READ, args=person),
    Row("person_edit", MISSING, case="missing", args=nobody),
    Row("person_edit", (302, 403, 403, 403, 422), "post", case="blank", args=person),
    Row("person_edit", ADMINISTRATORS, "post", args=person, data=other_values),
    Row("person_address_withdrawal", ADMINISTRATORS, "post", args=person),
    Row("person_address_withdrawal", MISSING, "post", case="missing", args=nobody),
    Row("person_role", ADMINISTRATORS, "post", args=person, data=new_role),
    Row("person_role", ADMINISTRATORS, "post", case="own", args=lambda world: {"pk": world.people["viewer"].pk}),
    Row("person_role", MISSING, "post", case="missing", args=nobody),
    Row("person_leaving", ADMINISTRATORS_READ, args=person),
    Row("person_leaving", ADMINISTRATORS_READ, case="who owns much", args=whoever("leader")),
    Row("person_leaving", MISSING, case="missing", args=nobody),
    Row("person_leaving", (302, 403, 403, 403, 422), "post", case="blank", args=person),
    Row("person_leaving", ADMINISTRATORS, "post", args=person, data=a_departure),
    Row("person_return", ADMINISTRATORS, "post", args=person),
    Row("person_return", ADMINISTRATORS, "post", case="who left", args=who_left),
    Row("person_return", MISSING, "post", case="missing", args=nobody),
    Row("person_erasure", ADMINISTRATORS_READ, args=who_left),
    Row("person_erasure", MISSING, case="missing", args=nobody),
    Row("person_erasure", (302, 403, 403, 403, 422), "post", case="blank", args=who_left),
    Row("person_erasure", ADMINISTRATORS, "post", args=who_left, data=an_erasure),
    Row("person_data", ADMINISTRATORS_READ, args=person),
    Row("person_data", (302, 200, 403, 403, 200), case="own", args=whoever("viewer")),
    Row("person_data", (302, 403, 200, 403, 200), case="a member's own", args=whoever("member")),
    Row("person_data", MISSING, case="missing", args=nobody),
    # Strategy
    Row("home", EVERYBODY),
    Row("waiting_list", EVERYBODY, queries=("at=goal-1",)),
    Row(
        "flag_list",
        EVERYBODY,
        queries=(
            *(f"code={code}" for code in ("disconnected", "expired", "uncovered")),
            *("subject=goal", "team=crew", "mine=yes", "snoozed=yes", "code=expired&snoozed=yes"),
        ),
    ),
    Row("flag_snooze", LEADS, args=a_flag),
    Row("flag_snooze", LEADERS, case="not one's own", args=a_flag_of("foreign")),
    Row("flag_snooze", CONFIDENTIAL, case="confidential", args=a_flag_of("confidential")),
    Row("flag_snooze", MISSING, case="missing", args=nobody),
    Row("flag_snooze", (302, 403, 422, 422, 422), "post", case="blank", args=a_flag),
    Row("flag_snooze", LEADS_WRITE, "post", args=a_flag, data=a_snooze),
    Row("flag_snooze", SECRET_WRITE, "post", case="confidential", args=a_flag_of("confidential"), data=a_snooze),
    Row("flag_waking", LEADS_WRITE, "post", args=a_flag),
    Row("flag_waking", LEADERS_WRITE, "post", case="not one's own", args=a_flag_of("foreign")),
    Row("flag_waking", SECRET_WRITE, "post", case="confidential", args=a_flag_of("confidential")),
    Row("flag_waking", MISSING, "post", case="missing", args=nobody),
    Row("strategy_list", EVERYBODY, queries=("q={word}",)),
    Row("strategy_detail", EVERYBODY, args=key("strategy")),
    Row("strategy_detail", CONFIDENTIAL, case="draft", args=key("draft")),
    Row("strategy_detail", MISSING, case="missing", args=no_key),
    Row("edition_list", EVERYBODY, args=key("strategy"), queries=("after=WzJd", "after=bm9uc2Vuc2U")),
    Row("edition_list", CONFIDENTIAL, case="of a draft", args=key("draft")),
    Row("edition_list", MISSING, case="missing", args=no_key),
    *(
        Row(name, statuses, case=case, args=edition(number), queries=queries)
        for name, queries in (
            ("edition_detail", ("goals_after=1",)),
            ("edition_back_briefs", ()),
            ("edition_changes", ("from=1", "from=2", "from=3", "from=4", "from={word}", "goals_after=1")),
        )
        for case, number, statuses in (
            ("", 4, EVERYBODY),
            ("the first", 1, EVERYBODY),
            ("of what is confidential", 2, CONFIDENTIAL),
            ("of what was confidential", 3, CONFIDENTIAL),
            ("missing", 5, MISSING),
        )
    ),
    Row("back_brief_new", LEADERS, args=edition(4)),
    Row("back_brief_new", CONFIDENTIAL, case="of what is confidential", args=edition(2)),
    Row("back_brief_new", MISSING, case="missing", args=edition(5)),
    Row("back_brief_new", (302, 403, 403, 422, 422), "post", args=edition(4), data=lambda world: {"team": "none"}),
    Row("edition_taking_back", LEADERS, args=edition(4)),
    Row("edition_taking_back", CONFIDENTIAL, case="of what is confidential", args=edition(2)),
    Row("edition_taking_back", MISSING, case="missing", args=edition(5)),
    Row("edition_taking_back", (302, 403, 403, 422, 422), "post", args=edition(4), data=lambda world: {"version": 4}),
    Row("amendment_detail", LEADERS, args=an_amendment),
    Row("amendment_detail", LEADERS, case="none is open", args=key("strategy")),
    Row("amendment_detail", CONFIDENTIAL, case="of a draft", args=key("draft")),
    Row("amendment_detail", MISSING, case="missing", args=no_key),
    Row("amendment_detail", LEADERS_WRITE, "post", args=an_amendment, data=an_amendment_form),
    Row("amendment_opening", LEADERS_WRITE, "post", args=key("strategy")),
    Row("amendment_opening", SECRET_WRITE, "post", case="of a draft", args=key("draft")),
    Row("amendment_removal", LEADERS, args=an_amendment),
    Row("amendment_removal", MISSING, case="of a draft", args=key("draft")),
    Row("amendment_removal", LEADERS_WRITE, "post", args=an_amendment, data=an_amendment_form),
    *(Row(name, SECRET_WRITE, "post", args=an_edit) for name in EDIT_CLICKS),
    *(Row(name, MISSING, "post", case="missing", args=nobody) for name in EDIT_CLICKS),
    *(
        Row(name, MISSING, case="of a draft", args=edition(1, "draft"))
        for name in ("edition_detail", "edition_changes")
    ),
    *(
        Row(name, statuses, "post", case=case, args=edition(number), data=lambda world: {"version": 1})
        for name in EDITION_MARKS
        for case, number, statuses in (
            ("", 4, WRITTEN),
            ("of what is confidential", 2, SECRET_WRITE),
            ("missing", 5, MISSING),
        )
    ),
    Row("goal_list", EVERYBODY, queries=("q={word}", "lacks=why", "lacks=owner&q=open", "lacks=nonsense", "after=W10")),
    Row("goal_detail", EVERYBODY, args=key("goal")),
    Row("goal_detail", CONFIDENTIAL, case="in a draft", args=key("draft_goal")),
    Row("goal_detail", CONFIDENTIAL, case="confidential", args=key("confidential")),
    Row("goal_detail", CONFIDENTIAL, case="below a confidential one", args=key("below_confidential")),
    Row("goal_detail", CONFIDENTIAL, case="draft in a published strategy", args=key("planned")),
    Row("goal_detail", CONFIDENTIAL, case="below a draft", args=key("below_planned")),
    Row("goal_detail", MISSING, case="missing", args=no_key),
    # What happened
    Row(
        "history_list",
        EVERYBODY,
        queries=(
            *("kind=bets", "kind=strategy&after=WzFd", "goal={key}-unlinked", "goal=unlinked", "team={key}"),
            *("since=2026-03-01&until=2026-03-31", "person={word}", "entry=1"),
        ),
    ),
    Row(
        "learning_list",
        EVERYBODY,
        queries=(
            "what=held",
            "what=explorations",
            "goal={key}-unlinked",
            "goal=unlinked",
            "team={key}",
            "bets_after=WzFd",
        ),
    ),
    Row("strategy_history", EVERYBODY, args=key("strategy"), queries=("kind=strategy",)),
    Row("strategy_history", CONFIDENTIAL, case="draft", args=key("draft")),
    Row("strategy_history", MISSING, case="missing", args=no_key),
    Row("goal_history", EVERYBODY, args=key("goal"), queries=("kind=bets",)),
    Row("goal_history", CONFIDENTIAL, case="confidential", args=key("confidential")),
    Row("goal_history", CONFIDENTIAL, case="below a draft", args=key("below_planned")),
    Row("goal_history", MISSING, case="missing", args=no_key),
    Row("initiative_history", EVERYBODY, args=key("initiative")),
    Row("initiative_history", MISSING, case="missing", args=no_key),
    Row("link_history", EVERYBODY, args=link_to("goal")),
    Row("link_history", CONFIDENTIAL, case="to a confidential goal", args=link_to("confidential")),
    Row("link_history", MISSING, case="missing", args=nobody),
    Row("team_history", EVERYBODY, args=key("team")),
    Row("team_history", MISSING, case="missing", args=no_key),
    Row("person_history", EVERYBODY, args=person),
    *(Row("person_history", EVERYBODY, case=who, args=whoever(who)) for who in ("member", "leader", "admin")),
    Row("person_history", MISSING, case="missing", args=nobody),
    # Measures
    Row("measure_new", LEADERS, args=key("goal")),
    Row("measure_new", CONFIDENTIAL, case="confidential", args=key("confidential")),
    Row("measure_new", MISSING, case="missing", args=no_key),
    Row("measure_new", (302, 403, 403, 422, 422), "post", case="blank", args=key("goal")),
    Row("measure_new", LEADERS_WRITE, "post", args=key("goal"), data=measure_form),
    Row("measure_edit", LEADERS, args=key("measure")),
    Row("measure_removal", LEADERS_WRITE, case="checked in", args=key("measure")),
    *(Row(name, CONFIDENTIAL, case="confidential", args=secret_measure) for name in MEASURE_FORMS),
    *(Row(name, MISSING, case="missing", args=no_key) for name in MEASURE_FORMS),
    *(Row(name, LEADERS_WRITE, "post", args=key("measure"), data=measure_form) for name in MEASURE_FORMS),
    Row("measure_check_in", EVERYBODY, args=key("measure"), queries=("after=bm9uc2Vuc2U", "after=W10")),
    Row("measure_check_in", CONFIDENTIAL, case="confidential", args=secret_measure),
    Row("measure_check_in", MISSING, case="missing", args=no_key),
    Row("measure_check_in", (302, 403, 403, 422, 422), "post", case="blank", args=key("measure")),
    Row(
        "measure_check_in",
        LEADERS_WRITE,
        "post",
        args=key("measure"),
        data=a_word,
    ),
    Row("check_in_undoing", LEADERS_WRITE, "post", args=a_check_in),
    Row("check_in_undoing", MISSING, "post", case="missing", args=lambda world: {"key": "sold", "pk": 2**40}),
    Row("check_in_correction", LEADERS, args=a_correction),
    Row("check_in_correction", CONFIDENTIAL, case="confidential", args=a_secret_correction),
    Row("check_in_correction", MISSING, case="missing", args=nobody),
    Row("check_in_correction", (302, 403, 403, 422, 422), "post", case="blank", args=a_correction),
    Row("check_in_correction", LEADERS_WRITE, "post", args=a_correction, data=a_word),
    Row("check_ins_due", EVERYBODY),
    Row("check_ins_due", WRITTEN, "post", case="nothing said"),
    # Writing strategies
    Row("strategy_new", LEADERS),
    Row("strategy_new", (302, 403, 403, 422, 422), "post", case="blank"),
    Row("strategy_new", LEADERS_WRITE, "post", data=lambda world: {"title": "New"}),
    *(Row(name, LEADERS, args=key("strategy")) for name in STRATEGY_STEPS),
    *(Row(name, CONFIDENTIAL, case="draft", args=key("draft")) for name in STRATEGY_STEPS),
    *(Row(name, MISSING, case="missing", args=no_key) for name in STRATEGY_STEPS),
    Row("strategy_order", LEADERS_WRITE, "post", args=key("strategy")),
    Row("strategy_order", SECRET_WRITE, "post", case="draft", args=key("draft")),
    Row("strategy_goals", LEADERS_WRITE, "post", args=key("strategy")),
    Row("strategy_goals", SECRET_WRITE, "post", case="draft", args=key("draft")),
    Row("goal_order", LEADERS_WRITE, "post", args=key("goal")),
    Row("goal_order", LEADS_WRITE, "post", case="of the team", args=key("team_goal")),
    Row(
        "strategy_edit",
        LEADERS_WRITE,
        "post",
        args=key("strategy"),
        data=team_form("strategy", title="Other", because="We know more."),
    ),
    Row("strategy_next", LEADERS_WRITE, "post", args=key("strategy"), data=all_carried),
    Row("strategy_archive", LEADERS_WRITE, "post", args=key("strategy"), data=team_form("strategy")),
    Row("strategy_publication", SECRET_WRITE, "post", case="draft", args=key("draft"), data=team_form("draft")),
    *(
        Row(name, (302, 403, 403, 422, 422), "post", case="published", args=key("strategy"), data=team_form("strategy"))
        for name in ("strategy_publication", "strategy_removal", "goal_new")
    ),
    Row(
        "strategy_removal",
        (302, 404, 404, 422, 422),
        "post",
        case="draft with work",
        args=key("draft"),
        data=team_form("draft"),
    ),
    Row("strategy_restoration", LEADERS_WRITE, "post", args=key("strategy")),
    Row("strategy_restoration", SECRET_WRITE, "post", case="draft", args=key("draft")),
    # Writing goals
    Row(
        "goal_new",
        LEADERS_WRITE,
        "post",
        args=key("strategy"),
        data=lambda world: {"title": "New", "kind": "committed", "weight": "1", "visibility": "company"},
    ),
    *(Row(name, LEADERS, args=key("goal")) for name in GOAL_STEPS),
    *(Row(name, LEADS, case="of the team", args=key("team_goal")) for name in GOAL_STEPS),
    *(Row("goal_new_below", LEADS, case=of, args=key(of)) for of in ("goal", "team_goal")),
    *(
        Row(name, CONFIDENTIAL, case=of, args=key(of))
        for name in (*GOAL_STEPS, "goal_new_below")
        for of in SECRET_GOALS
    ),
    Row("goal_citations", FOREIGN_SAVES, "post", args=key("goal"), data=lambda world: {"version": 1}),
    Row(
        "goal_citations",
        SECRET_SAVES,
        "post",
        case="secret",
        args=key("confidential"),
        data=lambda world: {"version": 1},
    ),
    *(Row(name, MISSING, case="missing", args=no_key) for name in (*GOAL_STEPS, "goal_new_below", "goal_new_of_team")),
    Row("goal_new_of_team", LEADS, args=key("team"), queries=("below={key}-confidential",)),
    Row("goal_new_of_team", LEADERS, case="of others", args=key("empty_team")),
    *(
        Row(name, (302, 403, 422, 422, 422), "post", case="blank", args=key(of))
        for name, of in (("goal_new_of_team", "team"), ("goal_new_below", "goal"), ("goal_edit", "team_goal"))
    ),
    Row("goal_edit", (302, 403, 403, 422, 422), "post", case="blank, not of the team", args=key("goal")),
    *(
        Row(
            "goal_closure",
            statuses,
            "post",
            case=of,
            args=key(of),
            data=team_form(of, ending="missed", reason="Too late."),
        )
        for of, statuses in (
            ("goal", LEADERS_WRITE),
            ("team_goal", LEADS_WRITE),
            ("confidential", SECRET_WRITE),
            ("below_confidential", SECRET_WRITE),
            ("below_planned", SECRET_WRITE),
        )
    ),
    *(
        Row(name, (302, 403, 422, 422, 422), "post", case="active", args=key("team_goal"), data=team_form("team_goal"))
        for name in ("goal_activation", "goal_removal")
    ),
    Row("goal_position", LEADS, "post", case="no place", args=key("team_goal"), data=team_form("team_goal")),
    *(
        Row("goal_reopening", statuses, "post", case=of, args=key(of), data=team_form(of))
        for of, statuses in (
            ("goal", (302, 403, 403, 422, 422)),
            ("team_goal", (302, 403, 422, 422, 422)),
            ("confidential", (302, 404, 404, 422, 422)),
        )
    ),
    Row("goal_reopening", MISSING, "post", case="missing", args=no_key),
    # Teams and their work
    Row("team_list", EVERYBODY, queries=("q={word}",)),
    Row("team_detail", EVERYBODY, args=key("team")),
    Row("team_detail", MISSING, case="missing", args=no_key),
    # Initiatives and support; the member leads the World's team
    Row("initiative_start", (302, 403, 302, 200, 200), queries=("q={word}",)),
    Row(
        "initiative_new_quick",
        (302, 403, 200, 200, 200),
        queries=("title={word}", "find={word}", "goal={key}-unlinked", "title=Work&team=crew&goal=unlinked"),
    ),
    Row("initiative_new_quick", (302, 403, 422, 422, 422), "post", case="blank"),
    Row("initiative_new_quick", LEADS_WRITE, "post", data=quick_work),
    Row("initiative_similar", EVERYBODY, queries=("title={word}", "title=work")),
    Row("initiative_quick_undo", TEAM_SAVES, "post", args=key("initiative")),
    Row("initiative_quick_undo", FOREIGN_SAVES, "post", case="of others", args=key("foreign")),
    Row("initiative_quick_undo", MISSING, "post", case="missing", args=no_key),
    Row("initiative_new", LEADS, args=key("team")),
    Row("initiative_new", LEADERS, case="of others", args=key("empty_team")),
    Row("initiative_new", MISSING, case="missing", args=no_key),
    Row("initiative_removal", TEAM_GET, args=key("initiative")),
    Row("initiative_removal", FOREIGN_GET, case="of others", args=key("foreign")),
    Row("initiative_removal", MISSING, case="missing", args=no_key),
    Row(
        "initiative_removal", TEAM_WRONG, "post", case="imported", args=key("initiative"), data=team_form("initiative")
    ),
    Row("initiative_restoration", TEAM_SAVES, "post", args=a_removal),
    Row("initiative_restoration", MISSING, "post", case="missing", args=lambda world: {"pk": 2**40}),
    Row("initiative_new", (302, 403, 422, 422, 422), "post", case="blank", args=key("team"), data=team_form()),
    Row("initiative_new", LEADERS_WRITE, "post", case="of others", args=key("empty_team"), data=new_work),
    Row("initiative_new", LEADS_WRITE, "post", args=key("team"), data=new_work),
    *(Row(name, LEADS, args=key("initiative")) for name in WORK_FORMS),
    *(Row(name, LEADERS, case="of others", args=key("foreign")) for name in WORK_FORMS),
    *(Row(name, MISSING, case="missing", args=no_key) for name in WORK_FORMS),
    *(Row(name, LEADS_WRITE, "post", args=key("initiative"), data=work_form) for name in WORK_FORMS),
    *(
        Row(name, (302, 403, 403, 422, 422), "post", case="of others", args=key("foreign"), data=team_form())
        for name in WORK_FORMS
    ),
    Row("support_new", LEADS, args=key("initiative")),
    Row("support_new", LEADERS, case="of others", args=key("foreign")),
    Row("support_new", MISSING, case="missing", args=no_key),
    Row("support_new", (302, 403, 422, 422, 422), "post", case="blank", args=key("initiative"), data=an_ask),
    Row(
        "support_new",
        LEADS_WRITE,
        "post",
        args=key("initiative"),
        data=lambda world: {**an_ask(world), "team": "empty"},
    ),
    *(Row(name, LEADS_WRITE, "post", args=key("initiative")) for name in WORK_CLICKS),
    *(Row(name, LEADERS_WRITE, "post", case="of others", args=key("foreign")) for name in WORK_CLICKS),
    *(Row(name, MISSING, "post", case="missing", args=no_key) for name in WORK_CLICKS),
    Row("support_edit", LEADS, args=ask("asked_by_crew")),
    Row("support_edit", LEADERS, case="of others", args=ask("asked_of_crew")),
    Row("support_edit", LEADS_WRITE, "post", args=ask("asked_by_crew"), data=an_ask),
    Row("support_answer", LEADS, args=ask("asked_of_crew")),
    Row("support_answer", LEADERS, case="of others", args=ask("asked_by_crew")),
    Row("support_answer", LEADS_WRITE, "post", args=ask("asked_of_crew"), data=an_answer),
    Row("support_answer", LEADERS_WRITE, "post", case="of others", args=ask("asked_by_crew"), data=an_answer),
    *(Row(name, MISSING, case="missing", args=nobody) for name in ("support_edit", "support_answer")),
    Row("support_removal", LEADS_WRITE, "post", args=ask("asked_by_crew"), data=an_ask),
    Row("support_removal", LEADERS_WRITE, "post", case="of others", args=ask("asked_of_crew"), data=an_ask),
    *(
        Row(name, LEADS_WRITE, "post", case=of, args=ask(of))
        for name in ("support_delivery", "support_undo")
        for of in ("asked_by_crew", "asked_of_crew")
    ),
    *(
        Row(name, MISSING, "post", case="missing", args=nobody)
        for name in ("support_delivery", "support_undo", "support_removal", *ASKING_CLICKS)
    ),
    *(Row(name, LEADS_WRITE, "post", args=ask("asked_by_crew")) for name in ASKING_CLICKS),
    *(Row(name, LEADERS_WRITE, "post", case="of others", args=ask("asked_of_crew")) for name in ASKING_CLICKS),
    Row("support_thanks", LEADS, args=ask("asked_by_crew")),
    Row("support_thanks", LEADERS, case="of others", args=ask("asked_of_crew")),
    Row(
        "support_thanks",
        (302, 403, 422, 422, 422),
        "post",
        case="not delivered",
        args=ask("asked_by_crew"),
        data=lambda world: {"version": 1, "thanks": "It helped."},
    ),
    *(Row("support_offer_end", LEADS, case=of, args=ask(of)) for of in ("asked_by_crew", "asked_of_crew")),
    Row(
        "support_offer_end",
        (302, 403, 422, 422, 422),
        "post",
        case="no offer",
        args=ask("asked_of_crew"),
        data=lambda world: {"version": 1, "reason": "Thank you."},
    ),
    *(Row(name, MISSING, case="missing", args=nobody) for name in ("support_thanks", "support_offer_end")),
    Row("support_new_offer", LEADS, args=key("foreign")),
    Row("support_new_offer", LEADERS, case="of one’s own", args=key("initiative")),
    Row("support_new_offer", MISSING, case="missing", args=no_key),
    Row("support_new_offer", LEADS_WRITE, "post", args=key("foreign"), data=an_offer),
    Row("support_detail", (302, 302, 200, 200, 200), args=ask("asked_by_crew")),
    Row("support_detail", MISSING, case="missing", args=nobody),
    Row(
        "support_detail",
        (302, 302, 302, 302, 302),
        "post",
        args=ask("asked_by_crew"),
        data=lambda world: {"text": "When?"},
    ),
    Row("team_support", EVERYBODY, args=key("team")),
    Row("team_support", MISSING, case="missing", args=no_key),
    # Writing teams
    Row("team_new", LEADERS, queries=("parent=crew", "parent={key}-confidential")),
    Row("team_new", (302, 403, 403, 422, 422), "post", case="blank", data=lambda world: {"name": ""}),
    Row("team_new", LEADERS_WRITE, "post", data=lambda world: {"name": "New", "parent": "crew"}),
    *(Row(name, LEADERS, args=key("team")) for name in TEAM_PLACES),
    *(Row(name, MISSING, case="missing", args=no_key) for name in TEAM_PLACES),
    Row("team_position", LEADERS_WRITE, "post", args=key("team"), data=team_form(parent="empty")),
    Row("team_removal", LEADERS_WRITE, "post", args=key("empty_team"), data=team_form("empty_team")),
    Row("team_removal", (302, 403, 403, 422, 422), "post", case="with work", args=key("team"), data=team_form()),
    Row("team_archival", LEADERS_WRITE, "post", args=key("empty_team"), data=team_form("empty_team")),
    Row("team_archival", (302, 403, 403, 422, 422), "post", case="with work", args=key("team"), data=team_form()),
    Row("team_restoration", LEADERS_WRITE, "post", args=key("team"), data=team_form()),
    Row("team_restoration", MISSING, "post", case="missing", args=no_key),
    Row("archived_team_list", EVERYBODY),
    *(Row(name, LEADS, args=key("team")) for name in TEAM_FORMS),
    *(Row(name, LEADERS, case="of others", args=key("empty_team")) for name in TEAM_FORMS),
    *(Row(name, MISSING, case="missing", args=no_key) for name in TEAM_FORMS),
    *(
        Row(name, LEADS_WRITE, "post", args=key("team"), data=team_form(name="Crew", stance="core"))
        for name in ("team_edit", "team_mission", "team_stance", "team_personas")
    ),
    *(
        Row(name, (302, 403, 403, 422, 422), "post", case="of others", args=key("empty_team"), data=team_form(role="-"))
        for name in ("team_edit", "team_stance", "team_members")
    ),
    *(
        Row(name, LEADERS_WRITE, "post", case="of others", args=key("empty_team"), data=team_form("empty_team"))
        for name in ("team_mission", "team_personas")
    ),
    Row("team_mission", LEADS, "post", case="looked for", args=key("team"), data=team_form(find=WORD)),
    *(Row(name, LEADERS_WRITE, "post", args=key("team"), data=team_form()) for name in TEAM_MARKS),
    *(Row(name, MISSING, "post", case="missing", args=no_key) for name in TEAM_MARKS),
    Row("team_undo", LEADS_WRITE, "post", args=key("team")),
    Row("team_undo", MISSING, "post", case="missing", args=no_key),
    Row("team_members", LEADS_WRITE, "post", args=key("team"), data=a_member),
    Row("team_member", LEADS_WRITE, "post", args=membership, data=lambda world: {"role": "lead", "version": 1}),
    Row("team_member", (302, 403, 404, 404, 404), "post", case="missing", args=no_member),
    Row("team_member_removal", LEADS_WRITE, "post", args=membership, data=lambda world: {"version": 1}),
    Row("team_member_removal", (302, 403, 404, 404, 404), "post", case="missing", args=no_member),
    Row("team_member_restoration", LEADS_WRITE, "post", args=lambda world: {"key": "crew", **person(world)}),
    Row("team_member_restoration", (302, 403, 404, 404, 404), "post", case="missing", args=no_member),
    Row("markdown_preview", EVERYBODY, "post", data=lambda world: {"text": "*So*"}),
    Row("typed_keeping", (302, 400, 400, 400, 400), "post", case="without a token"),
    Row("typed_removal", WRITTEN, "post", case="of nobody", args=lambda world: {"nonce": UUID(int=1)}),
    Row("persona_list", EVERYBODY),
    Row("persona_new", LEADERS),
    Row("persona_new", (302, 403, 403, 422, 422), "post", case="blank", data=lambda world: {"name": ""}),
    Row("persona_new", LEADERS_WRITE, "post", data=lambda world: {"name": "New"}),
    *(Row(name, LEADERS, args=a_persona) for name in ("persona_edit", "persona_removal")),
    *(Row(name, MISSING, case="missing", args=no_key) for name in ("persona_edit", "persona_removal")),
    *(
        Row(name, LEADERS_WRITE, "post", args=a_persona, data=lambda world: {"name": "Other", "version": 1})
        for name in ("persona_edit", "persona_removal")
    ),
    Row("context_list", EVERYBODY, queries=("strategy_after=W10", "product_after=W10", "old=yes")),
    Row("context_detail", EVERYBODY, args=key("context_page")),
    Row("context_detail", MISSING, case="missing", args=no_key),
    Row("context_new", LEADERS, queries=("lens=product", "lens=nonsense")),
    Row("context_new", (302, 403, 403, 422, 422), "post", case="blank", data=lambda world: {"title": ""}),
    Row("context_new", LEADERS_WRITE, "post", data=new_page),
    *(Row(name, FOREIGN_GET, args=key("context_page")) for name in ("context_edit", "context_removal")),
    *(Row(name, MISSING, case="missing", args=no_key) for name in ("context_edit", "context_removal")),
    Row("context_confirmation", FOREIGN_SAVES, "post", args=key("context_page"), data=new_page),
    Row("context_confirmation", LEADS_WRITE, "post", case="own", args=own_page, data=new_page),
    Row("context_confirmation", MISSING, "post", case="missing", args=no_key, data=new_page),
    *(
        Row(name, FOREIGN_SAVES, "post", args=key("context_page"), data=new_page)
        for name in ("context_edit", "context_removal")
    ),
    Row("context_edit", LEADS, case="own", args=own_page),
    Row("context_edit", LEADS_WRITE, "post", case="own", args=own_page, data=new_page),
    Row("context_edit", FOREIGN_GET, case="a viewer's", args=page_of_viewer),
    Row("context_removal", LEADERS, case="own", args=own_page),
    Row("decision_list", EVERYBODY, queries=("state=draft", "state=in_force&q={word}", "after=W10")),
    Row("decision_detail", EVERYBODY, args=decided),
    Row("decision_detail", (302, 404, 404, 200, 200), case="draft", args=drafted),
    Row("decision_detail", MISSING, case="missing", args=no_key),
    Row("decision_new", LEADERS, queries=("supersedes=partners-sell", "supersedes=nonsense")),
    Row("decision_new", (302, 403, 403, 422, 422), "post", case="blank", data=lambda world: {"title": ""}),
    Row("decision_new", LEADERS_WRITE, "post", data=decision_form),
    Row("decision_conclusion", FOREIGN_SAVES, "post", args=decided, data=decision_form),
    *(Row(name, FOREIGN_GET, args=decided) for name in DECISION_FORMS),
    *(Row(name, MISSING, case="missing", args=no_key) for name in DECISION_FORMS),
    *(
        Row(name, (302, 404, 404, 302, 302), "post", case="draft", args=drafted, data=decision_form)
        for name in (*DECISION_FORMS, "decision_conclusion", "decision_reopening")
    ),
    *(
        Row(name, (302, 404, 302, 302, 302), "post", case="own", args=own_draft, data=decision_form)
        for name in (*DECISION_FORMS, "decision_conclusion", "decision_reopening")
    ),
    *(
        Row(name, MISSING, "post", case="missing", args=no_key, data=decision_form)
        for name in ("decision_conclusion", "decision_reopening")
    ),
    Row(
        "thread_list",
        EVERYBODY,
        queries=(
            "state=mine",
            "state=late",
            "state=ended&after=W10",
            "questions=late",
            "about=goal-1",
            "about=nonsense",
        ),
    ),
    Row("thread_new", WRITERS, queries=("aspect=coverage", "aspect=nonsense", "link=1", "link=x", "goal={key}-goal")),
    Row("thread_new", (302, 403, 422, 422, 422), "post", case="blank", data=lambda world: {"text": " "}),
    Row("thread_new", (302, 403, 302, 302, 302), "post", data=written),
    Row("thread_detail", EVERYBODY, args=asked),
    Row("thread_detail", CONFIDENTIAL, case="confidential", args=secretly_asked),
    Row("thread_detail", MISSING, case="missing", args=no_key),
    Row("thread_detail", (302, 403, 302, 302, 302), "post", args=asked, data=written),
    Row("thread_detail", (302, 403, 422, 422, 422), "post", case="blank", args=asked, data=lambda world: {"text": ""}),
    Row("thread_detail", SECRET_WRITE, "post", case="confidential", args=secretly_asked, data=written),
    Row("thread_outcome", (302, 403, 302, 302, 302), "post", args=outcome_of(asked)),  # leaders read why not
    Row("thread_outcome", WRITERS, case="said in a text", args=countered),
    Row("thread_outcome", (302, 403, 422, 302, 302), "post", case="said in a text", args=countered, data=written),
    Row("thread_outcome", SECRET_WRITE, "post", case="confidential", args=outcome_of(secretly_asked)),
    Row("thread_outcome", MISSING, "post", case="missing", args=outcome_of(no_key)),
    Row("proposal_new", WRITERS, queries=("strategy={key}", "goal={key}-goal", "goal=x")),
    Row("proposal_new", (302, 403, 422, 422, 422), "post", case="blank", data=lambda world: {"title": " "}),
    Row("proposal_new", OWN_STRATEGY, "post", data=a_proposal),
    Row("proposal_new_from_work", TEAM_GET, args=key("initiative")),
    Row("proposal_new_from_work", OWN_STRATEGY, "post", args=key("initiative"), data=a_proposal),
    Row("proposal_new_from_work", FOREIGN_GET, case="foreign", args=foreign_work),
    Row(
        *("proposal_new_from_work", (302, 403, 403, 422, 302), "post", "foreign"),
        args=foreign_work,
        data=a_proposal,
    ),
    Row("proposal_new_from_work", MISSING, case="missing", args=no_key),
    Row("proposal_acceptance", LEADERS, args=proposed),
    Row("proposal_acceptance", (302, 403, 403, 302, 302), "post", args=proposed, data=an_acceptance),
    Row("proposal_acceptance", (302, 403, 403, 403, 403), case="a question", args=asked),
    Row("proposal_acceptance", MISSING, case="missing", args=no_key),
    Row("thread_reopening", (302, 403, 302, 302, 302), "post", args=asked),
    Row("thread_reopening", MISSING, "post", case="missing", args=no_key),
    Row("thread_reminder", (302, 403, 302, 403, 403), "post", args=asked),
    Row("thread_reminder", MISSING, "post", case="missing", args=no_key),
    *(Row(name, WRITTEN, "post", args=asked) for name in ("thread_following", "thread_muting")),
    *(
        Row(name, SECRET_WRITE, "post", case="confidential", args=secretly_asked)
        for name in ("thread_following", "thread_muting")
    ),
    Row("thread_pin", (302, 403, 302, 302, 302), "post", args=message_of),
    Row("thread_pin", (302, 403, 404, 404, 404), "post", case="missing", args=no_message),
    Row("message_edit", (302, 403, 200, 403, 403), args=message_of),
    Row("message_edit", (302, 403, 302, 403, 403), "post", args=message_of, data=written),
    Row("message_edit", MISSING, case="missing", args=no_message),
    Row("message_text", ADMINISTRATORS_READ, args=message_of),
    Row("message_text", ADMINISTRATORS, "post", args=message_of, data=written),
    Row("message_text", MISSING, case="missing", args=no_message),
    Row("context_restoration", LEADERS_WRITE, "post", args=removed_page),
    Row("context_restoration", (302, 403, 403, 404, 404), "post", case="missing", args=nobody),
    Row(
        "initiative_list",
        EVERYBODY,
        queries=(
            *(f"sort={sort}" for sort in ("effort", "-effort", "-touched", "nonsense")),
            *(f"goal={{key}}-{name}" for name in ("confidential", "below", "in-draft", "own")),
            *(f"goal={{key}}-{name}" for name in ("planned", "later", "theirs")),
            *("part=aligned", "flag=disconnected", "status=any", "team=crew", "mine=yes", "after=W10"),
        ),
    ),
    Row("initiative_detail", EVERYBODY, args=key("initiative")),
    Row("initiative_detail", MISSING, case="missing", args=no_key),
    # Links
    Row("link_new", TEAM_GET, args=key("initiative"), queries=("q={word}", "goal={key}-unlinked", "goal=unlinked")),
    Row("link_new", FOREIGN_GET, case="foreign", args=foreign_work),
    Row("link_new", MISSING, case="missing", args=no_key),
    Row("link_new", TEAM_SAVES, "post", args=key("initiative"), data=bet(goal="unlinked")),
    Row("link_new", TEAM_WRONG, "post", case="linked already", args=key("initiative"), data=bet(goal="open-goal")),
    Row(
        "link_new",
        (302, 403, 422, 302, 302),
        "post",
        case="to a confidential goal",
        args=key("initiative"),
        data=bet(goal=f"{SECRET_KEY}-unlinked"),
    ),
    Row("link_new", FOREIGN_SAVES, "post", case="foreign", args=foreign_work, data=bet(goal="unlinked")),
    Row("link_new_from_goal", TEAM_GET, args=unlinked, queries=("q={word}", "initiative=work")),
    Row("link_new_from_goal", (302, 404, 404, 200, 200), case="confidential", args=key("confidential")),
    Row("link_new_from_goal", MISSING, case="missing", args=no_key),
    Row(
        "link_new_from_goal",
        TEAM_SAVES,
        "post",
        args=unlinked,
        data=bet(initiative="work"),
    ),
    Row(
        "link_new_from_goal",
        (302, 403, 422, 302, 302),
        "post",
        case="foreign work",
        args=unlinked,
        data=lambda world: {"initiative": foreign_work(world)["key"], "rationale": "Because."},
    ),
    Row("link_edit", TEAM_GET, args=link_to("goal")),
    Row("link_edit", FOREIGN_GET, case="foreign", args=foreign_link),
    Row("link_edit", CONFIDENTIAL, case="to a confidential goal", args=link_to("confidential")),
    Row("link_edit", MISSING, case="missing", args=nobody),
    Row("link_edit", TEAM_SAVES, "post", args=link_to("goal"), data=bet()),
    Row("link_edit", FOREIGN_SAVES, "post", case="foreign", args=foreign_link, data=bet()),
    Row("link_edit", SECRET_SAVES, "post", case="to a confidential goal", args=link_to("confidential"), data=bet()),
    Row("team_confirmations", (302, 403, 302, 302, 302), case="nothing waits", args=key("team")),
    Row("team_confirmations", TEAM_WRONG, "post", case="nothing chosen", args=key("team")),
    Row("team_confirmations", MISSING, case="missing", args=no_key),
    Row("link_shares", TEAM_GET, args=key("initiative")),
    Row("link_shares", FOREIGN_GET, case="foreign", args=foreign_work),
    Row("link_shares", MISSING, case="missing", args=no_key),
    Row("link_shares", TEAM_SAVES, "post", args=key("initiative"), data=all_shares),
    Row("link_shares", FOREIGN_SAVES, "post", case="foreign", args=foreign_work, data=all_shares_of_foreign),
    Row("link_succession", TEAM_GET, args=succession("work")),
    Row("link_succession", FOREIGN_GET, case="foreign", args=succession("foreign")),
    Row(
        "link_succession",
        (302, 403, 404, 404, 404),
        case="no successor",
        args=lambda world: {"key": "work", "goal_key": "unlinked"},
    ),
    Row("link_succession", (302, 403, 404, 200, 200), case="a confidential goal", args=succession("work", "secret")),
    Row("link_return", TEAM_SAVES, "post", args=taken("work"), data=removal),
    Row("link_return", FOREIGN_SAVES, "post", case="foreign", args=taken("foreign"), data=removal),
    Row("link_return", MISSING, "post", case="missing", args=nobody),
    Row("link_succession", TEAM_SAVES, "post", args=succession("work"), data=bet()),
    Row("link_succession", FOREIGN_SAVES, "post", case="foreign", args=succession("foreign"), data=bet()),
    *(
        row
        for name, post in (
            ("link_removal", {"version": "1"}),
            ("link_confirmation", {}),
            ("link_outcome", {"outcome": "held", "version": "1"}),
        )
        for row in (
            Row(name, TEAM_SAVES, "post", args=link_to("goal"), data=given(post)),
            Row(name, FOREIGN_SAVES, "post", case="foreign", args=foreign_link, data=given(post)),
            Row(
                name,
                SECRET_SAVES,
                "post",
                case="to a confidential goal",
                args=link_to("confidential"),
                data=given(post),
            ),
            Row(name, MISSING, "post", case="missing", args=nobody),
        )
    ),
    Row("link_outcome", TEAM_GET, args=link_to("goal")),
    Row("link_outcome", FOREIGN_GET, case="foreign", args=foreign_link),
    Row("link_outcome", CONFIDENTIAL, case="to a confidential goal", args=link_to("confidential")),
    Row("link_removal", TEAM_GET, args=link_to("goal")),
    Row("link_removal", FOREIGN_GET, case="foreign", args=foreign_link),
    Row("link_removal", CONFIDENTIAL, case="to a confidential goal", args=link_to("confidential")),
    Row("link_restoration", TEAM_SAVES, "post", args=removal_of(link_to("goal"))),
    Row("link_restoration", FOREIGN_SAVES, "post", case="foreign", args=removal_of(foreign_link)),
    Row(
        "link_restoration",
        SECRET_SAVES,
        "post",
        case="to a confidential goal",
        args=removal_of(link_to("confidential")),
    ),
    Row("link_restoration", MISSING, "post", case="missing", args=nobody),
    Row("link_restoration", MISSING, "post", case="another entry", args=another_entry),
    *(
        row
        for name in ("link_endorsement", "link_dispute", "link_judgement_removal")
        for row in (
            Row(name, FOREIGN_GET, args=link_to("goal")),
            Row(name, CONFIDENTIAL, case="to a confidential goal", args=link_to("confidential")),
            Row(name, MISSING, case="missing", args=nobody),
            Row(name, FOREIGN_SAVES, "post", args=link_to("goal"), data=bet(note="Hm.")),
            Row(name, (302, 403, 302, 403, 403), "post", case="own", args=link_to_own, data=bet(note="Hm.")),
            Row(
                name,
                SECRET_SAVES,
                "post",
                case="to a confidential goal",
                args=link_to("confidential"),
                data=bet(note="Hm."),
            ),
        )
    ),
    Row("link_judgement_removal", MISSING, "post", case="missing", args=nobody),
    # Weekly digests
    *(
        Row("digest_reply", statuses, method, case=f"{action} for {who}", args=reply(who, action, *about), data=data)
        for action, about in ANSWERS_BY_MAIL.items()
        for who, method, statuses, data in (
            ("member", "get", (302, 403, 200, 403, 403), lambda world: {}),
            ("member", "post", ANSWERED if action is Action.CONFIRM else (302, 403, 302, 403, 403), an_answer_by_mail),
            ("viewer", "get", OF_NOBODY, lambda world: {}),
            ("viewer", "post", OF_NOBODY, an_answer_by_mail),
        )
    ),
    *(
        Row(
            "digest_reply",
            statuses,
            method,
            case=f"confidential for {who}",
            args=reply(who, Action.CONFIRM, SECRET_LINK),
        )
        for who, method, statuses in (
            ("member", "get", (302, 403, 404, 403, 403)),
            ("member", "post", (302, 403, 404, 403, 403)),
            ("leader", "get", (302, 403, 403, 200, 403)),
            ("leader", "post", (302, 403, 403, 200, 403)),  # nothing has changed since it was confirmed
        )
    ),
    *(
        Row("digest_reply", (302, 403, 404, 403, 403), method, case="missing", args=reply("member", *MISSING_WORK))
        for method in ("get", "post")
    ),
    *(Row("digest_reply", MISSING, method, case="no address of ours", args=wrong_token) for method in ("get", "post")),
    Row("digest_unsubscription", OPEN, args=digest_of_member(unsubscribe_path)),
    Row(
        "digest_unsubscription",
        OPEN,
        "post",
        args=digest_of_member(unsubscribe_path),
        data=lambda world: {"List-Unsubscribe": "One-Click"},
    ),
    Row("turn_mails_stop", OPEN, args=digest_of_member(stop_turn_mails_path)),
    Row(
        "turn_mails_stop",
        OPEN,
        "post",
        args=digest_of_member(stop_turn_mails_path),
        data=lambda world: {"List-Unsubscribe": "One-Click"},
    ),
    Row("digest_times", OPEN, args=digest_of_member(times_path)),
    Row(
        "digest_times",
        (422, 422, 422, 422, 422),
        "post",
        case="wrong",
        args=digest_of_member(times_path),
        data=lambda world: {"digests": "on", "digest_weekday": "8"},
    ),
    *(
        Row(name, NOWHERE, method, case="no address of ours", args=wrong_token)
        for name in ("digest_unsubscription", "digest_times", "turn_mails_stop")
        for method in ("get", "post")
    ),
    Row("digest_list", EVERYBODY, queries=("after=W10",)),
    Row("digest_next", EVERYBODY),
    Row("digest_detail", (302, 404, 200, 404, 404), args=a_week),
    Row("digest_detail", MISSING, case="bad week", args=lambda world: {"week": "2026-W99"}),
    Row("settings", EVERYBODY),
    Row("settings", (302, 422, 422, 422, 422), "post", case="bad", data=lambda world: {"timezone": "Mars/Base"}),
    Row("settings", WRITTEN, "post", data=own_settings),
    Row("settings_undo", WRITTEN, "post"),
    Row("company_settings", ADMINISTRATORS_READ),
    Row("company_settings", (302, 403, 403, 403, 422), "post", case="blank"),
    Row(
        "company_settings",
        ADMINISTRATORS,
        "post",
        data=lambda world: {
            "name": "Our firm",
            "purpose": "Everybody arrives.",
            "timezone": "UTC",
            "default_effort": "1",
            "grace_days": "14",
            "silent_days": "28",
            "check_in_rhythm": "two_weeks",
            "version": Company.objects.get().version,
        },
    ),
    Row("stance_range", ADMINISTRATORS_READ, args=lambda world: {"stance": "core"}),
    Row("stance_range", (302, 404, 404, 404, 404), case="missing", args=lambda world: {"stance": "there-is-none"}),
    Row("stance_range", (302, 403, 403, 403, 422), "post", case="blank", args=lambda world: {"stance": "core"}),
    Row("stance_range", ADMINISTRATORS, "post", args=lambda world: {"stance": "core"}, data=a_stance_range),
    Row("digest_administration", ADMINISTRATORS_READ, queries=("failed=W10", "refused=W10")),
    Row("digest_preview", ADMINISTRATORS_READ, queries=("as=lead", "as=member", "as=member&person=1", "person={word}")),
    Row("digest_preview", ADMINISTRATORS, "post"),
    Row("digest_start", ADMINISTRATORS, case="nobody has seen a preview"),
    Row("digest_start", (302, 403, 403, 403, 422), "post", case="nobody has seen a preview", data=first_version),
    Row("digest_times_of_company", ADMINISTRATORS_READ),
    Row("digest_times_of_company", (302, 403, 403, 403, 422), "post", case="blank"),
    Row(
        "digest_times_of_company",
        ADMINISTRATORS,
        "post",
        data=lambda world: {**first_version(world), "weekday": "2", "hour": "9"},
    ),
    Row("digest_times_undo", ADMINISTRATORS, "post"),
    Row("digest_resume", ADMINISTRATORS_READ),
    Row("digest_resume", (302, 403, 403, 403, 422), "post", case="not started"),
    Row("digest_pause", ADMINISTRATORS, "post"),
    Row("digest_resend", ADMINISTRATORS, "post", args=lambda world: {"pk": digest_of(world).pk}),
    Row("digest_resend", (302, 403, 403, 403, 404), "post", case="missing", args=nobody),
    Row("digest_resend_failed", ADMINISTRATORS, "post"),
    Row("digest_address", ADMINISTRATORS, "post", args=person),
    Row("digest_address", (302, 403, 403, 403, 404), "post", case="missing", args=nobody),
    Row("digest_outbox", (302, 403, 403, 403, 404), case="mail leaves"),
    *(
        Row(name, (302, 403, 403, 403, 404), case="mail leaves", args=lambda world: {"name": "a.log", "number": 1})
        for name in ("digest_outbox_mail", "digest_outbox_file")
    ),
    # API
    Row("api_schema", API_EVERYBODY),
    Row("api_report", API_EVERYBODY, queries=("as_of=2026-03-16", "as_of=2030-01-01")),
    Row("api_history", API_EVERYBODY, queries=("weeks=52", "team=crew")),
    Row("api_context_list", API_EVERYBODY, queries=("lens=product", "owner=nobody@example.com")),
    Row("api_context_detail", API_EVERYBODY, args=key("context_page")),
    Row("api_context_detail", API_MISSING, case="missing", args=no_key),
    Row("api_decision_list", API_EVERYBODY, queries=("status=decided", "owner=nobody@example.com")),
    Row("api_decision_detail", API_EVERYBODY, args=decided),
    Row("api_decision_detail", API_MISSING, case="missing", args=no_key),
    Row("api_thread_list", API_EVERYBODY, queries=("kind=question", "about_kind=goal", "asker=nobody@example.com")),
    Row("api_thread_detail", API_EVERYBODY, args=asked),
    Row("api_thread_detail", API_CONFIDENTIAL, case="confidential", args=secretly_asked),
    Row("api_thread_detail", API_MISSING, case="missing", args=no_key),
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
    Row("api_goal_detail", API_CONFIDENTIAL, case="draft in a published strategy", args=key("planned")),
    Row("api_goal_detail", API_CONFIDENTIAL, case="below a draft", args=key("below_planned")),
    Row("api_goal_detail", API_MISSING, case="missing", args=no_key),
    Row("api_amendment_detail", API_CONFIDENTIAL, args=an_amendment),
    Row("api_amendment_detail", API_MISSING, case="none is open", args=key("strategy")),
    Row("api_amendment_detail", API_MISSING, case="missing", args=no_key),
    Row("api_edition_list", API_EVERYBODY, args=key("strategy")),
    Row("api_edition_list", API_CONFIDENTIAL, case="of a draft", args=key("draft")),
    Row("api_edition_list", API_MISSING, case="missing", args=no_key),
    Row("api_edition_detail", API_EVERYBODY, args=edition(1)),
    Row("api_edition_detail", API_CONFIDENTIAL, case="of what is confidential", args=edition(2)),
    Row("api_edition_detail", API_CONFIDENTIAL, case="of what was confidential", args=edition(3)),
    Row("api_edition_detail", API_MISSING, case="missing", args=edition(5)),
    Row("api_measure_list", API_EVERYBODY, queries=("goal={key}-confidential", "kind=target", "search={word}")),
    Row("api_measure_detail", API_EVERYBODY, args=key("measure")),
    Row("api_measure_detail", API_CONFIDENTIAL, case="confidential", args=secret_measure),
    Row("api_measure_detail", API_MISSING, case="missing", args=no_key),
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
    planned = _secret_goal("planned", parent=goal, status=GoalStatus.DRAFT)
    below_planned = _secret_goal("later", parent=planned)
    of_others = _secret_goal("theirs", parent=goal, team=make.TeamFactory(key="others"), status=GoalStatus.DRAFT)
    for secret in (draft_goal, confidential, below, teams_own, planned, below_planned, of_others):
        measure = make.MeasureFactory(goal=secret, key=f"{secret.key}-measure", title=f"Measure {SECRET}", unit=WORD)
        if secret is draft_goal:
            CheckIn.objects.create(measure=measure, at=make.NOW, value=measure.current, note=f"Note {SECRET}")
        make.LinkFactory(
            initiative=initiative,
            goal=secret,
            rationale=f"Because {SECRET}",
            evidence=f"We would see {SECRET}",
            measure=measure,
            outcome=Outcome.HELD,
            outcome_note=f"Saw {SECRET}",
        )
        make.MissionGoalFactory(team=team, goal=secret)
        make.FlagFactory(initiative=None, goal=secret, code=FlagCode.UNCOVERED)
        make.FlagFactory(initiative=None, goal=secret, code=FlagCode.EXPIRED)
    make.FlagFactory(initiative=initiative, code=FlagCode.DISCONNECTED)
    _link_with_secret_measure(initiative, make.GoalFactory(key="half-open", strategy=strategy))
    make.GoalFactory(key="unlinked", strategy=strategy)
    make.CompanyWeekFactory()
    make.TeamWeekFactory(team=team)
    _secret_goal("unlinked", strategy=strategy, visibility=Visibility.LEADERS)
    _editions(strategy, goal, confidential, people["leader"])
    _happened(team, goal, draft, people["leader"])
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
        planned,
        below_planned,
        measure=_checked_in(make.MeasureFactory(goal=goal, key="sold")),
        empty_team=make.TeamPersonaFactory(team__key="empty", persona__key="shoppers").team,
        foreign=make.InitiativeFactory(key="foreign"),
        asked_by_crew=make.SupportFactory(initiative=initiative, ask="An ask of the crew"),
        asked_of_crew=make.SupportFactory(initiative__key="asking", team=team, ask="An ask to the crew"),
        team_goal=make.GoalFactory(key="crew-goal", team=team, parent=goal),
        context_page=make.ContextPageFactory(key="prices", owner=people["outsider"]),
    )


def _happened(team: Team, goal: Goal, draft: Strategy, leader: Person) -> None:
    """What the log has: edits of what is secret, and of what was secret when somebody wrote it."""
    by: dict[str, Any] = {"actor": leader, "at": make.NOW}
    secrets = list(Goal.objects.filter(key__startswith=WORD).order_by("pk"))
    with transaction.atomic():
        record("strategy.edited", subject=draft, changes={"narrative": [f"Before {SECRET}", SECRET]}, **by)
        for row in secrets:
            record("goal.edited", subject=row, changes={"why": [f"Once {SECRET}", ""]}, **by)
        for link in Link.objects.filter(goal__in=secrets).order_by("pk"):
            record("link.outcome_recorded", subject=link, changes={"outcome_note": ["", f"Saw {SECRET}"]}, **by)
        record("goal.moved", subject=goal, changes={"parent": [secrets[0].pk, None]}, **by)
        record("goal.edited", subject=goal, changes={"why": [f"Once {SECRET}", "Because customers ask for it."]}, **by)
        record("goal.activated", subject=goal, changes={"status": ["draft", "active"]}, **by)
        served = {"served_goals": [[], [row.pk for row in secrets]]}
        record("team.mission_set", subject=team, changes={"mission": ["", "To sell."], **served}, **by)
        refs = [("goal", row.pk) for row in secrets]
        record("strategy.published", subject=goal.strategy, refs=refs, note={"goals": [pk for _kind, pk in refs]}, **by)


def _editions(strategy: Strategy, goal: Goal, confidential: Goal, leader: Person) -> None:
    """In the first, `goal` was for leaders and `confidential` for everybody; the second changed what is for leaders
    today, the third what was for leaders then; the fourth says what is there now."""
    (live,) = snapshots([strategy]).values()
    own, others = str(goal.pk), str(confidential.pk)
    first = deepcopy(live)
    first["goals"][own] |= {"visibility": Visibility.LEADERS, "why": f"Once {SECRET}", "title": f"Once {SECRET}"}
    first["goals"][others] |= {"visibility": Visibility.COMPANY}
    second = deepcopy(first)
    second["goals"][others] |= {"why": f"Then {SECRET}"}
    third = deepcopy(second)
    third["goals"][own] |= {"why": f"Later {SECRET}"}
    said = ("", f"As {SECRET}", f"For {SECRET}", "It is for everybody now.")
    for snapshot, because in zip((first, second, third, live), said, strict=True):
        add_edition(strategy, snapshot, because=because, person=leader)


def _checked_in(measure: Measure) -> Measure:
    CheckIn.objects.create(measure=measure, at=make.NOW, value=measure.current)
    return measure


def _link_with_secret_measure(initiative: Initiative, goal: Goal) -> None:
    """A link that everybody sees, whose measure is of a confidential goal further down."""
    hidden = _secret_goal("deeper", parent=goal, visibility=Visibility.LEADERS)
    measure = make.MeasureFactory(goal=hidden, key=f"{SECRET_KEY}-deep", title=f"Measure {SECRET}", unit=WORD)
    make.LinkFactory(initiative=initiative, goal=goal, measure=measure, expected_change=5)


def _secret_goal(name: str, **values: Any) -> Goal:
    return make.GoalFactory(key=f"{SECRET_KEY}-{name}", title=f"Goal {SECRET} {name}", why=f"Why {SECRET}", **values)
