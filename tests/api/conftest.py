"""A company with something to see and something to hide, and a client for whoever asks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from alignment.models import Link
from alignment.refresh.recompute import recompute_alignment
from strategy.enums import StrategyStatus, Visibility
from strategy.models import CheckIn, Persona
from teams.models import Person
from tests import factories as make

ROLES = {
    "viewer": make.ViewerFactory,
    "member": make.PersonFactory,
    "leader": make.LeaderFactory,
    "admin": make.AdminFactory,
}
LOWER, UPPER = ("viewer", "member"), ("leader", "admin")


@pytest.fixture
def signed_in(db: None) -> Callable[[str | Person], Client]:
    """A client of somebody of that role, or of that person."""

    def client(who: str | Person) -> Client:
        client = Client()
        client.force_login(ROLES[who]() if isinstance(who, str) else who)
        return client

    return client


@pytest.fixture
def company(kept_company: None, db: None) -> None:
    """For each test as it was made."""


@pytest.fixture(scope="module")
def kept_company(whole_module: None) -> None:
    """Goals `open` with `below-open`, `hidden` (for leaders) with `below-hidden`, `drafted` in a draft strategy,
    and `of-crew`.

    Measures `orders` of open, of which a check-in was corrected, and `secret` of hidden.
    Pages of context `who-buys` and `prices`. Decision `partners-sell`, of open and hidden, which supersedes
    `own-sales`, for leaders. Threads `asked` about open, `of-link` about the link of below-open, which the owner of
    hidden answers, and `secretly` about hidden.
    Team `crew` in `fleet`; its initiative `work` (4 weeks) moves open by half, below-open and hidden by a quarter each.
    """
    plan = make.StrategyFactory(key="plan")
    draft = make.StrategyFactory(key="draft", status=StrategyStatus.DRAFT)
    fleet = make.TeamFactory(key="fleet", mission="")
    crew = make.TeamFactory(key="crew", parent=fleet, name="Crew 100%", mission="Make it easy to buy.")
    owner = make.PersonFactory(email="owner@example.com")
    opened = make.GoalFactory(key="open", strategy=plan, title="More orders", owner=owner, weight="2.5")
    below = make.GoalFactory(key="below-open", parent=opened)
    hidden = make.GoalFactory(key="hidden", strategy=plan, visibility=Visibility.LEADERS)
    make.GoalFactory(key="below-hidden", parent=hidden)
    make.GoalFactory(key="drafted", strategy=draft)
    make.GoalFactory(key="of-crew", team=crew)
    work = make.InitiativeFactory(key="work", team=crew, effort=4, owner=owner, problem="Too *many* steps")
    make.InitiativeFactory(key="idle", team=fleet, effort=None, status="proposed")
    offer = {"answer": "Two of us", "size": "small", "due_on": make.DAY + dt.timedelta(days=4), "offered": True}
    make.SupportFactory(initiative=work, team=fleet, **offer)
    for goal, share in ((opened, "0.5"), (below, "0.25"), (hidden, "0.25")):
        make.LinkFactory(initiative=work, goal=goal, share=share)
    for goal in (hidden, opened):
        make.MissionGoalFactory(team=crew, goal=goal)
    orders = make.MeasureFactory(key="orders", goal=opened, title="Orders", unit="a day", keeper=owner)
    make.MeasureFactory(key="secret", goal=hidden)
    CheckIn.objects.create(measure=orders, at=make.NOW, person=owner, value=Decimal(3), note="Wrong.")
    CheckIn.objects.create(
        measure=orders,
        at=make.NOW + dt.timedelta(hours=1),
        person=owner,
        value=Decimal(4),
        confidence="at_risk",
        note="Now right.",
        corrects=make.NOW,
    )
    for key in ("shopper", "buyer"):
        make.TeamPersonaFactory(team=crew, persona__key=key)
    make.ContextPageFactory(key="who-buys", title="Who buys", body="Clerks *do*.", owner=owner)
    prices = make.ContextPageFactory(key="prices", title="What we ask for", lens="operations")
    former = make.DecidedFactory(key="own-sales", visibility=Visibility.LEADERS)
    decision = make.DecidedFactory(key="partners-sell", title="Partners sell", supersedes=former)
    make.DecisionPersonFactory(decision=decision, person=owner)
    make.DecisionPageFactory(decision=decision, page=prices)
    make.DecisionPersonaFactory(decision=decision, persona=Persona.objects.get(key="buyer"))
    for goal in (hidden, opened):
        make.DecisionGoalFactory(decision=decision, goal=goal)
    make.GoalPageFactory(goal=opened, page=prices)
    make.GoalPersonaFactory(goal=opened, persona=Persona.objects.get(key="buyer"))
    asked = make.ThreadFactory(key="asked", about_id=opened.pk, asker=owner, aspect="effort")
    asked.pinned = make.MessageFactory(thread=asked, at=make.NOW + dt.timedelta(minutes=1), text="For *whom*?")
    asked.save()
    make.MessageFactory(thread=asked, at=make.NOW, text="", removed_at=make.NOW, removed_by=owner)
    about_link = {"about_kind": "link", "about_id": Link.objects.get(goal=below).pk}
    make.MessageFactory(thread=make.ThreadFactory(key="of-link", **about_link, answers_id=hidden.pk, asker=owner))
    make.MessageFactory(thread=make.ThreadFactory(key="secretly", about_id=hidden.pk, asker=owner))
    recompute_alignment(as_of=make.DAY, at=make.NOW)


def keys(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [row["key"] for row in response.json()["results"]]


def pointers(response: Any) -> dict[str, str]:
    """Of a 400: by pointer, the sentence."""
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["detail"] for error in response.json()["errors"]}
