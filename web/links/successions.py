"""Takes a goal that takes the place of one to which a link counts no more."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from alignment.link_effects import succeeding
from alignment.models import Link
from alignment.selectors.citations import citable_by_link
from alignment.selectors.links import measure_options, other_links, removed_link
from alignment.selectors.successions import Succession, succession_of
from alignment.services.successions import give_back, take_successor
from lib.forms.pages import FormPage, Success, form_view, posted, seen_number, seen_version, undo
from lib.services.dates import now
from lib.services.permissions import require
from strategy.access import goal_for
from strategy.models import Goal, Measure
from teams.models import Initiative, LogEntry, Person
from teams.selectors.company import company_day
from web.initiatives.editing import crumbs_of, initiative_for, initiative_url
from web.links.forms import SuccessionForm, cited_values, link_values
from web.links.views import link_for

LEDE = (
    "The link of before goes, and this one takes its place with the share that it had. Read your reason again: does it "
    "hold for this goal too?"
)


@form_view
def link_succession(request: HttpRequest, key: str, goal_key: str) -> HttpResponse:
    """`key` is of the initiative, `goal_key` of the goal that it may take."""
    reader, initiative = initiative_for(request, key)
    goal: Goal = goal_for(reader, key=goal_key)
    found = succession_of(initiative.pk, goal.pk, reader)
    if found is None:
        raise Http404
    return taken_successor(request, reader, initiative, found)


def _before(link: Link, goal: Goal) -> str:
    """Names the goal whose place it takes; one that was carried over has the same title."""
    return "the one before" if link.goal.title == goal.title else f"“{link.goal}”"


def taken_successor(request: HttpRequest, reader: Person, initiative: Initiative, found: Succession) -> HttpResponse:
    link, goal = found.link, found.goal
    link.initiative = initiative
    require(take_successor, reader, link)
    others = [each for each in other_links(initiative) if each.pk != link.pk]
    measures = measure_options(goal, reader, None)
    had = _had(link, [row for row, _seen in measures])
    form = SuccessionForm(
        posted(request), initial=had, others=others, citable=citable_by_link(reader, link), measures=measures
    )
    page = FormPage(
        title=f"“{goal}” in the place of {_before(link, goal)}",
        lede=LEDE,
        form=form,
        action_label="Take it",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        focused=True,
        template="links/link_succession.html",
        extra={"goal": goal, "said": found.said},
    )

    def done(made: tuple[Link, LogEntry]) -> Success:
        row, removal = made
        back = reverse("link_return", args=[row.pk])
        undoing = f"{back}?version={row.version}&removal={removal.pk}"
        return Success(
            f"Linked to “{goal}” in the place of {_before(link, goal)}.", initiative_url(initiative), undo=undoing
        )

    return page.handle(
        request,
        save=lambda: take_successor(link, goal, actor=reader, at=now(), version=form.opened_version, **form.bet()),
        done=done,
        current=lambda row: cited_values(row, reader),
        weigh=lambda: succeeding(link, goal, form.values(), reader=reader, at=now()),
        tries=False,
    )


def _had(link: Link, measures: list[Measure]) -> dict[str, Any]:
    """The bet as it was; a day that has passed is left out, and of `measures` the one that carries its measure on takes
    its place.
    """
    values = link_values(link)
    carried = next((row for row in measures if link.measure_id in {row.pk, row.carries_on_id}), None)
    values |= {"measure": str(carried.pk)} if carried else {"measure": "", "expected_change": None}
    if link.review_on is not None and link.review_on < company_day(now()):
        values["review_on"] = None
    return values


@require_POST
def link_return(request: HttpRequest, pk: int) -> HttpResponse:
    """Undoes it: `?removal=` is the id of the entry of the log that took the link of before away."""
    reader, link = link_for(request, pk, give_back)
    removal = removed_link(seen_number(request, "removal"))
    if removal is None:
        raise Http404
    version = seen_version(request)
    return undo(
        request,
        lambda: give_back(link, removal, actor=reader, at=now(), version=version),
        initiative_url(link.initiative),
        "The link of before is back.",
    )
