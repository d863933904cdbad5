"""The pages on which work is linked to goals, links are changed, and goals' owners judge them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from alignment.models import Link
from alignment.selectors.shares import shares_version
from strategy.models import Goal
from teams.enums import TeamRole
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import SECRET
from tests.html import (
    action_of,
    fields_of,
    form_to,
    links_of,
    page_text,
    parsed,
    source_of,
    text_of,
    texts_of,
    undo_of,
    value_of,
)
from tests.queries import counted
from web.links.forms import PercentField

pytestmark = pytest.mark.django_db
QUERIES = 12


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def firm(firm):
    make.MembershipFactory(team=firm.product, person=firm.member, role=TeamRole.LEAD)
    return firm


@pytest.fixture
def member(firm):
    return signed_in(firm.member)


def signed_in(person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def offered(client, **query) -> list[str]:
    form = client.get("/initiatives/loose/links/new/", query).context["form"]
    return [key for key, _label in form.fields["goal"].choices]


def press(client, button):
    return client.post(action_of(button), fields_of(button), follow=True)


def link(firm, work, goal) -> Link:
    return Link.objects.get(initiative=firm.work[work], goal=goal)


def test_link_is_made_in_one_form_and_can_be_undone(firm, member):
    response = member.post(
        "/initiatives/loose/links/new/", {"goal": "growth", "rationale": "It helps.", "share": "25 %"}, follow=True
    )

    made = link(firm, "loose", firm.growth)
    assert (made.rationale, made.share) == ("It helps.", Decimal("0.25"))
    assert "Linked to “Growth”." in page_text(response)
    assert undo_of(response) == f"/links/{made.pk}/removal/?version={made.version}"
    assert f"/links/{made.pk}/removal/" in links_of(response)


@pytest.mark.parametrize(
    ("share", "hint"),
    [
        (None, "Left blank: an equal part of what the others leave."),
        ("0.7", "The other links take 70 %, so at most 30 % is left."),
        ("1", "The other links take 100 %: this one would carry nothing. Change the shares afterwards."),
    ],
)
def test_form_says_what_the_other_links_leave(firm, member, share, hint):
    address = "/initiatives/loose/links/new/"
    assert member.get(address).context["form"]["share"].help_text.startswith("Left blank, it takes all of it")
    make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth, share=share and Decimal(share))

    assert text_of(member.get(address).context["form"]["share"].help_text).startswith(hint)


def test_form_keeps_what_was_typed_and_says_what_would_be_right(firm, member):
    make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth, share=Decimal("0.7"))

    typed = {"goal": "retention", "rationale": "It helps.", "share": "31"}
    page = member.post("/initiatives/loose/links/new/", typed)

    assert "The other links take 70 %, so at most 30 % is left." in page_text(page, 422)
    assert {name: value_of(page, name) for name in typed} == typed
    assert not Link.objects.filter(initiative=firm.work["loose"], goal=firm.retention).exists()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"rationale": "Why."}, "Choose a goal, or find one by its title."),
        ({"goal": "nowhere", "rationale": "Why."}, "There is no such goal to choose."),
        ({"goal": "hidden", "rationale": "Why."}, "There is no such goal to choose."),
        ({"goal": "a\0b", "rationale": "Why."}, "There is no such goal to choose."),
        ({"goal": "growth", "rationale": "Why.", "share": "0"}, "Give a percentage above 0 and at most 100"),
        ({"goal": "growth", "rationale": "Why.", "share": "101"}, "Give a percentage above 0 and at most 100"),
        ({"goal": "growth", "rationale": "Why.", "share": "NaN"}, "Give a percentage above 0 and at most 100"),
        ({"goal": "growth", "rationale": "Why.", "share": "1.00001"}, "no more than 4 decimal places"),
        ({"goal": "growth", "rationale": "Why.", "review_on": "2026-03-15"}, "Give today or a later day."),
        ({"goal": "growth", "rationale": "Why.", "review_on": "soon"}, "Give a day, written like 2026-03-31."),
        ({"goal": "growth", "rationale": "x" * 2001}, "at most 2000 characters"),
        ({"goal": "growth", "rationale": "Why.", "evidence": "a\x07b"}, "Keep this on one line"),
        ({}, "Choose a goal, or find one by its title."),
    ],
)
def test_bad_input_is_said_beside_its_field(member, data, said):
    assert said in page_text(member.post("/initiatives/loose/links/new/", data), 422)
    assert not Link.objects.filter(initiative__key="loose").exists()


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("100", "100"), ("0.0001", "0.0001"), ("33.3333", "33.3333"), ("25%", "25"), ("25 %", "25")),
        *(("25\N{NO-BREAK SPACE}%", "25"), (" 70 ", "70"), ("12,5", "12.5"), ("٪50", "50")),
    ],
)
def test_share_is_typed_as_people_write_percentages(typed, value):
    assert PercentField().clean(typed) == Decimal(value)


def test_goal_in_the_address_is_chosen_and_others_are_found_by_title(firm, member):
    assert offered(member, q="GROW") == ["growth"]
    assert offered(member, q="GROW", goal="retention") == ["retention", "growth"]
    chosen = member.get("/initiatives/loose/links/new/?goal=retention&q=grow")
    assert value_of(chosen, "goal") == "retention"
    assert parsed(chosen).select("[name=goal]")[0]["value"] == "retention"
    assert "has “nothing like it” in its title" in page_text(
        member.get("/initiatives/loose/links/new/?q=nothing+like+it")
    )


def test_hidden_goal_is_neither_offered_nor_found(firm, member):
    for query in ({}, {"q": "hidden"}, {"goal": "hidden"}):
        assert "hidden" not in offered(member, **query)
    assert SECRET not in source_of(member.get("/initiatives/loose/links/new/?q=aim&goal=hidden"))
    assert offered(signed_in(firm.leader), q="hidden") == ["hidden"]


@pytest.mark.parametrize("page", ["/initiatives/loose/links/new/", "/goals/growth/links/new/"])
def test_search_takes_whatever_is_typed(member, page):
    for words in ("\0", "g\0rowth", " ", "%", "\\", "a" * 5000):
        assert member.get(page, {"q": words}).status_code == 200
    assert value_of(member.get(page, {"q": " g\0row "}), "q") == "grow"


@pytest.mark.parametrize("query", ["", "?q=growth", "?goal=growth", "?q=r&goal=growth"])
@pytest.mark.parametrize("role", ["member", "leader"])
def test_new_link_takes_few_queries_however_much_there_is(firm, query, role, django_assert_max_num_queries):
    client = signed_in(getattr(firm, role))
    for each in make.GoalFactory.create_batch(30, parent=firm.growth, title="Growth of loose ends"):
        make.LinkFactory(initiative=firm.work["faster"], goal=each)
    firm.compute()
    with django_assert_max_num_queries(QUERIES):
        page_text(client.get(f"/initiatives/loose/links/new/{query}"))
    with django_assert_max_num_queries(QUERIES):
        page_text(client.get(f"/goals/growth/links/new/{query}"))


def test_own_work_is_linked_from_the_goal(firm, member):
    form = member.get("/goals/growth/links/new/").context["form"]
    assert [key for key, _label in form.fields["initiative"].choices] == ["lost", "loose", "half", "look", "hush"]

    page = page_text(
        member.post("/goals/growth/links/new/", {"initiative": "lost", "rationale": "It helps."}, follow=True)
    )

    assert "“Lost” is linked to it." in page
    assert link(firm, "lost", firm.growth).rationale == "It helps."


def test_work_of_others_is_not_offered_and_not_linked(firm, member):
    page = member.post("/goals/growth/links/new/", {"initiative": "keep", "rationale": "It helps."})

    assert "Choose an initiative that you may link" in page_text(page, 422)
    assert "keep" not in [key for key, _label in page.context["form"].fields["initiative"].choices]
    assert "None of your own or your teams’ open work is left" in page_text(
        signed_in(make.PersonFactory()).get("/goals/growth/links/new/")
    )


def test_edit_saves_and_offers_measures_of_the_goal_and_below(firm, member):
    measure = make.MeasureFactory(goal=firm.retention, title="Who stays", unit="%")
    hidden = make.MeasureFactory(goal=make.GoalFactory(parent=firm.growth, visibility="leaders"), title=SECRET)
    made = make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth)
    address = reverse("link_edit", args=[made.pk])
    page = member.get(address)
    assert "Who stays, %" in page_text(page)
    assert SECRET not in source_of(page)

    data = {"rationale": "New words.", "version": made.version, "measure": measure.pk, "expected_change": "1 250.5"}
    assert "The link to “Growth” is saved." in page_text(member.post(address, data, follow=True))

    made.refresh_from_db()
    assert (made.measure, made.expected_change, made.rationale) == (measure, Decimal("1250.5"), "New words.")
    data |= {"version": made.version, "measure": hidden.pk}
    assert "It is no measure of this goal" in page_text(member.post(address, data), 422)


def test_hidden_measure_stays_without_its_name(firm, member):
    hidden = make.MeasureFactory(goal=make.GoalFactory(parent=firm.growth, visibility="leaders"), title=SECRET)
    made = make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth, measure=hidden)
    address = reverse("link_edit", args=[made.pk])
    page = member.get(address)
    assert "a measure of a confidential goal" in page_text(page)
    assert SECRET not in source_of(page)

    member.post(address, {"rationale": "New words.", "version": made.version, "measure": hidden.pk})

    made.refresh_from_db()
    assert (made.measure, made.rationale) == (hidden, "New words.")


def test_stale_edit_shows_both_texts_and_the_next_save_goes_through(firm, member):
    made = make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth, share=Decimal("0.5"))
    address = reverse("link_edit", args=[made.pk])
    member.post(address, {"rationale": "First.", "share": "75", "version": 1})

    page = member.post(address, {"rationale": "Second.", "share": "60", "version": 1})

    for part in ("First.", "Second.", "75", "60"):
        assert part in page_text(page, 409)
    assert value_of(page, "version") == "2"
    assert member.post(address, {"rationale": "Second.", "share": "60", "version": 2}).status_code == 302
    made.refresh_from_db()
    assert (made.rationale, made.share) == ("Second.", Decimal("0.6"))


@pytest.mark.parametrize(
    ("state", "hint"), [("endorsed", "other words are not endorsed"), ("disputed", "It stays disputed until")]
)
def test_edit_says_what_becomes_of_a_judgement(firm, member, state, hint):
    made = make.LinkFactory(initiative=firm.work["loose"], goal=firm.growth, state=state)

    assert hint in page_text(member.get(reverse("link_edit", args=[made.pk])))


def test_removal_is_undone_with_everything(firm, member):
    made = link(firm, "half", firm.retention)
    page = member.post(reverse("link_removal", args=[made.pk]), {"version": made.version}, follow=True)
    assert "The link to “Retention” is removed." in page_text(page)
    undo = undo_of(page)

    assert "Linked to “Retention” again." in page_text(member.post(undo, follow=True))

    assert link(firm, "half", firm.retention).share == Decimal("0.5")
    assert "It is linked to this goal already" in page_text(member.post(undo, follow=True))


def test_confirming_says_so(firm, member):
    made = link(firm, "half", firm.retention)
    Link.objects.filter(pk=made.pk).update(confirmed_on="2026-01-01")
    button = form_to(member.get("/initiatives/half/"), reverse("link_confirmation", args=[made.pk]))

    assert "Confirmed: the work still moves “Retention”." in page_text(press(member, button))
    made.refresh_from_db()
    assert made.confirmed_on == DAY


def test_outcome_is_asked_for_when_its_review_is_due(firm, member):
    made = link(firm, "half", firm.retention)
    address = reverse("link_outcome", args=[made.pk])
    assert address not in source_of(member.get("/initiatives/half/"))
    Link.objects.filter(pk=made.pk).update(review_on=DAY)
    assert address not in source_of(member.get("/initiatives/half/"))
    Link.objects.filter(pk=made.pk).update(review_on="2026-03-15")
    assert address in links_of(member.get("/initiatives/half/"))
    made.refresh_from_db()

    page = page_text(member.post(address, {"outcome": "untested", "version": made.version}), 422)
    assert "Give today or a later day." in page
    response = member.post(address, {"outcome": "held", "note": "Seen.", "version": made.version}, follow=True)

    assert "Recorded for “Retention”: held." in page_text(response)
    assert "What they saw Seen." in page_text(response)
    assert address not in source_of(response)
    assert member.get(address).context["form"]["note"].value() == "Seen."


def test_stale_judgement_is_refused_with_the_words_as_they_are(firm):
    made = link(firm, "half", firm.retention)
    Link.objects.filter(pk=made.pk).update(rationale="Quite other words.")
    leader = signed_in(firm.leader)

    page = page_text(leader.post(reverse("link_endorsement", args=[made.pk]), {"note": "Yes.", "version": 1}), 409)

    assert "Quite other words." in page
    made.refresh_from_db()
    assert made.state == "claimed"


def test_dispute_is_seen_by_the_team_and_can_be_withdrawn(firm, member):
    owner = make.PersonFactory(name="Olga Owner")
    Goal.objects.filter(pk=firm.retention.pk).update(owner=owner)
    made, judge = link(firm, "half", firm.retention), signed_in(owner)
    address = reverse("link_dispute", args=[made.pk])
    assert address in links_of(judge.get("/goals/retention/"))
    assert address not in source_of(member.get("/goals/retention/"))
    assert "Say why, so that the team can answer." in page_text(judge.post(address, {"version": 1}), 422)

    page = page_text(judge.post(address, {"note": "Who would notice?", "version": 1}, follow=True))

    assert "The link of “Half” is disputed." in page
    for client, where in ((judge, "/goals/retention/"), (member, "/initiatives/half/"), (member, "/goals/retention/")):
        page = page_text(client.get(where))
        assert "Who would notice?" in page
        assert "by olga owner on" in page.lower()
    made.refresh_from_db()
    judge.post(reverse("link_judgement_removal", args=[made.pk]), {"version": made.version})
    made.refresh_from_db()
    assert (made.state, made.note) == ("claimed", "")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("link_dispute", "Coverage of the company falls by"),
        ("link_endorsement", "Endorsed coverage rises by"),
    ],
)
def test_judgement_says_first_what_it_would_do(firm, name, sentence):
    page = page_text(signed_in(firm.leader).get(reverse(name, args=[link(firm, "half", firm.retention).pk])))

    assert "What this would do" in page
    assert sentence in page


def test_removing_a_link_says_first_what_it_would_do(firm, member):
    made = link(firm, "half", firm.retention)
    page = page_text(member.get(reverse("link_removal", args=[made.pk])))

    assert "What this would do" in page
    assert "Coverage of the company falls by" in page
    assert made.rationale in page
    assert Link.objects.filter(pk=made.pk).exists()


def test_withdrawing_a_dispute_says_first_what_it_would_do(firm):
    made, leader = link(firm, "half", firm.retention), signed_in(firm.leader)
    Link.objects.filter(pk=made.pk).update(state="disputed", note="Who would notice?", judged_on=DAY)
    address = reverse("link_judgement_removal", args=[made.pk])
    assert address in links_of(leader.get("/initiatives/half/"))

    page = page_text(leader.get(address))
    assert "Withdraw the dispute" in page
    assert "Coverage of the company rises by" in page
    version = Link.objects.get(pk=made.pk).version
    done = leader.post(address, {"version": version}, follow=True)
    assert "The link of “Half” is as its team claimed it again." in page_text(done)
    assert address not in links_of(leader.get("/initiatives/half/"))
    leader.post(undo_of(done), follow=True)
    made.refresh_from_db()
    assert (made.state, made.note) == ("disputed", "Who would notice?")


def test_answering_a_dispute_says_what_it_would_do(firm, member):
    made = link(firm, "half", firm.retention)
    Link.objects.filter(pk=made.pk).update(state="disputed", judged_on=DAY)
    page = weighed(member, reverse("link_edit", args=[made.pk]), {"rationale": "Otherwise.", "version": 2})

    assert "No headline figure changes" in page


def weighed(client, address: str, typed: Mapping[str, object]) -> str:
    """The page with what it would do, which is not done."""
    before = list(Link.objects.order_by("pk").values())
    assert "See what it would do" in page_text(client.get(address))
    with CaptureQueriesContext(connection) as seen:
        shown = client.post(address, {**typed, "weighed": "yes"})
    page = page_text(shown)
    assert "What this would do" in page
    assert counted(seen) <= 16
    assert list(Link.objects.order_by("pk").values()) == before
    return page


BETTER = {"rationale": "It removes a step."}


def test_making_a_link_says_what_it_would_do(firm, member):
    typed = {**BETTER, "goal": "growth"}
    assert "Coverage of the company rises by" in weighed(member, "/initiatives/loose/links/new/", typed)
    typed = {**BETTER, "initiative": "loose"}
    assert "Coverage of the company rises by" in weighed(member, "/goals/growth/links/new/", typed)


def test_editing_a_link_says_what_it_would_do(firm, member):
    made = link(firm, "half", firm.retention)
    typed = {**BETTER, "share": "10", "version": made.version}
    assert "Coverage of the company falls by" in weighed(member, reverse("link_edit", args=[made.pk]), typed)


def test_dividing_effort_says_what_it_would_do(firm, member):
    made = link(firm, "half", firm.retention)
    typed = {"version": shares_version([made]), f"share_{made.pk}": "100"}
    assert "Coverage of the company rises by" in weighed(member, "/initiatives/half/shares/", typed)


def test_nothing_is_shown_of_what_would_be_refused(firm, member):
    first, second = Link.objects.filter(initiative=firm.work["faster"]).order_by("id")
    data = {"version": shares_version([first, second]), f"share_{first.pk}": "60", f"share_{second.pk}": "50"}
    over = page_text(member.post("/initiatives/faster/shares/", {**data, "weighed": "yes"}), 422)
    assert "The shares add up to 110 %" in over
    assert "What this would do" not in over
    again = {**BETTER, "goal": "retention", "weighed": "yes"}
    linked = page_text(member.post("/initiatives/half/links/new/", again), 422)
    assert "It is linked to this goal already" in linked
    assert "What this would do" not in linked


def test_judgement_that_holds_already_would_do_nothing(firm):
    made = link(firm, "half", firm.retention)
    Link.objects.filter(pk=made.pk).update(state="disputed")

    assert "What this would do" not in page_text(signed_in(firm.leader).get(reverse("link_dispute", args=[made.pk])))


def test_shares_are_divided_in_one_form(firm, member):
    first, second = Link.objects.filter(initiative=firm.work["faster"]).order_by("id")
    page = page_text(member.get("/initiatives/faster/shares/"))
    assert "Given: 75 %. Left for the others: 25 %." in page
    version = shares_version([first, second])

    data = {"version": version, f"share_{first.pk}": "60", f"share_{second.pk}": "50"}
    assert "The shares add up to 110 %, and 100 % is all there is." in page_text(
        member.post("/initiatives/faster/shares/", data), 422
    )
    data[f"share_{second.pk}"] = "12.5"
    assert "The shares are saved." in page_text(member.post("/initiatives/faster/shares/", data, follow=True))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.share, second.share) == (Decimal("0.6"), Decimal("0.125"))
    page = page_text(member.post("/initiatives/faster/shares/", data | {f"share_{first.pk}": "10"}), 409)
    assert "Share of “Retention”" in page


def test_many_links_have_their_shares_in_pages_and_are_found_by_their_goal(firm, member, django_assert_max_num_queries):
    """2,500 links, which the page of the initiative shows in pages too."""
    work, address = firm.work["loose"], "/initiatives/loose/shares/"
    below = {"parent": firm.growth, "status": "active", "path": []}
    goals = [Goal(key=f"many-{number}", title=f"Goal {number}", **below) for number in range(2500)]
    Goal.objects.bulk_create(goals)
    links = Link.objects.bulk_create(Link(initiative=work, goal=goal, confirmed_on=DAY) for goal in goals)
    with django_assert_max_num_queries(12):
        first = member.get(address)
    second = member.get(address + first.context["pager"].next_url)
    found = member.get(address + "?q=gOAL+2499")

    assert [len(page.context["rows"]) for page in (first, second, found)] == [50, 50, 1]
    assert [page.context["rows"][0][0].goal for page in (first, second, found)] == [goals[0], goals[50], goals[-1]]
    form = fields_of(form_to(found, "")) | {f"share_{links[-1].pk}": "40"}
    saved = member.post(address + "?q=gOAL+2499", form, follow=True)
    assert "The shares are saved." in page_text(saved)
    assert "Given: 40 %. Left for the others: 60 %." in page_text(saved)
    assert Link.objects.filter(initiative=work, share__isnull=False).get() == links[-1]
    with django_assert_max_num_queries(12):
        assert len(member.get("/initiatives/loose/").context["lines"]) == 50


def test_confidential_goal_takes_its_share_without_a_name(firm, member):
    made = make.LinkFactory(initiative=firm.work["hush"], goal=firm.growth, share=Decimal("0.75"))
    hidden = link(firm, "hush", firm.secret)
    response = member.get("/initiatives/hush/shares/")
    page = source_of(response)

    assert "a confidential goal takes 25" in page_text(response)
    assert SECRET not in page
    assert f"share_{hidden.pk}" not in page
    data = {"version": shares_version([made, hidden]), f"share_{made.pk}": "50", f"share_{hidden.pk}": "10"}
    assert member.post("/initiatives/hush/shares/", data).status_code == 302
    hidden.refresh_from_db()
    assert hidden.share is None


def test_pages_of_a_link_take_few_queries(firm, member, django_assert_max_num_queries):
    client = signed_in(firm.leader)
    for name in ("link_edit", "link_outcome"):
        with django_assert_max_num_queries(QUERIES):
            page_text(client.get(reverse(name, args=[link(firm, "half", firm.retention).pk])))
    for name in ("link_endorsement", "link_dispute"):
        with CaptureQueriesContext(connection) as seen:
            page_text(client.get(reverse(name, args=[link(firm, "half", firm.retention).pk])))
        assert counted(seen) <= QUERIES, "\n".join(query["sql"][:150] for query in seen)
    with django_assert_max_num_queries(QUERIES):
        page_text(member.get("/initiatives/faster/shares/"))


def test_initiative_page_shows_each_what_they_may_do(firm, member):
    own, foreign = member.get("/initiatives/half/"), signed_in(make.PersonFactory()).get("/initiatives/half/")

    assert "/initiatives/half/links/new/" in links_of(own)
    assert "It still holds" in texts_of(own, "button")
    assert any(address.endswith("/removal/") for address in links_of(own))
    for part in ("/initiatives/half/links/new/", "It still holds", "/removal/"):
        assert part not in source_of(foreign)
    assert "/goals/growth/links/new/" not in source_of(signed_in(make.ViewerFactory()).get("/goals/growth/"))
    assert "/goals/growth/links/new/" in links_of(member.get("/goals/growth/"))


def test_making_a_link_is_not_undone_after_somebody_edited_it(firm, member):
    values = {"goal": "growth", "rationale": "It helps."}
    undo = undo_of(member.post("/initiatives/loose/links/new/", values, follow=True))
    Link.objects.filter(initiative=firm.work["loose"]).update(rationale="It helps much.")

    assert "so nothing was done" in page_text(member.post(undo, follow=True))
    assert link(firm, "loose", firm.growth).rationale == "It helps much."


def test_judgement_is_not_undone_after_another_one(firm):
    client, made = signed_in(firm.leader), link(firm, "half", firm.retention)
    undo = undo_of(client.post(reverse("link_endorsement", args=[made.pk]), {"version": made.version}, follow=True))
    made.refresh_from_db()
    client.post(reverse("link_dispute", args=[made.pk]), {"version": made.version, "note": "I doubt it."})

    assert "so nothing was done" in page_text(client.post(undo, follow=True))
    made.refresh_from_db()
    assert made.state == "disputed"
