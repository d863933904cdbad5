"""What leaders published: strategies, company goals that were closed or changed their meaning, and pages of the
business context, in three sentences.
"""

from __future__ import annotations

from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section, without
from digest.sections.goals import recent_changes
from strategy.narrative import from_leaders, pages_line, pages_news
from strategy.selectors.context import pages_since
from teams.models import Team

PUBLISHED, CHANGED, CONTEXT = 65, 50, 30


@section(Kind.OWN, "published", order=10, to=without(Kind.COMPANY))
def published(batch: Batch) -> Says:
    """Leaders have it in the part about the company."""
    changes = recent_changes(batch)
    pages = pages_since(batch.mark)
    context = (pages_line(pages),) if pages else ()

    def says(recipient: Recipient, _team: Team | None) -> Section | None:
        said = from_leaders(changes, recipient.person, batch.confidential)
        lines = (*said.lines, *context)
        if not lines:
            return None
        weight = PUBLISHED if said.strategies else CHANGED if said.goals else CONTEXT
        news = said.news or pages_news(pages)
        return Section("published", "From the leaders", lines, news=news, weight=weight)

    return says
