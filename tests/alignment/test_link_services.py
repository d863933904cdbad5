"""Links as their services write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from alignment.enums import LinkState, Outcome
from alignment.models import Link
from alignment.selectors.shares import shares_of, shares_version
from alignment.services import link_rules
from alignment.services.links import (
    confirm_link,
    dispute_link,
    edit_link,
    endorse_link,
    make_link,
    record_outcome,
    remove_link,
    restore_link,
    set_shares,
    withdraw_judgement,
)
from lib.services.changes import Changes
from lib.services.errors import RefusedError, StaleError
from strategy.enums import Visibility
from teams.models import Company, LogEntry
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db

LATER = NOW + dt.timedelta(days=3)
THAT_DAY = DAY + dt.timedelta(days=3)


@pytest.fixture
def work(actor):
    return make.InitiativeFactory(touched_on=DAY, owner=actor)


@pytest.fixture
def goal(actor):
    return make.GoalFactory(title="Retention", owner=actor)


@pytest.fixture
def actor():
    return make.PersonFactory()


@pytest.fixture
def heard(monkeypatch):
    """What the services announce."""
    told: list[tuple[Changes, int, dt.datetime]] = []
    monkeypatch.setattr("lib.services.changes._listeners", [lambda *said: told.append(said)])
    return told


def linked(work, *shares, **values):
    """To goals of the work's owner, who so may do everything with each link."""
    given = [share and Decimal(share) for share in shares]
    return [make.LinkFactory(initiative=work, share=share, **{"goal__owner": work.owner, **values}) for share in given]


def problems(refused) -> dict[str, list[str]]:
    return {
        name: [text.replace("\N{NO-BREAK SPACE}", " ") for text in said]
        for name, said in refused.value.message_dict.items()
    }


def test_new_link_is_claimed_and_confirmed_today(work, goal, actor, heard):
    link = make_link(
        work, goal, " Fewer steps.\r\n", actor=actor, at=LATER, share=Decimal("0.25"), evidence=" More finish "
    )

    link.refresh_from_db()
    work.refresh_from_db()
    assert (link.rationale, link.evidence, link.share) == ("Fewer steps.", "More finish", Decimal("0.25"))
    assert (link.state, link.outcome, link.confirmed_on, link.version) == ("claimed", "untested", THAT_DAY, 1)
    assert work.touched_on == THAT_DAY
    entry = LogEntry.objects.get()
    assert (entry.action, entry.subject_kind, entry.subject_id, entry.actor) == ("link.made", "link", link.pk, actor)
    assert entry.changes["share"] == [None, "0.25"]
    assert heard == [(Changes(initiatives=[work.pk], worked=[goal.pk]), entry.pk, LATER)]


def test_the_companys_day_counts(work, goal, actor):
    Company.objects.update(timezone="Europe/Berlin")

    link = make_link(work, goal, "Because.", actor=actor, at=dt.datetime(2026, 3, 16, 23, 30, tzinfo=dt.UTC))

    assert link.confirmed_on == dt.date(2026, 3, 17)


def test_second_link_to_the_same_goal_is_refused(work, goal, actor):
    make.LinkFactory(initiative=work, goal=goal)

    with pytest.raises(ValidationError) as refused:
        make_link(work, goal, "Again.", actor=actor, at=NOW)
    assert problems(refused) == {"goal": [link_rules.LINKED]}


def test_goal_that_is_not_for_the_actor_is_as_if_not_there(work, actor):
    hidden = make.GoalFactory(visibility=Visibility.LEADERS)

    with pytest.raises(ValidationError) as refused:
        make_link(work, hidden, "Because.", actor=actor, at=NOW)
    assert problems(refused) == {"goal": [link_rules.NO_GOAL]}
    assert make_link(work, hidden, "Because.", actor=make.LeaderFactory(), at=NOW).pk


