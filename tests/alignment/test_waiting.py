"""What edits leave to a worker, and how it is worked off."""

from __future__ import annotations

import datetime as dt
import threading
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse

from alignment.enums import Stale
from alignment.models import CompanyWeek, Dirty, InitiativeHistory, Recompute
from alignment.refresh import edits, nightly, reading, waiting
from alignment.refresh.figures import store_counts
from alignment.refresh.nightly import recompute_when_stale
from alignment.refresh.waiting import refresh_waiting
from alignment.refresh.weeks import snapshot_when_due
from alignment.selectors.company import company_now
from strategy.enums import GoalStatus
from strategy.services.goals import close_goal, reopen_goal
from teams.models import Initiative, LogEntry
from teams.services.initiatives import edit_initiative
from tests.alignment.stored import assert_no_drift, stored
from tests.factories import DAY, NOW
from tests.firm import Firm, build_firm
from tests.html import text_of


class Killed(BaseException):
    """What no code of ours expects."""


@pytest.fixture
def firm(db: None, monkeypatch: pytest.MonkeyPatch) -> Firm:
    """Edits of it leave everything to a worker."""
    firm = build_firm()
    monkeypatch.setattr(edits, "INLINE", -1)
    return firm


def size(firm: Firm, key: str, effort: int) -> LogEntry:
    """One edit; returns what it left in the log."""
    row = Initiative.objects.get(key=key)
    edit_initiative(row, actor=firm.leader, at=NOW, version=row.version, effort=Decimal(effort))
    return LogEntry.objects.latest("id")


def history_since(entry: LogEntry) -> list[tuple[str, float, int]]:
    rows = InitiativeHistory.objects.filter(cause__gte=entry).order_by("initiative__key")
    return list(rows.values_list("initiative__key", "effort", "cause"))


def test_an_edit_of_much_leaves_the_figures_to_a_worker(firm):
    before = stored()

    entry = size(firm, "half", 9)

    assert list(Dirty.objects.values_list("what", "of", "cause")) == [("initiative", firm.work["half"].pk, entry.pk)]
    assert stored() == before
    assert refresh_waiting(at=NOW) >= 1
    assert history_since(entry) == [("half", 9.0, entry.pk)]
    assert_no_drift()


def test_fifty_quick_edits_make_one_pass(firm, monkeypatch):
    passes = []
    count = edits.refresh_scope

    def counted(scope, cause):
        passes.append(cause)
        return count(scope, cause)

    monkeypatch.setattr(waiting, "refresh_scope", counted)

    entries = [size(firm, "half", effort) for effort in range(10, 60)]

    assert Dirty.objects.count() == 50
    assert refresh_waiting(at=NOW) >= 50
    assert passes == [entries[0].pk]
    assert history_since(entries[0]) == [("half", 59.0, entries[0].pk)]
    assert Recompute.objects.count() == 1
    assert not Dirty.objects.exists()
    assert_no_drift()


def test_each_row_of_history_names_the_edit_that_left_it(firm):
    half, lost = size(firm, "half", 9), size(firm, "lost", 8)
    again = size(firm, "half", 7)

    refresh_waiting(at=NOW)

    assert history_since(half) == [("half", 7.0, half.pk), ("lost", 8.0, lost.pk)]
    assert not InitiativeHistory.objects.filter(cause=again).exists()


def test_what_waits_for_everything_is_one_full_recompute(firm):
    size(firm, "half", 9)
    cause = size(firm, "lost", 8)
    Dirty.objects.create(what=Stale.COMPANY, cause=cause)

    assert refresh_waiting(at=NOW) == 3

    latest = Recompute.objects.latest("id")
    assert (latest.cause, latest.as_of) == (cause, DAY)
    assert Recompute.objects.count() == 2
    assert not Dirty.objects.exists()
    assert_no_drift()


def test_from_so_much_on_everything_is_computed_at_once(firm, monkeypatch):
    monkeypatch.setattr(waiting, "WHOLE", 0)
    first = size(firm, "half", 9)
    size(firm, "lost", 8)

    assert refresh_waiting(at=NOW) == 2

    assert Recompute.objects.first().cause == first
    assert not Dirty.objects.exists()
    assert_no_drift()


def test_nothing_waits_and_nothing_happens(firm):
    assert refresh_waiting(at=NOW) == 0
    assert Recompute.objects.count() == 1


