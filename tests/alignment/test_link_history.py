"""What each link carried on past days."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from random import Random
from typing import Any

import pgtrigger
import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from alignment.history.links import links_on
from alignment.models import LinkFigures, LinkHistory, Recompute
from alignment.refresh import edits, recompute
from alignment.refresh.waiting import refresh_waiting
from alignment.services import links
from teams.models import LogEntry, Person
from tests.alignment.edits import Editor
from tests.alignment.hilledits import close, unlink
from tests.alignment.hills import TOMORROW, Hills, build_hills
from tests.examples import examples
from tests.factories import DAY

pytestmark = pytest.mark.django_db

EDITS = 24
FIGURES = ("link", "goal", "initiative", "link__state", "amount", "initiative__figures__effort")


@pytest.fixture(scope="module")
def hills(whole_module: None) -> Hills:
    return build_hills()


def rows_since(entry_action: str) -> list[tuple[Any, ...]]:
    cause = LogEntry.objects.filter(action=entry_action).latest("id")
    rows = LinkHistory.objects.filter(cause=cause).order_by("initiative__key", "goal__key")
    return list(rows.values_list("initiative__key", "goal__key", "state", "amount", "as_of"))


def test_first_recompute_writes_what_each_link_carries(hills):
    assert [(row.link_id, row.amount) for row in LinkHistory.objects.order_by("link")] == list(
        LinkFigures.objects.order_by("link").values_list("link", "amount")
    )


def carried() -> list[tuple[Any, ...]]:
    """What is stored of each link now."""
    rows = LinkFigures.objects.order_by("link").values_list(*FIGURES)
    return [(*row, amount, amount / effort) for *row, amount, effort in rows]


def told(on: dt.date) -> list[tuple[Any, ...]]:
    return [(row.link, row.goal, row.initiative, row.state, row.amount, row.share) for row in links_on(on)]


@pytest.mark.parametrize("inline", [edits.INLINE, -1])
def test_link_that_is_removed_leaves_a_row_of_nothing(hills, inline, monkeypatch):
    """At once, and where a worker finds it gone."""
    monkeypatch.setattr(edits, "INLINE", inline)
    before = LinkFigures.objects.get(link=hills.links["climb"])

    unlink(hills)
    refresh_waiting(at=TOMORROW)

    assert rows_since("link.removed") == [("climb", before.goal.key, "claimed", 0, DAY)]
    assert not LinkFigures.objects.filter(link=before.link_id).exists()
    assert before.link_id not in {row.link for row in links_on(DAY)}


def test_endorsement_alone_is_a_row(hills):
    before = LinkFigures.objects.get(link=hills.links["climb"])

    links.endorse_link(hills.links["climb"], note="", **hills.by)

    assert rows_since("link.endorsed") == [
        ("climb", before.goal.key, "endorsed", before.amount, DAY),
    ]


def test_dispute_says_so_in_a_row_of_nothing(hills):
    before = LinkFigures.objects.get(link=hills.links["climb"])

    links.dispute_link(hills.links["climb"], note="It does not.", **hills.by)

    assert rows_since("link.disputed") == [("climb", before.goal.key, "disputed", 0, DAY)]


def test_links_that_count_no_more_leave_rows_of_nothing(hills):
    count = LinkFigures.objects.count()

    close("top")(hills)
    refresh_waiting(at=TOMORROW)

    assert {row[3] for row in rows_since("goal.closed")} == {0}
    assert LinkFigures.objects.count() == count - len(rows_since("goal.closed"))


def test_what_says_the_same_writes_no_row(hills):
    count = LinkHistory.objects.count()

    recompute.recompute_alignment(as_of=DAY, at=TOMORROW)

    assert LinkHistory.objects.count() == count


@pytest.mark.parametrize("inline", [400, -1])
def test_past_days_are_told_as_the_figures_were(hills, inline, monkeypatch):
    """After random edits, on each day on which there were figures, and on those between."""
    monkeypatch.setattr(edits, "INLINE", inline)

    @settings(
        max_examples=examples(2),
        deadline=None,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    @given(seed=st.integers(0, 2**32))
    def edited(seed: int) -> None:
        with transaction.atomic():
            _edit(Random(seed), hills.admin)
            transaction.set_rollback(True)

    edited()


def _edit(random: Random, actor: Person) -> None:
    editor = Editor(random, actor, TOMORROW)
    seen = {DAY: carried()}
    for _ in range(EDITS):
        editor.pass_days() if random.random() < 0.15 else editor.edit()
        refresh_waiting(at=editor.at)
        if latest := Recompute.objects.first():
            seen[latest.as_of] = carried()
    days = sorted(seen)
    for day, until in zip(days, [*days[1:], days[-1] + dt.timedelta(days=2)], strict=True):
        for on in {day, until - dt.timedelta(days=1)}:
            rows = told(on)
            assert [row[:4] for row in rows] == [row[:4] for row in seen[day]]
            assert [row[4:] for row in rows] == [pytest.approx(row[4:], rel=1e-9) for row in seen[day]]


def test_first_rows_are_what_links_carry_at_the_last_recompute(hills):
    """What the migration makes of a company whose links had no history."""
    links.endorse_link(hills.links["climb"], note="", **hills.by)
    right = carried()
    with pgtrigger.ignore():
        LinkHistory.objects.all().delete()
    LinkFigures.objects.update(endorsed=False)

    with connection.cursor() as cursor:
        for step in import_module("alignment.migrations.0010_what_links_carry_now").Migration.operations:
            cursor.execute(step.sql)

    assert told(DAY) == right
    assert {row.cause for row in links_on(DAY)} == {Recompute.objects.latest("id").cause_id}
    assert LinkFigures.objects.filter(endorsed=True).count() == 1
