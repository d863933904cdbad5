"""Words found in the database, counts that stop, ids in arrays, and inputs."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db.models import F, OuterRef, Value

from lib.db import counting
from lib.db.arrays import AnyOf
from lib.db.counting import CappedCount, capped_count
from lib.db.search import Unindexed, has_words, is_indexed
from lib.forms.inputs import Day, Lines
from lib.text.counts import count_text
from teams.models import Initiative, Team
from tests import factories as make


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("search", {"Faster search", "SEARCH 100%"}),
        ("rch fas", {"Faster search"}),
        ("search faster slower", set()),
        ("100%", {"SEARCH 100%"}),
        ("%", {"SEARCH 100%"}),
        ("_", {"under_score"}),
        ("\\", {"back\\slash"}),
        ("\\s", {"back\\slash"}),
        (" ", {"Faster search", "SEARCH 100%", "under_score", "back\\slash"}),
    ],
)
def test_every_word_is_somewhere_in_the_text(words, found):
    for name in ("Faster search", "SEARCH 100%", "under_score", "back\\slash"):
        make.TeamFactory(name=name)
    assert set(Team.objects.filter(has_words("name", words)).values_list("name", flat=True)) == found


@pytest.mark.parametrize(
    ("text", "indexed"), [("ab", False), ("abc", True), ("a bc", False), ("a bcd", True), ("", False)]
)
def test_index_helps_from_three_letters_on(text, indexed):
    assert is_indexed(text) is indexed


@pytest.mark.django_db
def test_value_that_no_index_orders_is_the_same_value():
    make.TeamFactory(name="b")
    make.TeamFactory(name="a")
    assert list(Team.objects.order_by(Unindexed(F("name"))).values_list("name", flat=True)) == ["a", "b"]


@pytest.mark.django_db
def test_count_stops_one_beyond_the_most(monkeypatch):
    monkeypatch.setattr(counting, "MANY", 2)
    for expected in (1, 2, 3, 3):
        make.TeamFactory()
        assert capped_count(Team.objects.order_by("name")) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(("most", "counted"), [(1, 2), (2, 3), (3, 3), (None, 3)])
def test_count_within_another_query_stops_too(most, counted):
    team = make.TeamFactory()
    make.InitiativeFactory.create_batch(3, team=team)
    make.InitiativeFactory()
    rows = Initiative.objects.filter(team=OuterRef("pk")).order_by("title")
    assert Team.objects.annotate(n=CappedCount(rows, most)).get(pk=team.pk).n == counted


@pytest.mark.parametrize(
    ("count", "most", "text"),
    [(0, None, "0 teams"), (1, None, "1 team"), (2, None, "2 teams"), (1_000, None, "1 000 teams"),
     (1_001, None, "More than 1 000 teams"), (5, 5, "5 teams"), (6, 5, "More than 5 teams")],
)  # fmt: skip
def test_count_is_told_with_its_noun(count, most, text):
    assert count_text(count, "team", "teams", most).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.django_db
def test_row_is_among_the_ids_of_an_array():
    root = make.TeamFactory()
    leaf = make.TeamFactory(parent=make.TeamFactory(parent=root))
    make.TeamFactory()
    above = Team.objects.filter(AnyOf(F("id"), Value(leaf.path, output_field=Team._meta.get_field("path"))))
    assert set(above.values_list("pk", flat=True)) == set(leaf.path)


def test_lines_of_a_browser_end_as_they_are_stored():
    field = Lines(max_length=3, required=False)
    assert field.clean("a\r\nb") == "a\nb"
    assert field.clean(None) == ""
    with pytest.raises(ValidationError):
        field.clean("a\r\nbc")


@pytest.mark.parametrize("typed", ["31.03.2026", "2026-02-30", "03/31/2026", "tomorrow"])
def test_day_is_written_one_way(typed):
    assert Day().clean("2026-03-31").isoformat() == "2026-03-31"
    with pytest.raises(ValidationError, match="Give a day, written like 2026-03-31"):
        Day().clean(typed)
