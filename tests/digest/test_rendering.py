"""The digest as mail: what its two forms say, what mail programs need, and its headers."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path
from typing import Any, cast

import pytest
from bs4.element import Comment, Tag
from django.conf import settings as project
from pytest_django.fixtures import Settings

from digest.content import Content, Part, Section
from digest.models import Digest
from digest.rendering import FILLS, message, render, subject, wrapped
from digest.replies import Action, ReplyRequest, read_person, read_reply
from lib.text.numbers import percent
from lib.text.spans import Line, Span
from teams.models import Person
from tests.digest.digests import DIGESTS, ODD, bar, digest, largest, odd, on_one_line, sections, spoken, words
from tests.html import links_of, parsed, texts_of

SITE = "https://throughline.some-rather-long-name.example.com"
PERSON = 123_456
SENT_AT = dt.datetime(2026, 11, 23, 8, tzinfo=dt.UTC)
GMAIL_CUTS_AT = 102 * 1024
ADDRESS = re.compile(r'https?://[^\s"<]+')
TOKENS = Path(project.BASE_DIR) / "static" / "css" / "tokens.css"
MAILS = Path(project.BASE_DIR) / "templates" / "emails"
ALL = {**DIGESTS, "odd": odd(), "largest": largest()}


@pytest.fixture(autouse=True)
def site(settings: Settings) -> None:
    settings.SITE_URL = SITE


@pytest.fixture(params=ALL)
def content(request: pytest.FixtureRequest) -> Content:
    return ALL[request.param]


def of(*sections: Section, kind: str = "own", title: str = "For you") -> Content:
    return digest(Part(kind, title, "/", sections))


def told(news: str, weight: int = 1) -> Section:
    return Section("told", "Told", (Line(words("It was.")),), news=news, weight=weight)


# What both forms say


@pytest.mark.parametrize("name", [name for name in ALL if name != "largest"])
def test_both_forms_say_everything(name):
    content = ALL[name]
    rendered = render(content, PERSON)
    for form in (on_one_line(rendered.text), spoken(rendered.html)):
        for part in content.parts:
            assert on_one_line(part.title) in form
        for section in sections(content):
            assert on_one_line(section.title) in form
            for line in section.lines:
                assert on_one_line(line.text) in form
                assert on_one_line(line.detail) in form
                assert all(on_one_line(reply.label) in form for reply in line.replies)
            if section.more:
                assert on_one_line(section.more.text) in form


def test_both_forms_lead_to_the_same_addresses(content):
    rendered = render(content, PERSON)
    headings = {SITE + part.path for part in content.parts}
    assert set(ADDRESS.findall(rendered.text)) == set(links_of(rendered.html)) - headings


def test_every_address_is_of_the_site(content):
    rendered = render(content, PERSON)
    for form in (rendered.text, html.unescape(rendered.html)):
        assert all(address.startswith(f"{SITE}/") for address in ADDRESS.findall(form))
    leading = parsed(rendered.html).select("[href], [src]")
    assert all(str(each.get("href", each.get("src"))).startswith("https://") for each in leading)


def test_ways_out_stand_behind_their_words_in_both_forms(content):
    rendered = render(content, PERSON)
    ways = {"Read this digest in the browser": f"/digests/{content.week}/", "Another day or hour": "/digests/times/"}
    ways["Get no more digests"] = "/digests/unsubscription/"
    links = {link.get_text(): str(link["href"]) for link in parsed(rendered.html).select("a")}
    for label, path in ways.items():
        assert f"{label}:\n{SITE}{path}" in rendered.text
        assert links[label].startswith(f"{SITE}{path}")


def test_bar_is_said_in_words():
    rendered = render(of(Section("bar", "Coverage", bar=bar(60, 20, 10, 10, 0.0312))), PERSON)
    # 60 of the 90 person-weeks that are not sustaining
    assert "Coverage is 66.7\N{NO-BREAK SPACE}%, 3.1 points more than a week ago." in rendered.text
    said = "100 person-weeks: aligned 60.0 %, exploring 20.0 %, sustaining 10.0 %, orphaned 10.0 %."
    assert said in on_one_line(rendered.text)
    read = spoken(rendered.html)
    assert "66.7 % coverage, 3.1 points more than a week ago" in read
    assert "■ Aligned 60.0 % ■ Exploring 20.0 % ■ Sustaining 10.0 % ■ Orphaned 10.0 % of 100 person-weeks" in read


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (None, "Coverage is 66.7 %. "),
        (0.0, "Coverage is 66.7 %, as a week ago. "),
        (-0.0004, "Coverage is 66.7 %, as a week ago. "),
        (-0.0006, "Coverage is 66.7 %, 0.1 points less than a week ago. "),
    ],
)
def test_change_of_coverage_is_said(change, said):
    text = render(of(Section("bar", "Coverage", bar=bar(60, 20, 10, 10, change))), PERSON).text
    assert said in f"{on_one_line(text)} "


def test_coverage_that_does_not_exist_is_not_said():
    rendered = render(of(Section("bar", "The team’s work", bar=bar(0, 0, 5, 0))), PERSON)
    assert "overage" not in rendered.text + spoken(rendered.html)
    assert "sustaining 100\N{NO-BREAK SPACE}%" in rendered.text


def test_parts_of_a_bar_stand_in_their_order_and_what_is_none_takes_no_room():
    page = render(of(Section("bar", "Coverage", bar=bar(50, 0, 49, 1))), PERSON).html
    cells = [(cell["class"], cell["width"], cell.get_text()) for cell in parsed(page).select("td.fill")]
    assert cells == [
        (["fill", "aligned"], "50%", f"Aligned {percent(0.5)}"),
        (["fill", "sustaining"], "49%", f"Sustaining {percent(0.49)}"),
        (["fill", "orphaned"], "1%", ""),
    ]


def test_bar_without_work_is_not_drawn():
    assert "fill" not in spoken(render(of(Section("bar", "Coverage", bar=bar(0, 0, 0, 0))), PERSON).html)


def test_digest_without_news_says_so():
    rendered = render(digest(), PERSON)
    said = "Nothing that concerns you changed at Northwind Logistics in the last seven days."
    assert said in on_one_line(rendered.text)
    assert said in spoken(rendered.html)


def test_answers_are_for_the_person_and_for_one_purpose():
    tokens = re.findall(rf"{SITE}/digests/replies/([^/]+)/", render(DIGESTS["lead"], PERSON).text)
    assert [read_reply(token) for token in tokens] == [
        ReplyRequest(PERSON, Action.LINK, (301, 7)),
        ReplyRequest(PERSON, Action.EXPLORE, (301,)),
        ReplyRequest(PERSON, Action.SNOOZE, (9,)),
        ReplyRequest(PERSON, Action.CONFIRM, (77,)),
    ]


def test_foot_leads_to_the_page_the_times_and_the_end():
    text = render(DIGESTS["small"], PERSON).text
    assert f"{SITE}/digests/2026-W48/\n" in text
    assert [read_person(token) for token in re.findall(r"/digests/(?:times|unsubscription)/([^/]+)/", text)] == [
        PERSON
    ] * 2
    assert "confirm" not in text  # there is nothing to answer


# The plain text


def test_text_is_narrow_except_for_addresses(content):
    too_wide = [line for line in render(content, PERSON).text.splitlines() if len(line) > 78 and "https://" not in line]
    assert too_wide == []


def test_text_has_no_escapes_and_no_gaps(content):
    text = render(content, PERSON).text
    assert "&amp;" not in text
    assert "&quot;" not in text
    assert "\n\n\n\n" not in text
    assert text.endswith("/\n")


def test_text_reads_like_a_digest():
    line = Line(
        (Span("“Faster refunds”", "/initiatives/refunds/"), Span(" was not confirmed for 13 weeks.")), "Does it hold?"
    )
    text = render(of(Section("flags", "New questions", (line,), more=Span("All 9 questions", "/flags/"))), PERSON).text
    assert text.startswith(
        f"""Hello Ada Lindqvist,

