"""Pages of the business context: written, edited, removed and brought back."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from lib.services.errors import RefusedError, StaleError
from strategy.models import ContextPage
from strategy.selectors.context import last_changes, removed_context_page
from strategy.services.context import (
    create_context_page,
    edit_context_page,
    remove_context_page,
    restore_context_page,
)
from teams.models import LogEntry
from tests import factories as make
from tests.exchange.bundles import exported
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def leader():
    return make.LeaderFactory()


@pytest.fixture
def page(leader):
    return create_context_page(
        actor=leader, at=NOW, lens="product", title=" Who buys ", body="Clerks\r\ndo.", owner=leader
    )


def actions() -> list[str]:
    return list(LogEntry.objects.order_by("id").values_list("action", flat=True))


def test_page_is_written_and_logged_with_its_version(page, leader):
    assert (page.key, page.title, page.body, page.owner) == ("who-buys", "Who buys", "Clerks\ndo.", leader)
    entry = LogEntry.objects.get()
    assert (entry.action, entry.actor, entry.subject_id) == ("context_page.created", leader, page.pk)
    assert (entry.changes["key"], entry.changes["title"]) == ([None, "who-buys"], [None, "Who buys"])
    assert entry.row_version == 1


@pytest.mark.parametrize(
    ("values", "field"),
    [({"title": " "}, "title"), ({"lens": "sales"}, "lens"), ({"body": "x" * 50_001}, "body")],
)
def test_page_that_cannot_be_is_told_beside_the_field(values, field, leader):
    row = make.ContextPageFactory()
    with pytest.raises(ValidationError) as created:
        create_context_page(actor=leader, at=NOW, **{"lens": "product", "title": "Who buys", **values})
    with pytest.raises(ValidationError) as edited:
        edit_context_page(row, actor=leader, at=NOW, version=1, **values)

    assert set(created.value.error_dict) == set(edited.value.error_dict) == {field}
    assert actions() == []


def test_edit_logs_what_changed_and_a_stale_one_changes_nothing(page, leader):
    row = edit_context_page(page, actor=leader, at=NOW, version=1, lens="operations", owner=None, title="Who buys")

    assert (row.lens, row.owner, row.version) == ("operations", None, 2)
    entry = LogEntry.objects.latest("id")
    assert entry.changes == {"lens": ["product", "operations"], "owner": [leader.pk, None]}
    assert entry.row_version == 2
    with pytest.raises(StaleError) as stale:
        edit_context_page(page, actor=leader, at=NOW, version=1, title="Mine")
    assert stale.value.current.lens == "operations"
    assert ContextPage.objects.get().title == "Who buys"


def test_edit_that_changes_nothing_logs_nothing(page, leader):
    edit_context_page(page, actor=leader, at=NOW, version=1, title="Who buys", body="Clerks\ndo.")

    assert actions() == ["context_page.created"]


def test_removed_page_comes_back_with_all_it_had(page, leader):
    before = exported()
    with pytest.raises(StaleError):
        remove_context_page(page, actor=leader, at=NOW, version=2)
    entry = remove_context_page(page, actor=leader, at=NOW, version=1)
    assert not ContextPage.objects.exists()

    row = restore_context_page(entry, actor=leader, at=NOW)

    assert (row.pk, row.version) == (page.pk, 2)
    assert exported() == before
    assert actions() == ["context_page.created", "context_page.removed", "context_page.restored"]
    assert removed_context_page(entry.pk) == entry
    assert removed_context_page(LogEntry.objects.latest("id").pk) is None


def test_removal_is_undone_once_and_only_the_last_one(page, leader):
    first = remove_context_page(page, actor=leader, at=NOW, version=1)
    row = restore_context_page(first, actor=leader, at=NOW)
    with pytest.raises(RefusedError):
        restore_context_page(first, actor=leader, at=NOW)
    remove_context_page(row, actor=leader, at=NOW, version=2)

    with pytest.raises(RefusedError):
        restore_context_page(first, actor=leader, at=NOW)
    assert not ContextPage.objects.exists()


def test_page_comes_back_beside_one_that_took_its_key_and_without_an_owner_who_is_gone(leader):
    page = make.ContextPageFactory(key="prices", title="Prices", owner=make.PersonFactory())
    owner = page.owner
    entry = remove_context_page(page, actor=leader, at=NOW, version=1)
    create_context_page(actor=leader, at=NOW, lens="operations", title="Prices")
    owner.delete()

    row = restore_context_page(entry, actor=leader, at=NOW)

    assert (row.key, row.owner) == ("prices-2", None)


def test_last_change_is_the_entry_that_made_the_page_what_it_is(page, leader, django_assert_num_queries):
    imported = make.ContextPageFactory()
    edit_context_page(page, actor=make.LeaderFactory(), at=NOW + dt.timedelta(days=1), version=1, body="Other")
    page.refresh_from_db()
    with django_assert_num_queries(1):
        found = last_changes([page, imported])

    assert found == {page.pk: LogEntry.objects.latest("id")}
    ContextPage.objects.update(body="By an import")
    page.refresh_from_db()
    assert last_changes([page]) == {}
