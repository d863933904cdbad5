"""The team tree, and one team with its work, its stance and its figures."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from alignment.engine import Figures
from alignment.enums import FlagCode, Outcome
from alignment.flags import HOUSEKEEPING
from alignment.history.movements import team_figures_before
from alignment.history.weeks import weeks_of
from alignment.narrative.flags import counted_flags, subjects_text
from alignment.selectors.company import CompanyNow, company_now
from alignment.selectors.initiatives import AlignedWork, aligned_work, initiative_page
from alignment.selectors.teams import (
    CHILDREN,
    OWN_GOALS,
    Expected,
    TeamFindings,
    expected,
    own_figures,
    stance_in_force,
    subtree,
    team_findings,
    team_pages,
    teams_below,
    with_sums,
)
from digest.selectors.compared import Compared, compared_with, when_it_began
from lib.db.counting import MANY, capped_count
from lib.http.access import query
from lib.paging.keyset import keyset_page
from lib.services import dates
from lib.text.counts import count_text
from lib.text.isolation import isolated
from lib.text.numbers import SPACE, number
from strategy.narrative import progress_text
from strategy.progress import Progress
from strategy.selectors.measures import progress_of_goals
from teams.access import team_for
from teams.enums import InitiativeStatus
from teams.models import Membership, Person, Team
from teams.selectors.asks import team_asks
from teams.selectors.initiatives import ANY_STATUS
from teams.selectors.teams import BY_NAME, names_above, team_matches, team_tree
from web.figures.figures import Explained, Figure, initiatives_url, unsized_note
from web.figures.trends import trend
from web.filters import YES, TeamSearch
from web.flags.answers import Answer, answers, flag_view, snooze_view
from web.history.drawing import lately
from web.home.words import changed
from web.initiatives.views import work_row
from web.readers import reader_of
from web.support.steps import AskRow, ask_row
from web.teams.trees import NOT_HERE, TeamNode, nested, team_node
from web.threads.asking import ask_url, askable
from web.threads.subjects import conversations_about

MATCHES, OWN_WORK = 50, 20
PEOPLE_SHOWN, ASKS_SHOWN = 10, 5
ARCHIVED = ("Status", "archived", "Archived")


@require_safe
def team_list(request: HttpRequest) -> HttpResponse:
    reader = reader_of(request)
    now, form = company_now(), TeamSearch(request.GET, {})
    teams, search = with_sums(Team.objects.current()), form.given().get("q", "")
    matches = team_matches(teams, search)
    if search:
        page = keyset_page(matches, order=BY_NAME, params=request.GET, size=MATCHES)
        above = names_above(page.rows)
        nodes = [team_node(team, now, meta=" / ".join(above[team.pk])) for team in page.rows]
    else:
        tree = team_tree(teams, params=request.GET)
        page, nodes = tree.roots, nested([*tree.roots.rows, *tree.below], now)
    context = {
        "form": form,
        "as_of": now.as_of,
        "updating": now.updating,
        "search": search,
        "page": page,
        "nodes": nodes,
        "count_text": count_text(capped_count(matches), "team", "teams"),
        "active": [(f"“{search}”", request.path)] if search else [],
        "may_create": reader.has_perm("teams.create_team"),
    }
    return render(request, "teams/team_list.html", context)


@require_safe
def team_detail(request: HttpRequest, key: str) -> HttpResponse:
    reader = reader_of(request)
    now = company_now(**when_it_began(reader, dates.now()))
    team: Any = team_for(reader, key, rows=team_pages(reader))
    below = list(teams_below(team)[: CHILDREN + 1])
    archived = team.archived_on is not None
    away = team.away and not archived
    status = ANY_STATUS if archived else InitiativeStatus.ACTIVE
    work = aligned_work(AlignedWork(team=team, own=True, status=status), reader)
    page = initiative_page(work, reader, params=request.GET, size=OWN_WORK, on=now.as_of)
    context = {
        "team": team,
        "as_of": now.as_of,
        "updating": now.updating,
        "crumbs": [("Teams", reverse("team_list")), *_above(team)],
        "chips": [
            ARCHIVED if archived else ("Stance", team.stance, team.get_stance_display()),
            *([("", "plain", NOT_HERE)] if away else []),
        ],
        "not_here": _not_here(team) if away else "",
        "children": _children([team_node(child, now) for child in below[:CHILDREN]]),
        "more_children": len(below) > CHILDREN,
        "page": page,
        "rows": [work_row(initiative, now.company.default_effort) for initiative in page.rows],
        "work_url": initiatives_url(team=team.key, own=YES, **({"status": ANY_STATUS} if archived else {})),
        "support": _support(team, reader, dates.today(now.company)),
        "may_work": reader.has_perm("teams.work_on", team),
        "may_edit": reader.has_perm("teams.edit_team", team),
        "may_place": reader.has_perm("teams.move_team", team),
        "may_restore": archived and reader.has_perm("teams.archive_team", team),
        "may_bring_in": not archived and reader.has_perm("teams.bring_in_team", team),
        "conversations": conversations_about(reader, ask_url("team", team.key), ("team", team.pk)),
        "bets": [{**row, "outcome_label": Outcome(row["outcome"]).label} for row in team.settled_bets],
        "lessons": team.lessons,
        "learned_url": reverse("learning_list") + query({}, team=team.key),
        "lately": lately(("team", team.pk), reader, "team_history", team.key),
        **_figures(team, reader, now, compared_with(now.company)),
        **_findings(team, team_findings(team, now.as_of), reader, now),
        **_margin(team, now),
    }
    return render(request, "teams/team_detail.html", context)


def _children(nodes: list[TeamNode]) -> dict[str, Any]:
    """Sub-teams with active work in their subtree, and the others, to be folded; empty without sub-teams."""
    if not nodes:
        return {}
    busy, idle = [node for node in nodes if node.parts], [node for node in nodes if not node.parts]
    text = count_text(len(idle), "sub-team", "sub-teams")
    return {"busy": busy, "idle": idle, "idle_text": f"{text} without active work"}


def _not_here(team: Any) -> str:
    """What it means that the team is not here, and for which team above it that was said, where it was not for it."""
    above = next((row["name"] for row in team.chain if not row["is_here"]), "")
    whose = f"{isolated(above)}, above it, is" if team.is_here else "This team is"
    asked = "Nothing is asked of it, and no flag is raised about it, its work and its goals. Its figures count as ever."
    return f"{whose} not here yet. {asked}"


def _above(team: Any) -> list[tuple[str, str]]:
    return [(row["name"], reverse("team_detail", args=[row["key"]])) for row in team.chain]


def _figures(team: Any, reader: Person, now: CompanyNow, compared: Compared) -> dict[str, Any]:
    """Own figures beside what the current stance expects, and those with the sub-teams, where there are any."""
    own, all_below = own_figures(team), subtree(team)
    default = now.company.default_effort
    explained = Explained(own, {"team": team.key, "own": YES}, default)
    figures = [
        replace(figure, note=note)
        for figure, note in zip(
            (explained.coverage, explained.exploring_share, explained.autonomy, explained.sustaining_share),
            expectations(expected(team, stance_in_force(team, now.as_of))),
            strict=True,
        )
    ]
    together = Explained(all_below.figures, {"team": team.key}, default)
    return {
        "own": own,
        "lead": askable(figures[0], reader, "coverage", "team", team.key),
        "figures": [
            figures[1],
            askable(figures[2], reader, "autonomy", "team", team.key),
            figures[3],
            replace(explained.reasoned_coverage, note=""),
        ],
        "own_note": unsized_note(own, default),
        "changed": _changed(team, all_below.figures, compared),
        "own_trend": trend(weeks_of(team.weeks_kept, team.own_weeks), own, now.as_of),
        "together_trend": trend(
            weeks_of(team.weeks_kept, team.together_weeks, team.own_weeks), all_below.figures, now.as_of
        ),
        "together": all_below.figures if all_below.teams > 1 else None,
        "together_figures": _together(together),
        "together_note": unsized_note(all_below.figures, default),
        "teams_together": all_below.teams - 1,
    }


def _changed(team: Any, figures: Figures, compared: Compared) -> str:
    """How coverage with the sub-teams compares with the day that the reader's home and digest compare with; '' where
    the figures of that time are not kept.
    """
    if all(week.as_of > compared.day for week in weeks_of(team.weeks_kept)):
        return ""
    before = team_figures_before(team.pk, figures, compared.mark)
    return changed(figures.coverage, before.coverage, compared.day)


def _together(explained: Explained) -> list[Figure]:
    return [
        replace(figure, note="") for figure in (explained.coverage, explained.reasoned_coverage, explained.autonomy)
    ]


def expectations(stance: Expected) -> tuple[str, str, str, str]:
    """What a stance expects of coverage, exploring share, autonomy and sustaining share, in words."""
    return (
        f"Expected: at least {_plain(stance.coverage_floor)}",
        f"Expected: {_plain(stance.exploring_floor)} to {_plain(stance.exploring_ceiling)}",
        f"Expected: at least {_plain(stance.autonomy_floor)}",
        f"Expected: at most {_plain(stance.sustaining_ceiling)}",
    )


def _plain(share: float) -> str:
    """A share that a person set, as they would write it."""
    return f"{number(share * 100)}{SPACE}%"


def _findings(team: Team, found: TeamFindings, reader: Person, now: CompanyNow) -> dict[str, Any]:
    """Flags, housekeeping as one line, and what is snoozed."""
    flags, keeping = [], []
    for finding in found.work:
        rows = initiatives_url(team=team.key, own=YES, flag=finding.code)
        work = subjects_text(finding.code, finding.count)
        if finding.code in HOUSEKEEPING:
            keeping.append((counted_flags(finding.code, finding.count, most=MANY), rows))
        else:
            at_once = _at_once(finding.code, team, reader)
            flags.append(
                flag_view(finding.code, finding.since, label=work, url=rows, count=finding.count, answers=at_once)
            )
    awake = [flag for flag in found.flags if not flag.is_snoozed(now.as_of)]
    own = [flag_view(each.code, each.first_seen, label=team.name, answers=answers(each, reader)) for each in awake]
    return {
        "flags": [*flags, *own],
        "keeping": keeping,
        "snoozed": [snooze_view(flag, reader) for flag in found.flags if flag.is_snoozed(now.as_of)],
        "work_snoozed": count_text(found.work_snoozed, "flag", "flags") if found.work_snoozed else "",
        "work_snoozed_url": reverse("flag_list") + query({}, team=team.key, snoozed=YES, subject="initiative"),
    }


def _at_once(code: str, team: Team, reader: Person) -> list[Answer]:
    """How several flags of the team's work are answered in one go."""
    if code != FlagCode.RECONFIRM or not reader.has_perm("teams.work_on", team):
        return []
    return [Answer("Look at the links together", reverse("team_confirmations", args=[team.key]))]


