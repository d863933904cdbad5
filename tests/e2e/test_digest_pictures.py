"""Digests as a mail program with a browser's engine shows them: at the two widths that we promise, light and dark."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from conversations.models import Thread
from digest.content import Part, Section
from digest.models import TurnMail
from digest.rendering import render
from digest.turn_mails import turns_message
from lib.text.spans import Line
from teams.models import Person
from tests.digest.digests import DIGESTS, ODD, digest, largest, odd, words
from tests.e2e.axe import problems
from tests.html import parsed

pytestmark = pytest.mark.e2e

PERSON = 1
TOUCH = 44
WIDTHS = (600, 360)
UNBROKEN = digest(Part("team", "w" * 200, "/", (Section("long", "w" * 200, (Line(words("w" * 200), "w" * 200),)),)))
PAGES = {**DIGESTS, "odd": odd(), "largest": largest(2, 200), "unbroken": UNBROKEN}
PART_OF_A_PAGE = ("region", "landmark-one-main")
"""A digest is read inside of a mail program, whose page has the landmarks."""


@pytest.fixture
def mailbox(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def check(page: Page) -> None:
    assert [*problems(page, widths=WIDTHS, left_out=PART_OF_A_PAGE)] == []


@pytest.mark.parametrize("name", PAGES)
def test_digest_fits_and_can_be_read(mailbox, name):
    mailbox.set_content(render(PAGES[name], PERSON).html)
    check(mailbox)


def test_digest_without_its_style_elements_can_be_read(mailbox):
    """Some mail programs take them away."""
    page = parsed(render(DIGESTS["everything"], PERSON).html)
    for style in page.select("style"):
        style.decompose()
    mailbox.set_content(str(page))
    check(mailbox)


@pytest.mark.parametrize(("scheme", "paper"), [("light", "rgb(253, 253, 252)"), ("dark", "rgb(21, 24, 27)")])
def test_digest_is_drawn_in_the_readers_scheme(mailbox, scheme, paper):
    mailbox.emulate_media(color_scheme=scheme)
    mailbox.set_content(render(DIGESTS["everything"], PERSON).html)
    assert mailbox.evaluate("getComputedStyle(document.body).backgroundColor") == paper


def test_answers_can_be_touched(mailbox):
    mailbox.set_viewport_size({"width": 360, "height": 800})
    mailbox.set_content(render(DIGESTS["everything"], PERSON).html)
    answers = mailbox.locator(".answer").all()
    assert len(answers) == 5
    boxes = [answer.bounding_box() for answer in answers]
    assert all(box and box["height"] >= TOUCH and box["width"] >= TOUCH for box in boxes)


def test_parts_of_the_bar_are_as_wide_as_their_share(mailbox):
    mailbox.set_viewport_size({"width": 600, "height": 800})
    mailbox.set_content(render(DIGESTS["leader"], PERSON).html)
    widths = mailbox.eval_on_selector_all(".fill", "cells => cells.map(each => each.getBoundingClientRect().width)")
    # 149.3, 24.1, 48 and 19.2 of 240.6 person-weeks
    assert [100 * width / sum(widths) for width in widths] == pytest.approx([62, 10, 20, 8], abs=1)


def turns_mail(count: int, title: str) -> str:
    """The mail about that many turns."""
    person = Person(pk=PERSON, name="Olga Owner", email="olga@example.org")
    row = TurnMail(person=person, day=dt.date(2026, 3, 17))
    threads = []
    for number in range(count):
        turn = "asks" if number == 1 else "answers"
        thread: Any = Thread(
            key=f"question-{number}", kind="question", about_kind="goal", turn=turn, due_on=dt.date(2026, 3, 23)
        )
        thread.asker, thread.subject = Person(pk=2, name="Ali Asker"), {"name": title, "place": "more"}
        thread.question = "Why **this** goal, and not the one of last year? We have heard both. " * 3
        threads.append(thread)
    mail: Any = turns_message(
        row, threads, company="Northwind Logistics", at=dt.datetime(2026, 3, 17, 8, tzinfo=dt.UTC)
    )
    return str(mail.alternatives[0].content)


@pytest.mark.parametrize(("count", "title"), [(1, "Sell more"), (10, "w" * 200), (3, ODD)])
def test_mail_about_turns_fits_and_can_be_read(mailbox, count, title):
    mailbox.set_content(turns_mail(count, title))
    check(mailbox)
