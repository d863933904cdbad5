"""What services of teams and their work refuse, and in which words: what no story of its own tells of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from lib.services.errors import RefusedError
from teams.enums import Origin
from teams.models import Person, Support
from teams.services import teams
from teams.services.initiatives import edit_initiative
from teams.services.pledges import answer_support, deliver_support
from teams.services.support import ask_again, revert_support
from teams.services.teams import create_team, move_team
from tests import factories as make
from tests.factories import DAY, NOW

pytestmark = pytest.mark.django_db


def asked(**values: Any) -> Support:
    return make.SupportFactory(team__name="Depot", **values)


def of_work(name: str, **values: Any) -> Callable[[Person], Any]:
    """An edit of the work of the team Crew, which the person is on."""

    def edit(person: Person) -> Any:
        crew = make.MembershipFactory(person=person, team__name="Crew").team
        row = make.InitiativeFactory(team=crew)
        given = {key: value(person, row) if callable(value) else value for key, value in values.items()}
        return edit_initiative(row, actor=person, at=NOW, version=row.version, **given)

    edit.__name__ = name
    return edit


def asked_team(person: Person, row: Any) -> Any:
    team = make.MembershipFactory(person=person, team__name="Depot").team
    make.SupportFactory(initiative=row, team=team)
    return team


OF_MEMBERS: list[tuple[Callable[[Person], Any], str]] = [
    (
        of_work("assign it", origin=Origin.ASSIGNED),
        "Leaders say what is assigned. What a team takes on by itself, it has chosen.",
    ),
    (
        of_work("give it away", team=lambda *_: make.TeamFactory(name="Depot")),
        "You are not on Depot. Ask somebody there to take it over.",
    ),
    (
        of_work("give it to whoever is asked", team=asked_team),
        "Depot is asked for support here. Withdraw that first, then move the work.",
    ),
]
OF_LEADERS: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "ask again for what is pledged": (
        lambda by: ask_again(row := asked(status="pledged"), version=row.version, ask="More.", size="small", **by),
        "It is pledged. Withdraw it, and ask for something else.",
    ),
    "ask an archived team again": (
        lambda by: ask_again(row := asked(team__archived_on=DAY), version=row.version, ask="More.", size="small", **by),
        "Depot is archived, so nobody there would answer. Ask another team.",
    ),
    "answer by what is no answer": (
        lambda by: answer_support(row := asked(), version=row.version, status="delivered", **by),
        "Pledge it, say on what terms, or decline it.",
    ),
    "deliver what was declined": (
        lambda by: deliver_support(row := asked(status="declined", answer="No."), version=row.version, **by),
        "It was declined. If it came after all, have it pledged first.",
    ),
    "take back the answer of an archived team": (
        lambda by: revert_support(
            row := asked(status="pledged", team__archived_on=DAY), version=row.version, status="asked", **by
        ),
        "Depot is archived, so nobody there would answer. Ask another team.",
    ),
}


def said(call: Callable[[], Any]) -> str:
    with pytest.raises((RefusedError, ValidationError)) as refused:
        call()
    error = refused.value
    return error.messages[0] if isinstance(error, ValidationError) else str(error)


@pytest.mark.parametrize(("edit", "words"), OF_MEMBERS, ids=lambda value: getattr(value, "__name__", ""))
def test_what_members_may_not_do_with_work_is_refused_in_words(edit: Callable[[Person], Any], words: str) -> None:
    assert said(lambda: edit(make.PersonFactory())) == words


@pytest.mark.parametrize("what", OF_LEADERS)
def test_what_cannot_be_is_refused_in_words(what: str) -> None:
    call, words = OF_LEADERS[what]
    assert said(lambda: call({"actor": make.LeaderFactory(), "at": NOW})).startswith(words)


def test_teams_are_as_deep_as_the_limit_and_no_deeper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of three levels here: a team with one below it fits below the top, and not below what is below that."""
    monkeypatch.setattr(teams, "TREE_DEPTH_LIMIT", 3)
    by: dict[str, Any] = {"actor": make.LeaderFactory(), "at": NOW}
    root = make.TeamFactory()
    second = make.TeamFactory(parent=root)
    third = create_team(name="Third", parent=second, **by)
    assert said(lambda: create_team(name="Fourth", parent=third, **by)) == teams.TOO_DEEP

    moved = make.TeamFactory()
    make.TeamFactory(parent=moved)
    assert said(lambda: move_team(moved, version=moved.version, parent=second, **by)) == teams.TOO_DEEP
    assert move_team(moved, version=moved.version, parent=root, **by).path == [root.pk, moved.pk]
