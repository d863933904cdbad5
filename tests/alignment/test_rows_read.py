"""What pages read of a company with much work: the rows that they show, and not a row for each initiative."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alignment.enums import FlagCode
from alignment.models import Flag, InitiativeFigures
from alignment.selectors.goals import strategy_flags
from alignment.selectors.suggestions import own_work
from alignment.waiting.lists import waiting_for
from teams.enums import TeamRole
from teams.models import Company, Initiative, Person
from tests import factories as make
from tests.factories import DAY, NOW
from tests.firm import Firm
from tests.queries import rows_read

pytestmark = pytest.mark.django_db

MUCH, FEW = 10_000, 500


@pytest.fixture
def much(firm: Firm) -> Firm:
    """Another team's work, each with a flag, as PostgreSQL knows."""
    team = make.TeamFactory()
    numbers = range(MUCH)
    work = Initiative.objects.bulk_create(
        Initiative(key=f"much-{number}", title="Much", team=team, touched_on=DAY) for number in numbers
    )
    figures = {"effort": 2, "aligned": 1, "reasoned": 0, "endorsed": 0, "exploring": 0, "sustaining": 0, "orphaned": 1}
    InitiativeFigures.objects.bulk_create(
        InitiativeFigures(initiative=each, team=team, own_choice=True, unsized=False, **figures) for each in work
    )
    make.MembershipFactory(person=firm.member, team=team, role=TeamRole.LEAD)
    make.MembershipFactory(team=firm.search)
    codes = [FlagCode.ORPHAN, FlagCode.UNSIZED]
    Flag.objects.bulk_create(
        Flag(code=codes[at % len(codes)], initiative=each, first_seen=DAY) for at, each in enumerate(work)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "ANALYZE alignment_flag, alignment_initiativefigures, teams_initiative, strategy_goal, teams_team"
        )
    return firm


READS: dict[str, Callable[[Firm], object]] = {
    "list of a member": lambda firm: waiting_for(
        Person.objects.get(memberships__team=firm.search), Company.objects.get(), as_of=DAY, at=NOW
    ),
    "strategy of a leader": lambda firm: strategy_flags(firm.leader, [firm.growth.pk], each=2, on=DAY),
    "work to link of a lead": lambda firm: own_work(firm.growth, Person.objects.get(pk=firm.member.pk)),
    "strategy of a member": lambda firm: strategy_flags(firm.member, [firm.growth.pk], each=2, on=DAY),
}


def test_rows_that_are_not_shown_are_not_read(much: Firm) -> None:
    read = {}
    for what, reads in READS.items():
        with CaptureQueriesContext(connection) as seen:
            assert reads(much) is not None
        for table in ("alignment_flag", "alignment_initiativefigures", "teams_initiative"):
            read[what, table] = rows_read(seen, table)
    assert {each: rows for each, rows in read.items() if rows > FEW} == {}