def test_removed_goal_is_as_if_not_there(work, goal, actor):
    goal.__class__.objects.filter(pk=goal.pk).delete()

    with pytest.raises(ValidationError) as refused:
        make_link(work, goal, "Because.", actor=actor, at=NOW)
    assert problems(refused) == {"goal": [link_rules.NO_GOAL]}


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"rationale": "x" * 2001}, "rationale", "Ensure this value has at most 2000 characters (it has 2001)."),
        ({"evidence": "two\nlines"}, "evidence", "Keep this on one line, without control characters."),
        ({"share": Decimal(0)}, "share", "Give more than 0 %, or leave it blank for an equal part."),
        ({"share": Decimal("1.5")}, "share", "Ensure this value is less than or equal to 1."),
        ({"review_on": DAY - dt.timedelta(days=1)}, "review_on", link_rules.LATER),
        ({"review_on": dt.date(2101, 1, 1)}, "review_on", link_rules.LATER),
        ({"expected_change": Decimal(5)}, "expected_change", link_rules.NO_MEASURE),
    ],
)
def test_what_a_bet_cannot_be_is_said_beside_its_field(work, goal, actor, values, field, said):
    with pytest.raises(ValidationError) as refused:
        make_link(work, goal, actor=actor, at=NOW, **{"rationale": "Because.", **values})

    assert problems(refused) == {field: [said]}
    assert not Link.objects.exists()


@pytest.mark.parametrize(
    ("others", "share", "said"),
    [
        (["0.7"], "0.3", ""),
        (["0.7"], "0.300001", "The other links take 70 %, so at most 30 % is left."),
        (["0.333333", "0.333333", None], "0.34", "The other links take 66.6666 %, so at most 33.3334 % is left."),
        (["0.5", "0.5"], "0.1", "The other links take 100 %, so nothing is left."),
        (["0.5", "0.5"], None, ""),
        ([None, None], "1", ""),
    ],
)
def test_shares_of_one_initiative_are_at_most_all_of_it(work, goal, actor, others, share, said):
    linked(work, *others)
    share = share and Decimal(share)

    if not said:
        assert make_link(work, goal, "Because.", actor=actor, at=NOW, share=share).pk
        return
    with pytest.raises(ValidationError) as refused:
        make_link(work, goal, "Because.", actor=actor, at=NOW, share=share)
    assert problems(refused) == {"share": [said]}


def test_measure_is_of_the_goal_or_below_it_and_for_the_actor(work, goal, actor):
    below = make.MeasureFactory(goal=make.GoalFactory(parent=goal))
    hidden = make.MeasureFactory(goal=make.GoalFactory(parent=goal, visibility=Visibility.LEADERS))

    for measure in (make.MeasureFactory(), hidden):
        with pytest.raises(ValidationError) as refused:
            make_link(work, goal, "Because.", actor=actor, at=NOW, measure=measure)
        assert problems(refused) == {"measure": [link_rules.NOT_BELOW]}
    link = make_link(work, goal, "Because.", actor=actor, at=NOW, measure=below, expected_change=Decimal("2.5"))
    assert (link.measure, link.expected_change) == (below, Decimal("2.5"))


def test_what_the_database_refuses_is_said_in_words(work, goal, actor, monkeypatch):
    make.LinkFactory(initiative=work, goal=goal, share=Decimal("0.9"))
    monkeypatch.setattr("alignment.services.links.check_goal", lambda *_given: None)
    with pytest.raises(ValidationError) as refused:
        make_link(work, goal, "Because.", actor=actor, at=NOW)
    assert problems(refused) == {"goal": [link_rules.LINKED]}

    monkeypatch.setattr("alignment.services.links.check_bet", lambda *_given: None)
    with pytest.raises(ValidationError) as refused:
        make_link(work, make.GoalFactory(), "Because.", actor=actor, at=NOW, share=Decimal("0.2"))
    assert problems(refused) == {"share": [link_rules.OVERTAKEN]}
    with pytest.raises(IntegrityError):
        make_link(work, make.GoalFactory(), "Because.", actor=actor, at=NOW, share=Decimal(0))


