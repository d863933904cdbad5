"""Judgements by goals' owners of a team's links."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace

from alignment.enums import LinkState
from alignment.models import Link
from alignment.narrative.judgements import judged_line
from alignment.rules import edits_link
from alignment.selectors.links import judged_links
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section
from digest.replies import Action
from lib.text.counts import counted
from lib.text.spans import Line, Reply, Span
from teams.models import Person, Team

SHOWN = 5
DISPUTED, ENDORSED = 58, 35


@section(Kind.TEAM, "links", order=60)
def links(batch: Batch) -> Says:
    judged: dict[int, list[Link]] = defaultdict(list)
    for link in judged_links(batch.led, batch.mark):
        judged[link.initiative.team_id].append(link)

    def says(recipient: Recipient, team: Team | None) -> Section | None:
        if team is None:
            return None
        person = recipient.person
        found = [
            link
            for link in judged.get(team.pk, [])
            if link.judged_by_id != person.pk
            and not batch.confidential.hides(person, link.goal.path, link.goal.owner_id)
        ]
        return _section(found, person) if found else None

    return says


def _section(found: list[Link], person: Person) -> Section:
    disputed = sum(1 for link in found if link.state == LinkState.DISPUTED)
    left = len(found) - SHOWN
    endorsed = f"{counted(len(found), 'link was', 'links were')} endorsed"
    return Section(
        "links",
        "What goals’ owners said",
        tuple(answered_line(link, person) for link in found[:SHOWN]),
        more=Span(f"and {counted(left, 'more link', 'more links')}") if left > 0 else None,
        news=f"{counted(disputed, 'link is', 'links are')} in dispute" if disputed else endorsed,
        weight=DISPUTED if disputed else ENDORSED,
        asks=disputed,
    )


def answered_line(link: Link, person: Person) -> Line:
    """For a link that `person` may see. For a disputed one, the answer is to edit what the team says of it."""
    disputed = link.state == LinkState.DISPUTED
    change = (Reply("Change the link", Action.CHANGE, (link.pk,)),) if disputed and edits_link(person, link) else ()
    return replace(judged_line(link), replies=change)
