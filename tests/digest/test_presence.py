"""What digests leave out of teams that are not here yet, and what they say beside the company's figures."""

from __future__ import annotations

import pytest

from alignment.services.links import dispute_link
from digest.registry import Kind
from digest.selectors.standing import no_longer_right, standings
from strategy.models import Goal
from teams.models import Initiative, Team
from teams.services.presence import set_presence
from teams.services.support import ask_support
from tests import factories as make
from tests.digest.reading import LATER, digest, lead_of, member_of, old_firm, part, replies, said, section
from tests.firm import Firm

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return old_firm()


def mark(firm: Firm, team: Team, *, here: bool = False) -> None:
    row = Team.objects.get(pk=team.pk)
    set_presence(row, actor=firm.leader, at=LATER, version=row.version, is_here=here)


def asked(firm: Firm) -> None:
    """Of Search, and of whoever owns its work."""
    work = Initiative.objects.get(key="faster")
    ask_support(firm.work["half"], actor=firm.leader, at=LATER, team=firm.search, ask="Two days.", size="small")
    dispute_link(work.links.order_by("id")[0], actor=firm.leader, at=LATER, note="It does not.", version=1)


def names(person, kind):
    person.digests_always = True
    found = part(digest(person), kind)
    return [each.name for each in found.sections] if found else None


def test_lead_of_a_team_that_is_not_here_has_no_part_about_it(firm):
    lead = lead_of(firm.search)
    assert "new_flags" in (names(lead, Kind.TEAM) or []) or "old_flags" in (names(lead, Kind.TEAM) or [])

    mark(firm, firm.product)

    assert names(lead, Kind.TEAM) is None
    assert names(lead, Kind.OWN) is None


def test_lead_of_two_teams_has_the_part_about_the_one_that_is_here(firm):
    lead = lead_of(firm.search)
    make.MembershipFactory(team=firm.ops, person=lead, role="lead")

    mark(firm, firm.search)

    lead.digests_always = True
    assert [part.title for part in digest(lead).parts] == ["Ops"]


def test_nothing_is_asked_of_members_of_a_team_that_is_not_here(firm):
    member = member_of(firm.search)
    asked(firm)
    Initiative.objects.filter(key__in=["faster", "lost"]).update(owner=member)
    Goal.objects.filter(pk=firm.retention.pk).update(owner=member)
    before = names(member, Kind.OWN) or []
    assert {"own_work", "waiting"} <= {*before}

    mark(firm, firm.search)

    assert {*(names(member, Kind.OWN) or [])} <= {"published", "ending"}
    assert all(not reply for each in ("published", "ending") for reply in replies(section(member, Kind.OWN, each)))


def test_member_of_two_teams_is_told_of_the_work_of_the_one_that_is_here(firm):
    member = member_of(firm.search)
    make.MembershipFactory(team=firm.product, person=member)
    Initiative.objects.filter(key__in=["lost", "half"]).update(owner=member)
    assert len(said(section(member, Kind.OWN, "own_work"))) == 2

    mark(firm, firm.search)

    [(line, _detail)] = said(section(member, Kind.OWN, "own_work"))
    assert line.startswith("“Half”")


def test_leaders_are_told_who_is_here_beside_figures_and_findings(firm):
    make.GoalFactory(strategy=firm.strategy, title="Nobody")
    for name in ("coverage", "uncovered"):
        assert ("3 of 4 teams are here.", "") not in said(section(firm.leader, Kind.COMPANY, name))

    mark(firm, firm.quiet)

    assert said(section(firm.leader, Kind.COMPANY, "coverage"))[0] == ("3 of 4 teams are here.", "")


def test_unanswered_asks_of_a_team_that_is_not_here_are_not_told(firm):
    Team.objects.filter(pk=firm.search.pk).update(stance="spotlight")
    ask_support(firm.work["faster"], actor=firm.leader, at=LATER, team=firm.ops, ask="Two days.", size="small")
    assert said(section(firm.leader, Kind.COMPANY, "spotlight"))

    mark(firm, firm.product)

    assert said(section(firm.leader, Kind.COMPANY, "spotlight")) == []


def test_digest_that_waits_is_written_anew_once_a_team_above_comes_or_goes(firm):
    waits = make.DigestFactory(person=member_of(firm.search))
    waits.standing = standings([waits])[waits.pk]
    assert no_longer_right([waits]) == []

    mark(firm, firm.product)

    assert no_longer_right([waits]) == [waits]
    mark(firm, firm.product, here=True)
    assert no_longer_right([waits]) == []
