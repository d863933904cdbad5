"""Pages of amendments: planning by the forms that edit otherwise, deciding, seeing what it would do, publishing."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from strategy.enums import EditKind
from strategy.models import Amendment, AmendmentEdit, Goal, Measure
from strategy.selectors.amendments import edits_of, version_of
from strategy.services.goals import move_goal
from strategy.services.preparing.amendments import plan_edit
from tests import factories as make
from tests.factories import NOW
from tests.html import action_of, fields_of, form_to, forms, message_of, parsed, text_of
from tests.queries import counted
from tests.strategy.conftest import compute, signed_in
from tests.strategy.editions import begin_editions

pytestmark = pytest.mark.django_db

QUERIES = 12
"""At most, session and user included."""
PAGE = "/strategies/plan/amendment/"


@pytest.fixture
def leader():
    return make.LeaderFactory(name="Lea Leader")


@pytest.fixture
def lea(company, leader):
    begin_editions()
    return signed_in(leader)


@pytest.fixture
def leo(company):
    return signed_in(make.LeaderFactory(name="Leo Leader"))


@pytest.fixture
def amendment(lea, company):
    press(lea, PAGE, reverse("amendment_opening", args=["plan"]))
    return Amendment.objects.get()


def opened(client: Client, url: str) -> dict[str, Any]:
    """What the form of a page would send as it is opened."""
    return fields_of(form_to(client.get(url), ""))


def send(client: Client, url: str, button: str = "", form: dict[str, Any] | None = None, **values: Any) -> Any:
    """The page after its form was filled in, also one that was `opened` before, and sent by a button of that name."""
    data = (opened(client, url) if form is None else form) | values
    return client.post(url, data | ({button: "yes"} if button else {}), follow=True)


def press(client: Client, url: str, action: str) -> Any:
    """The page after a button was pressed that posts to `action`."""
    (form,) = (form for form in forms(client.get(url)) if action_of(form) == action)
    return client.post(action, fields_of(form), follow=True)


def of(name: str, key: str) -> str:
    return reverse(name, args=[key])


def the_edit() -> AmendmentEdit:
    return AmendmentEdit.objects.get()


def test_strategy_offers_to_begin_one_and_then_leads_to_it(lea, company):
    url = of("strategy_detail", "plan")
    assert "Begin an amendment" in text_of(lea.get(url))
    page = press(lea, PAGE, reverse("amendment_opening", args=["plan"]))
    assert "The amendment is begun." in message_of(page)
    assert "The open amendment" in text_of(lea.get(url))
    assert "amendment" not in text_of(signed_in(make.PersonFactory()).get(url))


def test_forms_add_what_is_edited_to_it(lea, amendment, company):
    measure = Measure.objects.get()
    send(lea, of("strategy_edit", "plan"), narrative="We want one thing.")
    send(lea, of("goal_edit", "growth"), title="Larger", why="They pay more.", weight="5")
    send(lea, f"{of('goal_position', 'silence')}?to=quality")
    send(lea, of("goal_closure", "retention"), ending="dropped", reason="It is not wanted.")
    send(lea, of("measure_new", "quality"), title="Faults", kind="at_most", baseline="", target="3", current="9")
    send(lea, of("measure_edit", measure.key), target="2500")
    made = send(lea, of("goal_new_below", "growth"), title="Reach", why="Many do not know us.")
    assert "The goal is there as a draft. The amendment publishes it." in message_of(made)

    page = text_of(lea.get(PAGE))
    for words in (
        *(
            "Its narrative: We want",
            "Larger",
            "Its weight went from 3 to 5.",
            "It was moved below “Quality”.",
        ),
        *("It was closed: dropped. “It is not wanted.”", "“Faults” became a measure of it: kept at or below 3."),
        *("“Customers”: its target went from 2 000 to 2 500.", "It was added below “Growth”."),
        *("planned by Lea Leader", "Teams will be asked to look at their links to it again.", "Keep of Two"),
    ):
        assert words in page.replace("\u202f", " "), words
    assert company.strategy.editions.count() == 1
    assert Goal.objects.get(key="growth").title == "Growth"


def test_form_begins_with_what_is_planned(lea, leo, amendment, company):
    send(lea, of("goal_edit", "growth"), title="Larger", meaning_changed="no")
    form = opened(leo, of("goal_edit", "growth"))
    assert (form["title"], form["meaning_changed"]) == ("Larger", "no")
    begins = "The form begins with what {} planned in the amendment, and not with what is published."
    assert begins.format("Lea Leader") in text_of(leo.get(of("goal_edit", "growth")))
    assert begins.format("you") in text_of(lea.get(of("goal_edit", "growth")))
    assert "The form begins with" not in text_of(lea.get(of("goal_edit", "quality")))
    said: dict[str, Any] = {
        "ending": "missed",
        "reason": "Too late.",
        "learned": "Ask before.",
        "successors": "quality",
    }
    send(lea, f"{of('goal_closure', 'growth')}", **said)
    form = opened(leo, of("goal_closure", "growth"))
    assert {name: form[name] for name in said} == said
    assert "“Quality” takes its place." in text_of(leo.get(PAGE))


def test_second_button_publishes_now(lea, amendment, company):
    url = of("goal_edit", "growth")
    asked = send(lea, url, "second", title="Larger", meaning_changed="no")
    assert asked.status_code == 422
    assert "Say what changed, and why" in text_of(asked)
    send(lea, url, "second", title="Larger", meaning_changed="no", because="We learned.")
    assert Goal.objects.get(key="growth").title == "Larger"
    assert company.strategy.editions.latest("number").because == "We learned."
    assert not edits_of(amendment)


def test_second_button_publishes_nothing_over_what_somebody_else_published(lea, leo, amendment, company):
    url = of("goal_edit", "growth")
    before = opened(leo, url)
    send(lea, url, "second", title="Larger", meaning_changed="no", because="We learned.")
    clash = send(leo, url, "second", form=before, title="Huge", meaning_changed="no", because="As I say.")

    assert clash.status_code == 409
    assert Goal.objects.get(key="growth").title == "Larger"


def test_two_people_who_plan_the_same_see_both_texts(lea, leo, amendment, company):
    url = of("goal_edit", "growth")
    before = opened(leo, url)
    send(lea, url, title="Larger", meaning_changed="no")
    clash = send(leo, url, form=before, title="Huge", why="As I say.", meaning_changed="no")

    assert clash.status_code == 409
    rows = [text_of(row) for row in parsed(clash).select(".differences__table tbody tr")]
    assert rows == ["Goal Larger Huge"]
    again = fields_of(form_to(clash, ""))
    leo.post(url, again)
    assert {name: pair[1] for name, pair in the_edit().changes.items()} == {"title": "Huge", "why": "As I say."}


def test_what_others_changed_in_other_fields_is_taken_over(lea, leo, amendment, company):
    """Of what is planned, and of what is published."""
    url = of("goal_edit", "growth")
    before = opened(leo, url)
    send(lea, url, title="Larger", meaning_changed="no")
    send(lea, url, "second", title="Growth", weight="4", meaning_changed="no", because="So.")
    send(leo, url, form=before, why="As I say.", meaning_changed="no")

    (edit,) = edits_of(amendment)
    assert edit.changes == {"title": ["Growth", "Larger"], "why": ["Because customers ask for it.", "As I say."]}


def test_conflict_is_shown_in_both_texts_and_decided(lea, leo, amendment, company):
    url = of("goal_edit", "growth")
    send(lea, url, title="Larger", meaning_changed="no")
    send(leo, url, "second", title="Smaller", meaning_changed="no", because="We do not grow.")

    page = text_of(lea.get(PAGE))
    assert "1 edit below waits for a decision." in page
    assert "There now Smaller Planned Larger" in page
    refused = send(lea, PAGE, because="We learned.")
    assert "Decide about “Smaller” first" in text_of(refused)
    action = f"{reverse('amendment_edit_decision', args=[the_edit().pk])}?field=title&keeps=planned"
    assert "What is planned is kept." in message_of(press(lea, PAGE, action))
    send(lea, PAGE, because="We learned.")
    assert Goal.objects.get(key="growth").title == "Larger"


def test_place_to_which_somebody_else_moved_a_goal_is_named_beside_the_planned_one(lea, leader, amendment, company):
    elsewhere, by = make.GoalFactory(strategy=company.strategy, title="Elsewhere"), {"actor": leader, "at": NOW}
    quality, growth = Goal.objects.get(key="quality"), Goal.objects.get(key="growth")
    plan_edit(amendment, step=EditKind.MOVE, goal=quality, version=version_of(quality, None), parent=growth, **by)
    quality.refresh_from_db()
    move_goal(quality, version=quality.version, parent=elsewhere, strategy=None, because="At once.", **by)

    assert "There now “Elsewhere” Planned “Growth”" in text_of(lea.get(PAGE))


def test_buttons_take_an_edit_out_and_say_what_it_means(lea, amendment, company):
    send(lea, of("goal_edit", "growth"), title="Larger things")
    edit = the_edit()
    said = press(lea, PAGE, f"{reverse('amendment_edit_meaning', args=[edit.pk])}?changed=no")
    assert "It counts as said better" in text_of(said)
    gone = press(lea, PAGE, reverse("amendment_edit_removal", args=[edit.pk]))
    assert "It is taken out of the amendment." in message_of(gone)
    assert "Nothing is planned for a goal yet." in text_of(gone)


def test_page_says_what_it_would_do_before_it_does_it(lea, amendment, company):
    compute()
    send(lea, of("goal_closure", "growth"), ending="dropped", reason="Too dear.")
    text: dict[str, Any] = {"because": "It was too dear."}
    kept = send(lea, PAGE, "second", **text)
    assert "What changes, and why, is kept." in message_of(kept)
    seen = send(lea, PAGE, "weighed")

    assert "Coverage of the company falls by 50.0 points, to 16.7 %." in text_of(seen)
    assert Goal.objects.get(key="growth").status == "active"
    assert fields_of(form_to(seen, ""))["because"] == text["because"]
    done = send(lea, PAGE)
    assert "The amendment is published" in message_of(done)
    assert Goal.objects.get(key="growth").status == "dropped"
    assert company.strategy.editions.latest("number").because == text["because"]


def test_nothing_is_published_that_was_not_on_view(lea, leo, amendment, company):
    send(lea, of("goal_edit", "growth"), title="Larger", meaning_changed="no")
    before = opened(lea, PAGE)
    send(leo, of("goal_edit", "quality"), title="Fewer faults", meaning_changed="no")
    stale = send(lea, PAGE, form=before, because="We learned.")

    assert stale.status_code in {409, 422}
    assert "Fewer faults" in text_of(stale)
    assert company.strategy.editions.count() == 1
    lea.post(PAGE, fields_of(form_to(stale, "")))
    assert company.strategy.editions.count() == 2


def test_dropping_says_what_stays(lea, amendment, company):
    url = reverse("amendment_removal", args=["plan"])
    assert "Goals that it would have added stay drafts." in text_of(lea.get(url))
    assert "The amendment is dropped." in message_of(send(lea, url))
    assert Amendment.objects.get().state == "dropped"


def test_owner_of_a_strategy_plans_and_does_not_publish(lea, amendment, company):
    owner = make.PersonFactory()
    type(company.strategy).objects.update(owner=owner)
    secret = make.GoalFactory(key="secret", title="Hidden aim", strategy=company.strategy, visibility="leaders")
    send(lea, of("goal_edit", "secret"), title="Hidden end", meaning_changed="no")
    page = text_of(signed_in(owner).get(PAGE))

    assert "Publish the amendment" not in page
    assert "Keep this text" in page
    assert "Hidden" not in page
    assert secret.title


def test_page_takes_the_same_queries_whatever_is_planned(lea, amendment, company):
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert lea.get(PAGE).status_code == 200
        return counted(seen)

    few = asked()
    for key in ("growth", "retention", "silence", "quality"):
        send(lea, of("goal_edit", key), title=f"More {key}", meaning_changed="no")
    many = asked()
    send(lea, of("measure_edit", Measure.objects.get().key), target="2500")
    assert max(few, many, asked()) <= QUERIES