@pytest.mark.django_db(transaction=True)
def test_what_the_database_refuses_at_the_commit_is_said_in_words(work, goal, actor, monkeypatch):
    monkeypatch.setattr("alignment.services.links.check_bet", lambda *_given: None)

    with pytest.raises(ValidationError) as refused:
        make_link(work, goal, "Because.", actor=actor, at=NOW, measure=make.MeasureFactory())
    assert problems(refused) == {"measure": [link_rules.NOT_BELOW]}
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("touched", [True, False])
def test_making_a_link_takes_few_statements(work, goal, actor, heard, touched, django_assert_num_queries):
    """The company's lock, initiative, links, goal; link, log, its refs and, once a day, the initiative; a savepoint."""
    at = LATER if touched else NOW
    with django_assert_num_queries(2 + 7 + touched):
        make_link(work, goal, "Because.", actor=actor, at=at)


def test_edit_saves_what_changed(work, actor, heard):
    (link,) = linked(work, "0.5")

    edited = edit_link(
        link, actor=actor, at=LATER, version=1, share=Decimal("0.75"), rationale=link.rationale, evidence="Seen"
    )

    link.refresh_from_db()
    work.refresh_from_db()
    assert (link.share, link.evidence, link.version, edited.version) == (Decimal("0.75"), "Seen", 2, 2)
    assert work.touched_on == THAT_DAY
    entry = LogEntry.objects.get()
    assert entry.action == "link.edited"
    assert entry.changes == {"share": ["0.5", "0.75"], "evidence": ["", "Seen"]}
    assert {(ref.kind, ref.object_id) for ref in entry.refs.all()} == {
        ("link", link.pk),
        ("initiative", work.pk),
        ("goal", link.goal_id),
    }
    assert heard == [(Changes(initiatives=[work.pk], worked=[link.goal_id]), entry.pk, LATER)]


def test_edit_that_changes_nothing_leaves_no_trace(work, actor, heard):
    (link,) = linked(work, "0.5", review_on=DAY - dt.timedelta(days=9))

    edit_link(
        link,
        actor=actor,
        at=LATER,
        version=1,
        share=Decimal("0.50"),
        rationale=link.rationale,
        review_on=link.review_on,
    )

    work.refresh_from_db()
    assert (work.touched_on, heard, LogEntry.objects.count()) == (DAY, [], 0)


def test_stale_edit_is_refused_with_what_is_there_now(work, actor):
    (link,) = linked(work, None)
    edit_link(link, actor=actor, at=NOW, version=1, evidence="First")

    with pytest.raises(StaleError) as stale:
        edit_link(link, actor=actor, at=NOW, version=1, evidence="Second")
    assert stale.value.current.evidence == "First"


def test_edit_of_a_removed_link_is_refused(work, actor):
    (link,) = linked(work, None)
    remove_link(link, actor=actor, at=NOW)

    for service in (confirm_link, withdraw_judgement, remove_link):
        with pytest.raises(RefusedError, match="Somebody removed this link"):
            service(link, actor=actor, at=NOW)


def test_own_share_does_not_count_against_an_edit(work, actor):
    link, _other = linked(work, "0.5", "0.3")

    assert edit_link(link, actor=actor, at=NOW, version=1, share=Decimal("0.7")).share == Decimal("0.7")
    with pytest.raises(ValidationError) as refused:
        edit_link(link, actor=actor, at=NOW, version=2, share=Decimal("0.71"))
    assert problems(refused) == {"share": ["The other links take 30 %, so at most 70 % is left."]}


def test_edit_takes_nothing_but_the_bet(work, actor):
    (link,) = linked(work, None)

    with pytest.raises(TypeError, match="goal, state"):
        edit_link(link, actor=actor, at=NOW, version=1, state="endorsed", goal=make.GoalFactory())