def _margin(team: Any, now: CompanyNow) -> dict[str, Any]:
    """Beside each goal stands what its own measures say. One query."""
    in_force = stance_in_force(team, now.as_of)
    served = [goal for goal in team.served if goal["seen"]]
    own = team.own_goals[:OWN_GOALS]
    going = progress_of_goals({goal["id"] for goal in (*served, *own)}, now.company.timezone)
    for goal in (*served, *own):
        goal["progress"] = progress_text(going.get(goal["id"], Progress()))
    members = [Membership(person=Person(pk=row["id"], name=row["name"]), role=row["role"]) for row in team.member_rows]
    return {
        "lapsed": in_force != team.stance,
        "served": served,
        "served_hidden": len(team.served) - len(served),
        "own_goals": own,
        "more_own_goals": len(team.own_goals) > OWN_GOALS,
        "people": members[:PEOPLE_SHOWN],
        "more_people": members[PEOPLE_SHOWN:],
        "more_count": team.member_count - PEOPLE_SHOWN,
        "left_out": team.member_count - len(team.member_rows),
    }


def _support(team: Team, reader: Person, on: dt.date) -> list[tuple[str, str, list[AskRow], list[AskRow]]]:
    """Each side as title, which team to name, the asks shown and those folded."""
    mine, others = team_asks(team)
    sides = (("Others ask of it", "asking", others), ("It asks of others", "asked", mine))
    rows = [(title, other, [ask_row(ask, reader, on) for ask in asks]) for title, other, asks in sides if asks]
    return [(title, other, of[:ASKS_SHOWN], of[ASKS_SHOWN:]) for title, other, of in rows]
