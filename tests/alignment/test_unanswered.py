"""The flag `unanswered`: a question that waits for more than five working days, on the side of whoever owes."""

from __future__ import annotations

import datetime as dt

import pytest

from alignment.models import Flag
from alignment.refresh.drift import find_drift
from alignment.refresh.recompute import recompute_alignment
from alignment.selectors.report import alignment_report
from conversations.services.threads import end_thread, open_thread, write_message
from strategy.enums import StrategyStatus
from teams.models import Person
from tests import factories as make
from tests.factories import NOW
from tests.html import texts_of
from tests.strategy.conftest import signed_in

pytestmark = pytest.mark.django_db
DUE, LATE = dt.date(2026, 3, 23), dt.date(2026, 3, 24)  # asked on Monday the 16th


def ask(row, actor: Person | None = None):
    about = (row._meta.model_name, row.pk)
    return open_thread(actor=actor or make.PersonFactory(), at=NOW, kind="question", about=about, text="Why?")


def compute(day: dt.date) -> None:
    recompute_alignment(as_of=day, at=NOW)


def flagged() -> set[tuple[str, str]]:
    open_flags = Flag.objects.open().filter(code__startswith="unanswered")
    return {(flag.code, str(flag.initiative or flag.goal or flag.strategy or flag.team)) for flag in open_flags}


def reported(day: dt.date, person: Person | None = None) -> set[tuple[str, str, str]]:
    flags = alignment_report(on=day, person=person)["flags"]
    return {(each["code"], each["subject_type"], each["subject"]) for each in flags if each["code"] == "unanswered"}


def test_it_is_on_what_the_question_is_about_or_hangs_on_from_the_sixth_working_day():
    strategy = make.StrategyFactory(key="plan", title="The plan")
    goal, team = (
        make.GoalFactory(key="more", title="More", strategy=strategy),
        make.TeamFactory(key="crew", name="Crew"),
    )
    work, linked = (make.InitiativeFactory(key=key, title=key.capitalize(), team=team) for key in ("search", "ads"))
    link = make.LinkFactory(initiative=linked, goal=goal)
    for row in (strategy, goal, team, work, link, make.DecidedFactory(), make.ContextPageFactory()):
        ask(row)
    compute(DUE)
    assert flagged() == reported(DUE) == set()
    compute(LATE)
    assert flagged() == {
        ("unanswered_strategy", "The plan"),
        ("unanswered_goal", "More"),
        ("unanswered_team", "Crew"),
        ("unanswered", "Search"),
        ("unanswered", "Ads"),
    }
    assert reported(LATE) == {
        ("unanswered", "strategy", "plan"),
        ("unanswered", "goal", "more"),
        ("unanswered", "team", "crew"),
        ("unanswered", "initiative", "search"),
        ("unanswered", "initiative", "ads"),
    }
    drift = find_drift()
    assert drift is not None
    assert drift.size == 0


def test_an_answer_an_end_and_a_new_question_change_it_at_once():
    asker, owner = make.PersonFactory(), make.PersonFactory()
    thread = ask(make.GoalFactory(title="More", owner=owner), asker)
    compute(LATE)
    assert flagged() == {("unanswered_goal", "More")}
    write_message(thread, actor=make.PersonFactory(), at=NOW, text="A remark.")
    assert flagged() == {("unanswered_goal", "More")}
    write_message(thread, actor=owner, at=NOW, text="Because.")
    assert flagged() == set()
    write_message(thread, actor=asker, at=NOW, text="Why, though?")  # due on the 23rd again
    assert flagged() == {("unanswered_goal", "More")}
    thread.refresh_from_db()
    end_thread(thread, actor=asker, at=NOW, version=thread.version, outcome="withdrawn")
    assert flagged() == set()


def test_nothing_is_owed_by_teams_that_are_not_here():
    away = make.TeamFactory(name="Away", is_here=False)
    ask(away)
    ask(make.InitiativeFactory(team=make.TeamFactory(parent=away)))
    compute(LATE)
    assert flagged() == reported(LATE) == set()


def test_the_report_names_only_what_its_reader_sees():
    leader = make.LeaderFactory()
    draft = make.StrategyFactory(key="next", status=StrategyStatus.DRAFT)
    ask(draft, leader)
    ask(make.GoalFactory(key="secret", strategy=draft), leader)
    assert reported(LATE, leader) == {("unanswered", "strategy", "next"), ("unanswered", "goal", "secret")}
    assert reported(LATE, make.PersonFactory()) == set()


def test_pages_say_of_each_flag_of_a_strategy_what_is_of_it_alone():
    leader, asker = make.LeaderFactory(), make.PersonFactory()
    strategy = make.StrategyFactory(key="plan", title="The plan", owner=None, ends_on=LATE + dt.timedelta(days=20))
    make.GoalFactory(strategy=strategy, why="So.", owner=leader)
    ask(strategy, asker)
    compute(LATE)
    page = signed_in(leader).get("/strategies/plan/")
    first, second = texts_of(page, "[aria-label='Flags on the strategy'] > li")
    said = {"ends": first if "ends" in first else second, "asked": second if "ends" in first else first}
    assert "13 April 2026" in said["ends"]
    assert "nobody has answered" in said["asked"]
    assert "13 April 2026" not in said["asked"]
