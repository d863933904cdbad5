"""The administrators' section about people whom digests do not reach."""

from __future__ import annotations

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.selectors.gaps import refused_people
from lib.text.counts import counted
from lib.text.names import path_of, several
from lib.text.spans import Line, Span
from teams.models import Team
from teams.narrative import person_name

SHOWN = 5
NO_MORE = "They get no digests until an administrator lets them be sent again."


@section(Kind.COMPANY, "refusals", order=60, to=lambda recipient: recipient.person.is_admin)
def refusals(batch: Batch) -> Says:
    refused = refused_people(mark=batch.mark, limit=SHOWN)
    others = [Span(counted(refused.more, "other", "others"))] if refused.more else []
    listed = several([*map(person_name, refused.rows), *others], limit=SHOWN + 1)
    said = f"Mail to {counted(refused.count, 'person', 'people')} is refused by the server"

    def says(_recipient: Recipient, _team: Team | None) -> Section | None:
        if not refused.rows:
            return None
        line = Line((Span(said, path_of("digest_administration")), Span(": "), *listed, Span(".")), NO_MORE)
        return Section("refusals", "Digests that do not arrive", lines=(line,), news=said, weight=20)

    return says
