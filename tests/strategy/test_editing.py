"""Pages that write strategies and goals."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.forms.pages import STALE
from strategy.models import Goal, Strategy
from teams.enums import TeamRole
from tests import factories as make
from tests.html import links_named, parsed, text_of, undo_of, value_of
from tests.queries import counted
from tests.strategy.conftest import compute, hide, signed_in

pytestmark = pytest.mark.django_db

QUERIES, CLOSING = 10, 12  # at most, session and user included


@pytest.fixture
def leader():
    return make.LeaderFactory(name="Lea Leader", email="lea@example.com")


@pytest.fixture
def as_leader(leader):
    return signed_in(leader)


@pytest.fixture
def lead(company):
    person = make.PersonFactory(name="Tim Lead")
    make.MembershipFactory(person=person, team=company.team, role=TeamRole.LEAD)
    return person


@pytest.fixture
def draft():
    strategy = make.StrategyFactory(key="next", title="Next year", status="draft")
    make.GoalFactory(key="reach", title="Reach", strategy=strategy, status="draft")
    return strategy


def get(client, name, key=None, query=""):
    return client.get(reverse(name, args=[key] if key else []) + query)


def post(client, name, key=None, query="", follow=True, **data):
    return client.post(reverse(name, args=[key] if key else []) + query, data, follow=follow)


def goal_form(**values):
    return {"title": "Growth", "why": "", "kind": "committed", "weight": "3", "visibility": "company", **values}


def undo(client, response):
    """Presses the Undo of the page's message."""
    return client.post(undo_of(response), follow=True)


# Strategies


def test_leader_writes_a_draft_and_is_led_to_its_goals(as_leader, leader):
    page = get(as_leader, "strategy_new")
    assert value_of(page, "owner") == "Lea Leader <lea@example.com>"
    saved = post(as_leader, "strategy_new", title="Next year", narrative="Two\r\nthings", owner="lea@example.com")

    row = Strategy.objects.get()
    assert saved.redirect_chain == [(reverse("strategy_detail", args=[row.key]), 302)]
    assert (row.status, row.narrative, row.owner) == ("draft", "Two\nthings", leader)
    for words in ("The draft is saved", "Here stand its goals", "Write its goals"):
        assert words in text_of(saved)
    assert "Publish it" not in text_of(saved)


def test_form_keeps_what_was_typed_and_says_what_would_be_right(as_leader):
    wrong = post(
        as_leader, "strategy_new", title="", narrative="Kept", starts_on="2026-02-01", ends_on="soon", owner="Nobody"
    )

    assert wrong.status_code == 422
    for words in ("Give it a title", "written like 2026-03-31", "Nobody active here", "Kept"):
        assert words in text_of(wrong)
    assert (value_of(wrong, "starts_on"), value_of(wrong, "ends_on")) == ("2026-02-01", "soon")
    late = post(as_leader, "strategy_new", title="A", starts_on="2026-02-01", ends_on="2026-01-01")
    assert "The end must not be before the start" in text_of(late)
    assert not Strategy.objects.exists()


def test_owner_who_left_stays_until_somebody_else_is_named(as_leader, draft):
    gone = make.PersonFactory(name="Gone", email="gone@example.com", is_active=False)
    Strategy.objects.update(owner=gone)
    form = {"version": draft.version + 1, "title": "Other", "owner": "Gone <gone@example.com>"}
    post(as_leader, "strategy_edit", "next", **form)

    assert Strategy.objects.get().owner == gone
    assert Strategy.objects.get().title == "Other"


def test_owner_is_asked_for_again_where_several_fit(as_leader, draft):
    for number in range(7):
        make.PersonFactory(name="Alex Same", email=f"alex{number}@example.com")
    wrong = post(as_leader, "strategy_edit", "next", version=1, title="Next year", owner="Alex Same")

    assert "Several people fit: Alex Same <alex0@example.com>" in text_of(wrong)
    assert "and others" in text_of(wrong)


