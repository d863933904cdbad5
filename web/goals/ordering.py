"""Orders the goals of a strategy, or those below a goal, by hand: with buttons or by dragging, and saved as a whole."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse

from lib.forms.pages import NOTHING, FormPage, Success, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from strategy.access import goal_for, strategy_for
from strategy.models import Goal, Strategy
from strategy.selectors.goals import above, goals_at
from strategy.services.ordering import order_goals
from teams.models import Person
from web.goals.views import crumbs
from web.readers import reader_of

SHOWN = 200
STEPS = {"up": -1, "down": 1}


class OrderForm(forms.Form):
    """The ids of the goals in two orders: `seen`, as the page was drawn, and `goal`, as they are to be. A button `move`
    ("12 up") moves one of them."""

    def __init__(self, data: QueryDict | None, rows: Iterable[Goal]) -> None:
        super().__init__(data)
        self.sent = data
        self.stored = {goal.pk: goal for goal in rows}
        self.moves = data is not None and "move" in data

    def seen(self) -> list[int]:
        return self._ids("seen")

    def order(self) -> list[int]:
        return self._ids("goal")

    def rows(self) -> list[Goal]:
        """The goals as they are to be drawn: in the order that was sent, after a move, and new ones last."""
        ids = [pk for pk in dict.fromkeys(self.order()) if pk in self.stored]
        ids += [pk for pk in self.stored if pk not in ids]
        if self.moves:
            _move(ids, self.data["move"])
        return [self.stored[pk] for pk in ids]

    def _ids(self, name: str) -> list[int]:
        given = self.sent.getlist(name) if self.sent is not None else []
        return [int(text) for text in given if text.isascii() and text.isdigit() and len(text) < 19]


@form_view
def strategy_order(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    strategy = strategy_for(reader, key)
    require(order_goals, reader, strategy)
    url = reverse("strategy_detail", args=[strategy.key])
    path = [("Strategy", reverse("strategy_list")), (strategy.title, url)]
    return _order(request, reader, strategy, f"The goals of “{strategy}”", f"{url}#goals", path)


@form_view
def goal_order(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    goal = goal_for(reader, key=key)
    require(order_goals, reader, goal)
    url = reverse("goal_detail", args=[goal.key])
    path = [*crumbs(above(reader, goal)), (goal.title, url)]
    return _order(request, reader, goal, f"The goals below “{goal}”", url, path)


def _order(
    request: HttpRequest, reader: Person, place: Strategy | Goal, title: str, url: str, path: list[tuple[str, str]]
) -> HttpResponse:
    form = OrderForm(posted(request), goals_at(place).visible_to(reader)[:SHOWN])
    page = FormPage(
        title=title,
        lede="They stand in this order everywhere. No figure changes with it: how much a goal matters is its weight.",
        form=form,
        action_label="Save this order",
        cancel_url=url,
        crumbs=path,
        template="goals/goal_order.html",
        extra={"seen": form.stored, "rows": form.rows()},
    )

    def save() -> int:
        return order_goals(place, actor=reader, at=now(), seen=form.seen(), goals=form.order())

    def done(moved: int) -> Success:
        return Success("They stand in this order now." if moved else NOTHING, url)

    return page.handle(request, save=save, done=done, searching=form.moves)


def _move(ids: list[int], move: str) -> None:
    """Moves one of `ids` by one place, as in "12 up"; nothing where there is no such goal, step or place."""
    goal, _, step = move.partition(" ")
    here = next((at for at, pk in enumerate(ids) if str(pk) == goal), None)
    if here is None or step not in STEPS:
        return
    to = here + STEPS[step]
    if 0 <= to < len(ids):
        ids[here], ids[to] = ids[to], ids[here]
