"""Linking work to goals: from the initiative, from the goal, and what the team's side does with its links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from alignment.forms.links import (
    BetForm,
    GoalLinkForm,
    LinkEditForm,
    OutcomeForm,
    SharesForm,
    WorkLinkForm,
    link_values,
    outcome_values,
    shares_values,
)
from alignment.models import Link
from alignment.selectors.links import link_pages, measure_options, other_links, removed_link
from alignment.selectors.shares import Share, given_shares, shares_of, shares_version
from alignment.selectors.suggestions import Suggestion, found_goals, own_work, suggested_goals
from alignment.services.links import (
    confirm_link,
    edit_link,
    make_link,
    record_outcome,
    remove_link,
    restore_link,
    set_shares,
)
from lib.dates import now
from lib.editing import FormPage, attempt, done, form_view, known_version, posted, save
from lib.errors import StaleError
from lib.fields import NAME_LIMIT
from lib.http import require, visible_or_404
from lib.numbers import exact_percent
from strategy.models import Goal
from teams.forms.filters import asked_key
from teams.models import Initiative, Person
from teams.views.readers import reader_of
from teams.views.work import crumbs_of, initiative_for, initiative_url

Result = TypeVar("Result")
BET = "A link is a bet: this work moves that goal, because of this."


def link_for(request: HttpRequest, pk: int, permission: str) -> tuple[Person, Link]:
    """The reader, and the link that they may do this to. Raises Http404, PermissionDenied."""
    reader = reader_of(request)
    link: Link = visible_or_404(link_pages(), reader, pk=pk)
    require(reader, permission, link)
    return reader, link


def stale_as(values: Callable[[Any], Mapping[str, Any]], service: Callable[[], Result]) -> Result:
    """What `service` returns; its StaleError comes with the `values` of what is there now, as the form shows them."""
    try:
        return service()
    except StaleError as stale:
        raise StaleError(str(stale), current=values(stale.current)) from stale


@form_view
def link_new(request: HttpRequest, key: str) -> HttpResponse:
    """`?goal=` is the key of one that is chosen already, `?q=` finds others by their title."""
    reader, initiative = initiative_for(request, key)
    others, chosen = other_links(initiative), _asked_goal(request, reader)
    form = GoalLinkForm(posted(request), initial={"goal": chosen.key if chosen else ""}, others=others)
    form.offer([Suggestion(chosen, "", "")] if chosen else [])
    title, back = f"Link “{initiative}” to a goal", initiative_url(initiative)
    page = _new_page(request, form, "goal", title, back, crumbs_of(initiative))

    def make() -> Link:
        if chosen is None:
            raise Http404
        return make_link(initiative, chosen, actor=reader, at=now(), **form.values())

    if request.method == "POST" and (link := save(page, make)):
        return _linked(request, initiative, link)
    words = _words(request)
    found = found_goals(initiative, reader, words) if words else suggested_goals(initiative, reader)
    form.offer([*_kept(chosen, found), *found])
    page.extra = {**page.extra, "nothing_found": _nothing(words, found)}
    return page.response(request)


def link_to_goal(request: HttpRequest, reader: Person, initiative: Initiative, goal: Goal) -> HttpResponse:
    """As `link_new`, where it is said already which goal."""
    form = BetForm(posted(request), others=other_links(initiative))
    page = FormPage(
        title=f"Link “{initiative}” to “{goal}”",
        lede=BET,
        form=form,
        action_label="Link it",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        focused=True,
        template="alignment/link_to_goal.html",
        extra={"goal": goal},
    )
    if request.method == "POST" and (
        link := save(page, lambda: make_link(initiative, goal, actor=reader, at=now(), **form.values()))
    ):
        return _linked(request, initiative, link)
    return page.response(request)


def _linked(request: HttpRequest, initiative: Initiative, link: Link) -> HttpResponse:
    done(request, f"Linked to “{link.goal}”.", undo=_way_back(link))
    return redirect(initiative_url(initiative))


@form_view
def link_new_from_goal(request: HttpRequest, key: str) -> HttpResponse:
    """`?initiative=` is the key of one that is chosen already, `?q=` finds others by their title."""
    reader = reader_of(request)
    goal: Goal = visible_or_404(Goal.objects, reader, key=key)
    require(reader, "alignment.link_work")
    goal_url = reverse("goal_detail", args=[goal.key])
    chosen = _asked_work(request, reader)
    form = WorkLinkForm(posted(request), initial={"initiative": chosen.key if chosen else ""})
    form.offer([chosen] if chosen else [])
    crumbs = [("Strategy", reverse("strategy_list")), (goal.title, goal_url)]
    page = _new_page(request, form, "initiative", f"Link your work to “{goal}”", goal_url, crumbs)

    def make() -> Link:
        if chosen is None:
            raise Http404
        return make_link(chosen, goal, actor=reader, at=now(), **form.values())

    if request.method == "POST" and (link := save(page, make)):
        done(request, f"“{link.initiative}” is linked to it.", undo=_way_back(link))
        return redirect(goal_url)
    words = _words(request)
    work = own_work(goal, reader, words=words)
    form.offer([*([chosen] if chosen and chosen not in work else []), *work])
    page.extra = {**page.extra, "nothing_found": _no_work(words, work)}
    return page.response(request)


def _new_page(
    request: HttpRequest, form: BetForm, choice: str, title: str, back: str, crumbs: list[tuple[str, str]]
) -> FormPage:
    label = "Find a goal by its title" if choice == "goal" else "Find your work by its title"
    return FormPage(
        title=title,
        lede=BET,
        form=form,
        action_label="Link it",
        cancel_url=back,
        crumbs=crumbs,
        template="alignment/link_new.html",
        extra={"choice": form[choice], "words": _words(request), "find_label": label, "here": request.path},
    )


def _way_back(link: Link) -> str:
    """Takes away a link that was just made, as long as nobody has touched it."""
    return f"{reverse('link_removal', args=[link.pk])}?version={link.version}"


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:NAME_LIMIT]


def _asked_goal(request: HttpRequest, reader: Person) -> Goal | None:
    key = asked_key(request.POST if request.method == "POST" else request.GET, "goal")
    return Goal.objects.visible_to(reader).filter(key=key).first() if key else None


def _asked_work(request: HttpRequest, reader: Person) -> Initiative | None:
    key = asked_key(request.POST if request.method == "POST" else request.GET, "initiative")
    row = Initiative.objects.visible_to(reader).select_related("team").filter(key=key).first() if key else None
    return row if row and reader.has_perm("teams.edit_initiative", row) else None


def _kept(chosen: Goal | None, found: list[Suggestion]) -> list[Suggestion]:
    return [Suggestion(chosen, "", "")] if chosen and chosen not in [each.goal for each in found] else []


def _nothing(words: str, found: list[Suggestion]) -> str:
    if found:
        return ""
    if words:
        return f"No goal that it could be linked to has “{words}” in its title. Try fewer words, or a part of one."
    return "There is no goal to suggest yet. Find one by its title."


def _no_work(words: str, work: list[Initiative]) -> str:
    if work:
        return ""
    if words:
        return f"None of your work has “{words}” in its title, or it is linked already. Try fewer words."
    return "None of your own or your teams’ open work is left to link to it."


@form_view
def link_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edited_link(request, *link_for(request, pk, "alignment.edit_link"))


def edited_link(request: HttpRequest, reader: Person, link: Link, *, disputed: bool = False) -> HttpResponse:
    """The page that changes it. Of one that is `disputed`, what it says and what is said against it stand above."""
    measures = measure_options(link.goal, reader, link.measure_id)
    form = LinkEditForm(posted(request), link=link, measures=measures, others=other_links(link.initiative, link))
    page = FormPage(
        title=f"Link to “{link.goal}”",
        form=form,
        action_label="Save the link",
        cancel_url=initiative_url(link.initiative),
        crumbs=crumbs_of(link.initiative),
        focused=disputed,
        template="alignment/link_form.html" if disputed else "form_page.html",
        extra={"link": link},
    )

    def edit() -> Link:
        version, values = form.opened_version, form.values()
        return stale_as(link_values, lambda: edit_link(link, actor=reader, at=now(), version=version, **values))

    if request.method == "POST" and save(page, edit) is not None:
        done(request, f"The link to “{link.goal}” is saved.")
        return redirect(initiative_url(link.initiative))
    return page.response(request)


@require_POST
def link_removal(request: HttpRequest, pk: int) -> HttpResponse:
    reader, link = link_for(request, pk, "alignment.edit_link")
    version = known_version(request.GET)
    entry = attempt(request, lambda: remove_link(link, actor=reader, at=now(), version=version))
    if entry:
        done(request, f"The link to “{link.goal}” is removed.", undo=reverse("link_restoration", args=[entry.pk]))
    return redirect(initiative_url(link.initiative))


@require_POST
def link_restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` is of the log entry of the removal."""
    reader, entry = reader_of(request), removed_link(pk)
    if entry is None:
        raise Http404
    initiative: Initiative = visible_or_404(
        Initiative.objects.select_related("team"), reader, pk=entry.changes["initiative"][0]
    )
    goal: Goal = visible_or_404(Goal.objects, reader, pk=entry.changes["goal"][0])
    require(reader, "teams.edit_initiative", initiative)
    if attempt(request, lambda: restore_link(entry, actor=reader, at=now())):
        done(request, f"Linked to “{goal}” again.")
    return redirect(initiative_url(initiative))


