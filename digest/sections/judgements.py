"""Links that wait for their judges: the goal's owner, or where it has none, leaders and those who lead its team.

Each digest lists them once: in the company's part, else in the reader's own, else in their first team's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from alignment.enums import LinkState
from alignment.models import Link
from alignment.narrative.judgements import to_judge_line
from alignment.rules import judges_link
from alignment.selectors.people.judging import ToJudge, links_to_judge
from digest.content import Section
from digest.registry import Batch, Kind, Recipient, Says, section, without
from digest.replies import Action
from lib.text.counts import counted
from lib.text.spans import Line, Reply, Span
from teams.models import Person

SHOWN = 4
ToSay = Callable[[Recipient], Section | None]


@section(Kind.COMPANY, "judgements", order=40)
def of_leaders(batch: Batch) -> Says:
    say = batch.once(_judgements)
    return lambda recipient, _team: say(recipient)


@section(Kind.TEAM, "judgements", order=80, to=without(Kind.COMPANY, Kind.OWN))
def of_leads(batch: Batch) -> Says:
    say = batch.once(_judgements)
    return lambda recipient, team: say(recipient) if team == recipient.leads[0] else None


@section(Kind.OWN, "judgements", order=25, to=without(Kind.COMPANY), asks=True)
def of_others(batch: Batch) -> Says:
    say = batch.once(_judgements)
    return lambda recipient, _team: say(recipient)


def _judgements(batch: Batch) -> ToSay:
    people = [each.person.pk for each in batch.recipients]
    teams = {team.pk for each in batch.recipients for team in each.leads}
    found = links_to_judge(
        people,
        teams,
        leaders=batch.has_leaders,
        mark=batch.mark,
        limit=SHOWN,
    )
    of_teams = [of for (owner, team), of in found.items() if owner is None and team]
    of_nobody = [*of_teams, *([found[None, 0]] if (None, 0) in found else [])]

    def say(recipient: Recipient) -> Section | None:
        person = recipient.person
        own = [found[person.pk, 0]] if (person.pk, 0) in found else []
        others = of_nobody if person.sees_everything else of_teams if recipient.leads else []
        theirs = [of for of in (*own, *others) if _judges(batch, person, of.links[0])]
        return _section(theirs) if theirs else None

    return say


def _judges(batch: Batch, person: Person, link: Link) -> bool:
    """A person who judges one of ToJudge judges them all."""
    seen = not batch.confidential.hides(person, link.goal.path, link.goal.owner_id)
    return seen and judges_link(person, link)


def _section(groups: Sequence[ToJudge]) -> Section:
    links = sorted(
        (link for of in groups for link in of.links),
        key=lambda link: (not link.answered, link.state, -link.amount, link.pk),
    )[:SHOWN]
    waiting, new = sum(of.waiting for of in groups), sum(of.new for of in groups)
    more = waiting - sum(1 for link in links if _waits(link))
    return Section(
        "judgements",
        "Links for you to judge",
        lines=(*map(_line, links), *_others(more)),
        news=f"{counted(waiting, 'link waits', 'links wait')} for your endorsement" if waiting else "",
        weight=40 if new else 5,
        quiet=not new,
        asks=waiting,
    )


def _waits(link: Any) -> bool:
    return bool(link.answered or link.state == LinkState.CLAIMED)


def _line(link: Any) -> Line:
    """A disputed link that is unchanged waits for its team."""
    replies = [Reply("Endorse", Action.ENDORSE, (link.pk,))]
    if link.state != LinkState.DISPUTED:
        replies.append(Reply("Dispute", Action.DISPUTE, (link.pk,)))
    return replace(to_judge_line(link), replies=tuple(replies) if _waits(link) else ())


def _others(count: int) -> Iterator[Line]:
    if count:
        yield Line((Span(f"{counted(count, 'more waits', 'more wait')} on the pages of the goals."),))
