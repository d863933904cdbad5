"""Proposes a goal, and accepts one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from alignment.models import Proposal
from alignment.selectors.suggestions import own_work
from alignment.services.proposals import accept_proposal, propose_goal
from conversations.access import thread_for
from conversations.models import Message, Thread
from conversations.narrative import about_words, party_name
from conversations.selectors.parties import party_of
from conversations.selectors.threads import with_names
from conversations.services.threads import ENDED
from lib.db.search import contains_words
from lib.forms.lookup import found_text, sent, sought
from lib.forms.pages import FormPage, Success, form_view, posted
from lib.services.dates import now
from lib.services.keys import has_key
from lib.services.permissions import require
from lib.text.isolation import isolated
from strategy.enums import GoalStatus
from strategy.models import Goal, Strategy
from teams.models import Initiative, Person
from web.filters import asked_key
from web.initiatives.editing import crumbs_of, initiative_for, initiative_url
from web.proposals.forms import AcceptanceForm, ProposalForm
from web.proposals.places import Places, place_value, places_to_propose, places_within, published
from web.readers import reader_of
from web.threads.views import url_of

CONVERSATIONS = ("Conversations", "thread_list")
OFFERED = 30
LEDE = (
    "It goes to whoever answers for the strategy, who accepts it, answers, or declines it with a reason. Everybody who"
    " sees the strategy can read it."
)
ACCEPTING = (
    "It becomes a draft goal, which the next edition of the strategy adds. Until that is published, leaders and its"
    " owner see it."
)
NOT_YET = "No strategy is published yet, so there is nothing that it could belong to."
OWN = "You answer for the strategy yourself, so nobody else would be asked. Add the goal to it."
ACCEPTED = "It is in the amendment as a draft, and its work is linked once that is published."


@form_view
def proposal_new(request: HttpRequest) -> HttpResponse:
    """`?strategy=` or `?goal=` is the key of where it would hang."""
    reader = reader_of(request)
    require(propose_goal, reader)
    label, name = CONVERSATIONS
    return _proposing(request, reader, [], [(label, reverse(name))], reverse(name))


@form_view
def proposal_new_from_work(request: HttpRequest, key: str) -> HttpResponse:
    """With this initiative as its evidence."""
    reader, initiative = initiative_for(request, key)
    return _proposing(request, reader, [initiative], crumbs_of(initiative), initiative_url(initiative))


def _proposing(
    request: HttpRequest, reader: Person, work: list[Initiative], crumbs: list[tuple[str, str]], back: str
) -> HttpResponse:
    words, at_first = sought(request), [each.key for each in work]
    chosen = request.POST.getlist("work") if request.method == "POST" else at_first
    places = _places(request, reader)
    offered = _work(reader, {*chosen, *at_first}, words or "")
    form = ProposalForm(
        sent(request), initial={"work": at_first, "place": _asked_place(request, places)}, places=places, work=offered
    )
    count = sum(contains_words(row.title, words or "") for row in offered)
    page = FormPage(
        title="Propose a goal",
        lede=LEDE,
        form=form,
        action_label="Propose it",
        cancel_url=back,
        crumbs=crumbs,
        focused=True,
        template="form_find.html",
        extra=found_text(words, count, "piece of work of yours", "pieces of work of yours", "Tick what fits."),
    )
    if not places:
        page.stopped = OWN if published(reader).exists() else NOT_YET
    return page.handle(
        request,
        save=lambda: _propose(reader, form.cleaned_data),
        done=_proposed,
        searching=words is not None,
    )


def _propose(reader: Person, values: dict[str, Any]) -> Thread:
    said = {name: value for name, value in values.items() if name not in {"place", "find"}}
    return propose_goal(values["place"], actor=reader, at=now(), **said)


def _proposed(thread: Thread) -> Success:
    who = isolated(party_name(party_of(thread.answers_kind, thread.answers_id)).text)
    return Success(f"Your proposal is with {who}.", url_of(thread))


def _work(reader: Person, chosen: set[str], words: str) -> list[Initiative]:
    """What the reader may name, with what is chosen already first. Three queries."""
    keys = [key for key in chosen if "\0" not in key]
    there = Initiative.objects.filter(key__in=keys).select_related("team").order_by("title__folded", "id")
    first = [row for row in there if reader.has_perm("teams.edit_initiative", row)]
    found = own_work(None, reader, words=words, limit=OFFERED)
    return [*first, *(row for row in found if row not in first)]


def _places(request: HttpRequest, reader: Person) -> Places:
    key = asked_key(request.GET, "goal")
    goals = Goal.objects.visible_to(reader).filter(team=None, status=GoalStatus.ACTIVE)
    return places_to_propose(reader, goals.filter(has_key(Goal, key)).first() if key else None)


def _asked_place(request: HttpRequest, places: Places) -> str:
    for kind in ("goal", "strategy"):
        value = f"{kind}-{asked_key(request.GET, kind)}"
        if value in places:
            return value
    return next(iter(places)) if len(places) == 1 else ""


@form_view
def proposal_acceptance(request: HttpRequest, key: str) -> HttpResponse:
    """Makes it a draft goal in the amendment of its strategy."""
    reader = reader_of(request)
    thread: Any = thread_for(reader, key, rows=with_names(Thread.objects.all()))
    require(accept_proposal, reader, thread)
    proposal = Proposal.objects.select_related("goal").filter(thread=thread).first()
    strategy = Strategy.objects.filter(pk=thread.answers_id).first()
    if proposal is None or strategy is None:
        raise Http404
    place = _place_of(thread, strategy)
    places = places_within(strategy, reader, place if isinstance(place, Goal) else None)
    form = AcceptanceForm(posted(request), initial=_said(thread, proposal, place), places=places)
    about = about_words(thread)
    page = FormPage(
        title="Accept the proposal",
        lede=ACCEPTING,
        form=form,
        action_label="Accept it",
        cancel_url=url_of(thread),
        crumbs=[
            *((label, reverse(name)) for label, name in [CONVERSATIONS]),
            (about[-1].text, about[-1].path),
            ("Proposal", url_of(thread)),
        ],
    )

    page.stopped = ENDED if thread.outcome else ""

    def accept() -> Proposal:
        values = form.values()
        return accept_proposal(thread, actor=reader, at=now(), version=form.opened_version, **values)

    return page.handle(
        request,
        save=accept,
        done=lambda _row: Success(ACCEPTED, reverse("amendment_detail", args=[strategy.key])),
        current=lambda row: {"version": row.version},
    )


def _place_of(thread: Thread, strategy: Strategy) -> Strategy | Goal:
    """Where it was proposed, while that is a place for a goal; else the top of the strategy."""
    if thread.about_kind != "goal":
        return strategy
    goal = Goal.objects.filter(pk=thread.about_id, team=None, status=GoalStatus.ACTIVE).first()
    here = goal is not None and Goal.objects.filter(pk=goal.path[0], strategy=strategy).exists()
    return goal if goal is not None and here else strategy


def _said(thread: Thread, proposal: Proposal, place: Strategy | Goal) -> dict[str, Any]:
    first = Message.objects.filter(thread=thread).order_by("at", "id").first()
    return {
        "title": proposal.title,
        "why": first.text if first else "",
        "measure": proposal.measure,
        "owner": thread.asker,
        "place": place_value(place),
        "version": thread.version,
    }