@pytest.mark.parametrize("step", ["refresh_scope", "recompute_again", "store_counts"])
def test_a_pass_that_is_killed_leaves_what_waited(firm, step, monkeypatch):
    entry = size(firm, "half", 9)
    if step != "refresh_scope":
        what = Stale.COMPANY if step == "recompute_again" else Stale.COUNTS
        Dirty.objects.all().update(what=what, of=None if step == "recompute_again" else firm.growth.pk)
    before = stored()

    def killed(*given, **named):
        do(*given, **named)
        raise Killed

    do = getattr(waiting, step)
    monkeypatch.setattr(waiting, step, killed)
    with pytest.raises(Killed):
        refresh_waiting(at=NOW)

    assert Dirty.objects.get().cause == entry
    assert stored() == before
    monkeypatch.setattr(waiting, step, do)
    refresh_waiting(at=NOW)
    assert not Dirty.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_leave_nothing_and_nothing_twice(firm, monkeypatch):
    monkeypatch.setattr(edits, "notify_worker", lambda: None)
    monkeypatch.setattr(reading, "SMALL_TREE", -1)
    entries = {key: size(firm, key, 20) for key in ("half", "lost", "faster", "hush", "keep", "look", "loose")}
    close_goal(firm.growth, actor=firm.leader, at=NOW, version=1, status=GoalStatus.MISSED, reason="No time.")
    reopen_goal(firm.growth, actor=firm.leader, at=NOW)
    together, done = threading.Barrier(2), []

    def work() -> None:
        together.wait(10)
        done.append(refresh_waiting(at=NOW))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(done) == 2
    assert sum(done) >= 9
    assert not Dirty.objects.exists()
    rows = history_since(entries["half"])
    assert sorted(rows) == sorted((key, 20.0, entry.pk) for key, entry in entries.items())
    assert_no_drift()


@pytest.mark.django_db(transaction=True)
def test_counts_of_a_small_tree_are_not_taken_back_by_a_worker_that_counted_before(firm, monkeypatch):
    """While a worker counts the contributors of large trees, an edit counts those of a small one itself."""
    monkeypatch.setattr(edits, "notify_worker", lambda: None)
    monkeypatch.setattr(edits, "INLINE", 400)
    store = store_counts

    def edited_meanwhile(alignment):
        editor = threading.Thread(target=unsize)
        editor.start()
        editor.join(30)
        return store(alignment)

    def unsize() -> None:
        row = Initiative.objects.get(key="half")
        edit_initiative(row, actor=firm.leader, at=NOW, version=row.version, effort=None)
        connection.close()

    monkeypatch.setattr(waiting, "store_counts", edited_meanwhile)
    Dirty.objects.create(what=Stale.COUNTS, of=firm.growth.pk, cause=LogEntry.objects.latest("id"))
    refresh_waiting(at=NOW)
    monkeypatch.setattr(waiting, "store_counts", store)
    refresh_waiting(at=NOW)

    assert not Dirty.objects.exists()
    assert_no_drift()


def test_a_new_day_is_computed_and_its_week_kept_together_or_not_at_all(firm, monkeypatch):
    def killed(**_given):
        raise Killed

    keep = snapshot_when_due
    monkeypatch.setattr(nightly, "snapshot_when_due", killed)
    tomorrow = NOW + dt.timedelta(days=1)
    with pytest.raises(Killed):
        recompute_when_stale(at=tomorrow)

    assert company_now().as_of == DAY
    monkeypatch.setattr(nightly, "snapshot_when_due", keep)
    assert recompute_when_stale(at=tomorrow) is True
    assert CompanyWeek.objects.count() == 1


@pytest.mark.parametrize(("what", "updating"), [(what, what not in {Stale.COUNTS, Stale.FIT}) for what in Stale])
def test_the_company_is_updating_while_figures_wait(firm, what, updating):
    assert company_now().updating is False
    Dirty.objects.create(what=what, of=1, cause=LogEntry.objects.latest("id"))
    assert company_now().updating is updating


PAGES = {
    "home": (),
    "flag_list": (),
    "team_list": (),
    "team_detail": ("search",),
    "initiative_list": (),
    "initiative_detail": ("half",),
    "strategy_list": (),
    "strategy_detail": ("plan",),
    "goal_detail": ("growth",),
}


@pytest.mark.parametrize("page", PAGES)
def test_pages_with_figures_say_that_they_are_being_updated(firm, client, page):
    client.force_login(firm.leader)
    address = reverse(page, args=PAGES[page])
    assert "being updated" not in text_of(client.get(address))

    size(firm, "half", 9)
    assert "being updated" in text_of(client.get(address))

    refresh_waiting(at=NOW)
    assert "being updated" not in text_of(client.get(address))
