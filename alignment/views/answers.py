"""The answers to each finding: where a person goes who can do something about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from alignment.enums import FlagCode, LinkState, Outcome
from alignment.models import Flag, Link
from alignment.rules import was_confirmed_before
from alignment.wording import FLAG_WORDS
from teams.models import Person

MOST_LINKS = 3
"""Of how many links of one initiative the answers are given; the others are on its page."""


@dataclass(frozen=True)
class Way:
    """A page that answers a finding. Its address and its permission are of the subject or, with `of_link`, of each link
    that the finding is about; `posts` is an address that a button posts to."""

    label: str
    url_name: str
    permission: str
    of_link: bool = False
    posts: bool = False
    fragment: str = ""


@dataclass(frozen=True)
class Answer:
    """A link, or with `posts` a button; `about` names the link it is about, for those who hear one answer alone."""

    label: str
    url: str
    posts: bool = False
    about: str = ""


WORK, LINK, GOAL, DECIDE, TEAM = (
    "teams.edit_initiative",
    "alignment.edit_link",
    "strategy.edit_goal",
    "strategy.decide_goal",
    "teams.edit_team",
)
LINK_IT = Way("Link it", "link_new", WORK)
DECLARE_IT = Way("Declare it", "initiative_kind", WORK)
STOP_IT = Way("Stop it", "initiative_status", WORK)
SAY_HOW_IT_WENT = Way("Say how it turned out", "link_outcome", LINK, of_link=True)
SET_THE_STANCE = Way("Set the stance", "team_stance", TEAM)
WRITE_THE_MISSION = Way("Write the mission", "team_mission", TEAM)
SET_THE_WEIGHT = Way("Change its weight", "goal_edit", GOAL)
TAKE_IT_ON = Way("Link work to it", "link_new_from_goal", "alignment.link_work")

WAYS: dict[FlagCode, tuple[Way, ...]] = {
    FlagCode.ORPHAN: (LINK_IT, DECLARE_IT, STOP_IT),
    FlagCode.DISCONNECTED: (LINK_IT, DECLARE_IT, STOP_IT),
    FlagCode.PARTLY_ORPHANED: (LINK_IT, DECLARE_IT, STOP_IT),
    FlagCode.EXPLORATION_OVERRUN: (
        Way("Give it a new end", "initiative_kind", WORK),
        Way("Finish it", "initiative_status", WORK),
    ),
    FlagCode.UNREASONED: (Way("Give the reason", "link_edit", LINK, of_link=True),),
    FlagCode.RECONFIRM: (
        Way("It still holds", "link_confirmation", LINK, of_link=True, posts=True),
        Way("Change the link", "link_edit", LINK, of_link=True),
    ),
    FlagCode.REVIEW_DUE: (SAY_HOW_IT_WENT,),
    FlagCode.BELIEF_FAILED: (LINK_IT, STOP_IT, Way("Look at the outcome again", "link_outcome", LINK, of_link=True)),
    FlagCode.UNSIZED: (Way("Size it", "initiative_edit", WORK),),
    FlagCode.SILENT: (Way("It is still going on", "initiative_confirmation", WORK, posts=True), STOP_IT),
    FlagCode.UNCOVERED: (TAKE_IT_ON, Way("Close it", "goal_closure", DECIDE)),
    FlagCode.UNEXPLAINED: (Way("Say why", "goal_edit", GOAL),),
    FlagCode.UNMEASURED: (Way("Add a measure", "measure_new", GOAL),),
    FlagCode.EXPIRED: (Way("Close it", "goal_closure", DECIDE), Way("Give it a new end", "goal_edit", GOAL)),
    FlagCode.ISLAND: (Way("Put it below a company goal", "goal_position", DECIDE),),
    FlagCode.STARVED: (TAKE_IT_ON, SET_THE_WEIGHT),
    FlagCode.CROWDED: (SET_THE_WEIGHT,),
    FlagCode.NO_MISSION: (WRITE_THE_MISSION,),
    FlagCode.UNTIED_MISSION: (Way("Say which goals it serves", "team_mission", TEAM),),
    FlagCode.UNDER_ALIGNED: (SET_THE_STANCE,),
    FlagCode.OVER_EXPLORING: (SET_THE_STANCE,),
    FlagCode.SQUEEZED: (SET_THE_STANCE,),
    FlagCode.DIRECTED: (SET_THE_STANCE,),
    FlagCode.OVER_SUSTAINING: (SET_THE_STANCE,),
    FlagCode.STANCE_EXPIRED: (SET_THE_STANCE,),
    FlagCode.UNSUPPORTED: (Way("See what it asks for", "team_detail", TEAM, fragment="#support"),),
}
SNOOZE = "alignment.snooze_flag"

_ABOUT: dict[FlagCode, Callable[[Link, dt.date | None], bool]] = {
    FlagCode.UNREASONED: lambda link, _on: not link.rationale and link.state != LinkState.ENDORSED,
    FlagCode.RECONFIRM: lambda link, _on: was_confirmed_before(link),
    FlagCode.REVIEW_DUE: lambda link, on: link.outcome == Outcome.UNTESTED and _is_past(link.review_on, on),
    FlagCode.BELIEF_FAILED: lambda link, _on: link.outcome == Outcome.FAILED,
}


def _is_past(day: dt.date | None, on: dt.date | None) -> bool:
    return day is not None and on is not None and day < on


def is_about(code: FlagCode, link: Link, on: dt.date | None) -> bool:
    """Whether a link, which counts, is one that a finding of `code` on day `on` is about."""
    return code in _ABOUT and _ABOUT[code](link, on)


def answers(flag: Flag, reader: Person, links: Iterable[Link] = (), *, listed: bool = False) -> list[Answer]:
    """What `reader` can do about `flag`, which knows its subject with the subject's team; without a query. `links` are
    those that the finding is about, for `reader` to see; `listed` leads back to the list of flags."""
    subject: Any = flag.initiative or flag.goal or flag.team
    found: list[Answer] = []
    about = list(links)[:MOST_LINKS]
    for way in WAYS[FlagCode(flag.code)]:
        if way.of_link:
            found += _of_links(way, about, reader)
        elif reader.has_perm(way.permission, subject):
            found.append(Answer(way.label, reverse(way.url_name, args=[subject.key]) + way.fragment, way.posts))
    if flag.pk is not None and reader.has_perm(SNOOZE, flag):
        found.append(Answer("Snooze", reverse("flag_snooze", args=[flag.pk]) + ("?from=list" if listed else "")))
    return found


def subject_address(flag: Flag) -> tuple[str, str]:
    """The name of what a flag is about, and its page."""
    if flag.initiative is not None:
        return flag.initiative.title, reverse("initiative_detail", args=[flag.initiative.key])
    if flag.goal is not None:
        return flag.goal.title, reverse("goal_detail", args=[flag.goal.key])
    team: Any = flag.team
    return team.name, reverse("team_detail", args=[team.key])


@dataclass(frozen=True)
class Snooze:
    """What alignment/_snoozed.html shows; `wake_url` is '' for those who may not wake it."""

    sentence: str
    until: dt.date | None
    reason: str
    by: str
    wake_url: str


def snooze_view(flag: Flag, reader: Person) -> Snooze:
    return Snooze(
        sentence=FLAG_WORDS[FlagCode(flag.code)].one,
        until=flag.snoozed_until,
        reason=flag.snooze_reason,
        by=flag.snoozed_by.name if flag.snoozed_by else "",
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
    answers: Iterable[Answer] = (),
) -> dict[str, Any]:
    """What components/_flag.html shows; of several subjects, `label` names how many there are."""
    words = FLAG_WORDS[FlagCode(code)]
    return {
        "subject_label": label,
        "subject_url": url,
        "sentence": words.one if count == 1 else words.many,
        "question": words.question,
        "since": since,
        "details": list(details),
        "answers": list(answers),
    }


def _of_links(way: Way, links: list[Link], reader: Person) -> list[Answer]:
    """Of several links, each is named by its goal."""
    allowed = [link for link in links if reader.has_perm(way.permission, link)]
    return [
        Answer(
            way.label,
            reverse(way.url_name, args=[link.pk]),
            way.posts,
            about=link.goal.title if len(links) > 1 else "",
        )
        for link in allowed
    ]
