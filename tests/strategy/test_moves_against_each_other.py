"""Two people move things below each other at the same time: one wins, the other is told in a sentence."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from strategy.models import Goal
from strategy.services.goals import move_goal
from teams.models import Team
from teams.services.teams import move_team
from tests import factories as make
from tests.html import text_of
from tests.strategy.conftest import signed_in
from web.goals import places
from web.teams import editing

pytestmark = pytest.mark.django_db(transaction=True)


def together(service: Callable[..., Any]) -> Callable[..., Any]:
    """The service, which two requests call at the same time, when both have read everything else."""
    both = threading.Barrier(2, timeout=60)

    def called(*given: Any, **more: Any) -> Any:
        both.wait()
        return service(*given, **more)

    return called


def posted_at_once(*requests: tuple[str, dict[str, Any]]) -> list[HttpResponse]:
    """Each by a leader of its own, in a thread of its own; the one that won first."""
    answers: list[HttpResponse] = []

    def post(client: Any, address: str, data: dict[str, Any]) -> None:
        try:
            answers.append(client.post(address, data))
        finally:
            connection.close()

    clients = [signed_in(make.LeaderFactory()) for _ in requests]
    threads = [
        threading.Thread(target=post, args=(client, *each)) for client, each in zip(clients, requests, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers, key=lambda answer: answer.status_code)


def test_goals_moved_below_each_other(monkeypatch):
    monkeypatch.setattr(places, "move_goal", permitted(together(move_goal), move_goal))
    strategy = make.StrategyFactory()
    one, other = (make.GoalFactory(strategy=strategy, key=key, title=key) for key in ("one", "other"))
    address = {goal.key: reverse("goal_position", args=[goal.key]) for goal in (one, other)}

    won, told = posted_at_once(
        (f"{address['one']}?to=other", {"version": 1}), (f"{address['other']}?to=one", {"version": 1})
    )

    assert (won.status_code, told.status_code) == (302, 422)
    assert "which is below it" in text_of(told)
    assert Goal.objects.filter(parent=None).count() == 1


def test_teams_moved_below_each_other(monkeypatch):
    monkeypatch.setattr(editing, "move_team", permitted(together(move_team), move_team))
    for key in ("one", "other"):
        make.TeamFactory(key=key, name=key)

    won, told = posted_at_once(
        (reverse("team_position", args=["one"]), {"version": 1, "parent": "other"}),
        (reverse("team_position", args=["other"]), {"version": 1, "parent": "one"}),
    )

    assert (won.status_code, told.status_code) == (302, 422)
    assert "is itself below" in text_of(told)
    assert Team.objects.filter(parent=None).count() == 1


def test_goal_moved_below_one_that_is_removed_meanwhile(monkeypatch):
    strategy = make.StrategyFactory()
    one, draft = (make.GoalFactory(strategy=strategy, key=key, title=key) for key in ("one", "draft"))
    move = move_goal

    def removed_first(*given: Any, **more: Any) -> Any:
        Goal.objects.filter(pk=draft.pk).delete()
        return move(*given, **more)

    monkeypatch.setattr(places, "move_goal", permitted(removed_first, move))
    leader = signed_in(make.LeaderFactory())
    answer = leader.post(f"{reverse('goal_position', args=[one.key])}?to=draft", {"version": 1})

    assert answer.status_code == 422
    assert "Somebody else removed this" in text_of(answer)


def permitted(service: Callable[..., Any], original: Callable[..., Any]) -> Callable[..., Any]:
    """With the permission of the original, which pages ask for."""
    vars(service)["permission"] = vars(original)["permission"]
    return service
