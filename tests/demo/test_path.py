"""The guided path: where its steps lead, when they count as done, and what holds when the data has changed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from alignment.enums import LinkState
from alignment.models import Link
from demo.cast import ADMIN, CAST, LEAD, LEADER, MEMBER, VIEWER
from demo.steps import BY_KEY, STEPS
from digest.models import Digest
from strategy.enums import GoalStatus
from strategy.models import Goal, Strategy
from teams.models import Initiative, LogEntry, Membership, Person
from tests import factories as make
from tests.factories import NOW, AdminFactory, LogEntryFactory
from tests.html import links_of, parsed, text_of, texts_of

pytestmark = pytest.mark.django_db
PATH = "/demo/"


def done(client) -> set[str]:
    return set(client.session.get("demo_done", ()))


def step_in(client, part) -> None:
    client.post(f"/demo/personas/{part.role}/")


def place_of(client, key: str):
    """Where the path leads for this step."""
    return next(row for row in client.get(PATH).context["rows"] if row.step.key == key)


def go(client, key: str):
    """Takes the step's link as its part."""
    step_in(client, BY_KEY[key].part)
    return client.get(place_of(client, key).place.url)


def send(client, url: str, **values):
    """Sends the form of a page with what it was opened with, and `values`."""
    form = client.get(url).context["form"]
    opened = {name: form.initial.get(name, field.initial) for name, field in form.fields.items()}
    opened = {name: "" if value is None else value for name, value in opened.items()}
    return client.post(url, {**opened, **values})


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_step_leads_to_a_page_that_its_part_may_see(step, company, client):
    assert go(client, step.key).status_code == 200


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.key)
def test_step_leads_somewhere_when_what_it_was_about_is_gone(step, company, client):
    Digest.objects.all().delete()
    Membership.objects.all().delete()
    Initiative.objects.update(owner=None)
    Link.objects.update(state=LinkState.ENDORSED)
    Goal.objects.filter(status=GoalStatus.DRAFT).update(status=GoalStatus.ACTIVE)

    row = place_of(client, step.key)

    assert row.note == step.gone
    assert go(client, step.key).status_code == 200


def test_path_names_what_is_there_today(company, client):
    labels = {row.step.key: (row.place.url, row.place.label) for row in client.get(PATH).context["rows"]}
    bet = Link.objects.get(goal=company.firm.growth)

    assert labels["line"] == ("/initiatives/faster/", "“Faster”")
    assert labels["link"] == ("/initiatives/loose/links/new/", "Link “Loose” to a goal")
    assert labels["answer"] == ("/waiting/", "What waits for Tomasz")
    assert labels["digest"] == ("/digests/2026-W12/", "“Coverage went up”")
    assert labels["judge"] == (f"/links/{bet.pk}/endorsement/", "The bet of “Faster”")
    assert labels["publish"] == ("/goals/draft/activation/", "Publish “Some day”")


def test_path_leads_to_the_bet_of_the_largest_work_and_to_what_reaches_most_and_least(company, client):
    firm, priya = company.firm, company.person(MEMBER)
    large = make.InitiativeFactory(key="large", title="Large", effort=9, owner=priya)
    make.LinkFactory(initiative=large, goal=firm.growth)
    make.InitiativeFactory(key="lost-too", title="Lost too", effort=9, owner=priya)
    firm.compute()
    labels = {row.step.key: row.place.label for row in client.get(PATH).context["rows"]}

    assert labels["judge"] == "The bet of “Large”"
    assert labels["line"] == "“Large”"
    assert labels["link"] == "Link “Lost too” to a goal"


def test_path_publishes_a_goal_of_the_company_before_one_of_a_team(company, client):
    firm = company.firm
    make.GoalFactory(key="of-search", status=GoalStatus.DRAFT, parent=firm.growth, team=firm.search)
    make.GoalFactory(key="of-all", status=GoalStatus.DRAFT, strategy=firm.strategy)
    Goal.objects.filter(key="draft").update(status=GoalStatus.ACTIVE)
    assert place_of(client, "publish").place.url == "/goals/of-all/activation/"


def test_path_publishes_a_strategy_where_no_draft_waits_in_a_published_one(company, client):
    Strategy.objects.filter(key="plan").update(status="draft")
    assert place_of(client, "publish").place.url == "/strategies/plan/publication/"

    Strategy.objects.filter(key="plan").update(status="archived")
    assert place_of(client, "publish").place.url == "/strategies/new/"


@pytest.mark.parametrize("key", ["orphans", "line", "digest", "tree", "glance", "preview"])
def test_step_that_is_seen_is_ticked_by_its_page(key, company, client):
    go(client, key)

    assert done(client) == {key}
    row = place_of(client, key)
    assert row.done
    assert parsed(client.get(PATH)).select("[aria-current=step]")


def test_line_is_seen_where_the_work_reaches_the_strategy(company, client):
    step_in(client, MEMBER)
    client.get("/initiatives/loose/")
    assert done(client) == set()
    client.get("/initiatives/faster/")
    assert done(client) == {"line"}


@pytest.mark.parametrize("key", ["link", "answer", "judge", "publish"])
def test_step_that_is_a_deed_is_not_ticked_by_a_look(key, company, client):
    go(client, key)

    assert key not in done(client)