def test_stale_save_of_a_strategy_shows_both_texts_and_then_goes_through(as_leader, leader, draft):
    Strategy.objects.update(title="Theirs", owner=leader)
    form = {"version": 1, "title": "Mine", "narrative": "", "owner": ""}
    stale = post(as_leader, "strategy_edit", "next", **form)

    assert stale.status_code == 409
    assert STALE in text_of(stale)
    assert [(row.label, row.now, row.yours) for row in stale.context["page"].differences] == [
        ("Title", "Theirs", "Mine"),
        ("Owner", "Lea Leader", ""),
    ]
    post(as_leader, "strategy_edit", "next", **{**form, "version": stale.context["form"]["version"].value()})
    assert Strategy.objects.get().title == "Mine"


def test_publication_shows_its_effect_and_is_undone_from_its_message(as_leader, company, draft):
    make.LinkFactory(initiative=make.InitiativeFactory(title="Ahead"), goal=Goal.objects.get(key="reach"))
    compute()
    page = get(as_leader, "strategy_publication", "next")
    assert page.context["page"].effect.regained.rows[0].title == "Ahead"
    assert "Its 1 draft goal becomes active with it." in text_of(page)

    published = post(as_leader, "strategy_publication", "next", version=draft.version)
    assert "“Next year” is published." in text_of(published)
    assert Goal.objects.get(key="reach").status == "active"
    (way,) = links_named(published, "Take back")
    assert way == "/strategies/next/editions/1/taking-back/"


def test_publication_of_what_has_no_goal_is_refused_on_the_page(as_leader):
    make.StrategyFactory(key="bare", title="Bare", status="draft")
    shown = get(as_leader, "strategy_publication", "bare")
    assert "has no goal yet. Add at least one" in text_of(shown)
    assert links_named(shown, "Write its goals") == ["/strategies/bare/goals/"]
    assert "Publish it" not in [button.text for button in parsed(shown).find_all("button")]
    refused = post(as_leader, "strategy_publication", "bare", version=1)

    assert refused.status_code == 422
    assert "Add at least one" in text_of(refused)


def test_archive_shows_its_effect_and_is_undone_from_its_message(as_leader, company):
    page = get(as_leader, "strategy_archive", "plan")
    assert len(page.context["page"].effect.orphaned.rows) == 4
    archived = post(as_leader, "strategy_archive", "plan", version=1)
    assert "“The plan” is archived." in text_of(archived)
    assert "Publish it again" in text_of(archived)
    undo(as_leader, archived)

    assert Strategy.objects.get().status == "published"


def test_archived_strategy_is_published_again_beside_its_effect(as_leader, company):
    Strategy.objects.update(status="archived")
    compute()
    page = get(as_leader, "strategy_publication", "plan")
    assert len(page.context["page"].effect.regained.rows) == 4
    post(as_leader, "strategy_publication", "plan", version=Strategy.objects.get().version)

    assert Strategy.objects.get().status == "published"


def test_draft_is_removed_with_its_goals(nothing, as_leader, draft):
    make.GoalFactory(parent=Goal.objects.get(), team=make.TeamFactory(), status="draft")
    assert "with its 2 goals" in text_of(get(as_leader, "strategy_removal", "next"))
    removed = post(as_leader, "strategy_removal", "next", version=draft.version)

    assert removed.redirect_chain == [(reverse("strategy_list"), 302)]
    assert not Goal.objects.exists()


@pytest.mark.parametrize("name", ["strategy_publication", "strategy_archive", "strategy_removal"])
def test_step_taken_from_a_stale_page_is_asked_again(nothing, as_leader, draft, name):
    Strategy.objects.update(title="Theirs")
    again = post(as_leader, name, "next", version=1)

    assert STALE in text_of(again)
    assert again.context["form"]["version"].value() == "2"
    assert Strategy.objects.get().status == "draft"


def test_actions_are_for_those_who_may(company, leader, draft):
    member = make.PersonFactory()
    for person, shown in ((leader, True), (member, False)):
        client = signed_in(person)
        assert ("Write a strategy" in text_of(get(client, "strategy_list"))) is shown
        assert ("Archive" in text_of(get(client, "strategy_detail", "plan"))) is shown
        assert ("Close" in text_of(get(client, "goal_detail", "growth"))) is shown
    assert "Publish it" in text_of(get(signed_in(leader), "strategy_detail", "next"))


# Goals


