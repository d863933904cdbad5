"""Pages with one form: what stands above it, what a save that does not go through shows, and what a click says."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.test import RequestFactory

from lib.forms.inputs import Day, Lines
from lib.forms.pages import (
    MEANWHILE,
    NOT_UNDONE,
    NOTHING,
    STALE,
    Difference,
    FormPage,
    Success,
    UnseenError,
    VersionedForm,
    add_errors,
    attempt,
    click,
    done,
    edited,
    posted,
    seen_version,
    shown,
    undo,
)
from lib.services.errors import RefusedError, StaleError
from teams.models import Team
from tests.html import links_named, parsed, text_of, texts_of


class Form(forms.Form):
    name = forms.CharField(label="Name")
    kind = forms.ChoiceField(label="What is it?", choices=[("a", "A")], widget=forms.RadioSelect)
    note = forms.CharField(label="Note", required=False)


class Edit(VersionedForm):
    name = forms.CharField(label="Name", max_length=20)
    kind = forms.ChoiceField(label="Kind", choices=[("", "–"), ("Group", [("a", "The first"), ("b", "The second")])])
    note = Lines(label="Note", required=False)


TYPED = {"version": "3", "name": "Ours", "kind": "a", "note": "one\r\ntwo"}


def page(form: forms.Form) -> FormPage:
    return FormPage(title="New thing", form=form, action_label="Save", cancel_url="/")


def edit(**typed: str) -> FormPage:
    data = QueryDict(mutable=True)
    data.update(TYPED | typed)
    return page(Edit(data))


def raising(error: Exception) -> Any:
    def service() -> None:
        raise error

    return service


def request(method: str = "get", **data: str) -> HttpRequest:
    """Of a page that needs no signing in, so that its form has no token."""
    made: HttpRequest = getattr(RequestFactory(), method)("/", data)
    made.resolver_match = SimpleNamespace(func=login_not_required(lambda _request: HttpResponse()))  # type: ignore[assignment]
    made.session = {}  # type: ignore[assignment]
    made._messages = FallbackStorage(made)  # type: ignore[attr-defined]
    return made


def said(asked: HttpRequest) -> list[tuple[str, str, str]]:
    return [(message.level_tag, str(message), message.extra_tags) for message in get_messages(asked)]


def test_fields_with_something_wrong_are_told_in_their_order() -> None:
    assert page(Form({"note": "Kept"})).wrong == [("Name", "id_name"), ("What is it?", "id_kind")]
    assert page(Form({"name": "Ours", "kind": "a"})).wrong == []
    assert page(Form()).wrong == []


def test_wrong_fields_are_linked_above_the_form_and_told_in_the_title() -> None:
    html = parsed(page(Form({"name": "Ours"})).response(RequestFactory().get("/")))
    [title] = texts_of(html, "title")
    [alert] = html.select("[role=alert]")

    assert title.startswith("Not saved: New thing")
    assert links_named(alert, "What is it?") == ["#id_kind"]
    assert len(html.select("#id_kind")) == 1
    assert alert.find_next("form") is not None
    assert alert.find_previous("form") is None


def test_form_that_is_only_opened_says_nothing_of_errors() -> None:
    html = parsed(page(Form()).response(RequestFactory().get("/")))
    [title] = texts_of(html, "title")

    assert title.startswith("New thing")
    assert html.select("[role=alert]") == []


def test_status_says_whether_it_was_wrong_or_stale() -> None:
    asked = RequestFactory().get("/")
    assert page(Form()).response(asked).status_code == 200
    assert page(Form({"name": "Ours", "kind": "a"})).response(asked).status_code == 200
    assert page(Form({"name": "Ours"})).response(asked).status_code == 422
    stale = edit()
    assert stale.save(raising(StaleError("", current={"version": 4, "name": "Theirs"}))) is None
    assert stale.response(asked).status_code == 409
    assert stale.response(asked, status=200).status_code == 200


def test_focused_page_opens_in_its_first_field_until_something_was_sent() -> None:
    opened = page(Form())
    opened.focused = True
    assert "autofocus" in opened.response(RequestFactory().get("/")).content.decode()


def test_keyboard_begins_in_the_first_field_that_is_wrong() -> None:
    """Of radio buttons in the first one."""
    html = parsed(page(Form({"name": "Ours", "kind": "x"})).response(RequestFactory().post("/")))
    [focused] = html.select("[autofocus]")
    assert (focused["name"], focused["value"]) == ("kind", "a")
    html = parsed(page(Form({"note": "Kept"})).response(RequestFactory().post("/")))
    [focused] = html.select("[autofocus]")
    assert focused["name"] == "name"
    assert focused["aria-invalid"] == "true"
    assert text_of(str(html.find(id=str(focused["aria-describedby"]).split()[-1]))) == "This field is required."


def test_keyboard_begins_in_the_first_field_that_somebody_else_changed_too() -> None:
    stale = edit()
    stale.save(raising(StaleError("", current={"version": 4, "name": "Ours", "kind": "b"})))
    [focused] = parsed(stale.response(RequestFactory().post("/"))).select("[autofocus]")
    assert focused["name"] == "kind"


def test_form_is_bound_by_a_post_alone() -> None:
    assert posted(request("get", name="a")) is None
    assert posted(request("post", name="a")) == QueryDict("name=a")
    assert posted(request("post")) is not None


def test_save_returns_what_the_service_does_and_asks_none_for_a_wrong_form() -> None:
    assert edit().save(lambda: 7) == 7
    wrong = edit(name="")
    assert wrong.save(raising(ZeroDivisionError())) is None
    assert wrong.form.errors == {"name": ["This field is required."]}


def test_version_is_no_value_and_has_to_be_one() -> None:
    good = edit().form
    assert good.is_valid()
    assert isinstance(good, Edit)
    assert good.opened_version == 3
    assert good.values() == {"name": "Ours", "kind": "a", "note": "one\ntwo"}
    for version in ("", "0", "x"):
        assert not edit(version=version).form.is_valid()


def test_refusal_is_above_the_form_and_an_error_beside_its_field() -> None:
    refused = edit()
    assert refused.save(raising(RefusedError("It may not be."))) is None
    assert refused.form.errors == {NON_FIELD_ERRORS: ["It may not be."]}
    wrong = edit()
    errors = {"name": ["Too dull."], "team": ["No such team."], NON_FIELD_ERRORS: ["Altogether."]}
    assert wrong.save(raising(ValidationError(errors))) is None
    assert wrong.form.errors == {"name": ["Too dull."], NON_FIELD_ERRORS: ["No such team.", "Altogether."]}
    plain = edit()
    plain.form.is_valid()
    add_errors(plain.form, ValidationError(["One.", "Two."]))
    assert plain.form.errors == {NON_FIELD_ERRORS: ["One.", "Two."]}


def test_stale_save_shows_both_texts_where_they_differ_and_the_next_one_goes_through() -> None:
    stale = edit()
    now = {"version": 5, "name": "Theirs", "kind": "b", "note": "one\ntwo", "other": "x"}
    assert stale.save(raising(StaleError("", current=now))) is None
    assert stale.differences == [
        Difference("Name", "Theirs", "Ours"),
        Difference("Kind", "The second", "The first"),
    ]
    assert stale.form.errors[NON_FIELD_ERRORS] == [STALE]
    assert stale.form.data["version"] == "5"
    assert stale.form["name"].value() == "Ours"
    again = Edit(stale.form.data)
    assert again.is_valid()
    assert again.opened_version == 5


def test_stale_row_is_compared_by_its_fields() -> None:
    stale = edit()
    stale.save(raising(StaleError("", current=Team(version=4, name="Theirs"))))
    assert stale.differences == [Difference("Name", "Theirs", "Ours")]
    assert stale.form.data["version"] == "4"


def test_stale_row_is_compared_by_the_values_that_the_page_makes_of_it() -> None:
    stale, error = edit(), raising(StaleError("", current=Team(version=4, name="Theirs")))
    assert stale.save(error, current=lambda team: {"version": team.version, "name": team.name.upper()}) is None
    assert stale.differences == [Difference("Name", "THEIRS", "Ours")]


def saved(name: str) -> Success:
    return Success(f"{name} is saved.", "/things/", undo="/undo/7/")


def handled(asked: HttpRequest, form: forms.Form, **options: Any) -> tuple[HttpResponse, list[str]]:
    """The answer, and what the page was asked for, in its order."""
    calls: list[str] = []

    def service() -> str:
        calls.append("save")
        return str(form.cleaned_data["name"])

    handles = page(form).handle
    options = {"save": service, "done": saved, "prepare": lambda: calls.append("prepare")} | options
    return handles(asked, **options), calls


def test_page_that_is_opened_saves_nothing() -> None:
    answer, calls = handled(request("get", name="Ours", kind="a"), Form())
    assert (answer.status_code, calls) == (200, ["prepare"])


def test_save_that_goes_through_leads_on_with_a_message_and_prepares_no_page() -> None:
    asked = request("post", name="Ours", kind="a")
    answer, calls = handled(asked, Form(posted(asked)))
    assert (answer.status_code, answer["Location"], calls) == (302, "/things/", ["save"])
    assert said(asked) == [("success", "Ours is saved.", "undo /undo/7/")]


def test_form_with_something_wrong_is_shown_and_its_service_left_alone() -> None:
    asked = request("post", name="")
    answer, calls = handled(asked, Form(posted(asked)))
    assert (answer.status_code, calls, said(asked)) == (422, ["prepare"], [])


def test_form_that_is_sent_to_find_something_is_shown_without_a_save() -> None:
    asked = request("post", name="Ours", kind="a")
    answer, calls = handled(asked, Form(posted(asked)), searching=True)
    assert (answer.status_code, calls, said(asked)) == (200, ["prepare"], [])


def test_what_is_missing_yet_is_no_error_while_one_looks_for_something() -> None:
    asked = request("post", name="", kind="a", find="more")
    answer, calls = handled(asked, Form(posted(asked)), searching=True)
    assert (answer.status_code, calls) == (200, ["prepare"])
    assert "Nothing was saved yet" not in parsed(answer).get_text()


def test_stale_save_is_a_conflict_that_shows_both_texts() -> None:
    asked, now = request("post", **TYPED), {"version": 4, "title": "Theirs"}
    answer, _calls = handled(
        asked,
        Edit(posted(asked)),
        save=raising(StaleError("", current=now)),
        current=lambda row: {"version": row["version"], "name": row["title"]},
    )
    assert answer.status_code == 409
    assert "Theirs" in parsed(answer).get_text()
    assert said(asked) == []


class Shown(forms.Form):
    flag = forms.BooleanField()
    day = Day()
    size = forms.DecimalField()
    team = forms.ModelChoiceField(Team.objects.none())
    kinds = forms.MultipleChoiceField(choices=[("a", " An A "), ("b", "A B")])


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("flag", True, "Yes"), ("flag", False, "No"), ("flag", None, ""),
        ("day", dt.date(2026, 3, 1), "1 March 2026"), ("day", None, ""),
        ("size", Decimal("2.50"), "2.5"), ("size", 0, "0"),
        ("kinds", ["b", "a"], "A B, An A"), ("kinds", "a", "An A"), ("kinds", "c", "c"), ("kinds", set(), ""),
    ],
)  # fmt: skip
def test_value_is_shown_as_people_read_it(name: str, value: Any, text: str) -> None:
    assert shown(Shown(), name, value) == text


@pytest.mark.django_db
def test_row_is_shown_by_its_name() -> None:
    assert shown(Shown(), "team", Team(pk=7, name="Search")) == "Search"


@pytest.mark.parametrize(("query", "version"), [("version=3", 3), ("version=0", 0), ("version=999999999", 999_999_999)])
def test_click_carries_its_version(query: str, version: int) -> None:
    assert seen_version(RequestFactory().post("/", dict([query.split("=")]))) == version
    assert seen_version(RequestFactory().post(f"/?{query}")) == version


@pytest.mark.parametrize("version", ["", "-1", "1.5", "٣", "x", "1" * 19])
def test_click_without_the_version_it_was_drawn_with_is_refused(version: str) -> None:
    for asked in (RequestFactory().post("/", {"version": version}), RequestFactory().post("/")):
        with pytest.raises(UnseenError):
            seen_version(asked)


def test_click_that_does_nothing_says_why() -> None:
    asked = request("post")
    assert attempt(asked, lambda: 7) == 7
    for error in (
        StaleError("x", current=None),
        RefusedError("It may not be."),
        ValidationError(["One.", "Two."]),
    ):
        assert attempt(asked, raising(error)) is None
    assert said(asked) == [("warning", text, "") for text in (MEANWHILE, "It may not be.", "One. Two.")]


def test_click_leads_to_what_was_done_or_back_with_the_reason() -> None:
    asked = request("post")
    answers = [
        click(asked, lambda: "Ours", "/back/", done=saved),
        click(asked, lambda: "Ours", "/back/", done="It is saved."),
        click(asked, raising(RefusedError("It may not be.")), "/back/", done=saved),
    ]
    assert [answer.status_code for answer in answers] == [302] * 3
    assert [answer["Location"] for answer in answers] == ["/things/", "/back/", "/back/"]
    assert said(asked) == [
        ("success", "Ours is saved.", "undo /undo/7/"),
        ("success", "It is saved.", ""),
        ("warning", "It may not be.", ""),
    ]


def test_edit_that_changed_nothing_has_nothing_to_undo() -> None:
    before = Team(version=4)
    assert edited(before, Team(version=4), "Saved.", "/team/", undo="/undo/") == Success(NOTHING, "/team/")
    assert edited(before, Team(version=5), "Saved.", "/team/", undo="/undo/") == Success(
        "Saved.", "/team/", undo="/undo/?version=5"
    )


def test_what_was_done_can_be_undone_from_its_message() -> None:
    asked = request("post")
    done(asked, "Closed.", undo="/undo/7/")
    done(asked, "Saved.")
    answers = [
        undo(asked, lambda: True, "/thing/"),
        undo(asked, lambda: True, "/thing/", "As it was."),
        undo(asked, raising(StaleError("x", current=None)), "/thing/"),
    ]
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, "/thing/")] * 3
    assert said(asked) == [
        ("success", "Closed.", "undo /undo/7/"),
        ("success", "Saved.", ""),
        ("success", "Undone.", ""),
        ("success", "As it was.", ""),
        ("warning", NOT_UNDONE, ""),
    ]