This is how things stand at Northwind Logistics, and what changed in the
last seven days.


For you
=======

New questions
-------------

“Faster refunds” was not confirmed for 13 weeks.
Does it hold?
{SITE}/initiatives/refunds/

All 9 questions:
{SITE}/flags/


--
A figure starts a conversation; it is not a score.
"""
    )


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two three", ["one two", "three"]),
        ("extraordinarily long", ["extraordinarily", "long"]),
        ("1234 5\N{NO-BREAK SPACE}% of 6", ["1234", "5\N{NO-BREAK SPACE}% of", "6"]),
    ],
)
def test_wrapped_ends_lines_at_spaces_only(text, lines):
    assert wrapped(text, 7).split("\n") == lines


# The HTML


def test_titles_are_escaped():
    page = render(odd(), PERSON).html
    assert parsed(page).select("b") == []
    assert ODD in texts_of(page, "a")
    assert f"{SITE}/goals/fish/?a=1&b=2" in links_of(page)


def elements(page: str, selector: str) -> list[Tag]:
    """With those in comments, which Outlook reads."""
    html = parsed(page)
    comments = [parsed(comment) for comment in html.find_all(string=lambda text: isinstance(text, Comment))]
    return [found for each in (html, *comments) for found in each.select(selector)]


def test_page_needs_nothing_from_elsewhere(content):
    page = render(content, PERSON).html
    assert elements(page, "img, link, script, iframe, video, object, svg, form, input, [src], [background]") == []
    assert not re.search(r"url\(|@import|@font-face", page)


def test_tables_are_for_layout_only(content):
    tables = elements(render(content, PERSON).html, "table")
    assert len(tables) >= 3
    assert all(table["role"] == "presentation" for table in tables)


def test_page_tells_its_language_and_schemes():
    page = parsed(render(DIGESTS["small"], PERSON).html)
    assert [html["lang"] for html in page.select("html")] == ["en-GB"]
    assert [meta["content"] for meta in page.select("meta[name=color-scheme]")] == ["light dark"]
    assert texts_of(page, "title") == [subject(DIGESTS["small"])]


@pytest.mark.parametrize(("lines", "length"), [(1, 40), (3, 120), (5, 200), (50, 200)])
def test_no_digest_is_cut_off(lines, length):
    assert len(render(largest(lines, length), PERSON).html.encode()) < GMAIL_CUTS_AT


def test_digest_that_is_too_long_says_where_all_of_it_is():
    rendered = render(largest(), PERSON)
    assert "There is more than a mail has room for." in spoken(rendered.html)
    assert f"There is more than a mail has room for. All of it:\n{SITE}/digests/2026-W48/\n" in rendered.text
    assert "more than a mail" not in render(DIGESTS["everything"], PERSON).text


def test_colours_are_those_of_the_pages():
    tokens = set(re.findall(r"#[0-9a-f]{6}\b", TOKENS.read_text(encoding="utf-8")))
    for path in MAILS.glob("*.html"):
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8"))) <= tokens
    written = TOKENS.read_text(encoding="utf-8")
    assert all(f"--{code}: light-dark({colour}," in written for code, colour in FILLS.items())


def test_styles_are_short_enough_for_gmail():
    """It drops a style element of more than 8,192 characters."""
    styles = parsed(render(largest(), PERSON).html).select("style")
    assert styles
    assert all(len(str(style)) < 8_192 for style in styles)


def test_preview_is_the_other_news():
    page = render(DIGESTS["everything"], PERSON).html
    assert texts_of(page, "div[style^='display:none']") == [
        "Payments: two new questions. “Reliable by default” has a second edition"
    ]


# Subjects


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (of(told("Coverage rose to 77.5\N{NO-BREAK SPACE}%")), "Coverage rose to 77.5 % · week 48"),
        (of(told("this", 1), told("that", 2), told("more", 2)), "that · week 48"),
        (of(told("two new questions"), kind="team", title="Payments"), "Payments: two new questions · week 48"),
        (of(told("Payments covers 60 %"), kind="team", title="Payments"), "Payments covers 60 % · week 48"),
        (of(told("first\nand\tsecond")), "first and second · week 48"),
        (of(told("")), "Your week at Northwind Logistics · week 48"),
        (digest(), "Your week at Northwind Logistics · week 48"),
    ],
)
def test_subject_is_the_greatest_news(content, said):
    assert subject(content) == said


@pytest.mark.parametrize("news", ["word " * 60, "w" * 200, ODD * 5])
def test_subject_is_short_and_on_one_line(news):
    said = subject(of(told(news)))
    assert len(said) <= 90
    assert said.endswith("… · week 48")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ((1,), "One thing waits for you · week 48"),
        ((2, 0, 1), "Three things wait for you · week 48"),
        ((9, 4), "13 things wait for you · week 48"),
    ],
)
def test_what_waits_for_the_reader_stands_before_all_news(asks, said):
    content = of(told("Coverage rose", 90), *(replace(told("More", 5), asks=each) for each in asks))
    assert subject(content) == said
    [preview] = texts_of(render(content, PERSON).html, "div[style^='display:none']")
    assert preview.startswith("Coverage rose")


def test_subject_of_week_one_has_its_number():
    assert subject(replace(digest(), week="2027-W01")) == "Your week at Northwind Logistics · week 1"


# The mail


def sent(content: Content, address: str = "ada@example.com") -> EmailMessage:
    """As it arrives."""
    kept = Digest(person_id=PERSON, week=dt.date(2026, 11, 23))
    mail = message(kept, Person(pk=PERSON, name="Ada", email=address), content, sent_at=SENT_AT)
    wire: Any = mail.message()
    return BytesParser(policy=modern).parsebytes(wire.as_bytes(linesep="\r\n"))


def header(mail: EmailMessage, name: str) -> str:
    """Without the space that a line folded right after the name begins with."""
    return str(mail[name]).strip()


def test_mail_has_the_headers_of_a_list():
    mail = sent(DIGESTS["leader"])
    host = "throughline.some-rather-long-name.example.com"
    assert header(mail, "Message-ID") == f"<digest.2026-W48.{PERSON}@{host}>"
    assert header(mail, "List-Id") == f"The weekly digest of Throughline <weekly-digest.{host}>"
    assert header(mail, "List-Unsubscribe-Post") == "List-Unsubscribe=One-Click"
    assert header(mail, "Auto-Submitted") == "auto-generated"
    assert header(mail, "Date") == "Mon, 23 Nov 2026 08:00:00 +0000"
    assert header(mail, "To") == "ada@example.com"
    assert mail["Precedence"] is None
    for once in ("Message-ID", "Date", "Subject", "From"):
        assert len(mail.get_all(once, [])) == 1


def test_mail_can_be_unsubscribed_from_with_one_click():
    address = re.fullmatch(
        rf"<{SITE}/digests/unsubscription/([^/]+)/>", header(sent(DIGESTS["leader"]), "List-Unsubscribe")
    )
    assert address is not None
    assert read_person(address[1]) == PERSON


def test_mail_of_a_week_has_one_identity(settings):
    assert header(sent(DIGESTS["leader"]), "Message-ID") == header(sent(DIGESTS["member"]), "Message-ID")
    settings.SITE_URL = "http://localhost:8000"
    assert header(sent(DIGESTS["leader"]), "Message-ID") == f"<digest.2026-W48.{PERSON}@localhost>"


def test_mail_arrives_as_it_was_written():
    mail, rendered = sent(odd()), render(odd(), PERSON)
    assert header(mail, "Subject") == rendered.subject
    text, page = mail.iter_parts()
    assert [text.get_content_type(), page.get_content_type()] == ["text/plain", "text/html"]
    unsigned = re.compile(r"(/digests/\w+)/[^/]+:[^/]+/")
    for arrived, written in ((text, rendered.text), (page, rendered.html)):
        content = cast("EmailMessage", arrived).get_content().replace("\r\n", "\n")
        assert unsigned.sub(r"\1", content) == unsigned.sub(r"\1", written)
