"""The answers to each flag: links and buttons for what a person can do about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from alignment.flags import PROPOSE_IT, Way, kind_of
from alignment.models import Flag, Link
from alignment.narrative.proposals import waits
from alignment.selectors.successions import Succession
from conversations.narrative import thread_url
from lib.text.names import short
from teams.models import Initiative, Person
from web.threads.asking import ASK, ask_url

MOST_LINKS = 3
"""How many links of one initiative get answers; its page shows the others."""


@dataclass(frozen=True)
class Answer:
    """A link or, with a `version`, a button that posts it and the version of the goal that it confirms. `about` names
    the link it concerns, for screen readers."""

    label: str
    url: str
    about: str = ""
    version: int = 0
    goal_version: int = 0


SNOOZE = "alignment.snooze_flag"
LINK_WORK = "teams.edit_initiative"


def answers(
    flag: Flag,
    reader: Person,
    links: Iterable[Link] = (),
    *,
    successions: Iterable[Succession] = (),
    proposal: Any = None,
    listed: bool = False,
) -> list[Answer]:
    """What `reader` can do about `flag`, whose subject and its team are loaded; no query. `links` are those that the
    flag is about and `reader` may see, `successions` what the work may take in the place of some, `proposal` the
    thread of a goal that was proposed for it (`proposals_for`); `listed` leads back to the list of flags."""
    subject: Any = flag.initiative or flag.goal or flag.strategy or flag.team
    read = [Answer("Read the proposal", thread_url(proposal))] if proposal is not None else []
    if read and waits(proposal):
        return read
    found = [_taking(each, subject) for each in successions if reader.has_perm(LINK_WORK, subject)]
    about = list(links)[:MOST_LINKS]
    for way in kind_of(flag.code).answers:
        if way == PROPOSE_IT and read:
            found += read
        elif way.of_link:
            found += _of_links(way, about, reader)
        elif reader.has_perm(way.permission, subject):
            args = [] if way.bare else [subject.key]
            url, version = reverse(way.url_name, args=args) + way.fragment, subject.version if way.posts else 0
            found.append(Answer(way.label, url, version=version))
    others = reader.sees_everything and (flag.team_id or flag.initiative_id)  # leaders may act, and had rather ask
    if flag.pk is not None and (others or not reader.has_perm(SNOOZE, flag)) and reader.has_perm(ASK):
        found.append(Answer("Ask about it", ask_url(kind_of(flag.code).subject, subject.key, flag.code)))
    if flag.pk is not None and reader.has_perm(SNOOZE, flag):
        found.append(Answer("Snooze", reverse("flag_snooze", args=[flag.pk]) + ("?from=list" if listed else "")))
    return found


def _taking(each: Succession, work: Initiative) -> Answer:
    return Answer(f"Take “{short(each.goal.title)}”", reverse("link_succession", args=[work.key, each.goal.key]))


def subject_address(flag: Flag) -> tuple[str, str]:
    """The name of what a flag is about, and its page."""
    if flag.initiative is not None:
        return flag.initiative.title, reverse("initiative_detail", args=[flag.initiative.key])
    if flag.goal is not None:
        return flag.goal.title, reverse("goal_detail", args=[flag.goal.key])
    if flag.strategy is not None:
        return flag.strategy.title, reverse("strategy_detail", args=[flag.strategy.key])
    team: Any = flag.team
    return team.name, reverse("team_detail", args=[team.key])


@dataclass(frozen=True)
class Snooze:
    """What flags/_snoozed.html shows; `wake_url` is '' for those who may not wake it."""

    sentence: str
    until: dt.date | None
    reason: str
    by: Person | None
    wake_url: str


def snooze_view(flag: Flag, reader: Person) -> Snooze:
    return Snooze(
        sentence=kind_of(flag.code).said(),
        until=flag.snoozed_until,
        reason=flag.snooze_reason,
        by=flag.snoozed_by,
        wake_url=reverse("flag_waking", args=[flag.pk]) if reader.has_perm(SNOOZE, flag) else "",
    )


def flag_view(
    code: str,
    since: dt.date,
    *,
    label: str = "",
    url: str = "",
    details: Iterable[str] = (),
    count: int = 1,
    asks: bool = True,
    answers: Iterable[Answer] = (),
) -> dict[str, Any]:
    """What components/_flag.html shows; for several subjects, `label` is their number. One that does
    not ask is without its prompt."""
    kind = kind_of(code)
    return {
        "subject_label": label,
        "subject_url": url,
        "sentence": kind.said(count),
        "prompt": kind.prompt if asks else "",
        "since": since,
        "details": list(details),
        "answers": list(answers),
    }


def _of_links(way: Way, links: list[Link], reader: Person) -> list[Answer]:
    """Names the goal of each link where there are several."""
    allowed = [link for link in links if reader.has_perm(way.permission, link)]
    return [
        Answer(
            way.label,
            reverse(way.url_name, args=[link.pk]),
            about=link.goal.title if len(links) > 1 else "",
            version=link.version if way.posts else 0,
            goal_version=link.goal.version if way.posts else 0,
        )
        for link in allowed
    ]
