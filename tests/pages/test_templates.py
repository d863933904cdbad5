"""What templates say by themselves: pages for what went wrong, mails, and what an edit would do. No page is fetched."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.template.loader import render_to_string

from alignment.enums import FlagCode
from tests.factories import DAY
from tests.html import texts_apart
from tests.pages.words import in_order


def drawn(template: str, **context: Any) -> BeautifulSoup:
    return BeautifulSoup(render_to_string(template, context), "html.parser")


def thing(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**values)


ALONE: dict[str, tuple[dict[str, Any], list[str]]] = {
    "400.html": (
        {},
        ["Not understood · Throughline", "This could not be understood", "Nothing was changed.", "Go to the home page"],
    ),
    "403.html": (
        {},
        [
            *("Not yours to do · Throughline", "This is not yours to do", "Nothing was changed."),
            *("Ask one of them, or an administrator for another role.", "Go to the home page"),
        ],
    ),
    "403_csrf.html": (
        {},
        [
            *("Send it once more · Throughline", "This page was open for too long", "Nothing was changed."),
            *("Your browser has to accept cookies of this site.", "Go to the home page"),
        ],
    ),
    "404.html": (
        {},
        [
            *("Not found · Throughline", "There is nothing here", "The address may be mistyped"),
            *("Which of these, we do not say.", "Go to the home page"),
        ],
    ),
    "405.html": (
        {},
        ["A button leads here · Throughline", "A button leads here, not an address", "Go to the home page"],
    ),
    "429.html": (
        {},
        ["Too many attempts · Throughline", "Wait five minutes, then try again.", "Back to signing in"],
    ),
    "account/account_inactive.html": (
        {},
        [
            *("Not active", "You are no longer active here"),
            *("An administrator of your company can make you active again.", "Back to signing in"),
        ],
    ),
    "account/password_reset_done.html": (
        {},
        [
            *("Look into your mail", "If somebody with this address was invited here, a link is on its way."),
            *("Nothing after a few minutes?", "Back to signing in"),
        ],
    ),
    "account/password_reset_from_key.html": (
        {"token_fail": True},
        [
            *("This link has ended", "It was used, or a newer one took its place, or it is too old."),
            *("If you have a password, sign in with it.", "Send a new link", "Sign in"),
        ],
    ),
    "digests/digest_nobody.html": (
        {},
        [
            *("This address does not work", "Nothing was changed.", "Your mail program may have cut it short"),
            *("If digests come that are not for you, ask an administrator", "Go to your settings"),
        ],
    ),
    "digests/reply_unknown.html": (
        {},
        [
            *("This address does not work", "Nothing was changed.", "Your mail program may have cut it short"),
            *("Look at the flags", "Your digests"),
        ],
    ),
    "digests/reply_of_another.html": (
        {},
        [
            *("From somebody else’s digest", "This address is from somebody else’s digest", "Nothing was changed."),
            *("If that is you, sign out and sign in as yourself", "Look at the flags", "Your digests"),
        ],
    ),
    "digests/reply_done.html": (
        {"done": thing(why="It is linked.", label="Checkout", url="/initiatives/checkout/")},
        ["Answered already", "This is answered already", "It is linked.", "Go to “Checkout”"],
    ),
    "digests/reply_expired.html": (
        {"subject": ("Checkout", "/initiatives/checkout/")},
        [
            *("This address has ended", "Nothing was changed.", "The addresses in a digest work for three weeks"),
            "Go to “Checkout”",
        ],
    ),
    "account/logout.html": ({}, ["Sign out · Throughline", "Sign out?", "Sign out"]),
    "account/password_change.html": (
        {},
        [
            *("Change password · Throughline", "Change your password"),
            *("You stay signed in here; on every other device you sign in anew.", "Change password"),
        ],
    ),
    "account/password_reset.html": (
        {},
        [
            *("Reset password · Throughline", "Reset your password", "We mail you a link."),
            *("Send the link", "Back to signing in"),
        ],
    ),
    "account/login.html": (
        {"form": thing(is_bound=False)},
        ["Sign in · Throughline", "Sign in", "I forgot my password", "People come in by invitation."],
    ),
}


@pytest.mark.parametrize("template", ALONE)
def test_page_says_what_happened_and_what_to_do(template: str) -> None:
    context, words = ALONE[template]
    page = drawn(template, **context)

    assert in_order(texts_apart(page), words) == words
    assert [len(page.find_all(tag)) for tag in ("h1", "main", "title")] == [1, 1, 1]


def test_answer_that_came_too_late_leads_to_the_flags_where_its_subject_is_gone() -> None:
    page = drawn("digests/reply_expired.html", subject=("", "/flags/"))
    link: Any = page.find("main").find("a")

    assert (link["href"], link.get_text()) == ("/flags/", "Look at the flags")


# Mails

PERSON = thing(name="Nia New", email="nia@example.com", get_role_display="Member")
MAIL: dict[str, Any] = {
    "person": PERSON,
    "actor": thing(name="Ada Admin", email="ada@example.com"),
    "company": thing(name="Northwind"),
    "link": "https://throughline.example/invited/",
    "site_url": "https://throughline.example",
    "days": 7,
    "old": "nia@example.com",
    "new": "new@example.com",
}
INVITED = [
    *(
        "Hello Nia New,",
        "invites you to Throughline at Northwind, as: Member.",
        "Throughline shows what the company wants",
    ),
    *("Choose a password and come in", "The link works once, within 7 days.", "have a new one sent."),
]
UNEXPECTED = "You did not expect this? Then leave it; without the link nothing happens."
RESET = [
    *("Hello Nia New,", "asked for a link to choose a new password for nia@example.com on https://throughline.example"),
    *("Choose a new password", "The link works once, within 7 days."),
]
NOT_ASKED = "You did not ask for it? Then leave it; your password stays as it is."


NEW_ADDRESS = [
    *("Hello Nia New,", "Ada Admin has changed your address in Throughline at Northwind"),
    *("from nia@example.com to new@example.com. It counts once you have confirmed it.", "Confirm this address"),
    "The link works once, within 7 days.",
]
STAYS = "You did not expect this? Then leave it; everything stays as it is."


@pytest.mark.parametrize(
    ("mail", "words", "last"),
    [
        ("invitation", INVITED, UNEXPECTED),
        ("password_reset", RESET, NOT_ASKED),
        ("address_confirm", NEW_ADDRESS, STAYS),
    ],
)
def test_mail_says_the_same_in_both_forms(mail: str, words: list[str], last: str) -> None:
    plain = " ".join(render_to_string(f"emails/{mail}.txt", MAIL).split())
    page = drawn(f"emails/{mail}.html", **MAIL)
    html = texts_apart(page)

    at = words.index("The link works once, within 7 days.")
    with_link = [*words[:at], MAIL["link"], *words[at:], last]
    assert in_order(plain, with_link) == with_link
    assert in_order(html, [*words, last]) == [*words, last]
    assert in_order(html, ["If the button does nothing, open this address:", MAIL["link"]])[-1] == MAIL["link"]
    assert [link["href"] for link in page.find_all("a") if link["href"] == MAIL["link"]] == [MAIL["link"]] * 2
    assert page.title
    assert page.title.get_text() == render_to_string(f"emails/{mail}.subject.txt", MAIL).strip()


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        (
            "address_asked",
            [
                "Ada Admin wants to change your address in Throughline at Northwind from nia@example.com",
                *("Until then you sign in, and get mail, as before.", "tell Ada Admin (ada@example.com) at once."),
            ],
        ),
        (
            "address_changed",
            [
                "your address in Throughline at Northwind is new@example.com from now on.",
                *("nia@example.com no longer counts.", "This was not you? Then tell an administrator"),
            ],
        ),
    ],
)
def test_notice_says_the_same_in_both_forms(mail: str, words: list[str]) -> None:
    plain = " ".join(render_to_string(f"emails/{mail}.txt", MAIL).split())
    page = drawn(f"emails/{mail}.html", **MAIL)

    assert in_order(plain, words) == words
    assert in_order(texts_apart(page), words) == words
    assert page.title
    assert page.title.get_text() == render_to_string(f"emails/{mail}.subject.txt", MAIL).strip()


def test_mail_names_its_subject() -> None:
    subject = render_to_string("emails/invitation.subject.txt", MAIL).strip()

    assert subject == "Ada Admin invites you to Throughline at Northwind"
    assert (
        render_to_string("emails/password_reset.subject.txt", MAIL).strip() == "Choose a new password for Throughline"
    )


# What an edit would do


def effect(**values: Any) -> dict[str, Any]:
    none = thing(rows=[], count=0, others=0)
    given = {
        "is_nothing": False,
        "sentences": ["Coverage falls."],
        "orphaned": none,
        "regained": none,
        "uncovered": none,
        "teams": none,
        "flags": [],
    }
    return {"effect": thing(**{**given, **values})}


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({}, ["Coverage falls."]),
        ({"sentences": ["Coverage falls.", "Autonomy rises."]}, ["Coverage falls.", "Autonomy rises."]),
        ({"sentences": ["All stay."], "is_nothing": True}, ["All stay.", "No work, goal or flag changes with it."]),
    ],
)
def test_effect_on_figures_is_said_first(values: dict[str, Any], sentences: list[str]) -> None:
    page = drawn("figures/_effect.html", **effect(**values))

    assert [texts_apart(each) for each in page.find_all(class_="effect__sentence")] == sentences
    assert page.find_all("details") == []


def _work(count: int) -> SimpleNamespace:
    sides = {"now": 4.0, "after": 0.0, "unsized": (False, False)}
    shown = [thing(key=f"w{n}", title=f"Work {n}", team="Crew", **sides) for n in range(min(count, 2))]
    return thing(rows=shown, count=count, others=max(count - 2, 0))


def test_effect_lists_the_work_that_loses_and_that_gains() -> None:
    page = drawn("figures/_effect.html", **effect(orphaned=_work(1), regained=_work(7)))
    lost, gained = page.find_all("details")

    assert in_order(
        texts_apart(lost),
        [
            *(
                "1 initiative would reach the strategy less, or not at all",
                "What reaches a published strategy: person-weeks, or a share of work that nobody has sized",
            ),
            *("Initiative Now After", "Work 0 Crew 4 0"),
        ],
    )[-1]
    assert texts_apart(gained.find("summary")) == "7 initiatives would reach the strategy anew, or more"
    assert "and 5 more" in texts_apart(gained)
    assert "more" not in texts_apart(lost).replace("or more", "")
    assert [details.has_attr("open") for details in (lost, gained)] == [True, False]
    assert [link["href"] for link in lost.find_all("a")] == ["/initiatives/w0/"]


def test_effect_lists_goals_teams_and_flags() -> None:
    goals = [
        thing(key="growth", title="Growth", joins=False),
        thing(key="", title="", joins=False),
        thing(key="new", title="New", joins=True),
    ]
    page = drawn(
        "figures/_effect.html",
        **effect(
            uncovered=thing(rows=goals, count=5, others=2),
            teams=thing(rows=[thing(key="crew", name="Crew", now=0.5, after=None)], count=6, others=5),
            flags=[thing(code=FlagCode.ORPHAN, opened=3, resolved=1)],
        ),
    )
    uncovered, teams, flags = page.find_all("details")

    assert [texts_apart(row) for row in uncovered.find_all("li")] == [
        "Growth loses the work that reaches it now",
        "A confidential goal loses the work that reaches it now",
        "New starts to count; nobody works on it yet",
    ]
    assert texts_apart(uncovered.find("summary")) == "5 goals would be without work"
    assert "and 2 more" in texts_apart(uncovered)
    assert texts_apart(teams) == (
        "Coverage of 6 teams changes Coverage of each team’s own initiatives Team Now After Crew 50.0 % – and 5 more"
    )
    assert texts_apart(flags) == ("Flags that would come and go Flags by kind Flag Opened Resolved Reaches nothing 3 1")
    assert [details.has_attr("open") for details in (uncovered, teams, flags)] == [True, False, False]


def test_effect_on_one_goal_and_one_team_is_said_in_the_singular() -> None:
    goal, team = thing(key="growth", title="Growth", joins=True), thing(key="crew", name="Crew", now=0.5, after=0.25)
    one_goal = effect(uncovered=thing(rows=[goal], count=1, others=0), teams=thing(rows=[team], count=2, others=1))
    one_team = effect(uncovered=thing(rows=[goal], count=2, others=1), teams=thing(rows=[team], count=1, others=0))

    assert [texts_apart(each) for each in drawn("figures/_effect.html", **one_goal).find_all("summary")] == [
        "1 goal would be without work",
        "Coverage of 2 teams changes",
    ]
    assert [texts_apart(each) for each in drawn("figures/_effect.html", **one_team).find_all("summary")] == [
        "2 goals would be without work",
        "Coverage of 1 team changes",
    ]


def test_effect_lists_the_work_whose_links_are_asked_about_again_and_counts_no_rest_of_what_is_not_seen() -> None:
    works = [thing(key=f"w{n}", title=f"Work {n}", team="Crew") for n in range(6)]

    def listed(work: list[SimpleNamespace], others: int) -> Any:
        asked = thing(
            links=9, sentence="9 links are asked about.", teams={"Crew": 8, "Dock": 1}, work=work, others=others
        )
        return drawn("figures/_effect.html", **effect(asked=asked)).find("details")

    few, many, unseen = listed(works[:5], 4), listed(works, 0), listed([], 9)
    assert texts_apart(few) == " ".join(
        ["9 links are asked about.", "Crew 8 links", "Dock 1 link", *(f"Work {n} Crew" for n in range(5)), "and 4 more"]
    )
    assert [link["href"] for link in few.find_all("a")] == [f"/initiatives/w{n}/" for n in range(5)]
    assert "more" not in texts_apart(many)
    assert texts_apart(unseen) == "9 links are asked about. Crew 8 links Dock 1 link"
    assert [details.has_attr("open") for details in (few, many, unseen)] == [True, False, True]


# Parts of pages


def test_both_texts_stand_beside_each_other() -> None:
    rows = [thing(label="Title", now="Theirs", yours="Mine"), thing(label="Owner", now="", yours="Two\nlines")]
    page = drawn("components/_differences.html", differences=rows)

    assert [texts_apart(row) for row in page.select("tr")] == [
        "Field Saved by somebody else Yours",
        "Title Theirs Mine",
        "Owner – Two lines",
    ]
    assert "Save it again to replace what is there now, or take over what you want to keep." in texts_apart(page)


@pytest.mark.parametrize(
    ("next_url", "first_url", "ways"),
    [
        ("", "", []),
        ("?after=a", "", [("?after=a", "Show the next ones")]),
        ("", "?", [("?", "Back to the start")]),
        ("?after=b", "?", [("?", "Back to the start"), ("?after=b", "Show the next ones")]),
    ],
)
def test_pager_has_the_ways_that_there_are(next_url: str, first_url: str, ways: list[tuple[str, str]]) -> None:
    page = drawn("components/_pager.html", page=thing(next_url=next_url, first_url=first_url), results="rows")

    assert [(link["href"], link.get_text()) for link in page.find_all("a")] == ways
    assert [nav["hx-target"] for nav in page.find_all("nav")] == ["#rows"][: len(ways)]


@pytest.mark.parametrize(
    ("state", "by", "said"),
    [
        ("disputed", "Ada", "Disputed by Ada on 16 Mar 2026 How so?"),
        ("endorsed", "Ada", "Endorsed by Ada on 16 Mar 2026 How so?"),
        ("endorsed", None, "Endorsed on 16 Mar 2026 How so?"),
    ],
)
def test_judgement_says_who_and_when(state: str, by: str | None, said: str) -> None:
    link = thing(state=state, judged_by=by and thing(pk=1, name=by), judged_on=DAY, note="How so?")

    assert texts_apart(drawn("links/_judgement.html", link=link)) == said
    assert texts_apart(drawn("links/_judgement.html", link=thing(**{**vars(link), "judged_on": None}))) == ""


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.0, "0 person-weeks"), (1.0, "1 person-week"), (1.5, "1.5 person-weeks"), (2.0, "2 person-weeks")],
)
def test_effort_is_counted_in_person_weeks(value: float, said: str) -> None:
    figure = thing(label="Effort", value=value, unit="weeks", missing="", note="", formula="")

    assert texts_apart(drawn("components/_figure.html", figure=figure).find(class_="figure__value")) == said


def test_filters_in_force_can_be_taken_off_one_by_one() -> None:
    active = [("“shop”", "?role=admin"), ("Admin", "?q=shop")]
    page = drawn(
        "components/_results_head.html", count_text="2 people", active=active, clear_url="/people/", sort="-name"
    )

    assert [(link["href"], texts_apart(link)) for link in page.find_all("a")] == [
        ("?role=admin", "Remove the filter “shop”"),
        ("?q=shop", "Remove the filter Admin"),
        ("/people/", "Clear all"),
    ]
    order: Any = page.find("input")
    assert (order["name"], order["value"], order["form"]) == ("sort", "-name", "filters")
    assert texts_apart(page.select_one("[data-announce]")) == "2 people"


@pytest.mark.parametrize(
    ("given", "words", "way"),
    [
        ({"people": [{"key": 7, "name": "Ada"}]}, "Decided by Ada", "/people/7/"),
        (
            {"before": thing(key="own-sales", title="Own sales")},
            "Takes the place of Own sales",
            "/decisions/own-sales/",
        ),
        ({"touched": [{"key": "grow", "name": "Grow"}]}, "Goals it touches Grow", "/goals/grow/"),
        ({"customers": [{"key": "buyer", "name": "Buyer"}]}, "Customers Buyer", "/personas/#buyer"),
        ({"cited": [{"key": "prices", "name": "Prices"}]}, "Business context Prices", "/context/prices/"),
    ],
)
def test_each_thing_that_is_cited_stands_there_alone_too(given: dict[str, Any], words: str, way: str) -> None:
    page = drawn("context/_cites.html", **given)
    assert (texts_apart(page), [link["href"] for link in page.find_all("a")]) == (words, [way])


def test_nothing_that_is_cited_is_no_list() -> None:
    assert drawn("context/_cites.html").find("dl") is None
