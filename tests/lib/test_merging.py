"""Two tabs: only what both changed is a conflict, and what one did not touch stays as the other left it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from lib.forms.inputs import Day, Lines, SomeOf
from lib.forms.pages import MERGED, FormPage, VersionedForm
from lib.services.errors import StaleError
from tests.html import fields_of, form_to, message_of, page_text, parsed, value_of

OPENED: dict[str, Any] = {
    "version": 3, "title": "Faster", "why": "One.\nTwo.", "ends_on": dt.date(2026, 3, 1), "weight": Decimal("2.50"),
    "hidden": True, "kinds": ["a", "b"],
}  # fmt: skip


class Edit(VersionedForm):
    merges = True

    title = forms.CharField()
    why = Lines(required=False)
    ends_on = Day(required=False)
    weight = forms.DecimalField()
    hidden = forms.BooleanField(required=False)
    kinds = forms.MultipleChoiceField(choices=[(kind, kind) for kind in "abc"], widget=SomeOf(), required=False)


class Steps(Edit):
    merges = False


def sent(form: type[Edit] = Edit, **typed: Any) -> Edit:
    """The form as a browser sends it that was opened with OPENED."""
    opened = fields_of(form_to(f"<form>{form(initial=OPENED).as_div()}</form>", ""))
    data = QueryDict(mutable=True)
    for name, value in {**opened, **typed}.items():
        if value is not None:
            data.setlist(name, value if isinstance(value, list) else [value])
    return form(data)


def saving(form: Edit, **meanwhile: Any) -> tuple[FormPage, Any]:
    """The page, and what was saved over what the row is meanwhile."""
    row = OPENED | {"version": 4} | meanwhile
    page = FormPage(title="", form=form, action_label="", cancel_url="")

    def service() -> dict[str, Any]:
        if form.opened_version != row["version"]:
            raise StaleError("", current=row)
        return form.values()

    return page, page.save(service)


def values(**changed: Any) -> dict[str, Any]:
    return {name: value for name, value in (OPENED | changed).items() if name != "version"}


@pytest.mark.parametrize(
    ("typed", "mine", "theirs"),
    [
        ({"title": "Mine"}, {"title": "Mine"}, {"why": "Theirs."}),
        ({"why": "Mine.\r\nToo."}, {"why": "Mine.\nToo."}, {"title": "Theirs", "ends_on": None}),
        ({"hidden": None}, {"hidden": False}, {"kinds": ["c"], "weight": Decimal(3)}),
        ({"kinds": ["c"]}, {"kinds": ["c"]}, {"hidden": False, "ends_on": dt.date(2026, 5, 1)}),
        ({"weight": "4"}, {"weight": Decimal(4)}, {"kinds": []}),
        ({}, {}, {"title": "Theirs"}),
        ({"title": "Same"}, {"title": "Same"}, {"title": "Same"}),
    ],
)
def test_what_only_one_of_two_changed_is_kept(typed: dict[str, Any], mine: Any, theirs: Any) -> None:
    page, saved = saving(sent(**typed), **theirs)

    assert saved == values(**theirs | mine)
    assert page.differences == []


def test_what_both_changed_is_shown_and_the_rest_is_not_put_back() -> None:
    page, saved = saving(sent(title="Mine", why="Mine."), title="Theirs", ends_on=None)
    assert saved is None
    assert [(each.name, each.now, each.yours) for each in page.differences] == [("title", "Theirs", "Mine")]

    again = Edit(page.form.data)
    _page, saved = saving(again, title="Theirs", ends_on=None)

    assert saved == values(title="Mine", why="Mine.", ends_on=None)


def test_second_stale_save_is_compared_with_what_was_on_view() -> None:
    page, _saved = saving(sent(title="Mine"), title="Theirs")

    _page, saved = saving(Edit(page.form.data), version=5, title="Theirs", why="Later.")

    assert saved == values(title="Mine", why="Later.")


def test_form_that_takes_a_step_is_never_saved_over_what_was_not_on_view() -> None:
    page, saved = saving(sent(Steps, title="Mine"), why="Theirs.")

    assert saved is None
    assert page.differences == []
    assert page.form["why"].value() == "Theirs."


def test_form_that_does_not_say_what_it_was_opened_with_shows_all_that_differs() -> None:
    page, saved = saving(sent(opened="", title="Mine"), why="Theirs.")

    assert saved is None
    assert {each.name for each in page.differences} == {"title", "why"}


@pytest.mark.parametrize("opened", ["[]", "{", "7", '{"title": 3}'])
def test_damaged_form_is_a_conflict(opened: str) -> None:
    assert saving(sent(opened=opened, title="Mine"), title="Theirs")[1] is None


@pytest.mark.django_db
def test_two_tabs_save_both(firm: Any, client: Any) -> None:
    client.force_login(firm.leader)
    address = "/goals/growth/edit/"
    first, second = (fields_of(form_to(client.get(address), "")) for _tab in range(2))
    client.post(address, first | {"weight": "3", "because": "It matters more."})

    page = client.post(
        address, second | {"why": "Since they ask.", "meaning_changed": "no", "because": "They said so."}, follow=True
    )

    firm.growth.refresh_from_db()
    assert (firm.growth.weight, firm.growth.why) == (3, "Since they ask.")
    assert MERGED in message_of(parsed(page))


@pytest.mark.django_db
def test_two_tabs_that_change_the_same_show_both(firm: Any, client: Any) -> None:
    client.force_login(firm.leader)
    address = "/goals/growth/edit/"
    first, second = (fields_of(form_to(client.get(address), "")) for _tab in range(2))
    client.post(address, first | {"title": "Grow", "meaning_changed": "no", "weight": "3"})

    response = client.post(address, second | {"title": "Get larger", "meaning_changed": "no"})

    assert "You: changed what a goal says or means." in page_text(response, 409)
    assert value_of(response, "weight") == "3"
    assert value_of(response, "title") == "Get larger"
