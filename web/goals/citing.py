"""Says whom a goal is for, and which pages of the business context it rests on."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from lib.forms.pages import FormPage, Success, form_view, posted
from lib.services.dates import now
from lib.services.permissions import require
from strategy.access import goal_for
from strategy.models import Goal
from strategy.selectors.citations import citable, cited_by_goal
from strategy.selectors.goals import above
from strategy.services.citations import cite_for_goal
from web.context.citing import CitingForm, chosen_in
from web.goals.views import crumbs
from web.readers import reader_of


@form_view
def goal_citations(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    goal = goal_for(reader, key=key)
    require(cite_for_goal, reader, goal)
    offered, address = citable(reader), reverse("goal_detail", args=[goal.key])
    initial = {"version": goal.version, **cited_by_goal(goal).keys()}
    form = CitingForm(posted(request), initial=initial, offered=offered)
    page = FormPage(
        title=f"Whom “{goal}” is for",
        lede="Say whose life changes when it is reached, and what somebody should read to understand it.",
        form=form,
        action_label="Save",
        cancel_url=address,
        crumbs=[*crumbs(above(reader, goal)), (goal.title, address)],
    )

    def keep() -> Goal:
        return cite_for_goal(goal, actor=reader, at=now(), version=form.opened_version, **chosen_in(form, offered))

    return page.handle(request, save=keep, done=lambda row: Success(f"Whom “{row}” is for is saved.", address))