@pytest.mark.parametrize(
    ("state", "values", "then"),
    [
        ("endorsed", {"rationale": "Other words."}, "claimed"),
        ("endorsed", {"evidence": "More of it"}, "endorsed"),
        ("disputed", {"rationale": "Other words."}, "disputed"),
    ],
)
def test_other_words_are_not_endorsed(work, actor, state, values, then):
    owner = make.PersonFactory()
    link = make.LinkFactory(initiative=work, state=state, note="Well.", judged_by=owner, judged_on=DAY)

    edit_link(link, actor=actor, at=NOW, version=1, **values)

    link.refresh_from_db()
    judged = ("Well.", owner, DAY) if then != "claimed" else ("", None, None)
    assert (link.state, link.note, link.judged_by, link.judged_on) == (then, *judged)


def test_hidden_measure_of_a_link_stays_when_other_things_are_edited(work, goal, actor):
    hidden = make.MeasureFactory(goal=make.GoalFactory(parent=goal, visibility=Visibility.LEADERS))
    link = make.LinkFactory(initiative=work, goal=goal, measure=hidden, expected_change=3)

    edit_link(link, actor=actor, at=NOW, version=1, measure=hidden, expected_change=Decimal(4))

    link.refresh_from_db()
    assert (link.measure, link.expected_change) == (hidden, 4)


def test_restored_link_has_everything_it_had(work, goal, actor, heard):
    measure, owner = make.MeasureFactory(goal=goal), make.PersonFactory()
    link = make.LinkFactory(
        initiative=work,
        goal=goal,
        share=Decimal("0.25"),
        rationale="Why.",
        evidence="Seen",
        review_on=DAY,
        outcome="held",
        state="disputed",
        note="Hm.",
        judged_by=owner,
        judged_on=DAY,
        measure=measure,
        expected_change=Decimal("1.5"),
    )
    had = {field.name: getattr(link, field.attname) for field in Link._meta.fields if field.name != "version"}

    entry = remove_link(link, actor=actor, at=LATER)
    assert not Link.objects.exists()
    restored = restore_link(entry, actor=actor, at=LATER)

    restored.refresh_from_db()
    assert {name: getattr(restored, Link._meta.get_field(name).attname) for name in had} == had
    assert [said[0] for said in heard] == [Changes(initiatives=[work.pk], worked=[goal.pk])] * 2
    assert list(LogEntry.objects.order_by("id").values_list("action", flat=True)) == ["link.removed", "link.restored"]


def test_old_removal_is_not_undone(work, goal, actor):
    """Nor one after which the link came back and was judged otherwise."""
    link = make.LinkFactory(initiative=work, goal=goal, state="endorsed")
    entry = remove_link(link, actor=actor, at=NOW)
    with pytest.raises(RefusedError, match="too late"):
        restore_link(entry, actor=actor, at=LATER)

    restored = restore_link(entry, actor=actor, at=NOW)
    assert restored.version == 2
    dispute_link(restored, actor=actor, at=NOW, note="No.")
    latest = remove_link(restored, actor=actor, at=NOW)
    with pytest.raises(RefusedError, match="too late"):
        restore_link(entry, actor=actor, at=NOW)
    assert restore_link(latest, actor=actor, at=NOW).state == "disputed"


def test_restoring_leaves_out_what_has_gone_since(work, goal, actor):
    measure = make.MeasureFactory(goal=goal)
    link = make.LinkFactory(initiative=work, goal=goal, measure=measure, expected_change=1)
    entry = remove_link(link, actor=actor, at=NOW)
    measure.delete()

    restored = restore_link(entry, actor=actor, at=NOW)

    assert (restored.measure, restored.expected_change) == (None, None)


def test_restoring_is_refused_where_others_took_its_place(work, goal, actor):
    (link,) = linked(work, "0.5", goal=goal)
    entry = remove_link(link, actor=actor, at=NOW)
    (other,) = linked(work, "0.6")

    with pytest.raises(ValidationError) as refused:
        restore_link(entry, actor=actor, at=NOW)
    assert problems(refused) == {"share": ["The other links take 60 %, so at most 40 % is left."]}
    other.delete()
    restore_link(entry, actor=actor, at=NOW)
    with pytest.raises(ValidationError) as refused:
        restore_link(entry, actor=actor, at=NOW)
    assert problems(refused) == {"goal": [link_rules.LINKED]}


