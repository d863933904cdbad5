"""A weekly digest on a page says what the mail says."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string

from digest.rendering import subject
from digest.replies import Action, ReplyRequest, read_reply
from teams.models import Person
from tests.digest.digests import DIGESTS, ODD, odd, on_one_line, sections, spoken
from tests.html import links_of, parsed, text_of, texts_of
from web.digests.drawing import digest_view

CONTENTS = {**DIGESTS, "odd": odd()}


def page(name: str) -> str:
    return render_to_string("digests/_digest.html", {"digest": digest_view(CONTENTS[name], Person(pk=7))})


@pytest.mark.parametrize("name", CONTENTS)
def test_page_says_everything(name):
    said = spoken(page(name))
    for section in sections(CONTENTS[name]):
        assert on_one_line(section.title) in said
        for line in section.lines:
            assert on_one_line(line.text) in said
            assert on_one_line(line.detail) in said


def test_page_leads_to_pages_of_its_own_site():
    addresses = links_of(page("everything"))
    assert "/goals/returns/" in addresses
    assert all(address.startswith("/") for address in addresses)


def test_answers_on_the_page_are_signed_for_its_reader():
    (token,) = re.findall(r"^/digests/replies/([^/]+)/$", "\n".join(links_of(page("leader"))), re.MULTILINE)
    assert read_reply(token) == ReplyRequest(7, Action.ENDORSE, (41,))


def test_page_escapes_titles():
    assert parsed(page("odd")).select("b") == []
    assert ODD in texts_of(page("odd"), "a")


def test_draft_has_the_subject_that_the_mail_would_have():
    content = CONTENTS["everything"]
    drawn = render_to_string(
        "digests/_digest_draft.html", {"digest": digest_view(content, Person(pk=7)), "says_something": True}
    )

    assert f"Subject: {subject(content)}" in text_of(drawn)
    assert subject(content) in texts_of(drawn, "strong")
