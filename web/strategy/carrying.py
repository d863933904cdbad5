"""Carries a strategy over into its next period: what becomes of each goal, and the dates of the draft."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from alignment.effects import carrying, figures_day
from lib.forms.pages import FormPage, Success, form_view, posted
from lib.services.dates import LAST_DAY, now
from lib.services.permissions import require
from strategy.access import strategy_for
from strategy.enums import CLOSED
from strategy.models import Goal, Strategy
from strategy.selectors.strategies import open_goals
from strategy.services.carrying_over import carry_over
from web.readers import reader_of
from web.strategy.common import values_of
from web.strategy.forms import NextForm

LEDE = (
    "A draft that only leaders see, with the goals that you carry over; their measures begin where they stand now. "
    "Once links to a goal count no more, the one that carries it on is suggested to its teams; they move "
    "their own goals themselves. Removing the draft undoes this; goals that you close here stay closed."
)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@form_view
def strategy_next(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    strategy: Strategy = strategy_for(reader, key)
    require(carry_over, reader, strategy)
    goals = in_tree_order(list(open_goals(strategy)))
    form = NextForm(posted(request), initial=next_period(strategy), goals=goals)
    address = reverse("strategy_detail", args=[strategy.key])
    page = FormPage(
        title=f"Carry “{strategy}” over",
        lede=LEDE,
        form=form,
        action_label="Make the draft",
        cancel_url=address,
        crumbs=[("Strategy", reverse("strategy_list")), (strategy.title, address)],
    )

    def done(draft: Strategy) -> Success:
        text = "The draft of the next period is there. Look at its goals, say what is new, and publish it in time."
        return Success(text, reverse("strategy_detail", args=[draft.key]))

    return page.handle(
        request,
        save=lambda: carry_over(strategy, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=done,
        current=values_of,
        weigh=lambda: carrying(_closed(form), reader=reader, on=figures_day(now())),
    )


def _closed(form: NextForm) -> list[int]:
    return [pk for pk, fate in form.values()["fates"].items() if fate in CLOSED]


def in_tree_order(goals: Sequence[Goal]) -> list[tuple[Goal, int]]:
    """Each with its depth below the open goals above it; `goals` are in the order in which they stand."""
    there = {goal.pk for goal in goals}
    below: dict[int, list[Goal]] = defaultdict(list)
    for goal in goals:
        above = next((pk for pk in reversed(goal.path[:-1]) if pk in there), 0)
        below[above].append(goal)
    found: list[tuple[Goal, int]] = []
    waiting = [(goal, 0) for goal in reversed(below[0])]
    while waiting:
        goal, depth = waiting.pop()
        found.append((goal, depth))
        waiting += [(child, depth + 1) for child in reversed(below[goal.pk])]
    return found


def next_period(strategy: Strategy) -> dict[str, object]:
    """The form as it is opened: a period of the same length from the next day; whole months stay whole months."""
    starts_on, ends_on = _days_after(strategy.starts_on, strategy.ends_on)
    title = YEAR.sub(lambda year: str(int(year.group()) + 1), strategy.title)
    return {"version": strategy.version, "title": title, "starts_on": starts_on, "ends_on": ends_on}


def _days_after(first: dt.date | None, last: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    if last is None or last >= LAST_DAY:
        return None, None
    starts = last + dt.timedelta(days=1)
    if first is None:
        return starts, None
    if first.day == starts.day == 1:
        months = (starts.year - first.year) * 12 + starts.month - first.month
        after = starts.year * 12 + starts.month - 1 + months
        ends = dt.date(after // 12, after % 12 + 1, 1) - dt.timedelta(days=1)
    else:
        ends = starts + (last - first)
    return starts, min(ends, LAST_DAY)
