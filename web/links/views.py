"""Links work to goals from either side, and edits, removes and confirms links for the team."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

import teams.access
from alignment import access
from alignment.effects import Effect
from alignment.link_effects import dividing, linking, rewriting, unlinking
from alignment.models import Link
from alignment.selectors.citations import citable_by_link
from alignment.selectors.links import measure_options, measures_of_goals, other_links, removed_link
from alignment.selectors.shares import Share, given_shares, shares_of, shares_version
from alignment.selectors.successions import successions
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
from lib.db.fields import NAME_LIMIT
from lib.forms.pages import (
    FormPage,
    Success,
    VersionedForm,
    click,
    form_view,
    posted,
    seen_number,
    seen_version,
)
from lib.paging.keyset import SIZE
from lib.services.dates import now
from lib.services.keys import has_key
from lib.services.permissions import Service, require
from lib.text.numbers import exact_percent
from strategy.access import goal_for
from strategy.models import Goal, Measure
from strategy.selectors.whereabouts import whereabouts
from teams.models import Initiative, LogEntry, Person
from web.filters import asked_key
from web.goals.briefs import brief_texts
from web.initiatives.editing import crumbs_of, initiative_for, initiative_url
from web.links.forms import (
    BetForm,
    GoalLinkForm,
    LinkEditForm,
    OutcomeForm,
    SharesFilter,
    SharesForm,
    WorkLinkForm,
    cited_values,
    link_values,
    outcome_values,
    shares_values,
)
from web.readers import reader_of

Row = TypeVar("Row")
BET = "A link is a bet: this work moves that goal, because of this."


def link_for(request: HttpRequest, pk: int, service: Service) -> tuple[Person, Link]:
    """The reader, and the link that they may use `service` on. Raises Http404, PermissionDenied."""
    reader = reader_of(request)
    link: Link = access.link_for(reader, pk)
    require(service, reader, link)
    return reader, link


@form_view
def link_new(request: HttpRequest, key: str) -> HttpResponse:
    """`?goal=` is the key of one that is chosen already, `?q=` finds others by their title."""
    reader, initiative = initiative_for(request, key)
    others, chosen = other_links(initiative), _asked_goal(request, reader)
    given = {"goal": chosen.key if chosen else ""}
    form = GoalLinkForm(
        posted(request),
        initial=given,
        others=others,
        citable=citable_by_link(reader),
        measures=_measures(chosen, reader, request),
    )
    form.offer([Suggestion(chosen, "", "")] if chosen else [], {})
    title, back = f"Link “{initiative}” to a goal", initiative_url(initiative)
    page = _new_page(request, form, "goal", title, back, crumbs_of(initiative))

    def make() -> Link:
        return make_link(initiative, _there(chosen), actor=reader, at=now(), **form.bet())

    def weigh() -> Effect:
        return linking(initiative, _there(chosen), form.values(), reader=reader, at=now(), links=others)

    def prepare() -> None:
        words = _words(request)
        looks = bool(others) and page.effect is None
        after = successions([initiative.pk], reader).get(initiative.pk, []) if looks else []
        found = found_goals(initiative, reader, words) if words else suggested_goals(initiative, reader)
        found = [each for each in found if each.goal.pk not in {one.goal.pk for one in after}]
        offered = [*_kept(chosen, found), *found]
        goals = [each.goal for each in offered]
        form.offer(offered, whereabouts(goals, reader), brief_texts(goals))
        measured = measures_of_goals(goals, reader)
        form.offer_measures([(goal.title, measured[goal.pk]) for goal in goals if goal.pk in measured])
        page.extra = {
            **page.extra,
            "nothing_found": _nothing(words, found, others=bool(after)),
            "successions": after,
            "work_key": initiative.key,
        }

    return page.handle(request, save=make, done=_linked, prepare=prepare, weigh=weigh, tries=False)


def link_to_goal(request: HttpRequest, reader: Person, initiative: Initiative, goal: Goal) -> HttpResponse:
    """As `link_new`, for a given goal."""
    others = other_links(initiative)
    measures = measure_options(goal, reader, None)
    form = BetForm(posted(request), others=others, citable=citable_by_link(reader), measures=measures)
    page = FormPage(
        title=f"Link “{initiative}” to “{goal}”",
        lede=BET,
        form=form,
        action_label="Link it",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        focused=True,
        template="links/link_to_goal.html",
        extra={"goal": goal, "brief": brief_texts([goal]).get(goal.pk)},
    )
    return page.handle(
        request,
        save=lambda: make_link(initiative, goal, actor=reader, at=now(), **form.bet()),
        done=_linked,
        weigh=lambda: linking(initiative, goal, form.values(), reader=reader, at=now(), links=others),
        tries=False,
    )


def _linked(link: Link) -> Success:
    return Success(f"Linked to “{link.goal}”.", initiative_url(link.initiative), undo=_way_back(link))


@form_view
def link_new_from_goal(request: HttpRequest, key: str) -> HttpResponse:
    """`?initiative=` is the key of one that is chosen already, `?q=` finds others by their title."""
    reader = reader_of(request)
    goal: Goal = goal_for(reader, key=key)
    require("alignment.link_work", reader)
    goal_url = reverse("goal_detail", args=[goal.key])
    chosen = _asked_work(request, reader)
    given = {"initiative": chosen.key if chosen else ""}
    measures = measure_options(goal, reader, None)
    form = WorkLinkForm(posted(request), initial=given, citable=citable_by_link(reader), measures=measures)
    form.offer([chosen] if chosen else [])
    crumbs = [("Strategy", reverse("strategy_list")), (goal.title, goal_url)]
    page = _new_page(request, form, "initiative", f"Link your work to “{goal}”", goal_url, crumbs)

    def make() -> Link:
        return make_link(_there(chosen), goal, actor=reader, at=now(), **form.bet())

    def weigh() -> Effect:
        return linking(_there(chosen), goal, form.values(), reader=reader, at=now())

    def done(link: Link) -> Success:
        return Success(f"“{link.initiative}” is linked to it.", goal_url, undo=_way_back(link))

    def prepare() -> None:
        words = _words(request)
        work = own_work(goal, reader, words=words)
        form.offer([*([chosen] if chosen and chosen not in work else []), *work])
        page.extra = {**page.extra, "nothing_found": _no_work(words, work)}

    return page.handle(request, save=make, done=done, prepare=prepare, weigh=weigh, tries=False)


def _measures(chosen: Goal | None, reader: Person, request: HttpRequest) -> list[tuple[Measure, bool]]:
    """Those that a posted form may name; what a page offers comes with its goals."""
    return measure_options(chosen, reader, None) if chosen and request.method == "POST" else []


def _there(chosen: Row | None) -> Row:
    if chosen is None:
        raise Http404
    return chosen


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
        template="links/link_new.html",
        extra={"choice": form[choice], "words": _words(request), "find_label": label, "here": request.path},
    )


def _way_back(link: Link) -> str:
    """The address that removes a link just made, unless it has changed since."""
    return f"{reverse('link_removal', args=[link.pk])}?version={link.version}"


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\0", "").strip()[:NAME_LIMIT]


def _asked_goal(request: HttpRequest, reader: Person) -> Goal | None:
    key = asked_key(request.POST if request.method == "POST" else request.GET, "goal")
    return Goal.objects.visible_to(reader).filter(has_key(Goal, key)).first() if key else None


def _asked_work(request: HttpRequest, reader: Person) -> Initiative | None:
    key = asked_key(request.POST if request.method == "POST" else request.GET, "initiative")
    row = Initiative.objects.visible_to(reader).select_related("team").filter(key=key).first() if key else None
    return row if row and reader.has_perm("teams.edit_initiative", row) else None


def _kept(chosen: Goal | None, found: list[Suggestion]) -> list[Suggestion]:
    return [Suggestion(chosen, "", "")] if chosen and chosen not in [each.goal for each in found] else []


def _nothing(words: str, found: list[Suggestion], *, others: bool) -> str:
    if found:
        return ""
    if words:
        return f"No goal that it could be linked to has “{words}” in its title. Try fewer words, or a part of one."
    return f"There is no {'other ' if others else ''}goal to suggest{'' if others else ' yet'}. Find one by its title."


def _no_work(words: str, work: list[Initiative]) -> str:
    if work:
        return ""
    if words:
        return f"None of your work has “{words}” in its title, or it is linked already. Try fewer words."
    return "None of your own or your teams’ open work is left to link to it."


@form_view
def link_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return edited_link(request, *link_for(request, pk, edit_link))


def edited_link(request: HttpRequest, reader: Person, link: Link, *, disputed: bool = False) -> HttpResponse:
    """Edits a link. With `disputed`, the link and the dispute are shown above the form."""
    measures = measure_options(link.goal, reader, link.measure_id)
    others, citable = other_links(link.initiative, link), citable_by_link(reader, link)
    form = LinkEditForm(posted(request), link=link, measures=measures, others=others, citable=citable)
    page = FormPage(
        title=f"Link to “{link.goal}”",
        form=form,
        action_label="Save the link",
        cancel_url=initiative_url(link.initiative),
        crumbs=crumbs_of(link.initiative),
        focused=disputed,
        template="links/link_edit.html",
        extra={"disputed": link if disputed else None},
    )
    return page.handle(
        request,
        save=lambda: edit_link(link, actor=reader, at=now(), version=form.opened_version, **form.bet()),
        done=lambda _row: Success(f"The link to “{link.goal}” is saved.", initiative_url(link.initiative)),
        current=lambda row: cited_values(row, reader),
        weigh=lambda: rewriting(link, form.values(), reader=reader, at=now()),
        tries=False,
    )


@form_view
def link_removal(request: HttpRequest, pk: int) -> HttpResponse:
    """With its version in the address, as an undo posts it, it is removed at once or said why not."""
    reader, link = link_for(request, pk, remove_link)
    url = initiative_url(link.initiative)

    def remove(version: int) -> LogEntry:
        return remove_link(link, actor=reader, at=now(), version=version)

    def done(entry: LogEntry) -> Success:
        undo = reverse("link_restoration", args=[entry.pk])
        return Success(f"The link to “{link.goal}” is removed.", url, undo=undo)

    if request.method == "POST" and "version" in request.GET:
        version = seen_version(request)
        return click(request, lambda: remove(version), url, done=done)
    form = VersionedForm(posted(request), initial={"version": link.version})
    page = FormPage(
        title=f"Remove the link to “{link.goal}”",
        lede="It can be brought back for a day.",
        form=form,
        action_label="Remove the link",
        cancel_url=url,
        crumbs=crumbs_of(link.initiative),
        danger=True,
        focused=True,
        template="links/link_form.html",
        extra={"link": link},
    )

    def prepare() -> None:
        page.effect = unlinking(link, reader=reader, at=now())

    return page.handle(
        request, save=lambda: remove(form.opened_version), done=done, current=link_values, prepare=prepare
    )


@require_POST
def link_restoration(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` is the id of the removal's log entry."""
    reader, entry = reader_of(request), removed_link(pk)
    if entry is None:
        raise Http404
    initiative: Initiative = teams.access.initiative_for(reader, pk=entry.changes["initiative"][0])
    goal: Goal = goal_for(reader, pk=entry.changes["goal"][0])
    url = initiative_url(initiative)
    return click(
        request,
        lambda: restore_link(entry, actor=reader, at=now()),
        url,
        done=f"Linked to “{goal}” again.",
    )


