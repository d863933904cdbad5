"""Builds the parts of the home page from its context."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.urls import reverse

from alignment.engine import Figures
from alignment.enums import FlagCode
from alignment.flags import FLAGS
from alignment.narrative.flags import flag_line
from alignment.selectors.goals import Priorities
from alignment.selectors.people.own import OwnTeam
from lib.http.access import query
from lib.text.counts import counted, plural
from lib.text.days import day, day_of_year
from lib.text.numbers import number
from lib.text.parts import amount
from lib.text.spans import Line, Span
from strategy.narrative import end_text, from_leaders, overview_text, said_of, what_changed
from strategy.selectors.changes import GoalChange
from strategy.selectors.clarity import Asked, Lack
from teams.narrative import ask_line, here_text, stance_line
from web.figures.figures import Explained, Figure, initiatives_url, priority_fit, strategy_coverage
from web.figures.trends import trend
from web.filters import YES
from web.flags.answers import Answer
from web.home.context import HomeContext, reads_company
from web.home.items import (
    SHOWN,
    ClarityPart,
    CompanyPart,
    Item,
    ItemList,
    Moved,
    OwnPart,
    Teaching,
    TeamPart,
    TeamRow,
    TeamsPart,
    Text,
    drawn_line,
    line_item,
    orphan_item,
    own_item,
    team_row,
    uncovered_item,
)
from web.home.steps import first_steps
from web.threads.asking import askable

NEWS = 3
NOTHING_TO_COMPARE = "There was no coverage then, or is none now: there is nothing to compare."
NO_GOALS = "No goal of a published strategy is live now."
Parts = list[Any]


def shown(part: ItemList) -> list[ItemList]:
    """`part` in a list, or an empty list where it has no items."""
    return [part] if part.items else []


def gap_lists(context: HomeContext) -> list[ItemList]:
    """Goals without work come before work that reaches nothing, where there are any."""
    goals, work = uncovered(context), orphans(context)
    return [goals, work] if goals.items or goals.rest else [work, goals]


def company_part(context: HomeContext) -> CompanyPart:
    now_, goals = context.front.now, context.front.goals
    explained = Explained(now_.figures, {}, now_.company.default_effort)
    figures = [askable(replace(explained.autonomy, note=""), context.reader, "autonomy", "company")]
    if goals:
        covered, fit = strategy_coverage(goals.covered, goals.anchored), priority_fit(goals.fit, shares(goals))
        figures = [
            askable(covered, context.reader, "strategy_coverage", "company"),
            askable(fit, context.reader, "priority_fit", "company"),
            *figures,
        ]
    drawn = trend(now_.weeks, now_.figures, now_.as_of)
    return CompanyPart(
        since=day_of_year(context.since),
        parts=now_.figures,
        lead=askable(explained.coverage, context.reader, "coverage", "company"),
        figures=figures,
        trend=drawn,
        moved=moved(context, None, now_.figures),
        here=here_text(now_.presence),
        going=going(context),
    )


def going(context: HomeContext) -> list[Item]:
    """Each strategy whose top goals have measures, with what these say."""
    return [
        Item((Text(title, reverse("strategy_detail", args=[key])), Text(f": {overview_text(goals)}")))
        for (key, title), goals in context.front.going.items()
    ]


def shares(goals: Priorities) -> list[tuple[str, float, float]]:
    return [(root.title, goals.wanted[root.id], goals.actual.get(root.id, 0.0)) for root in goals.roots]


def moved(context: HomeContext, of: int | None, figures: Figures) -> Moved:
    change = context.change(of, figures)
    if not change:
        kept = of in context.movements
        none = (
            NOTHING_TO_COMPARE if kept else "What moved it is told here once figures of the week before have been kept."
        )
        return Moved("", (), none)
    lines = context.reasons.lines(of, context.reader)
    none = "" if lines else f"Nothing that was done since {day_of_year(context.since)} moved it."
    return Moved(change, [line_item(line) for line in lines], none)


def team_part(context: HomeContext, own: OwnTeam) -> TeamPart:
    """Nothing is asked of a team that is not here. What its work waits for is told; what waits for the reader is in
    their list."""
    team, row = own.team, team_row(own, context.front.now.company.default_effort)
    change = moved(context, team.pk, own.figures)
    if not own.is_here:
        return TeamPart(f"team-{team.pk}", row, change, "", [])
    lists = [*shown(awaited(context, own)), *shown(changed_goals(context, own))]
    return TeamPart(f"team-{team.pk}", row, change, reverse("initiative_new", args=[team.key]), lists)


def awaited(context: HomeContext, own: OwnTeam) -> ItemList:
    """What the team asked of others and nobody has answered."""
    team = own.team
    theirs = [ask for ask in context.front.asks if ask.initiative.team.pk == team.pk]
    items = [line_item(ask_line(ask, team)) for ask in theirs[:SHOWN]]
    more = f"All {number(len(theirs))}" if len(theirs) > SHOWN else ""
    url = reverse("team_detail", args=[team.key]) + "#support"
    return ItemList(f"asks-{team.pk}", "Support it waits for", items, all_text=more, all_url=url)


def changed_goals(context: HomeContext, own: OwnTeam) -> ItemList:
    """Goals that changed in the last week and that work of the team rests on."""
    items = []
    for change in context.changes.goals:
        hidden = context.front.confidential.hides(context.reader, change.goal.path, change.goal.owner_id)
        work = [row for row in getattr(change.entry, "bears_on", ()) if row["team"] == own.team.pk]
        if work and not hidden:
            items.append(changed_goal(change, work, context))
    return ItemList(f"goals-{own.team.pk}", "Goals that changed for its work", items[:SHOWN])


def changed_goal(change: GoalChange, work: Sequence[Mapping[str, Any]], context: HomeContext) -> Item:
    spans = what_changed(change, context.reader, context.front.confidential)
    item = line_item(Line(tuple(spans), " ".join(said_of(change))))
    named = [Text(f"“{row['title']}”", reverse("initiative_detail", args=[row["key"]])) for row in work]
    rests = [said for name in named for said in (Text(", "), name)][1:]
    verb = Text(" On it rests " if len(work) == 1 else " On it rest ")
    return replace(item, said=(*item.said, verb, *rests, Text(".")))


def ends(context: HomeContext) -> ItemList:
    """Strategies that end or have ended; what leaders are asked about them is in their list."""
    return ItemList("ends", "The strategy’s end", list(_ends(context)))


def _ends(context: HomeContext) -> Iterator[Item]:
    if not context.reader.sees_everything:
        yield from (_ending(context, row) for row in context.front.ending)
    on, grace = context.front.now.as_of, context.front.now.company.grace_days
    if on is None:
        return
    for ended in context.front.ended:
        said = end_text(dt.date.fromisoformat(ended["ends_on"]), on, grace)
        name = Text(ended["title"], reverse("strategy_detail", args=[ended["key"]]))
        yield Item((name, Text(f" {said}.")), answers=_ways_on(context, ended["key"]))


def _ways_on(context: HomeContext, key: str) -> list[Answer]:
    """What leaders can do about the end of a strategy, as in answers to its flag."""
    if not context.reader.has_perm("strategy.write_strategy"):
        return []
    ways = [way for way in FLAGS[FlagCode.ENDING].answers if not way.bare]
    return [Answer(way.label, reverse(way.url_name, args=[key])) for way in ways]


def _ending(context: HomeContext, row: Mapping[str, Any]) -> Item:
    now_ = context.front.now
    line = flag_line(FlagCode.ENDING, Span(row["title"], reverse("strategy_detail", args=[row["key"]])))
    said = line_item(line, f"first seen {day(dt.date.fromisoformat(row['since']))}")
    if not row["ends_on"] or now_.as_of is None:
        return said
    return replace(
        said, details=[f"It {end_text(dt.date.fromisoformat(row['ends_on']), now_.as_of, now_.company.grace_days)}."]
    )


def uncovered(context: HomeContext) -> ItemList:
    """Goals without work, with the number of snoozed and confidential ones. Whoever can act is asked in their list."""
    found, goals = context.front.uncovered, context.front.goals
    hidden = max(context.front.gaps - found.count - found.asleep, 0) if len(found.goals) < SHOWN else 0
    snoozed = reverse("flag_list") + query({}, code=FlagCode.UNCOVERED, snoozed=YES)
    rest = [(counted(hidden, "confidential goal"), "")] if hidden else []
    rest += [(f"{number(found.asleep)} snoozed", snoozed)] if found.asleep else []
    every = "Every goal of a published strategy has work that reaches it."
    return ItemList(
        "uncovered",
        "Goals nobody works on",
        [uncovered_item(row) for row in found.goals],
        all_text=f"All {number(found.count)}" if found.count > len(found.goals) else "",
        all_url=reverse("flag_list") + query({}, code=FlagCode.UNCOVERED),
        none=every if goals and goals.anchored else NO_GOALS,
        rest=rest,
        here=here_text(context.front.now.presence),
    )


def orphans(context: HomeContext) -> ItemList:
    rows, figures = context.front.orphans, context.figures
    every = "All active work reaches the strategy, explores, or keeps things running."
    return ItemList(
        "orphans",
        "Work that reaches nothing yet",
        [orphan_item(row) for row in rows[:SHOWN]],
        all_text=f"All {amount(figures.orphaned, figures)}" if len(rows) > SHOWN else "",
        all_url=initiatives_url(part="orphaned"),
        none=every if figures.initiatives else "There is no active work.",
        here=here_text(context.front.now.presence),
    )


def own_part(context: HomeContext) -> OwnPart | Teaching:
    """Where the reader's work leads."""
    if not context.work:
        return no_work(context)
    work, mine = context.work[:SHOWN], context.work[0].mine
    leading = [each for each in work if any(not link.reason for link in each.links)]
    first = max(leading, key=lambda each: each.figures.aligned, default=None)
    items = [own_item(each) for each in work if each is not first]
    rest = ItemList(
        "own-work",
        "Where your work leads" if mine else "Where your team’s work leads",
        items,
        all_text="All your work" if mine else "",
        all_url=initiatives_url(mine=YES),
    )
    if first is None:
        return OwnPart(None, None, rest)
    leads = next(link for link in first.links if not link.reason)
    line = drawn_line(leads, context.front.now.company.purpose)
    return OwnPart(Text(first.title, reverse("initiative_detail", args=[first.key])), line, rest)