def test_goal_is_added_to_a_strategy_as_a_draft(as_leader, company):
    added = post(as_leader, "goal_new", "plan", **goal_form(title="Third", weight="2.5", owner=""))
    row = Goal.objects.get(title="Third")

    assert "The goal is there as a draft." in text_of(added)
    assert (row.status, row.strategy, float(row.weight)) == ("draft", company.strategy, 2.5)
    assert "Set it active" in text_of(added)


def test_goal_form_says_what_would_be_right(as_leader, company):
    wrong = post(as_leader, "goal_new", "plan", **goal_form(title="", weight="0", kind="wish"))

    assert wrong.status_code == 422
    for words in ("Say in a line what will be so.", "Give a number above 0"):
        assert words in text_of(wrong)


def test_leader_adds_a_company_goal_below_and_a_lead_a_goal_of_the_team(as_leader, lead, company):
    post(as_leader, "goal_new_below", "growth", **goal_form(title="Part"))
    as_lead = signed_in(lead)
    form = get(as_lead, "goal_new_below", "growth").context["form"]
    assert form.fields["team"].choices == [("one", "One")]
    assert not {"weight", "visibility"} & form.fields.keys()
    post(as_lead, "goal_new_below", "growth", **goal_form(title="Ours", team="one", active="on"))
    post(as_lead, "goal_new_below", "ours", **goal_form(title="Deeper"))

    rows = [Goal.objects.get(title=title) for title in ("Part", "Ours", "Deeper")]
    assert [(row.team, row.parent.title, row.status) for row in rows] == [
        (None, "Growth", "draft"),
        (company.team, "Growth", "active"),
        (company.team, "Ours", "draft"),
    ]
    assert post(as_lead, "goal_new_below", "growth", **goal_form(title="X", team="two")).status_code == 422


def test_lead_adds_a_goal_of_the_team_by_itself_or_below(lead, company):
    as_lead = signed_in(lead)
    hide(company.quality)
    offered = get(as_lead, "goal_new_of_team", "one").context["form"].fields["below"].choices
    assert offered == [
        ("", "By itself, below no goal"),
        ("The plan", [("growth", "Growth"), ("retention", "– Retention"), ("silence", "– Silence")]),
    ]
    post(as_lead, "goal_new_of_team", "one", **goal_form(title="Alone", active="on"))
    post(as_lead, "goal_new_of_team", "one", **goal_form(title="Joined", below="growth"))
    assert post(as_lead, "goal_new_of_team", "one", **goal_form(title="X", below="quality")).status_code == 422

    rows = [Goal.objects.get(title=title) for title in ("Alone", "Joined")]
    assert [(row.strategy, row.parent, row.status) for row in rows] == [
        (None, None, "active"),
        (None, company.growth, "draft"),
    ]
    page = text_of(get(as_lead, "team_detail", "one"))
    for words in ("Goals of its own", "Alone", "Joined", "(draft)"):
        assert words in page


def test_confidential_goal_of_a_team_is_not_named_on_its_page(lead, company):
    hide(company.own)

    assert "A goal of our own" not in text_of(get(signed_in(lead), "team_detail", "one"))


def test_edit_of_an_active_goal_asks_whether_its_meaning_changed(as_leader, company):
    form = goal_form(title="More growth", version=company.growth.version, why="Because customers ask for it.")
    asked = post(as_leader, "goal_edit", "growth", **form)
    assert asked.status_code == 422
    assert "Say whether its meaning changed" in text_of(asked)
    assert value_of(asked, "title") == "More growth"

    post(as_leader, "goal_edit", "growth", **form, meaning_changed="yes")
    row = Goal.objects.get(pk=company.growth.pk)
    assert row.title == "More growth"
    assert row.meaning_changed_on is not None


def test_edit_of_a_draft_goal_does_not_ask_for_its_meaning(nothing, as_leader, draft):
    form = get(as_leader, "goal_edit", "reach").context["form"]

    assert "meaning_changed" not in form.fields
    post(as_leader, "goal_edit", "reach", **goal_form(title="Further", version=1))
    assert Goal.objects.get().title == "Further"


def test_weight_is_asked_at_the_top_and_visibility_of_leaders_only(as_leader, company, lead):
    assert "weight" not in get(as_leader, "goal_edit", "retention").context["form"].fields
    assert "weight" in get(as_leader, "goal_edit", "growth").context["form"].fields
    form = get(signed_in(lead), "goal_edit", "own").context["form"]
    assert not {"weight", "visibility"} & form.fields.keys()


