"""The page of a person: what they own, where they work and what they did lately, as far as its reader may see it."""

from __future__ import annotations

import pytest
from django.db import transaction

from strategy.enums import GoalStatus, StrategyStatus
from strategy.models import Goal, Strategy
from teams.enums import InitiativeStatus, TeamRole
from teams.models import Initiative, Person, Team
from teams.services.log import record
from tests import factories as make
from tests.factories import NOW
from tests.firm import SECRET
from tests.html import links_named, links_of, parsed, text_of, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
QUERIES = 11


def page_of(person, reader, query=""):
    return signed_in(reader).get(f"/people/{person.pk}/{query}")


def part(response, name):
    return parsed(response).find(id=name)


def done(actor, action, subject, **options):
    with transaction.atomic():
        return record(action, actor=actor, at=NOW, subject=subject, **options)


@pytest.fixture
def owner(firm):
    return make.PersonFactory(name="Olga Owner", email="olga@example.com")


def test_page_says_who_it_is_and_where_they_work(firm, owner):
    make.MembershipFactory(team=firm.search, person=owner, role=TeamRole.LEAD)
    make.MembershipFactory(team=firm.ops, person=owner)

    page = page_of(owner, firm.member)

    assert texts_of(page, "h1") == ["Olga Owner"]
    for said in ("olga@example.com", "Role Member", "Joined 16 Mar 2026"):
        assert said in " ".join(texts_of(page, ".margin .facts div"))
    assert texts_of(part(page, "on-teams"), "li") == ["Ops · member", "Search · lead"]
    assert links_of(part(page, "on-teams")) == ["/teams/ops/", "/teams/search/"]
    assert "No longer here" not in text_of(page)


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        ({"imported": True}, "Joined Not invited"),
        ({"invited": True}, "Joined Invited 16 Mar 2026, expired"),
        ({"invited": True, "is_active": False}, "Joined –"),
    ],
)
def test_page_says_whether_somebody_was_invited(firm, traits, said):
    person = make.PersonFactory(**traits)

    assert said in texts_of(page_of(person, firm.member), ".margin .facts div")


def test_page_lists_what_somebody_owns_and_what_is_over_last(firm, owner):
    Strategy.objects.filter(pk=firm.strategy.pk).update(owner=owner)
    Goal.objects.filter(pk__in=[firm.growth.pk, firm.retention.pk]).update(owner=owner)
    Goal.objects.filter(pk=firm.growth.pk).update(status=GoalStatus.ACHIEVED)
    Initiative.objects.filter(pk__in=[firm.work["faster"].pk, firm.work["later"].pk]).update(owner=owner)
    Initiative.objects.filter(pk=firm.work["faster"].pk).update(status=InitiativeStatus.DONE)
    make.ContextPageFactory(key="prices", title="Prices", owner=owner, lens="operations")

    page = page_of(owner, firm.member)

    assert texts_of(part(page, "own-strategies"), "li") == ["The plan"]
    assert texts_of(part(page, "own-goals"), "li") == ["Retention", "Growth Achieved"]
    assert texts_of(part(page, "own-initiatives"), "li") == ["Later Paused · Ops", "Faster Done · Search"]
    assert texts_of(part(page, "own-context"), "li") == ["Prices · Operations"]
    assert links_named(part(page, "own-goals"), "Growth") == ["/goals/growth/"]


def test_page_of_somebody_who_owns_nothing_says_so(firm, owner):
    assert "What they own Nothing yet." in text_of(page_of(owner, firm.member))


@pytest.mark.parametrize(("who", "sees"), [("member", False), ("leader", True), ("owner", True)])
def test_drafts_and_confidential_goals_are_shown_to_those_who_see_them(who, sees, firm, owner):
    Goal.objects.filter(pk__in=[firm.secret.pk, firm.growth.pk]).update(owner=owner)
    make.StrategyFactory(key="next", title="Next year", status=StrategyStatus.DRAFT, owner=owner)
    reader = {"member": firm.member, "leader": firm.leader, "owner": owner}[who]

    page = text_of(page_of(owner, reader))

    assert "Growth" in page
    assert (SECRET in page, "Next year Draft" in page) == (sees, sees)


def test_page_says_what_somebody_did_last_and_leads_to_all_of_it(firm, owner):
    done(owner, "team.edited", firm.ops)
    done(owner, "initiative.created", firm.work["faster"])
    done(owner, "link.made", firm.work["faster"].links.get(goal=firm.growth))
    done(owner, "goal.edited", firm.secret)
    done(owner, "team.edited", firm.search)
    done(firm.leader, "goal.created", firm.growth)
    page = page_of(owner, firm.member)

    assert texts_of(part(page, "happened"), "li") == [
        "Olga Owner gave Search another name. 16 Mar 2026",
        "Olga Owner bet that “Faster” moves “Growth”. 16 Mar 2026",
        "Olga Owner wrote down “Faster”. 16 Mar 2026",
    ]
    assert links_named(page, "The whole history") == [f"/people/{owner.pk}/history/"]


def test_somebody_who_has_left_has_a_page_that_says_so(firm, owner):
    Person.objects.filter(pk=owner.pk).update(is_active=False)

    assert texts_of(page_of(owner, firm.member), ".page-head .chip") == ["No longer active"]


def _much(firm, owner, number):
    work = [make.InitiativeFactory(title=f"Work {n:03}", team=firm.ops, owner=owner) for n in range(number)]
    for row in work:
        done(owner, "initiative.created", row)
    Initiative.objects.filter(title="Work 000").update(status=InitiativeStatus.DONE)
    for n in range(number):
        make.GoalFactory(title=f"Goal {n:03}", owner=owner, strategy=firm.strategy)
        make.MembershipFactory(person=owner, team=make.TeamFactory(name=f"Team {n:03}"))
    for _n in range(number // 5):
        make.StrategyFactory(owner=owner)
        make.ContextPageFactory(owner=owner)


@pytest.mark.parametrize("number", [1, 25])
def test_page_takes_the_same_queries_however_much_there_is(number, firm, owner, django_assert_num_queries):
    _much(firm, owner, number)
    client = signed_in(firm.member)

    with django_assert_num_queries(QUERIES):
        client.get(f"/people/{owner.pk}/")


@pytest.mark.parametrize(
    ("place", "first", "last"),
    [
        ("own-initiatives", "Work 001 · Ops", "Work 000 Done · Ops"),
        ("own-goals", "Goal 000", "Goal 024"),
        ("on-teams", "Team 000 · member", "Team 024 · member"),
    ],
)
def test_what_is_long_comes_in_pages(place, first, last, firm, owner):
    _much(firm, owner, 25)
    page = page_of(owner, firm.member)
    onward = links_named(part(page, place), "Show the next ones")[0]
    further = page_of(owner, firm.member, onward)

    rows = [texts_of(part(each, place), "li") for each in (page, further)]
    assert [len(each) for each in rows] == [20, 5]
    assert rows[0][0] == first
    assert rows[1][-1] == last
    assert not {*rows[0]} & {*rows[1]}
    assert Team.objects.filter(memberships__person=owner).count() == 25
