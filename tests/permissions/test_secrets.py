"""A secret word stands in a draft strategy, in confidential goals, in what hangs below them and in links to them.

Every address that can be fetched is fetched, as the table of URLs lists them, with filters and searches for the word;
without these, test_urls.py fetches them all.
"""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.html import parsed
from tests.permissions.answers import said
from tests.permissions.table import OTHER_WORD, ROLES, ROWS, SECRET_KEY, WORD, Row

pytestmark = pytest.mark.slow

NO_ROW = "there-is-no-row"  # as long as SECRET_KEY, as lengths are in headers
TELLING = {
    *("strategy_list", "strategy_detail", "goal_detail", "initiative_detail"),
    *("edition_list", "edition_detail", "edition_changes"),
}
GETS = [row for row in ROWS if row.method == "get"]


def fetched(client, row: Row, world, query: str) -> str:
    address = reverse(row.name, kwargs=row.args(world))
    return said(client.get(f"{address}?{query.format(word=WORD, key=SECRET_KEY)}"))


def without_own_words(page: str) -> str:
    """The page without what it repeats of the question, and without the tokens of forms, which differ each time."""
    for token in {str(field["value"]) for field in parsed(page).select("[name=csrfmiddlewaretoken], [name=sending]")}:
        page = page.replace(token, "")
    return page.replace(SECRET_KEY, NO_ROW)


@pytest.mark.parametrize("row", GETS, ids=str)
def test_secret_is_in_nothing_that_lower_roles_fetch(row: Row, apart, client_of):
    for role in ("anonymous", "viewer", "member", "outsider"):
        client = client_of(role)
        with apart() as world:
            assert role in ROLES or WORD not in fetched(client, row, world, ""), role
            for query in (*row.queries, "q={word}&search={word}"):
                assert OTHER_WORD not in fetched(client, row, world, query), (role, query)


@pytest.mark.parametrize("row", [row for row in GETS if any("{key}" in query for query in row.queries)], ids=str)
def test_filter_by_a_secret_key_answers_like_one_that_does_not_exist(row: Row, apart, client_of):
    for role in ("viewer", "member", "outsider"):
        client = client_of(role)
        with apart() as world:
            for query in (query for query in row.queries if "{key}" in query):
                made_up = query.replace("{key}", NO_ROW)
                answers = [without_own_words(fetched(client, row, world, each)) for each in (query, made_up)]
                assert answers[0] == answers[1], (role, query)


@pytest.mark.parametrize("role", ["leader", "admin"])
def test_secret_is_there_for_those_it_is_for(role: str, world, client_of):
    client = client_of(role)
    telling = {row.name for row in GETS if row.name in TELLING and WORD in fetched(client, row, world, "")}

    assert telling == TELLING


def test_secret_is_there_for_its_owner(world, client_of):
    world.confidential.owner = world.people["outsider"]
    world.confidential.save()

    page = client_of("outsider").get(reverse("goal_detail", kwargs={"key": world.confidential.key}))

    assert WORD in page.content.decode()