def no_work(context: HomeContext) -> Teaching:
    teach = partial(
        Teaching,
        "own-work",
        "Where your work leads",
        "Here you will see the line from your work to the goal it moves, and on to the company’s purpose.",
    )
    if not context.front.asks_of(context.reader):
        why = "Your team is not here yet: nothing is asked of it. Until then you can read what each team does."
        return teach(why, reverse("team_list"), "See the teams")
    if context.front.teams:
        why = "You own no active work yet. Whoever is on a team may start some, and says which goal it moves, and how."
        return teach(why, reverse("initiative_start"), "Start an initiative")
    why = "You are on no team yet. Whoever leads one can add you to it; until then you can read what each team does."
    return teach(why, reverse("team_list"), "See the teams")


def news(context: HomeContext) -> ItemList:
    """Leaves out the goals that are shown with the reader's teams."""
    told = from_leaders(context.changes, context.reader, context.front.confidential)
    goals = [each for each in told.goals if not getattr(each.entry, "bears_on", ())]
    lines = replace(told, goals=goals).lines
    return ItemList("news", "From the leaders", [line_item(line) for line in lines[:NEWS]])


def clarity(context: HomeContext) -> list[ClarityPart]:
    """Figures of which there is nothing to count are left out."""
    found = context.front.clarity
    if found is None:
        return []
    counted_ = [
        (label, found.goals[lack], reverse("goal_list") + query({}, lacks=lack.value))
        for lack, label in (
            (Lack.WHY, "Goals that say why"),
            (Lack.MEASURE, "Goals with a measure"),
            (Lack.OWNER, "Goals with an owner"),
        )
    ]
    counted_.append(("Business context confirmed lately", found.pages, reverse("context_list") + query({}, old=YES)))
    asked = reverse("thread_list")
    counted_.append(("Questions answered", found.answered, asked + query({}, questions=Asked.WAITING.value)))
    if found.late.number:
        late = asked + query({}, questions=Asked.LATE.value)
        counted_.append(("Questions that wait beyond their day", found.late, late))
    if found.edition is not None:
        url = reverse("edition_detail", args=[*found.edition]) + "#readership"
        counted_.append(("People who read the last edition", found.read, url))
    rows = [(label, f"{number(of.number)} of {number(of.whole)}", url) for label, of, url in counted_ if of.whole]
    return [ClarityPart(rows)] if rows else []


