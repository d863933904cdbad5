"""`manage.py deactivate_person EMAIL [--hand-over-to EMAIL]`."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from teams.models import LogEntry
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + dt.timedelta(hours=1)
AT: dict[str, Any] = {"at": LATER}


def now(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def logged(*actions: str) -> list[tuple[str, int | None, int | None]]:
    rows = LogEntry.objects.filter(action__in=actions) if actions else LogEntry.objects.all()
    return list(rows.order_by("id").values_list("action", "actor_id", "subject_id"))


def test_command_ends_access_and_says_who_has_what(admin, mia, bea, capsys):
    goal = make.GoalFactory(owner=mia)

    call_command("deactivate_person", "MIA@example.com", "--hand-over-to", "bea@example.com")

    said = capsys.readouterr().out
    assert said.strip() == "Mia Member is no longer active here. Bea Barnes has 1 goal of theirs now."
    assert (now(mia).is_active, now(goal).owner) == (False, bea)
    assert logged("person.deactivated") == [("person.deactivated", None, mia.pk)]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nobody@example.com"], "nobody here has this e-mail address"),
        (["mia@example.com", "--hand-over-to", "nobody@example.com"], "nobody here has this e-mail address"),
        (["mia@example.com", "--hand-over-to", "gil@example.com"], "no longer active here"),
        (["mia@example.com", "--hand-over-to", "mia@example.com"], "is the one who leaves"),
        (["ada@example.com"], "only administrator"),
    ],
)
def test_command_refuses_in_a_sentence(arguments, said, admin, mia, gone):
    with pytest.raises(CommandError, match=said):
        call_command("deactivate_person", *arguments)

    assert now(mia).is_active