def test_stale_save_of_a_goal_shows_both_texts(as_leader, company):
    Goal.objects.filter(key="growth").update(title="Theirs", weight="1.5")
    stale = post(as_leader, "goal_edit", "growth", **goal_form(title="Mine", version=1, meaning_changed="no"))

    assert stale.status_code == 409
    assert [(row.label, row.now, row.yours) for row in stale.context["page"].differences] == [
        ("Goal", "Theirs", "Mine"),
        ("Why", "Because customers ask for it.", ""),
        ("Weight", "1.5", "3"),
    ]


def test_weights_and_dates_say_what_they_would_do(as_leader, company):
    compute()
    weight = goal_form(weight="9", version=company.growth.version, meaning_changed="no", weighed="yes")
    weighed = post(as_leader, "goal_edit", "growth", **weight)
    assert [each.name for each in weighed.context["page"].effect.figures if each.moves] == ["priority_fit"]
    dates = {"title": "The plan", "ends_on": "2020-01-01", "version": company.strategy.version, "weighed": "yes"}
    dated = post(as_leader, "strategy_edit", "plan", **dates)
    assert "Coverage of the company falls by" in text_of(dated)

    assert Goal.objects.get(key="growth").weight == company.growth.weight
    assert Strategy.objects.get().ends_on == company.strategy.ends_on


def test_draft_goal_is_set_active_beside_its_effect(as_leader, company):
    goal = make.GoalFactory(key="third", strategy=company.strategy, status="draft")
    compute()
    assert "Leaders and its owner, until it is active" in text_of(get(as_leader, "goal_detail", "third"))
    page = get(as_leader, "goal_activation", "third")
    assert "Everybody in the company will see it." in text_of(page)
    assert [row.key for row in page.context["page"].effect.uncovered.rows] == ["third"]
    post(as_leader, "goal_activation", "third", version=goal.version)

    assert Goal.objects.get(key="third").status == "active"


def test_closing_says_what_it_leaves_and_is_undone_from_its_message(as_leader, company):
    page = get(as_leader, "goal_closure", "growth")
    assert "2 active goals below it stay as they are." in text_of(page)
    assert len(page.context["page"].effect.orphaned.rows) == 3
    blank = post(as_leader, "goal_closure", "growth", version=1)
    assert "Say how it ended" in text_of(blank)
    assert "Say why" in text_of(blank)

    closed = post(as_leader, "goal_closure", "growth", version=1, ending="missed", reason="Too late.")
    for words in ("The goal is closed: missed.", "Why it was closed", "Too late.", "Closed", "Reopen"):
        assert words in text_of(closed)
    assert "Set it active" not in text_of(closed)
    undo(as_leader, closed)
    assert Goal.objects.get(key="growth").status == "active"


def test_goal_that_is_not_closed_is_not_reopened(as_leader, company):
    assert "is not closed" in text_of(post(as_leader, "goal_reopening", "growth", version=company.growth.version))


def test_draft_goal_is_removed_and_leads_back_to_what_was_above(as_leader, company):
    make.GoalFactory(key="gone", parent=company.growth, status="draft")
    removed = post(as_leader, "goal_removal", "gone", version=1)

    assert removed.redirect_chain == [(reverse("goal_detail", args=["growth"]), 302)]
    refused = post(as_leader, "goal_removal", "growth", version=1)
    assert "Only drafts are removed" in text_of(refused)


def test_place_of_a_goal_is_chosen_seen_and_taken_back(as_leader, company):
    make.StrategyFactory(key="old", title="Old", status="archived")
    offer = get(as_leader, "goal_position", "growth")
    assert [place.label for place in offer.context["offered"]] == ["Quality"]
    assert offer.context["tops"] == []
    found = get(as_leader, "goal_position", "silence", "?q=qual")
    assert [place.label for place in found.context["offered"]] == ["Quality"]
    assert [place.label for place in found.context["tops"]] == ["The top of “The plan”"]

    chosen = get(as_leader, "goal_position", "retention", "?to=quality")
    assert "Move “Retention” below “Quality”" in text_of(chosen)
    assert chosen.context["page"].effect is not None
    moved = post(as_leader, "goal_position", "retention", "?to=quality", version=1)
    assert Goal.objects.get(key="retention").parent == company.quality
    undo(as_leader, moved)
    assert Goal.objects.get(key="retention").parent == company.growth


