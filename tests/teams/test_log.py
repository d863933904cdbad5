"""The log: what an entry holds, what it refers to, and what is refused."""

from __future__ import annotations

import pytest
from django.core.exceptions import FieldDoesNotExist
from django.db import IntegrityError, InternalError, connection, transaction

from lib.log.actions import actions
from lib.log.kinds import kind, kinds
from lib.log.values import Pairs, made, removed, values_of
from strategy.enums import Visibility
from teams.models import LogEntry, LogRef, Person
from teams.models.log import FORMAT
from teams.selectors.meanwhile import told_since
from teams.services.log import record
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


def refs(entry: LogEntry) -> set[tuple[str, int]]:
    return set(entry.refs.values_list("kind", "object_id"))


# What an entry holds


def test_entry_says_who_did_what_when_and_to_which_version(django_assert_num_queries):
    actor, work = make.LeaderFactory(), make.InitiativeFactory()
    changes = {"title": ["Old", "New"]}
    with django_assert_num_queries(2):
        record("initiative.edited", actor=actor, at=NOW, subject=work, changes=changes, note={"reason": "Why not"})

    entry = LogEntry.objects.get()
    assert (entry.action, entry.actor, entry.at, entry.format) == ("initiative.edited", actor, NOW, FORMAT)
    assert (entry.subject_kind, entry.subject_id, entry.row_version) == ("initiative", work.pk, 1)
    assert (entry.changes, entry.note) == (changes, {"reason": "Why not"})


def test_entry_about_the_company_has_no_subject():
    entry = record("company.imported", actor=None, at=NOW, note={"tables": {}})

    assert (entry.subject_kind, entry.subject_id, entry.row_version, entry.changes) == ("", None, None, {})
    assert refs(entry) == set()


def test_row_that_comes_says_what_it_has_and_one_that_goes_what_it_had():
    link = make.LinkFactory(share="0.5", evidence="")
    assert (made(link)["share"], made(link)["goal"]) == ([None, "0.5"], [None, link.goal_id])
    assert removed(link)["share"] == ["0.5", None]
    assert not made(link).keys() & {"id", "version", "evidence", "note", "measure"}


def test_removal_holds_all_that_the_row_had():
    link = make.LinkFactory(share="0.25", review_on=NOW.date(), measure=None, judged_by=make.PersonFactory())
    entry = record("link.removed", actor=None, at=NOW, subject=link, changes=removed(link))
    had = values_of(link, [field.name for field in link._meta.concrete_fields if field.editable])

    entry.refresh_from_db()
    again = type(link)(pk=link.pk, **entry.before())
    assert values_of(again, had) == had


@pytest.mark.parametrize("name", sorted(kind("person").private))
def test_who_somebody_is_and_what_was_said_to_them_is_never_kept(name):
    person = make.PersonFactory()
    entry = record("person.made_admin", actor=None, at=NOW, subject=person, changes={str(name): ["Mia", "Mio"]})

    assert entry.changes == {}


def test_private_fields_are_fields():
    for each in kinds():
        assert each.private <= {field.name for field in each.model._meta.get_fields()}


# What it refers to


def test_entry_refers_to_its_subject_to_what_that_is_a_part_of_and_to_what_changed():
    link, other, judge = make.LinkFactory(), make.MeasureFactory(), make.PersonFactory()
    changes: Pairs = {"measure": [None, other.pk], "judged_by": [judge.pk, None], "rationale": ["a", "b"]}
    entry = record("link.edited", actor=None, at=NOW, subject=link, changes=changes, refs=[("team", 7), ("team", 7)])

    assert refs(entry) == {
        ("link", link.pk),
        ("goal", link.goal_id),
        ("initiative", link.initiative_id),
        ("measure", other.pk),
        ("person", judge.pk),
        ("team", 7),
    }


def test_entry_refers_to_all_of_a_set_before_and_after():
    team = make.TeamFactory()
    entry = record("team.personas_set", actor=None, at=NOW, subject=team, changes={"personas": [[3, 5], [5, 8]]})

    assert refs(entry) == {("team", team.pk), ("persona", 3), ("persona", 5), ("persona", 8)}


def test_history_of_a_thing_is_one_query_the_latest_first(django_assert_num_queries):
    link, other = make.LinkFactory.create_batch(2)
    first = record("link.made", actor=None, at=NOW, subject=link, changes=made(link))
    record("link.made", actor=None, at=NOW, subject=other, changes=made(other))
    second = record("goal.edited", actor=None, at=NOW, subject=link.goal, changes={"title": ["a", "b"]})

    with django_assert_num_queries(1):
        assert list(LogEntry.objects.about("goal", link.goal_id)) == [second, first]
    assert list(LogEntry.objects.done_to(link.goal)) == [second]


