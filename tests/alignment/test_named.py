"""What entries of the log are about, by name."""

from __future__ import annotations

import pytest

from alignment.selectors.named import named, names_of, with_names
from teams.models import LogEntry
from teams.services.log import record
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", ["goal", "strategy", "initiative", "link", "support"])
def test_names_of_an_entry_are_the_same_read_with_it_and_after_it(kind):
    goal, work = make.GoalFactory(), make.InitiativeFactory()
    subjects = {
        "goal": goal,
        "strategy": goal.strategy,
        "initiative": work,
        "link": make.LinkFactory(initiative=work, goal=goal),
        "support": make.SupportFactory(initiative=work),
    }
    action = {"link": "link.confirmed", "support": "support.delivered"}.get(kind, f"{kind}.edited")
    entry = record(action, actor=None, at=NOW, subject=subjects[kind])
    kept, read = names_of(with_names(LogEntry.objects.all())), named([entry])

    assert kept.goals == ({entry.pk: goal} if kind in {"goal", "link"} else {})
    assert kept.strategies == ({entry.pk: goal.strategy} if kind == "strategy" else {})
    assert kept.work == ({entry.pk: work} if kind in {"initiative", "link", "support"} else {})
    assert (kept.goals, kept.strategies, kept.work) == (read.goals, read.strategies, read.work)
    assert [row.title for row in kept.work.values()] == [row.title for row in read.work.values()]


def test_what_is_gone_has_no_name():
    work = make.InitiativeFactory()
    record("initiative.edited", actor=None, at=NOW, subject=work)
    work.delete()

    assert names_of(with_names(LogEntry.objects.all())).work == {}
