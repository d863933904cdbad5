"""What leaders read of teams in the spotlight: support that they asked for and that nobody has answered."""

from __future__ import annotations

from typing import Any

from alignment.digest.content import Line, Section, Span
from alignment.digest.paths import path_of
from alignment.digest.registry import Batch, Kind, Recipient, Says, section
from alignment.digest.sections.naming import day_of
from alignment.digest.sections.phrases import quoted, work_name
from alignment.selectors.gaps import unanswered_asks
from teams.models import Team

SHOWN = 3


@section(Kind.COMPANY, "spotlight", order=50)
def spotlight(batch: Batch) -> Says:
    on = batch.company.as_of or batch.today
    asks = unanswered_asks(on=on, since=batch.since_day, limit=SHOWN)
    many = f"{asks.count} asks of teams in the spotlight are unanswered"
    shown = Section(
        "spotlight",
        "Teams in the spotlight wait for support",
        lines=tuple(map(spotlight_line, asks.rows)),
        more=Span(f"and {asks.more} more", path_of("team_list")) if asks.more else None,
        news="A team in the spotlight waits for support" if asks.count == 1 else many,
        weight=45 if asks.new else 5,
        quiet=not asks.new,
    )

    def says(_recipient: Recipient, _team: Team | None) -> Section | None:
        return shown if asks.rows else None

    return says


def spotlight_line(support: Any) -> Line:
    work = support.initiative
    said = (Span(f"{work.team.name} asked {support.team.name} for support of "), work_name(work), Span("."))
    asked = f"Asked on {day_of(support.asked_on)}."
    return Line(said, f"{quoted(support.ask)} {asked}".strip())
