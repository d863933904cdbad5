"""Changes of stances: their reason, and who is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from digest import registry
from digest.registry import Batch, Kind
from teams.enums import Stance, SupportStatus
from teams.models import Person, Team
from teams.services.stance import SAY_WHY, set_stance
from tests import factories as make
from tests.digest.reading import AT, LATER, SINCE, lead_of, old_firm
from tests.firm import Firm
from tests.html import page_text, texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm() -> Firm:
    return old_firm()


def set_to(team: Team, stance: str, actor: Person, *, reason: str = "The year is over.") -> None:
    team.refresh_from_db()
    set_stance(team, actor=actor, at=LATER, version=team.version, stance=stance, reason=reason, until=None)


def said(kind: Kind, name: str, person: Person, team: Team | None = None) -> list[str]:
    batch = Batch([person], since=SINCE, at=AT)
    [found] = [each for each in registry.sections(kind) if each.name == name]
    says = found.reads(batch)
    batch.read_last()
    section = says(batch.recipients[0], team)
    return [f"{line.text} {line.detail}".strip() for line in section.lines] if section else []


def test_another_stance_needs_a_reason_and_the_same_one_does_not(firm):
    with pytest.raises(ValidationError) as refused:
        set_to(firm.search, Stance.SPOTLIGHT, firm.leader, reason=" ")
    assert refused.value.message_dict == {"reason": [SAY_WHY]}
    set_to(firm.search, firm.search.stance, firm.leader, reason="")


def test_leaders_are_told_once_what_a_stance_is_now(firm, time_machine):
    time_machine.move_to(AT, tick=False)
    assert said(Kind.COMPANY, "stances", firm.leader) == []
    set_to(firm.search, Stance.SPOTLIGHT, firm.leader, reason="For a while.")
    set_to(firm.search, Stance.EXPLORE, firm.leader, reason="Find what is next.")
    line = "Search is free to explore now; it was core before."
    assert said(Kind.COMPANY, "stances", firm.leader) == [f"{line} “Find what is next.”"]
    assert line in page_text(signed_in(firm.leader).get("/"))
    set_to(firm.search, Stance.CORE, firm.leader, reason="It is as before.")
    assert said(Kind.COMPANY, "stances", firm.leader) == []


def test_whoever_counted_on_a_team_reads_that_it_left_the_spotlight(firm):
    Team.objects.filter(pk=firm.search.pk).update(stance=Stance.SPOTLIGHT)
    own, others = firm.work["faster"], make.InitiativeFactory(title="Ours", team=firm.ops)
    make.SupportFactory(initiative=own, team=firm.product, status=SupportStatus.PLEDGED)
    make.SupportFactory(initiative=others, team=firm.search, status=SupportStatus.ASKED)
    make.SupportFactory(initiative=own, team=firm.quiet, status=SupportStatus.DECLINED)
    set_to(firm.search, Stance.CORE, firm.leader)

    def told(team: Team) -> Any:
        return said(Kind.TEAM, "left_spotlight", lead_of(team), team)

    left = "Search left the spotlight."
    assert told(firm.product) == [f"{left} Product pledged support of “Faster”. “The year is over.”"]
    assert told(firm.ops) == [f"{left} Ops asked it for support of “Ours”. “The year is over.”"]
    assert told(firm.quiet) == []


def test_a_team_with_too_little_alignment_is_offered_its_work_first_and_leaders_ask_it(firm):
    page = signed_in(firm.leader).get("/teams/search/")
    answers = next(text for text in texts_of(page, ".answers") if "Set the stance" in text)
    assert answers.startswith("Look at its work")
    assert "Ask about it" in answers
