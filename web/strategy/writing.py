"""Writes the goals of a strategy as a tree, in place: all of it in one form that is saved at once."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lib.forms.pages import NOTHING, FormPage, Success, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from lib.text.counts import counted
from strategy.access import strategy_for
from strategy.enums import StrategyStatus
from strategy.models import Strategy
from strategy.selectors.strategies import goals_written
from strategy.services.preparing.writing import Written, write_goals
from web.readers import reader_of
from web.strategy.carrying import in_tree_order
from web.strategy.tree_form import SHOWN, TreeForm

LEDE = "All of them are saved at once. A row without a title is left out."
PUBLISHED = "What is published is edited by its own form, which asks for the reason. Drafts are written here."


@form_view
def strategy_goals(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    strategy: Strategy = strategy_for(reader, key)
    require(write_goals, reader, strategy)
    goals = [goal for goal, _depth in in_tree_order(list(goals_written(strategy)))]
    form = TreeForm(posted(request), goals=goals[:SHOWN], reader=reader)
    address = reverse("strategy_detail", args=[strategy.key])
    page = FormPage(
        title=f"Write the goals of “{strategy}”",
        lede=LEDE if strategy.status == StrategyStatus.DRAFT else f"{PUBLISHED} {LEDE}",
        form=form,
        action_label="Save the goals",
        cancel_url=f"{address}#goals",
        crumbs=[("Strategy", reverse("strategy_list")), (strategy.title, address)],
        template="strategy/strategy_goals.html",
    )

    def save() -> Written:
        form.check_current()
        return write_goals(strategy, actor=reader, at=now(), rows=form.rows(), seen=form.seen())

    def prepare() -> None:
        page.extra = {"rows": list(form.drawn()), "seen": list(form.goals), "more": max(0, len(goals) - SHOWN)}

    return page.handle(
        request,
        save=save,
        done=lambda written: Success(_said(written), request.path),
        current=form.now,
        prepare=prepare,
        searching=form.moves,
    )


def _said(written: Written) -> str:
    """What saving did, such as "Saved: 2 goals added, 1 goal changed."."""
    counts = (("added", written.added), ("changed", written.changed), ("removed", written.removed))
    told = [f"{counted(number, 'goal')} {verb}" for verb, number in counts if number]
    if told:
        return f"Saved: {', '.join(told)}."
    return "They stand in this order now." if written.ordered else NOTHING