def test_goal_moves_to_the_top_of_a_strategy_and_back(as_leader, company):
    moved = post(as_leader, "goal_position", "retention", "?to=strategy:plan", version=1)
    assert Goal.objects.get(key="retention").strategy == company.strategy
    undo(as_leader, moved)

    assert Goal.objects.get(key="retention").strategy is None


def test_lead_moves_a_goal_of_the_team_below_a_company_goal_and_back(lead, company):
    as_lead = signed_in(lead)
    assert get(as_lead, "goal_position", "own", "?to=quality").context["page"].effect.regained.rows[0].title == "Loose"
    moved = post(as_lead, "goal_position", "own", "?to=quality", version=1)
    assert Goal.objects.get(key="own").parent == company.quality
    assert get(as_lead, "goal_position", "own").context["tops"][0].label == "The top of One’s own goals"
    undo(as_lead, moved)

    assert Goal.objects.get(key="own").parent is None


def test_place_whose_goal_above_is_confidential_does_not_name_that(lead, as_leader, company):
    make.GoalFactory(title="Renewals", parent=company.retention, owner=lead)
    hide(company.retention)
    offered = {place.label: place.note for place in get(signed_in(lead), "goal_position", "own").context["offered"]}
    assert offered["Renewals"] == "in The plan / Growth / a confidential goal"

    to_leaders = {place.label: place.note for place in get(as_leader, "goal_position", "own").context["offered"]}
    assert to_leaders["Renewals"].endswith(" / Retention")


@pytest.mark.parametrize(
    ("key", "to", "words"),
    [
        ("growth", "retention", "“Growth” cannot go below “Retention”"),
        ("growth", "own", "A company goal cannot go below a team’s goal"),
        ("own", "strategy:plan", "A team’s own goal is in no strategy"),
    ],
)
def test_place_that_cannot_be_is_refused_with_others_to_choose(as_leader, company, key, to, words):
    refused = get(as_leader, "goal_position", key, f"?to={to}")

    assert refused.status_code == 422
    assert words in text_of(refused)
    assert "Below another goal" in text_of(refused)


@pytest.mark.parametrize("to", ["nothing", "strategy:nothing", "team:two", "strategy:", "%00"])
def test_place_that_is_not_there_is_missing(as_leader, company, to):
    assert get(as_leader, "goal_position", "own", f"?to={to}").status_code == 404


def test_undo_of_a_move_after_another_change_asks_again(as_leader, company):
    moved = post(as_leader, "goal_position", "retention", "?to=quality", version=1)
    Goal.objects.filter(key="retention").update(title="Other")

    assert STALE in text_of(undo(as_leader, moved))
    assert Goal.objects.get(key="retention").parent == company.quality


def test_owner_of_a_company_goal_edits_it_and_decides_nothing(company):
    owner = make.PersonFactory()
    Goal.objects.filter(key="growth").update(owner=owner)
    client = signed_in(owner)

    assert get(client, "goal_edit", "growth").status_code == 200
    assert get(client, "goal_closure", "growth").status_code == 403
    page = text_of(get(client, "goal_detail", "growth"))
    assert "Edit" in page
    assert "Close" not in page


def test_confidential_goal_is_no_place_for_those_who_may_not_see_it(lead, company):
    hide(company.quality)
    as_lead = signed_in(lead)

    assert get(as_lead, "goal_position", "own", "?to=quality").status_code == 404
    assert "Quality" not in text_of(get(as_lead, "goal_position", "own", "?q=Quality"))


PAGES = [
    ("strategy_new", None, ""),
    *((f"strategy_{step}", "plan", "") for step in ("edit", "publication", "archive", "removal")),
    ("strategy_publication", "next", ""),
    ("goal_new", "plan", ""),
    ("goal_new_below", "retention", ""),
    ("goal_new_of_team", "one", ""),
    *((f"goal_{step}", "retention", "") for step in ("edit", "activation", "closure", "position", "removal")),
    ("goal_activation", "waiting", ""),
    ("goal_position", "retention", "?to=quality"),
]


