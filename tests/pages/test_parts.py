"""Parts of pages drawn by themselves: a link's bet, a measure's week by week, what is wrong with a form."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.factories import DAY
from tests.html import texts_apart
from tests.pages.test_templates import drawn, thing


def bet(**values: Any) -> Any:
    given = {
        "initiative": thing(key="checkout", title="Checkout", team=thing(name="Crew")),
        "goal": thing(key="growth", title="Growth"),
        "state": "claimed",
        "get_state_display": "Claimed",
        "rationale": "Fewer steps.",
        "evidence": "More orders",
        "review_on": DAY,
        "judged_on": None,
    }
    return thing(**{**given, **values})


def test_bet_says_what_the_team_believes() -> None:
    said = texts_apart(drawn("links/_bet.html", link=bet()))

    assert said == (
        "Checkout of Crew moves “Growth” Link: Claimed Fewer steps. "
        "They would see: More orders · Review day: 16 Mar 2026"
    )
    bare = texts_apart(drawn("links/_bet.html", link=bet(rationale="", evidence="", review_on=None)))
    assert bare == "Checkout of Crew moves “Growth” Link: Claimed It does not say how."


def test_goal_says_why_it_is_wanted_where_it_does() -> None:
    goal = thing(key="growth", title="Growth", why="Because *so*.")

    assert texts_apart(drawn("links/_goal_why.html", goal=goal)) == "The goal Why Growth is wanted: Because so ."
    assert texts_apart(drawn("links/_goal_why.html", goal=thing(**{**vars(goal), "why": ""}))) == ""


def _point(weeks_ago: int, value: float | None, *, now: bool = False) -> Any:
    aligned, discretionary = ("", "") if value is None else (f"{value * 10:g} initiatives", "10 initiatives")
    coverage = thing(value=value, unit="percent", missing="No discretionary effort")
    day = DAY - dt.timedelta(weeks=weeks_ago)
    y = "" if value is None else f"{94 - value * 88:.0f}%"
    return thing(
        now=now,
        day=day,
        x=f"{100 - weeks_ago * 50}%",
        y=y,
        aligned=aligned,
        discretionary=discretionary,
        coverage=coverage,
    )


def test_trend_draws_its_points_and_tells_them_newest_first() -> None:
    points = [_point(2, 0.25), _point(1, None), _point(0, 0.5, now=True)]
    lines = [(thing(x="0%", y="72%"), thing(x="100%", y="50%"))]
    trend = thing(points=points, lines=lines, newest_first=points[::-1], label="From 25 % to 50 %", missing="")
    page = drawn("components/_trend.html", trend=trend, title="Coverage")

    assert [texts_apart(row) for row in page.select("tr")] == [
        "Week of Coverage Aligned Discretionary",
        "Now 50.0 % 5 initiatives 10 initiatives",
        "9 Mar 2026 – None: No discretionary effort – –",
        "2 Mar 2026 25.0 % 2.5 initiatives 10 initiatives",
    ]
    assert [(dot["cx"], dot["cy"], dot["r"]) for dot in page.find_all("circle")] == [
        ("0%", "72%", "2.5"),
        ("100%", "50%", "4.5"),
    ]
    [line] = page.select(".trend__line")
    assert (line["x1"], line["y1"], line["x2"], line["y2"]) == ("0%", "72%", "100%", "50%")
    assert texts_apart(page.find(class_="trend__ends")) == "2 Mar 2026 Now"
    assert texts_apart(page.find("summary")) == "As a table : Coverage"
    assert texts_apart(page.find("caption")) == "Coverage"


def test_trend_of_one_week_says_why_there_is_nothing_to_draw() -> None:
    trend = thing(points=[_point(0, 0.5, now=True)], lines=[], newest_first=[], label="", missing="It is new.")
    page = drawn("components/_trend.html", trend=trend, title="Coverage")

    assert texts_apart(page) == "Coverage It is new."
    assert page.find("svg") is None


def test_wrong_fields_are_named_in_one_sentence() -> None:
    said = texts_apart(drawn("components/_wrong.html", wrong=[("Title", "id_title"), ("Why", "id_why")]))

    assert said == "Nothing was saved yet. Look again at: Title , Why"
    assert texts_apart(drawn("components/_wrong.html", wrong=[])) == ""


def test_parts_of_no_work_say_so() -> None:
    parts = thing(total=0.0, aligned=0.0, exploring=0.0, sustaining=0.0, orphaned=0.0, initiatives=0, unsized=0)

    assert "No active work." in texts_apart(drawn("components/_parts_bar.html", parts=parts))
    assert "No active work." not in texts_apart(drawn("components/_parts_bar.html", parts=parts, compact=True).div)


@pytest.mark.parametrize(
    ("digests", "words", "button"),
    [
        (True, "Stop the weekly digest? It goes to a…@example.com once a week.", ("Stop the weekly digest", None)),
        (False, "The weekly digest is stopped None goes to a…@example.com any more.", ("Undo", "again")),
    ],
)
def test_page_to_stop_the_digest_has_one_button_and_another_way(
    digests: bool, words: str, button: tuple[str, str | None]
) -> None:
    page = drawn("digests/digest_unsubscription.html", digests=digests, address="a…@example.com", times_path="/times/")
    main: Any = page.find("main")

    assert texts_apart(main).startswith(words)
    assert [(each.get_text(), each.get("name")) for each in main.find_all("button")] == [button]
    assert [(link["href"], link.get_text()) for link in main.find_all("a")] == [
        ("/times/", "Choose another day instead")
    ]


def test_page_of_somebody_who_was_quicker_asks_again() -> None:
    person = thing(pk=7, name="Nia New", get_role_display="Leader", version=3)
    wanted = thing(label="Viewer", value="viewer")
    page = drawn("people/person_role.html", person=person, wanted=wanted, reason="Changed by somebody else.")
    main: Any = page.find("main")

    assert texts_apart(page.title) == "The role of Nia New · Throughline"
    assert texts_apart(main) == (
        "Nia New Changed by somebody else. Role now Leader You chose Viewer Change it to Viewer Leave it as it is"
    )
    assert {field["name"]: field["value"] for field in main.find_all("input")} == {"version": "3", "role": "viewer"}
    assert main.form["action"] == "/people/7/role/"


def test_page_says_that_its_figures_wait() -> None:
    assert "The figures are being updated to the latest edits. Look again in a moment." in texts_apart(
        drawn("base.html", updating=True)
    )
    assert "being updated" not in texts_apart(drawn("base.html", updating=False))


def test_mails_kept_are_listed_with_their_own_pages() -> None:
    mail = thing(url="/kept/1/", subject="Hello", to="a@example.com", at="16 Mar")
    nowhere = thing(next_url="", first_url="")
    listed = drawn("digests/outbox_list.html", mails=[mail], page=nowhere, zone="UTC").find("main")
    none = drawn("digests/outbox_list.html", mails=[], page=nowhere).find("main")
    older = drawn("digests/outbox_list.html", mails=[], page=thing(next_url="", first_url="?")).find("main")

    assert "Mails, newest first Subject To When Hello a @example.com 16 Mar Times are those of UTC." in texts_apart(
        listed
    )
    assert "No mail has been written yet." in texts_apart(none)
    assert "There are no older mails. Back to the newest" in texts_apart(older)


@pytest.mark.parametrize(
    ("text", "said"), [("Look: https://a.example", "Look: https://a.example"), ("", "It has no plain text.")]
)
def test_mail_kept_is_shown_with_its_file(text: str, said: str) -> None:
    row = thing(subject="Hello", to="a@example.com", at="16 Mar")
    page = drawn("digests/outbox_mail.html", row=row, text=text, file_url="/kept/1/file/").find("main")

    assert texts_apart(page) == (
        "A mail kept Hello To a@example.com When 16 Mar Download the whole mail with its HTML form, for a mail program "
        + said
    )
    assert [link["href"] for link in page.find_all("a")][:1] == ["/kept/1/file/"]