@require_POST
def link_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    reader, link = link_for(request, pk, "alignment.edit_link")
    return confirmed_link(request, reader, link)


def confirmed_link(request: HttpRequest, reader: Person, link: Link) -> HttpResponse:
    if attempt(request, lambda: confirm_link(link, actor=reader, at=now())):
        done(request, f"Confirmed: the work still moves “{link.goal}”.")
    return redirect(initiative_url(link.initiative))


@form_view
def link_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    reader, link = link_for(request, pk, "alignment.edit_link")
    form = OutcomeForm(posted(request), initial={"version": link.version})
    page = FormPage(
        title=f"The bet on “{link.goal}”",
        form=form,
        action_label="Record it",
        cancel_url=initiative_url(link.initiative),
        crumbs=crumbs_of(link.initiative),
        template="alignment/link_form.html",
        extra={"link": link},
    )

    def keep() -> Link:
        version, values = form.opened_version, form.values()
        return stale_as(outcome_values, lambda: record_outcome(link, actor=reader, at=now(), version=version, **values))

    if request.method == "POST" and (kept := save(page, keep)):
        done(request, f"Recorded for “{link.goal}”: {kept.get_outcome_display().lower()}.")
        return redirect(initiative_url(link.initiative))
    return page.response(request)


@form_view
def link_shares(request: HttpRequest, key: str) -> HttpResponse:
    reader, initiative = initiative_for(request, key)
    rows = shares_of(initiative, reader)
    links = [row.link for row in rows]
    form = SharesForm(posted(request), rows=rows, version=shares_version(links))
    given = given_shares(links)
    page = FormPage(
        title="How its effort is divided",
        lede="What one link is given the others do not have. Left blank, a link gets an equal part of what is left.",
        form=form,
        action_label="Save the shares",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        template="alignment/link_shares.html",
        extra={"rows": _share_rows(rows, form), "given": exact_percent(given), "left": exact_percent(1 - given)},
    )

    def divide() -> Initiative:
        version, shares = form.opened_version, form.shares()
        return stale_as(shares_values, lambda: set_shares(initiative, shares, actor=reader, at=now(), version=version))

    if request.method == "POST" and save(page, divide) is not None:
        done(request, "The shares are saved.")
        return redirect(initiative_url(initiative))
    return page.response(request)


def _share_rows(rows: list[Share], form: SharesForm) -> list[tuple[Share, Any]]:
    """Each with its field, None where the goal is not for the reader."""
    return [(row, form[f"share_{row.link.pk}"] if row.goal is not None else None) for row in rows]
