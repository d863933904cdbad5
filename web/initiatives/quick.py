"""Writes down a piece of work with its first link, in one step."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_POST

from alignment.models import Link
from alignment.selectors.suggestions import Suggestion, found_goals, suggested_goals
from alignment.services.links import make_link, remove_link
from alignment.services.removal import remove_initiative
from alignment.work_effects import starting
from lib.db.fields import NAME_LIMIT
from lib.forms.lookup import sent, sought
from lib.forms.pages import FormPage, Success, click, form_view, seen_number, seen_version
from lib.services.dates import now
from lib.services.keys import has_key
from lib.services.permissions import require
from lib.services.writes import in_one
from strategy.models import Goal
from strategy.selectors.whereabouts import whereabouts
from teams.enums import InitiativeStatus
from teams.models import Initiative, LogEntry, Person, Team
from teams.selectors.teams import BY_NAME, OPTIONS, names_above
from teams.selectors.work import similar_work, teams_worked_on
from teams.services.initiatives import create_initiative
from web.filters import asked_key
from web.initiatives.editing import initiative_for, initiative_url
from web.initiatives.quick_forms import NO_GOAL, QuickForm
from web.initiatives.similar import similar_said, title_in
from web.readers import reader_of
from web.teams.editing import team_url
from web.teams.forms import Places

LEDE = "It is active at once, and the rest of it can be told later."
NEXT = "Say next which goal it moves, or what kind of work it is."
NO_TEAM_YET = "Work belongs to a team, and there is none yet."


@dataclass(frozen=True)
class _Given:
    """What is typed into the form, or in its address: `?title=`, `?team=` and `?goal=` are what it begins with."""

    reader: Person
    data: QueryDict
    words: str

    @cached_property
    def teams(self) -> list[Team]:
        """The reader's own first, then others that they work on, OPTIONS of them, and the one that is chosen."""
        every, own = teams_worked_on(self.reader), [*self.reader.team_roles]
        first = every.order_by(*BY_NAME).values("pk")[:OPTIONS]
        rows = every.filter(Q(pk__in=first) | Q(pk__in=own) | Q(key=asked_key(self.data, "team"))).order_by(*BY_NAME)
        return sorted(rows, key=lambda team: team.pk not in own)

    @cached_property
    def team(self) -> Team | None:
        """The one that is chosen, or else the reader's own."""
        if "team" in self.data:
            return next((team for team in self.teams if team.key == asked_key(self.data, "team")), None)
        first = next(iter(self.teams), None)
        return first if first and (first.pk in self.reader.team_roles or len(self.teams) == 1) else None

    @cached_property
    def goal(self) -> Goal | None:
        key = asked_key(self.data, "goal")
        return Goal.objects.visible_to(self.reader).filter(has_key(Goal, key)).first() if key else None

    @cached_property
    def title(self) -> str:
        return title_in(self.data)

    def places(self) -> Places:
        above = names_above(self.teams)
        return [(team, above[team.pk]) for team in self.teams]

    def goals(self) -> list[Suggestion]:
        """Those with the words that are looked for, or those that suit title and team; the chosen one among them."""
        work = Initiative(title=self.title, **({"team": self.team} if self.team else {}))
        found = found_goals(work, self.reader, self.words) if self.words else suggested_goals(work, self.reader)
        kept = self.goal is not None and self.goal not in [each.goal for each in found]
        return [*([Suggestion(self.goal, "", "")] if kept and self.goal else []), *found]


@form_view
def initiative_quick(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    require("teams.start_initiative", reader)
    data, searching = sent(request), _searched(request)
    words = (searching if request.method == "POST" else request.GET.get("find", "").replace("\0", "").strip()) or ""
    given = _Given(reader, request.GET if data is None else data, words[:NAME_LIMIT])
    form = QuickForm(data, initial=_initial(given), places=given.places())
    form.offer_goals([Suggestion(given.goal, "", "")] if given.goal else [], {})
    page = FormPage(
        title="Add work",
        lede=LEDE,
        form=form,
        action_label="Add it",
        cancel_url=reverse("initiative_list"),
        crumbs=[("Initiatives", reverse("initiative_list"))],
        focused=True,
        stopped="" if given.teams else NO_TEAM_YET,
        instead=[("Teams", reverse("team_list"))],
        template="initiatives/initiative_quick.html",
    )

    def prepare() -> None:
        found = given.goals()
        form.offer_goals(found, whereabouts([each.goal for each in found], reader))
        none = bool(given.words and not found)
        page.extra = {
            "nothing_found": f"No goal has “{given.words}” in its title. Try fewer words." if none else "",
            "similar": similar_work(given.title, reader),
        }

    return page.handle(
        request,
        save=lambda: in_one(lambda: _made(form, given)),
        done=lambda made: _done(*made, reader=reader),
        prepare=prepare,
        weigh=lambda: starting(lambda: _made(form, given)[0], reader=reader, at=now()),
        tries=False,
        searching=searching is not None,
    )


def _searched(request: HttpRequest) -> str | None:
    """As `sought`; words that were left in the field find nothing more once a goal is chosen."""
    is_chosen = bool(request.POST.get("goal")) and "look" not in request.POST
    return None if is_chosen else sought(request)


def _initial(given: _Given) -> dict[str, str]:
    return {
        "title": given.title,
        "team": given.team.key if given.team else "",
        "goal": given.goal.key if given.goal else given.data.get("goal", ""),
    }


def _made(form: QuickForm, given: _Given) -> tuple[Initiative, Link | None]:
    """The work and its link, in one transaction of the caller."""
    at, typed = now(), form.cleaned_data
    team = next(team for team in given.teams if team.key == typed["team"])
    work = create_initiative(team, actor=given.reader, at=at, title=typed["title"], status=InitiativeStatus.ACTIVE)
    if typed["goal"] == NO_GOAL or given.goal is None:
        return work, None
    return work, make_link(work, given.goal, typed["rationale"], actor=given.reader, at=at)


def _done(work: Initiative, link: Link | None, *, reader: Person) -> Success:
    undo = f"{initiative_url(work, 'initiative_quick_undo')}?version={work.version}"
    said = f"“{work}” is there, and linked to “{link.goal}”." if link else f"“{work}” is there. {NEXT}"
    return Success(
        f"{said} {similar_said(work, reader)}".strip(),
        initiative_url(work),
        undo=f"{undo}&link_version={link.version}" if link else undo,
    )


@require_POST
def initiative_quick_undo(request: HttpRequest, key: str) -> HttpResponse:
    """Removes work that was just added, with the link that was made with it, while only its maker had to do with it."""
    reader, initiative = initiative_for(request, key)
    version = seen_version(request)
    link_version = seen_number(request, "link_version") if "link_version" in request.GET else None

    def take_back() -> LogEntry:
        links = list(Link.objects.filter(initiative=initiative)[:2])
        if link_version is not None and len(links) == 1:
            remove_link(links[0], actor=reader, at=now(), version=link_version)
        return remove_initiative(initiative, actor=reader, at=now(), version=version)

    return click(
        request,
        lambda: in_one(take_back),
        initiative_url(initiative),
        done=lambda _entry: Success(f"Undone: “{initiative}” is removed.", team_url(initiative.team)),
    )