@require_POST
def link_confirmation(request: HttpRequest, pk: int) -> HttpResponse:
    reader, link = link_for(request, pk, confirm_link)
    return confirmed_link(request, reader, link)


def confirmed_link(request: HttpRequest, reader: Person, link: Link, back: str = "") -> HttpResponse:
    """What was on view is the link, and what its goal means; with something else there now, it leads to `back`."""
    version, goal_version = seen_version(request), seen_number(request, "goal_version")
    seen_at = dt.datetime.fromtimestamp(seen_number(request, "seen_at") / 1_000_000, dt.UTC)
    url = initiative_url(link.initiative)
    return click(
        request,
        lambda: confirm_link(link, actor=reader, at=now(), version=version, goal_version=goal_version, seen_at=seen_at),
        back or url,
        done=lambda _row: Success(f"Confirmed: the work still moves “{link.goal}”.", url),
    )


@form_view
def link_outcome(request: HttpRequest, pk: int) -> HttpResponse:
    return recorded_outcome(request, *link_for(request, pk, record_outcome))


def recorded_outcome(request: HttpRequest, reader: Person, link: Link, outcome: str = "") -> HttpResponse:
    """`outcome` is chosen already."""
    initial = {"outcome": outcome, "note": link.outcome_note, "version": link.version}
    form = OutcomeForm(posted(request), initial=initial)
    page = FormPage(
        title=f"The bet on “{link.goal}”",
        form=form,
        action_label="Record it",
        cancel_url=initiative_url(link.initiative),
        crumbs=crumbs_of(link.initiative),
        template="links/link_form.html",
        extra={"link": link},
    )

    def done(row: Link) -> Success:
        text = f"Recorded for “{link.goal}”: {row.get_outcome_display().lower()}."
        return Success(text, initiative_url(link.initiative))

    return page.handle(
        request,
        save=lambda: record_outcome(link, actor=reader, at=now(), version=form.opened_version, **form.values()),
        done=done,
        current=outcome_values,
    )