def margin(context: HomeContext) -> Parts:
    """The reader's own work and teams, unless the main column shows them."""
    found: Parts = []
    if reads_company(context.reader) and context.work and context.work[0].mine:
        found.append(own_part(context))
    rows = [team_row(own, context.front.now.company.default_effort) for own in context.front.teams if not own.leads]
    if rows:
        found.append(TeamsPart("your-teams", "Your teams", rows[:SHOWN]))
    lines = [line_item(stance_line(change)) for change in context.stances[:NEWS]]
    if lines:
        found.append(ItemList("stances", "Other stances", lines))
    return [*found, *clarity(context)]


def glance(context: HomeContext) -> TeamsPart:
    """The company in a line, for readers who see their own work first."""
    now_ = context.front.now
    coverage: Figure = Explained(now_.figures, {}, now_.company.default_effort).coverage
    row = TeamRow("All teams", reverse("team_list"), now_.figures, coverage)
    return TeamsPart("company", "The company", [row], here_text(now_.presence), going(context))


def administration(context: HomeContext) -> ItemList:
    """What an administrator has to do; empty for others."""
    return ItemList("administration", "For you as an administrator", list(_to_administer(context)))


def _to_administer(context: HomeContext) -> Iterator[Item]:
    if not context.reader.is_admin:
        return
    begun = context.front.begun
    if begun is not None and not begun.named and first_steps(context.reader, begun) is None:
        yield Item((Text("The company’s name and time zone", reverse("company_settings")), Text(" are not set yet.")))
    people, of_people, digests = context.front.people, reverse("person_list"), reverse("digest_administration")
    for state, rest in {"not_invited": "not been invited yet", "invited": "been invited and not joined yet"}.items():
        if waiting := people[state]:
            who = Text(counted(waiting, "person", "people"), of_people + query({}, state=state))
            yield Item((who, Text(f" {plural(waiting, 'has', 'have')} {rest}.")))
    if not context.front.digests:
        yield Item((Text("The weekly digests", digests), Text(" are not running: look at a preview, then start them.")))
    if refused := people["refused"]:
        were = plural(refused, "was", "were")
        which = Text(counted(refused, "address", "addresses"), digests)
        yield Item((which, Text(f" {were} refused by a mail server: no mail goes there.")))