def test_every_row_that_a_kind_may_name_is_of_a_kind():
    named = {
        field.related_model
        for each in kinds()
        for field in [*each.model._meta.concrete_fields, *each.model._meta.many_to_many]
        if field.is_relation
    }
    assert named - {LogEntry} <= {each.model for each in kinds()}
    assert [each.name for each in kinds()] == [each.model._meta.model_name for each in kinds()]


def test_who_may_see_things_of_a_kind_is_asked_by_one_query(django_assert_num_queries):
    secret, open_to_all = make.GoalFactory(visibility=Visibility.LEADERS), make.GoalFactory()
    links = [make.LinkFactory(goal=goal) for goal in (secret, open_to_all)]
    member, leader = make.PersonFactory(), make.LeaderFactory()
    ids = [link.pk for link in links]
    with django_assert_num_queries(1):
        assert kind("link").seen_by(member, ids) == {links[1].pk}
    assert kind("link").seen_by(leader, ids) == {*ids}
    assert kind("goal").seen_by(leader, [open_to_all.pk]) == {open_to_all.pk}
    assert kind("digest").seen_by(member, [make.DigestFactory().pk]) == set()


@pytest.mark.parametrize("name", [each.name for each in kinds()])
def test_somebody_who_is_no_longer_here_sees_nothing_by_being_here(name):
    """Each kind answers for whoever asks."""
    assert kind(name).seen_by(make.PersonFactory(is_active=False), [0]) == set()


# What is refused


def test_what_is_logged_and_the_entry_stand_or_fall_together(transactional_db):
    with pytest.raises(transaction.TransactionManagementError):
        record("company.imported", actor=None, at=NOW)


def test_action_that_is_not_registered_is_refused():
    with pytest.raises(LookupError, match=r"no action called 'team.painted'"):
        record("team.painted", actor=None, at=NOW, subject=make.TeamFactory())


@pytest.mark.parametrize("subject", [None, make.TeamFactory])
def test_action_is_done_to_its_kind_of_subject_alone(subject):
    with pytest.raises(LookupError, match=r"goal.edited is not done to"):
        record("goal.edited", actor=None, at=NOW, subject=subject and subject())


def test_change_of_a_field_that_there_is_not_is_refused():
    with pytest.raises(FieldDoesNotExist):
        record("team.edited", actor=None, at=NOW, subject=make.TeamFactory(), changes={"colour": ["red", "blue"]})
    with pytest.raises(LookupError):
        record("company.imported", actor=None, at=NOW, changes={"name": ["a", "b"]})
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("statement", ["UPDATE teams_logref SET object_id = 0", "DELETE FROM teams_logref"])
def test_what_an_entry_refers_to_stays(statement):
    record("team.edited", actor=None, at=NOW, subject=make.TeamFactory(), changes={"name": ["a", "b"]})
    with pytest.raises(InternalError, match="Cannot update or delete"), transaction.atomic():
        _execute(statement)
    assert LogRef.objects.count() == 1


def test_thing_is_referred_to_once_by_an_entry():
    entry = record("team.edited", actor=None, at=NOW, subject=make.TeamFactory(), changes={})
    with pytest.raises(IntegrityError), transaction.atomic():
        LogRef.objects.create(kind="team", object_id=entry.subject_id or 0, entry=entry)


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# Actions


def test_actions_are_of_kinds_and_say_what_they_mean():
    names = {each.name for each in kinds()} | {""}
    for each in actions().values():
        assert each.kind in names
        assert each.meaning.endswith(".")


def test_permissions_that_undoing_asks_for_are_rules():
    for each in actions().values():
        if each.undo and each.undo.permission:
            assert each.undo.refusal
            assert Person(role="admin").has_perm(each.undo.permission, make.TeamFactory())


def test_fields_by_which_actions_are_told_are_there():
    for each in actions().values():
        for variant in each.variants:
            kind(each.kind).model._meta.get_field(variant.field)


# What somebody is told of it


def test_last_three_things_done_meanwhile_are_told_in_their_order():
    work, actors = make.InitiativeFactory(), [make.PersonFactory(name=name) for name in ("Ada", "Bo", "Cy", "Di")]
    for version, actor in enumerate(actors, start=2):
        work.version = version
        record("initiative.edited", actor=actor, at=NOW, subject=work, changes={})

    told = "Bo: changed what work says. Cy: changed what work says. You: changed what work says."
    assert told_since(work, 1, actors[3]) == told
