"""The first page, and the selectors that only it needs."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.engine import Figures
from alignment.enums import LinkState
from alignment.models import InitiativeFigures, Link
from alignment.selectors.company import company_figures, company_now
from alignment.selectors.orphans import largest_orphans
from alignment.selectors.own import OwnLink, own_teams, own_work
from alignment.views.home import SHOWN, sentence
from lib.numbers import SPACE
from strategy.models import Strategy
from teams.models import Initiative
from tests import factories as make
from tests.strategy.conftest import close, company, compute, hide, signed_in

__all__ = ["company"]

pytestmark = pytest.mark.django_db

QUERIES = 8  # session and user included


@pytest.fixture
def member(db):
    return make.PersonFactory()


def home(person):
    response = signed_in(person).get(reverse("home"))
    assert response.status_code == 200
    return response


def text(response) -> str:
    return response.content.decode().replace(SPACE, " ")


def test_company_figures_add_up_every_team(company):
    now = company_figures()

    assert now.as_of == company_now().as_of == make.DAY
    assert (now.figures.effort, now.figures.aligned, now.figures.orphaned) == (12, 8, 4)
    assert (now.figures.initiatives, now.figures.coverage) == (6, pytest.approx(2 / 3))


def test_company_figures_of_an_empty_company_are_zero(db):
    now = company_figures()

    assert (now.as_of, now.figures) == (None, Figures())


def test_largest_orphans_come_first(company):
    assert [(row.initiative.key, row.orphaned) for row in largest_orphans(limit=5)] == [("loose", 3), ("lost", 1)]
    assert len(largest_orphans(limit=1)) == 1


def test_own_teams_are_with_their_sub_teams(company, member):
    below = make.TeamFactory(parent=company.team)
    make.InitiativeFactory(team=below, effort=5)
    compute()
    make.MembershipFactory(team=company.team, person=member)
    make.MembershipFactory(team=make.TeamFactory(name="New"), person=member)

    assert [(own.team.name, own.figures.effort) for own in own_teams(member, limit=5)] == [("One", 13), ("New", 0)]


def test_own_work_is_what_is_active_and_ones_own(company, member):
    Initiative.objects.filter(key__in=["both", "lost"]).update(owner=member)
    make.InitiativeFactory(owner=member, status="done")
    compute()
    lost, both = own_work(member, limit=5)

    assert (lost.key, lost.figures.orphaned, lost.links) == ("lost", 1, [])
    assert both.links == [
        OwnLink("retention", "Retention", "The plan", ""),
        OwnLink("growth", "Growth", "The plan", ""),
    ]


def test_own_work_says_why_a_link_does_not_count(company, member):
    Initiative.objects.filter(key__in=["both", "loose"]).update(owner=member)
    Link.objects.filter(goal=company.retention).update(state=LinkState.DISPUTED)
    close(company.growth)
    both, loose = own_work(member, limit=5)

    assert [link.reason for link in both.links] == ["disputed", "goal_closed"]
    assert loose.links == [OwnLink("own", "A goal of our own", "", "team_root")]


def test_home_says_in_one_line_that_several_links_do_not_count(company, member):
    Initiative.objects.filter(key="both").update(owner=member)
    Link.objects.update(state=LinkState.DISPUTED)
    compute()
    own = home(member).context["own"][0]

    assert (own.leads, own.rest) == ([], "2 links that do not count")


def test_own_work_hides_what_is_not_for_the_person(company, member):
    Initiative.objects.filter(key="both").update(owner=member)
    hide(company.retention)
    links = own_work(member, limit=5)[0].links

    assert links[0] == OwnLink("", "", "", "")
    assert "a confidential goal" in text(home(member))
    assert "Retention" not in text(home(member))


def test_own_work_is_limited_by_initiatives(company, member):
    Initiative.objects.update(owner=member)

    assert len(own_work(member, limit=2)) == 2


@pytest.mark.parametrize("role", [make.ViewerFactory, make.PersonFactory, make.LeaderFactory, make.AdminFactory])
def test_home_asks_the_same_number_of_queries_however_much_there_is(company, role):
    person = role()
    client = signed_in(person)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get("/").status_code == 200
        return len(seen)

    assert queries() == QUERIES
    for _number in range(12):
        make.GoalFactory(parent=company.growth)
        make.LinkFactory(initiative=make.InitiativeFactory(owner=person), goal=make.GoalFactory())
        make.InitiativeFactory(owner=person)
        make.MembershipFactory(person=person)
    compute()
    assert queries() == QUERIES


def test_home_is_only_to_be_read(company, member):
    client = signed_in(member)

    assert client.head("/").status_code == 200
    assert client.post("/").status_code == 405
    assert client.get("/?after=garbage").status_code == 200


def test_home_says_how_much_reaches_the_strategy(company, member):
    response = home(member)

    assert response.context["lead"].worked.replace(SPACE, " ") == "8 ÷ 12 = 66.7 %"
    assert [(figure.label, figure.value) for figure in response.context["figures"]] == [
        ("Strategy coverage", 0.75),
        ("Priority fit", pytest.approx(1)),
        ("Autonomy", pytest.approx(1)),
    ]
    html = text(response)
    for words in (
        "Of 12 person-weeks of active work, 8 reach a published strategy; 4 reach nothing yet.",
        "Silence",
        "Loose",
        "Figures as of",
    ):
        assert words in html


def test_home_lists_a_few_gaps_and_leads_to_all(company, member):
    for number in range(SHOWN + 1):
        make.GoalFactory(parent=company.quality)
        make.InitiativeFactory(effort=number + 1)
    compute()
    context = home(member).context

    assert [len(context[name].rows) for name in ("uncovered", "orphans")] == [SHOWN, SHOWN]
    assert context["uncovered"].all_text == f"All {SHOWN + 2}"
    assert context["orphans"].all_url == reverse("initiative_list") + "?part=orphaned"
    assert context["orphans"].all_text


def test_home_counts_hidden_goals_without_their_names(company, member):
    hide(company.silence)
    html = text(home(member))

    assert "1 confidential goal" in html
    assert "Silence" not in html


def test_home_without_gaps_says_so(company, member):
    make.LinkFactory(initiative=make.InitiativeFactory(), goal=company.silence)
    Initiative.objects.filter(key__in=["loose", "lost"]).update(kind="sustain")
    compute()
    html = text(home(member))

    assert "Every goal of a published strategy has work that reaches it." in html
    assert "All active work reaches the strategy, explores, or keeps things running." in html


def test_home_of_upkeep_only_has_no_coverage_and_says_why(company, member):
    Initiative.objects.update(kind="sustain")
    Link.objects.all().delete()
    compute()
    html = text(home(member))

    assert "nothing to divide by" in html
    assert "No effort reaches a company goal yet." in html


def test_home_without_goals_has_no_strategy_coverage(company, member):
    Strategy.objects.update(status="archived")
    compute()
    html = text(home(member))

    assert "There is no live goal in a published strategy" in html
    assert InitiativeFigures.objects.filter(aligned__gt=0).count() == 0


def test_home_of_an_empty_company_teaches_administrators_the_import(db):
    html = text(home(make.AdminFactory()))

    assert "./manage.py import_company PATH" in html
    assert "%" not in html.split("<main")[1].split("</main>")[0]


def test_home_of_an_empty_company_tells_others_what_will_be_here(member):
    html = text(home(member))

    assert "Leaders publish the strategy first." in html
    assert "import_company" not in html


def test_home_of_an_empty_company_leads_leaders_to_its_strategy(db):
    html = text(home(make.LeaderFactory()))

    assert "Begin with the strategy" in html
    assert "import_company" not in html


def test_sentence_without_orphans_is_content():
    figures = Figures(effort=2, aligned=2, initiatives=1)

    assert sentence(figures).replace(SPACE, " ") == (
        "Of 2 person-weeks of active work, 2 reach a published strategy, and nothing is left over."
    )
