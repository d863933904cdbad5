"""What a field of a form takes at its limits, and what it refuses just beyond."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError

from lib.forms.pages import VersionedForm
from strategy.models import Goal
from strategy.services.periods import check_period
from teams.services.initiatives import kind_problems, value_problems
from teams.services.stance import set_stance
from tests import factories as make
from tests.factories import DAY, NOW
from web.context.forms import ContextPageForm
from web.digests.forms import CompanyTimesForm
from web.flags.forms import SnoozeForm
from web.goals.forms import ClosureForm, GoalForm
from web.initiatives.forms import ExplorationForm, InitiativeForm, KindForm, StatusForm
from web.links.forms import BetForm, DisputeForm, EndorsementForm, LinkEditForm, OutcomeForm
from web.measures.forms import CheckInForm, MeasureForm
from web.people.editing import PersonForm
from web.people.forms import InvitationForm
from web.people.invite_forms import InviteForm
from web.personas.forms import PersonaForm
from web.strategy.forms import StrategyForm
from web.support.forms import AnswerForm, AskForm, OfferForm, ThanksForm
from web.teams.forms import MissionForm, StanceForm, TeamForm, TeamNameForm
from web.teams.member_forms import MemberRoleForm

TEXTS: list[tuple[type[forms.Form], str, int]] = [
    (GoalForm, "title", 200),
    (GoalForm, "why", 50_000),
    (ClosureForm, "reason", 2_000),
    (StrategyForm, "title", 200),
    (StrategyForm, "narrative", 50_000),
    (MeasureForm, "title", 200),
    (MeasureForm, "unit", 40),
    (CheckInForm, "note", 2_000),
    (PersonaForm, "name", 200),
    (PersonaForm, "problem", 50_000),
    (ContextPageForm, "title", 200),
    (ContextPageForm, "body", 50_000),
    (TeamForm, "name", 200),
    (TeamForm, "find", 200),
    (TeamNameForm, "name", 200),
    (StanceForm, "reason", 1_000),
    (MissionForm, "mission", 2_000),
    (MissionForm, "find", 200),
    (InvitationForm, "name", 200),
    (InviteForm, "people", 1_000_000),
    (PersonForm, "name", 200),
    (InviteForm, "find", 200),
    (InitiativeForm, "title", 200),
    (InitiativeForm, "problem", 50_000),
    (InitiativeForm, "declaration", 2_000),
    (KindForm, "declaration", 2_000),
    (ExplorationForm, "declaration", 2_000),
    (StatusForm, "reason", 1_000),
    (AskForm, "ask", 1_000),
    (AnswerForm, "answer", 1_000),
    (OfferForm, "answer", 1_000),
    (ThanksForm, "thanks", 1_000),
    (BetForm, "rationale", 2_000),
    (BetForm, "evidence", 1_000),
    (OutcomeForm, "note", 2_000),
    (EndorsementForm, "note", 2_000),
    (DisputeForm, "note", 2_000),
    (SnoozeForm, "reason", 1_000),
]


def field(form: type[forms.Form], name: str) -> Any:
    return form.base_fields[name]


@pytest.mark.parametrize(("form", "name", "limit"), TEXTS)
def test_text_may_be_as_long_as_it_is_kept_and_no_longer(form: type[forms.Form], name: str, limit: int) -> None:
    assert field(form, name).clean("x" * limit) == "x" * limit
    with pytest.raises(ValidationError) as wrong:
        field(form, name).clean("x" * (limit + 1))
    assert [error.code for error in wrong.value.error_list] == ["max_length"]


def test_end_of_a_line_counts_once() -> None:
    assert field(ClosureForm, "reason").clean("x\r\n" * 1_000) == "x\n" * 999 + "x"
    assert len(field(ClosureForm, "reason").clean("x\r\n" * 999 + "yy")) == 2_000


NUMBERS: list[tuple[type[forms.Form], str, str, Decimal | int | None]] = [
    (GoalForm, "weight", "0.0001", Decimal("0.0001")),
    (GoalForm, "weight", "9999.9999", Decimal("9999.9999")),
    (GoalForm, "weight", "2,5", Decimal("2.5")),
    (InitiativeForm, "effort", "0.01", Decimal("0.01")),
    (InitiativeForm, "effort", "99999.99", Decimal("99999.99")),
    (InitiativeForm, "effort", "", None),
    (BetForm, "share", "0.0001", Decimal("0.0001")),
    (BetForm, "share", "100", Decimal(100)),
    (BetForm, "share", "12.5 %", Decimal("12.5")),
    (BetForm, "share", "% 33,3333", Decimal("33.3333")),
    (BetForm, "share", "", None),
    (MeasureForm, "target", "999999999999999.999999", Decimal("999999999999999.999999")),
    (MeasureForm, "baseline", "−1 250.5", Decimal("-1250.5")),
    (CheckInForm, "current", "0", Decimal(0)),
    (CheckInForm, "current", "1.250,5", Decimal("1250.5")),
    (LinkEditForm, "expected_change", "−5", Decimal(-5)),
    (LinkEditForm, "expected_change", "", None),
    (VersionedForm, "version", "1", 1),
    (MemberRoleForm, "version", "1", 1),
    (CompanyTimesForm, "hour", "0", 0),
    (CompanyTimesForm, "hour", "23", 23),
    (CompanyTimesForm, "weekday", "1", 1),
    (CompanyTimesForm, "weekday", "7", 7),
]
WRONG_NUMBERS: list[tuple[type[forms.Form], str, tuple[str, ...]]] = [
    (GoalForm, "weight", ("1.234", "1,234", "0", "-1", "0.00009", "10000", "1.00001", "")),
    (InitiativeForm, "effort", ("1.234", "0", "-1", "0.009", "100000", "1.001")),
    (BetForm, "share", ("12,345", "0", "-1", "100.0001", "0.00001", "half")),
    (MeasureForm, "target", ("150.000", "1000000000000000", "0.0000001")),
    (CheckInForm, "current", ("", "1,5,0", "1,250", "NaN")),
    (VersionedForm, "version", ("0", "-1", "", "x")),
    (CompanyTimesForm, "hour", ("24", "-1", "")),
    (CompanyTimesForm, "weekday", ("0", "8", "")),
]


@pytest.mark.parametrize(("form", "name", "typed", "value"), NUMBERS)
def test_number_at_its_limit_is_taken(form: type[forms.Form], name: str, typed: str, value: Decimal | None) -> None:
    assert field(form, name).clean(typed) == value


@pytest.mark.parametrize(
    ("form", "name", "typed"), [(form, name, typed) for form, name, wrong in WRONG_NUMBERS for typed in wrong]
)
def test_number_beyond_its_limit_is_refused(form: type[forms.Form], name: str, typed: str) -> None:
    with pytest.raises(ValidationError):
        field(form, name).clean(typed)


FIRST, LAST, ONE = dt.date(1970, 1, 1), dt.date(2100, 12, 31), dt.timedelta(days=1)


def test_dates_go_from_1970_to_2100_and_may_be_one_day() -> None:
    goal = Goal()
    for start, end in ((FIRST, LAST), (DAY, DAY), (None, LAST), (FIRST, None)):
        check_period(goal, {"starts_on": start, "ends_on": end})
        assert value_problems(kind="goal", effort=None, starts_on=start, ends_on=end) == {}


@pytest.mark.parametrize(
    ("start", "end", "wrong"),
    [
        (FIRST - ONE, None, {"starts_on"}),
        (None, LAST + ONE, {"ends_on"}),
        (FIRST - ONE, FIRST - ONE, {"starts_on", "ends_on"}),
        (DAY, DAY - ONE, {"ends_on"}),
    ],
)
def test_dates_that_cannot_be_are_told_beside_their_fields(
    start: dt.date | None, end: dt.date | None, wrong: set[str]
) -> None:
    with pytest.raises(ValidationError) as error:
        check_period(Goal(), {"starts_on": start, "ends_on": end})
    assert {*error.value.error_dict} == wrong
    assert value_problems(kind="goal", effort=None, starts_on=start, ends_on=end).keys() == wrong


def test_period_of_a_row_is_looked_at_with_what_it_had() -> None:
    check_period(Goal(starts_on=DAY), {"ends_on": DAY})
    with pytest.raises(ValidationError):
        check_period(Goal(starts_on=DAY), {"ends_on": DAY - ONE})
    check_period(Goal(starts_on=DAY, ends_on=DAY), {"starts_on": None, "ends_on": DAY - ONE})


@pytest.mark.parametrize(
    ("kind", "declaration", "ends_on", "wrong"),
    [
        ("explore", "Does it?", DAY, set()),
        ("explore", "Does it?", DAY - ONE, {"ends_on"}),
        ("explore", " ", None, {"declaration", "ends_on"}),
        ("sustain", "It would stop.", None, set()),
        ("sustain", " ", DAY - ONE, {"declaration"}),
        ("goal", "", None, set()),
        ("goal", "", DAY - ONE, set()),
    ],
)
def test_kind_says_what_it_lacks(kind: str, declaration: str, ends_on: dt.date | None, wrong: set[str]) -> None:
    """An exploration that ends today has not ended."""
    assert kind_problems(kind, declaration=declaration, ends_on=ends_on, day=DAY).keys() == wrong


@pytest.mark.parametrize(
    ("until", "fits"), [(DAY, False), (DAY + ONE, True), (LAST, True), (LAST + ONE, False), (None, True)]
)
@pytest.mark.django_db
def test_stance_ends_after_today_and_within_this_century(until: dt.date | None, fits: bool) -> None:
    given: dict[str, Any] = {
        "actor": make.LeaderFactory(),
        "at": NOW,
        "version": 1,
        "stance": "explore",
        "reason": "So.",
        "until": until,
    }
    if fits:
        assert set_stance(make.TeamFactory(), **given).stance_until == until
        return
    with pytest.raises(ValidationError) as wrong:
        set_stance(make.TeamFactory(), **given)
    assert {*wrong.value.error_dict} == {"until"}
