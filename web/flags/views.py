"""Lists open flags by code, the teams' apart from the leaders', with housekeeping folded."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from alignment.enums import FlagCode, Subject
from alignment.flags import FLAGS, GOAL_FLAGS, HOUSEKEEPING, INITIATIVE_FLAGS, LEADERS_FLAGS, NOT_COUNTING, kind_of
from alignment.models import Flag
from alignment.narrative.flags import counted_flags, ending_text, subjects_text, why_not
from alignment.narrative.proposals import standing_text
from alignment.rules import links_about
from alignment.selectors.company import company_now
from alignment.selectors.flags import (
    Broken,
    Findings,
    FlagLinks,
    TeamKeeping,
    counted_to,
    flag_counts,
    flag_links,
    flag_page,
    housekeeping_by_strategy,
    housekeeping_by_team,
)
from alignment.selectors.proposals import proposable, proposal_of, proposals_for
from alignment.selectors.teams import own_figures
from lib.db.counting import MANY
from lib.http.access import query
from lib.text.counts import count_text
from teams.models import Person
from teams.selectors.teams import team_options
from web.figures.figures import initiatives_url
from web.filters import YES, FlagFilter, asked_key
from web.flags.answers import answers, snooze_view, subject_address
from web.readers import reader_of


@require_safe
def flag_list(request: HttpRequest) -> HttpResponse:
    reader, now = reader_of(request), company_now()
    teams = team_options(asked_key(request.GET, "team"))
    form = FlagFilter(request.GET, teams=teams)
    given = form.given()
    team = next((team for team in teams if team.key == given.get("team")), None)
    of, snoozed = reader if given.get("mine") == YES else None, given.get("snoozed") == YES
    findings = Findings(team=team, of=of, on=now.as_of, grace=now.company.grace_days, snoozed=snoozed)
    code = FlagCode(given["code"]) if "code" in given else None
    subject = Subject(given["subject"]) if "subject" in given else None
    codes = [each for each in FlagCode if code in {None, each} and subject in {None, FLAGS[each].subject}]
    narrow = not findings.is_everything and code is None
    counted = [each for each in codes if each not in HOUSEKEEPING] if narrow else codes
    found = flag_counts(counted, findings, reader, snoozed_of=() if snoozed else codes)
    counts = found.by_code
    shown = _code if code is not None and (snoozed or code not in HOUSEKEEPING) else _overview
    context = {
        "form": form,
        "as_of": now.as_of,
        "updating": now.updating,
        "code": code,
        "kind": FLAGS[code] if code is not None else None,
        "counts": counts,
        "active": _active(request, form),
        "count_text": _count_text(counts, code, counted_to(findings)),
        "snoozed": snoozed,
        "snoozed_text": count_text(found.snoozed, "snoozed", "snoozed") if found.snoozed and not snoozed else "",
        "snoozed_url": query(request.GET, snoozed=YES, after=None),
        **shown(request, codes, counts, findings, reader),
    }
    return render(request, "flags/flag_list.html", context)


def _active(request: HttpRequest, form: FlagFilter) -> list[tuple[str, str]]:
    address = {name: query(request.GET, **{name: None, "after": None}) for name in form.fields}
    return [(label, address[name]) for name, label in form.words().items()]


def _count_text(counts: dict[FlagCode, int], code: FlagCode | None, most: int) -> str:
    if code is not None:
        return subjects_text(code, counts.get(code, 0), most)
    kinds = sum(1 for each in counts if each not in HOUSEKEEPING)
    return count_text(kinds, "kind of flag", "kinds of flags")


def _overview(
    request: HttpRequest, codes: list[FlagCode], counts: dict[FlagCode, int], findings: Findings, reader: Person
) -> dict[str, Any]:
    """Flags by code, and housekeeping as one line a team or strategy."""
    asked = [code for code in counts if code not in HOUSEKEEPING]
    keeping = [code for code in codes if code in HOUSEKEEPING]
    most = counted_to(findings)
    many = findings.team is not None or any(counts.get(code, 0) > most for code in keeping)
    team_codes = [code for code in keeping if code not in GOAL_FLAGS]
    page, lines = housekeeping_by_team(team_codes, findings, request.GET, many=many)
    of_goals = housekeeping_by_strategy(findings, reader) if FlagCode.UNMEASURED in keeping else []
    return {
        "team_side": [_group(request, code, counts[code], most) for code in asked if code not in LEADERS_FLAGS],
        "leader_side": [_group(request, code, counts[code], most) for code in asked if code in LEADERS_FLAGS],
        "team_keeping": [_team_line(line) for line in lines],
        "strategy_keeping": [_strategy_line(strategy) for strategy in of_goals],
        "page": page,
    }


def _group(request: HttpRequest, code: FlagCode, count: int, most: int) -> dict[str, Any]:
    return {
        "label": FLAGS[code].label,
        "kind": FLAGS[code],
        "count": subjects_text(code, count, most),
        "url": query(request.GET, code=code.value, after=None),
    }


def _team_line(line: TeamKeeping) -> dict[str, Any]:
    lines: list[tuple[str, str | None]] = []
    for code, count in line.counts.items():
        if code in INITIATIVE_FLAGS:
            rows = initiatives_url(team=line.team.key, own=YES, flag=code.value)
            lines.append((counted_flags(code, count, most=MANY), rows))
        else:
            lines.append((capfirst(FLAGS[code].said()).rstrip("."), None))
    return {"label": line.team.name, "url": reverse("team_detail", args=[line.team.key]), "lines": lines}


def _strategy_line(strategy: Any) -> dict[str, Any]:
    text = counted_flags(FlagCode.UNMEASURED, strategy.unmeasured, most=MANY)
    return {"label": strategy.title, "url": reverse("strategy_detail", args=[strategy.key]), "lines": [(text, None)]}


def _code(
    request: HttpRequest, codes: list[FlagCode], _counts: dict[FlagCode, int], findings: Findings, reader: Person
) -> dict[str, Any]:
    """The rows of the one code."""
    if not codes:
        return {"flags": []}
    page = flag_page(codes[0], findings, reader, request.GET)
    links = flag_links(page.rows, reader)
    proposed = proposals_for(proposable(page.rows), reader)
    kind = FLAGS[codes[0]]
    return {
        "page": page,
        "subject": kind.subject.label,
        "with_team": kind.subject is Subject.INITIATIVE,
        "figure_label": kind.figure.replace("_", " ").capitalize(),
        "flags": [
            _row(flag, links.get(flag.initiative_id or 0, FlagLinks()), findings, reader, proposal_of(flag, proposed))
            for flag in page.rows
        ],
    }


def _row(flag: Flag, links: FlagLinks, findings: Findings, reader: Person, proposal: Any) -> dict[str, Any]:
    label, url = subject_address(flag)
    about = links_about(flag.code, links.counting, findings.on)
    after = links.after if flag.code in NOT_COUNTING and not findings.snoozed else []
    proposed = [standing_text(proposal)] if proposal is not None else []
    ways = answers(flag, reader, about, successions=after, proposal=proposal, listed=True)
    return {
        "label": label,
        "url": url,
        "team": _team(flag),
        "figure": _figure(flag),
        "since": flag.first_seen,
        "details": [*_details(flag, links, findings), *(each.said for each in after), *proposed],
        "answers": [] if findings.snoozed else ways,
        "snooze": snooze_view(flag, reader) if findings.snoozed else None,
    }


def _details(flag: Flag, links: FlagLinks, findings: Findings) -> list[str]:
    """Why links do not count, or when a strategy ends."""
    if flag.strategy is not None:
        return [ending_text(flag.strategy, findings.on, findings.grace)]
    return [broken(link) for link in links.broken] if flag.code == FlagCode.DISCONNECTED else []


def _team(flag: Flag) -> tuple[str, str] | None:
    if flag.initiative is None:
        return None
    return flag.initiative.team.name, reverse("team_detail", args=[flag.initiative.team.key])


def _figure(flag: Flag) -> dict[str, Any] | None:
    """The figure of its own work that a team's flag is about."""
    name = kind_of(flag.code).figure
    if flag.team is None or not name:
        return None
    return {"value": getattr(own_figures(flag.team), name), "unit": "percent", "missing": ""}


def broken(link: Broken) -> str:
    """Why the link does not count, as far as the reader may know."""
    return why_not(link.goal.title if link.goal else "", link.reason or "")
