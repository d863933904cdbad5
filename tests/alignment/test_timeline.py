"""What happened, in sentences: who is told what, what changed, filters and addresses."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.db import transaction

from alignment.enums import Outcome
from alignment.narrative.story import STORY
from alignment.services.links import dispute_link, edit_link, endorse_link, record_outcome
from lib.log.actions import action
from lib.log.kinds import kind
from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal
from strategy.services.goals import edit_goal
from strategy.services.measures import check_in
from strategy.services.missions import set_mission
from strategy.services.strategies import publish_strategy
from teams.models import LogEntry
from teams.services.initiatives import change_status, edit_initiative
from teams.services.log import record
from teams.services.stance import set_stance
from tests import factories as make
from tests.factories import NOW
from tests.firm import SECRET
from tests.html import links_named, links_of, parsed, text_of, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
QUERIES = 9


def page_of(reader, address="/history/"):
    response = signed_in(reader).get(address)
    assert response.status_code == 200
    return parsed(response)


def told(reader, address="/history/"):
    """The sentences, without their times."""
    return [re.sub(r" The address of this entry, of .*", "", text) for text in rows(reader, address)]


def rows(reader, address):
    return texts_of(page_of(reader, address), ".timeline__row > p")


def changes(reader, address="/history/"):
    return texts_of(page_of(reader, address), ".timeline__row .changes > li")


def done(actor, action, subject, **options):
    with transaction.atomic():
        return record(action, actor=actor, at=NOW, subject=subject, **options)


def by(person, days=0):
    return {"actor": person, "at": NOW + dt.timedelta(days=days)}


@pytest.fixture
def owner(firm):
    return make.PersonFactory(name="Olga Owner")


def test_remarks_and_what_another_entry_says_are_not_told(firm, owner):
    thread = make.ThreadFactory(about_id=firm.retention.pk)
    for name in ("thread.written", "thread.unpinned", "thread.opened"):
        done(owner, name, thread, refs=[("goal", firm.retention.pk)])
    done(owner, "amendment.published", make.AmendmentFactory(strategy=firm.strategy))
    assert len(told(firm.leader)) == 1


def test_what_was_done_to_something_hidden_is_told_to_those_who_see_it(firm, owner):
    draft = make.StrategyFactory(key="next", title="Next year", status=StrategyStatus.DRAFT)
    done(owner, "goal.edited", firm.secret)
    done(owner, "link.endorsed", firm.work["hush"].links.get())
    done(owner, "strategy.created", draft)
    done(owner, "goal.moved", firm.retention, refs=[("goal", firm.secret.pk)])
    done(owner, "thread.opened", make.ThreadFactory(about_id=firm.secret.pk), refs=[("goal", firm.secret.pk)])

    assert told(firm.member) == []
    assert len(told(firm.leader)) == 5
    assert SECRET in " ".join(told(firm.leader))
    for address in ("/goals/hidden/history/", "/strategies/next/history/"):
        assert signed_in(firm.member).get(address).status_code == 404


def test_goal_that_became_confidential_is_not_told_of_any_more(firm, owner):
    done(owner, "goal.edited", firm.retention, changes={"title": ["Before", "Retention"]})
    assert len(told(firm.member)) == 1

    Goal.objects.filter(pk=firm.retention.pk).update(visibility="leaders")

    assert told(firm.member) == []


def test_publishing_is_told_although_one_of_its_goals_is_for_leaders(firm, owner):
    refs = [("goal", firm.growth.pk), ("goal", firm.secret.pk)]
    done(owner, "strategy.published", firm.strategy, refs=refs)
    done(owner, "goal.closed", firm.growth, changes={"status": ["active", "missed"]}, refs=refs)

    assert told(firm.member) == [
        "Olga Owner closed the goal “Growth”: missed.",
        "Olga Owner published “The plan” with its goals.",
    ]
    assert len(told(firm.member, "/goals/growth/history/")) == 2


def test_link_that_is_gone_is_told_to_those_who_see_what_it_was_between(firm, owner):
    of_all, of_leaders = firm.work["half"].links.get(), firm.work["hush"].links.get()
    for link in (of_all, of_leaders):
        done(owner, "link.removed", link)
        link.delete()

    assert told(firm.member) == ["Olga Owner took back the bet that “Half” moves “Retention”."]
    assert len(told(firm.leader)) == 2


def test_goal_that_is_gone_is_told_to_nobody(firm, owner):
    done(owner, "goal.removed", firm.draft)
    firm.draft.links.all().delete()
    firm.draft.delete()

    assert told(firm.leader) == []


def test_what_somebody_does_to_accounts_and_settings_is_not_told(firm, owner):
    done(owner, "person.password_changed", owner)
    done(owner, "person.role_changed", firm.member)

    assert told(firm.leader) == []


def test_names_lead_to_their_pages(firm, owner):
    done(owner, "member.added", make.MembershipFactory(team=firm.ops, person=firm.member))
    page = page_of(firm.member)

    assert told(firm.member) == ["Olga Owner took Mia Member on Ops."]
    people = [f"/people/{person.pk}/" for person in (owner, firm.member)]
    assert {*people, "/teams/ops/"} <= {*links_of(page.select(".timeline__row")[0])}


def test_history_of_a_goal_has_what_belongs_to_it(firm, owner):
    firm.growth.owner = firm.leader
    firm.growth.save()
    measure = make.MeasureFactory(goal=firm.growth, key="orders", title="Orders", baseline=0, target=10, current=0)
    make.MembershipFactory(team=firm.search, person=firm.member)
    link = firm.work["faster"].links.get(goal=firm.growth)
    dispute_link(link, note="It is fast already.", **by(firm.leader))
    link.refresh_from_db()
    edit_link(link, version=link.version, rationale="Nobody waits.", **by(firm.member))
    check_in(measure, version=measure.version, value=Decimal(4), note="Two shops more.", **by(firm.leader, 1))
    link.refresh_from_db()
    record_outcome(link, outcome=Outcome.HELD, note="Baskets grew.", version=link.version, **by(firm.member, 2))

    assert told(firm.member, "/goals/growth/history/") == [
        "Mia Member said how the bet that “Faster” moves “Growth” turned out: held.",
        "Leo Leader checked in “Orders” of “Growth”: 4.",
        "Mia Member changed the bet that “Faster” moves “Growth”.",
        "Mia Member answered in the dispute about “Faster → Growth”.",
        "Leo Leader disputed the bet that “Faster” moves “Growth”.",
    ]
    said = changes(firm.member, "/goals/growth/history/")
    assert said == [
        "What they saw: Baskets grew.",
        "What they wrote: Two shops more.",
        "Its rationale: (removed: Fewer steps, so more people finish.)(added: Nobody waits.)",
        "Why: It is fast already.",
    ]
    assert told(firm.member, f"/links/{link.pk}/history/")[-2:] == [
        "Leo Leader disputed the bet that “Faster” moves “Growth”.",
        "Leo Leader opened a dispute about “Faster → Growth”.",
    ]
    assert told(firm.member, "/initiatives/faster/history/") == [
        "Mia Member said how the bet that “Faster” moves “Growth” turned out: held.",
        "Mia Member changed the bet that “Faster” moves “Growth”.",
        "Mia Member answered in the dispute about “Faster → Growth”.",
        "Leo Leader disputed the bet that “Faster” moves “Growth”.",
    ]


def test_dispute_that_ends_is_told_where_it_was_about(firm, owner):
    make.MembershipFactory(team=firm.search, person=firm.member)
    link = firm.work["faster"].links.get(goal=firm.growth)
    dispute_link(link, note="It is fast already.", **by(firm.leader))
    link.refresh_from_db()
    endorse_link(link, **by(firm.leader, 1))
    ended = "Leo Leader ended the dispute about “Faster → Growth”: endorsed after all."

    for address in (
        "/goals/growth/history/",
        "/initiatives/faster/history/",
        f"/links/{link.pk}/history/",
        "/history/",
    ):
        assert ended in told(firm.member, address)
    assert ended not in told(firm.member, "/goals/retention/history/")


def test_history_of_a_team_has_its_stance_its_mission_and_what_became_of_its_work(firm, owner):
    make.MembershipFactory(team=firm.search, person=firm.member, role="lead")
    set_stance(
        firm.search,
        stance="explore",
        reason="A new market.",
        until=None,
        version=firm.search.version,
        **by(firm.member),
    )
    firm.search.refresh_from_db()
    set_mission(
        firm.search, mission="Finding is quick.", goals=[firm.growth], version=firm.search.version, **by(firm.member)
    )
    work = firm.work["faster"]
    change_status(work, status="done", reason="It is fast now.", version=work.version, **by(firm.member, 1))
    edit_initiative(firm.work["loose"], title="Looser", version=firm.work["loose"].version, **by(firm.member, 1))

    assert told(firm.leader, "/teams/search/history/") == [
        "Mia Member finished “Faster”.",
        "Mia Member said what Search is for.",
        "Mia Member changed the stance of Search from core to exploring.",
    ]
    assert changes(firm.leader, "/teams/search/history/") == [
        "Why: It is fast now.",
        "The mission: Finding is quick.",
        "Its goals: now with “Growth”.",
        "Because: A new market.",
    ]
    assert told(firm.leader, "/teams/product/history/") == []


def test_words_that_changed_are_shown_as_a_difference(firm, owner):
    row = firm.retention
    Goal.objects.filter(pk=row.pk).update(why="Guests come back when they like it.")
    row.refresh_from_db()
    edit_goal(
        row, why="Guests come back when they love it.", meaning_changed=False, version=row.version, **by(firm.leader)
    )
    page = page_of(firm.member, "/goals/retention/history/")

    assert changes(firm.member, "/goals/retention/history/")[0].startswith("Its why: Guests come back when they ")
    assert (texts_of(page, "ins"), texts_of(page, "del")) == (["(added: love )"], ["(removed: like )"])


def test_long_words_are_folded(firm, owner):
    work = firm.work["faster"]
    done(owner, "initiative.edited", work, changes={"problem": ["short", "word " * 200], "title": ["Slow", "Faster"]})
    page = page_of(firm.member)

    assert texts_of(page, ".changes > li > details > summary") == ["Its problem:"]
    assert len(page.select(".changes > li")) == 2


def test_who_is_given_what_is_named(firm, owner):
    work = firm.work["faster"]
    done(owner, "initiative.edited", work, changes={"owner": [None, owner.pk], "effort": ["4", "2.5"]})
    done(owner, "initiative.edited", work, changes={"team": [firm.search.pk, firm.ops.pk]})

    assert changes(firm.member) == [
        "Its team went from Search to Ops.",
        "Its owner went from none to Olga Owner.",
        "Its effort went from 4 to 2.5.",
    ]


def test_publication_has_the_edition_that_it_made_and_its_reason(firm, owner):
    draft = make.StrategyFactory(key="next", title="Next year", status=StrategyStatus.DRAFT)
    make.GoalFactory(key="there", title="There", strategy=draft, status=GoalStatus.DRAFT)
    publish_strategy(draft, version=draft.version, because="It is time.", **by(firm.leader))
    page = page_of(firm.member, "/strategies/next/history/")

    assert changes(firm.member, "/strategies/next/history/") == ["That is edition 1: It is time."]
    assert links_named(page, "edition 1") == ["/strategies/next/editions/1/"]


def test_what_a_draft_said_is_told_to_nobody_else_once_it_is_published(firm, owner):
    draft = make.StrategyFactory(key="next", title="Next year", status=StrategyStatus.DRAFT)
    goal = make.GoalFactory(key="there", title=SECRET, strategy=draft, status=GoalStatus.DRAFT, why="Sell the mill.")
    edit_goal(goal, title="There", why="Grow.", version=goal.version, **by(firm.leader))
    publish_strategy(draft, version=draft.version, because="It is time.", **by(firm.leader))
    goal.refresh_from_db()
    edit_goal(
        goal, title="Right there", meaning_changed=False, version=goal.version, because="Clearer.", **by(firm.leader)
    )

    for reader, knows in ((firm.member, False), (firm.leader, True), (owner, False)):
        for address in ("/history/", "/strategies/next/history/", f"/goals/{goal.key}/history/"):
            page = text_of(page_of(reader, address))
            assert ("mill" in page, SECRET in page) == (knows, knows)
            assert "(added: Right there)" in page or "(added: Right )" in page


def test_goal_opened_by_the_goal_above_it_does_not_tell_what_it_said_before(firm, owner):
    Goal.objects.filter(pk=firm.growth.pk).update(visibility="leaders")
    below = Goal.objects.get(pk=firm.retention.pk)
    edit_goal(below, why="Sell the mill.", meaning_changed=False, version=below.version, **by(firm.leader))
    above = Goal.objects.get(pk=firm.growth.pk)
    edit_goal(above, visibility="company", version=above.version, **by(firm.leader))

    assert "mill" not in text_of(page_of(firm.member, "/goals/retention/history/"))
    assert "mill" in text_of(page_of(firm.leader, "/goals/retention/history/"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?kind=work", ["work"]),
        ("?kind=bets", ["outcome", "bet"]),
        ("?kind=outcomes", ["outcome"]),
        ("?team=search", ["team"]),
        ("?goal=growth", ["bet"]),
        ("?person=Mia+Member", ["outcome", "work"]),
        ("?since=2026-03-17", ["outcome"]),
        ("?until=2026-03-16", ["team", "bet", "work"]),
        (
            "?kind=nothing&team=none&goal=x&person=Nobody&since=later&entry=x&after=W10",
            ["outcome", "team", "bet", "work"],
        ),
        ("?kind=flags", []),
    ],
)
def test_filters_of_the_feed(query, said, firm, owner):
    entries = {
        "work": done(firm.member, "initiative.edited", firm.work["keep"]),
        "bet": done(owner, "link.made", firm.work["faster"].links.get(goal=firm.growth)),
        "team": done(owner, "team.edited", firm.search),
    }
    with transaction.atomic():
        link = firm.work["half"].links.get()
        at = NOW + dt.timedelta(days=1)
        entries["outcome"] = record("link.outcome_recorded", actor=firm.member, at=at, subject=link)
    page = page_of(firm.member, f"/history/{query}")

    assert [row["id"] for row in page.select(".timeline__row")] == [f"entry-{entries[name].pk}" for name in said]
    if not said:
        assert "Nothing like this happened." in text_of(page)


def test_entry_has_an_address_that_leads_to_it_later_too(firm, owner):
    first = done(owner, "team.edited", firm.search)
    for _n in range(40):
        done(owner, "team.edited", firm.ops)
    address = next(link for link in links_of(page_of(firm.member, "/history/?team=search")) if "entry" in link)

    assert address == f"?team=search&entry={first.pk}#entry-{first.pk}"
    assert page_of(firm.member, f"/history/{address}").find(id=f"entry-{first.pk}")
    latest = page_of(firm.member)
    onward = page_of(firm.member, f"/history/{links_named(latest, 'Show the next ones')[0]}")
    assert len(latest.select(".timeline__row")) + len(onward.select(".timeline__row")) == 41


def test_empty_history_says_what_belongs_there(firm):
    assert "Here stands what people write, link, decide and answer, once they do." in text_of(page_of(firm.member))


def _much(firm, owner, number):
    for n in range(number):
        goal = make.GoalFactory(title=f"Goal {n}", strategy=firm.strategy)
        work = make.InitiativeFactory(title=f"Work {n}", team=firm.search)
        done(owner, "goal.edited", goal, changes={"title": ["Before", f"Goal {n}"]})
        done(owner, "link.made", make.LinkFactory(initiative=work, goal=goal))
        done(owner, "link.made", make.LinkFactory(initiative=work, goal=firm.growth))
        done(owner, "initiative.status_changed", work, changes={"status": ["active", "done"]})
        done(owner, "goal.edited", firm.growth, changes={"title": ["Before", "Growth"]})


ADDRESSES = [
    *("/history/", "/history/?team=search&goal=growth&person=Olga+Owner", "/teams/search/history/"),
    *("/goals/growth/history/", "/strategies/plan/history/", "/initiatives/faster/history/", "/people/{}/history/"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_history_takes_few_queries_however_much_there_is(address, firm, owner, django_assert_max_num_queries):
    client, address = signed_in(firm.member), address.format(owner.pk)
    for number in (1, 9):
        _much(firm, owner, number)
        with django_assert_max_num_queries(QUERIES):
            client.get(address)


def test_sentences_are_of_actions_that_there_are_and_of_their_fields():
    for name, templates in STORY.items():
        of = kind(action(name).kind).model
        for field in re.findall(r"\{[=!-](\w+)\}", " ".join(templates)):
            assert of._meta.get_field(field), (name, field)


def test_action_of_another_release_is_told_too(firm, owner):
    entry = LogEntry(at=NOW, actor=owner, action="team.unheard_of", subject_kind="team", subject_id=firm.search.pk)
    entry.save()
    entry.refs.create(kind="team", object_id=firm.search.pk)

    assert told(firm.member) == ["Olga Owner changed something: Search."]
