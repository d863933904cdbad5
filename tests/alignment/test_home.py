"""The first page, and the selectors that only it needs."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from alignment.engine import Figures
from alignment.enums import LinkState
from alignment.models import InitiativeFigures, Link
from alignment.selectors.company import company_figures, company_now
from alignment.selectors.goals import priorities
from alignment.selectors.people.own import OwnLink, own_work
from lib.text.numbers import SPACE
from strategy.models import Strategy
from strategy.selectors.seen import confidential
from teams.models import Company, Initiative
from tests import factories as make
from tests.html import links_named, parsed, source_of, text_of
from tests.strategy.conftest import close, company, compute, hide, kept_company, signed_in
from web.home.front import front
from web.home.items import SHOWN, CompanyPart, ItemList
from web.home.words import sentence

__all__ = ["company", "kept_company"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(db):
    return make.PersonFactory()


@pytest.fixture
def leader(db):
    return make.LeaderFactory()


def home(person):
    response = signed_in(person).get(reverse("home"))
    assert response.status_code == 200
    return response


def test_company_figures_add_up_every_team(company):
    now = company_figures()

    assert now.as_of == company_now().as_of == make.DAY
    assert (now.figures.effort, now.figures.aligned, now.figures.orphaned) == (12, 8, 4)
    assert (now.figures.initiatives, now.figures.coverage) == (6, pytest.approx(2 / 3))


def test_company_figures_of_an_empty_company_are_zero(nothing):
    now = company_figures()

    assert (now.as_of, now.figures) == (None, Figures())


def seen_by(person, *, with_goals=False):
    return front(person, at=make.NOW, with_goals=with_goals)


def test_week_before_is_there_to_compare_with_from_the_day_that_it_was_kept_of(member):
    make.CompanyWeekFactory(as_of=make.DAY)

    kept = [front(member, at=make.NOW + dt.timedelta(days=days), with_goals=False).kept for days in (6, 7, 14)]
    assert kept == [False, True, True]


def test_largest_orphans_come_first(company, member):
    assert [(row["key"], row["effort"]) for row in seen_by(member).orphans] == [("loose", 3), ("lost", 1)]


def test_own_teams_are_with_their_sub_teams_those_led_first(company, member):
    below = make.TeamFactory(parent=company.team)
    make.InitiativeFactory(team=below, effort=5)
    compute()
    make.MembershipFactory(team=company.team, person=member)
    make.MembershipFactory(team=make.TeamFactory(name="New"), person=member, role="lead")
    teams = [(own.team.name, own.figures.effort, own.leads) for own in seen_by(member).teams]

    assert teams == [("New", 0, True), ("One", 13, False)]


def test_priorities_are_the_same_alone_and_in_the_front(company, member):
    hide(company.quality)

    assert seen_by(member, with_goals=True).goals == priorities(member)
    assert seen_by(member).goals is None


def test_what_is_confidential_is_the_same_alone_and_in_the_front(company, member):
    make.GoalFactory(strategy=make.StrategyFactory(status="draft"))
    hide(company.quality)

    assert seen_by(member).confidential == confidential()
    assert seen_by(make.LeaderFactory()).confidential.ends == {}


def test_own_work_is_what_is_active_and_ones_own(company, member):
    Initiative.objects.filter(key__in=["both", "lost"]).update(owner=member)
    make.InitiativeFactory(owner=member, status="done")
    compute()
    lost, both = own_work(member, limit=5)

    assert (lost.key, lost.mine, lost.figures.orphaned, lost.links) == ("lost", True, 1, [])
    assert both.links == [
        OwnLink((("retention", "Retention"), ("growth", "Growth")), ("plan", "The plan"), ""),
        OwnLink((("growth", "Growth"),), ("plan", "The plan"), ""),
    ]


def test_own_work_of_who_owns_none_is_that_of_their_teams(company, member):
    make.MembershipFactory(team=company.other, person=member)

    assert {(work.key, work.mine) for work in own_work(member, limit=5)} == {
        ("lost", False),
        ("keep", False),
        ("polish", False),
    }


def test_own_work_says_why_a_link_does_not_count(company, member):
    Initiative.objects.filter(key__in=["both", "loose"]).update(owner=member)
    Link.objects.filter(goal=company.retention).update(state=LinkState.DISPUTED)
    close(company.growth)
    both, loose = own_work(member, limit=5)

    assert [link.reason for link in both.links] == ["disputed", "goal_closed"]
    assert loose.links == [OwnLink((("own", "A goal of our own"),), ("", ""), "team_root")]


def test_own_work_hides_what_is_not_for_the_person(company, member):
    Initiative.objects.filter(key="both").update(owner=member)
    hide(company.retention)
    links = own_work(member, limit=5)[0].links

    assert links[0] == OwnLink((("", ""),), ("", ""), "")
    assert "a confidential goal" in text_of(home(member))
    assert "Retention" not in source_of(home(member))


def test_own_work_is_limited_by_initiatives(company, member):
    Initiative.objects.update(owner=member)

    assert len(own_work(member, limit=2)) == 2


def test_own_work_goes_before_that_of_ones_teams_where_there_is_room_for_one(company, member):
    Initiative.objects.filter(key="both").update(owner=member)
    make.MembershipFactory(team=company.other, person=member)

    assert [(work.key, work.mine) for work in own_work(member, limit=1)] == [("both", True)]


def test_home_is_only_to_be_read(company, member):
    client = signed_in(member)

    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405
    assert client.get("/?after=garbage").status_code == 200


def test_goals_nobody_works_on_come_by_the_day_since_when(company, leader):
    for days, key in ((2, "older"), (1, "old")):
        goal = make.GoalFactory(key=key, strategy=company.strategy)
        first_seen = make.DAY - dt.timedelta(days=days)
        make.FlagFactory(code="uncovered", goal=goal, initiative=None, first_seen=first_seen)
    assert [row["key"] for row in seen_by(leader).uncovered.goals] == ["older", "old", "silence"]


def test_flags_about_goals_are_for_those_who_see_them(company, leader, member):
    hide(company.silence)

    assert (seen_by(leader).uncovered.count, seen_by(member).uncovered.count) == (1, 0)
    assert seen_by(member).uncovered.goals == []


def parts_of(response) -> dict:
    """By what each list is called."""
    parts = [*response.context["top"], *response.context["main"], *response.context["margin"]]
    return {part.id: part for part in parts if isinstance(part, ItemList)}


def test_viewer_reads_how_much_reaches_the_strategy(company):
    response = home(make.ViewerFactory())
    figures = next(part for part in response.context["top"] if isinstance(part, CompanyPart))

    assert figures.lead.worked.replace(SPACE, " ") == "8 ÷ 12 = 66.7 %"
    assert [(figure.label, figure.value) for figure in figures.figures] == [
        ("Strategy coverage", 0.75),
        ("Priority fit", pytest.approx(1)),
        ("Autonomy", pytest.approx(1)),
    ]
    html = text_of(response)
    for words in (
        "Of 12 person-weeks of active work, 8 reach a published strategy; 4 reach nothing.",
        "Silence",
        "Loose",
        "Figures as of",
    ):
        assert words in html
    assert "Link work to it" not in html


def test_home_lists_a_few_gaps_and_leads_to_all(company, leader):
    for number in range(SHOWN + 1):
        make.GoalFactory(parent=company.quality)
        make.InitiativeFactory(effort=number + 1)
    compute()
    lists = parts_of(home(leader))

    assert [len(lists[name].items) for name in ("uncovered", "orphans")] == [SHOWN, SHOWN]
    assert lists["uncovered"].all_text == f"All {SHOWN + 2}"
    assert lists["orphans"].all_url == reverse("initiative_list") + "?part=orphaned"
    assert lists["orphans"].all_text


def test_home_counts_hidden_goals_without_their_names(company):
    hide(company.silence)
    response = home(make.ViewerFactory())

    assert "1 confidential goal" in text_of(response)
    assert "Silence" not in source_of(response)


def test_home_without_gaps_says_so(company, leader):
    make.LinkFactory(initiative=make.InitiativeFactory(), goal=company.silence)
    Initiative.objects.filter(key__in=["loose", "lost"]).update(kind="sustain")
    compute()
    html = text_of(home(leader))

    assert "Every goal of a published strategy has work that reaches it." in html
    assert "All active work reaches the strategy, explores, or keeps things running." in html


def test_home_of_upkeep_only_has_no_coverage_and_says_why(company, leader):
    Initiative.objects.update(kind="sustain")
    Link.objects.all().delete()
    compute()
    html = text_of(home(leader))

    assert "nothing to divide by" in html
    assert "No effort reaches a company goal yet." in html


def test_home_without_goals_has_no_strategy_coverage(company, leader):
    Strategy.objects.update(status="archived")
    compute()
    html = text_of(home(leader))

    assert "There is no live goal in a published strategy" in html
    assert InitiativeFigures.objects.filter(aligned__gt=0).count() == 0


def test_home_of_an_empty_company_teaches_administrators_the_import(nothing):
    [main] = parsed(home(make.AdminFactory())).select("main")

    assert "./manage.py import_company PATH" in text_of(main)
    assert "%" not in str(main)


def test_home_of_an_empty_company_tells_others_what_will_be_here(nothing, member):
    html = text_of(home(member))

    assert "Leaders publish the strategy first." in html
    assert "import_company" not in html


def test_home_of_an_empty_company_leads_leaders_to_its_strategy(nothing):
    html = text_of(home(make.LeaderFactory()))

    assert "Begin with the strategy" in html
    assert "import_company" not in html


def test_first_steps_lead_from_nothing_to_the_first_linked_work(nothing):
    admin = make.AdminFactory()
    said = []

    def next_step() -> str:
        [button] = parsed(home(admin)).select(".steps a.button")
        said.append(text_of(button))
        return str(button["href"])

    assert next_step() == "/settings/company/"
    Company.objects.update(name="Ours")
    assert next_step() == "/strategy/"
    goal = make.GoalFactory()
    assert next_step() == "/teams/new/"
    team = make.TeamFactory()
    assert next_step() == "/initiatives/new/"
    work = make.InitiativeFactory(key="work", team=team, status="proposed")
    assert next_step() == "/initiatives/work/links/new/"
    make.LinkFactory(initiative=work, goal=goal)
    assert next_step() == "/initiatives/work/status/"
    Initiative.objects.update(status="active")
    assert parsed(home(admin)).select(".steps") == []
    assert len(set(said)) == 6

    Initiative.objects.update(status="done")
    assert parsed(home(admin)).select(".steps") == []


def test_members_and_viewers_have_no_first_steps(nothing, member):
    for person in (member, make.ViewerFactory()):
        assert parsed(home(person)).select(".steps") == []


def test_home_of_an_empty_company_asks_a_lead_what_the_team_is_for(nothing, member):
    make.MembershipFactory(team=make.TeamFactory(key="crew", name="Crew"), person=member, role="lead")

    assert links_named(home(member), "Say what Crew is for") == ["/teams/crew/mission/"]


def test_sentence_without_orphans_is_content():
    figures = Figures(effort=2, aligned=2, initiatives=1)

    assert sentence(figures).replace(SPACE, " ") == ("All active work reaches a published strategy: 2 person-weeks.")