@pytest.mark.parametrize(("name", "key", "query"), PAGES)
@pytest.mark.parametrize("role", ["leader", "lead"])
def test_page_takes_few_queries(company, draft, leader, lead, name, key, query, role):
    make.GoalFactory(key="waiting", strategy=company.strategy, status="draft")
    Goal.objects.filter(key="retention").update(team=company.team if role == "lead" else None)
    for number in range(30):
        make.GoalFactory(parent=company.growth, title=f"More {number:02}")
    client = signed_in(leader if role == "leader" else lead)
    with CaptureQueriesContext(connection) as seen:
        response = get(client, name, key, query)

    assert response.status_code in ({200} if role == "leader" else {200, 403, 404})
    assert counted(seen) <= (CLOSING if name == "goal_closure" else QUERIES), "\n".join(
        query["sql"][:150] for query in seen
    )


def test_closing_is_not_undone_after_the_goal_was_closed_again(as_leader, company):
    closing = {"ending": "missed", "reason": "Too late."}
    page = post(as_leader, "goal_closure", "quality", version=company.quality.version, **closing)
    company.quality.refresh_from_db()
    post(as_leader, "goal_reopening", "quality", version=company.quality.version, because="There is time.")
    company.quality.refresh_from_db()
    post(as_leader, "goal_closure", "quality", version=company.quality.version, **closing)

    assert "nothing was undone" in text_of(undo(as_leader, page))
    company.quality.refresh_from_db()
    assert company.quality.status == "missed"


def test_archiving_is_not_undone_after_another_edit(as_leader, company):
    page = post(as_leader, "strategy_archive", "plan", version=company.strategy.version)
    Strategy.objects.update(title="Theirs")

    assert "nothing was undone" in text_of(undo(as_leader, page))
    assert Strategy.objects.get().status == "archived"


def test_owner_who_gives_a_confidential_goal_away_is_led_to_what_they_may_see(company, leader):
    owner = make.PersonFactory()
    hide(company.quality)
    Goal.objects.filter(pk=company.quality.pk).update(owner=owner)
    company.quality.refresh_from_db()
    values = goal_form(title="Quality", owner=leader.email, weight="1", version=company.quality.version)
    page = post(signed_in(owner), "goal_edit", "quality", meaning_changed="no", **values)

    assert page.redirect_chain == [(reverse("strategy_list"), 302)]
    assert "The goal is saved." in text_of(page)
    assert "Quality" not in text_of(page)


@pytest.mark.parametrize("name", ["team_new", "persona_new", "strategy_new"])
def test_form_sent_with_nothing_in_it_is_wrong(as_leader, name):
    assert post(as_leader, name).status_code == 422


def test_goal_that_an_import_opened_again_does_not_say_that_it_is_closed(as_leader, company):
    Goal.objects.filter(pk=company.quality.pk).update(closed_on="2026-01-05", closing_reason="Long ago.")
    page = text_of(get(as_leader, "goal_detail", "quality"))

    assert "Long ago." not in page
    assert "5 Jan 2026" not in page


def test_page_to_close_a_closed_goal_says_by_whom_it_was_and_has_no_form(as_leader, company):
    post(as_leader, "goal_closure", "growth", version=1, ending="missed", reason="Too late.")
    shown = get(as_leader, "goal_closure", "growth")
    assert "is closed already: missed on" in text_of(shown)
    assert "by Lea Leader" in text_of(shown)
    assert links_named(shown, "Reopen it") == ["/goals/growth/reopening/"]
    assert "Close the goal" not in [button.text for button in parsed(shown).find_all("button")]


def test_draft_says_which_goal_it_carries_on(as_leader, company, leader):
    former, draft = Goal.objects.get(key="growth"), make.GoalFactory(key="again", status="draft", parent=company.growth)
    make.GoalSuccessorFactory(goal=former, successor=draft)
    assert "Carries on Growth" in text_of(get(as_leader, "goal_detail", "again"))
    Goal.objects.filter(pk=draft.pk).update(status="active")
    assert "Carries on" not in text_of(get(as_leader, "goal_detail", "again"))
