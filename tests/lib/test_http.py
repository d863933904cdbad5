"""The doors of views, addresses with parameters, and the words that a form looks for."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.test import RequestFactory

from lib.forms.lookup import found_text, sent, sought
from lib.http.access import query, visible_or_404
from lib.services.permissions import require
from strategy.models import Goal
from teams.models import Team
from tests import factories as make


@pytest.mark.django_db
def test_row_that_may_be_seen_is_given_and_any_other_is_not_there():
    goal = make.GoalFactory(key="hidden", visibility="leaders")
    make.GoalFactory(key="open")
    assert visible_or_404(Goal.objects, make.LeaderFactory(), key="hidden") == goal
    for person, key in ((make.PersonFactory(), "hidden"), (make.LeaderFactory(), "nowhere")):
        with pytest.raises(Http404):
            visible_or_404(Goal.objects.all(), person, key=key)


@pytest.mark.django_db
def test_right_is_required_by_its_name_and_on_its_row():
    team = make.TeamFactory()
    lead = make.MembershipFactory(team=team, role="lead").person
    require("teams.edit_team", lead, team)
    for person, permission, row in (
        (lead, "teams.edit_team", make.TeamFactory()),
        (lead, "teams.no_such_thing", team),
        (make.ViewerFactory(), "teams.edit_team", team),
    ):
        with pytest.raises(PermissionDenied, match=permission):
            require(permission, person, row)


@pytest.mark.parametrize(
    ("params", "changes", "address"),
    [
        ("a=1&b=2", {}, "?a=1&b=2"),
        ("a=1&b=2", {"a": "3"}, "?a=3&b=2"),
        ("a=1&b=2", {"a": None}, "?b=2"),
        ("a=1&b=", {"c": ""}, "?a=1"),
        ("", {"a": "x y&z"}, "?a=x+y%26z"),
        ("a=1&a=2", {}, "?a=2"),
        ("", {}, "?"),
    ],
)
def test_parameters_are_changed_taken_out_or_kept(params, changes, address):
    assert query(QueryDict(params), **changes) == address


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"find": " faster  search "}, "faster  search"),
        ({"find": "a\0b"}, "ab"),
        ({"find": "a" * 201}, "a" * 200),
        ({"find": " ", "look": ""}, ""),
        ({"look": "1"}, ""),
        ({"find": " "}, None),
        ({"save": "1"}, None),
    ],
)
def test_words_are_looked_for_before_a_form_is_saved(data, words):
    assert sought(RequestFactory().post("/", data)) == words


def test_form_that_is_only_opened_looks_for_nothing():
    opened = RequestFactory().get("/", {"find": "a", "look": "1"})
    assert sought(opened) is None
    assert sent(opened) is None


def test_form_is_sent_with_what_was_typed_but_for_the_words():
    data = sent(RequestFactory().post("/", {"find": "a", "name": "Kept"}))
    assert data == QueryDict("find=&name=Kept")


@pytest.mark.parametrize(
    ("words", "count", "said"),
    [
        (None, 3, None),
        ("", 3, "Type words to find goals by."),
        ("more", 0, "No goal has “more” in it. Try fewer words, or a part of one."),
        ("more", 1, "1 goal found for “more”. Choose."),
        ("more", 2, "2 goals found for “more”. Choose."),
        ("more", 1_001, "More than 1\N{NO-BREAK SPACE}000 goals found for “more”. Choose."),
    ],
)
def test_search_says_what_it_found(words, count, said):
    assert found_text(words, count, "goal", "goals", "Choose.").get("found") == said


@pytest.mark.django_db
def test_nobody_who_has_left_sees_a_team():
    team = make.TeamFactory()
    assert visible_or_404(Team.objects, make.ViewerFactory(), pk=team.pk) == team
    with pytest.raises(Http404):
        visible_or_404(Team.objects, make.AdminFactory(is_active=False), pk=team.pk)