def shares_now(work) -> list[Decimal | None]:
    return list(work.links.order_by("id").values_list("share", flat=True))


def test_shares_are_set_all_at_once(work, actor, heard):
    first, second, third = links = linked(work, "0.7", "0.3", None)
    shares = {first.pk: Decimal("0.2"), second.pk: None, third.pk: Decimal("0.8")}

    set_shares(work, shares, actor=actor, at=LATER, version=shares_version(links))

    work.refresh_from_db()
    assert shares_now(work) == [Decimal("0.2"), None, Decimal("0.8")]
    assert work.touched_on == THAT_DAY
    entry = LogEntry.objects.get()
    assert {pk: before for pk, [before, _after] in entry.note["shares"].items()} == {
        str(first.pk): "0.7",
        str(second.pk): "0.3",
        str(third.pk): None,
    }
    assert heard == [(Changes(initiatives=[work.pk], worked=[link.goal_id for link in links]), entry.pk, LATER)]


def test_shares_above_all_of_it_say_their_sum(work, actor):
    first, _second = links = linked(work, "0.5", "0.5")

    with pytest.raises(ValidationError) as refused:
        set_shares(work, {first.pk: Decimal("0.6")}, actor=actor, at=NOW, version=shares_version(links))
    assert refused.value.messages[0].replace("\N{NO-BREAK SPACE}", " ") == (
        "The shares add up to 110 %, and 100 % is all there is."
        " Take 10 % away, or leave some blank for an equal part of what is left."
    )
    assert shares_now(work) == [Decimal("0.5"), Decimal("0.5")]


def test_share_of_a_hidden_link_stays(work, actor):
    seen, hidden = links = [
        *linked(work, "0.5"),
        *linked(work, "0.25", goal__visibility=Visibility.LEADERS, goal__owner=None),
    ]
    version = shares_version(links)

    with pytest.raises(RefusedError):
        set_shares(work, {hidden.pk: Decimal("0.1")}, actor=actor, at=NOW, version=version)
    with pytest.raises(ValidationError):
        set_shares(work, {seen.pk: Decimal("0.8")}, actor=actor, at=NOW, version=version)
    set_shares(work, {seen.pk: Decimal("0.75")}, actor=actor, at=NOW, version=version)
    assert shares_now(work) == [Decimal("0.75"), Decimal("0.25")]
    version = shares_version(work.links.all())
    set_shares(work, {hidden.pk: None}, actor=make.LeaderFactory(), at=NOW, version=version)
    assert shares_now(work) == [Decimal("0.75"), None]


@pytest.mark.parametrize("other", ["made", "removed", "changed"])
def test_shares_set_on_other_ground_are_refused(work, actor, other):
    first, second = links = linked(work, "0.5", None)
    version = shares_version(links)
    if other == "made":
        linked(work, None)
    elif other == "removed":
        second.delete()
    else:
        edit_link(second, actor=actor, at=NOW, version=1, share=Decimal("0.1"))

    with pytest.raises(StaleError) as stale:
        set_shares(work, {first.pk: None}, actor=actor, at=NOW, version=version)
    assert shares_version(stale.value.current) == shares_version(work.links.all()) != version


def test_shares_that_stay_leave_no_trace(work, actor, heard):
    links = linked(work, "0.5", None)

    set_shares(
        work,
        {link.pk: link.share for link in links},
        actor=actor,
        at=LATER,
        version=shares_version(links),
    )

    work.refresh_from_db()
    assert (heard, LogEntry.objects.count(), work.touched_on) == ([], 0, DAY)


def test_readers_see_what_hidden_links_take(work):
    linked(work, "0.5", None)
    linked(work, "0.25", goal__visibility=Visibility.LEADERS)

    rows = shares_of(work, make.PersonFactory())

    assert [(row.goal is not None, row.part) for row in rows] == [(True, 0.5), (True, 0.25), (False, 0.25)]


