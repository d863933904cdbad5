"""The pages on which a team is archived and restored, its page afterwards, and the list of archived teams."""

from __future__ import annotations

import pytest

from digest.models import Digest
from digest.selectors.digests import team_leads
from digest.selectors.standing import no_longer_right, standings
from strategy.services.archiving import Fate, archive_team
from teams.enums import InitiativeStatus
from teams.models import Initiative, Person, Team
from tests import factories as make
from tests.factories import DAY, NOW
from tests.html import fields_of, form_to, links_of, message_of, page_text, parsed, texts_of, undo_of

ARCHIVAL = "/teams/search/archival/"


@pytest.fixture
def as_leader(firm, client):
    client.force_login(firm.leader)
    return client


def sent(client, address=ARCHIVAL, **data):
    """The form as it is opened, with `data`, whose names have a dash for the initiative."""
    fields = fields_of(form_to(client.get(address), ""))
    return client.post(address, {**fields, **{name.replace("__", "-"): value for name, value in data.items()}})


def of(firm, key: str) -> str:
    return f"work__{firm.work[key].pk}"


def test_page_shows_what_goes_on(firm, as_leader):
    make.GoalFactory(team=firm.search)
    make.SupportFactory(team=firm.search)
    page = as_leader.get(ARCHIVAL)
    text = page_text(page)

    assert "Archive Search" in text
    assert "1 goal of its own is active, and is closed as dropped, for the reason that you give." in text
    assert "1 ask for its support is open, and is declined. Those who asked are told." in text
    assert [row.split()[0] for row in texts_of(page, "tbody th")] == ["Faster", "Loose", "Lost"]
    choices = [option["value"] for option in parsed(page).select("#id_others option")]
    assert choices == ["", "done", "dropped", "to:product", "to:quiet"]


def test_team_without_work_is_archived_at_once_and_brought_back(firm, as_leader):
    assert "It has no work that goes on." in page_text(as_leader.get("/teams/quiet/archival/"))
    page = as_leader.post("/teams/quiet/archival/", fields_of(form_to(as_leader.get("/teams/quiet/archival/"), "")))
    page = as_leader.get(page["location"])
    assert message_of(page) == "Quiet is archived. Undo"
    assert "This team is archived since" in page_text(page)

    page = as_leader.post(undo_of(page), follow=True)
    back = "Quiet is back, as it was archived and with its people. What went elsewhere or ended stays so."
    assert message_of(page) == back
    assert Team.objects.get(key="quiet").archived_on is None


def test_work_goes_where_its_rows_say(firm, as_leader):
    page = sent(as_leader, others="to:product", reason="It did not help.", **{of(firm, "loose"): "dropped"})
    assert page.status_code == 302
    assert message_of(as_leader.get(page["location"])).startswith(
        "Search is archived. 2 initiatives went to other teams. 1 initiative is dropped."
    )
    loose, faster = Initiative.objects.get(key="loose"), Initiative.objects.get(key="faster")
    assert (loose.status, loose.status_reason, loose.team.key) == ("dropped", "It did not help.", "search")
    assert faster.team.key == "product"


def test_what_is_missing_is_said_and_what_was_chosen_stays(firm, as_leader):
    page = sent(as_leader, **{of(firm, "loose"): "dropped"})
    text = page_text(page, 422)
    assert "Say what becomes of “Faster”" in text
    assert "Say why it is dropped" in text
    assert fields_of(form_to(page, ""))[of(firm, "loose").replace("__", "-")] == "dropped"
    assert Team.objects.get(key="search").archived_on is None


def test_other_teams_are_found_by_their_names(firm, as_leader):
    page = sent(as_leader, find="op", look="yes", **{of(firm, "loose"): "to:quiet"})
    assert "1 team found for “op”." in page_text(page)
    assert "to:ops" in [option["value"] for option in parsed(page).select("#id_others option")]
    assert fields_of(form_to(page, ""))[of(firm, "loose").replace("__", "-")] == "to:quiet"

    page = sent(as_leader, others="to:ops")
    assert page.status_code == 302
    assert Initiative.objects.filter(team=firm.ops).count() == 5


def test_effect_is_shown_before_and_saves_nothing(firm, as_leader):
    page = sent(as_leader, others="dropped", reason="No.", weighed="yes", **{of(firm, "faster"): "to:product"})
    text = page_text(page)
    assert "What this would do" in text
    # 7 of 14 discretionary weeks reach the strategy (tests/firm.py); without Lost and Loose 7 of 10 do
    assert "Coverage of the company rises by 20.0 points, to 70.0 %." in text.replace("\N{NO-BREAK SPACE}", " ")
    assert Team.objects.get(key="search").archived_on is None


