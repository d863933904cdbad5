"""Pages as a browser reads them: what is read, and what would be sent."""

from __future__ import annotations

import re

import pytest
from django.http import HttpResponse

from tests.html import (
    fields_of,
    form_to,
    forms,
    links_named,
    links_of,
    message_of,
    page_text,
    parsed,
    source_of,
    text_of,
    texts_of,
    undo_of,
    value_of,
)

PAGE = """<!doctype html><title>A &amp; B</title>
<style>p { margin: 0 }</style><script>let no;</script><template><p>not yet</p></template><!-- nor this -->
<div class="messages" role="status"><p>Saved&nbsp;it, <a href="/it/?a=1&amp;b=2" href="/other/"><b>it</b></a>.</p>
<form method="post" action="/it/undo/?version=2&amp;of=it"><button>Undo</button></form></div>
<table><tr><td>ada<wbr>@example.com</td><td>36.8 %</td></tr></table>"""
FORM = """<form>
<input type="hidden" name="version" value="3"><input name="title" value="&quot;A&quot;"><input name="effort">
<input type="checkbox" name="who" value="1" checked><input type="checkbox" name="who" value="2" checked>
<input type="checkbox" name="who" value="3"><input type="checkbox" name="sure" checked><input type="radio" name="none">
<select name="kind"><option value="goal">Goal<option value="explore" selected>Explore</select>
<select name="owner"><option value="">Nobody<option value="1">Ada</select>
<select name="parts" multiple><option>A</select>
<textarea name="why">
Two
lines</textarea><input name="off" disabled><fieldset disabled><input name="off"></fieldset>
<input type="file" name="file"><button name="step" value="save">Save</button></form>"""


def test_text_is_read_on_one_line_and_apart_where_it_stands_apart():
    assert text_of(PAGE) == "A & B Saved it, it. Undo ada@example.com 36.8 %"
    assert text_of(parsed(PAGE).select("td")[1]) == "36.8 %"
    assert texts_of(PAGE, "td") == ["ada@example.com", "36.8 %"]


def test_text_of_a_page_is_read_only_of_the_answer_that_was_expected():
    assert page_text(HttpResponse("<p>Yes", status=422), status=422) == "Yes"
    for read in (page_text, source_of):
        with pytest.raises(AssertionError):
            read(HttpResponse("<p>No", status=422))


def test_source_has_what_is_not_read():
    assert "nor this" in source_of(HttpResponse(PAGE))


def test_message_its_undo_and_the_addresses_are_found():
    assert message_of(PAGE) == "Saved it, it. Undo"
    assert message_of(FORM) == ""
    assert undo_of(PAGE) == "/it/undo/?version=2&of=it"
    assert links_of(PAGE) == links_named(PAGE, "it") == ["/it/?a=1&b=2"]
    assert links_named(PAGE, "Undo") == []


def test_form_is_found_by_where_it_is_sent():
    assert text_of(form_to(PAGE, "/it/undo/?version=2&of=it")) == "Undo"
    assert form_to(FORM, "") == forms(FORM)[0]
    assert form_to(PAGE, re.compile(r"/it/\w+/.*")) == forms(PAGE)[0]
    with pytest.raises(AssertionError):
        form_to(PAGE, "/it/")


def test_value_is_that_of_the_only_form_with_the_field():
    assert (value_of(FORM, "version"), value_of(FORM, "none")) == ("3", None)
    for page, name in ((FORM, "nothing"), (FORM * 2, "version")):
        with pytest.raises(AssertionError):
            value_of(page, name)


def test_fields_are_what_a_browser_would_send():
    assert fields_of(forms(FORM)[0]) == {
        "version": "3",
        "title": '"A"',
        "effort": "",
        "who": ["1", "2"],
        "sure": "on",
        "kind": "explore",
        "owner": "",
        "why": "Two\nlines",
    }
