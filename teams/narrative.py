"""Names of initiatives, teams and people, and sentences about support."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lib.text.counts import counted, plural
from lib.text.days import whole_day
from lib.text.isolation import isolated
from lib.text.names import name_of, path_of, quoted, stated
from lib.text.numbers import number
from lib.text.spans import Line, Span
from teams.enums import GOES_ON, AskTurn, Stance, SupportStatus
from teams.models import Initiative, Person, Support, Team
from teams.selectors.presence import Presence
from teams.selectors.stances import StanceChange


def work_name(work: Initiative) -> Span:
    return name_of(work.title, "initiative_detail", work.key)


def team_name(team: Team) -> Span:
    """Without quotation marks, because teams are called by their names."""
    return Span(team.name, path_of("team_detail", team.key))


def archived_team(team: Team) -> str:
    """Why a team is given nothing that goes on, and what to do instead."""
    return f"{isolated(team.name)} is archived. Restore it first, or choose another team."


def similar_sentence(others: Sequence[Initiative]) -> str:
    """Of work that is called much like other work, with the teams of `others`; '' where there are none."""
    named = "; ".join(f"“{isolated(work.title)}”, of {isolated(work.team.name)}" for work in others)
    return f"Similar work: {named}." if named else ""


def person_name(person: Person) -> Span:
    return Span(isolated(person.name), path_of("person_detail", person.pk))


def here_text(presence: Presence | None) -> str:
    """As in "9 of 12 teams are here", without a full stop; '' where all are."""
    if presence is None:
        return ""
    which = f"{number(presence.here)} of {number(presence.teams)} {plural(presence.teams, 'team')}"
    return f"{which} {plural(presence.here, 'is', 'are')} here"


def ask_line(ask: Support, team: Team, on: dt.date | None = None) -> Line:
    """The sentence for the people of `team`, which asks or is asked; `on` is the day on which it may be late."""
    if ask.status == SupportStatus.DELIVERED:
        return _delivered_line(ask, team)
    if ask.status != SupportStatus.ASKED:
        return _settled_line(ask, team, on)
    if ask.answer:
        return _terms_line(ask, team)
    work = work_name(ask.initiative)
    if ask.team_id == team.pk:
        asks = Span(f" asks {ask.team} to support ")
        return Line((team_name(ask.initiative.team), asks, work, Span(".")), _what_was_asked(ask))
    waits = Span(" has not answered yet whether it supports ")
    return Line((team_name(ask.team), waits, work, Span(".")), _what_was_asked(ask))


def _settled_line(ask: Support, team: Team, on: dt.date | None) -> Line:
    """Of what is pledged or declined."""
    pledged = ask.status == SupportStatus.PLEDGED
    verb = "promised to support" if pledged else "declined to support"
    of = (Span(" of "), team_name(ask.initiative.team)) if ask.team_id == team.pk else ()
    by = f" by {whole_day(ask.due_on)}" if pledged and ask.due_on else ""
    late = ", and has not delivered yet" if on and ask.is_late(on) else ""
    said = (team_name(ask.team), Span(f" {verb} "), work_name(ask.initiative), *of, Span(f"{by}{late}."))
    return Line(said, quoted(ask.answer))


def _terms_line(ask: Support, team: Team) -> Line:
    """Of terms, or an offer, that the asking team has not accepted."""
    work, asking, asked = work_name(ask.initiative), team_name(ask.initiative.team), team_name(ask.team)
    detail = f"{stated(ask.answer)} By {whole_day(ask.due_on)}." if ask.due_on else quoted(ask.answer)
    if ask.team_id != team.pk:
        verb = " offers to help with " if ask.offered else " has terms for its support of "
        return Line((asked, Span(verb), work, Span(".")), detail)
    what = "takes the help that {} offers for " if ask.offered else "accepts the terms of {} for "
    waits = Span(f" has not said yet whether it {what.format(ask.team)}")
    return Line((asking, waits, work, Span(".")), detail)


def _delivered_line(ask: Support, team: Team) -> Line:
    work, asking, asked = work_name(ask.initiative), team_name(ask.initiative.team), team_name(ask.team)
    if ask.unconfirmed and ask.team_id == team.pk:
        return Line(
            (asking, Span(" has not confirmed yet that the support of "), work, Span(" is there.")), stated(ask.ask)
        )
    if ask.unconfirmed:
        return Line((asked, Span(" says that its support of "), work, Span(" is delivered.")), quoted(ask.ask))
    if ask.thanks:
        thanks = Span(f" thanks {ask.team} for its support of ")
        return Line((asking, thanks, work, Span(".")), quoted(ask.thanks))
    return Line((asked, Span(" delivered its support of "), work, Span(".")), quoted(ask.ask))


def support_words(asks: Sequence[Support], on: dt.date) -> str:
    """How a team is supported on day `on`, given its asks: by how many teams, and what it waits for."""
    goes_on = [ask for ask in asks if ask.initiative.status in GOES_ON]
    pledged = [ask for ask in goes_on if ask.status == SupportStatus.PLEDGED]
    late = sum(1 for ask in pledged if ask.is_late(on))
    waiting = [ask.asked_on for ask in goes_on if ask.turn == AskTurn.ASKED]
    said = []
    if pledged:
        by = counted(len({ask.team_id for ask in pledged}), "team has", "teams have")
        said.append(f"{by} promised support.")
    if late:
        said.append(f"{counted(late, 'promise is', 'promises are')} late.")
    if waiting:
        days = counted((on - min(waiting)).days, "day")
        said.append(f"{counted(len(waiting), 'ask is', 'asks are')} unanswered, the longest for {days}.")
    return " ".join(said)


def unanswered_line(ask: Support) -> Line:
    """The sentence for leaders about an unanswered ask of a team in the spotlight."""
    work = ask.initiative
    asks = Span(work.team.name, path_of("team_support", work.team.key))
    said = (asks, Span(f" asked {ask.team} for support of "), work_name(work), Span("."))
    return Line(said, _what_was_asked(ask))


def _what_was_asked(ask: Support) -> str:
    needed = f" Needed by {whole_day(ask.needed_on)}." if ask.needed_on else ""
    return f"{stated(ask.ask)} Asked on {whole_day(ask.asked_on)}.{needed}".strip()


def stance_line(change: StanceChange) -> Line:
    """As in "Search is in the spotlight now; it was core before." with the reason."""
    now, before = Stance(change.team.stance), change.before
    said = f" is {_STANCES[now]} now; it was {_STANCES[before]} before."
    return Line((team_name(change.team), Span(said)), quoted(change.team.stance_reason))


def left_spotlight_line(change: StanceChange, asks: Sequence[Support], team: Team) -> Line:
    """What is told to the people of `team`, which asked the other one for support or pledged some to it."""
    pledged = next((ask for ask in asks if ask.team_id == team.pk), None)
    about = pledged or asks[0]
    why = " pledged support of " if pledged else " asked it for support of "
    said = (
        Span(change.team.name, path_of("team_support", change.team.key)),
        Span(f" left the spotlight. {isolated(team.name)}{why}"),
        work_name(about.initiative),
    )
    return Line((*said, Span(".")), quoted(change.team.stance_reason))


_STANCES = {
    Stance.SPOTLIGHT: "in the spotlight",
    Stance.CORE: "core",
    Stance.EXPLORE: "free to explore",
}