def test_team_with_sub_teams_says_so_instead_of_a_form(firm, as_leader):
    text = page_text(as_leader.get("/teams/product/archival/"))
    assert "Product has 2 sub-teams. Archive them first, or move them elsewhere." in text
    assert "What becomes of its work" not in text


def test_stale_form_archives_nothing(firm, as_leader):
    fields = fields_of(form_to(as_leader.get("/teams/quiet/archival/"), ""))
    Team.objects.filter(key="quiet").update(name="Silent")
    assert "Somebody else saved this" in page_text(as_leader.post("/teams/quiet/archival/", fields), 422)
    assert Team.objects.get(key="quiet").archived_on is None


@pytest.fixture
def gone(firm) -> Team:
    """Search, archived: Faster is done, the rest dropped."""
    fates = {firm.work["faster"].pk: Fate(status=InitiativeStatus.DONE)}
    others = Fate(status=InitiativeStatus.DROPPED)
    make.MembershipFactory(team=firm.search, role="lead", person__name="Lea Lead")
    return archive_team(
        firm.search, actor=firm.leader, at=NOW, version=1, fates=fates, others=others, reason="Over."
    ).team


def test_page_of_an_archived_team_is_read_and_no_more(firm, gone, as_leader):
    page = as_leader.get("/teams/search/")
    text = page_text(page)
    assert "This team is archived since 16 Mar 2026" in text
    assert "Status: Archived" in text
    assert "Its own work" not in text
    for shown in ("Faster", "Lost", "Loose", "Lea Lead"):
        assert shown in text
    own = {link for link in links_of(page) if link.startswith("/teams/search/")}
    assert own <= {"/teams/search/", "/teams/search/history/"}
    client = make.MembershipFactory(team=gone).person
    as_leader.force_login(client)
    assert "Restore it" not in page_text(as_leader.get("/teams/search/"))


def test_archived_team_is_listed_apart(firm, gone, as_leader):
    assert "/teams/search/" not in links_of(as_leader.get("/teams/"))
    assert "/teams/search/" not in links_of(as_leader.get("/teams/?q=search"))
    assert "/teams/search/" not in links_of(as_leader.get("/teams/product/"))
    page = as_leader.get("/archived-teams/")
    assert "Search Product 16 Mar 2026" in page_text(page)
    form = form_to(page, "/teams/search/restoration/")
    page = as_leader.post("/teams/search/restoration/", fields_of(form), follow=True)
    assert "Search is back" in message_of(page)


def test_list_of_archived_teams_takes_a_fixed_number_of_queries(firm, gone, as_leader, django_assert_num_queries):
    with django_assert_num_queries(4):
        page_text(as_leader.get("/archived-teams/"))
    make.TeamFactory.create_batch(5, archived_on=DAY, parent=firm.product)
    with django_assert_num_queries(4):
        page_text(as_leader.get("/archived-teams/"))


def test_list_without_archived_teams_teaches(firm, as_leader):
    assert "No team is archived." in page_text(as_leader.get("/archived-teams/"))


def test_archival_form_takes_a_fixed_number_of_queries(firm, as_leader, django_assert_max_num_queries):
    with django_assert_max_num_queries(12) as few:
        page_text(as_leader.get(ARCHIVAL))
    make.InitiativeFactory.create_batch(5, team=firm.search)
    make.TeamFactory.create_batch(5, parent=firm.product)
    with django_assert_max_num_queries(len(few)):
        page_text(as_leader.get(ARCHIVAL))


def test_row_of_more_work_than_is_shown_is_as_all(firm, as_leader, monkeypatch):
    monkeypatch.setattr("strategy.selectors.archiving.ROWS", 1)
    assert "and 2 more initiatives, as said for all." in page_text(as_leader.get(ARCHIVAL))
    page = sent(as_leader, others="done")
    assert page.status_code == 302
    assert Initiative.objects.filter(team=firm.search, status="done").count() == 3


def test_digest_of_its_lead_does_not_speak_of_it(firm, client):
    lead = make.MembershipFactory(team=firm.quiet, role="lead").person
    digest = make.DigestFactory(person=lead)
    Digest.objects.filter(pk=digest.pk).update(standing=standings([digest])[digest.pk])
    digest.refresh_from_db()
    assert no_longer_right([digest]) == []
    assert lead in team_leads()

    archive_team(firm.quiet, actor=firm.leader, at=NOW, version=1)
    assert no_longer_right([digest]) == [digest]
    assert lead not in team_leads()
    client.force_login(Person.objects.get(pk=lead.pk))
    assert "Quiet" not in page_text(client.get("/"))
