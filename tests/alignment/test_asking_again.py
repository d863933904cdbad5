"""Before what a goal means changes, it is said who will be asked to confirm their links."""

from __future__ import annotations

import pytest

from alignment.effects import Effect, editing
from alignment.models import Link
from teams.enums import TeamRole
from teams.models import Initiative
from tests import factories as make
from tests.factories import DAY

pytestmark = pytest.mark.django_db


def asked(firm, reader, **values) -> Effect:
    return editing(firm.growth, {"why": "For others.", **values}, reader=reader, on=DAY)


def test_work_teams_and_people_are_counted_and_named_as_far_as_one_sees(firm):
    """Growth has one link, retention below it two; both of its initiatives' teams have a lead, one an owner."""
    lead = make.PersonFactory()
    make.MembershipFactory(team=firm.search, person=lead, role=TeamRole.LEAD)
    make.MembershipFactory(team=firm.search, person=make.PersonFactory(is_active=False), role=TeamRole.LEAD)
    Initiative.objects.filter(key="half").update(owner=firm.member)
    Initiative.objects.filter(key="faster").update(owner=lead)
    secret = make.GoalFactory(parent=firm.growth, visibility="leaders")
    Link.objects.filter(initiative=firm.work["half"]).update(goal=secret)

    assert asked(firm, firm.leader, meaning_changed=False).asked.links == 0
    found = asked(firm, firm.leader, meaning_changed=True).asked
    assert found.sentence == "3 links of 2 teams are to be confirmed again: 2 people may answer."
    assert found.teams == {"Product": 1, "Search": 2}
    assert [(work.key, work.team) for work in found.work] == [("half", "Product"), ("faster", "Search")]
    assert found.others == 0

    seen = asked(firm, firm.member, meaning_changed=True).asked
    assert (seen.links, [work.key for work in seen.work], seen.others) == (3, ["faster"], 1)


def test_nobody_is_asked_twice(firm):
    """Who is asked already is not counted."""
    type(firm.growth).objects.filter(pk=firm.growth.pk).update(meaning_changed_on=DAY)
    Link.objects.update(confirmed_on="2026-01-01", confirmed_at=None)
    assert asked(firm, firm.leader, meaning_changed=True).asked.links == 0
