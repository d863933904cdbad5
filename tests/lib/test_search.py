"""Words found in the database as people type them, their order, counts that stop, ids in arrays, and inputs."""

from __future__ import annotations

import unicodedata

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Func, OuterRef, TextField, Value

from lib.db import counting
from lib.db.arrays import AnyOf
from lib.db.counting import CappedCount, capped_count
from lib.db.folding import FUNCTION, Folded, folded
from lib.db.search import Unindexed, contains_words, has_words, is_indexed, is_like, likeness
from lib.forms.inputs import Day, Lines
from lib.text.counts import count_text
from strategy.models import Goal
from teams.models import Initiative, Person, Team
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


@pytest.mark.django_db
def test_texts_spelled_alike_are_found_by_their_index():
    for title in ("Guest checkout", "Gästecheckout", "Warehouse labels 100%"):
        make.InitiativeFactory(title=title)
    alike = Initiative.objects.filter(is_like("title", "guest CHECK-OUT %"))

    assert alike.order_by(likeness("title", "guest check-out").desc())[0].title == "Guest checkout"
    assert "Warehouse labels 100%" not in [row.title for row in alike]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    assert "teams_initiative_title_trgm" in alike.order_by().explain()


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["arger", "Ärger", "A\u0308rger", "ÄRGER", "ärg", "\u200barger"])
@pytest.mark.parametrize("name", ["Weniger Ärger", "Weniger A\u0308rger", "weniger arger"])
def test_accents_and_case_do_not_matter_to_a_search(name, words):
    make.TeamFactory(name="Wenig")
    team = make.TeamFactory(name=name)
    assert list(Team.objects.filter(has_words("name", words))) == [team]
    assert contains_words(name, words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [("Łódź", "lodz"), ("lodz", "Łódź"), ("Straße", "STRASSE"), ("Team’s “own”", "team's \"own\""), ("ΟΔΟΣ", "οδός"),
     ("Ёлка", "елка"), ("Æther", "aether"), ("a–b", "a-b"), ("100%", "\uff05"), ("Non\u00a0stop", "non stop"),
     ("\uff21\uff30\uff29", "api"), ("مُحَمَّد", "محمد")],
)  # fmt: skip
def test_letters_are_found_by_what_a_keyboard_has(name, words):
    make.TeamFactory(name="Other")
    team = make.TeamFactory(name=name)
    assert list(Team.objects.filter(has_words("name", words))) == [team]
    assert contains_words(name, words)


@pytest.mark.django_db
def test_names_are_in_the_order_that_people_expect():
    for name in ("Zebra", "Łódź", "API Server", "apple", "Äpfel", "API gzip"):
        make.TeamFactory(name=name)
    expected = ["Äpfel", "API gzip", "API Server", "apple", "Łódź", "Zebra"]
    assert list(Team.objects.order_by("name__folded").values_list("name", flat=True)) == expected
    assert sorted(["Zebra", "apple", "API Server", "Łódź", "API gzip", "Äpfel"], key=folded) == expected


@pytest.mark.django_db
def test_longest_title_has_room_in_the_indexes():
    """U+FDFA is taken apart into eighteen letters."""
    work = make.InitiativeFactory(title="\ufdfa" * 199 + "!")
    assert list(Initiative.objects.filter(title__folded=folded(work.title))) == [work]


@pytest.mark.django_db
def test_database_and_python_fold_alike():
    letters = [
        chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x600), *range(0x1E00, 0x2070), *range(0xFF01, 0xFF5F))
    ]
    known = [letter for letter in letters if unicodedata.category(letter) != "Cn"]
    rows = Func(Value(known, ArrayField(TextField())), function="unnest")
    one = make.TeamFactory()
    found = Team.objects.filter(pk=one.pk).annotate(letter=rows).values_list("letter", Folded(F("letter")))
    wrong = {letter: (there, folded(letter)) for letter, there in found if there != folded(letter)}
    assert len(found) == len(known)
    assert wrong == {}


@pytest.mark.parametrize(
    ("text", "indexed"), [("ab", False), ("abc", True), ("a bc", False), ("a bcd", True), ("", False)]
)
def test_index_helps_from_three_letters_on(text, indexed):
    assert is_indexed(text) is indexed


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("found", "indexes"),
    [
        (
            Person.objects.filter(has_words("name", "kamara") | has_words("email", "kamara")),
            {"teams_person_name_trgm", "teams_person_email_trgm"},
        ),
        (Initiative.objects.filter(has_words("title", "faster search")), {"teams_initiative_title_trgm"}),
        (Goal.objects.filter(has_words("title", "faster search")), {"strategy_goal_title_trgm"}),
    ],
    ids=["people", "initiatives", "goals"],
)
def test_words_are_found_by_indexes_of_their_column(found, indexes):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")

    assert {name for name in indexes if name in found.order_by().explain()} == indexes


@pytest.mark.django_db
def test_planner_knows_that_folding_takes_as_long_as_reading_a_page():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT procost * current_setting('cpu_operator_cost')::float FROM pg_proc WHERE proname = %s", [FUNCTION]
        )
        assert cursor.fetchall() == [(1.25,)]


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
