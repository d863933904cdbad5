"""Keys made from titles."""

from __future__ import annotations

import re
import threading

import pytest
from django.db import connection, transaction

from lib.db.fields import KEY_LIMIT, KEY_PATTERN
from lib.services.keys import free_key
from strategy.models import Goal
from teams.models import Initiative, Team
from tests.factories import InitiativeFactory, TeamFactory

TITLES = {
    "Faster search": "faster-search",
    "  Größe: 1,5 × mehr! ": "grosse-15-mehr",
    "Smørrebrød æ la Łódź": "smorrebrod-ae-la-lodz",
    "snake_case -- title": "snake-case-title",
    "2026": "2026",
    "New": "new-2",
    "Поиск": "initiative",
    "…": "initiative",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("title", "key"), TITLES.items())
def test_key_is_a_slug_of_the_title(title, key):
    assert free_key(Initiative, title) == key
    assert re.fullmatch(KEY_PATTERN, key)


@pytest.mark.django_db
def test_key_of_a_long_title_leaves_room_for_a_number():
    first = free_key(Initiative, "word " * 40)
    InitiativeFactory(key=first)
    second = free_key(Initiative, "word " * 40)

    assert second == f"{first}-2"
    assert len(second) <= KEY_LIMIT
    assert re.fullmatch(KEY_PATTERN, first)


@pytest.mark.django_db
def test_taken_key_gets_the_first_free_number():
    for key in ("plan", "plan-2", "plan-4", "planning", "plan-b", "plan-3-more"):
        InitiativeFactory(key=key)

    assert free_key(Initiative, "Plan") == "plan-3"
    assert free_key(Initiative, "Plan 2") == "plan-2-2"


@pytest.mark.django_db
def test_reserved_word_is_never_a_key_however_often_it_is_asked_for():
    InitiativeFactory(key="new-2")

    assert free_key(Initiative, "NEW") == "new-3"


@pytest.mark.django_db
def test_key_is_free_for_each_model_by_itself():
    TeamFactory(key="search")

    assert free_key(Team, "Search") == "search-2"
    assert free_key(Initiative, "Search") == "search"
    assert free_key(Goal, "?") == "goal"


@pytest.mark.django_db
def test_key_is_found_with_one_lock_and_one_query_however_many_are_taken(django_assert_num_queries):
    for number in range(2, 30):
        InitiativeFactory(key=f"plan-{number}")
    InitiativeFactory(key="plan")
    with django_assert_num_queries(2):
        assert free_key(Initiative, "Plan") == "plan-30"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second_title", ["Plan", "Plan 2"])
def test_two_at_once_get_different_keys(second_title):
    """The second waits for the first to be saved, also where their slugs differ and their keys would not."""
    team = TeamFactory()
    InitiativeFactory(key="plan", team=team)
    got: list[str] = []

    def second() -> None:
        try:
            with transaction.atomic():
                got.append(free_key(Initiative, second_title))
        finally:
            connection.close()

    with transaction.atomic():
        first = free_key(Initiative, "Plan")
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.3)
        assert thread.is_alive(), "the second waits for the first"
        InitiativeFactory(key=first, team=team)
    thread.join(10)

    assert first == "plan-2"
    assert got == ["plan-3" if second_title == "Plan" else "plan-2-2"]