@form_view
def link_shares(request: HttpRequest, key: str) -> HttpResponse:
    reader, initiative = initiative_for(request, key)
    every = shares_of(initiative, reader)
    links = [row.link for row in every]
    search = SharesFilter(request.GET)
    rows = search.page(every)
    form = SharesForm(posted(request), rows=rows.rows, version=shares_version(links))
    given = given_shares(links)
    page = FormPage(
        title="How its effort is divided",
        lede="What one link is given the others do not have. Left blank, a link gets an equal part of what is left.",
        form=form,
        action_label="Save the shares",
        cancel_url=initiative_url(initiative),
        crumbs=crumbs_of(initiative),
        template="links/link_shares.html",
        extra={
            "rows": _share_rows(rows.rows, form),
            "pager": rows,
            "search": search if len(every) > SIZE else None,
            "given": exact_percent(given),
            "left": exact_percent(1 - given),
        },
    )
    is_part = len(rows.rows) < len(every)
    return page.handle(
        request,
        save=lambda: set_shares(initiative, form.shares(), actor=reader, at=now(), version=form.opened_version),
        done=lambda _row: Success(
            "The shares are saved.", request.get_full_path() if is_part else initiative_url(initiative)
        ),
        current=shares_values,
        weigh=lambda: dividing(initiative, form.shares(), reader=reader, at=now()),
        tries=False,
    )


def _share_rows(rows: list[Share], form: SharesForm) -> list[tuple[Share, Any]]:
    """Each share with its field, None where the reader may not see the goal."""
    return [(row, form[f"share_{row.link.pk}"] if row.goal is not None else None) for row in rows]
