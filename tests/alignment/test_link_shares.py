"""Whatever is done to the links of an initiative, their explicit shares are at most all of it."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from alignment.models import Link
from alignment.selectors.shares import given_shares, shares_of, shares_version
from alignment.services.links import edit_link, make_link, remove_link, restore_link, set_shares
from lib.services.errors import RefusedError
from teams.models import LogEntry
from tests import factories as make
from tests.examples import examples
from tests.factories import NOW

SHARES = st.none() | st.integers(1, 1_000_000).map(lambda millionths: Decimal(millionths) / 1_000_000)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.integers(0, 4), SHARES),
        st.tuples(st.just("edit"), st.integers(0, 4), SHARES),
        st.tuples(st.just("remove"), st.integers(0, 4), st.none()),
        st.tuples(st.just("restore"), st.integers(0, 4), st.none()),
        st.tuples(st.just("set"), st.lists(SHARES, min_size=5, max_size=5), st.none()),
    ),
    max_size=12,
)


class Shares(TestCase):
    @pytest.mark.slow
    @settings(max_examples=examples(20), deadline=None, suppress_health_check=list(HealthCheck))
    @given(steps=STEPS)
    def test_explicit_shares_are_at_most_one_and_all_parts_add_up(self, steps: list[Any]) -> None:
        work, reader = make.InitiativeFactory(), make.LeaderFactory()
        goals = make.GoalFactory.create_batch(5, strategy=make.StrategyFactory())
        for step, which, share in steps:
            with suppress(ValidationError, RefusedError):
                _do(step, which, share, work=work, goals=goals, actor=reader)
            rows = shares_of(work, reader)
            total = given_shares(row.link for row in rows)
            assert total <= 1
            rest = 0 if any(row.share is None for row in rows) else 1 - total
            assert sum(row.part for row in rows) + float(rest) == pytest.approx(1, abs=1e-9) or not rows


def _do(step: str, which: Any, share: Decimal | None, *, work: Any, goals: list[Any], actor: Any) -> None:
    links = list(Link.objects.filter(initiative=work).order_by("id"))
    by = {"actor": actor, "at": NOW}
    if step == "make":
        make_link(work, goals[which], "Because.", share=share, **by)
    elif step == "restore" and (entry := LogEntry.objects.filter(action="link.removed").order_by("-id").first()):
        restore_link(entry, **by)
    elif step == "set":
        shares = dict(zip([link.pk for link in links], which, strict=False))
        set_shares(work, shares, version=shares_version(links), **by)
    elif links and step in ("edit", "remove"):
        link = links[which % len(links)]
        if step == "edit":
            edit_link(link, version=link.version, share=share, **by)
        else:
            remove_link(link, **by)