def test_link_is_ticked_when_it_was_made(company, client):
    go(client, "link")
    send(client, "/initiatives/loose/links/new/?goal=growth", goal="growth", rationale="Less waiting, more growth.")

    assert LogEntry.objects.filter(action="link.made").exists()
    assert done(client) == {"link"}
    assert place_of(client, "link").note == BY_KEY["link"].gone


def test_what_was_done_before_is_not_ticked_by_something_else(company, client):
    go(client, "link")
    LogEntryFactory(actor=Person.objects.get(email=MEMBER.email), action="link.made", at=NOW)

    assert send(client, reverse("settings"), digest_hour="7").status_code == 302
    assert done(client) == set()


def test_link_says_first_what_it_would_do(company, client):
    go(client, "link")
    typed = {"goal": "growth", "rationale": "It removes a step.", "weighed": "yes"}
    page = client.post("/initiatives/loose/links/new/", typed)

    assert "What this would do" in text_of(page)
    assert done(client) == set()


def test_link_that_was_refused_ticks_nothing(company, client):
    go(client, "link")
    assert client.post("/initiatives/loose/links/new/", {"goal": "nowhere"}).status_code != 302

    assert done(client) == set()


def test_publication_is_ticked_when_it_was_done(company, client):
    page = go(client, "publish")
    assert "What this would do" in text_of(page)

    send(client, "/goals/draft/activation/")

    assert Goal.objects.get(key="draft").status == GoalStatus.ACTIVE
    assert done(client) == {"publish"}


def test_judgement_is_ticked_when_it_was_given(company, client):
    row = place_of(client, "judge")
    step_in(client, LEADER)
    send(client, row.place.url, note="I share it.")

    assert done(client) == {"judge"}


def test_answer_counts_as_the_team_lead_alone(company, client):
    confirm = "/initiatives/faster/confirmation/"
    step_in(client, MEMBER)
    version = Initiative.objects.get(key="faster").version
    assert client.post(confirm, {"version": version}).status_code == 302
    assert done(client) == set()

    Initiative.objects.filter(key="faster").update(touched_on=NOW.date())
    step_in(client, LEAD)
    client.post(confirm, {"version": version})
    assert done(client) == {"answer"}


def test_what_was_done_stays_when_one_steps_over_and_signs_out(company, client):
    go(client, "orphans")
    step_in(client, VIEWER)
    assert done(client) == {"orphans"}

    client.post(reverse("account_logout"))
    assert done(client) == {"orphans"}

    step_in(client, ADMIN)
    go(client, "preview")
    assert done(client) == {"orphans", "preview"}


def test_page_that_is_refused_ticks_nothing(company, client):
    step_in(client, MEMBER)
    page = client.get("/digests/administration/preview/")

    assert page.status_code == 403
    assert "0 of 10" in text_of(page)
    assert client.get("/initiatives/nothing/").status_code == 404
    assert client.get("/digests/2026-W12/").status_code == 404
    assert done(client) == set()


@pytest.mark.parametrize("of_the_cast", [False, True])
def test_strip_never_stands_in_a_company_that_was_imported_over_the_demos(company, client, of_the_cast):
    client.force_login(company.person(LEADER) if of_the_cast else company.firm.leader)
    assert parsed(client.get("/")).select(".strip")

    LogEntryFactory(action="company.imported")

    assert parsed(client.get("/")).select(".strip") == []


def test_others_who_sign_in_have_a_path_and_no_ticks(company, client):
    client.force_login(company.firm.leader)
    client.get("/flags/?code=orphan")

    response = client.get(PATH)
    page = text_of(response)
    assert done(client) == set()
    assert "Leo Leader" in texts_of(response, "strong")
    assert all(part.name in page for part in CAST)


def test_strip_leads_to_the_next_step(company, client):
    step_in(client, LEADER)
    assert "/demo/#orphans" in links_of(client.get("/"))

    page = client.get("/flags/?code=orphan")
    assert "/demo/#line" in links_of(page)
    assert "1 of 10" in text_of(page)


def test_path_that_is_done_says_so(company, client):
    session = client.session
    session["demo_done"] = [step.key for step in STEPS]
    session.save()
    step_in(client, VIEWER)

    page = client.get(PATH)
    assert "You have taken every step." in text_of(page)
    assert "The guided path done" in text_of(page)
    assert texts_of(page, ".strip__count") == ["done"]


def test_path_without_the_cast_leads_to_the_pages_themselves(company, client):
    AdminFactory()
    Person.objects.filter(email__in=[part.email for part in CAST]).update(is_active=False)
    page = client.get(PATH)

    assert "are not here any more" in text_of(page)
    assert "/demo/personas/" not in page.content.decode()
    client.force_login(company.firm.leader)
    for row in client.get(PATH).context["rows"]:
        assert client.get(row.place.url).status_code in {200, 403}


def test_path_takes_a_post_of_nobody(company, client):
    assert client.post(PATH).status_code == 405
    assert client.post("/design/").status_code == 405


@pytest.mark.parametrize("part", CAST, ids=lambda part: part.role)
def test_path_takes_nine_queries_as_anybody(part, company, client, django_assert_num_queries):
    step_in(client, part)
    with django_assert_num_queries(9):
        client.get(PATH)


def test_strip_costs_one_query(company, client, django_assert_num_queries):
    step_in(client, LEADER)
    client.get("/people/")
    with django_assert_num_queries(5):  # one more than without the demo
        assert client.get("/people/").status_code == 200