def test_confirming_sets_the_day(work, actor, heard):
    (link,) = linked(work, None)

    confirm_link(link, actor=actor, at=LATER)

    link.refresh_from_db()
    work.refresh_from_db()
    assert (link.confirmed_on, link.confirmed_at, work.touched_on, len(heard)) == (THAT_DAY, LATER, THAT_DAY, 1)


def test_outcome_is_recorded_with_what_was_seen(work, actor, heard):
    (link,) = linked(work, None, review_on=DAY)

    record_outcome(link, actor=actor, at=LATER, outcome="failed", note="Nobody came.", version=1)

    link.refresh_from_db()
    assert (link.outcome, link.review_on) == (Outcome.FAILED, DAY)
    entry = LogEntry.objects.get()
    assert (entry.action, entry.changes["outcome_note"]) == ("link.outcome_recorded", ["", "Nobody came."])
    assert len(heard) == 1


def test_what_was_seen_is_kept_where_the_outcome_stays(work, actor):
    (link,) = linked(work, None, outcome="held")

    record_outcome(link, actor=actor, at=NOW, outcome="held", note="Still so.")

    assert LogEntry.objects.get().changes == {"outcome_note": ["", "Still so."]}


def test_untested_bet_needs_another_day(work, actor):
    (link,) = linked(work, None, review_on=DAY)

    with pytest.raises(ValidationError) as refused:
        record_outcome(link, actor=actor, at=LATER, outcome="untested")
    assert problems(refused) == {"review_on": [link_rules.LATER]}
    assert record_outcome(link, actor=actor, at=LATER, outcome="untested", review_on=THAT_DAY).review_on == THAT_DAY


@pytest.mark.parametrize(("service", "state"), [(endorse_link, "endorsed"), (dispute_link, "disputed")])
def test_judging_says_who_and_when_and_does_not_touch_the_work(work, heard, service, state):
    owner = make.PersonFactory()
    (link,) = linked(work, None, goal__owner=owner)

    service(link, actor=owner, at=LATER, note=" We shall see. ", version=1)

    link.refresh_from_db()
    work.refresh_from_db()
    assert (link.state, link.note, link.judged_by, link.judged_on) == (state, "We shall see.", owner, THAT_DAY)
    assert work.touched_on == DAY
    assert LogEntry.objects.filter(subject_kind="link").get().action == f"link.{state}"
    assert heard[0][0] == Changes(initiatives=[work.pk], worked=[link.goal_id])


def test_dispute_needs_a_note_and_fresh_eyes(work, actor):
    (link,) = linked(work, None)

    with pytest.raises(ValidationError) as refused:
        dispute_link(link, actor=actor, at=NOW, note=" ")
    assert list(problems(refused)) == ["note"]
    edit_link(link, actor=actor, at=NOW, version=1, rationale="Other words.")
    with pytest.raises(StaleError):
        endorse_link(link, actor=actor, at=NOW, version=1)


def test_withdrawn_judgement_leaves_a_claim(work, actor):
    (link,) = linked(work, None)
    dispute_link(link, actor=actor, at=NOW, note="No.")

    withdraw_judgement(link, actor=actor, at=NOW)
    withdraw_judgement(link, actor=actor, at=NOW)

    link.refresh_from_db()
    assert (link.state, link.note, link.judged_by, link.judged_on) == (LinkState.CLAIMED, "", None, None)
    assert LogEntry.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_out_the_same_share_at_once_one_is_told(work):
    goals, actor = [make.GoalFactory(), make.GoalFactory()], make.LeaderFactory()
    both, said = Barrier(2), []

    def give(goal) -> None:
        both.wait()
        try:
            make_link(work, goal, "Because.", actor=actor, at=NOW, share=Decimal("0.6"))
        except ValidationError as error:
            said.append(error.message_dict)
        finally:
            connection.close()

    threads = [Thread(target=give, args=[goal]) for goal in goals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    (refusal,) = said
    assert refusal["share"][0].startswith("The other links take 60")
    assert work.links.count() == 1
