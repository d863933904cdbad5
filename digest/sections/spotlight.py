"""The leaders' section about teams in the spotlight: support that they asked for without an answer."""

from __future__ import annotations

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.selectors.gaps import unanswered_asks
from lib.text.names import path_of
from lib.text.numbers import number
from lib.text.spans import Span
from teams.models import Team
from teams.narrative import unanswered_line

SHOWN = 3


@section(Kind.COMPANY, "spotlight", order=50)
def spotlight(batch: Batch) -> Says:
    on = batch.company.as_of or batch.today
    asks = unanswered_asks(on=on, mark=batch.mark, limit=SHOWN)
    many = f"{number(asks.count)} asks of teams in the spotlight are unanswered"
    shown = Section(
        "spotlight",
        "Teams in the spotlight wait for support",
        lines=tuple(map(unanswered_line, asks.rows)),
        more=Span(f"and {number(asks.more)} more", path_of("team_list")) if asks.more else None,
        news="A team in the spotlight waits for support" if asks.count == 1 else many,
        weight=45 if asks.new else 5,
        quiet=not asks.new,
    )

    def says(_recipient: Recipient, _team: Team | None) -> Section | None:
        return shown if asks.rows else None

    return says
