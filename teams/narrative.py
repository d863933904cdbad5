"""Names of initiatives, teams and people, and sentences about support."""

from __future__ import annotations

from collections.abc import Sequence

from lib.text.counts import plural
from lib.text.days import whole_day
from lib.text.isolation import isolated
from lib.text.names import name_of, path_of, quoted, stated
from lib.text.numbers import number
from lib.text.spans import Line, Span
from teams.enums import Stance, SupportStatus
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


def ask_line(ask: Support, team: Team) -> Line:
    """The sentence for the people of `team`, which asks or is asked."""
    work, is_asked = work_name(ask.initiative), ask.team_id == team.pk
    if ask.status != SupportStatus.ASKED:
        verb = "promised to support" if ask.status == SupportStatus.PLEDGED else "declined to support"
        of = (Span(" of "), team_name(ask.initiative.team)) if is_asked else ()
        return Line((team_name(ask.team), Span(f" {verb} "), work, *of, Span(".")), quoted(ask.answer))
    if not is_asked:
        waits = Span(" has not answered yet whether it supports ")
        return Line((team_name(ask.team), waits, work, Span(".")), _what_was_asked(ask))
    asks = Span(f" asks {ask.team} to support ")
    return Line((team_name(ask.initiative.team), asks, work, Span(".")), _what_was_asked(ask))


def unanswered_line(ask: Support) -> Line:
    """The sentence for leaders about an unanswered ask of a team in the spotlight."""
    work = ask.initiative
    said = (Span(f"{work.team} asked {ask.team} for support of "), work_name(work), Span("."))
    return Line(said, _what_was_asked(ask))


def _what_was_asked(ask: Support) -> str:
    return f"{stated(ask.ask)} Asked on {whole_day(ask.asked_on)}.".strip()


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
        team_name(change.team),
        Span(f" left the spotlight. {isolated(team.name)}{why}"),
        work_name(about.initiative),
    )
    return Line((*said, Span(".")), quoted(change.team.stance_reason))


_STANCES = {
    Stance.SPOTLIGHT: "in the spotlight",
    Stance.CORE: "core",
    Stance.EXPLORE: "free to explore",
}
